/// How the canonical form writes a text, and the writing of it.
enum YAMLScalarStyle: Equatable {
  case plain, singleQuoted, doubleQuoted, literal, folded

  /// The columns up to which text stands on its key's line.
  static let lineColumns = 100
  /// The columns at which folded text is wrapped, indentation included.
  static let foldColumns = 88
  /// The columns that folded text has at the least, however deep it is indented.
  static let leastFoldColumns = 40

  /// Chooses the style of a value in block style.
  ///
  /// - Parameters:
  ///   - shape: Of the text.
  ///   - column: Where on its line the value would begin, counted from 0.
  init(value shape: TextShape, column: Int) {
    guard shape.isSingleQuotable else {
      self = shape.isLiteral ? .literal : .doubleQuoted
      return
    }
    let width = shape.columns + (shape.isPlain ? 0 : shape.quotes + 2)
    if column + width <= Self.lineColumns || shape.columns == 0 {
      self = shape.isPlain ? .plain : .singleQuoted
    } else {
      self = shape.isFoldable ? .folded : .doubleQuoted
    }
  }

  /// Chooses the style of a key, or of a value that must stay on its line.
  init(inline shape: TextShape, isFlow: Bool) {
    if isFlow ? shape.isFlowPlain : shape.isPlain {
      self = .plain
    } else {
      self = shape.isSingleQuotable ? .singleQuoted : .doubleQuoted
    }
  }

  /// Adds `text` to `output` in this style.
  ///
  /// - Parameters:
  ///   - text: A text that the style can hold.
  ///   - indent: The columns before each line of a block scalar.
  ///   - output: Is written to, from the scalar's first character to its last: no line break
  ///     follows, but for the blank lines that a literal text's own breaks ask for.
  func write(_ text: String, indent: Int, to output: inout [UInt8]) {
    switch self {
    case .plain: output.append(contentsOf: text.utf8)
    case .singleQuoted: Self.writeSingleQuoted(text, to: &output)
    case .doubleQuoted: Self.writeDoubleQuoted(text, to: &output)
    case .literal: Self.writeLiteral(text, indent: indent, to: &output)
    case .folded: Self.writeFolded(text, indent: indent, to: &output)
    }
  }

  private static func writeSingleQuoted(_ text: String, to output: inout [UInt8]) {
    let quote = UInt8(ascii: "'")
    output.append(quote)
    for byte in text.utf8 {
      output.append(byte)
      if byte == quote { output.append(quote) }
    }
    output.append(quote)
  }

  private static func writeDoubleQuoted(_ text: String, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      let value = scalar.value
      switch value {
      case 0x22: output.append(contentsOf: #"\""#.utf8)
      case 0x5C: output.append(contentsOf: #"\\"#.utf8)
      case 0x09: output.append(contentsOf: #"\t"#.utf8)
      case 0x0A: output.append(contentsOf: #"\n"#.utf8)
      case 0x0D: output.append(contentsOf: #"\r"#.utf8)
      case 0x85: output.append(contentsOf: #"\N"#.utf8)
      case 0x2028: output.append(contentsOf: #"\L"#.utf8)
      case 0x2029: output.append(contentsOf: #"\P"#.utf8)
      case 0..<0x20, 0x7F..<0xA0:
        output.append(contentsOf: ("\\x" + TextCheck.hex(value, width: 2)).utf8)
      case 0xFEFF, 0xFFFE, 0xFFFF:
        output.append(contentsOf: ("\\u" + TextCheck.hex(value, width: 4)).utf8)
      default: output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    output.append(UInt8(ascii: "\""))
  }

  private static func writeLiteral(_ text: String, indent: Int, to output: inout [UInt8]) {
    let newline = UInt8(ascii: "\n")
    let breaks = text.utf8.reversed().prefix { $0 == newline }.count
    output.append(contentsOf: (breaks == 0 ? "|-" : breaks == 1 ? "|" : "|+").utf8)
    for line in text.utf8.dropLast(breaks).split(
      separator: newline, omittingEmptySubsequences: false)
    {
      output.append(newline)
      if !line.isEmpty { pad(indent, &output) }
      output.append(contentsOf: line)
    }
    for _ in 0..<max(0, breaks - 1) { output.append(newline) }
  }

  private static func writeFolded(_ text: String, indent: Int, to output: inout [UInt8]) {
    output.append(contentsOf: ">-".utf8)
    let width = max(foldColumns - indent, leastFoldColumns)
    var column = 0
    text.withBytes { bytes in
      var start = 0
      while start <= bytes.count {
        let end = endOfWord(bytes, from: start)
        let word = UnsafeBufferPointer(rebasing: bytes[start..<end])
        // Every byte but a continuation begins a character.
        var size = 0
        for byte in word { size &+= byte & 0xC0 == 0x80 ? 0 : 1 }
        if column > 0, column + 1 + size <= width {
          output.append(UInt8(ascii: " "))
          column += 1 + size
        } else {
          output.append(UInt8(ascii: "\n"))
          pad(indent, &output)
          column = size
        }
        output.append(contentsOf: word)
        start = end + 1
      }
    }
  }

  /// The end of the part that begins at `start`: a line may break at a single space, where nothing is
  /// lost.
  private static func endOfWord(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let space = UInt8(ascii: " ")
    var index = start
    while index < bytes.count {
      if bytes[index] == space {
        guard index + 1 < bytes.count, bytes[index + 1] == space else { return index }
        // A run of spaces stays with the words on both sides.
        while index < bytes.count, bytes[index] == space { index += 1 }
      } else {
        index += 1
      }
    }
    return bytes.count
  }

  /// Adds spaces.
  static func pad(_ count: Int, _ output: inout [UInt8]) {
    output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: count))
  }
}
