extension SettledConflict: NodeCodable {
  package init(
    _ path: MergePath, code: MergeConflict.Code? = nil, rule: Settlement.Rule,
    base: JSONValue? = nil, ours: JSONValue? = nil, theirs: JSONValue? = nil,
    result: JSONValue? = nil
  ) {
    self.init(
      path: path, code: code, rule: rule, base: base, ours: ours, theirs: theirs, result: result)
  }

  private static let keys = [
    "code", "path", "criterion", "field", "base", "ours", "theirs", "rule", "result",
  ]

  /// Reads what ``written`` writes.
  package static func read(_ node: Node, _ reader: inout NodeReader) -> SettledConflict? {
    guard case .mapping(let entries, _) = node.content else {
      reader.reportType(node, expected: "a mapping with the keys of a settled conflict")
      return nil
    }
    for entry in entries where !keys.contains(entry.name) {
      reader.report(
        .unknownKey, entry.key,
        "unknown key \(NodeReader.quote(entry.name)) in a settled conflict",
        hint: Suggestion.didYouMean(entry.name, among: keys))
    }
    let path = MergePath.read(node, &reader)
    let rule = required("rule", Settlement.Rule.self, node, &reader)
    var code: String?
    if let value = node["code"] { code = reader.inField("code") { String.read(value, &$0) } }
    guard let path, let rule else { return nil }
    return SettledConflict(
      path: path, code: code.map { MergeConflict.Code(rawValue: $0) }, rule: rule,
      base: value("base", node, &reader), ours: value("ours", node, &reader),
      theirs: value("theirs", node, &reader), result: value("result", node, &reader))
  }

  fileprivate static func required<Value: NodeCodable>(
    _ key: String, _: Value.Type, _ node: Node, _ reader: inout NodeReader
  ) -> Value? {
    guard let value = node[key] else {
      reader.report(
        .missingKey, node, "the settled conflict has no `\(key)`", hint: "add `\(key)`")
      return nil
    }
    return reader.inField(key) { Value.read(value, &$0) }
  }

  private static func value(
    _ key: String, _ node: Node, _ reader: inout NodeReader
  ) -> JSONValue? {
    node[key].flatMap { reader.value(of: $0, key) }
  }

  package var written: JSONValue {
    var object = JSONObject()
    if let code { object.append("code", .string(code.rawValue)) }
    path.write(into: &object)
    object.appendValues(base: base, ours: ours, theirs: theirs)
    object.append("rule", rule.written)
    if let result { object.append("result", result) }
    return .object(object)
  }

  package static var schema: JSONValue {
    let text: JSONValue = ["type": "string"]
    return [
      "type": "object",
      "properties": [
        "code": text, "path": text, "criterion": text, "field": text, "base": [:], "ours": [:],
        "theirs": [:], "rule": Settlement.Rule.schema, "result": [:],
      ],
      "required": ["path", "rule"], "additionalProperties": false,
    ]
  }

  /// What was settled and how, as JSON.
  ///
  /// A value that is not there leaves its key out, so that absence and `null` stay apart.
  ///
  /// - SeeAlso: SPEC.md §12.4.
  public var json: JSONValue { written }
}

extension MergePath {
  /// Reads the keys `path`, `criterion` and `field` of a mapping.
  ///
  /// The rubric is what stands before the other two in the path; they tell an id with points in it
  /// from a field.
  fileprivate static func read(_ node: Node, _ reader: inout NodeReader) -> MergePath? {
    guard let text = SettledConflict.required("path", String.self, node, &reader) else {
      return nil
    }
    var criterion: CriterionID?
    if let value = node["criterion"] {
      criterion = reader.inField("criterion") { CriterionID.read(value, &$0) }
      if criterion == nil { return nil }
    }
    var field: String?
    if let value = node["field"] {
      field = reader.inField("field") { String.read(value, &$0) }
      if field == nil { return nil }
    }
    let name = text.utf8.prefix { $0 != UInt8(ascii: "/") }
    let dropped = criterion == nil && field != nil ? (field?.utf8.count ?? 0) + 1 : 0
    // An `ext` key may hold a slash; what follows the rubric's id is known.
    let head = criterion == nil ? text.utf8.dropLast(dropped) : name
    guard let rubric = RubricID(rawValue: String(decoding: head, as: UTF8.self)),
      case let path = MergePath(rubric, criterion, field), path.description.isVerbatim(text)
    else {
      reader.report(
        .invalidValue, node["path"],
        "the path \(NodeReader.quote(text)) is not that of its `criterion` and `field`")
      return nil
    }
    return path
  }
}

extension Settlement.Rule: NodeCodable {
  /// Reads a rule's name, or a mapping with a `value`.
  package static func read(_ node: Node, _ reader: inout NodeReader) -> Settlement.Rule? {
    let names = named.compactMap(\.name)
    switch node.content {
    case .mapping(let entries, _):
      guard let value = node["value"], entries.count == 1 else {
        reader.reportType(node, expected: "a rule, or a mapping with only `value`")
        return nil
      }
      return reader.value(of: value, "value").map { .value($0) }
    case .scalar(let name, let style):
      if style != .plain, let rule = Self(name: name) { return rule }
      reader.report(
        .invalidValue, node, "there is no rule \(NodeReader.quote(name))",
        hint: Suggestion.didYouMean(name, among: names)
          ?? "the rules are " + names.joined(separator: ", "))
    case .sequence:
      reader.reportType(node, expected: "a rule, or a mapping with only `value`")
    }
    return nil
  }

  package var written: JSONValue {
    switch self {
    case .value(let value): ["value": value]
    default: .string(name ?? "")
    }
  }

  package static var schema: JSONValue {
    [
      "anyOf": [
        ["enum": .array(named.compactMap(\.name).map { .string($0) })],
        [
          "type": "object", "properties": ["value": [:]], "required": ["value"],
          "additionalProperties": false,
        ],
      ]
    ]
  }

  /// The rule as JSON: its name, or an object with `value`.
  public var json: JSONValue { written }
}

extension NodeReader {
  /// Reads any value, as deep as the text may be: that of a criterion has an `ext` in it.
  fileprivate mutating func value(of node: Node, _ key: String) -> JSONValue? {
    inField(key) { reader in
      var findings: [Finding] = []
      let value = node.jsonValue(path: reader.path, findings: &findings)
      for finding in findings {
        reader.report(finding.code, node, finding.message, hint: finding.hint)
      }
      return value
    }
  }
}
