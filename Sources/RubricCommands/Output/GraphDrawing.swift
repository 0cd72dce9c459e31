import RubricStore

/// Draws how commits hang together, a commit at a time, in the characters of `git log --graph`.
///
/// Each line leads down to a commit that is still to come, and stands in a column of two characters.
/// A merge opens columns to its right, one for each further parent. Two lines to the same commit
/// become one at once, the right one going over to the left; it passes behind those between.
struct GraphDrawing {
  /// What is drawn for one commit.
  struct Rows {
    /// The rows that make room before it.
    var before: [String] = []
    /// Its own row.
    var own = ""
    /// The rows on the way to the next commit; text may stand beside them.
    var after: [String] = []
    /// The row where nothing changes.
    var rest = ""
    /// Where text begins beside ``own``, ``after`` and ``rest``.
    var width = 0
  }

  /// The commit that each line leads to, from the left.
  private var lines: [ObjectID] = []

  /// Draws the next commit, which comes before its parents.
  mutating func place(_ commit: ObjectID, parents: [ObjectID]) -> Rows {
    if !lines.contains(commit) { lines.append(commit) }
    let column = lines.firstIndex(of: commit) ?? 0
    let right = lines.count - column - 1
    // The first two lines down leave from the commit itself, the others from dashes beside it.
    let dashes = max(0, parents.count - 2)
    var rows = Rows()
    if right > 0 {
      for step in 0..<dashes {
        rows.before.append(
          row(bars: 0...column, shifts: (0..<right).map { 2 * (column + 1 + $0 + step) + 1 }, "\\"))
      }
    }
    var own = characters(column + 1 + dashes + right)
    for index in 0..<column { own[2 * index] = "|" }
    own[2 * column] = "*"
    for offset in 1..<max(1, 2 * dashes) { own[2 * column + offset] = "-" }
    if dashes > 0 { own[2 * (column + dashes)] = "." }
    for index in 0..<right { own[2 * (column + 1 + dashes + index)] = "|" }
    rows.own = String(own).withoutTrailingSpaces
    rows.width = 2 * (column + 1 + dashes + right)
    if parents.count > 1 {
      let count = parents.count - 1 + right
      rows.after.append(
        row(bars: 0...column, shifts: (0..<count).map { 2 * (column + $0) + 1 }, "\\"))
    } else if parents.isEmpty, right > 0 {
      rows.after.append(
        row(bars: 0..<column, shifts: (0..<right).map { 2 * (column + $0) + 1 }, "/"))
    }
    lines.replaceSubrange(column...column, with: parents)
    rows.width = max(rows.width, 2 * lines.count)
    join(&rows)
    rows.rest = row(bars: 0..<lines.count, shifts: [], " ")
    return rows
  }

  /// Makes one line of all that lead to the same commit.
  private mutating func join(_ rows: inout Rows) {
    while let from = lines.indices.first(where: { lines[..<$0].contains(lines[$0]) }),
      let target = lines.firstIndex(of: lines[from])
    {
      // What is right of it closes up.
      let shifts = (from..<lines.count).map { 2 * $0 - 1 }
      var first = Array(row(bars: 0..<from, shifts: shifts, "/"))
      for index in (target + 1)..<max(target + 1, from - 1) { first[2 * index + 1] = "_" }
      lines.remove(at: from)
      if from == target + 1 {
        rows.after.append(String(first))
        continue
      }
      // The line goes behind those between, and comes out beside its target.
      rows.after.append(String(first))
      rows.after.append(row(bars: 0..<lines.count, shifts: [2 * target + 1], "/"))
    }
  }

  private func characters(_ columns: Int) -> [Character] {
    Array(repeating: " ", count: 2 * columns)
  }

  private func row(
    bars: some Sequence<Int>, shifts: [Int], _ slant: Character
  ) -> String {
    var row: [Character] = []
    func set(_ position: Int, _ character: Character) {
      while row.count <= position { row.append(" ") }
      row[position] = character
    }
    for bar in bars { set(2 * bar, "|") }
    for shift in shifts { set(shift, slant) }
    return String(row)
  }
}

extension Terminal {
  /// Shows a commit of a graph with `body` beside it.
  ///
  /// Where `isSpaced`, a row is left free before the next commit.
  func draw(_ rows: GraphDrawing.Rows, isSpaced: Bool, _ body: () throws -> Void) rethrows {
    margin = nil
    for row in rows.before { line(row) }
    var waiting = Array(([rows.own] + rows.after).reversed())
    func padded(_ row: String) -> String {
      row + String(repeating: " ", count: max(0, rows.width - row.count))
    }
    margin = { padded(waiting.popLast() ?? rows.rest) }
    defer { margin = nil }
    try body()
    if isSpaced { line() }
    while !waiting.isEmpty { line() }
  }
}
