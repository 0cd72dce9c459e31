/// A column of numbers, made ready for being ranked over any choice of its rows.
struct RankedColumn: Sendable {
  /// For each row the place of its number among the distinct ones, from 0; -1 where there is none.
  let codes: [Int32]
  /// How many distinct numbers there are.
  let distinct: Int

  /// Creates a column; what is nil or not finite is no number.
  ///
  /// - Complexity: O(*n* log *n*).
  init(_ values: [Double?]) {
    let numbers = values.map { $0.flatMap { $0.isFinite ? $0 : nil } }
    let order = numbers.indices.filter { numbers[$0] != nil }.sorted {
      (numbers[$0] ?? 0) < (numbers[$1] ?? 0)
    }
    var codes = Array(repeating: Int32(-1), count: numbers.count)
    var distinct = 0
    for (place, row) in order.enumerated() {
      if place == 0 || numbers[order[place - 1]] != numbers[row] { distinct += 1 }
      codes[row] = Int32(distinct - 1)
    }
    (self.codes, self.distinct) = (codes, distinct)
  }

  /// Whether there is a number in a row.
  func has(_ row: Int) -> Bool { codes[row] >= 0 }

  /// The ranks of the numbers in `rows`, all of which have one, less the mean rank; those that are
  /// alike share the mean of their ranks.
  ///
  /// Each is a multiple of a half, so that sums of their products are exact for up to 100,000 rows, in
  /// any order.
  ///
  /// - Complexity: O(*rows* + *distinct*).
  func centredRanks(in rows: [Int]) -> [Double] {
    var counts = Array(repeating: 0, count: distinct)
    for row in rows { counts[Int(codes[row])] += 1 }
    var below = 0
    let middle = Double(rows.count + 1) / 2
    let ranks = counts.map { count in
      defer { below += count }
      return Double(below) + Double(count + 1) / 2 - middle
    }
    return rows.map { ranks[Int(codes[$0])] }
  }

  /// How many of `rows` hold the number that most of them hold, and how many hold any.
  func modalCount(in rows: some Sequence<Int>) -> (mode: Int, count: Int) {
    var counts = Array(repeating: 0, count: distinct)
    for row in rows where has(row) { counts[Int(codes[row])] += 1 }
    return (counts.max() ?? 0, counts.reduce(0, +))
  }
}

/// The rank correlations of several columns over the rows in which all have a number.
struct RankMatrix: Sendable {
  /// How many rows there are.
  let count: Int
  /// The correlation of each column with each; nil where one of them is constant.
  private let values: [[Double?]]

  /// Works out the correlations.
  ///
  /// - Parameters:
  ///   - columns: The columns, of the same length.
  ///   - rows: The rows to look at.
  init(_ columns: [RankedColumn], in rows: some Sequence<Int>) {
    let rows = rows.filter { row in columns.allSatisfy { $0.has(row) } }
    let ranks = columns.map { $0.centredRanks(in: rows) }
    let squares = ranks.map { $0.reduce(0) { $0 + $1 * $1 } }
    count = rows.count
    values = columns.indices.map { left in
      columns.indices.map { right in
        guard squares[left] > 0, squares[right] > 0 else { return nil }
        if left == right { return 1 }
        var sum = 0.0
        for index in rows.indices { sum += ranks[left][index] * ranks[right][index] }
        // The root of the product, not the product of the roots: it is exact for like columns.
        return min(1, max(-1, sum / (squares[left] * squares[right]).squareRoot()))
      }
    }
  }

  /// Spearman's correlation of two columns, nil where one is constant.
  subscript(left: Int, right: Int) -> Double? { values[left][right] }

  /// The correlation of two columns given others, by the recursion over the given ones.
  ///
  /// - Returns: Nil where a column is constant, or is known from the given ones. What is given and
  ///   constant is passed over.
  func partial(_ left: Int, _ right: Int, given: [Int]) -> Double? {
    let given = given.filter { values[$0][$0] != nil }
    return partial(left, right, given[...])
  }

  private func partial(_ left: Int, _ right: Int, _ given: ArraySlice<Int>) -> Double? {
    guard let last = given.last else { return values[left][right] }
    let rest = given.dropLast()
    guard let joint = partial(left, right, rest), let first = partial(left, last, rest),
      let second = partial(right, last, rest)
    else { return nil }
    let free = (1 - first * first) * (1 - second * second)
    guard free > 1e-9 else { return nil }
    return min(1, max(-1, (joint - first * second) / free.squareRoot()))
  }
}
