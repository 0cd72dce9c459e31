/// A sequence or mapping whose end has not been read.
struct OpenCollection {
  private let isMapping: Bool
  private let isFlow: Bool
  let start: SourceMark
  private var items: [Node] = []
  private var entries: [Node.Entry] = []
  /// The key that waits for its value; its name is nil where the entry is not kept.
  private var key: (node: Node, name: String?)?
  /// The line of each key, once there are so many that looking through them would be slow.
  private var keyLines: [Verbatim<String>: Int] = [:]
  /// Where the last node in it ends.
  private var end: SourceMark

  init(isMapping: Bool, isFlow: Bool, start: SourceMark) {
    self.isMapping = isMapping
    self.isFlow = isFlow
    self.start = start
    end = start
  }

  /// The collection as a node.
  ///
  /// A flow collection ends at `flowEnd`, after its closing bracket; a block collection ends where
  /// its last node does.
  func node(flowEnd: SourceMark) -> Node {
    Node(
      content: isMapping
        ? .mapping(entries, isFlow: isFlow) : .sequence(items, isFlow: isFlow),
      start: start, end: isFlow ? flowEnd : end)
  }

  /// Adds an item, a key, or the value of the key before.
  ///
  /// - Returns: What is wrong with the key.
  mutating func add(_ node: Node, in text: [UInt8]) -> Finding? {
    guard isMapping else {
      end = node.end
      items.append(node)
      return nil
    }
    guard let (keyNode, name) = key else {
      end = node.end
      return takeKey(node)
    }
    key = nil
    var value = node
    // `? key` without a value: libyaml's place of the value is that of whatever comes next.
    if case .scalar("", .plain) = value.content, value.start.line > keyNode.end.line,
      value.start.offset == 0 || text[value.start.offset - 1] != UInt8(ascii: ":")
    {
      value.start = keyNode.end
      value.end = keyNode.end
    }
    end = value.end
    if let name { entries.append(Node.Entry(key: keyNode, value: value, name: name)) }
    return nil
  }

  private mutating func takeKey(_ node: Node) -> Finding? {
    key = (node, nil)
    guard case .scalar(let name, let style) = node.content else {
      return refusal(node, "a key is a list or a mapping; a key is text")
    }
    if style == .plain, name == "<<" {
      return refusal(
        node, "a merge key stands here; merge keys are not part of a rubric",
        hint: "write the merged members out")
    }
    if style == .plain, name.isEmpty {
      return refusal(node, "a key is missing before the colon")
    }
    if let line = line(of: name) {
      return Finding(
        code: .duplicateKey, mark: node.start,
        message: "the key `\(name)` stands twice in one mapping, first on line \(line)",
        hint: "keep one of them")
    }
    key = (node, name)
    if !keyLines.isEmpty { keyLines[Verbatim(wrappedValue: name)] = node.start.line }
    return nil
  }

  private func refusal(_ node: Node, _ message: String, hint: String? = nil) -> Finding {
    Finding(code: .refusedSyntax, mark: node.start, message: message, hint: hint)
  }

  private mutating func line(of name: String) -> Int? {
    if entries.count < 16 {
      return entries.first { $0.name.isVerbatim(name) }?.key.start.line
    }
    if keyLines.isEmpty {
      for entry in entries {
        keyLines[Verbatim(wrappedValue: entry.name)] = entry.key.start.line
      }
    }
    return keyLines[Verbatim(wrappedValue: name)]
  }
}
