internal import RubricStore

/// Finds gates that stop nearly every rollout, or none.
struct GateDetector: Detector {
  func diagnose(_ study: Study) throws -> Diagnoses {
    var found = Diagnoses()
    guard study.layout.isJudgedByCriterion else { return found }
    let leaves = study.layout.leaves.filter { $0.criterion.gate != nil }
    let confidence = study.confidence(leaves.count)
    for leaf in leaves {
      try Task.checkCancellation()
      guard let gate = leaf.criterion.gate, let bounds = leaf.criterion.scale.bounds,
        let values = study.table.goodness[leaf.id]
      else { continue }
      // Goodness is mirrored as a gate mirrors a negative verdict.
      let width = bounds.max - bounds.min
      let verdicts = values.map { $0.map { bounds.min + $0 * width } }
      let count = verdicts.count { $0 != nil }
      let stopped = study.table.rows.filter { row in
        verdicts[row].map { $0 < gate.min - 1e-9 * width } ?? false
      }
      guard count >= study.settings.rollouts,
        let share = Statistics.share(stopped.count, of: count, confidence: confidence)
      else { continue }
      let statistic =
        "\(StatisticText.share(share)) of \(StatisticText.count(share.count, "rollout")) (Wilson; "
        + "\(StatisticText.intervals(confidence)))"
      if share.upper <= study.settings.gateNever {
        found.observations.append(
          "the gate of `\(leaf.id)` never fires: it stops \(statistic); it may be what keeps "
            + "them, so that it stays")
      } else if share.lower >= study.settings.gateAlways {
        found.add(
          opening(leaf, gate, verdicts.compactMap { $0 }, stopped, share, statistic, study))
      }
    }
    return found
  }

  private func opening(
    _ leaf: Leaf, _ gate: Gate, _ verdicts: [Double], _ stopped: [Int], _ share: Estimate,
    _ statistic: String, _ study: Study
  ) -> Diagnoses {
    let found = "the gate of `\(leaf.id)` always fires: it stops \(statistic)"
    guard let (after, words) = opened(gate, leaf, verdicts, study) else {
      return Diagnoses(observations: [
        "\(found), and the reward is the same for all that would have more; a person should say "
          + "what it is to ask for"
      ])
    }
    return Diagnoses(items: [
      Diagnosis(
        criterion: leaf.id, concern: .gated, strength: share.lower, remedy: .relax(after),
        reason: "\(found), so that the reward tells nothing apart; \(words)", rows: stopped)
    ])
  }

  /// A gate that leaves something to learn from: lower, or with a cap in place of a veto.
  private func opened(
    _ gate: Gate, _ leaf: Leaf, _ verdicts: [Double], _ study: Study
  ) -> (Gate, String)? {
    let low = leaf.criterion.scale.bounds?.min ?? 0
    let candidates = Set(verdicts).filter { $0 > low && $0 < gate.min }.sorted(by: >)
    let isListed = { (value: Double) in
      leaf.criterion.scale.levels.isEmpty
        || leaf.criterion.scale.levels.contains { $0.value == value }
    }
    for min in candidates where isListed(min) {
      let passed = verdicts.count { $0 >= min }
      guard Double(passed) >= study.settings.gatePass * Double(verdicts.count) else { continue }
      var after = gate
      after.min = min
      return (
        after,
        "at \(CanonicalNumber.text(min)) it lets "
          + "\(StatisticText.percent(Double(passed) / Double(verdicts.count))) pass"
      )
    }
    guard gate.effect == .veto, let clip = study.request.rubric.aggregation.clip else { return nil }
    let share = min(0.25, study.request.policy.trustRegion.meanReward ?? 0.25)
    guard share > 0.01 else { return nil }
    let cap = clip.lower + ((clip.upper - clip.lower) * share * 100).rounded() / 100
    guard cap > clip.lower, cap < clip.upper else { return nil }
    return (
      Gate(min: gate.min, effect: .cap, cap: cap),
      "with a cap of \(CanonicalNumber.text(cap)) in place of the veto it still costs, and what lies "
        + "below can be told apart"
    )
  }
}
