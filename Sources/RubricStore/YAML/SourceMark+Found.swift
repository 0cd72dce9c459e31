extension SourceMark {
  /// The character at an offset of a text, in words for a message.
  static func found(_ bytes: [UInt8], _ offset: Int) -> String {
    guard offset < bytes.count else { return "the end of the text" }
    let text = String(decoding: bytes[offset..<min(offset + 4, bytes.count)], as: UTF8.self)
    guard let scalar = text.unicodeScalars.first else { return "the end of the text" }
    switch scalar {
    case "\t": return "a tab"
    case "\n", "\r": return "the end of the line"
    case " ": return "a space"
    default: return "`\(scalar)`"
    }
  }
}
