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

  /// The mean with its interval by Student's t; without bounds for fewer than 5 values.
  var estimate: Estimate {
    var estimate = Estimate(value: mean, lower: -.infinity, upper: .infinity, count: count)
    guard count >= 5 else { return estimate }
    let degrees = Double(count - 1)
    let reach = Self.quantile(degrees: degrees) * (squares / degrees / Double(count)).squareRoot()
    guard reach.isFinite else { return estimate }
    (estimate.lower, estimate.upper) = (mean - reach, mean + reach)
    return estimate
  }

  /// The 97.5 percent quantile of Student's t, by its expansion in the normal one, which is within
  /// two thousandths from 4 degrees of freedom on.
  ///
  /// - SeeAlso: Abramowitz and Stegun, *Handbook of Mathematical Functions* (1964), 26.7.5.
  static func quantile(degrees: Double) -> Double {
    let z = Confidence().criticalValue
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
}
