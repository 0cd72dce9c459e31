internal import Glibc

/// Mean and spread of a stream, kept up with each value (Welford 1962).
struct Moments {
  private(set) var count = 0
  private(set) var mean = 0.0
  private var squares = 0.0

  mutating func add(_ value: Double) {
    count += 1
    let distance = value - mean
    mean += distance / Double(count)
    squares += distance * (value - mean)
  }

  /// The mean with its interval of 95 percent by Student's t; without one for fewer than 5 values.
  var meanInterval: ReplayReport.Interval {
    guard count >= 5 else { return ReplayReport.Interval(value: mean) }
    let degrees = Double(count - 1)
    let error = (squares / degrees / Double(count)).squareRoot()
    let reach = Self.quantile(degrees: degrees) * error
    guard reach.isFinite else { return ReplayReport.Interval(value: mean) }
    return ReplayReport.Interval(value: mean, lower: mean - reach, upper: mean + reach)
  }

  /// The 97.5 percent quantile of Student's t, by its expansion in the normal one (Abramowitz and
  /// Stegun 1964, 26.7.5).
  static func quantile(degrees: Double) -> Double {
    let z = normalQuantile
    let z2 = z * z
    let terms = [
      z * (z2 + 1) / 4, z * ((5 * z2 + 16) * z2 + 3) / 96,
      z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384,
      z * ((((79 * z2 + 776) * z2 + 1_482) * z2 - 1_920) * z2 - 945) / 92_160,
    ]
    var power = 1.0
    return terms.reduce(z) { sum, term in
      power /= degrees
      return sum + term * power
    }
  }

  /// The 97.5 percent quantile of the normal distribution.
  static let normalQuantile = 1.959_963_984_540_054
}

/// Spearman's rank correlation (Spearman 1904), with tied values at their mean rank.
enum RankCorrelation {
  /// The correlation, or nil where either side has no spread.
  static func value(_ left: [Double], _ right: [Double]) -> Double? {
    guard left.count == right.count, left.count > 1 else { return nil }
    let (ranksLeft, ranksRight) = (ranks(left), ranks(right))
    let mean = Double(left.count + 1) / 2
    var products = 0.0
    var squaresLeft = 0.0
    var squaresRight = 0.0
    for (x, y) in zip(ranksLeft, ranksRight) {
      products += (x - mean) * (y - mean)
      squaresLeft += (x - mean) * (x - mean)
      squaresRight += (y - mean) * (y - mean)
    }
    guard squaresLeft > 0, squaresRight > 0 else { return nil }
    return min(1, max(-1, products / (squaresLeft.squareRoot() * squaresRight.squareRoot())))
  }

  /// The correlation with its interval of 95 percent: Fisher's z with the standard error of Bonett
  /// and Wright (2000).
  static func interval(_ left: [Double], _ right: [Double]) -> ReplayReport.Interval? {
    guard let value = value(left, right) else { return nil }
    var interval = ReplayReport.Interval(value: value)
    guard left.count >= 5 else { return interval }
    guard value.magnitude < 1 else {
      (interval.lower, interval.upper) = (value, value)
      return interval
    }
    let error = ((1 + value * value / 2) / Double(left.count - 3)).squareRoot()
    let z = atanh(value)
    interval.lower = tanh(z - Moments.normalQuantile * error)
    interval.upper = tanh(z + Moments.normalQuantile * error)
    return interval
  }

  static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = Array(repeating: 0.0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      // Ranks count from 1.
      for index in start..<end { ranks[order[index]] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }
}
