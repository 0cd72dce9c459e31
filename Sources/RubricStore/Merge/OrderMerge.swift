/// The three-way merge of the order of distinct items.
///
/// Who is in is decided elsewhere; here only where each stands. The result does not depend on which
/// side is ours. Of an item that stands twice, as in a base that is not valid, the first counts.
struct OrderMerge<Key: Hashable> {
  /// The items in their merged order.
  private(set) var order: [Key] = []
  /// Whether both sides moved one item, and not in the same way; the order is then ours.
  private(set) var isConflict = false

  private let kept: Set<Key>
  private let precedes: (Key, Key) -> Bool
  private var core: [Key] = []
  private var rank: [Key: Int] = [:]

  /// Merges three orders.
  ///
  /// - Parameters:
  ///   - base: What both started from.
  ///   - ours: Our side's order.
  ///   - theirs: Their side's order.
  ///   - kept: The items of the result; what only the base has is where it was, what none has last.
  ///   - preferred: Whose order is taken where they clash.
  ///   - precedes: Which of two items that both sides put at one place comes first.
  /// - Complexity: O(*n* log *n*) in the number of items.
  init(
    base: [Key], ours: [Key], theirs: [Key], kept: Set<Key>, preferred: MergePreference = .ours,
    precedes: @escaping (Key, Key) -> Bool
  ) {
    self.kept = kept
    self.precedes = precedes
    let (base, ours, theirs) = (base.withoutRepeats, ours.withoutRepeats, theirs.withoutRepeats)
    if ours == theirs, ours.count == kept.count, ours.allSatisfy(kept.contains) {
      order = ours
      return
    }
    let inOurs = Set(ours)
    let inTheirs = Set(theirs)
    let inBase = Set(base)
    func isCommon(_ key: Key) -> Bool {
      kept.contains(key) && inBase.contains(key) && inOurs.contains(key) && inTheirs.contains(key)
    }
    let old = base.filter(isCommon)
    let left = ours.filter(isCommon)
    let right = theirs.filter(isCommon)
    var movedByUs: Set<Key> = []
    var movedByThem: Set<Key> = []
    if left == old || left == right {
      core = right
    } else if right == old {
      core = left
    } else {
      movedByUs = Self.moved(from: old, to: left)
      movedByThem = Self.moved(from: old, to: right)
      if movedByUs.isDisjoint(with: movedByThem) {
        core = old.filter { !movedByUs.contains($0) && !movedByThem.contains($0) }
      } else {
        isConflict = true
        (movedByUs, movedByThem) = ([], [])
        switch preferred {
        case .ours: core = left
        case .theirs: core = right
        case .base: core = old
        }
      }
    }
    setRanks()
    let isOurs = { (key: Key) in
      kept.contains(key)
        && (movedByUs.contains(key) || !(inTheirs.contains(key) && inBase.contains(key)))
    }
    let isTheirs = { (key: Key) in
      kept.contains(key)
        && (movedByThem.contains(key) || !(inOurs.contains(key) && inBase.contains(key)))
    }
    let shared = Set(ours.filter { isOurs($0) && inTheirs.contains($0) && isTheirs($0) })
    if !shared.isEmpty { addShared(shared, ours, theirs) }
    let ourRuns = runs(of: ours) { isOurs($0) && !shared.contains($0) }
    let theirRuns = runs(of: theirs) { isTheirs($0) && !shared.contains($0) }
    for gap in 0...core.count {
      if gap > 0 { order.append(core[gap - 1]) }
      order += merged(ourRuns[gap] ?? [], theirRuns[gap] ?? [])
    }
    let placed = Set(order)
    let rest = kept.subtracting(placed)
    if !rest.isEmpty { addRest(rest, base) }
  }

