/// The words of a criterion, as the matching of a series compares them.
package struct SeriesWords {
  /// The title without numbering, points and punctuation; empty where there is none.
  let title: [String]
  /// The distinct words of the title, sorted.
  let titleWords: [String]
  /// The distinct words of text, levels and reasons to score lower, sorted.
  let bodyWords: [String]
  /// All words in their order: equal exactly where two criteria say the same in the same words.
  package let content: String

  package init(_ criterion: Criterion) {
    title = Self.normalised(title: criterion.title)
    titleWords = Set(title).sorted(by: Self.byBytes)
    var texts = [criterion.text]
    for level in criterion.scale.levels { texts += [level.label, level.text] }
    texts += criterion.lowerWhen
    let body = texts.flatMap(Self.words)
    bodyWords = Set(body.filter { !Self.common.contains($0) && !Self.isNumber($0) })
      .sorted(by: Self.byBytes)
    content = title.joined(separator: " ") + "\n" + body.joined(separator: " ")
  }

  static func byBytes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  /// The words of a title without what versions add to it: `2. **Flow** (10 points)` is `flow`.
  static func normalised(title: String) -> [String] {
    var words: [String] = []
    // A remark in brackets that speaks of points or is a range is left out.
    var rest = title[...]
    while let open = rest.firstIndex(where: { $0 == "(" || $0 == "[" }) {
      words += Self.words(String(rest[..<open]))
      let close: Character = rest[open] == "(" ? ")" : "]"
      let inner = rest[rest.index(after: open)...]
      guard let end = inner.firstIndex(of: close) else {
        rest = inner
        continue
      }
      let remark = Self.words(String(inner[..<end]))
      if !isAboutPoints(remark) { words += remark }
      rest = inner[inner.index(after: end)...]
    }
    words += Self.words(String(rest))
    while words.count > 2, let last = words.last, units.contains(last),
      isNumber(words[words.count - 2])
    {
      words.removeLast(2)
    }
    if words.count > 2, ["criterion", "item"].contains(words[0]), isNumber(words[1]) {
      words.removeFirst(2)
    } else if words.count > 1, isNumber(words[0]) {
      words.removeFirst()
    }
    return words
  }

  private static let units: Set<String> = ["point", "points", "pts", "pt", "marks", "percent"]

  private static func isAboutPoints(_ words: [String]) -> Bool {
    guard words.contains(where: isNumber) else { return words.allSatisfy(units.contains) }
    return words.allSatisfy {
      isNumber($0) || units.contains($0)
        || ["to", "out", "of", "max", "maximum", "up", "score", "weight", "scale", "from", "x"]
          .contains($0)
    }
  }

  private static func isNumber(_ word: String) -> Bool {
    word.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// Runs of letters and digits in lower case; an ideograph is a word of its own.
  package static func words(_ text: String) -> [String] {
    var words: [String] = []
    var word = String.UnicodeScalarView()
    func end() {
      if !word.isEmpty { words.append(String(word)) }
      word = String.UnicodeScalarView()
    }
    for scalar in text.lowercased().unicodeScalars {
      let properties = scalar.properties
      if properties.isIdeographic {
        end()
        words.append(String(scalar))
      } else if properties.isAlphabetic || properties.numericType != nil
        || properties.generalCategory == .nonspacingMark
      {
        word.append(scalar)
      } else if scalar != "'" && scalar != "\u{2019}" {
        end()
      }
    }
    end()
    return words
  }

  /// English words that stand in every text, and say nothing of what it is about.
  private static let common: Set<String> = [
    "a", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "do", "does",
    "for",
    "from", "has", "have", "how", "if", "in", "into", "is", "it", "its", "may", "more", "most",
    "no",
    "not", "of", "on", "or", "other", "should", "so", "some", "such", "than", "that", "the",
    "their",
    "them", "there", "these", "they", "this", "those", "to", "too", "very", "was", "were", "when",
    "which", "while", "who", "will", "with", "without", "you", "your",
  ]
}
