internal import RubricStore

/// The rollouts that a proposer may learn from as columns of numbers: one row a rollout.
///
/// Records of one rollout (the same name, step, prompt and response) that was judged several times
/// make one row with the means, since they are no independent observations. Rows are in an order that
/// only their content decides.
struct VerdictTable: Sendable {
  /// The names of the rollouts.
  private(set) var names: [String] = []
  /// The verdicts by criterion as goodness, 0...1 from the worst to the best; nil where there is none.
  private(set) var goodness: [CriterionID: [Double?]] = [:]
  /// The same, ready for ranking.
  private(set) var ranked: [CriterionID: RankedColumn] = [:]
  /// The rewards under the rubric.
  private(set) var reward = RankedColumn([])
  private(set) var rewards: [Double?] = []
  /// The trusted scores.
  private(set) var gold = RankedColumn([])
  private(set) var golds: [Double?] = []
  /// The steps of the training.
  private(set) var step = RankedColumn([])
  private(set) var steps: [Double?] = []
  /// The surface features, in the order of their names.
  private(set) var surface: [RankedColumn] = []
  /// The rows in which the judge gave no verdict that can be used, by criterion.
  private(set) var failed: [CriterionID: Set<Int>] = [:]

  /// How many rollouts there are.
  var count: Int { names.count }

  /// The rows.
  var rows: Range<Int> { names.indices }

  /// Lays rollouts out.
  ///
  /// - Parameters:
  ///   - rollouts: The records, in any order.
  ///   - criteria: The criteria whose verdicts are wanted.
  ///   - isFatal: Whether a verdict `na` cannot be used either.
  init(_ rollouts: [SampledRollout], criteria: [Criterion], isFatal: Bool) {
    let groups = Self.grouped(rollouts)
    names = groups.map { $0[0].record.rollout.name }
    func column(_ value: (SampledRollout) -> Double?) -> [Double?] {
      groups.map { group in Self.mean(group.compactMap { value($0) }) }
    }
    rewards = column(\.reward)
    golds = column(\.gold)
    steps = column { $0.record.rollout.step.map(Double.init) }
    reward = RankedColumn(rewards)
    gold = RankedColumn(golds)
    step = RankedColumn(steps)
    surface = SurfaceFeatures.Name.allCases.map { name in
      RankedColumn(column { $0.surface[name] })
    }
    for criterion in criteria {
      guard let bounds = criterion.scale.bounds else { continue }
      let values = column { rollout in
        guard case .value(let value) = rollout.record.verdicts[criterion.id]?.answer,
          value >= bounds.min, value <= bounds.max
        else { return nil }
        let share = (value - bounds.min) / (bounds.max - bounds.min)
        return criterion.polarity == .positive ? share : 1 - share
      }
      goodness[criterion.id] = values
      ranked[criterion.id] = RankedColumn(values)
      failed[criterion.id] = Set(
        groups.indices.filter { row in
          groups[row].contains { Self.isFailure($0.record.verdicts[criterion.id], bounds, isFatal) }
        })
    }
  }

  private static func isFailure(
    _ verdict: Verdict?, _ bounds: (min: Double, max: Double), _ isFatal: Bool
  ) -> Bool {
    switch verdict?.answer {
    case .error: true
    case .value(let value): !(value >= bounds.min && value <= bounds.max)
    case .notApplicable: isFatal
    case nil: false
    }
  }

  /// The mean, the same in whatever order the values come.
  private static func mean(_ values: [Double]) -> Double? {
    values.count == 1 ? values.first { $0.isFinite } : Statistics.mean(values.sorted())
  }

  /// How many rollouts the records are of.
  static func distinctCount(_ rollouts: [SampledRollout]) -> Int { grouped(rollouts).count }

  /// The records by rollout.
  private static func grouped(_ rollouts: [SampledRollout]) -> [[SampledRollout]] {
    let sorted = rollouts.sorted { left, right in
      if left.key != right.key { return left.key < right.key }
      let (one, other) = (left.record.rollout, right.record.rollout)
      if one.name != other.name { return one.name < other.name }
      if one.step != other.step { return one.step ?? -1 < other.step ?? -1 }
      if one.response != other.response { return one.response < other.response }
      return one.prompt < other.prompt
    }
    var groups: [[SampledRollout]] = []
    for rollout in sorted {
      if let last = groups.last?[0].record.rollout, last.isSame(as: rollout.record.rollout) {
        groups[groups.count - 1].append(rollout)
      } else {
        groups.append([rollout])
      }
    }
    return groups
  }
}

extension Rollout {
  /// Whether both are one rollout, whoever graded it.
  fileprivate func isSame(as other: Rollout) -> Bool {
    name == other.name && step == other.step && prompt == other.prompt
      && response == other.response
  }
}
