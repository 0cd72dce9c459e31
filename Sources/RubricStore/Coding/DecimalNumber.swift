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

  /// The commonest case, a few digits and perhaps a fraction; nil for any other.
  private static func digits(_ bytes: String.UTF8View) -> Reading? {
    guard bytes.count <= 15 else { return nil }
    var number = 0
    var integerDigits = 0
    var fractionDigits = 0
    var hasPoint = false
    var first: UInt8 = 0
    for byte in bytes {
      if byte == 0x2E, !hasPoint {
        hasPoint = true
        continue
      }
      guard isDigit(byte) else { return nil }
      if integerDigits == 0, !hasPoint { first = byte }
      number = number &* 10 &+ Int(byte &- 0x30)
      if hasPoint { fractionDigits &+= 1 } else { integerDigits &+= 1 }
    }
    guard integerDigits + fractionDigits > 0 else { return nil }
    if integerDigits > 1, first == 0x30 { return .leadingZero }
    // Both are exact doubles, so that the quotient is the nearest to what is written.
    let value = Double(number) / powersOfTen[fractionDigits]
    return value <= limit ? .value(value) : nil
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]

  private static let nonFiniteWords: Set<String> = [
    "nan", ".nan", "inf", ".inf", "infinity",
  ]

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
