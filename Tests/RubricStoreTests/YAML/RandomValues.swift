import RubricStore

/// Values with everything in them that a reader or a writer of YAML or JSON could get wrong.
struct RandomValues {
  var dice: RandomSource

  init(seed: UInt64) { dice = RandomSource(seed: seed) }

  init(dice: RandomSource) { self.dice = dice }

  /// Scalars that look like something else, or that are hard to write.
  static let awkward: [String] =
    [
      "", " ", "  ", "a ", " a", "\n", "\n\n", "a\n", "a\n\n", "a\n\n\n", "\na", "a\nb", "a\n b",
      " a\nb",
      "a \nb", "a\n \nb", "a\n\tb", "\ta", "a\tb", "a\tb\nc", "a\n\nb\n", "a\r\nb", "a\rb", "\r",
      "a\u{85}b", "a\u{2028}b", "a\u{2029}b", "\u{FEFF}", "a\u{FEFF}b", "\u{FEFF}a\nb", "\u{A0}",
      "a\u{A0}",
      "é", "e\u{301}", "日本語", "😀", "\u{10FFFF}", "\u{E000}", "\u{FFFD}", "\u{200B}",
      "null", "Null", "NULL", "nUll", "~", "true", "True", "FALSE", "yes", "Yes", "no", "NO", "on",
      "Off",
      "y", "Y", "n", "N", "=", "<<", ".inf", "-.INF", "+.inf", ".nan", ".NaN", "0", "00", "014",
      "0o14",
      "0x1F", "0b1", "1_000", "1,000", "12:30", "12:30:45", "12:30:45.5", "1.0", "1.", ".5", "+.5",
      "-.5",
      "1e3", "1e+3", "1.5e3", "1E-3", "+1", "-1", "-", "+", ".", "..", "...", "... a", "---",
      "--- a",
      "2001-01-01", "2001-01-01 10:00:00", "2001-12-14t21:59:43.10-05:00", "3 apples", "1-2",
      "0-10",
      "- a", "-a", "? a", "?a", ": a", ":a", "a:", "a: b", "a:b", "a :b", "a #b", "a#b", "#a",
      "a # b",
      "&a", "*a", "!a", "!", "|", ">", "|-\na", "'a'", "'", "''", "\"a\"", "\"", "a'b", "a\"b",
      "\\",
      "a\\nb",
      "%a", "@a", "`a`", "[a]", "[", "]", "{a}", "{", "}", "a, b", ",a", "a]", "a}", "a{b", "a?b",
      "{}", "[]",
      "http://example.org/?a=b#c", "key: [value]", "it's", "a\n# b", "# a\nb", "a\n---\nb",
      "---\na",
      "...\na", "- a\n- b", "a\n  b\n c", "x:\n  y: z\n", "a\n...\n", "a\u{1F}b", "\u{0}", "\u{7F}",
      "\u{9F}", "inf", "nan", "NaN", "Infinity", "1e400",
      "123456789012345678901",
    ] + [0xFDD0, 0xFFFE, 0xFFFF, 0x1FFFE].compactMap(Unicode.Scalar.init).map { String($0) }

  static let words = [
    "the", "essay", "flows", "and", "argues", "—", "«quoted»", "naïve", "won't", "3", "of", "a:",
    "#1", "-",
    "\"so\"", "日本", "very-long-hyphenated-word-that-nobody-breaks", "x", "[1]", "{", "&", "?", "!",
    "it's",
    "'tis", "no", "yes.",
  ]

  /// Whether a text holds a character that the readers refuse.
  static func isRefused(_ text: String) -> Bool {
    text.unicodeScalars.contains {
      switch $0.value {
      case 0x09, 0x0A, 0x0D, 0x85: false
      case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF: true
      default: false
      }
    }
  }

  /// Characters that the readers refuse are left out unless `refused` is true.
  mutating func text(refused: Bool = false) -> String {
    switch dice.below(10) {
    case 0...3:
      while true {
        let text = dice.pick(Self.awkward)
        if refused || !Self.isRefused(text) { return text }
      }
    case 4...6:
      let separators = [" ", " ", " ", " ", " ", "  ", "   ", ": ", " #"]
      var text = dice.pick(Self.words)
      for _ in 0..<dice.below(60) { text += dice.pick(separators) + dice.pick(Self.words) }
      return text
    case 7...8:
      let separators = [" ", " ", " ", " ", "\n", "\n\n", "\n  ", "\n- ", "\n# ", " \n", "\t"]
      var text = dice.pick(Self.words)
      for _ in 0..<dice.below(30) { text += dice.pick(separators) + dice.pick(Self.words) }
      return text + dice.pick(["", "\n", "\n", "\n\n", " "])
    default:
      let alphabet = Array("ab :#-'\"\\\n\t,[]{}&*!|>%@`?.0e+=~éü\u{85}\u{2028}".unicodeScalars)
      var text = ""
      for _ in 0..<dice.below(12) { text.unicodeScalars.append(dice.pick(alphabet)) }
      return text
    }
  }

  mutating func number() -> Double {
    switch dice.below(6) {
    case 0: return Double(dice.below(2001) - 1000)
    case 1: return Double(dice.below(2001) - 1000) / 100
    case 2:
      return dice.pick([
        0, -0.0, 0.1, 1e15, 1e16, 1e-5, 1e-4, 999_999_999_999_999, 1e21, 1.5e-7,
        .leastNonzeroMagnitude, 1e22,
        1.797_693_134_862_315_7e308, 9_007_199_254_740_992, 123_456_789.125, 1e100, 0.001,
      ])
    default:
      while true {
        let value = Double(bitPattern: dice.next())
        if value.isFinite { return value }
      }
    }
  }

  mutating func value(depth: Int) -> JSONValue {
    switch dice.below(depth > 0 ? 14 : 8) {
    case 0: return .null
    case 1: return .bool(dice.chance(50))
    case 2: return .integer(dice.pick([0, 1, -1, Int.max, Int.min, dice.below(100_000)]))
    case 3: return .number(number())
    case 4...7: return .string(text())
    case 8...10: return .array((0..<dice.below(5)).map { _ in value(depth: depth - 1) })
    default: return .object(object(depth: depth))
    }
  }

  mutating func object(depth: Int) -> JSONObject {
    var object = JSONObject()
    for _ in 0..<dice.below(6) { object[text()] = value(depth: depth - 1) }
    return object
  }
}
