/// The search for the meta-update that made a rubric bad, as `git bisect` searches.
///
/// A value: ask ``next`` which version to try, tell what came of it by ``tell(_:of:)``, until
/// ``outcome`` is there. Only commits that change the rubric are candidates, and a version that was
/// tried once is not asked for again under another commit.
///
/// - SeeAlso: SPEC.md §7.8.
public struct Bisection: Sendable {
  /// What came of trying a version.
  public enum Verdict: String, CaseIterable, Hashable, Sendable {
    /// It is as it should be.
    case good
    /// It is not.
    case bad
    /// It cannot be told.
    case skip
  }

  /// How the search ended.
  public enum Outcome: Hashable, Sendable {
    /// The commit is bad, and what it was made from is good.
    case found(ObjectID)
    /// The first bad commit is one of these, and none of them can be tried, newest first.
    case skipped([ObjectID])
    /// The merge base is bad, so that what is good was mended on its own line.
    case badMergeBase(ObjectID)
    /// The version at this bad commit is that of a good one.
    case sameVersion(ObjectID)
  }

  /// A commit that changes the rubric, between good and bad.
  struct Candidate: Sendable {
    /// The nearest candidates before it.
    var parents: [ObjectID]
    /// The rubric's file; nil where the commit has none.
    var blob: ObjectID?
  }

  /// The rubric.
  public let rubric: RubricID
  /// The commit that was said to be bad.
  public let bad: ObjectID
  /// The commits that were said to be good.
  public let good: [ObjectID]
  /// What is known of versions, by their files.
  private var verdicts: [ObjectID?: Verdict] = [:]
  /// The merge bases that are to be tried first, as git does where good is no ancestor of bad.
  private var bases: [(commit: ObjectID, blob: ObjectID?)]
  private var badBase: ObjectID?
  private let candidates: [ObjectID: Candidate]
  /// The candidates, each before its ancestors.
  private let order: [ObjectID]
  /// The first bad commit as far as is known; nil where the bad version is a good one.
  private var first: ObjectID?
  /// The candidates that are not known to be good, `first` among them.
  private var suspects: [ObjectID] = []
  /// The merge bases that could not be tried, so that what is found rests on them.
  public private(set) var skippedBases: [ObjectID] = []

  init(
    _ rubric: RubricID, bad: ObjectID, good: [ObjectID],
    bases: [(commit: ObjectID, blob: ObjectID?)], goodBlobs: [ObjectID?], badBlob: ObjectID,
    first: ObjectID?, candidates: [ObjectID: Candidate], order: [ObjectID]
  ) {
    self.rubric = rubric
    self.bad = bad
    self.good = good
    self.bases = bases
    let isContradiction = goodBlobs.contains(badBlob)
    self.first = isContradiction ? nil : first
    self.candidates = candidates
    self.order = order
    verdicts[badBlob] = .bad
    for blob in goodBlobs { verdicts[blob] = .good }
    if let first = self.first { suspects = reached(from: first) }
    settle()
  }

  /// How the search ended; nil while it goes on.
  public var outcome: Outcome? {
    if let badBase { return .badMergeBase(badBase) }
    guard bases.isEmpty else { return nil }
    guard let first else { return .sameVersion(bad) }
    if suspects.count == 1 { return .found(first) }
    let isOver = suspects.allSatisfy { $0 == first || verdict(of: $0) == .skip }
    return isOver ? .skipped(suspects) : nil
  }

  /// The commits that may be the first bad one, newest first.
  public var remaining: [ObjectID] { suspects }

  /// About how many versions are still to be tried.
  public var estimate: Int {
    var steps = 0
    var count = suspects.count
    while count > 1 {
      steps += 1
      count = (count + 1) / 2
    }
    return steps
  }

  /// Whether ``next`` is a merge base, which is tried since a good commit is no ancestor of the bad
  /// one.
  public var isTryingMergeBase: Bool { !bases.isEmpty }

  /// The commit whose version to try; nil at the end.
  ///
  /// It is the one that leaves the fewest whichever way it turns out.
  ///
  /// - Complexity: O(*n*) in a linear history, O(*n* × merges) else.
  public var next: ObjectID? {
    guard outcome == nil else { return nil }
    if let base = bases.first { return base.commit }
    let counts = ancestorCounts()
    var best: (commit: ObjectID, worth: Int)?
    for id in suspects where id != first && verdict(of: id) == nil {
      let count = counts[id] ?? 0
      let worth = min(count, suspects.count - count)
      if worth > best?.worth ?? -1 { best = (id, worth) }
    }
    return best?.commit
  }

  /// Takes what came of trying the version of a commit.
  public mutating func tell(_ verdict: Verdict, of commit: ObjectID) {
    if let base = bases.first, base.commit == commit {
      bases.removeFirst()
      switch verdict {
      case .bad: badBase = commit
      case .skip: skippedBases.append(commit)
      case .good: verdicts[base.blob] = .good
      }
    } else if let candidate = candidates[commit] {
      verdicts[candidate.blob] = verdict
    }
    settle()
  }

  private func verdict(of commit: ObjectID) -> Verdict? {
    candidates[commit].flatMap { verdicts[$0.blob] }
  }

  /// Draws all conclusions from what is known.
  private mutating func settle() {
    // The same version on two lines may be known before its turn comes.
    while true {
      let bad = suspects.last { $0 != first && verdict(of: $0) == .bad }
      if let bad {
        first = bad
        let reached = Set(reached(from: bad))
        suspects = suspects.filter(reached.contains)
        continue
      }
      guard let good = suspects.first(where: { $0 != first && verdict(of: $0) == .good }) else {
        return
      }
      let reached = Set(reached(from: good))
      suspects.removeAll { reached.contains($0) && $0 != first }
    }
  }

  /// A candidate and those before it.
  private func reached(from commit: ObjectID) -> [ObjectID] {
    var found: Set<ObjectID> = []
    var waiting = [commit]
    while let id = waiting.popLast() {
      guard candidates[id] != nil, found.insert(id).inserted else { continue }
      waiting += candidates[id]?.parents ?? []
    }
    return order.filter(found.contains)
  }

  /// How many suspects each suspect reaches, itself among them.
  private func ancestorCounts() -> [ObjectID: Int] {
    let inside = Set(suspects)
    var counts: [ObjectID: Int] = [:]
    for id in suspects.reversed() {
      let parents = (candidates[id]?.parents ?? []).filter(inside.contains)
      if parents.count <= 1 {
        counts[id] = (parents.first.flatMap { counts[$0] } ?? 0) + 1
        continue
      }
      var found: Set<ObjectID> = []
      var waiting = [id]
      while let next = waiting.popLast() {
        guard inside.contains(next), found.insert(next).inserted else { continue }
        waiting += candidates[next]?.parents ?? []
      }
      counts[id] = found.count
    }
    return counts
  }
}
