/// Writes block-style YAML to a buffer.
struct YAMLWriter {
  /// What stands before a value on its line.
  enum Position {
    /// Nothing, or no more than spaces.
    case start
    /// A key and its colon.
    case key
    /// A list's dash and a space.
    case dash
  }

  /// How far what a key holds stands right of the key.
  struct Layout {
    var mapping = 2
    var sequence = 2
  }

  /// Lines that stand ready for a list item: from its comments to its last line, each with its
  /// line feed.
  struct PreparedLines {
    var bytes: [UInt8]
    /// The column of the dash in them.
    var column: Int
  }

  private(set) var bytes: [UInt8] = []
  private var lineStart = 0
  private let layout: Layout
  /// The columns before the buffer's beginning on its first line.
  private let column: Int
  /// Ready-made lines of list items, by the `id` of the item.
  private let prepared: [Verbatim<String>: PreparedLines]
  /// Whether a text may be a block scalar.
  private let allowsBlockScalars: Bool
  /// Whether blank lines may follow the buffer, which would become part of a text that keeps them.
  private let avoidsKeeping: Bool

  init() {
    self.init(layout: Layout(), column: 0, prepared: [:], allowsBlockScalars: true)
    // The emitter writes the whole document, so that nothing follows.
  }

  init(
    layout: Layout, column: Int, prepared: [Verbatim<String>: PreparedLines],
    allowsBlockScalars: Bool, avoidsKeeping: Bool = false
  ) {
    self.layout = layout
    self.column = column
    self.prepared = prepared
    self.allowsBlockScalars = allowsBlockScalars
    self.avoidsKeeping = avoidsKeeping
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Adds a value.
  ///
  /// - Parameters:
  ///   - value: What to write.
  ///   - position: What it follows.
  ///   - indent: The column in which the keys of a mapping, the dashes of a list or the text of a
  ///     block scalar begin.
  mutating func write(_ value: JSONValue, at position: Position, indent: Int) {
    switch value {
    case .array(let items) where !items.isEmpty:
      for (index, item) in items.enumerated() {
        if index > 0 || position == .key {
          if writePrepared(item, indent: indent) { continue }
          newLine(indent)
        }
        bytes.append(contentsOf: "- ".utf8)
        write(item, at: .dash, indent: indent + 2)
      }
    case .object(let object) where !object.isEmpty:
      for (index, member) in object.members.enumerated() {
        if index > 0 || position == .key { newLine(indent) }
        write(member, indent: indent)
      }
    default:
      if position == .key { bytes.append(UInt8(ascii: " ")) }
      if case .string(let text) = value {
        write(text, indent: indent)
      } else {
        Self.writeInline(value, isFlow: false, to: &bytes)
      }
    }
  }

  /// Adds a key and its value; the cursor stands in column `indent`.
  mutating func write(_ member: JSONObject.Member, indent: Int) {
    let key = bytes.count
    let style = YAMLScalarStyle(inline: TextShape(member.key), isFlow: false)
    style.write(member.key, indent: 0, to: &bytes)
    // Readers take a key of more than 1,024 characters only after a question mark.
    if bytes.count - key > 1000 {
      bytes.insert(contentsOf: "? ".utf8, at: key)
      newLine(indent)
    }
    bytes.append(UInt8(ascii: ":"))
    let step = member.value.array == nil ? layout.mapping : layout.sequence
    write(member.value, at: .key, indent: indent + step)
  }

  /// Ends the line.
  mutating func endLine() {
    bytes.append(UInt8(ascii: "\n"))
    lineStart = bytes.count
  }

  /// Ends the line and begins another in column `indent`.
  mutating func newLine(_ indent: Int) {
    endLine()
    YAMLScalarStyle.pad(indent, &bytes)
  }

  private mutating func writePrepared(_ item: JSONValue, indent: Int) -> Bool {
    guard !prepared.isEmpty, let id = item["id"]?.string,
      let lines = prepared[Verbatim(wrappedValue: id)]
    else { return false }
    endLine()
    bytes.append(contentsOf: Indentation.shift(lines.bytes, by: indent - lines.column).dropLast())
    return true
  }

  private mutating func write(_ text: String, indent: Int) {
    let line = bytes[lineStart...].reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) }
    var style = YAMLScalarStyle(
      value: TextShape(text), column: line + (lineStart == 0 ? column : 0))
    let isBlock = style == .literal || style == .folded
    if isBlock,
      !allowsBlockScalars || (avoidsKeeping && text.utf8.suffix(2).elementsEqual([10, 10]))
    {
      style = .doubleQuoted
    }
    style.write(text, indent: max(indent, 2), to: &bytes)
  }

  /// Adds a value that stays on its line: a scalar, or a collection in brackets or braces.
  static func writeInline(_ value: JSONValue, isFlow: Bool, to bytes: inout [UInt8]) {
    switch value {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    case .integer(let number): bytes.append(contentsOf: String(number).utf8)
    case .number(let number):
      bytes.append(contentsOf: CanonicalNumber.fractionalText(number).utf8)
    case .string(let text):
      let style = YAMLScalarStyle(inline: TextShape(text), isFlow: isFlow)
      style.write(text, indent: 0, to: &bytes)
    case .array(let items):
      bytes.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { bytes.append(contentsOf: ", ".utf8) }
        writeInline(item, isFlow: true, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let object):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in object.members.enumerated() {
        if index > 0 { bytes.append(contentsOf: ", ".utf8) }
        writeInline(.string(member.key), isFlow: true, to: &bytes)
        bytes.append(contentsOf: ": ".utf8)
        writeInline(member.value, isFlow: true, to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }
}
