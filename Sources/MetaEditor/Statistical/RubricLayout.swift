internal import RubricStore

/// A judged criterion and where it stands, as far as edits of it go.
struct Leaf: Sendable {
  /// The criterion.
  var criterion: Criterion
  /// The siblings that it shares weight with, by their place in ``RubricLayout/families``.
  var family: Int
  /// Whether it, or a group around it, is pinned.
  var isPinned: Bool

  /// Its id.
  var id: CriterionID { criterion.id }
  /// Whether its verdict is part of the reward.
  var counts: Bool { criterion.status == .active }
}

/// Criteria side by side.
struct Family: Sendable {
  /// The criteria and groups that count, with their weights, in order.
  var active: [(id: CriterionID, weight: Double)]
  /// Whether their weights have an effect.
  var hasWeights: Bool
  /// Whether verdicts count in their own scales.
  var isRaw: Bool

  /// The median weight of those that are not in `ids`, nil where there is none above 0.
  func medianWeight(without ids: Set<CriterionID>) -> Double? {
    let weights = active.filter { !ids.contains($0.id) && $0.weight > 0 }.map(\.weight)
    return Statistics.median(weights)
  }
}

/// The judged criteria of a rubric in the order of the document.
struct RubricLayout: Sendable {
  private(set) var leaves: [Leaf] = []
  private(set) var families: [Family] = []
  private(set) var places: [CriterionID: Int] = [:]

  /// Whether criteria have verdicts of their own.
  let isJudgedByCriterion: Bool

  init(_ rubric: Rubric) {
    isJudgedByCriterion = rubric.judge.mode != .holistic
    add(
      rubric.criteria, hasWeights: true, isRaw: rubric.aggregation.method == .sum, isPinned: false)
  }

  private mutating func add(
    _ siblings: [Criterion], hasWeights: Bool, isRaw: Bool, isPinned: Bool
  ) {
    let family = families.count
    families.append(
      Family(
        active: siblings.filter { $0.status == .active }.map { ($0.id, $0.weight) },
        hasWeights: hasWeights, isRaw: isRaw))
    for criterion in siblings where criterion.status != .inactive {
      let isPinned = isPinned || criterion.pinned
      if criterion.isGroup {
        let hasWeights = criterion.rollup == .weightedMean || criterion.rollup == .sum
        add(
          criterion.criteria, hasWeights: hasWeights, isRaw: criterion.rollup == .sum,
          isPinned: isPinned)
      } else {
        places[criterion.id] = leaves.count
        leaves.append(Leaf(criterion: criterion, family: family, isPinned: isPinned))
      }
    }
  }

  /// The criterion's place in the order of the document.
  func place(of id: CriterionID) -> Int { places[id] ?? .max }
}
