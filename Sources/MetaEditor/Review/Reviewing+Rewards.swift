internal import RubricStore

extension Reviewing {
  /// How far rewards move on the evidence, and whether they agree with trusted scores as before.
  func checkRewards(_ result: Rubric, _ edits: [Edit]) -> [ReviewCheck] {
    let region = policy.trustRegion
    let names: [(String, Double?)] = [
      ("trust_region.mean_reward", region.meanReward),
      ("trust_region.worst_reward", region.worstReward),
      ("trust_region.rank_correlation", region.rankCorrelation),
    ]
    let scored = evidence.sample.count { $0.reward != nil }
    guard scored > 0 else {
      let reason = "no rollout of the evidence has a reward under the rubric before"
      return (names.filter { $0.1 != nil } + [("agreement.tolerance", policy.agreement.tolerance)])
        .map {
          ReviewCheck($0.0, .notMade(reason), bound: $0.1, sentence: "not measured: \(reason)")
        }
    }
    guard let held = HeldRewards(of: evidence.sample, from: rubric, to: result, by: edits) else {
      let sentence =
        "the judge would give verdicts of another kind, so that no reward can be estimated"
      return names.filter { $0.1 != nil }
        .map { ReviewCheck($0.0, .failed, bound: $0.1, sentence: sentence) }
        + [
          ReviewCheck(
            "agreement.tolerance", .notMade(sentence), bound: policy.agreement.tolerance,
            sentence: "not measured: \(sentence)")
        ]
    }
    let unit = rewardUnit
    return [
      region.meanReward.map { checkMean(held, unit, $0) },
      region.worstReward.map { checkWorst(held, unit, $0) },
      region.rankCorrelation.map { checkRanks(held, $0) },
      checkAgreement(held),
    ].compactMap(\.self)
  }

  /// The width of the range of rewards that the rubric before can give; of its clip where that is a
  /// point.
  private var rewardUnit: Double {
    if let range = CompiledRubric(rubric).rewardRange, range.upperBound > range.lowerBound,
      (range.upperBound - range.lowerBound).isFinite
    {
      return range.upperBound - range.lowerBound
    }
    if let clip = rubric.aggregation.clip, clip.upper > clip.lower {
      return clip.upper - clip.lower
    }
    return 1
  }

  private func checkMean(_ held: HeldRewards, _ unit: Double, _ bound: Double) -> ReviewCheck {
    let all = held.pairs.count + held.lost
    let lost = Double(held.lost) / Double(max(1, all))
    // A rollout that loses its reward moves by as much as one can.
    if Self.exceeds(lost, bound) || held.pairs.isEmpty {
      return ReviewCheck(
        "trust_region.mean_reward", .failed, measured: lost, bound: bound,
        sentence: "\(held.lost) of \(Self.count(all, "rollout")) would have no reward any more")
    }
    let count = Double(held.pairs.count)
    let before = held.pairs.reduce(0) { $0 + $1.before } / count
    let after = held.pairs.reduce(0) { $0 + $1.after } / count
    let share = (after - before).magnitude / unit
    return ReviewCheck(
      "trust_region.mean_reward", Self.exceeds(share, bound) ? .failed : .passed, measured: share,
      bound: bound,
      sentence: "the mean reward of \(Self.count(held.pairs.count, "rollout")) goes from "
        + "\(Self.show(before)) to \(Self.show(after)), \(Self.percent(share)) of the range of "
        + "rewards, at most \(Self.percent(bound)) allowed" + held.note)
  }

