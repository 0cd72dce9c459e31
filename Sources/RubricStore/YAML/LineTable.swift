/// The lines of a text, for turning places into one another: byte offsets, lines, columns.
struct LineTable {
  /// What ends a line.
  enum Breaks {
    /// Line feed, carriage return, or both.
    case json
    /// The same, and next line (U+0085), line separator and paragraph separator, as libyaml does.
    case yaml
  }

  private let text: [UInt8]
  /// The offset of each line's first byte; at least one line.
  private let starts: [UInt32]
  private let isASCII: Bool
  /// The last place that was found, so that marks asked for in order cost linear time together.
  private var cursor = SourceMark(offset: 0, line: 0, column: 0)

  /// Finds the lines of `text`, the first of which begins at `start`.
  ///
  /// - Complexity: O(*n*) in the number of bytes.
  init(_ text: [UInt8], from start: Int = 0, breaks: Breaks) {
    self.text = text
    var starts = [UInt32(start)]
    var bits: UInt8 = 0
    text.withUnsafeBufferPointer { bytes in
      var index = start
      while true {
        index = bytes.endOfPrintable(from: index)
        guard index < bytes.count else { break }
        bits |= bytes[index]
        let length = bytes[index] == 0x0A ? 1 : Self.breakLength(bytes, index, breaks)
        index += max(length, 1)
        if length > 0 { starts.append(UInt32(index)) }
      }
    }
    self.starts = starts
    isASCII = bits < 0x80
  }

  private static func breakLength(
    _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ breaks: Breaks
  ) -> Int {
    func at(_ offset: Int) -> UInt8 { index + offset < bytes.count ? bytes[index + offset] : 0 }
    switch bytes[index] {
    case 0x0D: return at(1) == 0x0A ? 2 : 1
    case 0xC2 where breaks == .yaml: return at(1) == 0x85 ? 2 : 0
    case 0xE2 where breaks == .yaml: return at(1) == 0x80 && at(2) & 0xFE == 0xA8 ? 3 : 0
    default: return 0
    }
  }

  /// The place of the byte at `offset`, which may be the text's end.
  mutating func mark(at offset: Int) -> SourceMark {
    let offset = min(max(offset, Int(starts[0])), text.count)
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(starts[middle]) <= offset { low = middle } else { high = middle }
    }
    let start = Int(starts[low])
    if isASCII { return SourceMark(offset: offset, line: low + 1, column: offset - start + 1) }
    resetCursor(toLine: low + 1, ifAfter: offset)
    var (at, column) = (cursor.offset, cursor.column)
    while at < offset {
      at += 1
      // A column is counted where a character ends.
      if at == text.count || text[at] & 0xC0 != 0x80 { column += 1 }
    }
    cursor = SourceMark(offset: at, line: low + 1, column: column)
    return cursor
  }

  /// The place in the line and column given, both counted from 0 in characters.
  mutating func mark(line: Int, column: Int) -> SourceMark {
    guard line < starts.count else { return mark(at: text.count) }
    let line = max(line, 0)
    let start = Int(starts[line])
    let column = max(column, 0)
    if isASCII {
      let offset = min(start + column, text.count)
      return SourceMark(offset: offset, line: line + 1, column: offset - start + 1)
    }
    if cursor.line != line + 1 || cursor.column > column + 1 {
      cursor = SourceMark(offset: start, line: line + 1, column: 1)
    }
    while cursor.column < column + 1, cursor.offset < text.count {
      cursor.offset += 1
      while cursor.offset < text.count, text[cursor.offset] & 0xC0 == 0x80 { cursor.offset += 1 }
      cursor.column += 1
    }
    return cursor
  }

  private mutating func resetCursor(toLine line: Int, ifAfter offset: Int) {
    if cursor.line == line, cursor.offset <= offset { return }
    cursor = SourceMark(offset: Int(starts[line - 1]), line: line, column: 1)
  }
}
