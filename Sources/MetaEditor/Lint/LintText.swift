internal import RubricStore

/// A word, a number or a mark of a text.
struct LintToken {
  enum Kind { case word, number, mark }

  var kind: Kind
  /// As it stands in the text.
  var text: String
  /// In lower case; a word that ends in `n't` is two, the second one `not`.
  var word: String
  /// The value of a number.
  var number: Double?
  /// Whether it is the first word of its sentence, or of what a colon, a quote or a dash begins.
  var opens = false
  /// Where it stands, in scalars of the text.
  var range = 0..<0

  /// Whether it begins with an upper-case letter.
  var isCapital: Bool { kind == .word && text.unicodeScalars.first?.properties.isUppercase == true }
  /// Whether all its letters are upper case.
  var isUpper: Bool {
    kind == .word && text.unicodeScalars.allSatisfy { !$0.properties.isLowercase } && isCapital
  }
}

/// One text of a rubric, taken apart.
struct LintText {
  /// The field, as it is called in the document.
  let field: String
  let raw: String
  private(set) var tokens: [LintToken] = []
  /// The tokens of each sentence.
  private(set) var sentences: [Range<Int>] = []
  private let scalars: [Unicode.Scalar]

  var isEmpty: Bool { tokens.isEmpty }

  init(_ raw: String, _ field: String) {
    self.raw = raw
    self.field = field
    var scanner = Scanner(raw)
    scanner.scan()
    tokens = scanner.tokens
    sentences = scanner.sentences
    scalars = scanner.scalars
  }

  /// The words and numbers of a sentence, in lower case with a space between.
  func key(of sentence: Range<Int>) -> String {
    tokens[sentence].filter { $0.kind != .mark }.map(\.word).joined(separator: " ")
  }

  /// How many words and numbers a sentence has.
  func wordCount(of sentence: Range<Int>) -> Int {
    tokens[sentence].count { $0.kind != .mark }
  }

  /// Whether most words of a sentence are capitalised, so that a capital tells no name.
  func isHeading(_ sentence: Range<Int>) -> Bool {
    let words = tokens[sentence].filter { $0.kind == .word && $0.text.count > 1 }
    return words.count(where: \.isCapital) * 2 > words.count
  }

  /// Tokens as they read, on one line, for an excerpt.
  func excerpt(_ range: Range<Int>) -> String {
    guard let first = tokens[range].first, let last = tokens[range].last else { return "" }
    var text = String.UnicodeScalarView()
    for scalar in scalars[first.range.lowerBound..<last.range.upperBound] {
      let isSpace = scalar.properties.isWhitespace
      if !isSpace || text.last != " " { text.append(isSpace ? " " : scalar) }
    }
    return text.count > 120 ? String(String(text).prefix(120)) + "…" : String(text)
  }
}

/// Takes a text apart.
private struct Scanner {
  let scalars: [Unicode.Scalar]
  var index = 0
  var tokens: [LintToken] = []
  var sentences: [Range<Int>] = []
  private var start = 0
  private var opens = true

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  mutating func scan() {
    while index < scalars.count {
      let scalar = scalars[index]
      if scalar.properties.isWhitespace {
        if scalar == "\n" { breakLine() }
        index += 1
      } else if Self.isDigit(scalar) {
        number()
      } else if Self.isLetter(scalar) {
        word()
      } else {
        mark(scalar)
      }
    }
    endSentence()
  }

  private func at(_ offset: Int) -> Unicode.Scalar? {
    scalars.indices.contains(index + offset) ? scalars[index + offset] : nil
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      || scalar.properties.generalCategory == .nonspacingMark
  }

  /// Adds what ends here and began at `start`.
  private mutating func append(_ token: LintToken, from start: Int) {
    var token = token
    token.range = start..<index
    if token.kind != .mark {
      token.opens = opens
      opens = false
    }
    tokens.append(token)
  }

  private mutating func number() {
    let start = index
    var text = ""
    while let scalar = at(0) {
      let continues =
        Self.isDigit(scalar)
        || ((scalar == "." || scalar == ",") && (at(1).map(Self.isDigit) ?? false))
      guard continues else { break }
      text.unicodeScalars.append(scalar)
      index += 1
    }
    let plain = text.filter { $0 != "," }
    append(LintToken(kind: .number, text: text, word: plain, number: Double(plain)), from: start)
  }

  private mutating func word() {
    let start = index
    var text = ""
    while let scalar = at(0) {
      let isApostrophe = scalar == "'" || scalar == "\u{2019}"
      guard Self.isLetter(scalar) || (isApostrophe && (at(1).map(Self.isLetter) ?? false)) else {
        break
      }
      text.unicodeScalars.append(isApostrophe ? "'" : scalar)
      index += 1
    }
    var word = text.lowercased()
    if word == "cannot" || word.hasSuffix("n't") {
      word = word == "cannot" ? "can" : String(word.dropLast(3))
      append(LintToken(kind: .word, text: text, word: word), from: start)
      append(LintToken(kind: .word, text: "", word: "not"), from: index)
      return
    }
    if word.hasSuffix("'s") { word = String(word.dropLast(2)) }
    append(LintToken(kind: .word, text: text, word: word), from: start)
    // A hyphen inside a word only parts it.
    if at(0) == "-" || at(0) == "\u{2010}", at(1).map(Self.isLetter) ?? false { index += 1 }
  }

  private mutating func mark(_ scalar: Unicode.Scalar) {
    index += 1
    let text: String
    switch scalar {
    case "\u{2018}", "\u{2019}": text = "'"
    case "\u{201C}", "\u{201D}", "\u{201E}", "\u{AB}", "\u{BB}": text = "\""
    case "\u{2012}", "\u{2013}", "\u{2014}", "\u{2212}": text = "-"
    default: text = String(scalar)
    }
    append(LintToken(kind: .mark, text: text, word: text), from: index - 1)
    switch text {
    case ".", "!", "?": if endsHere() { endSentence() }
    case ":", "\"", "'", "-", "*", "\u{2022}", "(", "[": opens = true
    default: break
    }
  }

  /// Whether a full stop ends its sentence: not inside a word or a number, nor after a single letter,
  /// nor before a word in lower case.
  private func endsHere() -> Bool {
    var ahead = index
    while ahead < scalars.count, "\"'\u{201D}\u{2019})]*_".unicodeScalars.contains(scalars[ahead]) {
      ahead += 1
    }
    guard ahead < scalars.count else { return true }
    guard scalars[ahead].properties.isWhitespace else { return false }
    if tokens.count >= 2, tokens[tokens.count - 1].text == ".",
      tokens[tokens.count - 2].text.unicodeScalars.count == 1,
      tokens[tokens.count - 2].kind == .word
    {
      return false
    }
    while ahead < scalars.count, scalars[ahead].properties.isWhitespace { ahead += 1 }
    return ahead == scalars.count || !scalars[ahead].properties.isLowercase
  }

  /// A line break ends a sentence unless the next line goes on in lower case.
  private mutating func breakLine() {
    var ahead = index + 1
    while ahead < scalars.count, scalars[ahead].properties.isWhitespace {
      if scalars[ahead] == "\n" { return endSentence() }
      ahead += 1
    }
    if ahead < scalars.count, !scalars[ahead].properties.isLowercase { endSentence() }
  }

  private mutating func endSentence() {
    if tokens[start...].contains(where: { $0.kind != .mark }) {
      sentences.append(start..<tokens.count)
    }
    start = tokens.count
    opens = true
  }
}
