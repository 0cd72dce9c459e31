/// How an item writes its levels.
enum MPOLevelStyle {
  /// `#### Criterion for Integer Score: **6**`, the text below it.
  case heading
  /// `- 5: …`, `- **5 points**: …`, `- (5): …`.
  case line

  /// The style of an item's lines, or nil where fewer than two lines begin a level.
  static func of(_ lines: ArraySlice<Substring>) -> MPOLevelStyle? {
    for style in [MPOLevelStyle.heading, .line] {
      let values = lines.compactMap { style.start(of: $0)?.value }
      if values.count >= 2 {
        // A value that stands twice means that these are not levels.
        return Set(values).count == values.count ? style : nil
      }
    }
    return nil
  }

  /// The value of the level that `line` begins, and what stands behind it.
  func start(of line: Substring) -> (value: Double, rest: Substring)? {
    switch self {
    case .heading: Self.headingStart(line)
    case .line: Self.lineStart(line)
    }
  }

  /// Whether `line` is no longer part of a level that has the lines `own` so far.
  func ends(_ line: Substring, _ own: [Substring]) -> Bool {
    if start(of: line) != nil { return true }
    // Levels of one line each: a paragraph of its own is not part of the last.
    guard self == .line, own.last?.trimmed.isEmpty == true, let first = line.first else {
      return false
    }
    return first != " " && first != "\t" && first != "-" && first != "*"
  }

  /// Puts the lines of a level into its fields.
  func fill(_ level: inout Level, from lines: [Substring]) {
    guard self == .line else {
      level.text = lines.dropFirst().joined(separator: "\n").trimmedLines
      return
    }
    var words: [String] = []
    for (index, line) in lines.enumerated() {
      if index > 0, let example = Self.example(line) {
        level.examples.append(example)
      } else {
        words.append(index == 0 ? line.trimmed : String(line))
      }
    }
    var text = words.joined(separator: "\n").trimmedLines
    if text.hasSuffix(")"), let open = Substring(text).firstRange(ofText: "(Example: ") {
      let example = text[open.upperBound...].dropLast().trimmed
      if !example.isEmpty {
        level.examples.insert(example, at: 0)
        text = text[..<open.lowerBound].trimmed
      }
    }
    level.text = text
    level.examples = level.examples.distinct
  }

  private static func headingStart(_ line: Substring) -> (value: Double, rest: Substring)? {
    guard line.hasPrefix("#### ") else { return nil }
    let words = line.dropFirst(5).split { !($0.isNumber || $0 == ".") }
    let numbers = words.compactMap { MPOScale.number(String($0)) }
    guard let value = numbers.first, numbers.count == 1 else { return nil }
    return (value, "")
  }

  private static func lineStart(_ line: Substring) -> (value: Double, rest: Substring)? {
    var rest = line.drop { $0 == " " || $0 == "\t" }
    func skip(_ words: [String]) {
      for word in words where rest.lowercased().hasPrefix(word) {
        rest = rest.dropFirst(word.count)
        return
      }
    }
    // Only the start of the line matters; a long line is not lowercased again and again.
    let whole = rest
    rest = rest.prefix(40)
    skip(["- ", "* ", "• "])
    skip(["**"])
    skip(["("])
    skip(["score ", "level "])
    let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-") }
    guard let value = MPOScale.number(String(digits)) else { return nil }
    rest = rest.dropFirst(digits.count)
    skip([" points", " point", " pts"])
    skip([")"])
    skip(["**"])
    guard rest.first == ":" else { return nil }
    rest = rest.dropFirst()
    skip(["**"])
    return (value, whole[rest.startIndex...].drop { $0 == " " })
  }

  /// The example on a line of its own, `- Example: …`.
  private static func example(_ line: Substring) -> String? {
    var words = line.trimmed[...]
    if words.hasPrefix("- ") || words.hasPrefix("* ") { words = words.dropFirst(2) }
    guard words.hasPrefix("Example:") else { return nil }
    let example = words.dropFirst("Example:".count).trimmed
    return example.isEmpty ? nil : example
  }
}
