/// The three-way merge of a list of distinct texts: an ordered set.
///
/// Of a text that stands twice, as in a base that is not valid, the first counts.
struct ListMerge {
  /// The merged list; where there is a conflict, our side's.
  let items: [String]
  /// All that either side has, but for what one side took away.
  let union: [String]
  /// Whether both sides replaced one item differently, one replaced what the other took away, or
  /// both moved one differently.
  let isConflict: Bool

  init(base: [String], ours: [String], theirs: [String]) {
    typealias Key = Verbatim<String>
    func keys(_ list: [String]) -> [Key] {
      list.map { Key(wrappedValue: $0) }.withoutRepeats
    }
    let (old, left, right) = (keys(base), keys(ours), keys(theirs))
    let (inOld, inLeft, inRight) = (Set(old), Set(left), Set(right))
    let kept = Set(
      (left + right).filter {
        inLeft.contains($0) && inRight.contains($0) || !inOld.contains($0)
      })
    // Who is ours decides nothing, also where both moved one item.
    let order = OrderMerge(
      base: old, ours: left, theirs: right, kept: kept, preferred: .base
    ) { $0.wrappedValue.utf8.lexicographicallyPrecedes($1.wrappedValue.utf8) }
    union = order.order.map(\.wrappedValue)
    // What stands in the place of an item that both took away is that item in other words: two
    // such are a conflict, and so is one where the other side wanted it gone.
    let gone = Set(old.filter { !inLeft.contains($0) && !inRight.contains($0) })
    let isReworded: Bool
    if gone.isEmpty {
      isReworded = false
    } else {
      let ours = Self.replacements(of: gone, old, left)
      let theirs = Self.replacements(of: gone, old, right)
      isReworded = Set(ours.keys).union(theirs.keys).contains { place in
        Set(ours[place] ?? []) != Set(theirs[place] ?? [])
      }
    }
    isConflict = order.isConflict || isReworded
    items = isConflict ? ours : union
  }

  /// What a side put where items were that both took away: by the item of the base before them.
  private static func replacements(
    of gone: Set<Verbatim<String>>, _ old: [Verbatim<String>], _ new: [Verbatim<String>]
  ) -> [Int: [Verbatim<String>]] {
    let rank = Dictionary(uniqueKeysWithValues: old.enumerated().map { ($1, $0) })
    // The places behind which something is gone.
    var places: Set<Int> = []
    var last = -1
    for (index, item) in old.enumerated() {
      if gone.contains(item) { places.insert(last) } else { last = index }
    }
    var found: [Int: [Verbatim<String>]] = [:]
    var place = -1
    for item in new {
      if let rank = rank[item] {
        place = rank
      } else if places.contains(place) {
        found[place, default: []].append(item)
      }
    }
    return found
  }
}
