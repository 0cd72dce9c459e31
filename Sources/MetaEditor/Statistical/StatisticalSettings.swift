/// What the statistical proposer calls much and little.
///
/// Each bound is one that a whole interval must lie beyond, not only the estimate.
///
/// - SeeAlso: SPEC.md §14.3.
public struct StatisticalSettings: Hashable, Sendable {
  /// The fewest rollouts that a statistic is worked out over.
  public var rollouts = 20
  /// The fewest of them with another verdict than most have, for a criterion to be correlated.
  public var minority = 8
  /// The share of rollouts at the top of a scale from which it is saturated.
  public var saturation = 0.9
  /// The share of rollouts with one verdict from which it tells nothing apart.
  public var noSpread = 0.95
  /// The rank correlation of two criteria from which they say the same.
  public var redundancy = 0.85
  /// The rank correlation from which one of the two can be left out of the reward.
  public var sameness = 0.97
  /// The rank correlation of the reward with a surface feature, given the trusted score, from which
  /// the reward follows the feature.
  public var rewardSurface = 0.1
  /// The same of a criterion that brings the feature into the reward.
  public var surface = 0.2
  /// The rank correlation with the step from which something rises or falls.
  public var trend = 0.1
  /// The rank correlation with the trusted score below whose negative a criterion disagrees with it.
  public var disagreement = 0.1
  /// The rank correlation with the trusted score from which a criterion agrees with it.
  public var agreement = 0.2
  /// The share of verdicts that cannot be used from which a criterion should not count.
  public var failures = 0.2
  /// The share of them that is worth telling.
  public var notableFailures = 0.05
  /// The share of `na` from which it should be said when a criterion applies.
  public var notApplicable = 0.5
  /// The share of rollouts that a gate stops from which it always fires.
  public var gateAlways = 0.9
  /// The share of rollouts that it stops below which it never fires.
  public var gateNever = 0.01
  /// The share of rollouts that a lowered gate lets pass at least.
  public var gatePass = 0.25
  /// What a weight is divided by in one update, more than 1; the trust region holds besides.
  public var weightStep = 2.0
  /// The least that a weight is lowered to, as a share of the median weight of the siblings that are
  /// not accused; after that the criterion no longer counts.
  public var weightFloor = 0.25
  /// The most steps of a numeric scale that is still widened to.
  public var scaleSteps = 10
  /// The most rollouts that an edit names.
  public var examples = 8

  /// Settings with everything at its default.
  public init() {}
}
