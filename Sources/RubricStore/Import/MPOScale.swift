/// Finds the scale that an item's words name.
enum MPOScale {
  /// The scale of items that name none: 0 to 5 in whole steps, what the system's judge answers.
  static let standard = NumericRange(min: 0, max: 5, step: 1)

  /// A decimal number of a sane size, or nil.
  static func number(_ text: String) -> Double? {
    if case .value(let value) = DecimalNumber.parse(text) { value } else { nil }
  }

  /// Reads what stands in parentheses behind a title: `0-5`, `1 to 10`, `10 points`.
  static func range(inParentheses text: String) -> NumericRange? {
    var words = text.lowercased().split { $0 == " " || $0 == "–" || $0 == "—" }
    if let last = words.last, ["points", "point", "pts"].contains(last) {
      words.removeLast()
      if words.count == 1, let top = number(String(words[0])), top > 0 {
        return NumericRange(min: 0, max: top, step: 1)
      }
    }
    if words.count == 1 { words = words[0].split(separator: "-") }
    if words.count == 3, words[1] == "to" || words[1] == "-" { words.remove(at: 1) }
    guard words.count == 2, let low = number(String(words[0])), let high = number(String(words[1])),
      low < high
    else { return nil }
    return wholeSteps(low, high)
  }

  /// Finds `from 0 (worst) to 5`, `between 1 and 10` or `['0', '1', …]` in a text about scores.
  ///
  /// - Complexity: O(*n*) in the length of the text.
  static func range(inWords text: String) -> NumericRange? {
    let words = text.split(whereSeparator: \.isWhitespace)
    let subjects = ["scor", "scale", "rating", "rate ", "integer", "grade", "point", "label"]
    // A sentence is where the words around a range are looked for.
    var sentence: [Substring] = []
    for word in words {
      sentence.append(word)
      guard word.hasSuffix(".") || word.hasSuffix("?") || word.hasSuffix("]") else { continue }
      if let range = range(inSentence: sentence, about: subjects) { return range }
      sentence = []
    }
    return range(inSentence: sentence, about: subjects)
  }

  private static func range(
    inSentence words: [Substring], about subjects: [String]
  ) -> NumericRange? {
    guard words.contains(where: { $0.first?.isNumber == true || $0.contains(where: \.isNumber) })
    else { return nil }
    let text = words.joined(separator: " ").lowercased() + " "
    guard subjects.contains(where: { Substring(text).firstRange(ofText: $0) != nil }) else {
      return nil
    }
    for (index, word) in words.enumerated() {
      let joint: String
      switch word.lowercased() {
      case "from", "of": joint = "to"
      case "between": joint = "and"
      default: continue
      }
      var rest = words[(index + 1)...]
      guard let low = rest.popFirst().flatMap(bareNumber) else { continue }
      if rest.first?.first == "(" {
        // A remark of a few words; more is no remark on a number.
        let length = rest.prefix(20).prefix { !$0.hasSuffix(")") }.count
        rest = rest.dropFirst(length + 1)
      }
      guard rest.popFirst()?.lowercased() == joint,
        let high = rest.popFirst().flatMap(bareNumber), low < high
      else { continue }
      return wholeSteps(low, high)
    }
    return list(in: text)
  }

  /// The lowest and highest of `['0', '1', '2']`.
  private static func list(in text: String) -> NumericRange? {
    guard let open = text.firstIndex(of: "["), let close = text[open...].firstIndex(of: "]") else {
      return nil
    }
    let items = text[text.index(after: open)..<close].split(separator: ",")
    let values = items.compactMap { bareNumber($0) }
    guard values.count == items.count, values.count >= 2, let low = values.min(),
      let high = values.max(), low < high
    else { return nil }
    return wholeSteps(low, high)
  }

  /// A number without the quotes, brackets and stops around it.
  private static func bareNumber(_ word: Substring) -> Double? {
    let bare = word.drop { !($0.isNumber || $0 == "-") }
    let scalars = bare.reversed().drop { !$0.isNumber }
    return number(String(scalars.reversed()))
  }

  /// Whole steps where the range has whole ends, otherwise any number.
  private static func wholeSteps(_ low: Double, _ high: Double) -> NumericRange {
    let isWhole = low == low.rounded() && high == high.rounded()
    return NumericRange(min: low, max: high, step: isWhole ? 1 : nil)
  }
}
