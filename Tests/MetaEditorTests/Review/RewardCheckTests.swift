import MetaEditor
import RubricStore
import Testing

/// How far rewards move, and what that rests on.
@Suite struct RewardCheckTests {
  private static let pair = """
    schema: rubric/1
    id: pair
    criteria:
      - {id: flow, text: Do the ideas follow from one another?, scale: {numeric: {min: 0, max: 5}}}
      - {id: length, text: Is it as long as was asked for?}
    """

  private func review(
    _ yaml: String, _ policy: Policy, of text: String = pair, gold: Bool = true, count: Int = 120,
    _ change: (Int, inout [CriterionID: Verdict]) -> Void = { _, _ in }
  ) throws -> Review {
    let rubric = try ReviewSample.rubric(text)
    let edits = try ReviewSample.edits(yaml, for: rubric)
    return Reviewer(policy: policy).review(
      Proposal(edits: edits, rationale: "why"), of: rubric,
      on: ReviewSample.evidence(rubric, count: count, gold: gold, change))
  }

  @Test func meanReward() throws {
    // All have 1 of 5 for flow and 1 for length: (0.2 + 1) / 2 goes to (0.2 + 3) / 4.
    let fixed = { (_: Int, verdicts: inout [CriterionID: Verdict]) in
      verdicts = ["flow": .value(1), "length": .value(1)]
    }
    let yaml = "[{op: reweight, id: length, after: 3}]"
    let near = try review(yaml, ReviewSample.policy { $0.trustRegion.meanReward = 0.2 }, fixed)
    #expect(near.acceptsAll)
    let found = try #require(near.check("trust_region.mean_reward")?.measured)
    #expect((found - 0.2).magnitude < 1e-9)
    let far = try review(yaml, ReviewSample.policy { $0.trustRegion.meanReward = 0.19 }, fixed)
    #expect(far.failed == ["trust_region.mean_reward"])
    #expect(
      far.check("trust_region.mean_reward")?.sentence.contains("from 0.6 to 0.8, 20 %") == true)
    // The unit is the range of rewards: 0 to 4 instead of 0 to 1 changes no share.
    let sum = Self.pair.replacing(
      "criteria:", with: "aggregation: {method: weighted_mean, clip: [0, 4]}\ncriteria:")
    #expect(
      try review(yaml, ReviewSample.policy { $0.trustRegion.meanReward = 0.2 }, of: sum, fixed)
        .acceptsAll)
  }

  @Test func worstReward() throws {
    // Only one rollout has what the edit makes count for more.
    let one = { (number: Int, verdicts: inout [CriterionID: Verdict]) in
      verdicts = ["flow": .value(0), "length": .value(number == 7 ? 1 : 0)]
    }
    let yaml = "[{op: reweight, id: length, after: 3}]"
    let far = try review(yaml, ReviewSample.policy { $0.trustRegion.worstReward = 0.24 }, one)
    #expect(far.failed == ["trust_region.worst_reward"])
    #expect(far.check("trust_region.worst_reward")?.sentence.contains("`r7`") == true)
    #expect(
      try review(yaml, ReviewSample.policy { $0.trustRegion.worstReward = 0.25 }, one).acceptsAll)
  }

  @Test func rankCorrelation() throws {
    let policy = ReviewSample.policy { $0.trustRegion.rankCorrelation = 0.5 }
    let turned = try review(
      "[{op: set_polarity, id: flow, after: {polarity: negative, credit: avoidance}}]", policy)
    #expect(turned.failed == ["trust_region.rank_correlation"])
    #expect((turned.check("trust_region.rank_correlation")?.measured ?? 1) < 0.5)
    #expect(try review("[{op: reweight, id: flow, after: 2}]", policy).acceptsAll)
    // Nothing is told apart any more.
    let flat = try review(
      "[{op: deactivate, id: flow, after: inactive}]", policy
    ) { _, verdicts in verdicts["length"] = .value(1) }
    #expect(flat.failed == ["trust_region.rank_correlation"])
    #expect(flat.check("trust_region.rank_correlation")?.measured == 0)
    // Nothing was before.
    let same = try review("[{op: reweight, id: flow, after: 2}]", policy) { _, verdicts in
      verdicts = ["flow": .value(5), "length": .value(1)]
    }
    #expect(same.acceptsAll)
    #expect(
      same.check("trust_region.rank_correlation")?.outcome
        == .notMade("all rewards before are alike"))
  }

  @Test func whatIsNotJudgedYet() throws {
    let policy = ReviewSample.policy {
      $0.trustRegion.meanReward = 0.01
      $0.trustRegion.rankCorrelation = 0.99
    }
    // A new criterion is left out, and the sentence says so.
    let added = try review(
      "[{op: add, after: {criterion: {id: depth, text: Is it deep?}, place: {follows: flow}}}]",
      policy)
    #expect(added.acceptsAll)
    let sentence = added.check("trust_region.mean_reward")?.sentence ?? ""
    #expect(sentence.contains("`depth` left out, not judged yet"))
    #expect(sentence.contains("an estimate by the old verdicts"))
    // In a wider scale a verdict keeps its place, so that the reward is what it was.
    #expect(
      try review("[{op: rescale, id: flow, after: {numeric: {min: 0, max: 10}}}]", policy)
        .acceptsAll)
    #expect(
      try review(
        "[{op: rescale, id: flow, after: {levels: [{value: 0, text: no}, {value: 1, text: yes}]}}]",
        ReviewSample.policy { $0.trustRegion.worstReward = 0.26 }
      ).acceptsAll)
    // A criterion that a merge made has the mean place of those it was made of.
    let twins = ReviewSample.essay
    let merge = """
      - op: merge_criteria
        before:
          - {criterion: {id: words, text: Are the words well chosen?}, place: {parent: style}}
          - {criterion: {id: rhythm, text: Do long and short sentences alternate?}, place: {parent: style, follows: words}}
        after: [{criterion: {id: prose, text: Does it read well?, scale: {numeric: {min: 0, max: 4}}}, place: {parent: style}}]
      """
    let merged = try review(merge, policy, of: twins)
    #expect(merged.acceptsAll)
    #expect(merged.check("trust_region.mean_reward")?.measured ?? 1 < 1e-9)
  }

  @Test func whatCannotBeMeasured() throws {
    let policy = ReviewSample.policy {
      $0.trustRegion.meanReward = 0.5
      $0.trustRegion.worstReward = 1
    }
    // The judge's whole answer would be another.
    let holistic = try review("[{op: set_judge, after: {mode: holistic}}]", policy)
    #expect(holistic.failed == ["trust_region.mean_reward", "trust_region.worst_reward"])
    // In one call it answers the same questions.
    #expect(try review("[{op: set_judge, after: {mode: one_call}}]", policy).acceptsAll)
    // Without bounds nothing need be measured.
    #expect(
      try review("[{op: set_judge, after: {mode: holistic}}]", ReviewSample.policy()).acceptsAll)
    // No reward before, nothing to compare.
    let blind = try review("[{op: reweight, id: flow, after: 2}]", policy) { _, verdicts in
      verdicts["flow"] = .error("timeout")
    }
    #expect(blind.acceptsAll)
    #expect(
      blind.proposed.count {
        $0.outcome == .notMade("no rollout of the evidence has a reward under the rubric before")
      } == 3)
    // Rewards that get lost.
    let lost = try review(
      "[{op: set_aggregation, after: {na: fail}}]", policy
    ) { number, verdicts in if number % 5 < 3 { verdicts["length"] = .notApplicable } }
    #expect(lost.failed == ["trust_region.mean_reward"])
    #expect(lost.check("trust_region.mean_reward")?.sentence.contains("72 of 120 rollouts") == true)
  }

  @Test func agreement() throws {
    let policy = ReviewSample.policy { $0.agreement.tolerance = 0.05 }
    // Length says nothing of merit, flow says all.
    let text = Self.pair.replacing("{id: flow,", with: "{id: flow, weight: 4,")
    let worse = "[{op: reweight, id: length, after: 24}]"
    let better = "[{op: reweight, id: flow, after: 8}]"
    let refused = try review(worse, policy, of: text)
    #expect(refused.failed == ["agreement.tolerance"])
    let check = try #require(refused.check("agreement.tolerance"))
    #expect(check.bound == 0.05 && (check.measured ?? 0) > 0.05 && (check.before ?? 0) > 0.3)
    #expect(try review(better, policy, of: text).acceptsAll)
    #expect(
      try review(worse, ReviewSample.policy { $0.agreement.tolerance = 1 }, of: text).acceptsAll)
    // Only what is held out counts.
    #expect(
      try review(worse, ReviewSample.policy { $0.agreement = rule(holdout: 0) }, of: text)
        .acceptsAll)
    // Not made with too few, without trusted scores, or with scores that are all alike.
    for (gold, count, reason) in [(true, 30, "needed"), (false, 120, "needed")] {
      let review = try review(worse, policy, of: text, gold: gold, count: count)
      #expect(review.acceptsAll, "\(gold) \(count)")
      guard case .notMade(let why) = review.check("agreement.tolerance")?.outcome else {
        Issue.record("made with \(count), \(gold)")
        continue
      }
      #expect(why.contains(reason))
    }
  }

  private func rule(holdout: Double) -> Policy.AgreementRule {
    var rule = Policy().agreement
    (rule.holdout, rule.tolerance) = (holdout, 0)
    return rule
  }
}
