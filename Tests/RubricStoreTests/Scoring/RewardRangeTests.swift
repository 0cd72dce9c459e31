import RubricStore
import Testing

@Suite struct RewardRangeTests {
  /// Every judgement with all its verdicts has a reward in the range, and both ends are reached.
  @Test func holdsEveryReward() throws {
    var compared = 0
    try forAll { make in
      let rubric = make.rubric()
      let compiled = CompiledRubric(rubric)
      let judgement = make.judgement(of: rubric, gaps: 0)
      guard let reward = compiled.score(judgement).reward, let range = compiled.rewardRange else {
        return
      }
      compared += 1
      try #require(range.contains(reward), "\(reward) in \(range)")
    }
    if Cases.count >= 1_000 { #expect(compared > Cases.count / 2) }
  }

  @Test func isWhatTheFormulaGives() throws {
    func range(_ yaml: String) throws -> ClosedRange<Double>? {
      CompiledRubric(try Rubric(parsing: "schema: rubric/1\nid: r\n" + yaml)).rewardRange
    }
    let pair = """
      criteria:
        - {id: a, text: t, weight: 3}
        - {id: b, text: t, polarity: negative}
      """
    #expect(try range(pair) == 0...0.75)
    #expect(try range("aggregation: {clip: null}\n" + pair) == -0.25...0.75)
    #expect(
      try range("aggregation: {method: points_over_positive, clip: null}\n" + pair)
        == (-1 / 3)...1)
    let sum = """
      aggregation: {method: sum, clip: null}
      criteria:
        - {id: a, text: t, weight: 2, scale: {numeric: {min: 1, max: 5}}}
        - {id: b, text: t, scale: {numeric: {min: 0, max: 10}}}
      """
    #expect(try range(sum) == 2...20)
    // What does not count moves nothing, and a range may be a point.
    #expect(
      try range(
        "aggregation: {method: sum}\ncriteria:\n  - {id: a, text: t, scale: {numeric: {min: 2, max: 5}}}"
      )
        == 1...1)
  }

  @Test func isNilWhereNothingCanBeScored() {
    var rubric = Rubric(id: "r", criteria: [Criterion(id: "a", text: "t", weight: .nan)])
    #expect(CompiledRubric(rubric).rewardRange == nil)
    rubric.criteria[0].weight = 0
    #expect(CompiledRubric(rubric).rewardRange == nil)
    rubric.criteria = []
    #expect(CompiledRubric(rubric).rewardRange == nil)
  }

  @Test func isTheWholeOfAHolisticVerdict() {
    var rubric = Rubric(id: "r", criteria: [Criterion(id: "a", text: "t")])
    rubric.judge.mode = .holistic
    #expect(CompiledRubric(rubric).rewardRange == 0...1)
  }
}
