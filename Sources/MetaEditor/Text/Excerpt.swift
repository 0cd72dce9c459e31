internal import RubricStore

/// Parts of texts, as they are shown.
enum Excerpt {
  /// The text, its end left out where it is longer than `bytes` in UTF-8.
  static func start(of text: String, bytes limit: Int) -> String {
    guard text.utf8.count > limit else { return text }
    // Back to the start of a scalar.
    var bytes = Array(text.utf8.prefix(limit + 1))
    while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
    return String(decoding: bytes, as: UTF8.self) + " […]"
  }

  /// The text, its middle left out where it is longer than `limit` Unicode scalars.
  static func of(_ text: String, limit: Int) -> String {
    let scalars = text.unicodeScalars
    let count = scalars.count
    guard count > limit else { return text }
    let tail = limit / 3
    let head = limit - tail
    return String(scalars.prefix(head)) + "\n[… \(count - limit) characters left out …]\n"
      + String(scalars.suffix(tail))
  }

  /// The text on one line without control characters, cut to `limit` Unicode scalars.
  static func line(_ text: String, limit: Int) -> String {
    var line = String.UnicodeScalarView()
    var isBlank = true
    var count = 0
    for scalar in text.unicodeScalars {
      let properties = scalar.properties
      if properties.isWhitespace || properties.generalCategory == .control {
        if !isBlank {
          line.append(" ")
          count += 1
        }
        isBlank = true
      } else if properties.generalCategory != .format || scalar == "\u{200D}" {
        line.append(scalar)
        count += 1
        isBlank = false
      }
      if count >= limit { return String(line).trimmedOfBlanks + "…" }
    }
    return String(line).trimmedOfBlanks
  }
}
