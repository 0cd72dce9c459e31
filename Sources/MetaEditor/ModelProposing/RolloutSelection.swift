internal import RubricStore

/// Which rollouts a model is shown, and why.
///
/// The same evidence, number and seed give the same choice, in whatever order the records came.
struct RolloutSelection {
  /// Why a rollout is shown, the most telling first.
  enum Reason: String, CaseIterable {
    /// Its reward stands far above its trusted score.
    case inflated
    /// Its reward is high, and what it looks like from outside is extreme.
    case surface
    /// The criteria disagree about it.
    case disagreement
    /// The judge failed on it, or found a criterion that mostly applies not to apply.
    case unjudged
    /// Its reward stands far below its trusted score.
    case deflated
    /// It stands for a part of the range of rewards.
    case spread
    /// By chance.
    case chance

    /// The reason in words, for the model and for people.
    var text: String {
      switch self {
      case .inflated: "its reward stands far above its trusted score"
      case .surface: "its reward is high, and its length, repetition or copying is extreme"
      case .disagreement: "its verdicts disagree with one another"
      case .unjudged: "the judge failed on it, or found that something does not apply"
      case .deflated: "its reward stands far below its trusted score"
      case .spread: "it stands for its part of the range of rewards"
      case .chance: "it was chosen by chance"
      }
    }
  }

  /// One rollout that is shown.
  struct Choice {
    var rollout: SampledRollout
    var reason: Reason
    /// The share of rollouts with a lower reward, ties by half; nil without a reward.
    var rewardRank: Double?
    /// The share of those with a trusted score that have a lower one; nil without.
    var goldRank: Double?
  }

  /// How far ranks of reward and trusted score lie apart, as a share of all, for a grade to look wrong.
  static let suspiciousGap = 0.25
  /// The rank from which a reward is high.
  static let highReward = 0.75
  /// The rank from which a surface feature is extreme; a length as far from the other end is, too.
  static let extremeFeature = 0.95
  /// The least standard deviation of a rollout's normalised verdicts for a disagreement.
  static let disagreement = 0.25

  /// The most telling rollouts first.
  static func choose(
    from evidence: Evidence, count: Int, sampling: ModelProposer.Sampling, seed: Int
  ) -> [Choice] {
    var names: Set<String> = []
    let sample = evidence.sample.filter { names.insert($0.record.rollout.name).inserted }
    let ranked = Ranked(sample, evidence: evidence, seed: seed)
    switch sampling {
    case .random:
      return sample.indices.sorted { ranked.chance[$0] < ranked.chance[$1] }.prefix(max(0, count))
        .map { ranked.choice($0, .chance) }
    case .informative: return ranked.informative(count)
    }
  }
}

/// Rollouts with what makes them worth a look.
private struct Ranked {
  typealias Reason = RolloutSelection.Reason
  let sample: [SampledRollout]
  /// A number that name and seed decide.
  let chance: [UInt64]
  private let reward: [Double?]
  private let gold: [Double?]
  /// The reward's rank among those that have a trusted score, too, so that others do not shift it.
  private let pairedReward: [Double?]
  private var queues: [(reason: Reason, indices: [Int])] = []

  init(_ sample: [SampledRollout], evidence: Evidence, seed: Int) {
    self.sample = sample
    chance = sample.map { Self.mixed($0.key, seed) }
    reward = Self.ranks(sample.map(\.reward))
    gold = Self.ranks(sample.map { $0.reward == nil ? nil : $0.gold })
    pairedReward = Self.ranks(sample.map { $0.gold == nil ? nil : $0.reward })
    queues = [
      (.inflated, queue { gap(at: $0) }), (.surface, surface()),
      (.disagreement, disagreement(evidence.rubric)), (.unjudged, unjudged(evidence)),
      (.deflated, queue { gap(at: $0).map { -$0 } }), (.spread, spread()),
    ]
  }

  func choice(_ index: Int, _ reason: Reason) -> RolloutSelection.Choice {
    RolloutSelection.Choice(
      rollout: sample[index], reason: reason, rewardRank: reward[index], goldRank: gold[index])
  }

  /// In turns: two whose reward stands above their trusted score, then one by each other reason.
  func informative(_ count: Int) -> [RolloutSelection.Choice] {
    var chosen: [RolloutSelection.Choice] = []
    var isTaken = Array(repeating: false, count: sample.count)
    var next = Array(repeating: 0, count: queues.count)
    let wanted = min(max(0, count), sample.count)
    while chosen.count < wanted {
      let before = chosen.count
      for (number, queue) in queues.enumerated() {
        var turns = queue.reason == .inflated ? 2 : 1
        while turns > 0, chosen.count < wanted, next[number] < queue.indices.count {
          let index = queue.indices[next[number]]
          next[number] += 1
          guard !isTaken[index] else { continue }
          isTaken[index] = true
          chosen.append(choice(index, queue.reason))
          turns -= 1
        }
      }
      // The spread has every rollout, so that this does not happen.
      guard chosen.count > before else { break }
    }
    return chosen
  }

