/// What one item of a Meta Policy Optimization rubric says, field by field.
struct MPOItem {
  /// A heading, cut up: `### Logical Flow (flow): Assess …`, `### Clarity (10 points)`.
  struct Heading {
    var title: String
    /// The word in parentheses that is an id.
    var slug: String?
    /// The lowest and the highest score in parentheses.
    var range: NumericRange?
    /// All up to where the text begins, as it is written.
    var written: String
  }

  var heading: Heading?
  @Verbatim var text = ""
  var levels: [Level] = []
  @Verbatim var lowerWhen: [String] = []
  /// Whether text that stood after the levels was put before them.
  var movedText = false

  /// Reads the body of an item, whose line breaks are line feeds.
  ///
  /// What looks like levels or reasons and would leave the judge with nothing is text.
  ///
  /// - Complexity: O(*n*) in its length.
  init(_ body: String) {
    var lines = body.split(separator: "\n", omittingEmptySubsequences: false)[...]
    while let first = lines.first, first.trimmed.isEmpty { lines.removeFirst() }
    while let last = lines.last, last.trimmed.isEmpty { lines.removeLast() }
    read(lines, MPOLevelStyle.of(lines), hasHeading: true, hasReasons: true)
    if levels.count == 1 || saysNothing { read(lines, nil, hasHeading: true, hasReasons: false) }
    if saysNothing { read(lines, nil, hasHeading: false, hasReasons: false) }
  }

  private var saysNothing: Bool {
    heading?.title.trimmed.isEmpty ?? true && text.trimmed.isEmpty
      && levels.allSatisfy { $0.text.trimmed.isEmpty }
  }

  private mutating func read(
    _ lines: ArraySlice<Substring>, _ style: MPOLevelStyle?, hasHeading: Bool, hasReasons: Bool
  ) {
    var lines = lines
    (heading, levels, lowerWhen) = (nil, [], [])
    var before: [Substring] = []
    if hasHeading, let first = lines.first, let (heading, rest) = Self.heading(first) {
      self.heading = heading
      lines.removeFirst()
      if !rest.isEmpty { before.append(rest) }
    }
    var after: [Substring] = []
    var found: [[Substring]] = []
    while let line = lines.first {
      if hasReasons, lowerWhen.isEmpty, let reasons = Self.lowerWhen(lines) {
        lowerWhen = reasons.texts
        lines = lines.dropFirst(reasons.lineCount)
      } else if let style, let level = style.start(of: line) {
        lines.removeFirst()
        var own: [Substring] = []
        while let line = lines.first, !style.ends(line, own), Self.lowerWhen(lines) == nil {
          own.append(line)
          lines.removeFirst()
        }
        levels.append(Level(value: level.value))
        found.append([level.rest] + own)
      } else {
        if levels.isEmpty { before.append(line) } else { after.append(line) }
        lines.removeFirst()
      }
    }
    for index in levels.indices { style?.fill(&levels[index], from: found[index]) }
    let trailing = after.joined(separator: "\n").trimmedLines
    movedText = !trailing.isEmpty
    text = [before.joined(separator: "\n").trimmedLines, trailing].filter { !$0.isEmpty }
      .joined(separator: "\n\n")
  }

  // MARK: Headings

  /// Reads a heading of one to three `#`, and the text that follows it on its line.
  static func heading(_ line: Substring) -> (heading: Heading, rest: Substring)? {
    let marks = line.prefix { $0 == "#" }
    let afterMarks = line.dropFirst(marks.count)
    guard (1...3).contains(marks.count), afterMarks.first == " ", line.isOneLine else {
      return nil
    }
    if let colon = afterMarks.firstRange(ofText: "):") {
      let title = afterMarks[..<colon.lowerBound] + ")"
      var rest = afterMarks[colon.upperBound...]
      while rest.first == " " { rest.removeFirst() }
      return (cut(title, String(line[..<rest.startIndex]) + (rest.isEmpty ? "\n" : "")), rest)
    }
    return (cut(afterMarks, String(line) + "\n"), "")
  }

  private static func cut(_ words: some StringProtocol, _ written: String) -> Heading {
    var heading = Heading(title: words.trimmed, slug: nil, range: nil, written: written)
    if heading.title.hasSuffix(":") { heading.title = heading.title.dropLast().trimmed }
    if heading.title.hasSuffix(")"), let open = heading.title.lastIndex(of: "(") {
      let inner = heading.title[heading.title.index(after: open)...].dropLast()
      heading.range = MPOScale.range(inParentheses: String(inner))
      if heading.range == nil, isSlug(inner) { heading.slug = String(inner) }
      if heading.range != nil || heading.slug != nil {
        heading.title = heading.title[..<open].trimmed
      }
    }
    if heading.title.count > 4, heading.title.hasPrefix("**"), heading.title.hasSuffix("**") {
      heading.title = heading.title.dropFirst(2).dropLast(2).trimmed
    }
    return heading
  }

  private static func isSlug(_ text: Substring) -> Bool {
    CriterionID.isValid(String(text)) && text.contains { ("a"..."z").contains($0) }
  }

  // MARK: Reasons to score lower

  /// Reads "Assign lower scores when:" and the bullets below it, where they stand at the front.
  private static func lowerWhen(
    _ lines: ArraySlice<Substring>
  ) -> (texts: [String], lineCount: Int)? {
    guard let words = lines.first?.trimmed.lowercased(), words.hasSuffix(":") else { return nil }
    let starts = ["assign lower score", "assign a lower score", "lower the score", "score lower"]
    guard starts.contains(where: words.hasPrefix) else { return nil }
    var texts: [String] = []
    var lineCount = 1
    for line in lines.dropFirst() {
      if line.hasPrefix("- ") || line.hasPrefix("* ") {
        texts.append(line.dropFirst(2).trimmed)
      } else if !texts.isEmpty, line.first == " ", !line.trimmed.isEmpty {
        texts[texts.count - 1] += "\n" + line.trimmed
      } else {
        break
      }
      lineCount += 1
    }
    return texts.isEmpty || texts.contains("") ? nil : (texts, lineCount)
  }
}

extension StringProtocol {
  /// Whether nothing in the text begins a new line for some program.
  var isOneLine: Bool {
    !unicodeScalars.contains { ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains($0) }
  }
}

extension String {
  /// The text without blank lines at both ends and without white space at its end.
  var trimmedLines: String {
    var lines = split(separator: "\n", omittingEmptySubsequences: false)[...]
    while let first = lines.first, first.trimmed.isEmpty { lines.removeFirst() }
    while let last = lines.last, last.trimmed.isEmpty { lines.removeLast() }
    return lines.joined(separator: "\n")
  }
}

extension Substring {
  /// The first place where the bytes of `pattern`, which is ASCII, stand.
  func firstRange(ofText pattern: String) -> Range<Index>? {
    let bytes = Array(utf8)
    guard let offset = bytes.offset(of: pattern) else { return nil }
    let start = utf8.index(startIndex, offsetBy: offset)
    return start..<utf8.index(start, offsetBy: pattern.utf8.count)
  }
}
