import RubricStore
import Testing

private func imported(_ text: String, repairIDs: Bool = false) throws -> ImportResult {
  try Importer.rubric(
    from: Array(text.utf8), format: .paperbench, name: "tree.json", repairIDs: repairIDs)
}

private func problems(_ text: String, name: String = "") -> [String] {
  do throws(SyntaxError) {
    _ = try Importer.rubric(from: Array(text.utf8), format: .paperbench, name: name)
    return []
  } catch {
    return error.findings.map(\.description)
  }
}

/// Trees that PaperBench published; the tests are skipped where they are not there.
@Suite("PaperBench trees, as published", .enabled(if: SharedData.isThere))
struct PaperBenchPublishedTests {
  @Test(
    "each becomes a valid rubric with as many nodes, and gives its tree again",
    arguments: [
      ("bam", 1021), ("mechanistic-understanding", 128), ("sapg", 279),
      ("semantic-self-consistency", 100),
    ])
  func tree(_ name: String, _ count: Int) throws {
    let bytes = try SharedData.bytes("paperbench/\(name).json")
    #expect(Importer.detect(bytes) == .paperbench)
    let result = try Importer.rubric(from: bytes, name: "\(name).json")
    let rubric = result.rubric
    #expect(rubric.id.rawValue == name)
    #expect(result.notes.isEmpty)
    #expect(rubric.findings == [])
    #expect(rubric.criteria.count == 1)
    #expect(rubric.aggregation == Aggregation())
    func size(_ criteria: [Criterion]) -> Int { criteria.reduce(0) { $0 + 1 + size($1.criteria) } }
    #expect(size(rubric.criteria) == count)
    #expect(PaperBenchExport.tree(rubric) == (try SharedData.json("paperbench/\(name).json")))
    #expect(rubric.criteria.allSatisfy { $0.ext.members.isEmpty })
    #expect(try Rubric(parsing: rubric.canonicalText) == rubric)
  }

  @Test("bbox repeats three ids: refused with all of them, or renamed with a note each")
  func repeatedIDs() throws {
    let bytes = try SharedData.bytes("paperbench/bbox.json")
    let error = #expect(throws: SyntaxError.self) {
      try Importer.rubric(from: bytes, name: "bbox.json")
    }
    let findings = error?.findings ?? []
    #expect(findings.map(\.path) == ["gt-acc-gsm8k", "gt-acc-truthfulqa", "gt-acc-scienceqa"])
    #expect(findings.allSatisfy { $0.code == .duplicateID && $0.mark != nil })
    let result = try Importer.rubric(from: bytes, name: "bbox.json", repairIDs: true)
    #expect(result.notes.count == 3)
    #expect(result.rubric.findings == [])
    #expect(PaperBenchExport.tree(result.rubric) == (try SharedData.json("paperbench/bbox.json")))
  }

  @Test("a reward is the nested mean over the tree")
  func reward() throws {
    let result = try Importer.rubric(from: SharedData.bytes("paperbench/sapg.json"))
    let compiled = CompiledRubric(result.rubric)
    let ids = result.rubric.judgedCriteria.map(\.id)
    let all = Dictionary(uniqueKeysWithValues: ids.map { ($0, Verdict.value(1)) })
    #expect(compiled.score(Judgement(rollout: "x", verdicts: all)).reward == 1)
    let none = all.mapValues { _ in Verdict.value(0) }
    #expect(compiled.score(Judgement(rollout: "x", verdicts: none)).reward == 0)
  }
}

@Suite("PaperBench trees, by hand")
struct PaperBenchImportTests {
  private func leaf(_ id: String, _ rest: String = "") -> String {
    #"{"id":"\#(id)","requirements":"Do.","weight":1,"sub_tasks":[],"task_category":"A","finegrained_task_category":"B"\#(rest)}"#
  }

  private func root(_ children: String...) -> String {
    #"{"id":"root","requirements":"All.","weight":2,"sub_tasks":["#
      + children.joined(separator: ",")
      + #"],"task_category":null,"finegrained_task_category":null}"#
  }

