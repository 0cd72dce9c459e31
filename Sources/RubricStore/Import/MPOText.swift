/// A text of Meta Policy Optimization, cut at its tags; the pieces joined give the text again.
struct MPOText {
  static let rubricStart = "<rubric>"
  static let rubricEnd = "</rubric>"
  static let itemStart = "<item>"
  static let itemEnd = "</item>"
  static let guidelinesStart = "[Start of Meta-Level Guidelines]"
  static let guidelinesEnd = "[End of Meta-Level Guidelines]"

  /// What stands between the tags of one item.
  struct Item {
    var body: String
    /// The line of the opening tag.
    var line: Int
  }

  /// Whether it is one guideline instead of items.
  var isGuidelines = false
  /// Before the first item's tag.
  var head = ""
  /// At least one.
  var items: [Item] = []
  /// Between one item's tag and the next: one fewer than items.
  var gaps: [String] = []
  /// After the last item's tag.
  var tail = ""
  /// The line of the last item's closing tag.
  var tailLine = 1

  /// Cuts `text`, whose line breaks are line feeds.
  ///
  /// - Returns: What is wrong with the tags; the pieces are whole only where that is nothing.
  static func cut(_ text: [UInt8]) -> (text: MPOText, findings: [Finding]) {
    var cutter = Cutter(text: text, lines: LineTable(text, breaks: .json))
    if text.offset(of: itemStart) == nil, text.offset(of: guidelinesStart) != nil {
      cutter.cutGuidelines()
    } else {
      cutter.cutItems()
    }
    return (cutter.result, cutter.findings)
  }

  /// The pieces without their tag, `<rubric>` or `</rubric>`, and without white space around them.
  static func words(of piece: String, without tag: String) -> String {
    let bytes = Array(piece.utf8)
    guard let offset = bytes.offset(of: tag) else { return piece.trimmed }
    let before = String(decoding: bytes[..<offset], as: UTF8.self).trimmed
    let after = String(decoding: bytes[(offset + tag.utf8.count)...], as: UTF8.self).trimmed
    return [before, after].filter { !$0.isEmpty }.joined(separator: "\n\n")
  }
}

extension MPOText {
  private struct Cutter {
    let text: [UInt8]
    var lines: LineTable
    var result = MPOText()
    var findings: [Finding] = []

    mutating func report(_ offset: Int, _ message: String, hint: String? = nil) {
      guard findings.count < Limits.findings else { return }
      findings.append(
        Finding(code: .syntax, mark: lines.mark(at: offset), message: message, hint: hint))
    }

    func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }

    mutating func cutGuidelines() {
      result.isGuidelines = true
      guard let start = text.offset(of: guidelinesStart) else { return }
      let bodyStart = start + guidelinesStart.utf8.count
      guard let end = text.offset(of: guidelinesEnd, from: bodyStart) else {
        return report(
          start, "the guidelines that start here do not end; expected `\(guidelinesEnd)`")
      }
      result.head = string(0..<start)
      let line = lines.mark(at: start).line
      result.items = [Item(body: string(bodyStart..<end), line: line)]
      result.tail = string((end + guidelinesEnd.utf8.count)..<text.count)
      result.tailLine = lines.mark(at: end).line
      if result.items[0].body.trimmed.isEmpty { report(start, "the guidelines are empty") }
    }

    mutating func cutItems() {
      checkRubricTags()
      var end = 0
      while let start = text.offset(of: itemStart, from: end) {
        if let stray = closing(from: end), stray < start {
          report(stray, "`\(itemEnd)` closes nothing", hint: "remove it, or open the item")
        }
        let bodyStart = start + itemStart.utf8.count
        guard let close = closing(from: bodyStart) else {
          return report(start, "the item is not closed; expected `\(itemEnd)`")
        }
        if let inner = text.offset(of: itemStart, from: bodyStart), inner < close {
          let line = lines.mark(at: start).line
          report(
            inner, "`\(itemStart)` inside the item of line \(line)", hint: "close that item first")
        }
        let item = Item(body: string(bodyStart..<close), line: lines.mark(at: start).line)
        if item.body.trimmed.isEmpty { report(start, "the item is empty", hint: "remove it") }
        if result.items.isEmpty {
          result.head = string(0..<start)
        } else {
          result.gaps.append(string(end..<start))
        }
        result.items.append(item)
        guard result.items.count <= Limits.criteria else {
          return report(start, "the rubric has more than \(Limits.criteria) items")
        }
        end = close + itemEnd.utf8.count
        result.tailLine = lines.mark(at: close).line
      }
      if let stray = closing(from: end) {
        report(stray, "`\(itemEnd)` closes nothing", hint: "remove it, or open the item")
      }
      result.tail = string(end..<text.count)
      if result.items.isEmpty, findings.isEmpty {
        report(
          0, text.isEmpty ? "the text is empty" : "the text has no `\(itemStart)`",
          hint: "every criterion stands between `\(itemStart)` and `\(itemEnd)`")
      }
    }

    private func closing(from start: Int) -> Int? { text.offset(of: itemEnd, from: start) }

    private mutating func checkRubricTags() {
      let start = text.offset(of: rubricStart)
      let end = text.offset(of: rubricEnd)
      switch (start, end) {
      case (let start?, nil):
        report(start, "the rubric is not closed; expected `\(rubricEnd)`")
      case (nil, let end?): report(end, "`\(rubricEnd)` closes nothing")
      case (let start?, let end?):
        if let second = text.offset(of: rubricStart, from: start + 1) {
          report(second, "a second `\(rubricStart)`", hint: "import the rubrics one by one")
        } else if let first = text.offset(of: itemStart), first < start {
          report(first, "an item before `\(rubricStart)`")
        } else if text.offset(of: itemStart, from: end) != nil {
          report(end, "items after `\(rubricEnd)`")
        }
      case (nil, nil): break
      }
    }
  }
}

extension StringProtocol {
  /// The text without white space at both ends.
  var trimmed: String {
    var scalars = String(self).unicodeScalars[...]
    while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(scalars)
  }
}
