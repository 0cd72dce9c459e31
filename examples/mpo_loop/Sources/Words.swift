/// A word as a number, letters of ASCII in lower case: texts are read hundreds of thousands of times.
struct Word: Hashable, Sendable {
  /// FNV-1a over its bytes.
  private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  private(set) var length = 0

  init() {}

  init(_ text: String) { for byte in text.utf8 { append(byte) } }

  mutating func append(_ byte: UInt8) {
    hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    length += 1
  }

  static func == (left: Word, right: Word) -> Bool { left.hash == right.hash }

  func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

/// A sentence or a heading.
struct Sentence {
  var words: [Word] = []
  var commas = 0
  /// Whether it is a line that begins with `#`.
  var isHeading = false

  /// What it says, as a number.
  var hash: UInt64 { words.reduce(0) { ($0 ^ $1.hash) &* 0x9e37_79b9_7f4a_7c15 } }
}

extension Sentence {
  /// Takes a text apart.
  ///
  /// - Returns: The sentences that hold a word, and the number of lines that are not empty.
  static func parts(of text: String) -> (sentences: [Sentence], lines: Int) {
    var sentences: [Sentence] = []
    var sentence = Sentence()
    var word = Word()
    var lines = 0
    var isLineEmpty = true
    func endWord() {
      if word.length > 0 { sentence.words.append(word) }
      word = Word()
    }
    func endSentence() {
      endWord()
      if !sentence.words.isEmpty { sentences.append(sentence) }
      sentence = Sentence()
    }
    for byte in text.utf8 {
      if byte != UInt8(ascii: "\n"), isLineEmpty {
        (lines, isLineEmpty) = (lines + 1, false)
        sentence.isHeading = byte == UInt8(ascii: "#")
      }
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): word.append(byte | 0x20)
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        word.append(byte)
      case UInt8(ascii: "\n"):
        endSentence()
        isLineEmpty = true
      case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"): endSentence()
      case UInt8(ascii: ","):
        endWord()
        sentence.commas += 1
      default: endWord()
      }
    }
    endSentence()
    return (sentences, lines)
  }
}
