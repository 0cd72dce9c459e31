extension Verdict: NodeCodable {
  private static let answers = "a number, true, false, \"na\", or an object with one of them"

  package static func read(_ node: Node, _ reader: inout NodeReader) -> Verdict? {
    switch node.content {
    case .scalar("null", .plain):
      reader.report(
        .wrongType, node, "found null, expected \(answers)",
        hint: "write \"na\" if the criterion does not apply, {\"error\": \"…\"} if the judge failed"
      )
      return nil
    case .scalar(_, .plain): return VerdictValue.read(node, &reader).map { .value($0.value) }
    case .scalar("na", _): return .notApplicable
    case .scalar(let text, _):
      let isNumber =
        if case .value = DecimalNumber.parse(text) { true } else { false }
      reader.report(
        .wrongType, node, "found the text \(NodeReader.quote(text)), expected \(answers)",
        hint: isNumber
          ? "write the number without quotes"
          : Suggestion.didYouMean(text, among: ["na"])
            ?? "a judge that failed is {\"error\": \"…\"}")
      return nil
    case .mapping(let entries, let isFlow):
      var plain = node
      // Beside another answer, `verdict` is one too many and is reported.
      if !entries.contains(where: { ["value", "na", "error"].contains($0.name) }) {
        plain.content = .mapping(entries.map(answered), isFlow: isFlow)
      }
      return VerdictMapping.read(plain, &reader).flatMap { $0.verdict(plain, &reader) }
    case .sequence:
      reader.reportType(node, expected: answers)
      return nil
    }
  }

  /// What a judge calls `verdict`, as the schema of its answer asks, is a `value` or `na`.
  private static func answered(_ entry: Node.Entry) -> Node.Entry {
    guard entry.name == "verdict" else { return entry }
    var entry = entry
    entry.name = "value"
    if case .scalar("na", let style) = entry.value.content, style != .plain {
      entry.name = "na"
      entry.value.content = .scalar("true", .plain)
    }
    return entry
  }

  package var written: JSONValue {
    var object = JSONObject()
    switch answer {
    case .value(let value):
      guard reason != nil else { return .decimal(value) }
      object.append("value", .decimal(value))
    case .notApplicable:
      guard reason != nil else { return "na" }
      object.append("na", true)
    case .error(let cause): object.append("error", .string(cause))
    }
    if let reason { object.append("reason", .string(reason)) }
    return .object(object)
  }

  package static var schema: JSONValue {
    let reason: JSONValue = ["type": ["string", "null"]]
    func form(_ key: String, _ schema: JSONValue) -> JSONValue {
      [
        "type": "object",
        "properties": .object(JSONObject([(key, schema), ("reason", reason)])),
        "required": [.string(key)], "additionalProperties": false,
      ]
    }
    return [
      "anyOf": [
        ["type": ["number", "boolean"]], ["const": "na"],
        form("value", ["type": ["number", "boolean"]]), form("na", ["const": true]),
        form("verdict", ["anyOf": [["type": ["number", "boolean"]], ["const": "na"]]]),
        form("error", ["type": "string"]),
      ]
    ]
  }
}

/// A number, or a boolean that stands for 1 or 0.
private struct VerdictValue: NodeCodable {
  var value: Double

  static func read(_ node: Node, _ reader: inout NodeReader) -> VerdictValue? {
    switch node.content {
    case .scalar("true", .plain): VerdictValue(value: 1)
    case .scalar("false", .plain): VerdictValue(value: 0)
    default: Double.read(node, &reader).map { VerdictValue(value: $0) }
    }
  }

  var written: JSONValue { value.written }
  static var schema: JSONValue { ["type": ["number", "boolean"]] }
}

/// A verdict written as an object.
private struct VerdictMapping: Record {
  static let recordName = "verdict"
  var value: VerdictValue?
  var na = false
  var error: String?
  var reason: String?

  init(blank: ()) {}

  static let fields: [RecordField<VerdictMapping>] = [
    .optional("value", \.value, default: nil, "The verdict in the criterion's scale."),
    .optional("na", \.na, default: false, "That the criterion does not apply."),
    .optional("error", \.error, default: nil, "What the judge failed of."),
    .optional("reason", \.reason, default: nil, "Why, in the judge's words."),
  ]

  func verdict(_ node: Node, _ reader: inout NodeReader) -> Verdict? {
    switch (value, na, error) {
    case (let value?, false, nil): return Verdict(.value(value.value), reason: reason)
    case (nil, true, nil): return Verdict(.notApplicable, reason: reason)
    case (nil, false, let error?): return Verdict(.error(error), reason: reason)
    default:
      reader.report(
        .inconsistent, node, "expected exactly one of `value`, `na: true` and `error`",
        hint: "a judge that failed gave no value")
      return nil
    }
  }
}
