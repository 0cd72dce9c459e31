import RubricStore

/// Draws numbers with characters: blocks where the terminal shows them, ASCII where it may not.
struct Plot {
  /// Whether the characters may be other than ASCII.
  var isUnicode: Bool

  /// What the locale says, as programs read it: `LC_ALL`, `LC_CTYPE`, `LANG`, the first that is set.
  static var current: Plot {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"]
    let locale = names.lazy.compactMap { Environment[$0] }.first { !$0.isEmpty } ?? ""
    let word = locale.lowercased()
    return Plot(isUnicode: word.contains("utf-8") || word.contains("utf8"))
  }

  /// A bar of a share of a width; something that is not nothing is seen.
  func bar(_ share: Double, width: Int) -> String {
    guard share > 0, share.isFinite else { return "" }
    let share = min(share, 1)
    guard isUnicode else {
      return String(repeating: "#", count: max(1, Int((share * Double(width)).rounded())))
    }
    let eighths = max(1, Int((share * Double(width * 8)).rounded()))
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    return String(repeating: "█", count: eighths / 8) + rest
  }

  /// A character for each value, by its height between the least and the greatest; what is not there
  /// is a dot.
  ///
  /// - Parameters:
  ///   - values: The values in order.
  ///   - width: The most characters; of more values each character is the mean of some.
  /// - Returns: The characters.
  func line(_ values: [Double?], width: Int) -> String {
    let values = Self.thinned(values, to: width)
    let known = values.compactMap { $0 }
    guard let low = known.min(), let high = known.max() else {
      return String(repeating: dot, count: values.count)
    }
    let steps = isUnicode ? Array("▁▂▃▄▅▆▇█") : Array("12345678")
    return values.reduce(into: "") { line, value in
      guard let value else {
        line += dot
        return
      }
      // Of values that are all the same none is high or low.
      let share = high > low ? value / (high - low) - low / (high - low) : 0.5
      let index = share.isFinite ? Int((share * Double(steps.count - 1)).rounded()) : 0
      line.append(steps[min(steps.count - 1, max(0, index))])
    }
  }

  private var dot: String { isUnicode ? "·" : "." }

  private static func thinned(_ values: [Double?], to width: Int) -> [Double?] {
    guard width > 0, values.count > width else { return values }
    return (0..<width).map { index in
      let part = values[index * values.count / width..<(index + 1) * values.count / width]
      let known = part.compactMap { $0 }
      return known.isEmpty ? nil : known.reduce(0) { $0 + $1 / Double(known.count) }
    }
  }
}

extension Double {
  /// The number with a fixed count of decimals, as a table has it: `0.70`.
  func fixed(_ decimals: Int) -> String {
    let scale = (0..<max(0, decimals)).reduce(1.0) { result, _ in result * 10 }
    let scaled = (self * scale).rounded()
    guard scaled.isFinite, scaled.magnitude < 1e15 else { return words }
    let sign = scaled < 0 ? "-" : ""
    var digits = String(Int(scaled.magnitude))
    guard decimals > 0 else { return sign + digits }
    while digits.count <= decimals { digits = "0" + digits }
    return sign + digits.dropLast(decimals) + "." + digits.suffix(decimals)
  }

  /// The least decimals, at most `limit`, that show the number as exactly as `limit` do.
  func decimals(atMost limit: Int) -> Int {
    let full = fixed(limit)
    guard full.contains(".") else { return 0 }
    return limit - full.reversed().prefix { $0 == "0" }.count
  }
}

extension String {
  /// The text with spaces before it, up to a width.
  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }

  /// The text with spaces after it, up to a width.
  func rightPadded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
