import MetaEditor
import RubricStore
import Testing

/// Each detector fires where its effect is planted, with the right edit, and not where it is not.
@Suite struct SpreadDetectorTests {
  private func top(
    _ rubric: Rubric, share: Double = 1, count: Int = 120
  ) async throws -> Proposal {
    var planted = PlantedEvidence(rubric: rubric) { latent, id in
      id == "x" ? share : latent.quality + latent.noise(id, 0.3)
    }
    planted.count = count
    planted.hasGold = false
    return try await proposal(planted)
  }

  private func rubric(_ criterion: Criterion) -> Rubric {
    var rubric = TestRubrics.numeric(["a", "b"])
    rubric.criteria.append(criterion)
    return rubric
  }

  @Test func aBinaryCriterionGetsLevels() async throws {
    let found = try await top(rubric(TestRubrics.binary("x")))
    #expect(found.changes == ["rescale x"])
    guard case .rescale(_, let delta) = found.edits[0].edit.change else { return }
    #expect(delta.after.levels.map(\.value) == [0, 0.5, 1])
    // 120 of 120 at 0.95 over three criteria: z = 2.394, lower end n/(n + z²).
    #expect(found.edits[0].edit.rationale.contains("100.0 % [95.4 %, 100.0 %] of 120 rollouts"))
    #expect(found.edits[0].support == 120)
    #expect(found.edits[0].edit.evidence.count == 8)
    // The levels that it got are not widened again.
    let after = try rubric(TestRubrics.binary("x")).applying(found.edits.map(\.edit), by: .meta)
    let again = try await top(after)
    #expect(again.edits.isEmpty)
    #expect(again.observes("`x` has the highest verdict", "word it more strictly"))
  }

  @Test func levelsGetOneOnTop() async throws {
    for values: [Double] in [[0, 1, 2, 3], [3, 2, 1, 0]] {
      let found = try await top(rubric(TestRubrics.levels("x", values)))
      #expect(found.changes == ["add_level x"])
      let after = try rubric(TestRubrics.levels("x", values)).applying(
        found.edits.map(\.edit), by: .meta)
      let levels = after.criteria[2].scale.levels.map(\.value)
      #expect(levels == (values[0] == 0 ? [0, 1, 2, 3, 4] : [4, 3, 2, 1, 0]))
      #expect(try await top(after).edits.isEmpty)
    }
  }

  @Test func aNumericScaleIsWidenedToTenSteps() async throws {
    let found = try await top(rubric(TestRubrics.numeric("x", max: 5)))
    guard case .rescale(_, let delta) = found.edits.first?.edit.change else {
      Issue.record("\(found.changes)")
      return
    }
    #expect(delta.after == .numeric(NumericRange(min: 0, max: 10, step: 1), levels: []))
    #expect(try await top(rubric(TestRubrics.numeric("x", max: 10))).edits.isEmpty)
    let seven = try await top(rubric(TestRubrics.numeric("x", max: 7)))
    guard case .rescale(_, let cut) = seven.edits.first?.edit.change else { return }
    #expect(cut.after.bounds?.max == 10)
  }

  @Test func pointsThatAreSummedKeepTheirShare() async throws {
    var summed = rubric(TestRubrics.numeric("x", max: 5))
    summed.aggregation.method = .sum
    summed.aggregation.clip = nil
    let found = try await top(summed)
    #expect(found.changes == ["rescale x", "reweight x"])
    let after = try summed.applying(found.edits.map(\.edit), by: .meta)
    #expect(after.criteria[2].weight == 0.5)
    #expect(found.rationale.hasPrefix("A wider scale for `x`\n"))
  }

