extension JSONValue: NodeCodable {
  /// Reads any value: a plain scalar as YAML 1.2's core schema resolves it, a quoted one as text.
  package static func read(_ node: Node, _ reader: inout NodeReader) -> JSONValue? {
    read(node, &reader, depth: 0)
  }

  private static func read(_ node: Node, _ reader: inout NodeReader, depth: Int) -> JSONValue? {
    guard depth <= Limits.ext else {
      reader.report(.limit, node, "values are nested more than \(Limits.ext) deep")
      return nil
    }
    switch node.content {
    case .scalar(let text, .plain): return resolve(text, node, &reader)
    case .scalar(let text, _): return .string(text)
    case .sequence(let nodes, _):
      return .array(nodes.compactMap { read($0, &reader, depth: depth + 1) })
    case .mapping(let entries, _):
      var object = JSONObject()
      for entry in entries {
        guard entry.name.utf8.count <= Limits.keyBytes else {
          reader.report(.limit, entry.key, "the key is longer than \(Limits.keyBytes) bytes")
          continue
        }
        let value = reader.inField(entry.name) { read(entry.value, &$0, depth: depth + 1) }
        if let value { object.append(entry.name, value) }
      }
      return .object(object)
    }
  }

  private static func resolve(
    _ text: String, _ node: Node, _ reader: inout NodeReader
  ) -> JSONValue? {
    switch ScalarResolution(plain: text) {
    case .value(let value): return value
    case .nonFinite:
      reader.report(
        .invalidValue, node, "found \(NodeReader.quote(text)), expected a finite number",
        hint: "quote it if it is text")
    case .outOfRange:
      reader.report(
        .invalidValue, node, "found \(NodeReader.quote(text)), expected an integer of 64 bits",
        hint: "quote it to keep its digits as text")
    }
    return nil
  }

  package var written: JSONValue { self }
  package static var schema: JSONValue { [:] }
}
