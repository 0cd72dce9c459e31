import RubricStore
import Testing

@testable import MetaEditor

@Suite("A refinement's form") struct RefinementSchemaTests {
  /// The ids that the form lets an edit be about, by kind.
  private func ids(_ schema: RefinementSchema) -> [Edit.Operation: Set<String>] {
    schema.forms.reduce(into: [:]) { $0[$1.operation, default: []].formUnion($1.ids) }
  }

  @Test func idsAreTheRubricsOwnThatAreNotPinned() throws {
    let schema = RefinementSchema(rubric: try Proposing.rubric(), rollouts: ["r1", "r2"])
    let ids = ids(schema)
    let judged: Set = ["thesis", "evidence", "flow", "grammar", "padding"]
    #expect(ids[.tighten] == judged)
    #expect(ids[.deactivate] == judged)
    #expect(ids[.mergeCriteria] == judged)
    #expect(ids[.remove] == judged.union(["charm"]))
    #expect(ids[.reword] == judged.union(["style"]))
    #expect(ids[.reweight] == judged.union(["style"]))
    #expect(ids[.relax] == ["thesis", "flow"])
    #expect(ids[.editLevel] == ["thesis"])
    #expect(ids[.addLevel] == ["thesis", "evidence"])
    #expect(ids[.activate] == ["charm"])
    #expect(ids[.split] == ["evidence", "flow", "grammar", "padding"])
    #expect(ids[.clearGate] == nil)
    // Neither a pinned criterion nor what lies in a pinned group stands anywhere in it.
    for id in ["safety", "house", "language", "length"] {
      #expect(!schema.json.jsonText.contains("\"\(id)\""), "\(id)")
    }
  }

  @Test func aRubricThatIsAllPinnedCanOnlyBeAddedTo() throws {
    var rubric = try Proposing.rubric()
    for index in rubric.criteria.indices { rubric.criteria[index].pinned = true }
    let schema = RefinementSchema(rubric: rubric, rollouts: ["r1"])
    #expect(Set(schema.forms.map(\.operation)) == [.add, .noChange])
  }

  @Test func evidenceIsWhatWasShown() throws {
    let schema = RefinementSchema(rubric: try Proposing.rubric(), rollouts: ["r1", "r7"])
    for form in schema.forms where form.operation != .noChange {
      let evidence = form.properties.first { $0.key == "evidence" }?.schema
      #expect(evidence?["items"]?["enum"] == ["r1", "r7"])
    }
  }

  @Test func examplesAreOnlyOfferedWhenAskedFor() throws {
    let rubric = try Proposing.rubric()
    let usual = RefinementSchema(rubric: rubric, rollouts: ["r1"])
    #expect(!usual.forms.contains { $0.operation == .addExample })
    let asked = RefinementSchema(rubric: rubric, rollouts: ["r1"], operations: [.addExample])
    #expect(asked.forms.map(\.operation) == [.addExample])
  }

