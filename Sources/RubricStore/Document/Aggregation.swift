/// How verdicts at the top level become a reward.
///
/// - SeeAlso: SPEC.md §6, with the formula of each method and whose it is.
public struct Aggregation: Hashable, Sendable {
  /// The formula.
  public enum Method: String, CaseIterable, Hashable, Sendable {
    /// Weighted credit over all weights: Rubrics as Rewards, PaperBench.
    case weightedMean = "weighted_mean"
    /// Weighted credit over the weights that can earn credit: HealthBench.
    case pointsOverPositive = "points_over_positive"
    /// The sum of weighted verdicts in their own scales: Meta Policy Optimization.
    case sum
  }

  /// What becomes of a verdict that is absent or an error.
  public enum MissingPolicy: String, CaseIterable, Hashable, Sendable {
    /// The judgement has no reward.
    case error
    /// The criterion is left out, its weight too.
    case exclude
    /// The verdict counts as the one that earns least.
    case worst
  }

  /// What becomes of a verdict `na`.
  public enum NotApplicablePolicy: String, CaseIterable, Hashable, Sendable {
    /// The criterion is left out, its weight too.
    case exclude
    /// The criterion earns and costs nothing; its weight stays in the denominator.
    case zero
    /// The judgement has no reward.
    case fail
  }

  /// The formula.
  public var method: Method
  /// The bounds that the reward is clipped to; nil for none.
  public var clip: Clip?
  /// What becomes of a verdict that is absent or an error.
  public var missing: MissingPolicy
  /// What becomes of a verdict `na`.
  public var na: NotApplicablePolicy

  /// Creates an aggregation.
  public init(
    method: Method = .weightedMean, clip: Clip? = .unit, missing: MissingPolicy = .error,
    na: NotApplicablePolicy = .exclude
  ) {
    self.method = method
    self.clip = clip
    self.missing = missing
    self.na = na
  }
}

/// The bounds of a reward.
public struct Clip: Hashable, Sendable {
  /// The lowest reward, below ``upper``.
  public var lower: Double
  /// The highest reward.
  public var upper: Double

  /// Creates bounds; validation reports bounds that are not in order.
  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// 0 to 1.
  public static let unit = Clip(lower: 0, upper: 1)
}
