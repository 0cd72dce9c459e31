internal import RubricStore

/// What is to be noted about a commit.
struct NoteRequest: Record {
  var revision = ""
  var metrics = MeasuredValues()
  var step: Int?
  var message: String?
  var author: AuthorRequest?

  init(blank: ()) {}
  static let recordName = "note request"
  static let fields: [RecordField<NoteRequest>] = [
    .required("revision", \.revision, "The commit: RUBRIC@REV or REV."),
    .required("metrics", \.metrics, "What was measured, by name."),
    .optional("step", \.step, default: nil, "The step of the training at which it was measured."),
    .optional("message", \.message, default: nil, "What to know of it."),
    .optional("author", \.author, default: nil, "Who notes it; git's own answer if left out."),
  ]

  /// What is noted, about `rubric` or about all that the commit holds.
  func metrics(of rubric: RubricID?) throws(CallError) -> [Metric] {
    guard !metrics.values.isEmpty else {
      throw .argument("`metrics` is empty", hint: #"name what was measured: {"gold": 0.71}"#)
    }
    if let step, step < 0 { throw .argument("`step` is \(step)", hint: "0 or more") }
    return metrics.values.map {
      Metric($0.name, $0.value, step: step, rubric: rubric, message: message)
    }
  }
}

/// Numbers by the name of what was measured, in the order in which they were written.
struct MeasuredValues: NodeCodable {
  var values: [(name: MetricName, value: Double)] = []

  static func read(_ node: Node, _ reader: inout NodeReader) -> MeasuredValues? {
    guard case .mapping(let entries, _) = node.content else {
      reader.reportType(node, expected: "a mapping (of names to numbers)")
      return nil
    }
    var measured = MeasuredValues()
    for entry in entries {
      reader.inField(entry.name) { reader in
        guard let name = MetricName(rawValue: entry.name) else {
          reader.report(
            .invalidValue, entry.key,
            "found \(NodeReader.quote(entry.name)), which is no name of a metric",
            hint: "a name is \(MetricName.rule)")
          return
        }
        // It may be larger than the numbers of documents: what is measured is not added up.
        guard case .scalar(let text, .plain) = entry.value.content, let value = Double(text),
          value.isFinite
        else {
          reader.reportType(entry.value, expected: "a finite number")
          return
        }
        // -0 is 0, as on the command line.
        measured.values.append((name, value == 0 ? 0 : value))
      }
    }
    return measured
  }

  var written: JSONValue {
    .object(JSONObject(values.map { ($0.name.rawValue, .decimal($0.value)) }))
  }
  static let schema: JSONValue = ["type": "object", "additionalProperties": ["type": "number"]]
}
