extension Statistics {
  /// The ranks of `values`, from 1; those that are alike share the mean of their ranks.
  ///
  /// - Returns: A rank for each value; NaN-free: what is not finite has rank 0 and takes no part.
  /// - Complexity: O(*n* log *n*).
  public static func ranks(_ values: [Double]) -> [Double] {
    let column = RankedColumn(values)
    let rows = values.indices.filter(column.has)
    var ranks = Array(repeating: 0.0, count: values.count)
    let middle = Double(rows.count + 1) / 2
    for (row, rank) in zip(rows, column.centredRanks(in: rows)) { ranks[row] = rank + middle }
    return ranks
  }

  /// Spearman's rank correlation of two columns, those that are alike sharing their mean rank.
  ///
  /// Its interval is Fisher's, over z = artanh ρ, with Bonett and Wright's standard error
  /// √((1 + ρ²/2)/(n - 3)). Where ρ is ±1, z is made of the next value that ranks without ties can
  /// give, 1 - 12/(n³ - n). With three observations or fewer the interval is -1...1.
  ///
  /// - Parameters:
  ///   - left: A column.
  ///   - right: Another, of the same length; what the longer one has more is left out.
  ///   - confidence: How sure the interval is.
  /// - Returns: The correlation, -1...1; nil where a column is constant.
  /// - Complexity: O(*n* log *n*).
  /// - SeeAlso: Spearman (1904); Bonett and Wright, *Sample size requirements for estimating Pearson,
  ///   Kendall and Spearman correlations*, Psychometrika 65 (2000).
  public static func spearman(
    _ left: [Double], _ right: [Double], confidence: Confidence = Confidence()
  ) -> Estimate? {
    partialSpearman(left, right, given: [], confidence: confidence)
  }

  /// Spearman's rank correlation of two columns, given others: what is left of it where the others
  /// stay the same, as far as ranks tell.
  ///
  /// Its interval is that of ``spearman(_:_:confidence:)`` with as many observations fewer as columns
  /// are given (Fisher, 1924).
  ///
  /// - Parameters:
  ///   - left: A column.
  ///   - right: Another.
  ///   - given: The columns that are held; one that is constant is passed over.
  ///   - confidence: How sure the interval is.
  /// - Returns: The correlation, -1...1; nil where a column is constant or known from the given ones.
  /// - Complexity: O(*n* log *n*) for each column, and exponential in how many are given.
  public static func partialSpearman(
    _ left: [Double], _ right: [Double], given: [[Double]], confidence: Confidence = Confidence()
  ) -> Estimate? {
    let columns = [left, right] + given
    let count = columns.map(\.count).min() ?? 0
    let matrix = RankMatrix(
      columns.map { RankedColumn($0.prefix(count).map { $0 }) }, in: 0..<count)
    return matrix.estimate(0, 1, given: Array(2..<columns.count), confidence: confidence)
  }

  /// The interval of a rank correlation over `count` observations, less those that were given away.
  static func interval(
    ofRankCorrelation value: Double, count: Int, confidence: Confidence
  ) -> (lower: Double, upper: Double) {
    guard count > 3 else { return (-1, 1) }
    let n = Double(count)
    let nearest = 1 - 12 / (n * n * n - n)
    let z = Elementary.atanh(min(nearest, max(-nearest, value)))
    let reach = confidence.criticalValue * ((1 + value * value / 2) / (n - 3)).squareRoot()
    return (min(value, Elementary.tanh(z - reach)), max(value, Elementary.tanh(z + reach)))
  }
}

extension RankMatrix {
  /// The correlation of two columns given others, with its interval.
  func estimate(
    _ left: Int, _ right: Int, given: [Int] = [], confidence: Confidence
  ) -> Estimate? {
    guard let value = partial(left, right, given: given) else { return nil }
    let held = given.count { self[$0, $0] != nil }
    let interval = Statistics.interval(
      ofRankCorrelation: value, count: count - held, confidence: confidence)
    return Estimate(value: value, lower: interval.lower, upper: interval.upper, count: count)
  }
}