  @Test("fields, tags, and the same tree again")
  func fields() throws {
    let text = root(leaf("a"), leaf("b", #","note":{"x":[1,2.5,null]}"#))
    let result = try imported(text)
    #expect(result.rubric.id == "tree")
    let group = result.rubric.criteria[0]
    #expect(group.id == "root" && group.weight == 2 && group.text == "All." && group.tags.isEmpty)
    #expect(group.criteria.map(\.tags) == [["A", "B"], ["A", "B"]])
    #expect(
      result.notes.map(\.description) == [
        "1: b: unknown fields `note` are kept in ext.paperbench.fields"
      ])
    #expect(PaperBenchExport.tree(result.rubric)?.jsonText == text)
  }

  @Test(
    "odd categories and ids come back",
    arguments: [
      #"{"id":"a","requirements":"x","weight":1}"#,
      #"{"id":"a","requirements":"x","weight":1,"sub_tasks":[]}"#,
      #"{"id":"a","requirements":"x","weight":1,"sub_tasks":[],"task_category":"A"}"#,
      #"{"id":"a","requirements":"x","weight":1,"sub_tasks":[],"task_category":"A","finegrained_task_category":"A"}"#,
      #"{"id":"a","requirements":"x","weight":0.5,"sub_tasks":[],"task_category":null,"finegrained_task_category":"B"}"#,
      #"{"id":"My Task!","requirements":"x\ny","weight":1,"sub_tasks":[],"task_category":"","finegrained_task_category":"B"}"#,
      #"{"id":"日本","requirements":"\ud83d\ude00","weight":1,"sub_tasks":[],"task_category":null,"finegrained_task_category":null}"#,
    ])
  func odd(_ text: String) throws {
    let rubric = try imported(text).rubric
    #expect(PaperBenchExport.tree(rubric) == (try JSONValue(parsing: text)))
    #expect(rubric.findings == [])
  }

  @Test("repaired ids are new ones, and the old come back")
  func repaired() throws {
    let text = root(leaf("a"), leaf("a"), leaf("a-2"), leaf("a"), leaf("A"))
    let result = try imported(text, repairIDs: true)
    #expect(
      result.rubric.criteria[0].criteria.map(\.id) == ["a", "a-3", "a-2", "a-4", "a-5"])
    #expect(PaperBenchExport.tree(result.rubric)?.jsonText == text)
    #expect(result.notes.count == 3)
  }

  @Test(
    "what is wrong is named with its place",
    arguments: [
      ("", "1:1: expected a value, found the end of the text"),
      ("[]", "1:1: found an empty list, expected a task (an object with `id` and `requirements`)"),
      (
        "{\n \"id\": \"a\",\n \"requirements\": \"x\"}",
        "1:1: a: the task has no `weight` (is this a PaperBench tree?)"
      ),
      (
        #"{"id":"a","requirements":"x","weight":-1}"#,
        "1:39: a.weight: the weight is -1, expected 0 or more"
      ),
      (
        #"{"id":"a","requirements":"x","weight":"1"}"#,
        "1:39: a.weight: found the text `1`, expected a number (remove the quotes)"
      ),
      (
        #"{"id":"a","requirements":["x"],"weight":1}"#,
        "1:26: a.requirements: found a list, expected text"
      ),
      (
        #"{"id":"a","requirements":"x","weight":1,"sub_tasks":{}}"#,
        "1:53: a.sub_tasks: found a mapping, expected a list of tasks"
      ),
      (
        "{\"id\":\"r\",\"requirements\":\"x\",\"weight\":1,\"sub_tasks\":[{\"id\":\"a\",\"requirements\":\"x\",\"weight\":1},\n{\"id\":\"a\",\"requirements\":\"x\",\"weight\":1}]}",
        "2:7: a: the id `a` stands again, first on line 1 (repair the ids to rename the later one)"
      ),
    ])
  func invalid(_ text: String, _ expected: String) {
    #expect(problems(text) == [expected])
  }

  @Test("deep trees end in an error")
  func deep() {
    func nested(_ depth: Int) -> String {
      String(repeating: #"{"id":"a","requirements":"x","weight":1,"sub_tasks":["#, count: depth)
        + String(repeating: "]}", count: depth)
    }
    #expect(problems(nested(65)).contains { $0.contains("nested more than 64 deep") })
    #expect(!problems(nested(100_000)).isEmpty)
    #expect(!problems(String(repeating: "[", count: 500_000)).isEmpty)
  }

  @Test("formats are told apart, and what is neither is refused")
  func detection() {
    #expect(Importer.detect(Array("{\"sub_tasks\": []}".utf8)) == .paperbench)
    #expect(Importer.detect(Array("  <item>a</item>".utf8)) == .mpo)
    #expect(Importer.detect(Array("schema: rubric/1".utf8)) == nil)
    #expect(Importer.detect([]) == nil)
    #expect(throws: SyntaxError.self) { try Importer.rubric(from: Array("hello".utf8), name: "x") }
    #expect(throws: SyntaxError.self) { try Importer.rubric(from: [], name: "x") }
    #expect(throws: SyntaxError.self) {
      try Importer.rubric(from: [0xFF, 0xFE, 0x00], format: .mpo)
    }
  }
}
