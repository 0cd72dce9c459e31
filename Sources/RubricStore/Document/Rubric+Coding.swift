extension Rubric: Record {
  package static let recordName = "rubric"
  package init(blank: ()) { self.init(id: "") }

  package static let fields: [RecordField<Rubric>] = [
    .constant("schema", Rubric.schema, "The schema that the document keeps."),
    .required("id", \.id, "The rubric's name in its repository."),
    .optional("title", \.title, default: "", "A title; shown to a judge that sees the whole."),
    .optional("description", \.description, default: "", "For people; no judge sees it."),
    .optional("subject", \.subject, default: Subject(), "What one judgement is about."),
    .optional("judge", \.judge, default: JudgeContract(), "How the judge is asked."),
    .optional("preamble", \.preamble, default: "", "Read by the judge before the criteria."),
    .optional(
      "aggregation", \.aggregation, default: Aggregation(),
      "How verdicts at the top level become a reward."),
    .optional("budget", \.budget, default: Budget(), "Bounds that edits keep."),
    .required(
      "criteria", \.criteria, "Criteria and groups, in the judge's order.", ["minItems": 1]),
    .optional("postamble", \.postamble, default: "", "Read by the judge after the criteria."),
    .optional("ext", \.ext, default: Extensions(), "Kept for others; any JSON."),
  ]
}

extension RecordField {
  /// A key that always has one value.
  package static func constant(
    _ key: String, _ word: String, _ about: String
  ) -> RecordField {
    RecordField(
      key: key, isRequired: true, about: about,
      schema: { ["const": .string(word), "description": .string(about)] },
      read: { node, reader, _ in
        guard let found = String.read(node, &reader), !found.isVerbatim(word) else { return }
        reader.report(
          .invalidValue, node, "found \(NodeReader.quote(found)), expected `\(word)`",
          hint: "this program reads `\(word)` only")
      },
      write: { _ in .string(word) })
  }
}

extension Subject: Record {
  package static let recordName = "subject"
  package init(blank: ()) { self.init() }

  package static let fields: [RecordField<Subject>] = [
    .optional("granularity", \.granularity, default: .global, "How wide the rubric reaches."),
    .optional("key", \.key, default: nil, "Which cluster or prompt."),
  ]
}

extension JudgeContract: Record {
  package static let recordName = "judge"
  package init(blank: ()) { self.init() }

  package static let fields: [RecordField<JudgeContract>] = [
    .optional("mode", \.mode, default: .perCriterion, "What one call of the judge covers."),
    .optional("template", \.template, default: "", "Name or hash of the template around it."),
    .optional("model", \.model, default: "", "The judge model that it was written for."),
    .optional("output", \.output, default: .reasoned, "In what form the judge answers."),
  ]
}

extension Aggregation: Record {
  package static let recordName = "aggregation"
  package init(blank: ()) { self.init() }

  package static let fields: [RecordField<Aggregation>] = [
    .optional("method", \.method, default: .weightedMean, "The formula."),
    .optional("clip", \.clip, default: .unit, "The bounds of the reward, or null."),
    .optional("missing", \.missing, default: .error, "What an absent or failed verdict does."),
    .optional("na", \.na, default: .exclude, "What a verdict `na` does."),
  ]
}

extension Budget: Record {
  package static let recordName = "budget"
  package init(blank: ()) { self.init() }

  package static let fields: [RecordField<Budget>] = [
    .optional("criteria", \.criteria, default: nil, "The most criteria that are judged."),
    .optional("depth", \.depth, default: nil, "The deepest nesting."),
    .optional("characters", \.characters, default: nil, "The most that the judge reads."),
  ]
}

extension Clip: NodeCodable {
  package static func read(_ node: Node, _ reader: inout NodeReader) -> Clip? {
    guard case .sequence(let nodes, _) = node.content, nodes.count == 2 else {
      reader.reportType(node, expected: "two numbers, `[lowest, highest]`, or null")
      return nil
    }
    guard let lower = Double.read(nodes[0], &reader), let upper = Double.read(nodes[1], &reader)
    else { return nil }
    return Clip(lower: lower, upper: upper)
  }

  package var written: JSONValue { [lower.written, upper.written] }
  package static var schema: JSONValue {
    ["type": "array", "items": ["type": "number"], "minItems": 2, "maxItems": 2]
  }
}

extension Slug {
  package static func read(_ node: Node, _ reader: inout NodeReader) -> Self? {
    guard let text = String.read(node, &reader) else { return nil }
    guard isValid(text) else {
      reader.report(
        .invalidValue, node,
        text.isEmpty
          ? "found an empty text, expected a \(noun) id"
          : "found \(NodeReader.quote(text)), which is no \(noun) id",
        hint: "an id is \(rule)")
      return nil
    }
    return Self(unchecked: text)
  }

  package var written: JSONValue { .string(rawValue) }
  package static var schema: JSONValue {
    [
      "type": "string", "pattern": "^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$",
      "maxLength": .integer(Limits.idBytes),
    ]
  }
}

extension RubricID: NodeCodable {
  package func isWrittenLike(_ other: Self) -> Bool { rawValue.isVerbatim(other.rawValue) }
}

extension CriterionID: NodeCodable {
  package func isWrittenLike(_ other: Self) -> Bool { rawValue.isVerbatim(other.rawValue) }
}

extension Subject.Granularity: NodeWord {}
extension JudgeContract.Mode: NodeWord {}
extension JudgeContract.Output: NodeWord {}
extension Aggregation.Method: NodeWord {}
extension Aggregation.MissingPolicy: NodeWord {}
extension Aggregation.NotApplicablePolicy: NodeWord {}
