/// What a plain scalar stands for.
package enum ScalarResolution: Equatable, Sendable {
  /// Null, a boolean, an integer, a finite number, or text.
  case value(JSONValue)
  /// An infinity, not a number, or a number too large for 64-bit floating point.
  case nonFinite
  /// An integer that does not fit into 64 bits.
  case outOfRange

  /// Resolves a plain scalar's text by the core schema of YAML 1.2.2, section 10.3.2.
  package init(plain text: String) {
    switch text {
    case "", "~", "null", "Null", "NULL": self = .value(.null)
    case "true", "True", "TRUE": self = .value(.bool(true))
    case "false", "False", "FALSE": self = .value(.bool(false))
    default: self = Self.number(text) ?? .value(.string(text))
    }
  }

  private static func number(_ text: String) -> ScalarResolution? {
    guard let first = text.utf8.first else { return nil }
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "."):
      break
    default: return nil
    }
    let isSigned = first == UInt8(ascii: "+") || first == UInt8(ascii: "-")
    let body = text.utf8.dropFirst(isSigned ? 1 : 0)
    if body.count == 4, body.first == UInt8(ascii: ".") {
      switch Substring(body) {
      case ".inf", ".Inf", ".INF": return .nonFinite
      case ".nan", ".NaN", ".NAN": return isSigned ? nil : .nonFinite
      default: break
      }
    }
    if !isSigned, let value = radixInteger(text.utf8) { return value }
    switch shape(of: body) {
    case .integer: return Int(text).map { .value(.integer($0)) } ?? .outOfRange
    case .float:
      guard let value = Double(text), value.isFinite else { return .nonFinite }
      return .value(.number(value))
    case .other: return nil
    }
  }

  private static func radixInteger(_ text: String.UTF8View) -> ScalarResolution? {
    let radix: Int
    if text.starts(with: "0x".utf8) {
      radix = 16
    } else if text.starts(with: "0o".utf8) {
      radix = 8
    } else {
      return nil
    }
    let digits = text.dropFirst(2)
    guard !digits.isEmpty, digits.allSatisfy({ digit($0, radix) }) else { return nil }
    return Int(Substring(digits), radix: radix).map { .value(.integer($0)) } ?? .outOfRange
  }

  private static func digit(_ byte: UInt8, _ radix: Int) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "7"): true
    case UInt8(ascii: "8"), UInt8(ascii: "9"): radix >= 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): radix == 16
    default: false
    }
  }

  private enum Shape { case integer, float, other }

  /// What an unsigned number looks like: digits with an optional point and exponent.
  private static func shape(of body: Substring.UTF8View) -> Shape {
    var rest = body
    func takeDigits(_ rest: inout Substring.UTF8View) -> Int {
      let digits = rest.prefix { digit($0, 10) }
      rest = rest.dropFirst(digits.count)
      return digits.count
    }
    var digits = takeDigits(&rest)
    if rest.isEmpty { return digits > 0 ? .integer : .other }
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      digits += takeDigits(&rest)
    }
    guard digits > 0 else { return .other }
    guard let mark = rest.first else { return .float }
    guard mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") else { return .other }
    rest = rest.dropFirst()
    if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
      rest = rest.dropFirst()
    }
    return takeDigits(&rest) > 0 && rest.isEmpty ? .float : .other
  }

  /// Whether some reader of YAML 1.1 or 1.2 may take the plain text for something else than text.
  ///
  /// True of the words for null, booleans, infinities and not a number in any case of letters, `=`,
  /// `<<`, the empty text, and of anything that begins with a digit, a sign or a point, holds a
  /// digit, and has no character that is not in some notation of a number, a date or a time.
  package static func isAmbiguous(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return true }
    if text.utf8.count <= 5, words.contains(text.lowercased()) { return true }
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "."):
      return text.utf8.allSatisfy(isNumeric) && text.utf8.contains { digit($0, 10) }
    default: return false
    }
  }

  private static let words: Set<String> = [
    "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<",
    ".inf", "+.inf", "-.inf", ".nan", "+.nan", "-.nan",
  ]

  private static func isNumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    case UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "o"), UInt8(ascii: "O"),
      UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "z"), UInt8(ascii: "Z"):
      true
    case UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "."), UInt8(ascii: ","),
      UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: " "):
      true
    default: false
    }
  }
}
