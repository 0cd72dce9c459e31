internal import RubricStore

/// Finds criteria side by side that rank rollouts alike, so that one thing counts twice.
struct RedundancyDetector: Detector {
  /// The most criteria side by side that are compared with each other.
  static let limit = 400
  /// The most pairs of a pair and a row that are looked at for one family.
  static let work = 40_000_000

  func diagnose(_ study: Study) throws -> Diagnoses {
    var found = Diagnoses()
    var families: [[(leaf: Leaf, column: RankedColumn)]] =
      Array(repeating: [], count: study.layout.families.count)
    for leaf in study.counted {
      guard let column = study.column(of: leaf, in: study.table.rows) else { continue }
      families[leaf.family].append((leaf, column))
    }
    let pairs = families.reduce(0) { sum, family in
      let count = min(family.count, Self.limit)
      return sum + count * (count - 1) / 2
    }
    let confidence = study.confidence(pairs)
    for (index, family) in families.enumerated() where family.count > 1 {
      if family.count > Self.limit {
        found.observations.append(
          "of \(family.count) criteria side by side the first \(Self.limit) were compared with each "
            + "other")
      }
      let members = Array(family.prefix(Self.limit))
      let clusters = try clusters(of: members, confidence, study, &found)
      for cluster in clusters {
        found.add(remedies(for: cluster, study.layout.families[index], confidence, study))
      }
    }
    return found
  }

  /// Criteria that say the same, each with at least one other.
  struct Cluster {
    var members: [(leaf: Leaf, column: RankedColumn)]
    /// The correlation that is least sure to be high, of those that join the members.
    var weakest: Estimate
  }

  private func clusters(
    of members: [(leaf: Leaf, column: RankedColumn)], _ confidence: Confidence, _ study: Study,
    _ found: inout Diagnoses
  ) throws -> [Cluster] {
    let pairs = max(1, members.count * (members.count - 1) / 2)
    // The order of rows has nothing to do with what they are, so that the first will do.
    let rows = study.table.rows.prefix(max(200, Self.work / pairs))
    var roots = Array(members.indices)
    func root(_ index: Int) -> Int {
      var index = index
      while roots[index] != index { index = roots[index] }
      return index
    }
    var joints: [(Int, Estimate)] = []
    for left in members.indices {
      try Task.checkCancellation()
      for right in members.indices.dropFirst(left + 1) {
        let matrix = RankMatrix([members[left].column, members[right].column], in: rows)
        guard matrix.count >= study.settings.rollouts,
          let estimate = matrix.estimate(0, 1, confidence: confidence)
        else { continue }
        if estimate.lower >= study.settings.redundancy {
          joints.append((left, estimate))
          let (a, b) = (root(left), root(right))
          if a != b { roots[max(a, b)] = min(a, b) }
        } else if estimate.upper <= -study.settings.redundancy {
          found.observations.append(
            "`\(members[left].leaf.id)` and `\(members[right].leaf.id)` pull against each other: "
              + "Spearman ρ \(StatisticText.estimate(estimate)), n = \(estimate.count) "
              + "(\(StatisticText.intervals(confidence)))")
        }
      }
    }
    return members.indices.filter { roots[$0] == $0 }.compactMap { top in
      let own = members.indices.filter { root($0) == top }
      let weakest = joints.filter { root($0.0) == top }.map(\.1).min { $0.lower < $1.lower }
      guard own.count > 1, let weakest else { return nil }
      return Cluster(members: own.map { members[$0] }, weakest: weakest)
    }
  }

