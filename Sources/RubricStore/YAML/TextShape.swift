/// What a text consists of, as far as that decides how YAML can write it.
struct TextShape {
  /// Length in Unicode scalars.
  private(set) var columns = 0
  /// Single quotes, which a single-quoted scalar doubles.
  private(set) var quotes = 0
  /// Whether it has a line feed.
  private(set) var hasBreak = false
  /// Whether it can be written without escapes, line feeds and tabs apart.
  private(set) var isPrintable = true
  private(set) var hasTab = false
  /// Whether a block scalar would show all of it: no space or tab where it cannot be seen, or where
  /// it would be taken for indentation.
  private var isVisible = true
  /// Whether a plain scalar can hold it in block style: nothing in it reads as YAML's own signs.
  private(set) var isPlain = true
  /// The same in flow style, between brackets or braces.
  private(set) var isFlowPlain = true
  /// The scalar before, while the text is looked through.
  private var previous: UInt32 = 0x0A

  /// Looks through `text`.
  ///
  /// - Complexity: O(*n*).
  init(_ text: String) {
    let isASCII = text.withBytes { bytes in
      guard bytes.endOfPrintable(from: 0) == bytes.count else { return false }
      for byte in bytes { take(UInt32(byte)) }
      return true
    }
    if !isASCII {
      for scalar in text.unicodeScalars { take(scalar.value) }
    }
    if previous == 0x20 || previous == 0x09 { isVisible = false }
    if previous == 0x3A || !isVisible || Self.beginsLikeYAML(text) { isPlain = false }
    if hasBreak || hasTab || !isPrintable || ScalarResolution.isAmbiguous(text) {
      isPlain = false
    }
    isFlowPlain = isFlowPlain && isPlain
  }

  private mutating func take(_ value: UInt32) {
    columns += 1
    switch value {
    case 0x0A:
      hasBreak = true
      if columns == 1 || previous == 0x20 || previous == 0x09 { isVisible = false }
    case 0x09:
      hasTab = true
      if previous == 0x0A { isVisible = false }
    case 0x20:
      if columns == 1 { isVisible = false }
      if previous == 0x3A { isPlain = false }
    case 0x27: quotes += 1
    case 0x23 where previous == 0x20: isPlain = false
    case 0x2C, 0x5B, 0x5D, 0x7B, 0x7D, 0x3A, 0x3F: isFlowPlain = false
    default: if !Self.isPrintable(value) { isPrintable = false }
    }
    previous = value
  }

  /// Whether single quotes can hold it on one line.
  var isSingleQuotable: Bool { isPrintable && !hasBreak && !hasTab }

  /// Whether a folded block scalar can hold it.
  var isFoldable: Bool { isSingleQuotable && isVisible && columns > 0 }

  /// Whether a literal block scalar can hold it, and it has lines.
  var isLiteral: Bool { hasBreak && isPrintable && isVisible }

  /// Whether the first character, or the first three, have a meaning of their own.
  private static func beginsLikeYAML(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return true }
    return "-?:,[]{}#&*!|>'\"%@`".utf8.contains(first) || text.utf8.starts(with: "...".utf8)
  }

  private static func isPrintable(_ value: UInt32) -> Bool {
    switch value {
    case 0x2028, 0x2029, 0xFEFF: false
    case 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }
}
