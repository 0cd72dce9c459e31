/// What texts are about: the stems of their words, and what a paraphrase does not change.
struct WordBag {
  /// The stems of content words.
  private(set) var words: Set<String> = []
  /// Numbers, names and code: texts that differ in one ask for different things.
  private(set) var fixed: Set<String> = []
  private(set) var isDenied = false

  // Sentences to leave out are given as `LintText.key(of:)` has them.
  init(_ texts: [LintText], without skipped: Set<String> = []) {
    for text in texts {
      for sentence in text.sentences where !skipped.contains(text.key(of: sentence)) {
        var isQuoted = false
        let isHeading = text.isHeading(sentence)
        for token in text.tokens[sentence] {
          if token.kind == .mark {
            if ["\"", "`", "$", "'"].contains(token.text) { isQuoted.toggle() }
            continue
          }
          if ["not", "no", "never", "without", "lacks", "fails", "neither"].contains(token.word) {
            isDenied = true
          }
          let isName =
            token.isCapital && !isHeading
            && (!token.opens || token.isUpper && token.text.count > 1)
          if token.kind == .number || isQuoted || isName
            || token.text.contains(where: \.isNumber) || token.word.count == 1 && token.word != "a"
          {
            fixed.insert(token.word)
          } else if LintWords.isContent(token.word) {
            words.insert(LintWords.stem(token.word))
          }
        }
      }
    }
  }

  /// Whether both say nearly the same: at least `share` of the words of either are the other's, and
  /// neither a number or a name nor a denial tells them apart.
  func saysLike(_ other: WordBag, share: Double) -> Bool {
    guard words.count >= 3, other.words.count >= 3, fixed == other.fixed, isDenied == other.isDenied
    else { return false }
    let common = words.intersection(other.words).count
    return Double(common) >= share * Double(words.count + other.words.count - common)
  }
}
