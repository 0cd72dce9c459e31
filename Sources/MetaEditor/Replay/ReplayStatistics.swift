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