  /// Puts what is on no side where the base has it, and what is nowhere last.
  private mutating func addRest(_ rest: Set<Key>, _ base: [Key]) {
    let placed = Set(order)
    var runs: [Key?: [Key]] = [:]
    var before: Key?
    for key in base {
      if placed.contains(key) {
        before = key
      } else if rest.contains(key) {
        runs[before, default: []].append(key)
      }
    }
    var grown = runs[nil] ?? []
    for key in order { grown += [key] + (runs[key] ?? []) }
    let all = Set(grown)
    order = grown + rest.filter { !all.contains($0) }.sorted(by: precedes)
  }

  /// The fewest items without which the rest stand in the same order.
  static func moved(from old: [Key], to new: [Key]) -> Set<Key> {
    let rank = Dictionary(uniqueKeysWithValues: old.enumerated().map { ($1, $0) })
    let ranks = new.compactMap { rank[$0] }
    // The longest rising run of ranks, by patience sorting.
    var tops: [Int] = []
    var previous = [Int](repeating: -1, count: ranks.count)
    for (index, value) in ranks.enumerated() {
      var (low, high) = (0, tops.count)
      while low < high {
        let middle = (low + high) / 2
        if ranks[tops[middle]] < value { low = middle + 1 } else { high = middle }
      }
      if low > 0 { previous[index] = tops[low - 1] }
      if low == tops.count { tops.append(index) } else { tops[low] = index }
    }
    var moved = Set(new)
    var index = tops.last ?? -1
    while index >= 0 {
      moved.remove(new[index])
      index = previous[index]
    }
    return moved
  }

  private mutating func setRanks() {
    rank = Dictionary(uniqueKeysWithValues: core.enumerated().map { ($1, $0) })
  }

  /// Where each wanted item of a list stands: behind how many items of the core.
  private func runs(of list: [Key], where isWanted: (Key) -> Bool) -> [Int: [Key]] {
    var runs: [Int: [Key]] = [:]
    var gap = 0
    for key in list {
      if let rank = rank[key] {
        gap = rank + 1
      } else if isWanted(key) {
        runs[gap, default: []].append(key)
      }
    }
    return runs
  }

  /// Puts what both sides brought into the core: where both have it at one place there, otherwise at
  /// the earlier of the two.
  private mutating func addShared(_ shared: Set<Key>, _ ours: [Key], _ theirs: [Key]) {
    let ourRuns = runs(of: ours) { shared.contains($0) }
    let theirRuns = runs(of: theirs) { shared.contains($0) }
    var ourGap: [Key: Int] = [:]
    for (gap, run) in ourRuns { for key in run { ourGap[key] = gap } }
    var byGap: [Int: [Key]] = [:]
    for (gap, run) in theirRuns {
      for key in run { byGap[min(gap, ourGap[key] ?? gap), default: []].append(key) }
    }
    var grown: [Key] = []
    for gap in 0...core.count {
      if gap > 0 { grown.append(core[gap - 1]) }
      guard let here = byGap[gap] else { continue }
      grown += ourRuns[gap] == here && theirRuns[gap] == here ? here : here.sorted(by: precedes)
    }
    core = grown
    setRanks()
  }

  /// Two runs as one: always the head that comes first.
  ///
  /// Item by item and not run by run, so that of many branches, merged one by one in whatever order,
  /// the same comes out.
  private func merged(_ ours: [Key], _ theirs: [Key]) -> [Key] {
    guard !ours.isEmpty else { return theirs }
    guard !theirs.isEmpty else { return ours }
    var result: [Key] = []
    result.reserveCapacity(ours.count + theirs.count)
    var (left, right) = (ours[...], theirs[...])
    while let ours = left.first, let theirs = right.first {
      if precedes(theirs, ours) {
        result.append(right.removeFirst())
      } else {
        result.append(left.removeFirst())
      }
    }
    return result + left + right
  }
}

extension Array where Element: Hashable {
  /// The items, each where it stands first.
  var withoutRepeats: [Element] {
    var seen: Set<Element> = []
    seen.reserveCapacity(count)
    return filter { seen.insert($0).inserted }
  }
}

/// Whose value stands where there is a conflict that nothing settles.
enum MergePreference: Sendable {
  case ours, theirs
  /// Of a base that is itself a merge: there both sides have changed what neither agreed on.
  case base
}
