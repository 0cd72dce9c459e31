import RubricStore
import Testing

@Suite("Findings")
struct FindingTests {
  private func codes(_ text: String) -> [Finding.Code] {
    Rubric.findings(in: Array(text.utf8)).map(\.code)
  }

  @Test("One fault, one finding")
  func noEchoes() {
    #expect(codes("schema: rubric/1\ncriteria: [{id: a, text: A}]") == [.missingKey])
    #expect(codes("schema: rubric/1\nid: r\ncriteria: [{text: A}]") == [.missingKey])
    #expect(codes("schema: rubric/1\nid: r\ncriteria: [{id: A, text: A}]") == [.invalidValue])
    #expect(
      codes("schema: rubric/1\nid: r\ncriteria: [{id: a, text: \"\\a\"}]") == [.controlCharacter])
  }

  @Test("A rubric made in code cannot have an empty id either")
  func emptyIDs() {
    #expect(Rubric(id: "", criteria: [Criterion(id: "a", text: "A")]).findings.count == 1)
    let findings = Rubric(id: "r", criteria: [Criterion(id: "", text: "A")]).findings
    #expect(findings.map(\.code) == [.invalidValue])
  }
}
