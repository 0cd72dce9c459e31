/// Writes values as canonical YAML: the same value gives the same bytes.
///
/// Block style, indented by two columns; a list's dashes stand two columns right of its key. SPEC.md
/// has the rules for text.
package enum YAMLEmitter {
  /// Returns `value` as a YAML document that ends in a line break.
  ///
  /// Reading it back gives the same value: `.number` always keeps a point.
  ///
  /// - Complexity: O(*n*) in the size of the text.
  package static func emit(_ value: JSONValue) -> String {
    var writer = YAMLWriter()
    writer.write(value, at: .start, indent: 0)
    writer.endLine()
    return writer.text
  }
}

/// Writes block-style YAML to a buffer.
struct YAMLWriter {
  /// What stands before a value on its line.
  enum Position {
    /// Nothing, at the document's start.
    case start
    /// A key and its colon.
    case key
    /// A list's dash and a space.
    case dash
  }

  private(set) var bytes: [UInt8] = []
  private var lineStart = 0

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Adds a value.
  ///
  /// - Parameters:
  ///   - value: What to write.
  ///   - position: What it follows.
  ///   - indent: The column in which the keys of a mapping or the text of a block scalar begin; the
  ///     dashes of a list too.
  mutating func write(_ value: JSONValue, at position: Position, indent: Int) {
    switch value {
    case .null: inline("null", position)
    case .bool(let flag): inline(flag ? "true" : "false", position)
    case .integer(let number): inline(String(number), position)
    case .number(let number): inline(CanonicalNumber.fractionalText(number), position)
    case .string(let text): string(text, position, indent)
    case .array(let items):
      guard !items.isEmpty else { return inline("[]", position) }
      for (index, item) in items.enumerated() {
        begin(index, position, indent)
        bytes.append(contentsOf: "- ".utf8)
        write(item, at: .dash, indent: indent + 2)
      }
    case .object(let object):
      guard !object.isEmpty else { return inline("{}", position) }
      for (index, member) in object.members.enumerated() {
        begin(index, position, indent)
        write(member, indent: indent)
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
    write(member.value, at: .key, indent: indent + 2)
  }

  /// Ends the line.
  mutating func endLine() {
    bytes.append(UInt8(ascii: "\n"))
    lineStart = bytes.count
  }

  private mutating func begin(_ index: Int, _ position: Position, _ indent: Int) {
    if index > 0 || position == .key { newLine(indent) }
  }

  private mutating func newLine(_ indent: Int) {
    endLine()
    YAMLScalarStyle.pad(indent, &bytes)
  }

  private mutating func inline(_ text: String, _ position: Position) {
    if position == .key { bytes.append(UInt8(ascii: " ")) }
    bytes.append(contentsOf: text.utf8)
  }

  private mutating func string(_ text: String, _ position: Position, _ indent: Int) {
    if position == .key { bytes.append(UInt8(ascii: " ")) }
    let column = bytes[lineStart...].reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) }
    let style = YAMLScalarStyle(value: TextShape(text), column: column)
    style.write(text, indent: max(indent, 2), to: &bytes)
  }
}
