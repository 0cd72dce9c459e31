/// A value that stands in a document: read from a node, written as JSON, described by a schema.
///
/// Documents, edits and their schemas are all made of these, so that what is read, what is written
/// and what is published cannot drift apart.
package protocol NodeCodable: Sendable {
  /// Reads a value, or reports why not and returns nil.
  ///
  /// A collection returns what could be read of it; the reader's findings say whether all could.
  static func read(_ node: Node, _ reader: inout NodeReader) -> Self?
  /// The value as it is written.
  var written: JSONValue { get }
  /// The JSON Schema of what is written.
  static var schema: JSONValue { get }
}

extension NodeCodable {
  /// Whether both are written the same, byte by byte.
  package func isWrittenLike(_ other: Self) -> Bool { written == other.written }
}

extension String: NodeCodable {
  package static func read(_ node: Node, _ reader: inout NodeReader) -> String? {
    guard case .scalar(let text, let style) = node.content else {
      reader.reportType(node, expected: "text")
      return nil
    }
    if style == .plain, ["", "~", "null", "Null", "NULL"].contains(text) {
      reader.report(
        .wrongType, node, "found \(NodeReader.describe(node)), expected text",
        hint: text.isEmpty ? NodeReader.leaveOut : "quote it, or leave the key out")
      return nil
    }
    return text
  }

  package var written: JSONValue { .string(self) }
  package static var schema: JSONValue { ["type": "string"] }
}

extension Bool: NodeCodable {
  package static func read(_ node: Node, _ reader: inout NodeReader) -> Bool? {
    guard case .scalar(let text, .plain) = node.content else {
      reader.reportType(
        node, expected: "`true` or `false`",
        hint: ["true", "false"].contains(node.text) ? "remove the quotes" : nil)
      return nil
    }
    switch text {
    case "true", "True", "TRUE": return true
    case "false", "False", "FALSE": return false
    default:
      reader.reportType(node, expected: "`true` or `false`")
      return nil
    }
  }

  package var written: JSONValue { .bool(self) }
  package static var schema: JSONValue { ["type": "boolean"] }
}

extension Int: NodeCodable {
  package static func read(_ node: Node, _ reader: inout NodeReader) -> Int? {
    guard let number = Double.read(node, &reader) else { return nil }
    guard let integer = Int(exactly: number) else {
      reader.reportType(node, expected: "a whole number")
      return nil
    }
    return integer
  }

  package var written: JSONValue { .integer(self) }
  package static var schema: JSONValue { ["type": "integer"] }
}

extension Double: NodeCodable {
  package static func read(_ node: Node, _ reader: inout NodeReader) -> Double? {
    guard case .scalar(let text, .plain) = node.content else {
      let isNumber = node.text.map { DecimalNumber.parse($0) } ?? .notNumber
      reader.reportType(
        node, expected: "a number", hint: isNumber == .notNumber ? nil : "remove the quotes")
      return nil
    }
    switch DecimalNumber.parse(text) {
    case .value(let number): return number
    case .notFinite:
      reader.report(
        .invalidValue, node, "found \(NodeReader.quote(text)), expected a finite number")
    case .tooLarge:
      reader.report(
        .invalidValue, node,
        "found \(NodeReader.quote(text)), expected a number within ±\(DecimalNumber.limitText)")
    case .leadingZero:
      reader.report(
        .invalidValue, node,
        "found \(NodeReader.quote(text)), which YAML readers take for different numbers",
        hint: "write it without leading zeros")
    case .notNumber: reader.reportType(node, expected: "a number")
    }
    return nil
  }

  package var written: JSONValue { .decimal(self) }
  package static var schema: JSONValue { ["type": "number"] }
}

extension Array: NodeCodable where Element: NodeCodable {
  package static func read(_ node: Node, _ reader: inout NodeReader) -> [Element]? {
    guard case .sequence(let nodes, _) = node.content else {
      reader.reportType(node, expected: "a list")
      return nil
    }
    var items: [Element] = []
    items.reserveCapacity(nodes.count)
    for (index, node) in nodes.enumerated() {
      let item = reader.inItem(index) { Element.read(node, &$0) }
      if let item { items.append(item) }
    }
    return items
  }

  package var written: JSONValue { .array(map(\.written)) }
  package static var schema: JSONValue { ["type": "array", "items": Element.schema] }
}

extension Optional: NodeCodable where Wrapped: NodeCodable {
  package static func read(_ node: Node, _ reader: inout NodeReader) -> Wrapped?? {
    if case .scalar(let text, .plain) = node.content,
      ["", "~", "null", "Null", "NULL"].contains(text)
    {
      return .some(nil)
    }
    return Wrapped.read(node, &reader).map { .some($0) }
  }

  package var written: JSONValue { self?.written ?? .null }
  package static var schema: JSONValue { ["anyOf": [Wrapped.schema, ["type": "null"]]] }
}

/// An enumeration that is written as one of its words.
package protocol NodeWord: NodeCodable, RawRepresentable, CaseIterable where RawValue == String {}

extension NodeWord {
  package static func read(_ node: Node, _ reader: inout NodeReader) -> Self? {
    let words = allCases.map(\.rawValue)
    guard case .scalar(let text, _) = node.content else {
      reader.reportType(node, expected: Suggestion.list(words))
      return nil
    }
    guard let value = Self(rawValue: text) else {
      reader.report(
        .invalidValue, node,
        "found \(NodeReader.quote(text)), expected \(Suggestion.list(words))",
        hint: Suggestion.didYouMean(text, among: words))
      return nil
    }
    return value
  }

  package var written: JSONValue { .string(rawValue) }
  package static var schema: JSONValue {
    ["enum": .array(allCases.map { .string($0.rawValue) })]
  }
}

extension JSONValue {
  /// A number as documents write it: whole numbers of up to 15 digits without a fraction.
  package static func decimal(_ value: Double) -> JSONValue {
    value.magnitude < 1e15 && value == value.rounded() ? .integer(Int(value)) : .number(value)
  }
}
