internal import RubricStore

/// Finds criteria that the judge fails on, answers `na` to, or leaves out, more than others.
struct FailureDetector: Detector {
  func diagnose(_ study: Study) throws -> Diagnoses {
    var found = Diagnoses()
    guard study.layout.isJudgedByCriterion else { return found }
    let tallies = study.request.evidence.tallies
    let leaves = study.layout.leaves
    let confidence = study.confidence(leaves.count)
    let isFatal = study.request.rubric.aggregation.na == .fail
    func failures(_ tally: VerdictTally) -> Int {
      tally.errors + tally.invalid + (isFatal ? tally.notApplicable : 0)
    }
    func asked(_ tally: VerdictTally) -> Int { tally.total - tally.missing }
    let all = leaves.compactMap { tallies[$0.id] }
    let (failed, total) = (all.reduce(0) { $0 + failures($1) }, all.reduce(0) { $0 + asked($1) })
    for leaf in leaves {
      try Task.checkCancellation()
      guard let tally = tallies[leaf.id] else { continue }
      found.observations += absences(of: leaf, tally, confidence, study)
      guard asked(tally) >= study.settings.rollouts,
        let share = Statistics.share(
          failures(tally), of: asked(tally), confidence: confidence),
        share.lower >= study.settings.notableFailures
      else { continue }
      let rest = Statistics.share(
        failed - failures(tally), of: total - asked(tally), confidence: confidence)
      let statistic =
        "the judge fails on `\(leaf.id)`\(isFatal ? ", or answers `na`," : "") in "
        + "\(StatisticText.share(share)) of \(StatisticText.count(share.count, "verdict"))"
        + (rest.map { ", on the others in \(StatisticText.share($0))" } ?? "")
        + " (Wilson; \(StatisticText.intervals(confidence)))"
      guard let rest, share.lower > rest.upper, share.lower >= study.settings.failures,
        leaf.counts, leaf.criterion.gate == nil
      else {
        let reason =
          leaf.criterion.gate != nil && leaf.counts
          ? "; it has a gate, and so it is left to a person" : ""
        found.observations.append(statistic + reason)
        continue
      }
      let rows = (study.table.failed[leaf.id] ?? []).sorted()
      found.items.append(
        Diagnosis(
          criterion: leaf.id, concern: .failing, strength: share.lower, remedy: .setAside,
          reason: "\(statistic); it is set aside until its wording or the judge is mended",
          rows: rows))
    }
    return found
  }

  private func absences(
    of leaf: Leaf, _ tally: VerdictTally, _ confidence: Confidence, _ study: Study
  ) -> [String] {
    var observations: [String] = []
    let answered = tally.values + tally.notApplicable
    if answered >= study.settings.rollouts,
      let share = Statistics.share(tally.notApplicable, of: answered, confidence: confidence),
      share.lower >= study.settings.notApplicable
    {
      let has =
        leaf.criterion.appliesWhen.isEmpty ? "has no `applies_when`" : "says when it applies"
      observations.append(
        "`\(leaf.id)` does not apply in \(StatisticText.share(share)) of "
          + "\(StatisticText.count(share.count, "verdict")) (Wilson; "
          + "\(StatisticText.intervals(confidence))) and \(has); a person or a model could "
          + (leaf.criterion.appliesWhen.isEmpty ? "say when it does" : "split it off"))
    }
    if tally.total >= study.settings.rollouts,
      let share = Statistics.share(tally.missing, of: tally.total, confidence: confidence),
      share.lower >= study.settings.notableFailures
    {
      observations.append(
        "`\(leaf.id)` has no verdict in \(StatisticText.share(share)) of "
          + "\(StatisticText.count(share.count, "record")) (Wilson; "
          + "\(StatisticText.intervals(confidence)))")
    }
    return observations
  }
}