  @Test func aViceThatIsAvoidedAndAGateAreOnlyToldOf() async throws {
    var vice = TestRubrics.binary("x")
    vice.polarity = .negative
    let avoided = try await top(rubric(vice))
    #expect(avoided.edits.isEmpty && avoided.observes("`x` is avoided in"))
    var gated = TestRubrics.binary("x")
    gated.gate = Gate(min: 1)
    let kept = try await top(rubric(gated))
    #expect(kept.edits.isEmpty && kept.observes("would move its gate"))
    // 120 of 120 passed: z = 1.96 for the only gate.
    #expect(!kept.observes("never fires"))
    #expect(
      try await top(rubric(gated), count: 600).observes(
        "never fires: it stops 0.0 % [0.0 %, 0.6 %]"))
  }

  @Test func nearlyAllMeansSurelyNearlyAll() async throws {
    // 34 of 34 leave a lower end of 0.856 at z = 2.394.
    #expect(try await top(rubric(TestRubrics.binary("x")), count: 34).edits.isEmpty)
    #expect(try await !top(rubric(TestRubrics.binary("x")), count: 60).edits.isEmpty)
  }

  @Test func whatIsNeverMetIsSetAside() async throws {
    let found = try await top(rubric(TestRubrics.binary("x")), share: 0)
    #expect(found.changes == ["deactivate x"])
    guard case .deactivate(_, let delta) = found.edits[0].edit.change else { return }
    #expect(delta.after == .diagnostic)
    let alone = try await top(Rubric(id: "one", criteria: [TestRubrics.binary("x")]), share: 0)
    #expect(alone.edits.isEmpty && alone.observes("it is the last"))
  }

  @Test func oneVerdictInTheMiddleAsksForLevels() async throws {
    let found = try await top(rubric(TestRubrics.levels("x", [0, 1, 2])), share: 0.5)
    #expect(found.edits.isEmpty && found.observes("`x` has one and the same verdict"))
  }
}

@Suite struct RedundancyDetectorTests {
  private func pair(
    noise: Double, weights: [Double] = [1, 1, 1, 1], change: (inout Rubric) -> Void = { _ in },
    history: [String] = []
  ) async throws -> Proposal {
    var rubric = TestRubrics.numeric(["a", "b", "c", "d"])
    for index in weights.indices { rubric.criteria[index].weight = weights[index] }
    change(&rubric)
    var planted = PlantedEvidence(rubric: rubric) { latent, id in
      switch id {
      case "a": latent.quality
      case "b": latent.quality + latent.noise(id, noise)
      case "c": 0.5 + latent.noise(id, 0.3)
      default: 0.5 + latent.noise(id, 0.3)
      }
    }
    planted.hasGold = false
    return try await proposal(planted, history: history)
  }

  private func weights(_ proposal: Proposal) -> [String: Double] {
    proposal.edits.reduce(into: [:]) { weights, proposed in
      if case .reweight(let id, let delta) = proposed.edit.change {
        weights[id.rawValue] = delta.after
      }
    }
  }

  @Test func aPairCountsAsOne() async throws {
    let found = try await pair(noise: 0.08)
    #expect(weights(found) == ["a": 0.5, "b": 0.5])
    #expect(found.edits[0].edit.rationale.hasPrefix("`a` and `b` say the same: Spearman ρ 0.9"))
    #expect(found.edits[0].edit.rationale.contains("n = 240"))
    // Once is enough.
    #expect(try await pair(noise: 0.08, weights: [0.5, 0.5, 1, 1]).edits.isEmpty)
    #expect(try await pair(noise: 0.08, history: ["less weight on `a` and `b`"]).edits.isEmpty)
    #expect(try await !pair(noise: 0.08, history: ["less weight on `a`"]).edits.isEmpty)
  }

  @Test func aHeavyPairKeepsTheHeaviestWeight() async throws {
    #expect(weights(try await pair(noise: 0.08, weights: [6, 2, 1, 1])) == ["a": 4.5, "b": 1.5])
  }

  @Test func ofTwoThatAreTheSameOneIsEnough() async throws {
    #expect(try await pair(noise: 0).changes == ["deactivate b"])
    #expect(try await pair(noise: 0, weights: [1, 2, 1, 1]).changes == ["deactivate a"])
    let pinned = try await pair(noise: 0, change: { $0.criteria[1].pinned = true })
    #expect(pinned.changes == ["deactivate a"])
    let both = try await pair(
      noise: 0,
      change: {
        $0.criteria[0].pinned = true
        $0.criteria[1].pinned = true
      })
    #expect(both.edits.isEmpty)
  }