  private func checkWorst(_ held: HeldRewards, _ unit: Double, _ bound: Double) -> ReviewCheck {
    let worst = held.pairs.max {
      ($0.after - $0.before).magnitude < ($1.after - $1.before).magnitude
    }
    guard let worst else {
      return ReviewCheck(
        "trust_region.worst_reward", .failed, bound: bound,
        sentence: "none of \(Self.count(held.lost, "rollout")) would have a reward any more")
    }
    let share = (worst.after - worst.before).magnitude / unit
    let name = NodeReader.quote(evidence.sample[worst.index].record.rollout.name)
    return ReviewCheck(
      "trust_region.worst_reward", Self.exceeds(share, bound) ? .failed : .passed, measured: share,
      bound: bound,
      sentence: "the reward of \(name) goes from \(Self.show(worst.before)) to "
        + "\(Self.show(worst.after)), \(Self.percent(share)) of the range of rewards, "
        + "at most \(Self.percent(bound)) allowed" + held.note)
  }

  private func checkRanks(_ held: HeldRewards, _ bound: Double) -> ReviewCheck {
    let name = "trust_region.rank_correlation"
    let before = held.pairs.map(\.before)
    let after = held.pairs.map(\.after)
    guard before.count >= 3, Set(before).count > 1 else {
      let reason =
        before.count < 3
        ? "fewer than 3 rollouts have a reward before and after" : "all rewards before are alike"
      return ReviewCheck(
        name, .notMade(reason), bound: bound, sentence: "not measured: \(reason)")
    }
    guard let found = Statistics.spearman(before, after)?.value else {
      return ReviewCheck(
        name, bound > 0 ? .failed : .passed, measured: 0, bound: bound,
        sentence: "all \(after.count) rewards after are alike, so that they tell nothing apart"
          + held.note)
    }
    return ReviewCheck(
      name, found < bound - 1e-9 ? .failed : .passed, measured: found, bound: bound,
      sentence: "the rank correlation of the rewards of \(Self.count(before.count, "rollout")) "
        + "before and after is \(Self.show(found)), at least \(Self.show(bound)) expected"
        + held.note)
  }

  private func checkAgreement(_ held: HeldRewards) -> ReviewCheck {
    let name = "agreement.tolerance"
    let rule = policy.agreement
    func notMade(_ reason: String) -> ReviewCheck {
      ReviewCheck(
        name, .notMade(reason), bound: rule.tolerance, sentence: "not measured: \(reason)")
    }
    let pairs = held.pairs.filter { heldOut.contains($0.index) }
    guard pairs.count >= rule.rollouts else {
      return notMade(
        "\(Self.count(pairs.count, "held-out rollout")) with a trusted score and a reward, "
          + "\(rule.rollouts) needed")
    }
    let gold = pairs.compactMap { evidence.sample[$0.index].gold }
    guard gold.count == pairs.count, Set(gold).count > 1 else {
      return notMade("all trusted scores that were held out are alike")
    }
    // Rewards that are all alike agree with nothing.
    let before = Statistics.spearman(pairs.map(\.before), gold)?.value ?? 0
    let after = Statistics.spearman(pairs.map(\.after), gold)?.value ?? 0
    let isFailed = after < before - rule.tolerance - 1e-9
    return ReviewCheck(
      name, isFailed ? .failed : .passed, measured: before - after, before: before,
      bound: rule.tolerance,
      sentence: "the rank correlation of reward and trusted score on \(pairs.count) held-out "
        + "rollouts goes from \(Self.show(before)) to \(Self.show(after)), "
        + "a fall of at most \(Self.show(rule.tolerance)) allowed" + held.note)
  }
}

extension HeldRewards {
  /// What the figures rest on, for the end of a sentence; empty where verdicts carry over.
  fileprivate var note: String {
    var parts: [String] = []
    if let assumption { parts.append(assumption) }
    if !leftOut.isEmpty {
      let names = Suggestion.list(leftOut.prefix(3).map(\.rawValue), conjunction: "and")
      let more = leftOut.count > 3 ? " and \(leftOut.count - 3) more" : ""
      parts.append("\(names)\(more) left out, not judged yet")
    }
    if lost > 0, !pairs.isEmpty { parts.append("\(lost) without a reward after left out") }
    return parts.isEmpty ? "" : " (\(parts.joined(separator: "; ")))"
  }
}
