/// Writes values as JSON.
package enum JSONWriter {
  /// Returns `value` on one line, without spaces and without a line break at the end.
  ///
  /// Characters stand for themselves but for quotes, backslashes, control characters and the line
  /// breaks that only some programs know (U+0085, U+2028, U+2029). Members keep their order. A
  /// `.number` has a point, so that it reads back as one; one that is not finite becomes `null`.
  ///
  /// - Complexity: O(*n*) in the size of the text.
  package static func compact(_ value: JSONValue) -> String {
    var writer = JSONTextWriter(indentation: nil)
    writer.write(value, depth: 0)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// Returns `value` with a line for each member and item, indented by two columns; no line break
  /// at the end.
  package static func pretty(_ value: JSONValue) -> String {
    var writer = JSONTextWriter(indentation: 2)
    writer.write(value, depth: 0)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

private struct JSONTextWriter {
  var bytes: [UInt8] = []
  let indentation: Int?

  init(indentation: Int?) { self.indentation = indentation }

  mutating func write(_ value: JSONValue, depth: Int) {
    switch value {
    case .null: append("null")
    case .bool(let flag): append(flag ? "true" : "false")
    case .integer(let number): append(String(number))
    case .number(let number):
      append(number.isFinite ? CanonicalNumber.fractionalText(number) : "null")
    case .string(let text): string(text)
    case .array(let items):
      append("[")
      for (index, item) in items.enumerated() {
        if index > 0 { append(",") }
        newLine(depth + 1)
        write(item, depth: depth + 1)
      }
      if !items.isEmpty { newLine(depth) }
      append("]")
    case .object(let object):
      append("{")
      for (index, member) in object.members.enumerated() {
        if index > 0 { append(",") }
        newLine(depth + 1)
        string(member.key)
        append(indentation == nil ? ":" : ": ")
        write(member.value, depth: depth + 1)
      }
      if !object.isEmpty { newLine(depth) }
      append("}")
    }
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func newLine(_ depth: Int) {
    guard let indentation else { return }
    append("\n")
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation * depth))
  }

  private mutating func string(_ text: String) {
    append("\"")
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22: append(#"\""#)
      case 0x5C: append(#"\\"#)
      case 0x08: append(#"\b"#)
      case 0x09: append(#"\t"#)
      case 0x0A: append(#"\n"#)
      case 0x0C: append(#"\f"#)
      case 0x0D: append(#"\r"#)
      case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFFFE, 0xFFFF:
        append("\\u" + TextCheck.hex(scalar.value, width: 4).lowercased())
      default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    append("\"")
  }
}