  @Test func aPinnedOneStaysAndTheOtherGives() async throws {
    let found = try await pair(noise: 0.08, change: { $0.criteria[0].pinned = true })
    #expect(weights(found) == ["b": 0.5])
  }

  @Test func relatedIsNotRedundant() async throws {
    #expect(try await pair(noise: 0.2).edits.isEmpty)
  }

  @Test func oppositesAreToldOf() async throws {
    let found = try await pair(noise: 0.05, change: { $0.criteria[1].polarity = .negative })
    // The share is of goodness, so that a vice that goes with `a` is avoided where `a` is met.
    #expect(!weights(found).isEmpty)
    let rubric = TestRubrics.numeric(["a", "b"])
    let planted = PlantedEvidence(rubric: rubric, hasGold: false) { latent, id in
      id == "a" ? latent.quality : 1 - latent.quality
    }
    let opposed = try await proposal(planted)
    #expect(opposed.edits.isEmpty && opposed.observes("`a` and `b` pull against each other"))
  }

  @Test func weightsWithoutEffectAreLeftAlone() async throws {
    let found = try await pair(noise: 0.08) { rubric in
      var group = Criterion(id: "group")
      group.rollup = .min
      group.criteria = rubric.criteria
      rubric.criteria = [group]
    }
    #expect(found.edits.isEmpty && found.observes("weights have no effect"))
  }
}

@Suite struct GoldDetectorTests {
  @Test func whatFollowsLengthCountsLess() async throws {
    let found = try await proposal(lengthGame())
    #expect(Set(found.changes) == ["reweight style", "tighten style"])
    let edit = try #require(found.edit(.reweight, "style")?.edit)
    #expect(edit.rationale.contains("`style` follows length rather than gold: Spearman ρ"))
    #expect(edit.rationale.contains("of `style` and length, given gold, 0."))
    #expect(edit.rationale.contains("(95 % intervals, together over"))
    guard case .reweight(_, let delta) = edit.change else { return }
    #expect(delta.before == 1 && delta.after == 0.5)
    guard case .tighten(_, let words) = found.edit(.tighten, "style")?.edit.change else { return }
    #expect(words.after.lowerWhen == ["It is longer than what it says needs."])
    #expect(found.rationale.hasPrefix("Less weight on `style`; stricter `style`\n\n"))
  }

  @Test func brevityIsSeenToo() async throws {
    var planted = lengthGame()
    planted.share = { latent, id in
      id == "style" ? 1 - latent.length : latent.quality + latent.noise(id, 0.4)
    }
    let found = try await proposal(planted)
    guard case .tighten(_, let words) = found.edit(.tighten, "style")?.edit.change else {
      Issue.record("\(found.changes)")
      return
    }
    #expect(words.after.lowerWhen == ["It is too short to do what was asked."])
  }

  @Test func whatFollowsBothIsOnlyTightened() async throws {
    var planted = lengthGame()
    planted.count = 600
    planted.share = { latent, id in
      id == "style"
        ? 0.5 * latent.length + 0.5 * latent.quality : latent.quality + latent.noise(id, 0.3)
    }
    let changes = try await proposal(planted).changes
    #expect(changes == ["tighten style"], "\(changes)")
  }

  @Test func aReasonIsGivenOnce() async throws {
    var planted = lengthGame()
    planted.rubric.criteria[2].lowerWhen = ["It is longer than what it says needs."]
    #expect(try await proposal(planted).changes == ["reweight style"])
  }

  @Test func lengthThatIsMeritIsLeftAlone() async throws {
    var planted = lengthGame()
    planted.gold = { $0.length + 0.2 * $0.quality }
    #expect(try await proposal(planted).edit(.reweight, "style") == nil)
  }

  @Test func withoutGoldLengthIsOnlyToldOf() async throws {
    var planted = lengthGame()
    planted.hasGold = false
    planted.share = { latent, id in latent.length + latent.noise(id, 0.4) }
    planted.rubric = TestRubrics.numeric(["style", "truth"])
    let found = try await proposal(planted)
    #expect(found.edits.isEmpty)
    #expect(found.observes("The reward follows length: Spearman ρ", "whether that is merit"))
    #expect(found.observes("no rollout to learn from has a trusted score".capitalizedFirst))
    planted.hasGold = true
    planted.change = { record, latent in if latent.number > 20 { record.rollout.gold = nil } }
    #expect(try await proposal(planted).observes("too few to tell"))
  }

