import RubricStore
import Testing

/// Documents at the limits and one past them.
@Suite struct DocumentLimitTests {
  private func messages(_ text: String) -> [String] {
    Rubric.findings(in: Array(text.utf8)).map(\.description)
  }

  private func nested(_ depth: Int) -> Rubric {
    var item = Criterion(id: "leaf", text: "The deepest.")
    for level in (1..<depth).reversed() {
      var group = Criterion(id: CriterionID(unchecked: "g\(level)"))
      group.criteria = [item]
      item = group
    }
    return Rubric(id: "deep", criteria: [item])
  }

  @Test func depth() throws {
    let deepest = nested(Limits.criterionDepth)
    #expect(deepest.findings.isEmpty)
    #expect(try Rubric(parsing: deepest.canonicalText) == deepest)
    #expect(try Rubric(parsing: deepest.json.jsonText) == deepest)
    let deeper = nested(Limits.criterionDepth + 1)
    #expect(
      deeper.findings.map(\.description) == [
        "g64.criteria: criteria are nested more than 64 deep"
      ])
    let found = messages(deeper.canonicalText)
    #expect(
      found.count == 1 && found[0].contains("criteria are nested more than 64 deep"), "\(found)")
    #expect(messages(nested(80).canonicalText).count == 1)
  }

  @Test func depthOfExtensions() throws {
    func rubric(_ depth: Int) -> Rubric {
      var rubric = nested(Limits.criterionDepth)
      let deep = (1..<depth).reduce("x" as JSONValue) { value, level in
        level % 2 == 0 ? ["in": value] : [value]
      }
      rubric.ext = Extensions(["deep": deep])
      let path = TreePath(repeating: 0, count: Limits.criterionDepth)
      rubric[path].ext = rubric.ext
      return rubric
    }
    let deepest = rubric(Limits.ext)
    #expect(deepest.findings.isEmpty)
    #expect(try Rubric(parsing: deepest.canonicalText) == deepest)
    #expect(rubric(Limits.ext + 1).findings.map(\.path) == ["ext", "leaf.ext"])
    #expect(messages(rubric(Limits.ext + 1).canonicalText).count == 2)
    let brackets = String(repeating: "[", count: 10_000)
    #expect(messages(nested(1).canonicalText + "ext: {deep: \(brackets)").count == 1)
  }

  @Test func unreadableExtensionsAreFound() {
    var rubric = nested(1)
    rubric.ext = Extensions([
      "nan": .number(.nan), "control": "a\u{0}b", "key\u{1B}": 1,
      String(repeating: "k", count: Limits.keyBytes + 1): 1,
    ])
    #expect(
      Set(rubric.findings.map(\.code)) == [.invalidValue, .controlCharacter, .limit])
    #expect(rubric.findings.count == 4)
  }

  @Test func size() {
    let text = nested(1).canonicalText
    let padding = String(repeating: "#", count: Limits.textBytes - text.utf8.count)
    #expect(messages(text + padding).isEmpty)
    #expect(
      messages(text + padding + "#") == [
        "1:1: the text has 16777217 bytes; at most 16777216 are read"
      ])
  }

  @Test func count() {
    var text = "schema: rubric/1\nid: many\ncriteria:\n"
    for number in 1...Limits.criteria { text += "- {id: c\(number), text: x}\n" }
    #expect(messages(text).isEmpty)
    text += "- {id: c, text: x}\n- {id: d, text: x}\n"
    #expect(
      messages(text) == [
        "100004:3: criteria[100001]: the rubric has more than 100000 criteria and groups"
      ])
  }

  @Test func manyFindings() {
    var text = "schema: rubric/1\nid: many\ncriteria:\n"
    for number in 1...(2 * Limits.findings) { text += "- {id: c\(number), text: x, a: 1}\n" }
    #expect(messages(text).count == Limits.findings)
  }

  @Test func levels() {
    func rubric(_ count: Int) -> Rubric {
      var rubric = nested(1)
      rubric.criteria[0].scale = .levels((1...count).map { Level(value: Double($0)) })
      return rubric
    }
    #expect(rubric(Limits.levels).findings.isEmpty)
    #expect(rubric(Limits.levels + 1).findings.map(\.code) == [.limit])
  }

  @Test func budgetAtItsEdge() {
    var rubric = nested(3)
    rubric.criteria[0].criteria[0].criteria.append(Criterion(id: "b", text: "日本語😀"))
    rubric.preamble = "Hello"
    rubric.budget = Budget(criteria: 2, depth: 3, characters: 5 + "The deepest.".count + 4)
    #expect(rubric.findings.isEmpty)
    rubric.criteria[0].criteria[0].criteria[1].appliesWhen = "x"
    #expect(rubric.findings.map(\.path) == ["budget.characters"])
    rubric.criteria[0].criteria[0].criteria.append(Criterion(id: "c", title: "y"))
    #expect(rubric.findings.map(\.path) == ["budget.criteria", "budget.characters"])
    // What is inactive, itself or by a group around it, is not judged.
    rubric.criteria[0].criteria[0].criteria[2].status = .inactive
    rubric.criteria[0].criteria[0].criteria[1].appliesWhen = ""
    #expect(rubric.findings.isEmpty)
    var group = Criterion(id: "group")
    group.status = .inactive
    group.criteria = [Criterion(id: "in-it", text: "Not judged.")]
    rubric.criteria.append(group)
    #expect(rubric.findings.isEmpty)
    rubric.budget.characters = 2_000_000_000_000
    #expect(rubric.findings.map(\.path) == ["budget.characters"])
  }
}
