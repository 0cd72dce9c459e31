/// A rubric's file that a merge with conflicts left: the merged document under a block that lists
/// the conflicts.
///
/// The block ends in a key that no rubric has, so that the file is not valid before the block is
/// gone.
///
/// - SeeAlso: SPEC.md §12.9.
package struct UnfinishedMerge: Sendable {
  /// What stands under the block: the merged document, with our side's value at each conflict.
  package var document: [UInt8]
  /// What was settled so far.
  package var settlements: Settlements

  static let key = "unfinished_merge"

  /// Reads what ``text`` wrote; nil for any other text, and where the block was changed.
  package init?(parsing bytes: [UInt8]) {
    guard let line = Self.keyLines(bytes).first else { return nil }
    let value = bytes[(line.lowerBound + Self.key.utf8.count + 1)..<line.upperBound]
    guard let json = try? JSONReader.parse(Array(value)), let places = json["settled"]?.array else {
      return nil
    }
    var settlements = Settlements()
    for place in places {
      guard let text = place.string, let read = try? Settlement(parsing: text) else { return nil }
      settlements.places.append(read)
    }
    settlements.all = (json["settle_all"]?.array ?? []).compactMap {
      $0.string.flatMap(Settlement.Rule.init(name:))
    }
    self.settlements = settlements
    document = Array(bytes[min(line.upperBound + 1, bytes.count)...])
    if bytes.starts(with: Self.byteOrderMark) { document = Self.byteOrderMark + document }
  }

  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// What a text that was refused says of a merge; nil where it says nothing.
  ///
  /// - Returns: The finding, and the text without the key, where the rest can be read. With git's own
  ///   conflict markers in it, it cannot.
  static func finding(in bytes: [UInt8]) -> (finding: Finding, text: [UInt8]?)? {
    var lines = LineTable(bytes, breaks: .json)
    let keys = keyLines(bytes)
    let markers = markerLine(bytes)
    if let key = keys.first {
      var text = bytes
      // A comment of the same length: all places stay.
      for line in keys { text[line.lowerBound] = UInt8(ascii: "#") }
      return (
        Finding(
          code: .unfinishedMerge, mark: lines.mark(at: key.lowerBound),
          message: "the file is an unfinished merge",
          hint: "settle its conflicts with `rubricctl settle PLACE=RULE`, or change the values and "
            + "delete the lines down to `\(Self.key)`"),
        markers == nil ? text : nil
      )
    }
    guard let markers else { return nil }
    return (
      Finding(
        code: .unfinishedMerge, mark: lines.mark(at: markers),
        message: "the file is an unfinished merge: git's conflict markers stand here",
        hint: "keep one side of each, or the right words of both, and delete the markers"), nil
    )
  }

  /// The lines that begin with the key, without their line breaks.
  private static func keyLines(_ bytes: [UInt8]) -> [Range<Int>] {
    let word = Array("\(key):".utf8)
    return lines(of: bytes).filter { bytes[$0].starts(with: word) }
  }

  /// The first of git's conflict markers, where there is a whole set of them.
  private static func markerLine(_ bytes: [UInt8]) -> Int? {
    func isMarker(_ line: Range<Int>, _ byte: UInt8) -> Bool {
      let count = bytes[line].prefix { $0 == byte }.count
      guard count >= 7 else { return false }
      let next = line.lowerBound + count
      return next >= line.upperBound || bytes[next] == 0x20 || bytes[next] == 0x0D
    }
    var first: Int?
    var isSplit = false
    for line in lines(of: bytes) where line.count >= 7 {
      switch bytes[line.lowerBound] {
      case UInt8(ascii: "<") where first == nil && isMarker(line, UInt8(ascii: "<")):
        first = line.lowerBound
      case UInt8(ascii: "=") where first != nil && isMarker(line, UInt8(ascii: "=")):
        isSplit = true
      case UInt8(ascii: ">") where isSplit && isMarker(line, UInt8(ascii: ">")): return first
      default: break
      }
    }
    return nil
  }

  private static func lines(of bytes: [UInt8]) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      lines.append(start..<end)
      start = end + 1
    }
    return lines
  }
}