  @Test func whatIsGamedOverTheTrainingCountsLess() async throws {
    var planted = lengthGame()
    planted.hasSteps = true
    planted.gold = { 0.5 * $0.quality - $0.time }
    planted.share = { latent, id in
      id == "style" ? latent.time + latent.noise(id, 0.2) : latent.quality + latent.noise(id, 0.3)
    }
    let found = try await proposal(planted)
    let edit = try #require(found.edit(.reweight, "style")?.edit)
    #expect(edit.rationale.contains("`style` is being gamed: the reward rises with the step"))
    #expect(found.observes("the policy games the rubric", "from the first quarter to the last"))
    #expect(found.edit(.reweight, "truth") == nil)
  }

  @Test func aRiseInBothIsProgress() async throws {
    var planted = lengthGame()
    planted.hasSteps = true
    planted.gold = { 0.5 * $0.quality + $0.time }
    planted.share = { latent, id in
      id == "style" ? latent.time + latent.noise(id, 0.2) : latent.quality + latent.noise(id, 0.3)
    }
    let found = try await proposal(planted)
    #expect(found.edits.isEmpty && !found.observes("games"))
  }

  @Test func whatDisagreesWithGoldCountsLess() async throws {
    var planted = lengthGame()
    planted.share = { latent, id in
      id == "style"
        ? 1 - latent.quality + latent.noise(id, 0.3) : latent.quality + latent.noise(id, 0.5)
    }
    let found = try await proposal(planted)
    #expect(found.changes == ["reweight style"])
    #expect(
      found.edits[0].edit.rationale.contains("`style` is met where gold is low: Spearman ρ −0."))
    // At the floor it no longer counts.
    planted.rubric.criteria[0].weight = 0.25
    #expect(try await proposal(planted).changes == ["deactivate style"])
    planted.rubric.criteria[0].weight = 0.4
    let near = try await proposal(planted)
    guard case .reweight(_, let delta) = near.edits.first?.edit.change else { return }
    #expect(delta.after == 0.25)
    // One that has no other beside it is left.
    planted.rubric.criteria = [planted.rubric.criteria[0]]
    let alone = try await proposal(planted)
    #expect(alone.edits.isEmpty && alone.observes("nothing beside it is better"))
  }

  @Test func namesThoseThatShowItBest() async throws {
    var planted = lengthGame()
    planted.share = { latent, id in
      id == "style" ? 1 - latent.quality : latent.quality + latent.noise(id, 0.5)
    }
    let found = try await proposal(planted)
    let records = planted.records
    let golds = found.edits[0].edit.evidence.map { name in
      records.first { $0.rollout.name == name }?.rollout.gold ?? 0
    }
    #expect(golds.count == 8)
    // At both ends: high verdicts with the least gold, low ones with the most.
    #expect(golds.allSatisfy { $0 < 0.2 })
  }

  @Test func whatWasSetAsideAndAgreesCountsAgain() async throws {
    var planted = lengthGame()
    planted.rubric.criteria[1].status = .diagnostic
    planted.share = { latent, id in
      id == "truth" ? latent.quality + latent.noise(id, 0.1) : 0.5 + latent.noise(id, 0.3)
    }
    let stays = try await proposal(planted)
    #expect(stays.edits.isEmpty)
    #expect(stays.observes("`truth` is not counted and agrees with gold", "it stays"))
    let back = try await proposal(planted, history: ["essay: no longer count `truth`"])
    #expect(back.changes == ["activate truth"])
    // Another word that begins alike is another criterion.
    #expect(try await proposal(planted, history: ["no longer count `truth-2`"]).edits.isEmpty)
  }

  @Test func effectsAreFoundInMostSamples() async throws {
    var missed: [UInt64] = []
    for seed in UInt64(1)...50 {
      var planted = lengthGame()
      planted.seed = seed
      if try await proposal(planted).edit(.reweight, "style") == nil { missed.append(seed) }
    }
    #expect(missed.count <= 2, "seeds \(missed)")
  }
}

