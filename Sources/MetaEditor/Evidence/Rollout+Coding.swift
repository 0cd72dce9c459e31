public import RubricStore

extension Rollout {
  /// Reads one line of a stream of rollouts.
  ///
  /// The line is one JSON object with `rollout`, `prompt` and `response`. A line of evidence is one
  /// too: what a judge said of it is passed over.
  ///
  /// - Parameters:
  ///   - line: The bytes, at most ``Limits/textBytes``, with or without the line break.
  ///   - lineNumber: The line's number in its stream, counted from 1, for messages.
  /// - Throws: ``SyntaxError`` with all that is wrong with the line.
  /// - Complexity: O(*n*) in the number of bytes.
  public init(parsing line: [UInt8], lineNumber: Int = 1) throws(SyntaxError) {
    self = try EvidenceLine.parse(line, lineNumber).rollout
  }

  /// The rollout as JSON, as a line of a stream holds it.
  public var json: JSONValue {
    var line = EvidenceLine(blank: ())
    line.rollout = self
    return line.written
  }
}

extension GradedRollout {
  /// Reads one line of evidence.
  ///
  /// `prompt` and `response` are text, or chat messages: a list of `{role, content}`, which are joined.
  /// Keys that the format does not know are refused; what a trainer keeps goes under `ext`.
  ///
  /// - Parameters:
  ///   - line: The bytes, at most ``Limits/textBytes``, with or without the line break.
  ///   - lineNumber: The line's number in its stream, counted from 1, for messages.
  /// - Throws: ``SyntaxError`` with all that is wrong with the line, each with line and column.
  /// - Complexity: O(*n*) in the number of bytes.
  public init(parsing line: [UInt8], lineNumber: Int = 1) throws(SyntaxError) {
    let read = try EvidenceLine.parse(line, lineNumber)
    guard let rubric = read.rubric, let verdicts = read.verdicts else {
      let missing = read.rubric == nil ? "rubric" : "verdicts"
      throw SyntaxError(findings: [
        Finding(
          code: .missingKey, mark: SourceMark(offset: 0, line: lineNumber, column: 1), path: "",
          message: "rollout \(NodeReader.quote(read.rollout.name)) has no `\(missing)`",
          hint: missing == "rubric"
            ? "`rubric` is the commit hash of the rubric that the judge read"
            : "`rubricctl judge` grades rollouts")
      ])
    }
    self.init(
      read.rollout, rubric: rubric, verdicts: verdicts, reward: read.reward, judge: read.judge)
  }

  /// The record as JSON, as a line of evidence holds it; criteria in the order of their ids.
  public var json: JSONValue {
    var line = EvidenceLine(blank: ())
    line.rollout = rollout
    line.rubric = rubric
    line.verdicts = verdicts
    line.reward = reward
    line.judge = judge
    return line.written
  }

  /// The JSON Schema (2020-12) of a line of evidence.
  public static var schema: JSONValue {
    var schema = EvidenceLine.definition.object ?? JSONObject()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "A graded rollout: one line of evidence"
    schema["required"] = ["rollout", "prompt", "response", "rubric", "verdicts"]
    schema["$defs"] = .object(JSONObject([(JudgeStamp.recordName, JudgeStamp.definition)]))
    return .object(schema)
  }
}

extension JudgeStamp: Record {
  package static let recordName = "judge_stamp"
  package init(blank: ()) { self.init(model: "") }

  package static let fields: [RecordField<JudgeStamp>] = [
    .required("model", \.model, "The judge model's name."),
    .optional("prompt", \.prompt, default: nil, "The version of the prompt around the rubric."),
  ]
}

/// A line of rollouts, graded or not.
private struct EvidenceLine: Record {
  static let recordName = "rollout"
  var rollout: Rollout
  var rubric: String?
  var verdicts: [CriterionID: Verdict]?
  var reward: Double?
  var judge: JudgeStamp?

  init(blank: ()) { rollout = Rollout(name: "", prompt: "", response: "") }

  private var prompt: MessageText {
    get { MessageText(text: rollout.prompt) }
    set { rollout.prompt = newValue.text }
  }

