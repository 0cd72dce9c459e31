internal import RubricStore

/// Takes edits one after the other as long as the rubric stays valid and the rewards on the evidence
/// stay within the trust region.
struct PlanCheck {
  /// The most records that rewards are worked out on.
  static let rows = 1_024
  /// The most edits that are tried.
  static let attempts = 64

  private let study: Study
  private let judgements: [Judgement]
  private let before: [Double?]
  /// The distance from the lowest reward that the rubric can give to the highest.
  private let range: Double?
  private let wasOverBudget: Bool
  /// What was taken.
  private(set) var taken: [(planned: PlannedEdit, changes: [Edit.Change])] = []
  /// What was not, with the reason, a sentence each without a full stop.
  private(set) var refused: [String] = []

  init(_ study: Study) {
    self.study = study
    let compiled = CompiledRubric(study.request.rubric)
    let records = study.training.prefix(Self.rows)
    judgements = records.map(\.record.judgement)
    before = records.map(\.reward)
    range = Self.range(of: study.request.rubric, compiled)
    wasOverBudget = Self.isOverBudget(study.request.rubric, study.request.policy)
  }

  /// Tries edits in order.
  ///
  /// - Throws: `CancellationError`.
  mutating func take(_ planned: [PlannedEdit]) throws {
    let most = study.request.policy.budget.edits ?? .max
    var count = 0
    for (index, item) in planned.enumerated() {
      try Task.checkCancellation()
      guard index < Self.attempts else {
        refused.append(
          "\(StatisticText.count(planned.count - index, "more finding")) for which no edit was tried"
        )
        return
      }
      guard count + item.edits.count <= max(0, most) else {
        refused.append(
          "\(item.reason); no edit, since the policy lets one update make \(most) at most")
        continue
      }
      let support = Set(item.diagnosis.rows.map { study.table.names[$0] }).count
      guard support >= study.request.policy.support.rollouts else {
        refused.append(
          "\(item.reason); no edit, since \(StatisticText.count(support, "rollout")) "
            + "\(support == 1 ? "backs" : "back") it and the policy asks for "
            + "\(study.request.policy.support.rollouts)")
        continue
      }
      if let fault = fault(of: item) {
        refused.append("\(item.reason); no edit, since \(fault)")
      } else {
        taken.append((item, item.edits))
        count += item.edits.count
      }
    }
  }

  /// Why the edits cannot be made beside those that were taken, or nil.
  private func fault(of item: PlannedEdit) -> String? {
    let changes = taken.flatMap(\.changes) + item.edits
    let after: Rubric
    do {
      after = try study.request.rubric.applying(changes.map { Edit($0) }, by: .meta)
    } catch {
      return "the rubric would not be valid: \(error.findings.first?.message ?? error.message)"
    }
    if !wasOverBudget, Self.isOverBudget(after, study.request.policy) {
      return "the rubric would be larger than the policy lets it be"
    }
    return fault(ofRewardsUnder: CompiledRubric(after))
  }

  private func fault(ofRewardsUnder after: CompiledRubric) -> String? {
    let region = study.request.policy.trustRegion
    var pairs: [(before: Double, after: Double)] = []
    for (judgement, reward) in zip(judgements, before) {
      if let reward, let other = after.score(judgement).reward { pairs.append((reward, other)) }
    }
    guard !pairs.isEmpty else { return nil }
    if let range, range > 0 {
      let mean = Statistics.mean(pairs.map { ($0.after - $0.before) / range }) ?? 0
      if let most = region.meanReward, mean.magnitude > most {
        return "the mean reward would move by \(StatisticText.percent(mean)) of its range, more "
          + "than the policy's \(StatisticText.percent(most))"
      }
      let worst = pairs.map { (($0.after - $0.before) / range).magnitude }.max() ?? 0
      if let most = region.worstReward, worst > most {
        return "a reward would move by \(StatisticText.percent(worst)) of the range, more than the "
          + "policy's \(StatisticText.percent(most))"
      }
    }
    if let least = region.rankCorrelation,
      let found = Statistics.spearman(pairs.map(\.before), pairs.map(\.after)), found.value < least
    {
      return "the rank correlation of the rewards before and after would be "
        + "\(StatisticText.number(found.value)), less than the policy's \(StatisticText.number(least))"
    }
    return nil
  }

  private static func isOverBudget(_ rubric: Rubric, _ policy: Policy) -> Bool {
    func least(_ own: Int?, _ other: Int?) -> Int? {
      own.map { own in other.map { min(own, $0) } ?? own } ?? other
    }
    var rubric = rubric
    rubric.budget.criteria = least(rubric.budget.criteria, policy.budget.criteria)
    rubric.budget.depth = least(rubric.budget.depth, policy.budget.depth)
    rubric.budget.characters = least(rubric.budget.characters, policy.budget.characters)
    return rubric.findings.contains { $0.code == .overBudget }
  }

  private static func range(of rubric: Rubric, _ compiled: CompiledRubric) -> Double? {
    func reward(best: Bool) -> Double? {
      var verdicts: [CriterionID: Verdict] = [:]
      for criterion in rubric.judgedCriteria {
        guard let bounds = criterion.scale.bounds else { continue }
        let isHigh = best == (criterion.polarity == .positive)
        verdicts[criterion.id] = .value(isHigh ? bounds.max : bounds.min)
      }
      return compiled.score(Judgement(rollout: "range", verdicts: verdicts)).reward
    }
    guard rubric.judge.mode != .holistic else { return 1 }
    guard let best = reward(best: true), let worst = reward(best: false) else { return nil }
    return best - worst
  }
}
