/// Statistics over plain numbers: pure, total, the same on every run.
///
/// Numbers that are not finite are left out, with what is paired with them. Where there is no answer
/// (nothing is left, a column is constant) there is nil and never a NaN.
///
/// - SeeAlso: SPEC.md §14.3.
public enum Statistics {
  /// The mean of `values`, nil where there are none.
  ///
  /// - Complexity: O(*n*).
  public static func mean(_ values: some Sequence<Double>) -> Double? {
    var (mean, count) = (0.0, 0.0)
    // A running mean, since a sum of large numbers may leave the range of doubles.
    for value in values where value.isFinite {
      count += 1
      mean += value / count - mean / count
    }
    return count > 0 && mean.isFinite ? mean : nil
  }

  /// The variance of `values` as a sample of more: the squared distances from the mean over n - 1.
  ///
  /// - Returns: Nil for fewer than two values, and where the answer is too large for a double.
  /// - Complexity: O(*n*).
  public static func variance(_ values: some Collection<Double>) -> Double? {
    guard let mean = mean(values) else { return nil }
    var (sum, count) = (0.0, 0)
    for value in values where value.isFinite {
      sum += (value - mean) * (value - mean)
      count += 1
    }
    let variance = sum / Double(count - 1)
    return count > 1 && variance.isFinite ? variance : nil
  }

  /// The median of `values`: the middle one, or the mean of the two in the middle.
  ///
  /// - Complexity: O(*n* log *n*).
  public static func median(_ values: some Sequence<Double>) -> Double? {
    let sorted = values.filter(\.isFinite).sorted()
    guard !sorted.isEmpty else { return nil }
    let (low, high) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
    return low / 2 + high / 2
  }

  /// The share of `successes` among `count`, with Wilson's score interval, which keeps what it
  /// promises where the share is near 0 or 1 and where there are few.
  ///
  /// - Parameters:
  ///   - successes: How often it happened; counts outside 0...`count` are drawn in.
  ///   - count: How often it could have.
  ///   - confidence: How sure the interval is.
  /// - Returns: The share, 0...1; nil where `count` is below 1.
  /// - SeeAlso: Wilson, *Probable inference, the law of succession, and statistical inference*,
  ///   J. Amer. Statist. Assoc. 22 (1927).
  public static func share(
    _ successes: Int, of count: Int, confidence: Confidence = Confidence()
  ) -> Estimate? {
    guard count > 0 else { return nil }
    let successes = min(max(successes, 0), count)
    let (n, z) = (Double(count), confidence.criticalValue)
    let share = Double(successes) / n
    let square = z * z / n
    let middle = share + square / 2
    let reach = z * ((share * (1 - share) + square / 4) / n).squareRoot()
    // At the ends the formula gives 0 and 1, but for rounding.
    let lower = successes == 0 ? 0 : max(0, (middle - reach) / (1 + square))
    let upper = successes == count ? 1 : min(1, (middle + reach) / (1 + square))
    return Estimate(value: share, lower: lower, upper: upper, count: count)
  }

  /// The difference `left` - `right` of two statistics, with an interval made of theirs (MOVER).
  ///
  /// What the two have in common is not taken into account: for statistics that rise together the
  /// interval is wider than it need be.
  ///
  /// - SeeAlso: Zou, *Toward using confidence intervals to compare correlations*, Psychological
  ///   Methods 12 (2007).
  public static func difference(_ left: Estimate, _ right: Estimate) -> Estimate {
    func reach(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
    let value = left.value - right.value
    return Estimate(
      value: value, lower: value - reach(left.value - left.lower, right.upper - right.value),
      upper: value + reach(left.upper - left.value, right.value - right.lower),
      count: min(left.count, right.count))
  }
}
