import RubricStore
import Testing

/// Laws over generated rubrics; a failure prints the seed that repeats it.
@Suite("Laws of scoring")
struct ScoreLawTests {
  private static let seeds: [UInt64] = (0..<20).map { 7_000 + $0 }
  private static let casesPerSeed = 200

  @Test(
    "raising a positive verdict never lowers the reward, raising a negative one never raises it",
    arguments: seeds)
  func monotone(seed: UInt64) {
    var generator = JudgementGenerator(seed: seed)
    var compared = 0
    for number in 0..<Self.casesPerSeed {
      let rubric = generator.rubric()
      let compiled = CompiledRubric(rubric)
      var judgement = generator.judgement(of: rubric)
      let leaf = generator.random.pick(generator.leaves(rubric.criteria))
      let pair = [generator.value(in: leaf.scale), generator.value(in: leaf.scale)].sorted()
      judgement.verdicts[leaf.id] = .value(pair[0])
      let low = compiled.explain(judgement)
      judgement.verdicts[leaf.id] = .value(pair[1])
      let high = compiled.explain(judgement)
      guard let lower = low.score.reward, let higher = high.score.reward else {
        #expect(low.score.reward == nil && high.score.reward == nil, "seed \(seed), case \(number)")
        continue
      }
      compared += 1
      // Every step of the arithmetic is monotone in doubles too, so that no rounding is allowed for.
      let isRight = leaf.polarity == .positive ? higher >= lower : higher <= lower
      #expect(isRight, "seed \(seed), case \(number): \(leaf.id) \(pair) gives \(lower), \(higher)")
      if let before = low.gates.first(where: { $0.id == leaf.id }),
        let after = high.gates.first(where: { $0.id == leaf.id })
      {
        let better = leaf.polarity == .positive ? after : before
        let worse = leaf.polarity == .positive ? before : after
        #expect(!better.fired || worse.fired, "seed \(seed), case \(number): gate of \(leaf.id)")
      }
    }
    #expect(compared > Self.casesPerSeed / 4, "seed \(seed): too few cases had a reward")
  }

  @Test("an explanation has the score's reward, and its contributions add up", arguments: seeds)
  func explained(seed: UInt64) throws {
    var generator = JudgementGenerator(seed: seed)
    for number in 0..<Self.casesPerSeed {
      let rubric = generator.rubric()
      let compiled = CompiledRubric(rubric)
      let judgement = generator.judgement(of: rubric)
      let score = compiled.score(judgement)
      let explained = compiled.explain(judgement)
      let label: Comment = "seed \(seed), case \(number)"
      #expect(explained.score == score, label)
      #expect((score.reward == nil) == !score.unscorable.isEmpty, label)
      guard let raw = score.raw, let reward = score.reward else {
        #expect(explained.contributions.allSatisfy { $0.contribution == nil }, label)
        continue
      }
      if let clip = rubric.aggregation.clip {
        #expect((clip.lower...clip.upper).contains(reward), label)
      }
      let size = explained.contributions.reduce(1) { $0 + ($1.contribution ?? 0).magnitude }
      for parts in [
        explained.contributions.filter { !$0.isGroup },
        explained.contributions.filter { $0.group == nil },
      ] {
        let total = parts.reduce(0) { $0 + ($1.contribution ?? 0) }
        #expect((total - raw).magnitude <= 1e-12 * size, label)
      }
      for gate in explained.gates where gate.fired {
        #expect(try reward <= #require(gate.limit), label)
      }
    }
  }

  @Test(
    "no veto leaves a reward below which another judgement without na could fall", arguments: seeds)
  func vetoFloor(seed: UInt64) {
    var generator = JudgementGenerator(seed: seed)
    for number in 0..<Self.casesPerSeed {
      var rubric = generator.rubric()
      rubric.aggregation.clip = nil
      let compiled = CompiledRubric(rubric)
      var judgement = Judgement(rollout: "x", verdicts: [:])
      for leaf in generator.leaves(rubric.criteria) {
        judgement.verdicts[leaf.id] = .value(generator.value(in: leaf.scale))
      }
      let explained = compiled.explain(judgement)
      for gate in explained.gates where gate.gate.effect == .veto {
        if let raw = explained.score.raw, let limit = gate.limit {
          #expect(limit <= raw, "seed \(seed), case \(number)")
        }
      }
    }
  }

  @Test("the order in which verdicts are given does not matter", arguments: seeds.prefix(5))
  func order(seed: UInt64) {
    var generator = JudgementGenerator(seed: seed)
    for number in 0..<Self.casesPerSeed {
      let rubric = generator.rubric()
      let compiled = CompiledRubric(rubric)
      var judgement = generator.judgement(of: rubric)
      judgement.verdicts["no-such-1"] = number % 4 == 0 ? .value(1) : nil
      judgement.verdicts["no-such-2"] = number % 4 == 0 ? .value(1) : nil
      var other = Judgement(rollout: "r", verdicts: [:])
      other.verdicts.reserveCapacity(1_000)
      for (id, verdict) in judgement.verdicts.shuffled(using: &generator.random) {
        other.verdicts[id] = verdict
      }
      #expect(
        compiled.explain(other) == compiled.explain(judgement), "seed \(seed), case \(number)")
    }
  }
}
