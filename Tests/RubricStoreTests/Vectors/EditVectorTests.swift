import RubricStore
import Testing

@Suite("Vectors of edits")
struct EditVectorTests {
  @Test("apply.json: lists of edits, what they make and what is recorded")
  func apply() throws {
    try VectorCase.forEach("apply.json") { vector in
      let rubric = try vector.rubric("rubric")
      let author = try vector["author"]?.string.map { try #require(EditAuthor(rawValue: $0)) }
      let outcome = Self.apply(
        Array(try #require(vector["edits"]).jsonText.utf8), to: rubric, by: author ?? .human)
      switch outcome {
      case .failure(let problem):
        let expected = try #require(vector["error"], "\(vector.name): \(problem)")
        for member in try #require(expected.object).members {
          #expect(problem[member.key] == member.value, "\(vector.name): \(problem.jsonText)")
        }
      case .success(let result):
        try #require(vector["error"] == nil, "\(vector.name): there is no error")
        #expect(result.rubric.canonicalText == (try vector.text("canonical")), "\(vector.name)")
        if let recorded = vector["recorded"]?.array {
          #expect(result.edits.map(\.json.plain) == recorded.map(\.plain), "\(vector.name)")
        }
        let undone = result.edits.reversed().map(\.inverted)
        #expect(try result.rubric.applying(undone) == rubric, "\(vector.name): undone")
      }
    }
  }

  private enum Outcome {
    case success((rubric: Rubric, edits: [Edit]))
    case failure(JSONValue)
  }

  private static func apply(_ text: [UInt8], to rubric: Rubric, by author: EditAuthor) -> Outcome {
    let list: EditList
    do throws(EditList.Failure) {
      list = try EditList(parsing: text, for: rubric)
    } catch {
      switch error {
      case .syntax(let error): return .failure(json("syntax", error.findings))
      case .edit(let error): return .failure(json(error))
      }
    }
    do throws(EditError) {
      return .success(try rubric.settling(list.edits, by: author))
    } catch {
      return .failure(json(error))
    }
  }

  private static func json(_ code: String, _ findings: [Finding]) -> JSONValue {
    ["code": .string(code), "findings": .array(findings.map { .string($0.code.rawValue) })]
  }

  private static func json(_ error: EditError) -> JSONValue {
    var object = JSONObject([("code", .string(error.code.rawValue))])
    if let index = error.index { object["index"] = .integer(index) }
    if let criterion = error.criterion { object["criterion"] = .string(criterion.rawValue) }
    if let field = error.field { object["field"] = .string(field) }
    object["findings"] = .array(error.findings.map { .string($0.code.rawValue) })
    return .object(object)
  }

  @Test("diff.json: the edits between two rubrics, and what they mean for scores")
  func diff() throws {
    try VectorCase.forEach("diff.json") { vector in
      let from = try vector.rubric("from")
      let to = try vector.rubric("to")
      let edits = try from.edits(to: to)
      #expect(
        edits.map(\.json.plain) == (try vector.array("edits")).map(\.plain),
        "\(vector.name): \(edits.map(\.json.jsonText))")
      #expect(try from.applying(edits) == to, "\(vector.name): applied")
      let comparability = from.comparability(to: to)
      #expect(comparability.word == (try vector.string("comparability")), "\(vector.name)")
      #expect(
        comparability.rejudged.map(\.rawValue) == (try vector.array("rejudge")).map(\.string),
        "\(vector.name)")
    }
  }

  @Test("invert.json: what undoes an edit")
  func invert() throws {
    try VectorCase.forEach("invert.json") { vector in
      let edit = try Self.edit(vector["edit"])
      let inverse = try Self.edit(vector["inverse"])
      #expect(edit.inverted == inverse, "\(vector.name)")
      #expect(edit.json.plain == vector["edit"]?.plain, "\(vector.name): written")
      #expect(inverse.json.plain == vector["inverse"]?.plain, "\(vector.name): written")
    }
  }

  private static func edit(_ value: JSONValue?) throws -> Edit {
    let (root, findings) = JSONReader.read(Array(try #require(value).jsonText.utf8))
    try #require(findings.isEmpty)
    var reader = NodeReader()
    let edit = Edit.read(try #require(root), &reader)
    return try #require(edit, "\(reader.findings)")
  }

  @Test("message.json: messages of commits, written and read")
  func message() throws {
    try VectorCase.forEach("message.json") { vector in
      let message = try vector.text("message")
      if let update = vector["update"] {
        let kind = try #require(RecordedChange.Kind(rawValue: try vector.string("kind")))
        let edits = try #require(update["edits"]?.array).map(Self.edit)
        let author = try #require(EditAuthor(rawValue: update["author"]?.string ?? ""))
        let comparability = try Self.comparability(update)
        let meta = MetaUpdate(
          rubric: try #require(RubricID(rawValue: update["rubric"]?.string ?? "")), edits: edits,
          rationale: update["rationale"]?.string ?? "",
          proposer: MetaUpdate.Proposer(author, name: update["proposer"]?.string ?? ""),
          source: try Self.source(update))
        let text = CommitMessage.text(meta, kind: kind, comparability: comparability)
        #expect(text == message, "\(vector.name)")
        let record = try #require(try CommitMessage.record(message), "\(vector.name): read")
        #expect(record.rubric == meta.rubric && record.kind == kind, "\(vector.name)")
        #expect(record.edits == edits && record.proposer == meta.proposer, "\(vector.name)")
        #expect(record.comparability == comparability, "\(vector.name)")
        #expect(record.source == meta.source, "\(vector.name)")
        return
      }
      guard vector["record"]?.string != "unreadable" else {
        #expect(throws: SyntaxError.self, "\(vector.name)") {
          try CommitMessage.record(message)
        }
        return
      }
      let record = try CommitMessage.record(message)
      guard let expected = vector["record"], expected != .null else {
        #expect(record == nil, "\(vector.name)")
        return
      }
      let found = try #require(record, "\(vector.name)")
      #expect(found.rubric.rawValue == expected["rubric"]?.string, "\(vector.name)")
      #expect(found.kind.rawValue == expected["change"]?.string, "\(vector.name)")
      #expect(found.proposer.author.rawValue == expected["author"]?.string, "\(vector.name)")
      #expect(found.proposer.name == expected["proposer"]?.string, "\(vector.name)")
      #expect(found.comparability == (try Self.comparability(expected)), "\(vector.name)")
    }
  }

  private static func source(_ update: JSONValue) throws -> ChangeSource? {
    guard let source = update["source"] else { return nil }
    let numbers = source["edits"]?.array ?? []
    return ChangeSource(
      try #require(ChangeSource.Kind(rawValue: source["kind"]?.string ?? "")),
      try #require(ObjectID(hex: source["commit"]?.string ?? "")),
      edits: try numbers.map { try #require(Int($0.jsonText)) })
  }

  private static func comparability(_ value: JSONValue) throws -> Comparability? {
    let ids = try #require(value["rejudge"]?.array).compactMap { id in
      id.string.flatMap { CriterionID(rawValue: $0) }
    }
    let classes: [Comparability] = [
      .identical, .cosmetic, .recompute, .rejudge(ids), .incomparable,
    ]
    return classes.first { $0.word == value["comparability"]?.string }
  }
}
