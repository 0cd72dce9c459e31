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
