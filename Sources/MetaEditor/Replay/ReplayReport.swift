public import RubricStore

/// What a replay found.
public struct ReplayReport: Sendable {
  /// What going from the older to the newer version means for scores.
  public var comparability: Comparability
  /// The judgements of either version.
  public internal(set) var count = 0
  /// Of those, the ones that do not say which version; they count as the older's.
  public internal(set) var unstamped = 0
  /// Of those, the ones of the newer version.
  public internal(set) var judgedAfter = 0
  /// The judgements of other versions, which are in nothing else.
  public internal(set) var otherCount = 0
  /// Those by what they name as their rubric; at most ``Evidence/versionLimit`` names.
  public internal(set) var otherVersions: [String: Int] = [:]
  /// The judgements with a reward under both versions; all that follows is about them.
  public internal(set) var replayed = 0
  /// Of the replayed, those whose reward rests on verdicts that were taken to hold.
  public internal(set) var estimated = 0
  /// Of the replayed, those whose reward rests on the `missing` policy where verdicts are to be given.
  public internal(set) var provisional = 0
  /// The mean reward under the older version; nil where nothing was replayed.
  public internal(set) var meanBefore: Double?
  /// The mean reward under the newer version.
  public internal(set) var meanAfter: Double?
  /// The mean shift with its interval of 95 percent by Student's t, which has no bounds (infinite ones)
  /// for fewer than 5 rollouts.
  public internal(set) var meanShift: Estimate?
  /// The shift with the largest magnitude; nil where nothing was replayed.
  public internal(set) var worstShift: Double?
  /// Spearman's rank correlation of the rewards with its interval of 95 percent; nil where either
  /// has no spread.
  ///
  /// See ``Statistics/spearman(_:_:confidence:)``.
  public internal(set) var rankCorrelation: Estimate?
  /// How many rewards rose.
  public internal(set) var rose = 0
  /// How many fell.
  public internal(set) var fell = 0
  /// How many stayed the same, within a billionth.
  public internal(set) var same = 0
  /// Those that moved most, the furthest first.
  public internal(set) var moved: [ReplayedRollout] = []
  /// How many pairs of rewards the correlation and the histograms are over: all, or a sample.
  public internal(set) var sampled = 0
  /// The rewards under the older version, over the same bins as ``after``.
  public internal(set) var before: Histogram?
  /// The rewards under the newer version.
  public internal(set) var after: Histogram?
  /// The shifts of those that moved.
  public internal(set) var shifts: Histogram?
  /// The pairs of rollout and criterion that must be judged again.
  public internal(set) var pairs = 0
  /// The rollouts that those are of.
  public internal(set) var rejudged = 0
  /// How many rollouts have no reward under the older version, by reason.
  ///
  /// It is ``rejudge`` where verdicts are to be given again. One with two reasons counts for both.
  public internal(set) var unscorableBefore: [Unscorable.Code: Int] = [:]
  /// How many have none under the newer version, by reason.
  public internal(set) var unscorableAfter: [Unscorable.Code: Int] = [:]

  init(_ comparability: Comparability) { self.comparability = comparability }

  /// The reason that verdicts are to be given again.
  public static let rejudge = Unscorable.Code(rawValue: "rejudge")
}

extension ReplayReport {
  /// The report as JSON.
  public var json: JSONValue {
    let others = otherVersions.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return [
      "comparability": .string(comparability.word),
      "rejudge": .array(comparability.rejudged.map { .string($0.rawValue) }),
      "count": .integer(count), "unstamped": .integer(unstamped),
      "judgedAfter": .integer(judgedAfter), "otherCount": .integer(otherCount),
      "otherVersions": .array(
        others.map { ["rubric": .string($0.key), "count": .integer($0.value)] }),
      "replayed": .integer(replayed), "estimated": .integer(estimated),
      "provisional": .integer(provisional), "meanBefore": .finite(meanBefore),
      "meanAfter": .finite(meanAfter), "meanShift": Self.json(meanShift),
      "worstShift": .finite(worstShift), "rankCorrelation": Self.json(rankCorrelation),
      "rose": .integer(rose), "fell": .integer(fell), "same": .integer(same),
      "moved": .array(moved.map(\.json)), "sampled": .integer(sampled),
      "before": before?.json ?? .null, "after": after?.json ?? .null,
      "shifts": shifts?.json ?? .null, "pairs": .integer(pairs), "rejudged": .integer(rejudged),
      "unscorableBefore": Self.json(unscorableBefore),
      "unscorableAfter": Self.json(unscorableAfter),
    ]
  }

  private static func json(_ estimate: Estimate?) -> JSONValue {
    guard let estimate else { return .null }
    return [
      "value": .finite(estimate.value), "lower": .finite(estimate.lower),
      "upper": .finite(estimate.upper),
    ]
  }

  private static func json(_ reasons: [Unscorable.Code: Int]) -> JSONValue {
    let rows = reasons.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
    return .array(rows.map { ["code": .string($0.key.rawValue), "count": .integer($0.value)] })
  }
}
