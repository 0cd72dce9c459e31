/// A value that is written as a mapping of known keys, its fields at their defaults left out.
package protocol Record: NodeCodable {
  /// A record with every field at its default, and required ones empty.
  init(blank: ())
  /// The fields, in the order in which they are written.
  static var fields: [RecordField<Self>] { get }
  /// What it is called in messages and schemas: "criterion".
  static var recordName: String { get }
  /// Keys that may stand there too and are not read: those of a larger record that this one is part of.
  static var passedOver: [String] { get }
}

extension Record {
  package static var passedOver: [String] { [] }
}

/// One field of a record.
package struct RecordField<Root: Sendable>: Sendable {
  package let key: String
  package let isRequired: Bool
  /// What it means, for the schema.
  package let about: String
  package let schema: @Sendable () -> JSONValue
  package let read: @Sendable (Node, inout NodeReader, inout Root) -> Void
  /// The value as it is written; nil at its default.
  package let write: @Sendable (Root) -> JSONValue?

  // A key path is slow to write through. `set` does the same faster, for the fields that fill
  // documents.

  /// A field that may be left out, and is where it is at `standard`.
  package static func optional<Value: NodeCodable>(
    _ key: String, _ path: any WritableKeyPath<Root, Value> & Sendable, default standard: Value,
    _ about: String, _ constraints: JSONObject = JSONObject(),
    set: (@Sendable (inout Root, Value) -> Void)? = nil
  ) -> RecordField {
    RecordField(
      key: key, isRequired: false, about: about,
      schema: {
        Self.describe(Value.schema, about: about, standard: standard.written, constraints)
      },
      read: { node, reader, root in
        guard let value = Value.read(node, &reader) else { return }
        if let set { set(&root, value) } else { root[keyPath: path] = value }
      },
      write: { root in
        let value = root[keyPath: path]
        // `nil` alone would be JSON null.
        return value.isWrittenLike(standard) ? JSONValue?.none : value.written
      })
  }

  /// A field that must be there.
  package static func required<Value: NodeCodable>(
    _ key: String, _ path: any WritableKeyPath<Root, Value> & Sendable, _ about: String,
    _ constraints: JSONObject = JSONObject(), set: (@Sendable (inout Root, Value) -> Void)? = nil
  ) -> RecordField {
    RecordField(
      key: key, isRequired: true, about: about,
      schema: { Self.describe(Value.schema, about: about, standard: nil, constraints) },
      read: { node, reader, root in
        guard let value = Value.read(node, &reader) else { return }
        if let set { set(&root, value) } else { root[keyPath: path] = value }
      },
      write: { $0[keyPath: path].written })
  }

  private static func describe(
    _ schema: JSONValue, about: String, standard: JSONValue?, _ constraints: JSONObject
  ) -> JSONValue {
    var object = schema.object ?? JSONObject()
    for member in constraints.members { object[member.key] = member.value }
    object["description"] = .string(about)
    if let standard { object["default"] = standard }
    return .object(object)
  }
}

extension Record {
  /// Reads the fields of a mapping; unknown keys, missing keys and wrong values are reported.
  ///
  /// - Returns: What could be read, so that the rest can be checked too; nil for no mapping at all.
  package static func read(_ node: Node, _ reader: inout NodeReader) -> Self? {
    readFields(node, &reader)
  }

  package static func readFields(_ node: Node, _ reader: inout NodeReader) -> Self? {
    guard case .mapping(let entries, _) = node.content else {
      reader.reportType(node, expected: "a mapping with the keys of \(recordWithArticle)")
      return nil
    }
    var record = Self(blank: ())
    let fields = fields
    var seen = 0
    var last = -1
    // By index: a loop over the values would count references to all that is in them.
    for position in entries.indices {
      // Keys mostly stand in the order of the fields.
      guard let index = field(entries[position].name, after: last, in: fields) else {
        refuse(entries[position].key, entries[position].name, &reader)
        continue
      }
      // A key that stands twice has been reported by the reader of the text.
      guard seen & (1 << index) == 0 else { continue }
      seen |= 1 << index
      last = index
      reader.inField(entries[position].name) {
        fields[index].read(entries[position].value, &$0, &record)
      }
    }
    for index in fields.indices where fields[index].isRequired && seen & (1 << index) == 0 {
      let key = fields[index].key
      reader.report(
        .missingKey, node, "the \(recordName) has no `\(key)`", hint: "add `\(key): …`")
    }
    return record
  }

  /// The field of a key: the first behind another one, or else the first of all.
  private static func field(
    _ key: String, after last: Int, in fields: [RecordField<Self>]
  ) -> Int? {
    for index in last + 1..<max(fields.count, last + 1) where fields[index].key == key {
      return index
    }
    for index in fields.indices.prefix(last + 1) where fields[index].key == key { return index }
    return nil
  }

  /// Reports a key that is none of the record's.
  private static func refuse(_ key: Node, _ name: String, _ reader: inout NodeReader) {
    if passedOver.contains(name) { return }
    reader.report(
      .unknownKey, key,
      "unknown key \(NodeReader.quote(name)) in \(recordWithArticle)",
      hint: Suggestion.didYouMean(name, among: fields.map(\.key) + passedOver)
        ?? (fields.contains { $0.key == "ext" } || passedOver.contains("ext")
          ? "keys of your own go under `ext`" : nil))
  }

  package static var recordWithArticle: String {
    ["a", "e", "i", "o"].contains(recordName.prefix(1)) ? "an \(recordName)" : "a \(recordName)"
  }

  package var written: JSONValue {
    var object = JSONObject()
    for field in Self.fields {
      if let value = field.write(self) { object.append(field.key, value) }
    }
    return .object(object)
  }

  package static var schema: JSONValue { ["$ref": .string("#/$defs/\(recordName)")] }

  /// The record's definition, for the `$defs` of a schema.
  package static var definition: JSONValue {
    var properties = JSONObject()
    var required: [JSONValue] = []
    for field in fields {
      properties.append(field.key, field.schema())
      if field.isRequired { required.append(.string(field.key)) }
    }
    for key in passedOver { properties.append(key, ["description": "Not read here."]) }
    var object = JSONObject([
      ("type", "object"), ("properties", .object(properties)),
    ])
    if !required.isEmpty { object["required"] = .array(required) }
    object["additionalProperties"] = false
    return .object(object)
  }
}
