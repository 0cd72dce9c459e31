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

  @Test("scoring.json: the same as batches")
  func batches() throws {
    try VectorCase.forEach("scoring.json") { vector in
      let rubric = CompiledRubric(try vector.rubric("yaml"))
      let line = JSONValue.object(
        JSONObject([("rollout", "r1"), ("verdicts", try #require(vector["verdicts"]))]))
      let judgement = try Judgement(parsing: Array(line.jsonText.utf8))
      var sample = BatchSample(rollouts: 9, columns: rubric.columns)
      // A batch has no place for a verdict about anything else.
      let ids = Set(sample.columns.map(\.id))
      guard judgement.verdicts.keys.allSatisfy(ids.contains) else { return }
      var row: [Double] = []
      var mask: [UInt8] = []
      for column in sample.columns {
        switch judgement.verdicts[column.id]?.answer {
        case .value(let value): (row, mask) = (row + [value], mask + [0])
        case .notApplicable: (row, mask) = (row + [0], mask + [1])
        case .error: (row, mask) = (row + [1], mask + [2])
        case nil: (row, mask) = (row + [.nan], mask + [0])
        }
      }
      sample.verdicts = Array(repeating: row, count: 9)
      sample.mask = (0..<9).flatMap { _ in mask }
      for plainly in [false, true] {
        let scores = try sample.scores(
          BatchPlan(rubric), row: 8 * row.count, column: 8, plainly: plainly)
        let reward = vector["reward"]?.double ?? .nan
        #expect(scores.rewards.allSatisfy { areSame($0, reward) }, "\(vector.name)")
        let reason = try vector.array("unscorable").first?.array?.first?.string
        let number = reason.map { reasonNumbers[$0] ?? 98 } ?? 0
        #expect(scores.reasons.allSatisfy { $0 == number }, "\(vector.name)")
      }
    }
  }
}
