internal import RubricStore

/// Finds rewards that follow what a response looks like, beyond what the trusted score has of it, and
/// the criteria that bring that in.
struct SurfaceDetector: Detector {
  /// A feature that the reward follows.
  private struct Lead {
    var name: SurfaceFeatures.Name
    var column: RankedColumn
    /// 1 where more of it earns more, -1 where less of it does.
    var sign: Double
    var estimate: Estimate
  }

  func diagnose(_ study: Study) throws -> Diagnoses {
    let features = zip(SurfaceFeatures.Name.allCases, study.table.surface)
    guard study.hasGold else {
      return withoutGold(Array(features), study)
    }
    guard study.spreads(study.table.gold, in: study.goldRows) else { return Diagnoses() }
    var found = Diagnoses()
    let tried = features.filter { study.spreads($0.1, in: study.goldRows) }
    let confidence = study.confidence(tried.count)
    var leads: [Lead] = []
    for (name, column) in tried {
      let matrix = RankMatrix(
        [study.table.reward, column, study.table.gold] + study.heldStep, in: study.goldRows)
      guard matrix.count >= study.settings.rollouts,
        let estimate = matrix.estimate(
          0, 1, given: Array(2..<3 + study.heldStep.count), confidence: confidence)
      else { continue }
      let sign = estimate.value < 0 ? -1.0 : 1
      let signed = sign < 0 ? estimate.negated : estimate
      guard signed.lower >= study.settings.rewardSurface else { continue }
      leads.append(Lead(name: name, column: column, sign: sign, estimate: estimate))
      let ends = matrix.estimate(1, 2, confidence: confidence).map(StatisticText.estimate)
      found.observations.append(
        "the reward follows \(Self.words(name)) beyond the trusted score: Spearman ρ"
          + "\(study.given(["gold"])) \(StatisticText.estimate(estimate)), n = \(estimate.count)"
          + (ends.map { "; of \(Self.words(name)) and gold \($0)" } ?? "")
          + " (\(StatisticText.intervals(confidence)))")
    }
    found.add(try carriers(of: leads, study))
    return found
  }

  /// What can be said where nothing is trusted: that the two go together, and no more.
  private func withoutGold(
    _ features: [(SurfaceFeatures.Name, RankedColumn)], _ study: Study
  ) -> Diagnoses {
    var found = Diagnoses()
    let tried = features.filter { study.spreads($0.1, in: study.table.rows) }
    let confidence = study.confidence(tried.count)
    for (name, column) in tried {
      let matrix = RankMatrix([study.table.reward, column] + study.heldStep, in: study.table.rows)
      guard matrix.count >= study.settings.rollouts,
        let estimate = matrix.estimate(
          0, 1, given: Array(2..<2 + study.heldStep.count), confidence: confidence),
        max(estimate.lower, -estimate.upper) >= study.settings.rewardSurface
      else { continue }
      found.observations.append(
        "the reward follows \(Self.words(name)): Spearman ρ\(study.given([])) "
          + "\(StatisticText.estimate(estimate)), n = \(estimate.count) "
          + "(\(StatisticText.intervals(confidence))); without trusted scores it cannot be told "
          + "whether that is merit")
    }
    return found
  }

  /// A criterion with the feature that it follows most.
  private struct Carrier {
    var leaf: Leaf
    var lead: Lead
    /// Its correlation with the feature, in the direction that the reward follows.
    var following: Estimate
    /// Its correlation with the trusted score.
    var agreement: Estimate
    var column: RankedColumn
  }

  private func carriers(of leads: [Lead], _ study: Study) throws -> Diagnoses {
    guard !leads.isEmpty else { return Diagnoses() }
    let columns = study.counted.compactMap { leaf in
      study.column(of: leaf, in: study.goldRows).map { (leaf: leaf, column: $0) }
    }
    let confidence = study.confidence(2 * columns.count * leads.count)
    var carriers: [Carrier] = []
    for (leaf, column) in columns {
      try Task.checkCancellation()
      let own = leads.compactMap { lead -> Carrier? in
        let matrix = RankMatrix(
          [column, lead.column, study.table.gold] + study.heldStep, in: study.goldRows)
        let held = Array(3..<3 + study.heldStep.count)
        guard matrix.count >= study.settings.rollouts,
          let following = matrix.estimate(0, 1, given: [2] + held, confidence: confidence),
          let agreement = matrix.estimate(0, 2, given: [1] + held, confidence: confidence)
        else { return nil }
        let signed = lead.sign < 0 ? following.negated : following
        guard signed.lower >= study.settings.surface else { return nil }
        return Carrier(
          leaf: leaf, lead: lead, following: signed, agreement: agreement, column: column)
      }
      // Features go together; the one that explains most is blamed, the first of equals.
      if let most = own.map(\.following.value).max(),
        let carrier = own.first(where: { $0.following.value == most })
      {
        carriers.append(carrier)
      }
    }
    guard !carriers.isEmpty else {
      return Diagnoses(observations: [
        "no single criterion is sure to bring \(Self.words(leads[0].name)) into the reward"
      ])
    }
    var found = Diagnoses()
    for carrier in carriers { found.items += lessening(carrier, confidence, study) }
    for lead in leads {
      let own = carriers.filter { $0.lead.name == lead.name }
      if let tightening = tightening(own, confidence, study) { found.items.append(tightening) }
    }
    return found
  }

