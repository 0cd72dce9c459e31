/// Reads a number as JSON and YAML 1.2 write decimal numbers.
package enum DecimalNumber {
  /// What a text is as a number.
  package enum Reading: Equatable {
    case value(Double)
    /// NaN or an infinity, as a word or by overflow.
    case notFinite
    /// A finite number beyond ``limit``.
    case tooLarge
    /// Decimal to one YAML reader, octal to another.
    case leadingZero
    case notNumber
  }

  /// The largest magnitude of any number in a document, so that no sum of them overflows.
  package static let limit = 1e12
  package static let limitText = "1e12"

  package static func parse(_ text: String) -> Reading {
    if let reading = digits(text.utf8) { return reading }
    let bytes = Array(text.utf8)
    guard let first = bytes.first else { return .notNumber }
    var rest = bytes[...]
    if first == 0x2B || first == 0x2D { rest = rest.dropFirst() }
    if nonFiniteWords.contains(String(decoding: rest, as: UTF8.self).lowercased()) {
      return .notFinite
    }
    let integer = rest.prefix(while: isDigit)
    rest = rest.dropFirst(integer.count)
    var fractionCount = 0
    if rest.first == 0x2E {
      rest = rest.dropFirst()
      fractionCount = rest.prefix(while: isDigit).count
      rest = rest.dropFirst(fractionCount)
    }
    guard integer.count + fractionCount > 0 else { return .notNumber }
    if let mark = rest.first, mark == 0x65 || mark == 0x45 {
      rest = rest.dropFirst()
      if let sign = rest.first, sign == 0x2B || sign == 0x2D { rest = rest.dropFirst() }
      let digits = rest.prefix(while: isDigit)
      guard !digits.isEmpty else { return .notNumber }
      rest = rest.dropFirst(digits.count)
    }
    guard rest.isEmpty else { return .notNumber }
    if integer.count > 1, integer.first == 0x30 { return .leadingZero }
    guard let value = Double(text) else { return .notNumber }
    guard value.isFinite else { return .notFinite }
    guard value.magnitude <= limit else { return .tooLarge }
    return .value(value == 0 ? 0 : value)
  }

  /// The commonest case, a few digits; nil for any other.
  private static func digits(_ bytes: String.UTF8View) -> Reading? {
    guard let first = bytes.first, bytes.allSatisfy(isDigit) else { return nil }
    if bytes.count > 1, first == 0x30 { return .leadingZero }
    guard bytes.count <= 9 else { return nil }
    return .value(Double(bytes.reduce(0) { $0 * 10 + Int($1 - 0x30) }))
  }

  private static let nonFiniteWords: Set<String> = [
    "nan", ".nan", "inf", ".inf", "infinity",
  ]

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
