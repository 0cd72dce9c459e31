/// Which criteria of one version of a rubric are which of the next, where ids do not tell.
///
/// Criteria of equal titles belong together, then those whose words are most alike; no criterion is
/// matched twice. Matching the other way round gives the same pairs, and so does another order of the
/// criteria, but for those that say exactly the same.
///
/// - SeeAlso: SPEC.md §9.3.
public struct SeriesMatching: Hashable, Sendable {
  /// How two criteria were found to be the same.
  public enum Basis: String, CaseIterable, Hashable, Sendable {
    /// A map says so.
    case map
    /// Their ids are the same, in a format that has ids.
    case id
    /// Their titles are the same.
    case title
    /// Their words are alike.
    case words
  }

  /// A criterion of the old version and its like in the new one.
  public struct Pair: Hashable, Sendable {
    /// The position in the old version, criteria in groups counted in the order of the document.
    public var old: Int
    /// The position in the new version.
    public var new: Int
    /// How they were found.
    public var basis: Basis
    /// How alike their words are, in 0...1.
    public var score: Double

    /// Creates a pair.
    public init(old: Int, new: Int, basis: Basis, score: Double = 0) {
      self.old = old
      self.new = new
      self.basis = basis
      self.score = score
    }
  }

  /// The pairs, in the order of the new version.
  public var pairs: [Pair]

  /// The least score at which words alone make two criteria the same.
  public static let threshold = 0.4
  /// A word that more criteria of one version have tells none of them apart.
  static let commonest = 64
  /// The largest group of equal titles of which every pair is compared.
  static let smallGroup = 64

  /// Matches the criteria of two versions.
  ///
  /// - Parameters:
  ///   - old: The criteria of the old version, groups and what is in them alike.
  ///   - new: Those of the new version.
  ///   - known: Pairs that are known, which are kept; of two that name one criterion the first counts.
  ///   - isNew: Positions of the new version that are like nothing in the old one.
  ///   - isGone: Positions of the old version that nothing in the new one is like.
  /// - Complexity: O(*w* · 64) in the number *w* of words of both, and a sort of what is compared.
  public init(
    _ old: [Criterion], _ new: [Criterion], known: [Pair] = [], isNew: Set<Int> = [],
    isGone: Set<Int> = []
  ) {
    var matcher = Matcher(old: old.map(SeriesWords.init), new: new.map(SeriesWords.init))
    matcher.leave(old: isGone, new: isNew)
    for pair in known { matcher.take(pair.old, pair.new, pair.basis) }
    matcher.matchTitles()
    matcher.matchContents()
    matcher.matchWords()
    pairs = matcher.pairs.sorted { $0.new < $1.new }
  }
}

/// The work of matching.
private struct Matcher {
  let old: [SeriesWords]
  let new: [SeriesWords]
  var freeOld: Set<Int>
  var freeNew: Set<Int>
  var pairs: [SeriesMatching.Pair] = []
  /// How much a word tells: one through the most criteria of one version that have it.
  private let titleWeights: [String: Double]
  private let bodyWeights: [String: Double]

  init(old: [SeriesWords], new: [SeriesWords]) {
    self.old = old
    self.new = new
    freeOld = Set(old.indices)
    freeNew = Set(new.indices)
    titleWeights = Self.weights(old.map(\.titleWords), new.map(\.titleWords))
    bodyWeights = Self.weights(old.map(\.bodyWords), new.map(\.bodyWords))
  }

  private static func weights(_ old: [[String]], _ new: [[String]]) -> [String: Double] {
    func counts(_ lists: [[String]]) -> [String: Int] {
      var counts: [String: Int] = [:]
      for list in lists { for word in list { counts[word, default: 0] += 1 } }
      return counts
    }
    return counts(old).merging(counts(new), uniquingKeysWith: max).compactMapValues {
      $0 <= SeriesMatching.commonest ? 1 / Double($0) : nil
    }
  }

  mutating func leave(old: Set<Int>, new: Set<Int>) {
    freeOld.subtract(old)
    freeNew.subtract(new)
  }

  mutating func take(_ left: Int, _ right: Int, _ basis: SeriesMatching.Basis) {
    guard freeOld.contains(left), freeNew.contains(right) else { return }
    freeOld.remove(left)
    freeNew.remove(right)
    pairs.append(
      SeriesMatching.Pair(old: left, new: right, basis: basis, score: score(left, right)))
  }

  // MARK: Rules

  mutating func matchTitles() {
    var groups: [[String]: (old: [Int], new: [Int])] = [:]
    for index in freeOld where !old[index].title.isEmpty {
      groups[old[index].title, default: ([], [])].old.append(index)
    }
    for index in freeNew where !new[index].title.isEmpty {
      groups[new[index].title, default: ([], [])].new.append(index)
    }
    for group in groups.values where !group.old.isEmpty && !group.new.isEmpty {
      matchGroup(group.old.sorted(), group.new.sorted())
    }
  }