@Suite struct FailureAndGateDetectorTests {
  @Test func whatTheJudgeFailsOnIsSetAside() async throws {
    var planted = lengthGame()
    planted.hasGold = false
    planted.change = { record, latent in
      if latent.number % 3 == 0 { record.verdicts["depth"] = .error("timeout") }
      if latent.number % 4 == 1 { record.verdicts["depth"] = .value(99) }
    }
    let found = try await proposal(planted)
    #expect(found.changes == ["deactivate depth"])
    #expect(found.edits[0].edit.rationale.hasPrefix("The judge fails on `depth` in 50.0 %"))
    #expect(found.edits[0].support == 120)
    planted.rubric.criteria[2].gate = Gate(min: 1)
    let gated = try await proposal(planted)
    #expect(gated.edits.isEmpty && gated.observes("fails on `depth`", "it has a gate"))
  }

  @Test func aJudgeThatFailsOnAllIsNoFaultOfACriterion() async throws {
    var planted = lengthGame()
    planted.hasGold = false
    planted.change = { record, latent in
      guard latent.number % 2 == 0 else { return }
      for id in record.verdicts.keys { record.verdicts[id] = .error("down") }
    }
    let found = try await proposal(planted)
    #expect(found.edits.isEmpty && found.observes("fails on `depth`"))
  }

  @Test func whatDoesNotApplyIsToldOf() async throws {
    var planted = lengthGame()
    planted.hasGold = false
    planted.change = { record, latent in
      if latent.number % 4 != 0 { record.verdicts["depth"] = .notApplicable }
    }
    let found = try await proposal(planted)
    #expect(found.edits.isEmpty)
    #expect(found.observes("`depth` does not apply in 75.0 %", "has no `applies_when`"))
    planted.rubric.aggregation.na = .fail
    let fatal = try await proposal(planted)
    #expect(fatal.changes == ["deactivate depth"], "\(fatal)")
  }

  private func gated(_ gate: Gate, _ share: @escaping (Latent) -> Double) -> PlantedEvidence {
    var planted = lengthGame()
    planted.hasGold = false
    planted.rubric.criteria[3].gate = gate
    let others = planted.share
    planted.share = { latent, id in id == "order" ? share(latent) : others(latent, id) }
    return planted
  }

  @Test func aGateThatAlwaysFiresIsLowered() async throws {
    let planted = gated(Gate(min: 9)) { 0.7 * $0.quality }
    var policy = Policy()
    policy.trustRegion.meanReward = nil
    let found = try await proposal(planted, policy: policy)
    guard case .relax(_, let delta) = found.edit(.relax, "order")?.edit.change else {
      Issue.record("\(found.changes) \(found.refused)")
      return
    }
    // Verdicts are 0 to 7, evenly; a quarter of them is 5 or more, about.
    #expect(delta.after.gate == Gate(min: 5) || delta.after.gate == Gate(min: 6))
    #expect(delta.after.gate?.effect == .veto)
  }

  @Test func aVetoThatStopsAllBecomesACap() async throws {
    let planted = gated(Gate(min: 1)) { _ in 0 }
    let found = try await proposal(planted)
    guard case .relax(_, let delta) = found.edit(.relax, "order")?.edit.change else {
      Issue.record("\(found.changes) \(found.refused)")
      return
    }
    #expect(delta.after.gate == Gate(min: 1, effect: .cap, cap: 0.25))
    let capped = gated(Gate(min: 1, effect: .cap, cap: 0.25)) { _ in 0 }
    let still = try await proposal(capped)
    #expect(still.edits.isEmpty && still.observes("always fires", "a person should say"))
  }

  @Test func gatesLookAtVicesInTheMirror() async throws {
    var planted = gated(Gate(min: 9)) { _ in 1 }
    planted.rubric.criteria[3].polarity = .negative
    // Goodness 1 is a verdict of 0, which is mirrored to 10: the gate is passed.
    #expect(try await !proposal(planted).observes("always fires"))
    let others = planted.share
    planted.share = { latent, id in id == "order" ? 0 : others(latent, id) }
    #expect(try await proposal(planted).edit(.relax, "order") != nil)
  }
}
