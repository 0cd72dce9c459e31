/// Rank correlation after Spearman (1904), ties at their mean rank.
enum RankCorrelation {
  /// Returns Spearman's coefficient; nil where one side is all alike, or the sides differ in length.
  ///
  /// - Complexity: O(*n* log *n*).
  static func spearman(_ left: [Double], _ right: [Double]) -> Double? {
    guard left.count == right.count, left.count > 1 else { return nil }
    let (a, b) = (ranks(of: left), ranks(of: right))
    let mean = Double(left.count + 1) / 2
    var (product, leftSquares, rightSquares) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      product += (x - mean) * (y - mean)
      leftSquares += (x - mean) * (x - mean)
      rightSquares += (y - mean) * (y - mean)
    }
    guard leftSquares > 0, rightSquares > 0 else { return nil }
    return product / (leftSquares * rightSquares).squareRoot()
  }

  private static func ranks(of values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = Array(repeating: 0.0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for index in order[start..<end] { ranks[index] = Double(start + end + 1) / 2 }
      start = end
    }
    return ranks
  }
}
