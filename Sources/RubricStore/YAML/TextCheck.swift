/// One pass over a text before it is parsed: whether it is UTF-8 and free of control characters.
///
/// What is refused is overwritten by something harmless of the same length, so that a parser can
/// go on and the rest of the text's faults are found in the same run.
struct TextCheck {
  /// Why a byte sequence is refused.
  private enum Fault {
    case notUTF8(UInt8)
    case control(UInt32)
  }

  /// The text, with what is refused overwritten.
  private(set) var text: [UInt8]
  /// Where the text begins: after a byte order mark, where there is one.
  private(set) var start = 0
  /// What is refused, in order; at most ``Limits/findings``.
  private(set) var findings: [Finding] = []
  /// Whether reading on makes no sense: too long, another encoding, or nothing but faults.
  private(set) var isHopeless = false
  /// The lines of the text.
  private(set) var lines: LineTable

  /// Checks `text`.
  ///
  /// - Complexity: O(*n*) in the number of bytes.
  init(_ text: [UInt8], breaks: LineTable.Breaks) {
    self.text = text
    lines = LineTable([], breaks: breaks)
    if text.count > Limits.textBytes {
      refuseWhole(
        .limit, "the text has \(text.count) bytes; at most \(Limits.textBytes) are read", nil)
      return
    }
    if Self.isUTF16(text) {
      refuseWhole(.encoding, "the text is UTF-16; UTF-8 is expected", "save the file as UTF-8")
      return
    }
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
    lines = LineTable(text, from: start, breaks: breaks)
    let faults = Self.faults(of: text, from: start)
    for (offset, length, fault) in faults { mend(offset, length, fault) }
    isHopeless = faults.count >= Limits.findings
  }

  private mutating func refuseWhole(_ code: Finding.Code, _ message: String, _ hint: String?) {
    isHopeless = true
    let mark = SourceMark(offset: 0, line: 1, column: 1)
    findings = [Finding(code: code, mark: mark, message: message, hint: hint)]
  }

  private mutating func mend(_ offset: Int, _ length: Int, _ fault: Fault) {
    let mark = lines.mark(at: offset)
    switch fault {
    case .notUTF8(let byte):
      text[offset] = UInt8(ascii: "x")
      let message = "the byte 0x\(Self.hex(UInt32(byte), width: 2)) is not part of valid UTF-8"
      findings.append(
        Finding(code: .encoding, mark: mark, message: message, hint: "save the file as UTF-8"))
    case .control(let value):
      // The replacements are as long as what they replace: x, U+00A0, U+FFFD.
      if length == 1 { text[offset] = UInt8(ascii: "x") }
      if length == 2 { text[offset + 1] = 0xA0 }
      if length == 3 { text[offset + 2] = 0xBD }
      findings.append(Self.controlFinding(value, mark))
    }
  }

  /// The finding of a control character.
  static func controlFinding(_ value: UInt32, _ mark: SourceMark) -> Finding {
    Finding(
      code: .controlCharacter, mark: mark,
      message: "the text holds the control character U+\(hex(value, width: 4))", hint: "remove it")
  }

  /// Whether a character may stand in no text, written out or escaped.
  ///
  /// Tab, line feed, carriage return and next line are allowed.
  static func isRefused(_ value: UInt32) -> Bool {
    switch value {
    case 0x09, 0x0A, 0x0D, 0x85: false
    case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF: true
    default: false
    }
  }

  /// The first character of `text` that is refused.
  static func firstRefused(in text: String) -> UInt32? {
    text.unicodeScalars.first { isRefused($0.value) }?.value
  }

  /// Upper-case hexadecimal digits, with zeros before them up to `width`.
  static func hex(_ value: UInt32, width: Int) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private static func isUTF16(_ text: [UInt8]) -> Bool {
    guard text.count >= 2 else { return false }
    let pair = (text[0], text[1])
    if pair == (0xFF, 0xFE) || pair == (0xFE, 0xFF) { return true }
    return (pair.0 == 0) != (pair.1 == 0)
  }

  private static func faults(
    of text: [UInt8], from start: Int
  ) -> [(offset: Int, length: Int, fault: Fault)] {
    var faults: [(Int, Int, Fault)] = []
    text.withUnsafeBufferPointer { bytes in
      var index = start
      while faults.count < Limits.findings {
        index = bytes.endOfPrintable(from: index)
        guard index < bytes.count else { break }
        let byte = bytes[index]
        if byte == 0x0A {
          index += 1
          continue
        }
        guard let (value, length) = decode(bytes, index) else {
          faults.append((index, 1, .notUTF8(byte)))
          index += 1
          continue
        }
        if isRefused(value) { faults.append((index, length, .control(value))) }
        index += length
      }
    }
    return faults
  }

  /// The character at `index`, by RFC 3629: no overlong forms, no surrogates.
  static func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int
  ) -> (value: UInt32, length: Int)? {
    let first = UInt32(bytes[index])
    let length: Int
    var value: UInt32
    switch first {
    case 0..<0x80: return (first, 1)
    case 0xC2...0xDF: (length, value) = (2, first & 0x1F)
    case 0xE0...0xEF: (length, value) = (3, first & 0x0F)
    case 0xF0...0xF4: (length, value) = (4, first & 0x07)
    default: return nil
    }
    guard index + length <= bytes.count else { return nil }
    for next in bytes[(index + 1)..<(index + length)] {
      guard next & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(next & 0x3F)
    }
    let least: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
    guard value >= least, value <= 0x10FFFF, !(0xD800..<0xE000).contains(value) else { return nil }
    return (value, length)
  }
}
