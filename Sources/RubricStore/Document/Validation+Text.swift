extension Validation {
  /// Checks a text of one line, with a path of keys and list positions.
  mutating func checkLine(_ text: String, _ key: String, _ inner: String? = nil) {
    guard !isLine(text) else { return }
    let message = "the text has line breaks or control characters, expected one line"
    if let inner {
      report(.invalidValue, at: .key(key), .key(inner), message: message)
    } else {
      report(.invalidValue, at: .key(key), message: message)
    }
  }

  mutating func checkLine(_ text: String, _ key: String, _ item: Int) {
    guard !isLine(text) else { return }
    report(
      .invalidValue, at: .key(key), .item(item),
      message: "the tag has line breaks or control characters, expected one line")
  }

  /// Checks that a text has no control characters but tabs and line breaks.
  mutating func checkText(_ text: String, _ steps: @autoclosure () -> [Step]) {
    if let scalar = Self.firstForbidden(in: text) {
      report(
        .controlCharacter, steps: steps(),
        message: "the text has the control character \(Self.name(scalar))")
    }
  }

  /// Checks that the items of a list are distinct, not blank and free of control characters.
  mutating func checkDistinct(_ items: [String], _ steps: @autoclosure () -> [Step]) {
    var seen: Set<Verbatim<String>> = []
    for (index, item) in items.enumerated() {
      checkText(item, steps() + [.item(index)])
      if isBlank(item) {
        report(.invalidValue, steps: steps() + [.item(index)], message: "the item is blank")
      } else if items.count > 1, !seen.insert(Verbatim(wrappedValue: item)).inserted {
        report(
          .duplicateItem, steps: steps() + [.item(index)],
          message: "\(NodeReader.quote(item)) stands twice in the list")
      }
    }
  }

  /// Checks that a number is finite and within ``DecimalNumber/limit``.
  mutating func checkNumber(_ value: Double, _ steps: @autoclosure () -> [Step]) {
    if !value.isFinite {
      report(.invalidValue, steps: steps(), message: "found \(value), expected a finite number")
    } else if value.magnitude > DecimalNumber.limit {
      report(
        .invalidValue, steps: steps(),
        message: "found \(show(value)), expected a number within ±\(DecimalNumber.limitText)")
    }
  }

  func show(_ value: Double) -> String {
    value.isFinite ? CanonicalNumber.text(value) : "\(value)"
  }

  func isBlank(_ text: String) -> Bool {
    guard !text.utf8.contains(where: { (0x21..<0x7F).contains($0) }) else { return false }
    return text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
  }

  func isLine(_ text: String) -> Bool {
    guard !Self.isPrintableASCII(text) else { return true }
    return text.unicodeScalars.allSatisfy {
      switch $0 {
      case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": false
      default: !Self.isForbidden($0)
      }
    }
  }

  /// The first scalar that may not stand in any text.
  static func firstForbidden(in text: String) -> Unicode.Scalar? {
    // A scalar that is forbidden begins with a byte below 0x20, with 0x7F, 0xC2 or 0xEF.
    let isSuspect = text.withBytes { bytes in
      var index = bytes.endOfPrintable(from: 0)
      while index < bytes.count {
        switch bytes[index] {
        case 0x09, 0x0A, 0x0D: break
        case 0..<0x20, 0x7F, 0xC2, 0xEF: return true
        default: break
        }
        index = bytes.endOfPrintable(from: index + 1)
      }
      return false
    }
    return isSuspect ? text.unicodeScalars.first(where: isForbidden) : nil
  }

  private static func isPrintableASCII(_ text: String) -> Bool {
    text.withBytes { $0.endOfPrintable(from: 0) == $0.count }
  }

  /// Whether a scalar may not stand in any text: control characters but tab and line breaks, and
  /// what is no character.
  static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x85: false
    case 0x00..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF: true
    default: false
    }
  }

  private static func name(_ scalar: Unicode.Scalar) -> String {
    let hex = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
  }
}
