extension YAMLPatch {
  /// Changes a block mapping; false where it must be written anew.
  mutating func changeBlock(
    _ entries: [Node.Entry], from old: JSONObject, to new: JSONObject
  ) -> Bool {
    guard let first = entries.first, let colonEnds = colonEnds(entries) else { return false }
    let column = first.key.start.column - 1
    let (before, after) = (MemberIndex(old), MemberIndex(new))
    let isDeleted = entries.map { after[$0.name] == nil && before[$0.name] != nil }
    guard isDeleted.contains(false) else { return false }
    for (index, entry) in entries.enumerated() {
      guard let value = after[entry.name] else { continue }
      let slot = Slot.key(column: column, colonEnd: colonEnds[index])
      change(entry.value, from: before[entry.name], to: value, in: slot)
    }
    let added = added(new, to: entries)
    guard isDeleted.contains(true) || !added.isEmpty else { return true }
    let extents = extents(
      zip(entries, colonEnds).map { ($0.key.start.offset, max($0.value.end.offset, $1)) },
      column: column)
    let isSpaced = isSpaced(extents)
    for (index, members) in added {
      guard let index else { continue }
      insert(members, at: extents[index].end, column: column, isSpaced: isSpaced)
    }
    let top = added.first { $0.after == nil }?.members ?? []
    if beginsLine(first.key.start.offset) {
      insert(top, at: self.top(extents[0]), column: column, isSpaced: false)
      delete(isDeleted, of: extents)
    } else {
      changeTop(extents, before: top, isDeleted: isDeleted, column: column)
    }
    return true
  }

  /// The offset after each entry's colon; nil where an entry is not a key and a colon on one line.
  private func colonEnds(_ entries: [Node.Entry]) -> [Int]? {
    var ends: [Int] = []
    for (index, entry) in entries.enumerated() {
      let start = entry.key.start.offset
      let before = bytes[lineStart(start)..<start].last { $0 != 0x20 }
      guard before == nil || (index == 0 && before == UInt8(ascii: "-")) else { return nil }
      var end = entry.key.end.offset
      while end < bytes.count, bytes[end] == 0x20 || bytes[end] == 0x09 { end += 1 }
      guard end < bytes.count, bytes[end] == UInt8(ascii: ":") else { return nil }
      ends.append(end + 1)
    }
    return ends
  }

  /// The members that have no entry yet, by the entry after which they belong.
  private func added(
    _ new: JSONObject, to entries: [Node.Entry]
  ) -> [(after: Int?, members: [JSONObject.Member])] {
    var indices: [Verbatim<String>: Int] = [:]
    for (index, entry) in entries.enumerated() {
      indices[Verbatim(wrappedValue: entry.name)] = index
    }
    var added: [(after: Int?, members: [JSONObject.Member])] = []
    var anchor: Int?
    for member in new.members {
      if let index = indices[Verbatim(wrappedValue: member.key)] {
        anchor = index
      } else if let last = added.last, last.after == anchor {
        added[added.count - 1].members.append(member)
      } else {
        added.append((anchor, [member]))
      }
    }
    return added
  }

  /// Where lines that come before the first child go: above its comments, but for a comment at the
  /// top of the file, which is taken to speak of the file.
  private func top(_ first: Extent) -> Int {
    let top = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    return first.lead == top ? lineStart(first.start) : first.lead
  }

  private mutating func insert(
    _ members: [JSONObject.Member], at offset: Int, column: Int, isSpaced: Bool
  ) {
    for member in members {
      var writer = writer(column: column, for: member.value)
      writer.write(member, indent: column)
      writer.endLine()
      let pad = Array(repeating: UInt8(ascii: " "), count: column)
      splice(offset..<offset, separator(at: offset, isSpaced: isSpaced) + pad + writer.bytes)
    }
  }

  /// Changes the beginning of a mapping that begins on the line of its dash.
  private mutating func changeTop(
    _ extents: [Extent], before: [JSONObject.Member], isDeleted: [Bool], column: Int
  ) {
    let start = extents[0].start
    var text: [UInt8] = []
    for member in before {
      var writer = writer(column: column, for: member.value)
      writer.write(member, indent: column)
      text += writer.bytes + [0x0A] + Array(repeating: UInt8(ascii: " "), count: column)
    }
    // At least one entry stays, so that there is a next one wherever the first goes.
    guard isDeleted[0], let next = isDeleted.firstIndex(of: false) else {
      splice(start..<start, text)
      delete(isDeleted, of: extents)
      return
    }
    delete(isDeleted[..<next].map { _ in false } + isDeleted[next...], of: extents)
    let end = extents[next - 1].end
    let isDirect =
      isBlank(end..<lineStart(extents[next].start))
      && zip(extents[..<next], extents[1..<next]).allSatisfy { isBlank($0.end..<$1.lead) }
    if isDirect {
      splice(start..<extents[next].start, text)
    } else if before.isEmpty {
      // Comments follow, which need lines of their own: the dash stays behind alone.
      let spaces = bytes[..<start].reversed().prefix { $0 == 0x20 }.count
      splice((start - spaces)..<lineEnd(end - 1), [])
    } else {
      splice(start..<end, text.dropLast(column))
    }
  }
}