  private func statistic(_ carrier: Carrier, _ confidence: Confidence, _ study: Study) -> String {
    let feature = Self.words(carrier.lead.name)
    let following = carrier.lead.sign < 0 ? carrier.following.negated : carrier.following
    return "Spearman ρ of `\(carrier.leaf.id)` and \(feature)\(study.given(["gold"])) "
      + "\(StatisticText.estimate(following)), n = \(following.count); of `\(carrier.leaf.id)` and "
      + "gold\(study.given([feature])) \(StatisticText.estimate(carrier.agreement)) "
      + "(\(StatisticText.intervals(confidence)))"
  }

  private func rows(_ carrier: Carrier, _ study: Study) -> [Int] {
    let sign = carrier.lead.sign
    return study.table.rows(
      where: [carrier.column, carrier.lead.column, study.table.gold], in: study.goldRows
    ) {
      $0[0] + sign * $0[1] - $0[2]
    } when: {
      $0[0] * $0[1] * sign > 0 && $0[0] * $0[2] < 0
    }
  }

  /// Less weight, where the feature is followed more than the trusted score.
  private func lessening(
    _ carrier: Carrier, _ confidence: Confidence, _ study: Study
  ) -> [Diagnosis] {
    let gap = Statistics.difference(carrier.following, carrier.agreement)
    guard gap.lower > 0 else { return [] }
    return [
      Diagnosis(
        criterion: carrier.leaf.id, concern: .superficial, strength: gap.lower, remedy: .lessen,
        reason: "`\(carrier.leaf.id)` follows \(Self.words(carrier.lead.name)) rather than gold: "
          + statistic(carrier, confidence, study), rows: rows(carrier, study),
        agreement: carrier.agreement.value)
    ]
  }

  /// A reason to score lower, given once: in the criterion that follows the feature most.
  private func tightening(
    _ carriers: [Carrier], _ confidence: Confidence, _ study: Study
  ) -> Diagnosis? {
    guard let most = carriers.map(\.following.value).max(),
      let carrier = carriers.first(where: { $0.following.value == most }),
      carrier.leaf.criterion.polarity == .positive,
      let reason = Self.reason(carrier.lead.name, isMore: carrier.lead.sign > 0),
      !study.layout.leaves.contains(where: { $0.criterion.lowerWhen.contains(reason) })
    else { return nil }
    return Diagnosis(
      criterion: carrier.leaf.id, concern: .superficial, strength: carrier.following.lower,
      remedy: .tighten(reason),
      reason: "`\(carrier.leaf.id)` brings \(Self.words(carrier.lead.name)) into the reward: "
        + statistic(carrier, confidence, study), rows: rows(carrier, study),
      agreement: carrier.agreement.value)
  }

  /// A feature in words.
  static func words(_ name: SurfaceFeatures.Name) -> String {
    switch name {
    case .length: "length"
    case .lines: "the number of lines"
    case .markup: "lists and headings"
    case .repetition: "repetition"
    case .copied: "copying from the prompt"
    }
  }

  /// What a judge is told to look out for; nil where too little of a feature is no fault.
  private static func reason(_ name: SurfaceFeatures.Name, isMore: Bool) -> String? {
    switch (name, isMore) {
    case (.length, true): "It is longer than what it says needs."
    case (.length, false): "It is too short to do what was asked."
    case (.lines, true): "It is broken into lines without need."
    case (.markup, true): "Lists or headings stand where an argument is needed."
    case (.repetition, true): "It says again what it has said."
    case (.copied, true): "It repeats the words of the prompt in place of an answer."
    case (.lines, false), (.markup, false), (.repetition, false), (.copied, false): nil
    }
  }
}