  /// The rollouts for which `severity` says something, the worst first.
  private func queue(
    least: Double = RolloutSelection.suspiciousGap, _ severity: (Int) -> Double?
  ) -> [Int] {
    let found = sample.indices.compactMap { index -> (index: Int, severity: Double)? in
      guard let severity = severity(index), severity >= least else { return nil }
      return (index, severity)
    }
    return found.sorted { left, right in
      left.severity != right.severity
        ? left.severity > right.severity : chance[left.index] < chance[right.index]
    }.map(\.index)
  }

  /// How far the reward's rank lies above the trusted score's.
  private func gap(at index: Int) -> Double? {
    guard let gold = gold[index], let reward = pairedReward[index] else { return nil }
    return reward - gold
  }

  private func surface() -> [Int] {
    let features = SurfaceFeatures.Name.allCases
    let ranks = features.map { name in Self.ranks(sample.map { $0.surface[name] }) }
    return queue(least: RolloutSelection.extremeFeature) { index in
      guard let reward = reward[index], reward >= RolloutSelection.highReward else { return nil }
      var extreme = 0.0
      for (name, ranks) in zip(features, ranks) {
        guard let rank = ranks[index] else { continue }
        extreme = max(extreme, name == .length ? max(rank, 1 - rank) : rank)
      }
      return extreme
    }
  }

  private func disagreement(_ rubric: Rubric) -> [Int] {
    let scales = rubric.judgedCriteria.compactMap { item in
      item.scale.bounds.map { (id: item.id, bounds: $0, isNegative: item.polarity == .negative) }
    }
    return queue(least: RolloutSelection.disagreement) { index in
      let values = scales.compactMap { scale -> Double? in
        guard case .value(let value)? = sample[index].record.verdicts[scale.id]?.answer else {
          return nil
        }
        let share = (value - scale.bounds.min) / (scale.bounds.max - scale.bounds.min)
        guard share >= 0, share <= 1 else { return nil }
        return scale.isNegative ? 1 - share : share
      }
      guard values.count > 1 else { return nil }
      let mean = values.reduce(0, +) / Double(values.count)
      let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (square / Double(values.count)).squareRoot()
    }
  }

  private func unjudged(_ evidence: Evidence) -> [Int] {
    // Where a criterion seldom applies, `na` says little.
    let rare = evidence.tallies.sorted { $0.key < $1.key }.map { id, tally in
      (
        id: id,
        share: tally.total == 0 ? 0 : 1 - Double(tally.notApplicable) / Double(tally.total)
      )
    }
    return queue(least: 0.4) { index in
      rare.reduce(0.0) { sum, criterion in
        switch sample[index].record.verdicts[criterion.id]?.answer {
        case .error: sum + 1
        case .notApplicable: sum + criterion.share / 2
        case .value, nil: sum
        }
      }
    }
  }

  /// All rollouts: those at the ends of the range of rewards, then in the middle, then in between.
  private func spread() -> [Int] {
    let scored = sample.indices.filter { reward[$0] != nil }.sorted { left, right in
      (reward[left] ?? 0, chance[left]) < (reward[right] ?? 0, chance[right])
    }
    var order: [Int] = []
    var isTaken = Array(repeating: false, count: scored.count)
    func take(_ position: Int) {
      guard scored.indices.contains(position), !isTaken[position] else { return }
      isTaken[position] = true
      order.append(scored[position])
    }
    take(scored.count - 1)
    take(0)
    var parts = 2
    while order.count < scored.count, parts <= 2 * max(1, scored.count) {
      for part in stride(from: 1, to: parts, by: 2) { take((scored.count - 1) * part / parts) }
      parts *= 2
    }
    for position in scored.indices { take(position) }
    return order
      + sample.indices.filter { reward[$0] == nil }.sorted { chance[$0] < chance[$1] }
  }

  /// The share of values below each, ties by half; nil where there is none.
  private static func ranks(_ values: [Double?]) -> [Double?] {
    let present = values.indices.filter { values[$0]?.isFinite == true }
      .sorted { (values[$0] ?? 0) < (values[$1] ?? 0) }
    var ranks: [Double?] = Array(repeating: nil, count: values.count)
    var start = 0
    while start < present.count {
      var end = start
      while end < present.count, values[present[end]] == values[present[start]] { end += 1 }
      let rank = Double(start + end) / 2 / Double(present.count)
      for position in start..<end { ranks[present[position]] = rank }
      start = end
    }
    return ranks
  }

  /// A number that both decide, evenly spread.
  private static func mixed(_ key: UInt64, _ seed: Int) -> UInt64 {
    SplitMix64.mixed(key ^ (UInt64(bitPattern: Int64(seed)) &* 0x9e37_79b9_7f4a_7c15))
  }
}
