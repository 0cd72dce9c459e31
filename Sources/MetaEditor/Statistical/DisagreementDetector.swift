internal import RubricStore

/// Finds criteria that are met where the trusted score is low.
struct DisagreementDetector: Detector {
  func diagnose(_ study: Study) throws -> Diagnoses {
    guard study.hasGold else {
      let count = study.goldRows.count
      return Diagnoses(observations: [
        count == 0
          ? "no rollout to learn from has a trusted score, so that it cannot be told whether the "
            + "reward follows what matters"
          : "\(StatisticText.count(count, "rollout")) to learn from with a trusted score: too few to "
            + "tell whether the reward follows what matters, at least \(study.settings.rollouts) are "
            + "needed"
      ])
    }
    var found = Diagnoses()
    let columns = study.counted.compactMap { leaf in
      study.column(of: leaf, in: study.goldRows).map { (leaf: leaf, column: $0) }
    }
    let confidence = study.confidence(columns.count)
    for (leaf, column) in columns {
      try Task.checkCancellation()
      let matrix = RankMatrix([column, study.table.gold] + study.heldStep, in: study.goldRows)
      guard matrix.count >= study.settings.rollouts,
        let estimate = matrix.estimate(
          0, 1, given: Array(2..<2 + study.heldStep.count), confidence: confidence),
        estimate.upper <= -study.settings.disagreement
      else { continue }
      let rows = study.table.rows(where: [column, study.table.gold], in: study.goldRows) {
        $0[0] - $0[1]
      } when: {
        $0[0] * $0[1] < 0
      }
      found.items.append(
        Diagnosis(
          criterion: leaf.id, concern: .disagreeing, strength: -estimate.upper, remedy: .lessen,
          reason: "`\(leaf.id)` is met where gold is low: Spearman ρ\(study.given([])) "
            + "\(StatisticText.estimate(estimate)), n = \(estimate.count) "
            + "(\(StatisticText.intervals(confidence)))", rows: rows, agreement: estimate.value))
    }
    return found
  }
}
