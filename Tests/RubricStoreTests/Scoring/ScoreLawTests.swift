import RubricStore
import Testing

/// Laws over generated rubrics and judgements.
@Suite struct ScoreLawTests {
  /// Law 7: raising a positive verdict never lowers the reward, raising a negative one never raises
  /// it, and a gate that held goes on holding for a better verdict.
  @Test func rewardIsMonotone() throws {
    var compared = 0
    var gates = 0
    try forAll { make in
      let rubric = make.rubric()
      let compiled = CompiledRubric(rubric)
      var judgement = make.judgement(of: rubric, gaps: 3)
      let (id, scale) = make.random.pick(make.judgedScales(of: rubric))
      let negative = rubric.judgedCriteria.first { $0.id == id }?.polarity == .negative
      let isNegative = negative && rubric.judge.mode != .holistic
      let pair = [make.value(in: scale), make.value(in: scale)].sorted()
      judgement.verdicts[id] = .value(pair[isNegative ? 1 : 0])
      let worse = compiled.explain(judgement)
      judgement.verdicts[id] = .value(pair[isNegative ? 0 : 1])
      let better = compiled.explain(judgement)
      let reasons = worse.score.unscorable + better.score.unscorable
      let overflows = reasons.contains { $0.code == .notFinite }
      try #require(overflows || worse.score.unscorable == better.score.unscorable)
      if let low = worse.score.reward, let high = better.score.reward {
        compared += pair[0] < pair[1] ? 1 : 0
        // Every step of the arithmetic is monotone in doubles, too: nothing is allowed for rounding.
        try #require(high >= low, "\(id): \(pair) gives \(low) and \(high)")
      }
      for (before, after) in zip(worse.gates, better.gates) where before.id == id {
        gates += 1
        try #require(before.fired || !after.fired)
      }
    }
    if Cases.count >= 1_000 { #expect(compared > Cases.count / 10 && gates > 20) }
  }

  /// An explanation has the score's reward, its contributions add up to the raw reward, and the
  /// reward keeps its bounds.
  @Test func explanationsAddUp() throws {
    var scored = 0
    try forAll { make in
      let rubric = make.rubric()
      let compiled = CompiledRubric(rubric)
      let judgement = make.judgement(of: rubric, gaps: 5)
      let score = compiled.score(judgement)
      let explained = compiled.explain(judgement)
      try #require(explained.score == score)
      try #require((score.reward == nil) == !score.unscorable.isEmpty)
      try #require((score.raw == nil) == (score.reward == nil))
      guard let raw = score.raw, let reward = score.reward else {
        try #require(explained.contributions.allSatisfy { $0.contribution == nil })
        return
      }
      scored += 1
      if let clip = rubric.aggregation.clip {
        try #require((clip.lower...clip.upper).contains(reward))
      }
      for gate in explained.gates where gate.fired {
        try #require(try reward <= #require(gate.limit))
      }
      // Numbers near the smallest of all have too few digits to add up.
      let isTiny = explained.contributions.contains { $0.weight > 0 && $0.weight < 1e-300 }
      guard rubric.judge.mode != .holistic, !isTiny else { return }
      let size = explained.contributions.reduce(1) { $0 + ($1.contribution ?? 0).magnitude }
      for parts in [
        explained.contributions.filter { !$0.isGroup },
        explained.contributions.filter { $0.group == nil },
      ] {
        let total = parts.reduce(0) { $0 + ($1.contribution ?? 0) }
        try #require((total - raw).magnitude <= 1e-12 * size, "\(explained.json.jsonText)")
      }
    }
    if Cases.count >= 1_000 { #expect(scored > Cases.count / 10) }
  }

  /// Without a clip, a veto gives what no complete judgement falls below.
  @Test func vetoIsTheLowestReward() throws {
    try forAll { make in
      var rubric = make.rubric()
      rubric.aggregation.clip = nil
      let explained = CompiledRubric(rubric).explain(make.judgement(of: rubric, gaps: 0))
      for gate in explained.gates where gate.gate.effect == .veto {
        guard let raw = explained.score.raw else { continue }
        try #require(try #require(gate.limit) <= raw)
      }
    }
  }

  /// The order in which verdicts are given does not matter, nor in which dictionary they lie.
  @Test func orderDoesNotMatter() throws {
    try forAll { make in
      let rubric = make.rubric()
      let compiled = CompiledRubric(rubric)
      var judgement = make.judgement(of: rubric, gaps: 5)
      if make.random.chance(25) {
        judgement.verdicts["no-such-1"] = .value(1)
        judgement.verdicts["no-such-2"] = .value(1)
      }
      var other = Judgement(rollout: "r", verdicts: [:])
      other.verdicts.reserveCapacity(200)
      for (id, verdict) in judgement.verdicts.shuffled(using: &make.random) {
        other.verdicts[id] = verdict
      }
      try #require(compiled.explain(other) == compiled.explain(judgement))
    }
  }

  /// A judgement is read back from its line.
  @Test func linesAreReadBack() throws {
    try forAll { make in
      let judgement = make.judgement(of: make.rubric(), gaps: 20)
      try #require(
        try Judgement(parsing: Array(judgement.json.jsonText.utf8)) == judgement)
    }
  }
}
