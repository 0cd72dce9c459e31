internal import RubricStore

/// Finds criteria whose verdicts are nearly all the same: all at the top, so that nothing is left to
/// win, or all elsewhere, so that nothing is told apart.
struct SpreadDetector: Detector {
  func diagnose(_ study: Study) throws -> Diagnoses {
    var found = Diagnoses()
    let leaves = study.counted
    let confidence = study.confidence(leaves.count)
    for leaf in leaves {
      try Task.checkCancellation()
      guard let column = study.table.ranked[leaf.id], let values = study.table.goodness[leaf.id]
      else { continue }
      let (mode, count) = column.modalCount(in: study.table.rows)
      guard count >= study.settings.rollouts else { continue }
      let top = study.table.rows.filter { values[$0] == 1 }
      if let share = Statistics.share(top.count, of: count, confidence: confidence),
        share.lower >= study.settings.saturation
      {
        found.add(saturation(of: leaf, share, top, confidence, study))
      } else if let share = Statistics.share(mode, of: count, confidence: confidence),
        share.lower >= study.settings.noSpread
      {
        found.add(standstill(of: leaf, share, mode: mode, values, confidence, study))
      }
    }
    return found
  }

  private func saturation(
    of leaf: Leaf, _ share: Estimate, _ top: [Int], _ confidence: Confidence, _ study: Study
  ) -> Diagnoses {
    let statistic =
      "\(StatisticText.share(share)) of \(StatisticText.count(share.count, "rollout")) "
      + "(Wilson; \(StatisticText.intervals(confidence)))"
    if leaf.criterion.polarity == .negative {
      return Diagnoses(observations: [
        "`\(leaf.id)` is avoided in \(statistic); it counts on, since what is no longer "
          + "punished comes back"
      ])
    }
    guard leaf.criterion.gate == nil else {
      return Diagnoses(observations: [
        "`\(leaf.id)` has the highest verdict in \(statistic); a wider scale would move its gate, "
          + "so that a person or a model should word it more strictly"
      ])
    }
    guard let (remedy, words) = widening(leaf, study) else {
      return Diagnoses(observations: [
        "`\(leaf.id)` has the highest verdict in \(statistic); its scale is as wide as numbers "
          + "alone make it, so that a person or a model should word it more strictly"
      ])
    }
    // Where they are known, those that the trusted score likes least show it best.
    let golds = study.table.golds
    let rows = top.sorted {
      (golds[$0] ?? .infinity, $0) < (golds[$1] ?? .infinity, $1)
    }
    return Diagnoses(items: [
      Diagnosis(
        criterion: leaf.id, concern: .saturated, strength: share.lower, remedy: remedy,
        reason: "`\(leaf.id)` is saturated: it has the highest verdict in \(statistic); \(words)",
        rows: rows)
    ])
  }

  /// The wider scale that needs no words about the criterion itself, and what is said of it.
  private func widening(_ leaf: Leaf, _ study: Study) -> (Remedy, String)? {
    let ratio = max(1, study.request.policy.trustRegion.scaleRatio ?? .infinity)
    switch leaf.criterion.scale {
    case .binary:
      let levels = [
        Level(value: 0, label: "not met"), Level(value: 0.5, label: "met in part"),
        Level(value: 1, label: Self.utmost),
      ]
      return (.rescale(.levels(levels)), "met in part and met throughout are told apart")
    case .levels(let levels):
      let values = levels.map(\.value).sorted()
      guard let top = levels.max(by: { $0.value < $1.value }), let low = values.first,
        values.count >= 2, top.label != Self.utmost, top.label != Self.beyond,
        levels.count < Limits.levels
      else { return nil }
      let value = top.value + (top.value - values[values.count - 2])
      guard value.magnitude < 1e9, (value - low) / (top.value - low) <= ratio else { return nil }
      let isFirst = levels.first?.value == top.value
      let added = PlacedLevel(
        Level(value: value, label: Self.beyond), follows: isFirst ? nil : top.value)
      return (.addLevel(added), "a level above it leaves something to win")
    case .numeric(var range, let levels):
      guard let step = range.step, step > 0 else { return nil }
      let steps = ((range.max - range.min) / step).rounded()
      let wider = min((steps * min(ratio, 2)).rounded(.down), Double(study.settings.scaleSteps))
      guard steps >= 1, wider > steps, wider.isFinite else { return nil }
      range.max = range.min + step * wider
      guard range.max.magnitude < 1e9, range.contains(range.max) else { return nil }
      return (.rescale(.numeric(range, levels: levels)), "a wider scale leaves something to win")
    }
  }

  private static let utmost = "met throughout, with nothing left to improve"
  private static let beyond = "all of the level below, and nothing left to improve"

  private func standstill(
    of leaf: Leaf, _ share: Estimate, mode: Int, _ values: [Double?], _ confidence: Confidence,
    _ study: Study
  ) -> Diagnoses {
    let statistic =
      "\(StatisticText.share(share)) of \(StatisticText.count(share.count, "rollout")) "
      + "(Wilson; \(StatisticText.intervals(confidence)))"
    let bottom = study.table.rows.filter { values[$0] == 0 }
    guard bottom.count == mode else {
      return Diagnoses(observations: [
        "`\(leaf.id)` has one and the same verdict in \(statistic), neither the highest nor the "
          + "lowest; levels in between would let the judge tell rollouts apart"
      ])
    }
    guard leaf.criterion.gate == nil else { return Diagnoses() }
    guard leaf.criterion.polarity == .positive else {
      return Diagnoses(observations: [
        "`\(leaf.id)` is not avoided: it has the worst verdict in \(statistic); it counts on, since "
          + "without it the fault would cost nothing"
      ])
    }
    return Diagnoses(items: [
      Diagnosis(
        criterion: leaf.id, concern: .constant, strength: share.lower, remedy: .setAside,
        reason: "`\(leaf.id)` tells nothing apart: it has the worst verdict in \(statistic); it is "
          + "still judged, so that it is seen when that changes", rows: bottom)
    ])
  }
}
