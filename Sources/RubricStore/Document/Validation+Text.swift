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
  mutating func checkText(_ text: String, _ steps: Step...) {
    if let scalar = text.unicodeScalars.first(where: Self.isForbidden) {
      report(
        .controlCharacter, steps: steps,
        message: "the text has the control character \(Self.name(scalar))")
    }
  }

  /// Checks that the items of a list are distinct, not blank and free of control characters.
  mutating func checkDistinct(_ items: [String], _ steps: Step...) {
    var seen: Set<Verbatim<String>> = []
    for (index, item) in items.enumerated() {
      if let scalar = item.unicodeScalars.first(where: Self.isForbidden) {
        report(
          .controlCharacter, steps: steps + [.item(index)],
          message: "the text has the control character \(Self.name(scalar))")
      }
      if isBlank(item) {
        report(.invalidValue, steps: steps + [.item(index)], message: "the item is blank")
      } else if !seen.insert(Verbatim(wrappedValue: item)).inserted {
        report(
          .duplicateItem, steps: steps + [.item(index)],
          message: "\(NodeReader.quote(item)) stands twice in the list")
      }
    }
  }

  /// Checks that a number is finite and within ``DecimalNumber/limit``.
  mutating func checkNumber(_ value: Double, _ steps: Step...) {
    if !value.isFinite {
      report(.invalidValue, steps: steps, message: "found \(value), expected a finite number")
    } else if value.magnitude > DecimalNumber.limit {
      report(
        .invalidValue, steps: steps,
        message: "found \(show(value)), expected a number within ±\(DecimalNumber.limitText)")
    }
  }

  func show(_ value: Double) -> String {
    value.isFinite ? CanonicalNumber.text(value) : "\(value)"
  }

  func isBlank(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
  }

  func isLine(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy {
      !Self.isForbidden($0) && !["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains($0)
    }
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