  /// Matches criteria of one title: all of them, as far as there are as many on both sides.
  private mutating func matchGroup(_ left: [Int], _ right: [Int]) {
    if left.count > 1 || right.count > 1 { matchContents(left, right, .title) }
    var (left, right) = (left.filter(freeOld.contains), right.filter(freeNew.contains))
    if left.count <= SeriesMatching.smallGroup, right.count <= SeriesMatching.smallGroup {
      greedily(left.flatMap { old in right.map { (old, $0) } }, atLeast: 0, .title)
      return
    }
    greedily(candidates(left, right), atLeast: 0, .title)
    (left, right) = (left.filter(freeOld.contains), right.filter(freeNew.contains))
    for (old, new) in zip(left, right) { take(old, new, .title) }
  }

  mutating func matchContents() { matchContents(freeOld.sorted(), freeNew.sorted(), .words) }

  /// Matches criteria that say exactly the same, in their order.
  private mutating func matchContents(
    _ left: [Int], _ right: [Int], _ basis: SeriesMatching.Basis
  ) {
    var places: [String: [Int]] = [:]
    for index in left.reversed() { places[old[index].content, default: []].append(index) }
    for index in right where new[index].content != "\n" {
      if let place = places[new[index].content]?.popLast() { take(place, index, basis) }
    }
  }

  mutating func matchWords() {
    greedily(
      candidates(freeOld.sorted(), freeNew.sorted()), atLeast: SeriesMatching.threshold, .words)
  }

  // MARK: Comparing

  /// Takes pairs, the most alike first.
  ///
  /// Of pairs that are equally alike the one whose words come first by their bytes, and of those that
  /// say the same the one whose positions are nearest: neither depends on which version is the old.
  private mutating func greedily(
    _ candidates: [(old: Int, new: Int)], atLeast threshold: Double,
    _ basis: SeriesMatching.Basis
  ) {
    let scored = candidates.map { (pair: $0, score: score($0.old, $0.new)) }
      .filter { $0.score >= threshold }
    let ordered = scored.sorted { first, second in
      if first.score != second.score { return first.score > second.score }
      let (left, right) = (contents(first.pair), contents(second.pair))
      if left.0 != right.0 { return SeriesWords.byBytes(left.0, right.0) }
      if left.1 != right.1 { return SeriesWords.byBytes(left.1, right.1) }
      let (near, far) = (
        abs(first.pair.old - first.pair.new), abs(second.pair.old - second.pair.new)
      )
      if near != far { return near < far }
      let (here, there) = (
        first.pair.old + first.pair.new, second.pair.old + second.pair.new
      )
      return here != there ? here < there : first.pair.old < second.pair.old
    }
    for item in ordered { take(item.pair.old, item.pair.new, basis) }
  }

  /// What two criteria say, the first by its bytes first.
  private func contents(_ pair: (old: Int, new: Int)) -> (String, String) {
    let (left, right) = (old[pair.old].content, new[pair.new].content)
    return SeriesWords.byBytes(right, left) ? (right, left) : (left, right)
  }

  /// The pairs that have a word in common which tells them from others.
  private func candidates(_ left: [Int], _ right: [Int]) -> [(old: Int, new: Int)] {
    var places: [String: [Int]] = [:]
    for index in left {
      for word in telling(old[index]) { places[word, default: []].append(index) }
    }
    var found: [(old: Int, new: Int)] = []
    for index in right {
      var seen: Set<Int> = []
      for word in telling(new[index]) { seen.formUnion(places[word] ?? []) }
      found += seen.sorted().map { ($0, index) }
    }
    return found
  }

  /// The words that tell a criterion from others; those of title and body are told apart.
  private func telling(_ words: SeriesWords) -> [String] {
    words.titleWords.filter { titleWeights[$0] != nil }.map { "t:\($0)" }
      + words.bodyWords.filter { bodyWeights[$0] != nil }.map { "b:\($0)" }
  }

  /// How alike two criteria are, in 0...1: a third for the title and two for the rest, where both have
  /// both.
  private func score(_ left: Int, _ right: Int) -> Double {
    let (old, new) = (old[left], new[right])
    let body = Self.likeness(old.bodyWords, new.bodyWords, bodyWeights)
    let title = Self.likeness(old.titleWords, new.titleWords, titleWeights)
    if old.bodyWords.isEmpty && new.bodyWords.isEmpty { return title }
    if old.titleWords.isEmpty || new.titleWords.isEmpty { return body }
    return (title + 2 * body) / 3
  }

  /// The weight of the words that both have, twice, over the weight of all.
  private static func likeness(
    _ left: [String], _ right: [String], _ weights: [String: Double]
  ) -> Double {
    // Both are sorted, so the sums are the same from either side.
    var (shared, all) = (0.0, 0.0)
    var (first, second) = (0, 0)
    while first < left.count || second < right.count {
      if first < left.count, second < right.count, left[first] == right[second] {
        let weight = weights[left[first]] ?? 0
        shared += 2 * weight
        all += 2 * weight
        first += 1
        second += 1
      } else if second >= right.count
        || (first < left.count && SeriesWords.byBytes(left[first], right[second]))
      {
        all += weights[left[first]] ?? 0
        first += 1
      } else {
        all += weights[right[second]] ?? 0
        second += 1
      }
    }
    return all > 0 ? shared / all : 0
  }
}
