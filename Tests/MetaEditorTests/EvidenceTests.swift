import MetaEditor
import RubricStore
import Testing

@Suite struct EvidenceTests {
  @Test func readsALine() throws {
    let line = #"{"rollout":"r1","prompt":"p","response":"a","rubric":"abc","verdicts":{"flow":1}}"#
    let record = try GradedRollout(parsing: Array(line.utf8))
    #expect(record.json.jsonText == line)
  }
}
