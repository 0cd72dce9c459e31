extension Node {
  /// A node that reads as `value`, for what stands in no text of its own.
  ///
  /// - Parameters:
  ///   - value: What it reads as.
  ///   - mark: Where findings about it point.
  package init(_ value: JSONValue, at mark: SourceMark) {
    let content: Content =
      switch value {
      case .null: .scalar("null", .plain)
      case .bool(let flag): .scalar(flag ? "true" : "false", .plain)
      case .integer(let number): .scalar(String(number), .plain)
      case .number(let number): .scalar(CanonicalNumber.fractionalText(number), .plain)
      case .string(let text): .scalar(text, .doubleQuoted)
      case .array(let items): .sequence(items.map { Node($0, at: mark) }, isFlow: true)
      case .object(let object):
        .mapping(
          object.members.map { member in
            Entry(
              key: Node(.string(member.key), at: mark), value: Node(member.value, at: mark),
              name: member.key)
          }, isFlow: true)
      }
    self.init(content: content, start: mark, end: mark)
  }

  /// The value of `key`, where the node is a mapping that has it.
  package subscript(key: String) -> Node? {
    guard case .mapping(let entries, _) = content else { return nil }
    return entries.first { $0.name == key }?.value
  }
}