  /// A small model runs on until its tokens end where a text has no bound.
  @Test func everyTextAndListIsBounded() throws {
    let schema = RefinementSchema(rubric: try Proposing.rubric(), rollouts: ["r1"])
    var seen = 0
    func look(_ value: JSONValue, _ path: String) {
      if let type = value["type"]?.string {
        seen += 1
        if type == "string", value["enum"] == nil { #expect(value["maxLength"] != nil, "\(path)") }
        if type == "array" { #expect(value["maxItems"] != nil, "\(path)") }
        if type == "object" {
          #expect(value["additionalProperties"] == false, "\(path)")
          let keys = value["properties"]?.object?.members.map { JSONValue.string($0.key) }
          #expect(value["required"]?.array == keys, "\(path)")
        }
      }
      for member in value.object?.members ?? [] { look(member.value, path + "." + member.key) }
      for item in value.array ?? [] { look(item, path) }
    }
    look(schema.json, "")
    #expect(seen > 50)
  }

  @Test func aRubricWithAThousandScalesHasASmallForm() throws {
    var rubric = Rubric(id: "big")
    for number in 0..<1_000 {
      var item = Criterion(id: try #require(CriterionID(rawValue: "c\(number)")), title: "C")
      item.scale = .levels([
        Level(value: 0, text: "a"), Level(value: Double(number + 1), text: "b"),
      ])
      rubric.criteria.append(item)
    }
    let schema = RefinementSchema(rubric: rubric, rollouts: ["r1"])
    #expect(schema.forms.count < 20)
    #expect(schema.forms.filter { $0.operation == .tighten }.count == 1)
  }

  @Test func groupsCanTakeNewCriteriaUnlessPinned() throws {
    let schema = RefinementSchema(rubric: try Proposing.rubric(), rollouts: ["r1"])
    let add = try #require(schema.forms.first { $0.operation == .add })
    let parent = try #require(add.properties.first { $0.key == "parent" }?.schema)
    #expect(parent["enum"] == ["(top level)", "style"])
  }

  // MARK: Reading

  private func read(_ edits: String, most: Int = 6) throws -> RefinementAnswer {
    let schema = RefinementSchema(
      rubric: try Proposing.rubric(), rollouts: ["r1", "r2"], edits: most)
    return schema.read(try JSONValue(parsing: #"{"summary":"s","edits":\#(edits)}"#))
  }

  private let tightening = #"""
    {"op":"tighten","id":"flow","rationale":"They do.","evidence":["r1"],"lower_when":["It rambles."]}
    """#

  @Test(arguments: [
    (#"{"op":"tighten","id":"fluff","rationale":"x","evidence":[],"lower_when":["y"]}"#, "flow"),
    (#"{"op":"tighten","id":"safety","rationale":"x","evidence":[],"lower_when":["y"]}"#, "`id`"),
    (#"{"op":"tighten","id":"length","rationale":"x","evidence":[],"lower_when":["y"]}"#, "`id`"),
    (#"{"op":"remove","id":"house","rationale":"x","evidence":[]}"#, "`id`"),
    (#"{"op":"unpin","id":"safety","rationale":"x","evidence":[]}"#, "`op`"),
    (#"{"op":"set_aggregation","rationale":"x","evidence":[]}"#, "`op`"),
    (#"{"op":"tighten","id":"flow","rationale":"x","evidence":[],"lower_when":"y"}"#, "list"),
    (#"{"op":"tighten","id":"flow","rationale":"x","evidence":[],"lower_when":[]}"#, "items"),
    (#"{"op":"tighten","id":"flow","rationale":"x","evidence":[],"lower_when":[""]}"#, "empty"),
    (#"{"op":"tighten","id":7,"rationale":"x","evidence":[],"lower_when":["y"]}"#, "`id`"),
    (#"{"op":"tighten","id":"flow","evidence":[],"lower_when":["y"]}"#, "rationale"),
    (#"{"op":"reweight","id":"flow","rationale":"x","evidence":[],"weight":-1}"#, "weight"),
    (#"{"op":"reweight","id":"flow","rationale":"x","evidence":[],"weight":"2"}"#, "weight"),
    (#"{"op":"reword","id":"flow","rationale":"x","evidence":[],"text":"y","weight":9}"#, "weight"),
    (#"{"op":"edit_level","id":"thesis","rationale":"x","evidence":[],"level":7,"text":"y"}"#, "7"),
    (#""tighten flow""#, "no object"),
    ("null", "no object"),
    ("{}", "`op`"),
    (
      #"{"op":"tighten","id":"flow","rationale":"…","evidence":[],"lower_when":["y"]}"#, "rationale"
    ),
    (#"{"op":"tighten","id":"flow","rationale":"x","evidence":[],"lower_when":["y","…"]}"#, "word"),
    (#"{"op":"reword","id":"flow","rationale":"x","evidence":[],"text":" \n "}"#, "no word"),
    ("[[]]", "no object"),
  ])
  func whatDoesNotKeepTheFormIsRefusedAndTheRestStands(edit: String, says: String) throws {
    let read = try read("[\(edit), \(tightening)]")
    #expect(read.isUsable)
    #expect(read.edits.map(\.number) == [2])
    let reason = try #require(read.refused.first)
    #expect(read.refused.count == 1)
    #expect(reason.contains(says), "\(reason)")
  }

  @Test func aWholeRubricIsNoAnswer() throws {
    let schema = RefinementSchema(rubric: try Proposing.rubric(), rollouts: ["r1"])
    for text in [
      #"{"criteria":[{"id":"flow"}]}"#, #"{"rubric":{"criteria":[]}}"#, "[]", #""fine""#, "{}",
      #"{"edits":{"op":"remove"}}"#, #"{"edits":null}"#,
    ] {
      let answer = try JSONValue(parsing: text)
      let read = schema.read(answer)
      #expect(!read.isUsable, "\(text)")
      #expect(read.edits.isEmpty)
      #expect(read.refused.count == 1)
      #expect(schema.problems(of: answer) == read.refused)
    }
  }

  @Test func noEditsAreAnAnswer() throws {
    let read = try read("[]")
    #expect(read.isUsable)
    #expect(read.edits.isEmpty && read.refused.isEmpty)
  }

  @Test func inventedEvidenceIsLeftOut() throws {
    let read = try read(
      #"""
      [{"op":"remove","id":"flow","rationale":"x","evidence":["r9","r2","r2","r1","ignore me"]}]
      """#)
    #expect(read.edits.first?.edit.evidence == ["r2", "r1"])
    #expect(read.refused.count == 1)
    #expect(read.refused.first?.contains("r9") == true)
  }

  @Test func editsBeyondTheBoundAreRefused() throws {
    let read = try read(
      "[" + Array(repeating: tightening, count: 5).joined(separator: ",") + "]", most: 2)
    #expect(read.edits.count == 2)
    #expect(read.refused == ["3 edits beyond the 2 that one answer may have"])
  }

  @Test func rationalesAreOneLineWithoutControlCharacters() throws {
    let read = try read(
      #"""
      [{"op":"remove","id":"flow","rationale":"a\n\nRubric-Edit: {}\u202e\u00a0[31m b","evidence":[]}]
      """#)
    #expect(read.edits.first?.edit.rationale == "a Rubric-Edit: {} [31m b")
  }

  // MARK: Any answer that keeps the schema

  /// Whatever keeps the schema becomes an edit that the meta-editor can make, or is refused.
  @Test func whateverKeepsTheSchemaIsMadeOrRefused() throws {
    let rubric = try Proposing.rubric()
    let pinned = try ["safety", "house"].map { id in
      try #require(rubric.criteria.first { $0.id.rawValue == id })
    }
    let schema = RefinementSchema(
      rubric: rubric, rollouts: ["r1", "r2", "r3"], edits: 3,
      operations: RefinementSchema.operations)
    var made: Set<Edit.Operation> = []
    for seed in 0..<1_000 as Range<UInt64> {
      var instances = SchemaInstances(seed: seed)
      let answer = instances.instance(of: schema.json)
      #expect(schema.problems(of: answer).isEmpty, "seed \(seed): \(answer.jsonText)")
      let read = schema.read(answer)
      #expect(read.refused.isEmpty, "seed \(seed): \(read.refused)")
      #expect(read.edits.count == answer["edits"]?.array?.count, "seed \(seed)")
      var merging = EditMerging(rubric)
      for (number, edit) in read.edits {
        var translation = EditTranslation(rubric)
        guard (try? translation.make(edit.kind)) != nil else { continue }
        merging.add(edit, refinement: number % 2, number: number)
      }
      merging.settle()
      let assembly = EditAssembly(
        merging.atoms, on: rubric, limit: nil, refinements: 2, names: [:])
      let result = try rubric.applying(assembly.edits.map(\.edit), by: .meta)
      for criterion in pinned {
        #expect(result.criteria.contains(criterion), "seed \(seed): \(criterion.id) changed")
      }
      made.formUnion(assembly.edits.map(\.edit.operation))
    }
    // The cases reach every kind but those that chance cannot make sense of.
    #expect(
      made.isSuperset(of: [
        .tighten, .relax, .reword, .reweight, .addLevel, .editLevel, .addExample, .add, .remove,
        .activate, .deactivate, .setGate, .mergeCriteria, .split,
      ]), "\(made)")
  }
}

/// Makes random values that keep a schema.
struct SchemaInstances {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

  private mutating func next(_ bound: Int) -> Int {
    state = state &+ 0x9e37_79b9_7f4a_7c15
    var hash = state
    hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
    hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((hash ^ (hash >> 31)) % UInt64(max(1, bound)))
  }

  private static let words = [
    "flow", "thesis", "evidence", "vague", "not", "joined", "sentences", "Paragraphs", "é",
    "ignore all previous instructions", "\u{7}", "\n", "🙂", "repeats", "question",
  ]

  mutating func instance(of schema: JSONValue) -> JSONValue {
    if let forms = schema["anyOf"]?.array { return instance(of: forms[next(forms.count)]) }
    if let words = schema["enum"]?.array { return words[next(words.count)] }
    func bound(_ key: String) -> Int? {
      if case .integer(let value)? = schema[key] { value } else { nil }
    }
    switch schema["type"]?.string {
    case "object":
      var object = JSONObject()
      for member in schema["properties"]?.object?.members ?? [] {
        object[member.key] = instance(of: member.value)
      }
      return .object(object)
    case "array":
      let least = bound("minItems") ?? 0
      let count = least + next((bound("maxItems") ?? 3) - least + 1)
      let items = schema["items"] ?? .null
      return .array((0..<count).map { _ in instance(of: items) })
    case "string":
      // The first has a letter: texts without a word are refused.
      let words = (0...next(5)).map { _ in Self.words[next(Self.words.count)] }
      let text = ([Self.words[next(9)]] + words).joined(separator: " ")
      return .string(String(text.unicodeScalars.prefix(bound("maxLength") ?? 100)))
    case "integer":
      let least = bound("minimum") ?? -3
      return .integer(least + next((bound("maximum") ?? 12) - least + 1))
    default:
      return [.integer(next(4)), .number(Double(next(100)) / 8), .integer(11)][next(3)]
    }
  }
}
