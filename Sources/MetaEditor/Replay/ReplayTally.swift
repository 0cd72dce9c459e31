internal import RubricStore

/// What is kept of a replay, whatever its length.
struct ReplayTally {
  /// A pair of rewards, and the number that the rollout's name decides.
  struct Pair: Comparable {
    var key: UInt64
    var before: Double
    var after: Double

    static func < (left: Pair, right: Pair) -> Bool {
      (left.key, left.before, left.after) < (right.key, right.before, right.after)
    }
  }

  var unstamped = 0
  private var report = ReplayReport(.identical)
  private var before = Moments()
  private var after = Moments()
  private var shift = Moments()
  /// The pairs with the least keys.
  private var sample: BoundedHeap<Pair>
  private var moved: BoundedHeap<Movement>

  /// A rollout by how far it moved, the furthest first.
  private struct Movement: Comparable {
    var rollout: ReplayedRollout
    var distance: Double

    static func == (left: Movement, right: Movement) -> Bool {
      !(left < right) && !(right < left)
    }
    static func < (left: Movement, right: Movement) -> Bool {
      if left.distance != right.distance { return left.distance > right.distance }
      return left.rollout.rollout.utf8.lexicographicallyPrecedes(right.rollout.rollout.utf8)
    }
  }

  init(_ settings: Replay.Settings) {
    sample = BoundedHeap(capacity: settings.sample)
    moved = BoundedHeap(capacity: settings.top)
  }

  mutating func addOther(_ stamp: String) {
    report.otherCount += 1
    if report.otherVersions[stamp] != nil || report.otherVersions.count < Evidence.versionLimit {
      report.otherVersions[stamp, default: 0] += 1
    }
  }

  mutating func add(_ rollout: ReplayedRollout) {
    report.count += 1
    if rollout.origin == .after { report.judgedAfter += 1 }
    report.pairs += rollout.rejudge.count
    if !rollout.rejudge.isEmpty { report.rejudged += 1 }
    Self.count(
      rollout.before, rollout.unscorableBefore, waits: !rollout.waitingBefore.isEmpty,
      in: &report.unscorableBefore)
    Self.count(
      rollout.after, rollout.unscorableAfter, waits: !rollout.rejudge.isEmpty,
      in: &report.unscorableAfter)
    guard let old = rollout.before, let new = rollout.after else { return }
    report.replayed += 1
    switch rollout.basis {
    case .verdicts: break
    case .policy: report.provisional += 1
    case .held: report.estimated += 1
    }
    let distance = new - old
    before.add(old)
    after.add(new)
    shift.add(distance)
    if distance.magnitude > (report.worstShift ?? 0).magnitude || report.worstShift == nil {
      report.worstShift = distance
    }
    sample.insert(
      Pair(key: EvidenceGatherer.key(of: rollout.rollout), before: old, after: new))
    guard !Self.isSame(old, new) else {
      report.same += 1
      return
    }
    if distance > 0 { report.rose += 1 } else { report.fell += 1 }
    moved.insert(Movement(rollout: rollout, distance: distance.magnitude))
  }

  /// Two rewards that only rounding tells apart.
  private static func isSame(_ old: Double, _ new: Double) -> Bool {
    (new - old).magnitude <= 1e-9 * max(1, old.magnitude, new.magnitude)
  }

  private static func count(
    _ reward: Double?, _ reasons: [Unscorable], waits: Bool, in counts: inout [Unscorable.Code: Int]
  ) {
    guard reward == nil else { return }
    var codes = Set(reasons.map(\.code))
    if waits { codes.insert(ReplayReport.rejudge) }
    for code in codes { counts[code, default: 0] += 1 }
  }

  func report(_ comparability: Comparability, _ settings: Replay.Settings) -> ReplayReport {
    var report = report
    report.comparability = comparability
    report.unstamped = unstamped
    guard report.replayed > 0 else { return report }
    report.meanBefore = before.mean
    report.meanAfter = after.mean
    report.meanShift = shift.estimate
    report.moved = moved.sorted.map(\.rollout)
    let pairs = sample.sorted
    report.sampled = pairs.count
    report.rankCorrelation = Statistics.spearman(pairs.map(\.before), pairs.map(\.after))
    let rewards = pairs.flatMap { [$0.before, $0.after] }
    if let low = rewards.min(), let high = rewards.max(),
      let edges = Histogram.edges(from: low, to: high, bins: 12)
    {
      report.before = Histogram(pairs.lazy.map(\.before), edges: edges)
      report.after = Histogram(pairs.lazy.map(\.after), edges: edges)
    }
    let shifts = pairs.filter { !Self.isSame($0.before, $0.after) }.map { $0.after - $0.before }
    if let low = shifts.min(), let high = shifts.max(),
      let edges = Histogram.edges(from: low, to: high, bins: 12)
    {
      report.shifts = Histogram(shifts, edges: edges)
    }
    return report
  }
}
