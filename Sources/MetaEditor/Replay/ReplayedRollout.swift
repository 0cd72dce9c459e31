public import RubricStore

/// What the verdicts of one rollout earn under two versions of a rubric.
public struct ReplayedRollout: Hashable, Sendable {
  /// What the reward under the other version than the judge's rests on.
  public enum Basis: String, Hashable, Sendable {
    /// On verdicts alone.
    case verdicts
    /// On the rubric's `missing` policy where verdicts are still to be given.
    case policy
    /// On verdicts that were taken to hold although they must be given again: an estimate.
    case held
  }

  /// The rollout's name.
  @Verbatim public var rollout: String
  /// The version that the judge read.
  public var origin: Replay.Origin
  /// The reward under the older version; nil where there is none.
  public internal(set) var before: Double?
  /// The reward under the newer version; nil where there is none.
  public internal(set) var after: Double?
  /// What the judge must be asked again under the newer version, in the order of the document;
  /// under `holistic` the rubric's own id.
  public internal(set) var rejudge: [CriterionID] = []
  /// What the reward that the judge's verdicts were carried over for rests on.
  public internal(set) var basis = Basis.verdicts
  /// Why there is no reward under the older version.
  public internal(set) var unscorableBefore: [Unscorable] = []
  /// Why there is none under the newer version.
  ///
  /// Where only verdicts that are to be given again are missing it is empty.
  public internal(set) var unscorableAfter: [Unscorable] = []
  /// What the judge would have to be asked under the older version.
  var waitingBefore: [CriterionID] = []

  init(rollout: String, origin: Replay.Origin) {
    self.rollout = rollout
    self.origin = origin
  }

  /// By how much the reward moved; nil unless both are there.
  public var shift: Double? {
    guard let before, let after else { return nil }
    return after - before
  }

  mutating func take(_ score: Score, as reward: WritableKeyPath<ReplayedRollout, Double?>) {
    self[keyPath: reward] = score.reward
    if reward == \.before {
      unscorableBefore = score.unscorable
    } else {
      unscorableAfter = score.unscorable
    }
  }

  /// Takes out what is missing because it is to be given again.
  mutating func settleReasons() {
    func isOpen(_ reason: Unscorable, _ waiting: [CriterionID]) -> Bool {
      reason.code == .missing && reason.criterion.map(waiting.contains) == true
    }
    if !waitingBefore.isEmpty { unscorableBefore.removeAll { isOpen($0, waitingBefore) } }
    if !rejudge.isEmpty { unscorableAfter.removeAll { isOpen($0, rejudge) } }
  }

  /// The rollout as JSON: `{rollout, before, after, rejudge, basis}`.
  public var json: JSONValue {
    [
      "rollout": .string(rollout), "before": .finite(before), "after": .finite(after),
      "rejudge": .array(rejudge.map { .string($0.rawValue) }), "basis": .string(basis.rawValue),
    ]
  }
}

extension JSONValue {
  /// The number, or null where there is none that JSON knows.
  static func finite(_ value: Double?) -> JSONValue {
    value.flatMap { $0.isFinite ? .decimal($0) : nil } ?? .null
  }
}
