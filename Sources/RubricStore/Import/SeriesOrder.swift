/// The order of a series' files.
public enum SeriesOrder {
  /// The names in the order of their numbers: `iter_2` before `iter_10`.
  ///
  /// The last number of a file's name counts, without folders and the suffix; names without a number
  /// come first. Equal numbers, and names without one, are ordered by the rest of the name, numbers
  /// in it by their value, and at last as they are given.
  ///
  /// - Parameter names: The names of files.
  /// - Returns: Their positions, in order.
  public static func byNumber(_ names: [String]) -> [Int] {
    let keys = names.map(Key.init)
    return names.indices.sorted { left, right in
      keys[left] == keys[right] ? left < right : keys[left] < keys[right]
    }
  }

  /// The digits of a number without zeros before it: of two the longer is larger.
  private struct Number: Comparable {
    var digits: [UInt8]

    init(_ digits: some Sequence<UInt8>) { self.digits = Array(digits.drop { $0 == 0x30 }) }

    static func < (left: Self, right: Self) -> Bool {
      left.digits.count == right.digits.count
        ? left.digits.lexicographicallyPrecedes(right.digits)
        : left.digits.count < right.digits.count
    }
  }

  private struct Key: Comparable {
    private enum Part: Comparable {
      case number(Number)
      case text([UInt8])

      static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): left < right
        case (.text(let left), .text(let right)): left.lexicographicallyPrecedes(right)
        case (.number, .text): true
        case (.text, .number): false
        }
      }
    }

    private var last: Number?
    private var parts: [Part] = []

    init(_ name: String) {
      let file = name.split(separator: "/").last ?? ""
      let stem = file.lastIndex(of: ".").map { file[..<$0] } ?? file
      var run: [UInt8] = []
      var isNumber = false
      func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
      for byte in stem.utf8 {
        if isDigit(byte) != isNumber, !run.isEmpty { end(&run, isNumber) }
        isNumber = isDigit(byte)
        run.append(byte)
      }
      if !run.isEmpty { end(&run, isNumber) }
    }

    private mutating func end(_ run: inout [UInt8], _ isNumber: Bool) {
      if isNumber {
        let number = Number(run)
        last = number
        parts.append(.number(number))
      } else {
        parts.append(.text(run))
      }
      run = []
    }

    static func < (left: Self, right: Self) -> Bool {
      switch (left.last, right.last) {
      case (nil, .some): return true
      case (.some, nil): return false
      case (let first?, let second?) where first != second: return first < second
      default: return left.parts.lexicographicallyPrecedes(right.parts)
      }
    }
  }
}
