/// A statistic with the interval that it is sure to lie in, as far as its confidence goes.
public struct Estimate: Hashable, Sendable {
  /// The statistic.
  public var value: Double
  /// The lower end of its interval.
  public var lower: Double
  /// The upper end of its interval.
  public var upper: Double
  /// How many observations it rests on.
  public var count: Int

  /// Creates an estimate.
  public init(value: Double, lower: Double, upper: Double, count: Int) {
    self.value = value
    self.lower = lower
    self.upper = upper
    self.count = count
  }

  /// The estimate of the statistic with the other sign.
  public var negated: Estimate {
    Estimate(value: -value, lower: -upper, upper: -lower, count: count)
  }
}

/// How sure intervals are.
///
/// Where several intervals are looked at for the one that stands out, each is made at a higher
/// confidence, so that all of them together hold at ``level`` (Bonferroni's inequality).
public struct Confidence: Hashable, Sendable {
  /// The confidence of all intervals together, between 0 and 1: 0.95.
  public var level: Double
  /// How many intervals there are, 1 or more.
  public var comparisons: Int

  /// Creates a confidence.
  public init(_ level: Double = 0.95, comparisons: Int = 1) {
    self.level = level
    self.comparisons = comparisons
  }

  /// How many standard errors an interval reaches to each side; 1.96 for one interval at 0.95.
  ///
  /// A level outside 0...1 counts as the nearer end, and 1 as the nearest number below; the answer is
  /// finite and at least 0.
  public var criticalValue: Double {
    let level = level >= 0 ? min(level, 1 - 0x1p-53) : 0
    return -Statistics.normalQuantile((1 - level) / 2 / Double(max(1, comparisons)))
  }
}
