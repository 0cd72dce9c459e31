/// The moving of whole lines to the left and to the right.
enum Indentation {
  /// Returns lines with their indentation changed by `columns`; blank lines stay as they are.
  ///
  /// A line that is indented by less than it should lose begins in the first column.
  static func shift(_ lines: [UInt8], by columns: Int) -> [UInt8] {
    guard columns != 0 else { return lines }
    let newline = UInt8(ascii: "\n")
    var shifted: [UInt8] = []
    shifted.reserveCapacity(lines.count)
    var rest = lines[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: newline).map { $0 + 1 } ?? rest.endIndex
      let line = rest[..<end]
      rest = rest[end...]
      let spaces = line.prefix { $0 == 0x20 }.count
      let isBlank = line.dropFirst(spaces).allSatisfy { $0 == newline || $0 == 0x0D }
      if isBlank {
        shifted.append(contentsOf: line)
      } else if columns > 0 {
        YAMLScalarStyle.pad(columns, &shifted)
        shifted.append(contentsOf: line)
      } else {
        shifted.append(contentsOf: line.dropFirst(min(spaces, -columns)))
      }
    }
    return shifted
  }
}
