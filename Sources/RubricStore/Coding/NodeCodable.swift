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
  /// Whether both are written the same, byte by byte; told without writing them where that is plain.
  func isWrittenLike(_ other: Self) -> Bool
}

extension NodeCodable {
  package func isWrittenLike(_ other: Self) -> Bool { written == other.written }
}

extension String {
  /// Whether it is, unquoted, one of YAML's words for null.
  fileprivate var isNullWord: Bool {
    switch utf8.count {
    case 0: true
    case 1: self == "~"
    case 4: self == "null" || self == "Null" || self == "NULL"
    default: false
    }
  }
}

extension String: NodeCodable {
  package static func read(_ node: Node, _ reader: inout NodeReader) -> String? {
    guard case .scalar(let text, let style) = node.content else {
      reader.reportType(node, expected: "text")
      return nil
    }
    if style == .plain, text.isNullWord {
      reader.report(
        .wrongType, node, "found \(NodeReader.describe(node)), expected text",
        hint: text.isEmpty ? NodeReader.leaveOut : "quote it, or leave the key out")
      return nil
    }
    return text
  }

  package func isWrittenLike(_ other: String) -> Bool { isVerbatim(other) }
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

  package func isWrittenLike(_ other: Bool) -> Bool { self == other }
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

  package func isWrittenLike(_ other: Int) -> Bool { self == other }
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

  package func isWrittenLike(_ other: Double) -> Bool { self == other }
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
    for index in nodes.indices {
      if let item = reader.inItem(index, { Element.read(nodes[index], &$0) }) { items.append(item) }
    }
    return items
  }

  package func isWrittenLike(_ other: [Element]) -> Bool {
    count == other.count && indices.allSatisfy { self[$0].isWrittenLike(other[$0]) }
  }

  package var written: JSONValue { .array(map(\.written)) }
  package static var schema: JSONValue { ["type": "array", "items": Element.schema] }
}

extension Optional: NodeCodable where Wrapped: NodeCodable {
  package static func read(_ node: Node, _ reader: inout NodeReader) -> Wrapped?? {
    if case .scalar(let text, .plain) = node.content, text.isNullWord { return .some(nil) }
    return Wrapped.read(node, &reader).map { .some($0) }
  }

  package func isWrittenLike(_ other: Wrapped?) -> Bool {
    switch (self, other) {
    case (nil, nil): true
    case (let left?, let right?): left.isWrittenLike(right)
    // What is there may be written as null, too.
    default: written == other.written
    }
  }

  package var written: JSONValue { self?.written ?? .null }
  package static var schema: JSONValue { ["anyOf": [Wrapped.schema, ["type": "null"]]] }
}

/// An enumeration that is written as one of its words.
package protocol NodeWord: NodeCodable, RawRepresentable, CaseIterable where RawValue == String {}

extension NodeWord {
  package static func read(_ node: Node, _ reader: inout NodeReader) -> Self? {
    guard case .scalar(let text, _) = node.content else {
      reader.reportType(node, expected: Suggestion.list(allCases.map(\.rawValue)))
      return nil
    }
    guard let value = Self(rawValue: text) else {
      let words = allCases.map(\.rawValue)
      reader.report(
        .invalidValue, node,
        "found \(NodeReader.quote(text)), expected \(Suggestion.list(words))",
        hint: Suggestion.didYouMean(text, among: words))
      return nil
    }
    return value
  }

  package func isWrittenLike(_ other: Self) -> Bool { rawValue == other.rawValue }
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
