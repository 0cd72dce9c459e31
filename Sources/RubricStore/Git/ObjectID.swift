/// The SHA-1 name of a git object: of a commit, a tree, a blob or a tag.
public struct ObjectID: Hashable, Sendable {
  // Big-endian parts, so that comparing them in order compares the bytes.
  private var high: UInt64
  private var middle: UInt64
  private var low: UInt32

  /// The bytes of an id.
  package static let byteCount = 20
  /// The hexadecimal digits of an id.
  package static let digitCount = 40
  /// The id of no object; git writes it where a reference did not exist.
  public static let zero = ObjectID(high: 0, middle: 0, low: 0)

  private init(high: UInt64, middle: UInt64, low: UInt32) {
    self.high = high
    self.middle = middle
    self.low = low
  }

  /// Creates an id from its bytes, or nil unless there are exactly 20.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    self = .zero
    for byte in bytes { append(nibble: byte >> 4, byte & 15) }
  }

  /// Creates an id from all of its 40 hexadecimal digits, in either case, or nil if they are not that.
  public init?(hex: some StringProtocol) {
    guard hex.utf8.count == Self.digitCount else { return nil }
    self = .zero
    var first: UInt8?
    for character in hex.utf8 {
      guard let value = Self.nibble(character) else { return nil }
      if let pending = first {
        append(nibble: pending, value)
        first = nil
      } else {
        first = value
      }
    }
  }

  /// The value of a hexadecimal digit in either case.
  static func nibble(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// Shifts one byte in at the low end.
  private mutating func append(nibble upper: UInt8, _ lower: UInt8) {
    high = high << 8 | middle >> 56
    middle = middle << 8 | UInt64(low >> 24)
    low = low << 8 | UInt32(upper << 4 | lower)
  }

  /// The 20 bytes, in order.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.byteCount)
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: high >> UInt64(shift)))
    }
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: middle >> UInt64(shift)))
    }
    for shift in stride(from: 24, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: low >> UInt32(shift)))
    }
    return bytes
  }

  /// All 40 digits, in lower case.
  public var hex: String { prefix(Self.digitCount) }

  /// The first `count` digits in lower case; a count outside 0...40 is brought into it.
  public func prefix(_ count: Int) -> String {
    let digits = StaticString("0123456789abcdef")
    var text: [UInt8] = []
    text.reserveCapacity(Self.digitCount)
    for byte in bytes {
      text.append(digits.utf8Start[Int(byte >> 4)])
      text.append(digits.utf8Start[Int(byte & 15)])
    }
    return String(decoding: text.prefix(max(0, count)), as: UTF8.self)
  }
}

extension ObjectID: Comparable {
  /// Orders ids by their bytes, and so by their digits.
  public static func < (left: ObjectID, right: ObjectID) -> Bool {
    (left.high, left.middle, left.low) < (right.high, right.middle, right.low)
  }
}

extension ObjectID: CustomStringConvertible {
  /// All 40 digits, in lower case.
  public var description: String { hex }
}
