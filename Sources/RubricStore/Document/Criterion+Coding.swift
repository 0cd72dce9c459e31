extension Criterion: Record {
  package static let recordName = "criterion"
  package init(blank: ()) { self.init(id: "") }

  package static let fields: [RecordField<Criterion>] = [
    .required(
      "id", \.id, "Unique in the rubric; never reused for another meaning.",
      set: { $0.id = $1 }),
    .optional(
      "title", \.title, default: "", "A short name that the judge sees.", set: { $0.title = $1 }),
    .optional(
      "text", \.text, default: "", "What is judged, in words.", set: { $0.text = $1 }),
    .optional(
      "weight", \.weight, default: 1, "How much it counts relative to its siblings.",
      ["minimum": 0], set: { $0.weight = $1 }),
    .optional("polarity", \.polarity, default: .positive, "Whether meeting it is good or bad."),
    .optional("credit", \.credit, default: .penalty, "How a negative criterion counts."),
    .optional(
      "scale", \.scale, default: .binary, "The verdicts that the judge may give.",
      set: { $0.scale = $1 }),
    .optional(
      "lower_when", \.lowerWhen, default: [], "Reasons to score lower.",
      set: { $0.lowerWhen = $1 }),
    .optional("gate", \.gate, default: nil, "What the verdict must reach."),
    .optional("status", \.status, default: .active, "Whether it is judged and counts."),
    .optional("pinned", \.pinned, default: false, "Whether the meta-editor must leave it alone."),
    .optional("origin", \.origin, default: .human, "Where it came from."),
    .optional("applies_when", \.appliesWhen, default: "", "When it applies; otherwise `na`."),
    .optional("tags", \.tags, default: [], "Labels for people."),
    .optional("rollup", \.rollup, default: .weightedMean, "How a group's criteria become a value."),
    .optional("ext", \.ext, default: Extensions(), "Kept for others; any JSON."),
    .optional(
      "criteria", \.criteria, default: [], "Makes it a group.", ["minItems": 1],
      set: { $0.criteria = $1 }),
  ]

  package static func read(_ node: Node, _ reader: inout NodeReader) -> Criterion? {
    guard case .mapping(let entries, _) = node.content else {
      reader.reportType(node, expected: "a mapping with the keys of a criterion")
      return nil
    }
    var name: String?
    if let entry = entries.first(where: { $0.name == "id" }),
      case .scalar(let text, _) = entry.value.content, CriterionID.isValid(text)
    {
      name = text
    }
    return reader.inCriterion(name, node) { readFields(node, &$0) }
  }
}

extension Gate: Record {
  package static let recordName = "gate"
  package init(blank: ()) { self.init(min: 0) }

  package static let fields: [RecordField<Gate>] = [
    .required("min", \.min, "The lowest verdict that passes, in the criterion's scale."),
    .required("effect", \.effect, "What a lower verdict does."),
    .optional("cap", \.cap, default: nil, "The highest reward behind a failed gate."),
  ]

  package func isWrittenLike(_ other: Gate) -> Bool { self == other }
}

extension Level: Record {
  package static let recordName = "level"
  package init(blank: ()) { self.init(value: 0) }

  package static let fields: [RecordField<Level>] = [
    .required(
      "value", \.value, "The verdict, distinct in its scale.", set: { $0.value = $1 }),
    .optional("label", \.label, default: "", "A short name."),
    .optional(
      "text", \.text, default: "", "What earns this value, in words.", set: { $0.text = $1 }),
    .optional("examples", \.examples, default: [], "Examples of it."),
  ]
}

extension NumericRange: Record {
  package static let recordName = "range"
  package init(blank: ()) { self.init(min: 0, max: 0) }

  package static let fields: [RecordField<NumericRange>] = [
    .required("min", \.min, "The lowest verdict."),
    .required("max", \.max, "The highest verdict."),
    .optional("step", \.step, default: nil, "The distance of neighbouring verdicts."),
  ]
}

/// How a scale of numbers or levels is written: a mapping of either or both.
private struct ScaleMapping: Record {
  static let recordName = "scale"
  var numeric: NumericRange?
  var levels: [Level] = []

  init(blank: ()) {}

  static let fields: [RecordField<ScaleMapping>] = [
    .optional("numeric", \.numeric, default: nil, "Any number of a range."),
    .optional("levels", \.levels, default: [], "Described values, the only ones if no range."),
  ]
}

extension Scale: NodeCodable {
  package static func read(_ node: Node, _ reader: inout NodeReader) -> Scale? {
    if case .scalar(let text, _) = node.content {
      if text == "binary" { return .binary }
      reader.report(
        .invalidValue, node,
        "found \(NodeReader.quote(text)), expected `binary` or a mapping with `levels` or `numeric`",
        hint: Suggestion.didYouMean(text, among: ["binary"]))
      return nil
    }
    guard let mapping = ScaleMapping.readFields(node, &reader) else { return nil }
    if let range = mapping.numeric { return .numeric(range, levels: mapping.levels) }
    guard case .mapping(let entries, _) = node.content,
      entries.contains(where: { $0.name == "levels" })
    else {
      reader.report(
        .missingKey, node, "the scale has neither `levels` nor `numeric`",
        hint: "leave `scale` out for a binary criterion")
      return nil
    }
    return .levels(mapping.levels)
  }

  package func isWrittenLike(_ other: Scale) -> Bool { self == other }

  package var written: JSONValue {
    switch self {
    case .binary: "binary"
    case .levels(let levels): ["levels": levels.written]
    case .numeric(let range, let levels):
      levels.isEmpty
        ? ["numeric": range.written] : ["numeric": range.written, "levels": levels.written]
    }
  }

  package static var schema: JSONValue {
    let levels: JSONValue = ["type": "array", "items": Level.schema]
    return [
      "anyOf": [
        ["const": "binary"],
        [
          "type": "object", "properties": ["levels": levels], "required": ["levels"],
          "additionalProperties": false,
        ],
        [
          "type": "object", "properties": ["numeric": NumericRange.schema, "levels": levels],
          "required": ["numeric"], "additionalProperties": false,
        ],
      ]
    ]
  }
}

extension Extensions: NodeCodable {
  package static func read(_ node: Node, _ reader: inout NodeReader) -> Extensions? {
    guard case .mapping = node.content else {
      reader.reportType(node, expected: "a mapping with keys of your own")
      return nil
    }
    guard let value = JSONValue.read(node, &reader), let members = value.object else { return nil }
    return Extensions(members)
  }

  package func isWrittenLike(_ other: Extensions) -> Bool { self == other }
  package var written: JSONValue { .object(members) }
  package static var schema: JSONValue { ["type": "object"] }
}

extension Criterion.Polarity: NodeWord {}
extension Criterion.Credit: NodeWord {}
extension Criterion.Status: NodeWord {}
extension Criterion.Origin: NodeWord {}
extension Criterion.Rollup: NodeWord {}
extension Gate.Effect: NodeWord {}
