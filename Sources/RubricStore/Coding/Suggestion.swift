/// Finds what was probably meant.
package enum Suggestion {
  /// Returns "did you mean `x`?" for the nearest of `candidates`, or nil where none is near.
  ///
  /// Near is a Damerau-Levenshtein distance (optimal string alignment) of at most a third of the
  /// longer word, and at least 1.
  ///
  /// - Complexity: O(candidates × length²); words longer than 64 bytes are not compared.
  package static func didYouMean(
    _ word: String, among candidates: some Sequence<String>
  )
    -> String?
  {
    nearest(word, among: candidates).map { "did you mean `\($0)`?" }
  }

  /// Returns the nearest of `candidates`, the first of equals, or nil where none is near.
  package static func nearest(_ word: String, among candidates: some Sequence<String>) -> String? {
    let bytes = Array(word.lowercased().utf8)
    guard (1...64).contains(bytes.count) else { return nil }
    var best: (word: String, distance: Int)?
    for candidate in candidates {
      let other = Array(candidate.lowercased().utf8)
      let allowed = max(1, max(bytes.count, other.count) / 3)
      guard other.count <= 64, abs(other.count - bytes.count) <= allowed,
        candidate != word
      else { continue }
      let distance = distance(bytes, other)
      if distance <= allowed, distance < best?.distance ?? .max {
        best = (candidate, distance)
      }
    }
    return best?.word
  }

  /// Returns `a`, `b` or `c`, in backquotes.
  package static func list(_ words: [String], conjunction: String = "or") -> String {
    let quoted = words.map { "`\($0)`" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
    return quoted.dropLast().joined(separator: ", ") + " \(conjunction) " + last
  }

  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, byte) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        var cost = min(
          last[column] + (byte == other ? 0 : 1), last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, byte == right[column - 1], left[row - 1] == other {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
