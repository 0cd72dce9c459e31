import RubricStore
import Testing

@Suite("Vectors of scoring")
struct ScoreVectorTests {
  @Test("scoring.json: rewards, to the last bit, and reasons for none")
  func scoring() throws {
    try VectorCase.forEach("scoring.json") { vector in
      let rubric = CompiledRubric(try vector.rubric("yaml"))
      let line = JSONValue.object(
        JSONObject([("rollout", "r1"), ("verdicts", try #require(vector["verdicts"]))]))
      let judgement = try Judgement(parsing: Array(line.jsonText.utf8))
      let score = rubric.score(judgement)
      #expect(score.reward == vector["reward"]?.double, "\(vector.name): \(score)")
      #expect(score.raw == vector["raw"]?.double, "\(vector.name): \(score)")
      let reasons = score.unscorable.map { reason -> JSONValue in
        [
          .string(reason.code.rawValue),
          reason.criterion.map { .string($0.rawValue) } ?? .null,
        ]
      }
      #expect(reasons == (try vector.array("unscorable")), "\(vector.name)")
      #expect(rubric.explain(judgement).score == score, "\(vector.name): explained")
    }
  }
}
