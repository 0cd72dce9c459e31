internal import RubricStore

/// Finds criteria that no longer count and agree with the trusted score in what the reward misses.
///
/// What it asks for excludes all that another detector sets a criterion aside for, so that the same
/// evidence never leads back and forth.
struct RecoveryDetector: Detector {
  func diagnose(_ study: Study) throws -> Diagnoses {
    var found = Diagnoses()
    guard study.hasGold, study.layout.isJudgedByCriterion else { return found }
    let leaves = study.layout.leaves.filter { $0.criterion.status == .diagnostic }
    let columns = leaves.compactMap { leaf in
      study.column(of: leaf, in: study.goldRows).map { (leaf: leaf, column: $0) }
    }
    let confidence = study.confidence(2 * columns.count)
    for (leaf, column) in columns {
      try Task.checkCancellation()
      let matrix = RankMatrix(
        [column, study.table.gold, study.table.reward] + study.heldStep, in: study.goldRows)
      let held = Array(3..<3 + study.heldStep.count)
      guard matrix.count >= study.settings.rollouts,
        let agreement = matrix.estimate(0, 1, given: held, confidence: confidence),
        let beyond = matrix.estimate(0, 1, given: [2] + held, confidence: confidence),
        min(agreement.lower, beyond.lower) >= study.settings.agreement,
        (matrix[0, 1] ?? 0) > 0, !isSuspect(leaf, column, study)
      else { continue }
      let reason =
        "`\(leaf.id)` is not counted and agrees with gold: Spearman ρ\(study.given([])) "
        + "\(StatisticText.estimate(agreement))\(study.given(["reward"])) "
        + "\(StatisticText.estimate(beyond)), n = \(agreement.count) "
        + "(\(StatisticText.intervals(confidence)))"
      // A person may have had a reason; a meta-update's own reason is gone.
      guard study.history(names: [leaf.id]) else {
        found.observations.append("\(reason); no meta-update set it aside, so that it stays")
        continue
      }
      let rows = study.table.rows(where: [column, study.table.gold], in: study.goldRows) {
        $0[0] * $0[1]
      } when: {
        $0[0] * $0[1] > 0
      }
      found.items.append(
        Diagnosis(
          criterion: leaf.id, concern: .recovered, strength: agreement.lower, remedy: .activate,
          reason: reason, rows: rows, agreement: agreement.value))
    }
    return found
  }

  /// Whether anything else would speak against it were it counted.
  private func isSuspect(_ leaf: Leaf, _ column: RankedColumn, _ study: Study) -> Bool {
    guard let tally = study.request.evidence.tallies[leaf.id] else { return true }
    let isFatal = study.request.rubric.aggregation.na == .fail
    let failures = Statistics.share(
      tally.errors + tally.invalid + (isFatal ? tally.notApplicable : 0),
      of: tally.total - tally.missing)
    if let failures, failures.upper >= study.settings.failures { return true }
    let (mode, count) = column.modalCount(in: study.table.rows)
    if Double(mode) >= study.settings.saturation * Double(count) { return true }
    let isFollowing = study.table.surface.contains { feature in
      let matrix = RankMatrix(
        [column, feature, study.table.gold] + study.heldStep, in: study.goldRows)
      let value = matrix.partial(0, 1, given: Array(2..<3 + study.heldStep.count)) ?? 0
      return value.magnitude >= study.settings.surface
    }
    if isFollowing { return true }
    return study.counted.contains { other in
      guard other.family == leaf.family, let counted = study.table.ranked[other.id] else {
        return false
      }
      let value = RankMatrix([column, counted], in: study.table.rows)[0, 1] ?? 0
      return value >= study.settings.redundancy
    }
  }
}
