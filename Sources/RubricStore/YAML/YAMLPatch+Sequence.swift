extension YAMLPatch {
  /// A list item with an id that may go elsewhere with its text and its comments.
  struct Movable {
    var node: Node
    var value: JSONValue
    var extent: Extent
    /// The column of its dash.
    var column: Int
  }

  /// Changes a block sequence; false where it must be written anew.
  mutating func changeBlock(
    _ items: [Node], of node: Node, from old: [JSONValue], to new: [JSONValue]
  ) -> Bool {
    let match = SequenceMatch(from: old, to: new)
    let column = node.start.column - 1
    let isSame = old.count == new.count && !match.isFixed.contains(false)
    guard isSame || beginsLine(node.start.offset) else { return false }
    guard let extents = extents(items, of: node) else { return false }
    var isDeleted = Array(repeating: true, count: items.count)
    for (index, origin) in match.origins.enumerated() where match.isFixed[index] {
      guard let origin else { continue }
      isDeleted[origin] = false
      change(items[origin], from: old[origin], to: new[index], in: .dash(column: column))
    }
    if isSame { return true }
    let isSpaced = isSpaced(extents)
    var anchor: Int?
    for (index, origin) in match.origins.enumerated() {
      if match.isFixed[index] {
        anchor = origin
        continue
      }
      let movable = origin.map {
        Movable(node: items[$0], value: old[$0], extent: extents[$0], column: column)
      }
      let text = lines(of: new[index], movable: movable, column: column)
      if let anchor {
        let offset = extents[anchor].end
        splice(offset..<offset, separator(at: offset, isSpaced: isSpaced) + text)
      } else {
        let offset = extents[0].lead
        let endsBlank = text.suffix(2 * lineBreak.count) == (lineBreak + lineBreak)[...]
        splice(offset..<offset, text + (isSpaced && !endsBlank ? [0x0A] : []))
      }
    }
    delete(isDeleted, of: extents)
    return true
  }

  /// The lines of an item at a new place: its own from the old place if there was one.
  private mutating func lines(
    of value: JSONValue, movable: Movable?, column: Int
  ) -> [UInt8] {
    if let source = movable ?? self.movable(value) {
      return Indentation.shift(render(source, as: value), by: column - source.column)
    }
    var writer = writer(column: column + 2, for: value)
    writer.write(value, at: .dash, indent: column + 2)
    writer.endLine()
    return Array(repeating: UInt8(ascii: " "), count: column) + Array("- ".utf8) + writer.bytes
  }

  /// The lines of an item, with its value changed, as they would stand in the old place.
  private mutating func render(_ source: Movable, as value: JSONValue) -> [UInt8] {
    let outside = splices
    splices = []
    change(source.node, from: source.value, to: value, in: .dash(column: source.column))
    let text = apply(splices, to: source.extent.lead..<source.extent.end)
    splices = outside
    if text == nil { hasFailed = true }
    return text ?? []
  }

  /// The extents of a block sequence's items, from their dashes; nil where a dash is not found.
  private func extents(_ items: [Node], of node: Node) -> [Extent]? {
    let column = node.start.column - 1
    var children: [(start: Int, end: Int)] = []
    var dash = node.start.offset
    for item in items {
      if let last = children.last {
        guard let next = nextDash(after: last.end, column: column) else { return nil }
        dash = next
      }
      children.append((dash, max(item.end.offset, dash + 1)))
    }
    return extents(children, column: column)
  }

  private func nextDash(after offset: Int, column: Int) -> Int? {
    var index = nextLine(offset)
    while index < bytes.count {
      let next = nextLine(index)
      if commentColumn(index) == nil, !isBlank(index..<next) {
        let spaces = bytes[index..<next].prefix { $0 == 0x20 }.count
        let isDash = spaces == column && bytes[index + spaces] == UInt8(ascii: "-")
        return isDash ? index + spaces : nil
      }
      index = next
    }
    return nil
  }

  // MARK: Items that move between lists

  /// Where the item with the same id stood, if it stood in one place and now stands in one place.
  private mutating func movable(_ value: JSONValue) -> Movable? {
    guard let id = value["id"]?.string else { return nil }
    let found = movables ?? findMovables()
    movables = found
    return found[Verbatim(wrappedValue: id)]
  }

  /// Makes ready the lines of all items inside a new value that stood elsewhere before.
  mutating func prepare(_ value: JSONValue) -> [Verbatim<String>: YAMLWriter.PreparedLines] {
    var prepared: [Verbatim<String>: YAMLWriter.PreparedLines] = [:]
    prepare(value, &prepared)
    return prepared
  }

  private mutating func prepare(
    _ value: JSONValue, _ prepared: inout [Verbatim<String>: YAMLWriter.PreparedLines]
  ) {
    switch value {
    case .array(let items):
      for item in items {
        if let id = item["id"]?.string, let source = movable(item) {
          let text = render(source, as: item).filter { $0 != 0x0D }
          let lines = YAMLWriter.PreparedLines(bytes: text, column: source.column)
          prepared[Verbatim(wrappedValue: id)] = lines
        } else {
          prepare(item, &prepared)
        }
      }
    case .object(let object):
      for member in object.members { prepare(member.value, &prepared) }
    default: break
    }
  }

  private func findMovables() -> [Verbatim<String>: Movable] {
    var counts: [Verbatim<String>: Int] = [:]
    Self.countIDs(new, &counts)
    var found: [Verbatim<String>: Movable] = [:]
    var isAmbiguous: Set<Verbatim<String>> = []
    findMovables(root, old) { id, movable in
      if counts[id] != 1 || found.updateValue(movable, forKey: id) != nil {
        isAmbiguous.insert(id)
      }
    }
    return found.filter { !isAmbiguous.contains($0.key) }
  }

  private func findMovables(
    _ node: Node, _ value: JSONValue, _ take: (Verbatim<String>, Movable) -> Void
  ) {
    switch (node.content, value) {
    case (.mapping(let entries, isFlow: false), .object(let object)):
      let members = MemberIndex(object)
      for entry in entries {
        if let member = members[entry.name] { findMovables(entry.value, member, take) }
      }
    case (.sequence(let items, isFlow: false), .array(let values)) where items.count == values.count:
      let extents = beginsLine(node.start.offset) ? extents(items, of: node) : nil
      for (index, item) in items.enumerated() {
        findMovables(item, values[index], take)
        guard let extents, let id = values[index]["id"]?.string else { continue }
        let column = node.start.column - 1
        take(
          Verbatim(wrappedValue: id),
          Movable(node: item, value: values[index], extent: extents[index], column: column))
      }
    default: break
    }
  }

  private static func countIDs(_ value: JSONValue, _ counts: inout [Verbatim<String>: Int]) {
    switch value {
    case .array(let items):
      for item in items {
        if let id = item["id"]?.string { counts[Verbatim(wrappedValue: id), default: 0] += 1 }
        countIDs(item, &counts)
      }
    case .object(let object): for member in object.members { countIDs(member.value, &counts) }
    default: break
    }
  }
}
