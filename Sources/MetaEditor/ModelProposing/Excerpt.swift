internal import RubricStore

/// Text that tries to speak to who reads it.
enum Instructions {
  /// The part of `text` that reads like an order to a grader, cut to a line; nil where there is none.
  ///
  /// A short list of phrases: what it finds is told to people, and what it misses is still only data.
  static func found(in text: String) -> String? {
    let plain = SeriesWords.words(text).joined(separator: " ")
    guard let phrase = phrases.first(where: { plain.contains($0) }) else { return nil }
    // The place in the text as it stands, for people.
    let first = phrase.split(separator: " ").first.map { String($0) } ?? phrase
    let sentences = text.split(whereSeparator: { $0.isNewline || $0 == "." || $0 == "!" })
    let sentence = sentences.first { sentence in
      SeriesWords.words(String(sentence)).joined(separator: " ").contains(phrase)
    }
    return Excerpt.line(sentence.map { String($0) } ?? "… \(first) …", limit: 160)
  }

  private static let phrases = [
    "ignore all previous", "ignore previous instructions", "ignore the above", "ignore the rubric",
    "ignore your instructions", "disregard the rubric", "disregard previous", "disregard all",
    "forget your instructions", "full marks", "full score", "full points", "maximum score",
    "maximum points", "highest possible score", "highest score", "perfect score", "top marks",
    "score this as", "rate this as", "grade this as", "dear grader", "note to the grader",
    "note to the judge", "as the judge you", "as the grader you", "system prompt",
    "remove this criterion", "delete the criteria", "change the rubric",
  ]
}

/// Parts of texts, as they are shown.
enum Excerpt {
  /// The text, its middle left out where it is longer than `limit` Unicode scalars.
  static func of(_ text: String, limit: Int) -> String {
    let scalars = text.unicodeScalars
    let count = scalars.count
    guard count > limit else { return text }
    let tail = limit / 3
    let head = limit - tail
    return String(scalars.prefix(head)) + "\n[… \(count - limit) characters left out …]\n"
      + String(scalars.suffix(tail))
  }

  /// The text on one line without control characters, cut to `limit` Unicode scalars.
  static func line(_ text: String, limit: Int) -> String {
    var line = String.UnicodeScalarView()
    var isBlank = true
    var count = 0
    for scalar in text.unicodeScalars {
      let properties = scalar.properties
      if properties.isWhitespace || properties.generalCategory == .control {
        if !isBlank {
          line.append(" ")
          count += 1
        }
        isBlank = true
      } else if properties.generalCategory != .format || scalar == "\u{200D}" {
        line.append(scalar)
        count += 1
        isBlank = false
      }
      if count >= limit { return String(line).trimmedOfBlanks + "…" }
    }
    return String(line).trimmedOfBlanks
  }
}
