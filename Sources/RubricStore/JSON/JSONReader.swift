/// Reads JSON (RFC 8259, strictly) into a tree of nodes with their places.
package enum JSONReader {
  /// Reads one value.
  ///
  /// Text becomes double-quoted scalars; numbers, booleans and null become plain ones.
  ///
  /// - Parameter text: The bytes, at most ``Limits/textBytes``, UTF-8 with or without a byte order
  ///   mark.
  /// - Returns: The root, and what is wrong with the text in its order. The root is nil where the
  ///   text could not be read to its end; it is only to be trusted where there is no finding.
  /// - Complexity: O(*n*) in the number of bytes.
  package static func read(_ text: [UInt8]) -> (root: Node?, findings: [Finding]) {
    let check = TextCheck(text, breaks: .json)
    guard !check.isHopeless else { return (nil, check.findings) }
    var parser = JSONParser(check)
    let root = parser.document()
    let sorted = parser.findings.enumerated().sorted {
      ($0.element.mark?.offset ?? 0, $0.offset) < ($1.element.mark?.offset ?? 0, $1.offset)
    }
    return (root, sorted.prefix(Limits.findings).map(\.element))
  }

  /// Reads one value.
  ///
  /// - Throws: ``SyntaxError`` with all that is wrong with the text.
  package static func parse(_ text: [UInt8]) throws(SyntaxError) -> JSONValue {
    var (root, findings) = read(text)
    if findings.isEmpty, let value = root?.jsonValue(findings: &findings), findings.isEmpty {
      return value
    }
    throw SyntaxError(findings: findings)
  }
}

extension JSONValue {
  /// Reads a value from JSON text.
  ///
  /// - Parameter text: One value by RFC 8259, its keys distinct in each object.
  /// - Throws: ``SyntaxError`` with all that is wrong with the text.
  public init(parsing text: String) throws(SyntaxError) {
    self = try JSONReader.parse(Array(text.utf8))
  }

  /// The value as JSON on one line, members in their order, without spaces or a line break.
  public var jsonText: String { JSONWriter.compact(self) }

  /// The value as JSON, a line for each member and item, indented by two columns.
  public var indentedText: String { JSONWriter.pretty(self) }
}
