/// Which items of a list before a change are which items after it.
struct SequenceMatch {
  /// What makes an item the same item.
  enum Identity: Hashable {
    /// The text of its `id`.
    case id(Verbatim<String>)
    /// Its `value`, as the levels of a scale have it.
    case value(JSONValue)
    /// All of it.
    case whole(JSONValue)

    init(_ item: JSONValue) {
      if let id = item["id"]?.string {
        self = .id(Verbatim(wrappedValue: id))
      } else if let value = item["value"] {
        self = .value(value)
      } else {
        self = .whole(item)
      }
    }

    var isID: Bool { if case .id = self { true } else { false } }
    var isValue: Bool { if case .value = self { true } else { false } }
  }

  private struct Occurrence: Hashable {
    var identity: Identity
    /// How many with the same identity come before.
    var rank: Int
  }

  /// For each item after the change, its index before; nil for a new one.
  private(set) var origins: [Int?]
  /// For each item after the change, whether it stays in its place while others move around it.
  private(set) var isFixed: [Bool]

  /// Matches `old` and `new`.
  ///
  /// - Complexity: O(*n* log *n*) in the number of items.
  init(from old: [JSONValue], to new: [JSONValue]) {
    // What is the same at both ends stays, so that of equal items the right one is changed.
    let shorter = min(old.count, new.count)
    let head = zip(old, new).prefix { $0 == $1 }.count
    let tail = zip(old.reversed(), new.reversed()).prefix(shorter - head).prefix { $0 == $1 }.count
    let before = Self.occurrences(old[head..<(old.count - tail)])
    let after = Self.occurrences(new[head..<(new.count - tail)])
    if Self.isRescaled(before, after) {
      origins = Array(before.indices)
      isFixed = before.map { _ in true }
    } else {
      var indices: [Occurrence: Int] = [:]
      for (index, occurrence) in before.enumerated() { indices[occurrence] = index }
      origins = after.map { indices[$0] }
      isFixed = Self.longestIncrease(origins)
      pairChanged(before, after)
    }
    origins =
      Array(0..<head) + origins.map { $0.map { $0 + head } }
      + Array((old.count - tail)..<old.count)
    isFixed = Array(repeating: true, count: head) + isFixed + Array(repeating: true, count: tail)
  }

  /// Whether as many items have other values: a scale that was stretched, item by item.
  private static func isRescaled(_ before: [Occurrence], _ after: [Occurrence]) -> Bool {
    before.count == after.count && (before + after).allSatisfy { $0.identity.isValue }
      && Set(before) != Set(after)
  }

  private static func occurrences(_ items: ArraySlice<JSONValue>) -> [Occurrence] {
    var counts: [Identity: Int] = [:]
    return items.map { item in
      let identity = Identity(item)
      let rank = counts[identity, default: 0]
      counts[identity] = rank + 1
      return Occurrence(identity: identity, rank: rank)
    }
  }

  /// Takes an item without an id that went, and one that came in its place, for the same, changed.
  private mutating func pairChanged(_ before: [Occurrence], _ after: [Occurrence]) {
    let used = Set(origins.compactMap { $0 })
    var free = 0
    for index in origins.indices {
      if let origin = origins[index] {
        if isFixed[index] { free = origin + 1 }
        continue
      }
      guard !after[index].identity.isID, free < before.count, !used.contains(free),
        !before[free].identity.isID
      else { continue }
      origins[index] = free
      isFixed[index] = true
      free += 1
    }
  }

  /// Marks a longest strictly increasing subsequence.
  private static func longestIncrease(_ values: [Int?]) -> [Bool] {
    var tails: [Int] = []
    var previous: [Int?] = Array(repeating: nil, count: values.count)
    for (index, value) in values.enumerated() {
      guard let value else { continue }
      var low = 0
      var high = tails.count
      while low < high {
        let middle = (low + high) / 2
        if (values[tails[middle]] ?? 0) < value { low = middle + 1 } else { high = middle }
      }
      previous[index] = low > 0 ? tails[low - 1] : nil
      if low == tails.count { tails.append(index) } else { tails[low] = index }
    }
    var isMarked = Array(repeating: false, count: values.count)
    var index = tails.last
    while let marked = index {
      isMarked[marked] = true
      index = previous[marked]
    }
    return isMarked
  }
}
