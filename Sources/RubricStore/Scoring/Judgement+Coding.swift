extension Judgement {
  /// Reads one line of a stream of judgements.
  ///
  /// The line is one JSON object: `{"rollout": "r1", "rubric": "<commit>", "verdicts": {"flow": 4,
  /// "tone": "na", "facts": {"value": 3, "reason": "…"}, "style": {"error": "timeout"}}}`. `true` and
  /// `false` are 1 and 0. `null` is refused: an absent answer is left out or an error. A line of
  /// evidence is a judgement too: what it says of the rollout besides is passed over.
  ///
  /// - Parameters:
  ///   - line: The bytes of the line, at most ``Limits/textBytes``, with or without its line break.
  ///   - lineNumber: The line's number in its stream, counted from 1, for messages.
  /// - Throws: ``SyntaxError`` with all that is wrong with the line, each with line and column. A
  ///   verdict out of its scale is not wrong here: only a rubric knows the scale.
  /// - Complexity: O(*n*) in the number of bytes.
  public init(parsing line: [UInt8], lineNumber: Int = 1) throws(SyntaxError) {
    let (root, syntaxFindings) = JSONReader.read(line)
    var reader = NodeReader()
    let judgement = root.flatMap { Judgement.read($0, &reader) }
    if let judgement, judgement.rollout.isEmpty, reader.findings.isEmpty {
      reader.inField("rollout") {
        $0.report(.invalidValue, root, "the rollout has no name", hint: "name it for joining")
      }
    }
    var findings = syntaxFindings + reader.findings
    if let judgement, findings.isEmpty {
      self = judgement
      return
    }
    for index in findings.indices {
      findings[index].mark?.line = lineNumber
      if let name = judgement?.rollout, !name.isEmpty {
        findings[index].message += ", in rollout \(NodeReader.quote(name))"
      }
    }
    throw SyntaxError(findings: findings)
  }

  /// The judgement as JSON, as a line of a stream holds it; criteria in the order of their ids.
  public var json: JSONValue { written }

  /// The JSON Schema (2020-12) of a line.
  public static var schema: JSONValue {
    var schema = definition.object ?? JSONObject()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "A judgement: the verdicts of one rollout"
    return .object(schema)
  }
}

extension Judgement: Record {
  package static let recordName = "judgement"
  /// What a line of evidence has besides.
  package static let passedOver = [
    "prompt", "response", "reward", "gold", "step", "policy", "judge", "ext",
  ]
  package init(blank: ()) { self.init(rollout: "", verdicts: [:]) }

  package static let fields: [RecordField<Judgement>] = [
    .required("rollout", \.rollout, "The name of the rollout.", ["minLength": 1]),
    .optional("rubric", \.rubric, default: nil, "The commit hash of the rubric that asked."),
    .required("verdicts", \.verdicts, "One verdict a criterion at most, by its id."),
  ]
}

extension Dictionary: NodeCodable where Key == CriterionID, Value == Verdict {
  package static func read(_ node: Node, _ reader: inout NodeReader) -> [CriterionID: Verdict]? {
    guard case .mapping(let entries, _) = node.content else {
      reader.reportType(node, expected: "a mapping (of criterion ids to verdicts)")
      return nil
    }
    var verdicts: [CriterionID: Verdict] = [:]
    verdicts.reserveCapacity(entries.count)
    for entry in entries {
      reader.inField(entry.name) { reader in
        guard let id = CriterionID(rawValue: entry.name) else {
          reader.report(
            .invalidValue, entry.key,
            "found \(NodeReader.quote(entry.name)), which is no criterion id",
            hint: "an id is \(CriterionID.rule)")
          return
        }
        if let verdict = Verdict.read(entry.value, &reader) { verdicts[id] = verdict }
      }
    }
    return verdicts
  }

  package var written: JSONValue {
    var object = JSONObject()
    for (id, verdict) in sorted(by: { $0.key < $1.key }) {
      object.append(id.rawValue, verdict.written)
    }
    return .object(object)
  }

  package static var schema: JSONValue {
    [
      "type": "object", "propertyNames": CriterionID.schema,
      "additionalProperties": Verdict.schema,
    ]
  }
}
