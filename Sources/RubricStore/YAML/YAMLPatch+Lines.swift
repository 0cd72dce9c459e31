extension YAMLPatch {
  /// The lines of one child of a block collection.
  struct Extent {
    /// The first byte of the comments directly above it, or of its first line; where the line
    /// begins with something else (a dash), its own first byte.
    var lead: Int
    /// The first byte of its key or dash.
    var start: Int
    /// The byte after its last line and after the comments that are indented deeper than it.
    var end: Int
  }

  func lineStart(_ offset: Int) -> Int {
    var index = offset
    while index > 0, bytes[index - 1] != 0x0A { index -= 1 }
    // A byte order mark is not part of the first line.
    if index == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return min(3, offset) }
    return index
  }

  /// The place of the line break that ends the line of `offset`.
  func lineEnd(_ offset: Int) -> Int {
    var index = offset
    while index < bytes.count, bytes[index] != 0x0A { index += 1 }
    return index > offset && bytes[index - 1] == 0x0D ? index - 1 : index
  }

  func nextLine(_ offset: Int) -> Int {
    var index = offset
    while index < bytes.count, bytes[index] != 0x0A { index += 1 }
    return min(index + 1, bytes.count)
  }

  /// Whether nothing but spaces stands before `offset` on its line.
  func beginsLine(_ offset: Int) -> Bool {
    bytes[lineStart(offset)..<offset].allSatisfy { $0 == 0x20 }
  }

  /// Whether all lines of a range are blank.
  func isBlank(_ range: Range<Int>) -> Bool {
    bytes[range].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
  }

  /// The blank line that sets new lines at `offset` apart, unless there is one; a text above that
  /// keeps its blank lines would take in another.
  func separator(at offset: Int, isSpaced: Bool) -> [UInt8] {
    let above = offset > 0 ? lineStart(offset - 1) : offset
    return isSpaced && !isBlank(above..<offset) ? [0x0A] : []
  }

  /// The column of the comment that has the line at `offset` for itself.
  func commentColumn(_ offset: Int) -> Int? {
    let spaces = bytes[offset...].prefix { $0 == 0x20 || $0 == 0x09 }.count
    guard offset + spaces < bytes.count, bytes[offset + spaces] == UInt8(ascii: "#") else {
      return nil
    }
    return spaces
  }

  /// The extents of the children of a block collection, whose keys or dashes stand in `column`.
  ///
  /// Of each child the first byte, that of its key or dash, and the byte after it are given.
  func extents(_ children: [(start: Int, end: Int)], column: Int) -> [Extent] {
    var extents: [Extent] = []
    extents.reserveCapacity(children.count)
    for (start, end) in children {
      var lead = start
      if beginsLine(start) {
        let floor = extents.last?.end ?? 0
        lead = lineStart(start)
        while lead > floor {
          let above = lineStart(lead - 1)
          guard above >= floor, commentColumn(above) == column else { break }
          lead = above
        }
      }
      extents.append(Extent(lead: lead, start: start, end: trailingEnd(end, column: column)))
    }
    return extents
  }

  /// The byte after the line of `offset` and after the deeper comments that follow it.
  private func trailingEnd(_ offset: Int, column: Int) -> Int {
    var end = nextLine(offset)
    var index = end
    while index < bytes.count {
      let next = nextLine(index)
      if let comment = commentColumn(index) {
        guard comment > column else { break }
        end = next
      } else if !isBlank(index..<next) {
        break
      }
      index = next
    }
    return end
  }

  /// Whether the children stand apart from each other by blank lines.
  func isSpaced(_ extents: [Extent]) -> Bool {
    extents.count > 1
      && zip(extents, extents.dropFirst()).allSatisfy {
        $0.end < $1.lead && isBlank($0.end..<$1.lead)
      }
  }

  /// Deletes the lines of children, and the blank lines that would be left over.
  mutating func delete(_ isDeleted: [Bool], of extents: [Extent]) {
    var index = 0
    while index < extents.count {
      guard isDeleted[index] else {
        index += 1
        continue
      }
      let first = index
      while index < extents.count, isDeleted[index] { index += 1 }
      let run = extents[first..<index]
      let isWhole = zip(run, run.dropFirst()).allSatisfy { isBlank($0.end..<$1.lead) }
      guard isWhole, let last = run.last, var start = run.first?.lead else {
        for extent in run { splice(extent.lead..<extent.end, []) }
        continue
      }
      var end = last.end
      let next = index < extents.count ? extents[index] : nil
      if first > 0 {
        let gap = extents[first - 1].end..<start
        let isSpacedAfter = next.map { end < $0.lead && isBlank(end..<$0.lead) } ?? true
        if !gap.isEmpty, isBlank(gap), isSpacedAfter { start = gap.lowerBound }
      } else if let next, isBlank(end..<next.lead) {
        end = next.lead
      }
      splice(start..<end, [])
    }
  }
}