  private var response: MessageText {
    get { MessageText(text: rollout.response) }
    set { rollout.response = newValue.text }
  }

  static let fields: [RecordField<EvidenceLine>] = [
    .required("rollout", \.rollout.name, "The rollout's name.", ["minLength": 1]),
    .required("prompt", \.prompt, "What the policy was asked: text or chat messages."),
    .required("response", \.response, "What it answered: text or chat messages."),
    .optional(
      "rubric", \.rubric, default: nil, "The commit hash of the rubric that the judge read."),
    .optional("verdicts", \.verdicts, default: nil, "One verdict a criterion at most, by its id."),
    .optional("reward", \.reward, default: nil, "The reward that the trainer used."),
    .optional("gold", \.rollout.gold, default: nil, "A trusted score; more is better."),
    .optional(
      "step", \.rollout.step, default: nil, "The step of the training, 0 or more.",
      ["minimum": 0]),
    .optional("policy", \.rollout.policy, default: nil, "The policy: a name, a checkpoint."),
    .optional("judge", \.judge, default: nil, "Who judged: model and version of its prompt."),
    .optional("ext", \.rollout.ext, default: Extensions(), "Kept for others; any JSON."),
  ]

  static func parse(_ line: [UInt8], _ lineNumber: Int) throws(SyntaxError) -> EvidenceLine {
    let (root, syntaxFindings) = JSONReader.read(line)
    var reader = NodeReader()
    let record = root.flatMap { EvidenceLine.read($0, &reader) }
    if let record, reader.findings.isEmpty {
      if record.rollout.name.isEmpty {
        reader.inField("rollout") {
          $0.report(.invalidValue, root, "the rollout has no name", hint: "name it for joining")
        }
      }
      if let step = record.rollout.step, step < 0 {
        reader.inField("step") {
          $0.report(.invalidValue, root, "found \(step), expected a step of 0 or more")
        }
      }
    }
    var findings = syntaxFindings + reader.findings
    if let record, findings.isEmpty { return record }
    for index in findings.indices {
      findings[index].mark?.line = lineNumber
      if let name = record?.rollout.name, !name.isEmpty {
        findings[index].message += ", in rollout \(NodeReader.quote(name))"
      }
    }
    throw SyntaxError(findings: findings)
  }
}

/// Text, or chat messages that are joined to one.
private struct MessageText: NodeCodable {
  var text: String

  static func read(_ node: Node, _ reader: inout NodeReader) -> MessageText? {
    guard case .sequence(let items, _) = node.content else {
      return String.read(node, &reader).map { MessageText(text: $0) }
    }
    var parts: [String] = []
    for (index, item) in items.enumerated() {
      reader.inItem(index) { reader in
        guard let message = ChatLine.read(item, &reader) else { return }
        // A single message needs no name of who speaks.
        parts.append(
          items.count == 1 || message.role.isEmpty
            ? message.content : "\(message.role): \(message.content)")
      }
    }
    return MessageText(text: parts.joined(separator: "\n\n"))
  }

  var written: JSONValue { .string(text) }

  static var schema: JSONValue {
    [
      "anyOf": [
        ["type": "string"],
        [
          "type": "array",
          "items": [
            "type": "object",
            "properties": ["role": ["type": "string"], "content": ["type": "string"]],
            "required": ["role", "content"],
          ],
        ],
      ]
    ]
  }
}

/// One chat message; what else a message holds (tool calls, names) is passed over.
private struct ChatLine {
  var role: String
  var content: String

  static func read(_ node: Node, _ reader: inout NodeReader) -> ChatLine? {
    guard case .mapping = node.content else {
      reader.reportType(node, expected: "a message ({role, content})")
      return nil
    }
    let role = node["role"].flatMap { role in reader.inField("role") { String.read(role, &$0) } }
    guard let content = node["content"] else {
      reader.report(.missingKey, node, "the message has no `content`")
      return nil
    }
    // A message that only calls a tool has null.
    if case .scalar("null", .plain) = content.content {
      return ChatLine(role: role ?? "", content: "")
    }
    let text = reader.inField("content") { String.read(content, &$0) }
    return text.map { ChatLine(role: role ?? "", content: $0) }
  }
}
