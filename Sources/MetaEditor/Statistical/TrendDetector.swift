internal import RubricStore

/// Finds a reward that rises over the training while the trusted score falls, which is what a policy
/// looks like that games its rubric, and the criteria whose verdicts rise with it.
struct TrendDetector: Detector {
  func diagnose(_ study: Study) throws -> Diagnoses {
    guard study.hasGold, study.hasSteps else { return Diagnoses() }
    let table = study.table
    let overall = RankMatrix([table.reward, table.gold, table.step], in: study.goldRows)
    let pair = study.confidence(2)
    guard overall.count >= study.settings.rollouts,
      let reward = overall.estimate(0, 2, confidence: pair),
      let gold = overall.estimate(1, 2, confidence: pair),
      reward.lower >= study.settings.trend, gold.upper <= -study.settings.trend
    else { return Diagnoses() }
    let signature =
      "the reward rises with the step, Spearman ρ \(StatisticText.estimate(reward)), while gold "
      + "falls, \(StatisticText.estimate(gold)), n = \(reward.count)"
    var found = Diagnoses(observations: [
      "\(signature) (\(StatisticText.intervals(pair)))\(ends(study)): the policy games the rubric"
    ])
    let columns = study.counted.compactMap { leaf in
      study.column(of: leaf, in: study.goldRows).map { (leaf: leaf, column: $0) }
    }
    let confidence = study.confidence(2 * columns.count)
    for (leaf, column) in columns {
      try Task.checkCancellation()
      let matrix = RankMatrix([column, table.gold, table.step], in: study.goldRows)
      guard matrix.count >= study.settings.rollouts,
        let rise = matrix.estimate(0, 2, confidence: confidence),
        let agreement = matrix.estimate(0, 1, confidence: confidence),
        rise.lower >= study.settings.trend, agreement.value < 0,
        agreement.upper < study.settings.agreement
      else { continue }
      let rows = table.rows(where: [column, table.gold, table.step], in: study.goldRows) {
        $0[0] - $0[1] + $0[2]
      } when: {
        $0[0] > 0 && $0[1] < 0
      }
      found.items.append(
        Diagnosis(
          criterion: leaf.id, concern: .gaming, strength: rise.lower, remedy: .lessen,
          reason: "`\(leaf.id)` is being gamed: \(signature); of `\(leaf.id)` and the step "
            + "\(StatisticText.estimate(rise)), of `\(leaf.id)` and gold "
            + "\(StatisticText.estimate(agreement)) (\(StatisticText.intervals(confidence)))",
          rows: rows, agreement: agreement.value))
    }
    if found.items.isEmpty {
      found.observations.append(
        "no single criterion is sure to carry that; what the rubric does not ask for may have gone")
    }
    return found
  }

  /// Reward and trusted score in the first and the last quarter of the rows by step.
  private func ends(_ study: Study) -> String {
    let table = study.table
    let rows = study.goldRows.filter { table.step.has($0) && table.reward.has($0) }
      .sorted { (table.step.codes[$0], $0) < (table.step.codes[$1], $1) }
    let quarter = max(1, rows.count / 4)
    func mean(_ values: [Double?], _ rows: some Sequence<Int>) -> String? {
      Statistics.mean(rows.compactMap { values[$0] }).map(StatisticText.number)
    }
    guard let rewardBefore = mean(table.rewards, rows.prefix(quarter)),
      let rewardAfter = mean(table.rewards, rows.suffix(quarter)),
      let goldBefore = mean(table.golds, rows.prefix(quarter)),
      let goldAfter = mean(table.golds, rows.suffix(quarter))
    else { return "" }
    return
      "; from the first quarter to the last, reward \(rewardBefore) to \(rewardAfter) and gold "
      + "\(goldBefore) to \(goldAfter)"
  }
}
