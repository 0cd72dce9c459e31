public import RubricStore

/// How many values lie in each of some bins of one width.
public struct Histogram: Hashable, Sendable {
  /// The bounds of the bins, rising, one more than there are bins.
  ///
  /// A value on a bound belongs to the
  /// bin above it, the largest to the last.
  public private(set) var edges: [Double]
  /// How many values each bin holds.
  public private(set) var counts: [Int]

  /// Counts values in bins over a range.
  init(_ values: some Sequence<Double>, edges: [Double]) {
    self.edges = edges
    counts = Array(repeating: 0, count: max(0, edges.count - 1))
    for value in values { if let bin = bin(of: value) { counts[bin] += 1 } }
  }

  private func bin(of value: Double) -> Int? {
    guard let first = edges.first, let last = edges.last, value >= first, value <= last else {
      return nil
    }
    // The number of edges that are at most the value.
    var low = 0
    var high = edges.count
    while low < high {
      let middle = (low + high) / 2
      if edges[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return min(low - 1, counts.count - 1)
  }

  /// Bounds of at most `bins` bins that hold all from `low` to `high`, at multiples of 1, 2 or 5 times
  /// a power of ten; nil where there are none in numbers.
  static func edges(from low: Double, to high: Double, bins: Int) -> [Double]? {
    guard low.isFinite, high.isFinite, low <= high, (high - low).isFinite, bins > 0 else {
      return nil
    }
    let size = max(low.magnitude, high.magnitude)
    let least = low < high ? max((high - low) / Double(bins), size * 1e-9) : max(size, 1) / 10
    // Below the least normal number there are no logarithms to go by.
    guard least.isNormal, least > 0 else { return nil }
    // The power of ten below; one more is tried, for the logarithm is not exact.
    let exponent = Int((Elementary.log(least) / Elementary.log(10)).rounded(.down)) - 1
    for exponent in exponent..<exponent + 4 {
      guard let power = Double("1e\(exponent)") else { continue }
      for factor in [1.0, 2, 5] {
        let width = factor * power
        guard width >= least * (1 - 1e-9), width.isFinite, width > 0 else { continue }
        let first = (low / width + 1e-9).rounded(.down)
        let last = max(first + 1, (high / width - 1e-9).rounded(.up))
        guard last - first <= Double(bins) + 1 else { continue }
        var edges = (0...Int(last - first)).map { rounded((first + Double($0)) * width, to: power) }
        guard zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) else { continue }
        // The ends hold what rounding put just outside.
        edges[0] = min(edges[0], low)
        edges[edges.count - 1] = max(edges[edges.count - 1], high)
        return edges
      }
    }
    return nil
  }

  /// The multiple of a power of ten without what the arithmetic left.
  private static func rounded(_ value: Double, to power: Double) -> Double {
    guard power < 1 else { return value }
    let scale = (1 / power).rounded()
    guard scale.isFinite, scale > 0 else { return value }
    return (value * scale).rounded() / scale
  }

  /// The histogram as JSON: `{edges, counts}`.
  public var json: JSONValue {
    [
      "edges": .array(edges.map { .finite($0) }), "counts": .array(counts.map { .integer($0) }),
    ]
  }
}
