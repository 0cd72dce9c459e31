public import RubricStore

/// Works out what rewards verdicts earn under two versions of a rubric, a rollout at a time.
///
/// The judge is not asked. What it said about a criterion that both versions ask about in the same
/// words is carried over; what it would have to be asked again is told, rollout by rollout, and not
/// guessed. Verdicts may be given under either version; those of other versions are told apart.
///
/// ```swift
/// var replay = Replay(from: old.rubric, to: new.rubric) { stamp in origin(of: stamp) }
/// for line in lines {
///   let replayed = replay.add(try Judgement(parsing: line))
///   // replayed?.rejudge: what the judge must be asked about this rollout
/// }
/// let report = replay.report
/// ```
///
/// - SeeAlso: SPEC.md §18.1.
public struct Replay {
  /// What is worked out, and how much is kept.
  public struct Settings: Hashable, Sendable {
    /// The most pairs of rewards that are kept for ranks and histograms, 1 or more.
    ///
    /// Which ones, the rollouts' names decide and not their order.
    public var sample: Int
    /// How many of the rollouts that moved most are kept, 0 or more.
    public var top: Int
    /// Whether a verdict on a criterion that must be judged again is taken to hold, where it is a
    /// verdict of the new scale and the scale has the ends that it had.
    ///
    /// What rests on that is an estimate.
    public var assumesHeld: Bool

    /// Creates settings.
    public init(sample: Int = 100_000, top: Int = 10, assumesHeld: Bool = false) {
      self.sample = max(1, sample)
      self.top = max(0, top)
      self.assumesHeld = assumesHeld
    }
  }

  /// Which version a judge read.
  public enum Origin: Hashable, Sendable {
    /// The older version.
    case before
    /// The newer version.
    case after
    /// Another version, or one that is not known.
    case other
  }

  /// The older version.
  public let old: Rubric
  /// The newer version.
  public let new: Rubric
  private let settings: Settings
  private let originOf: (String) -> Origin
  private var origins: [String: Origin] = [:]
  private let compiledOld: CompiledRubric
  private let compiledNew: CompiledRubric
  private let forward: Carry
  private let backward: Carry
  private var tally: ReplayTally

  /// Prepares a replay.
  ///
  /// - Parameters:
  ///   - old: The older version, valid.
  ///   - new: The newer version, valid.
  ///   - settings: What is worked out.
  ///   - origin: Which version the name that a judgement gives as its rubric stands for; asked once
  ///     a name. A judgement that gives none counts as one of the older version.
  /// - Complexity: O(*n*) in the size of both.
  public init(
    from old: Rubric, to new: Rubric, settings: Settings = Settings(),
    origin: @escaping (String) -> Origin = { _ in .before }
  ) {
    self.old = old
    self.new = new
    self.settings = settings
    originOf = origin
    compiledOld = CompiledRubric(old)
    compiledNew = CompiledRubric(new)
    forward = Carry(from: old, to: new)
    backward = Carry(from: new, to: old)
    tally = ReplayTally(settings)
  }

  /// What going from the older to the newer version means for scores.
  public var comparability: Comparability { forward.comparability }

  /// Adds a judgement.
  ///
  /// - Parameters:
  ///   - judgement: The verdicts. A rollout that is added twice counts twice.
  ///   - rejudged: What the judge said of the rollout when it was asked again under the newer
  ///     version; only what had to be asked again is taken from it.
  /// - Returns: Both rewards, and what the judge must be asked again; nil for a judgement of another
  ///   version, which is only counted.
  /// - Complexity: O(*m*) in criteria and verdicts, and the log of what is kept.
  @discardableResult
  public mutating func add(
    _ judgement: Judgement, rejudged: [CriterionID: Verdict] = [:]
  ) -> ReplayedRollout? {
    var origin = Origin.before
    if let stamp = judgement.rubric {
      origin = self.origin(of: stamp)
      guard origin != .other else {
        tally.addOther(stamp)
        return nil
      }
    } else {
      tally.unstamped += 1
    }
    var replayed = ReplayedRollout(rollout: judgement.rollout, origin: origin)
    switch origin {
    case .before:
      let carried = forward.carry(
        judgement.verdicts, rejudged: rejudged, assumesHeld: settings.assumesHeld)
      replayed.take(compiledOld.score(judgement), as: \.before)
      if !carried.isNothing {
        replayed.take(compiledNew.score(carried.judgement), as: \.after)
      }
      replayed.rejudge = carried.waiting
      replayed.basis = basis(of: carried, under: new)
    case .after, .other:
      let carried = backward.carry(
        judgement.verdicts, rejudged: [:], assumesHeld: settings.assumesHeld)
      if !carried.isNothing {
        replayed.take(compiledOld.score(carried.judgement), as: \.before)
      }
      replayed.take(compiledNew.score(judgement), as: \.after)
      replayed.waitingBefore = carried.waiting
      replayed.basis = basis(of: carried, under: old)
    }
    replayed.settleReasons()
    tally.add(replayed)
    return replayed
  }

  /// What was found so far.
  ///
  /// - Complexity: O(*s* log *s*) in the sample's size.
  public var report: ReplayReport { tally.report(forward.comparability, settings) }

  private mutating func origin(of stamp: String) -> Origin {
    if let known = origins[stamp] { return known }
    let answer = originOf(stamp)
    // A stream that names ever new versions must not fill the memory.
    if origins.count < 10_000 { origins[stamp] = answer }
    return answer
  }

  /// What a reward that was worked out from carried verdicts rests on.
  private func basis(of carried: Carry.Result, under rubric: Rubric) -> ReplayedRollout.Basis {
    if carried.held > 0 { return .held }
    // Under `error` a reward is there only if nothing that it depends on waits.
    return carried.waiting.isEmpty || rubric.aggregation.missing == .error ? .verdicts : .policy
  }
}

extension Rubric {
  /// Whether a judge that read `other` was asked what one that reads this is asked, so that verdicts
  /// given under either are verdicts under both.
  ///
  /// Weights, gates and what only people see may differ.
  public func asksLike(_ other: Rubric) -> Bool {
    switch comparability(to: other) {
    case .identical, .cosmetic: true
    case .recompute: Set(askedIDs) == Set(other.askedIDs)
    case .rejudge, .incomparable: false
    }
  }

  /// What the judge gives verdicts on: the criteria that are judged, or the whole under its own id.
  var askedIDs: [CriterionID] {
    guard judge.mode == .holistic else { return judgedCriteria.map(\.id) }
    return CriterionID(rawValue: id.rawValue).map { [$0] } ?? []
  }
}
