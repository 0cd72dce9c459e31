import Glibc

/// A mean with the interval in which it lies.
struct Estimate {
  var mean: Double
  /// Half the width of the 95 % interval by Student's t; not a number for fewer than two values.
  var margin: Double

  init(_ values: [Double]) {
    let count = Double(values.count)
    mean = values.isEmpty ? 0 : values.reduce(0, +) / count
    let center = mean
    let squares = values.reduce(0) { $0 + ($1 - center) * ($1 - center) }
    margin =
      values.count < 2
      ? .nan : Self.quantile(degrees: values.count - 1) * sqrt(squares / (count - 1) / count)
  }

  var lower: Double { mean - margin }
  var upper: Double { mean + margin }

  /// Student's t below which lie 97.5 %, by the series of Cornish and Fisher (Abramowitz and Stegun
  /// 26.7.5); exact where the series is not, for one and two degrees of freedom.
  private static func quantile(degrees: Int) -> Double {
    switch degrees {
    case 1: return 12.706_204_7
    case 2: return 4.302_652_7
    default:
      let z = 1.959_963_984_540_054
      let n = Double(degrees)
      let first = (pow(z, 3) + z) / 4
      let second = (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / 96
      let third = (3 * pow(z, 7) + 19 * pow(z, 5) + 17 * pow(z, 3) - 15 * z) / 384
      return z + first / n + second / (n * n) + third / (n * n * n)
    }
  }
}

/// What came of all arms over all seeds.
struct Outcome {
  let setup: Setup
  /// The runs of each arm, in the order of seeds.
  let runs: [Arm: [Run]]

  /// Gold over the first updates of an arm, a run each.
  func start(_ arm: Arm, _ values: KeyPath<Run, [Double]>) -> [Double] {
    (runs[arm] ?? []).map { run in
      let first = run[keyPath: values].prefix(setup.lastUpdates)
      return first.isEmpty ? 0 : first.reduce(0, +) / Double(first.count)
    }
  }

  /// The mean over the last updates of an arm, a run each.
  func end(_ arm: Arm, _ values: KeyPath<Run, [Double]>) -> [Double] {
    (runs[arm] ?? []).map { Run.end($0[keyPath: values], setup.lastUpdates) }
  }

  /// Final gold of `arm` less that of `other`, seed by seed.
  func difference(_ arm: Arm, _ other: Arm) -> [Double] {
    zip(end(arm, \.golds), end(other, \.golds)).map { $0 - $1 }
  }

  /// What the example claims: each with whether the numbers bear it out.
  var claims: [(text: String, holds: Bool)] {
    let rise = zip(end(.evolving, \.golds), start(.evolving, \.golds)).map { $0 - $1 }
    let gamed = zip(end(.fixed, \.rewards), start(.fixed, \.rewards)).map { $0 - $1 }
    let fall = zip(end(.fixed, \.golds), start(.fixed, \.golds)).map { $0 - $1 }
    return [
      ("under the fixed rubric reward rises", Estimate(gamed).lower > 0),
      ("under the fixed rubric gold falls", Estimate(fall).upper < 0),
      ("under the evolving rubric gold rises", Estimate(rise).lower > 0),
      (
        "at the end gold is higher under the evolving rubric than under the fixed one",
        Estimate(difference(.evolving, .fixed)).lower > 0
      ),
    ]
  }
}
