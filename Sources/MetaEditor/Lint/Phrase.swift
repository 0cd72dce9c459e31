/// A run of words to look for: `previous|prior rubric|rubrics`.
///
/// Parts are parted by spaces, alternatives by bars. A part that ends in `?` may be absent; `<n>` is any
/// number.
struct Phrase {
  private struct Part {
    var words: Set<String>
    var isNumber: Bool
    var isOptional: Bool
  }

  private let parts: [Part]

  init(_ pattern: String) {
    parts = pattern.split(separator: " ").map { part in
      var part = part
      let isOptional = part.hasSuffix("?") && part.count > 1
      if isOptional { part = part.dropLast() }
      let words = part.split(separator: "|").map(String.init)
      return Part(words: Set(words), isNumber: words.contains("<n>"), isOptional: isOptional)
    }
  }

  /// Finds the phrase inside a sentence of `text`.
  func first(in text: LintText, _ sentence: Range<Int>) -> Range<Int>? {
    for start in sentence {
      if let end = match(0, text.tokens, start, sentence.upperBound) { return start..<end }
    }
    return nil
  }

  private func match(
    _ part: Int, _ tokens: [LintToken], _ index: Int, _ end: Int
  ) -> Int? {
    guard part < parts.count else { return index }
    let wanted = parts[part]
    if index < end {
      let token = tokens[index]
      let fits = wanted.isNumber && token.kind == .number || wanted.words.contains(token.word)
      if fits, let found = match(part + 1, tokens, index + 1, end) { return found }
    }
    return wanted.isOptional ? match(part + 1, tokens, index, end) : nil
  }
}