  private func remedies(
    for cluster: Cluster, _ family: Family, _ confidence: Confidence, _ study: Study
  ) -> Diagnoses {
    let ids = cluster.members.map(\.leaf.id)
    let statistic =
      "\(StatisticText.list(ids.map(\.rawValue))) say the same: Spearman ρ "
      + "\(cluster.members.count > 2 ? "at least " : "")"
      + "\(StatisticText.estimate(cluster.weakest)), n = \(cluster.weakest.count) "
      + "(\(StatisticText.intervals(confidence)))"
    let told = "\(statistic); a person or a model could merge them into one"
    guard family.hasWeights else {
      return Diagnoses(observations: ["\(told); where they stand, weights have no effect"])
    }
    guard !study.history(names: ids) else {
      return Diagnoses(observations: ["\(told); a meta-update before dealt with them"])
    }
    let pinned = cluster.members.filter(\.leaf.isPinned)
    let free = cluster.members.filter { !$0.leaf.isPinned }
    let rows = rows(for: cluster, study)
    func diagnosis(_ leaf: Leaf, _ remedy: Remedy, _ words: String) -> Diagnosis {
      Diagnosis(
        criterion: leaf.id, concern: .redundant, strength: cluster.weakest.lower, remedy: remedy,
        reason: "\(statistic); \(words)", rows: rows)
    }
    if cluster.weakest.lower >= study.settings.sameness {
      guard let keeper = pinned.first?.leaf ?? best(of: free, study) else { return Diagnoses() }
      return Diagnoses(
        items: free.filter { $0.leaf.id != keeper.id }.map {
          diagnosis($0.leaf, .setAside, "`\(keeper.id)` counts for them; it is still judged")
        })
    }
    // Together they are to count as the heaviest, and never less than another criterion.
    let weights = cluster.members.map(\.leaf.criterion.weight)
    let total = weights.reduce(0, +)
    guard let others = family.medianWeight(without: Set(ids)) else {
      return Diagnoses(observations: ["\(told); beside them there is nothing that could weigh more"]
      )
    }
    let target = max(others, weights.max() ?? 0)
    let fixed = pinned.reduce(0) { $0 + $1.leaf.criterion.weight }
    let shared = total - fixed
    guard total > others * (1 + 1e-6), shared > 0, target < total else {
      return Diagnoses(observations: ["\(told); together they count as one by now"])
    }
    let factor = max(target - fixed, others / 4) / shared
    guard factor < 1 else {
      return Diagnoses(observations: ["\(told); what is pinned of them is left as it is"])
    }
    return Diagnoses(
      items: free.filter { $0.leaf.criterion.weight > 0 }.map {
        diagnosis(
          $0.leaf, .weigh($0.leaf.criterion.weight * factor), "together they are to count as one")
      })
  }

  /// The one to keep: that which agrees best with the trusted score, weighs most, comes first.
  private func best(
    of members: [(leaf: Leaf, column: RankedColumn)], _ study: Study
  ) -> Leaf? {
    func rank(_ member: (leaf: Leaf, column: RankedColumn)) -> (Double, Double, Int) {
      let matrix = RankMatrix([member.column, study.table.gold], in: study.goldRows)
      let agreement = study.hasGold ? matrix[0, 1] ?? 0 : 0
      return (-agreement, -member.leaf.criterion.weight, study.layout.place(of: member.leaf.id))
    }
    return members.min { rank($0) < rank($1) }?.leaf
  }

  /// The rows in which the first two agree off their middle, the most telling first.
  private func rows(for cluster: Cluster, _ study: Study) -> [Int] {
    let (left, right) = (cluster.members[0].column, cluster.members[1].column)
    return study.table.rows(where: [left, right]) {
      min($0[0].magnitude, $0[1].magnitude)
    } when: {
      $0[0] * $0[1] > 0
    }
  }
}

extension VerdictTable {
  /// The rows in which all columns have a number and which a condition holds for, by a score and then
  /// in order.
  ///
  /// - Parameters:
  ///   - columns: The columns.
  ///   - rows: The rows to look at; all if nil.
  ///   - score: What the best has most of, told the centred ranks in the columns.
  ///   - condition: The condition, told the same.
  /// - Returns: The rows, those with most first.
  func rows(
    where columns: [RankedColumn], in rows: [Int]? = nil, by score: ([Double]) -> Double,
    when condition: ([Double]) -> Bool
  ) -> [Int] {
    let rows = (rows ?? Array(self.rows)).filter { row in columns.allSatisfy { $0.has(row) } }
    let ranks = columns.map { $0.centredRanks(in: rows) }
    var chosen: [(row: Int, score: Double)] = []
    for (index, row) in rows.enumerated() {
      let own = ranks.map { $0[index] }
      if condition(own) { chosen.append((row, score(own))) }
    }
    return chosen.sorted { ($1.score, $0.row) < ($0.score, $1.row) }.map(\.row)
  }
}
