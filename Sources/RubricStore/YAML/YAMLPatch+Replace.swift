extension YAMLPatch {
  /// A writer of new text that begins in a column, with what of `value` is moved from elsewhere.
  mutating func writer(
    column: Int, for value: JSONValue, allowsBlockScalars: Bool = true
  ) -> YAMLWriter {
    YAMLWriter(
      layout: layout, column: column, prepared: prepare(value),
      allowsBlockScalars: allowsBlockScalars, avoidsKeeping: true)
  }

  /// Writes `value` in the place of `node`; the rest of its line, a comment perhaps, stays.
  mutating func replace(_ node: Node, with value: JSONValue, in slot: Slot) {
    let span = node.start.offset..<node.end.offset
    switch slot {
    case .root: hasFailed = true
    case .flow: replaceFlow(node, with: value)
    case .key(let column, let colonEnd):
      if staysFlow(node, value) { return replaceFlow(node, with: value) }
      let step = value.array == nil ? layout.mapping : layout.sequence
      if node.isBlockCollection {
        replaceCollection(
          colonEnd: colonEnd, end: span.upperBound, with: value, column: column,
          indent: column + step)
      } else if isOneLine(colonEnd..<span.lowerBound) {
        replaceInline(
          node, with: value, at: .key, from: colonEnd, outer: column, indent: column + step)
      } else {
        let indent = value.hasElements ? node.start.column - 1 : column + layout.mapping
        replaceInline(
          node, with: value, at: .start, from: span.lowerBound, outer: column, indent: indent)
      }
    case .dash(let column):
      if staysFlow(node, value) { return replaceFlow(node, with: value) }
      let indent = max(node.start.column - 1, column + 2)
      if node.isBlockCollection {
        var writer = writer(column: node.start.column - 1, for: value)
        writer.write(value, at: .dash, indent: node.start.column - 1)
        splice(span.lowerBound..<lineEnd(span.upperBound), writer.bytes)
      } else {
        replaceInline(
          node, with: value, at: .dash, from: span.lowerBound, outer: column, indent: indent)
      }
    }
  }

  /// Whether a collection in brackets is written as one again: it fits on its line, and nothing
  /// comes into it that stood elsewhere with lines of its own.
  private mutating func staysFlow(_ node: Node, _ value: JSONValue) -> Bool {
    guard node.isFlowCollection, value.hasElements else { return false }
    var text: [UInt8] = []
    YAMLWriter.writeInline(value, isFlow: true, to: &text)
    return node.start.column + text.count <= YAMLScalarStyle.lineColumns && prepare(value).isEmpty
  }

  private mutating func replaceFlow(_ node: Node, with value: JSONValue) {
    var text: [UInt8] = []
    if node.start.offset == node.end.offset { text.append(UInt8(ascii: " ")) }
    YAMLWriter.writeInline(value, isFlow: true, to: &text)
    splice(node.start.offset..<node.end.offset, text)
  }

  private func isOneLine(_ range: Range<Int>) -> Bool {
    range.isEmpty || !bytes[range].contains(0x0A)
  }

  /// Replaces a block collection below a key.
  private mutating func replaceCollection(
    colonEnd: Int, end: Int, with value: JSONValue, column: Int, indent: Int
  ) {
    let last = lineEnd(end)
    var writer = writer(
      column: colonEnd - lineStart(colonEnd), for: value,
      allowsBlockScalars: !isFollowedByComment(last, outer: column))
    writer.write(value, at: .key, indent: indent)
    let (head, rest) = split(writer.bytes)
    splice(colonEnd..<colonEnd, head)
    splice(lineEnd(colonEnd)..<last, rest)
  }

  /// Replaces a scalar, or a flow collection by something that is none.
  private mutating func replaceInline(
    _ node: Node, with value: JSONValue, at position: YAMLWriter.Position, from start: Int,
    outer: Int, indent: Int
  ) {
    let isEmpty = node.start.offset == node.end.offset
    let span = node.start.offset..<node.end.offset
    var writer = writer(
      column: position == .key && !isEmpty ? node.start.column - 2 : node.start.column - 1,
      for: value, allowsBlockScalars: !isFollowedByComment(lineEnd(span.upperBound), outer: outer))
    writer.write(value, at: position, indent: indent)
    var (head, rest) = split(writer.bytes)
    var headStart = start
    if position == .key, !isEmpty, head.first == UInt8(ascii: " ") {
      // The spaces between the colon and the value stay as they were.
      head = head.dropFirst()
      headStart = span.lowerBound
    }
    if position == .dash, isEmpty, bytes[span.lowerBound - 1] == UInt8(ascii: "-") {
      head = [UInt8(ascii: " ")] + head
    }
    if case .scalar(_, let style) = node.content, style == .literal || style == .folded {
      // A comment may follow the header; the text's lines go.
      let marks = bytes[span.lowerBound...].prefix { "|>+-0123456789".utf8.contains($0) }
      splice(headStart..<(span.lowerBound + marks.count), head)
      splice(lineEnd(span.lowerBound)..<max(span.upperBound, lineEnd(span.lowerBound)), rest)
    } else {
      splice(headStart..<span.upperBound, head)
      let end = lineEnd(span.upperBound)
      if !rest.isEmpty { splice(end..<end, rest) }
    }
  }

  /// The first line, and the others from the line feed on.
  private func split(_ text: [UInt8]) -> (ArraySlice<UInt8>, ArraySlice<UInt8>) {
    let end = text.firstIndex(of: 0x0A) ?? text.endIndex
    return (text[..<end], text[end...])
  }

  /// Whether a block scalar that ends here would swallow the comment that follows.
  private func isFollowedByComment(_ lineEnd: Int, outer: Int) -> Bool {
    var index = nextLine(lineEnd)
    while index < bytes.count {
      let next = nextLine(index)
      if let column = commentColumn(index) { return column > outer }
      guard isBlank(index..<next) else { return false }
      index = next
    }
    return false
  }
}

extension Node {
  fileprivate var isFlowCollection: Bool {
    switch content {
    case .mapping(_, let isFlow), .sequence(_, let isFlow): isFlow
    case .scalar: false
    }
  }

  fileprivate var isBlockCollection: Bool {
    switch content {
    case .mapping(_, let isFlow), .sequence(_, let isFlow): !isFlow
    case .scalar: false
    }
  }
}

extension JSONValue {
  /// Whether it is a list or an object with something in it.
  fileprivate var hasElements: Bool {
    switch self {
    case .array(let items): !items.isEmpty
    case .object(let object): !object.isEmpty
    default: false
    }
  }
}
