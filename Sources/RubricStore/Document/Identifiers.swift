/// A slug that names one thing for as long as it exists.
package protocol Slug: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible,
  ExpressibleByStringLiteral
where RawValue == String {
  /// What such an id names, for messages: "criterion", "rubric".
  static var noun: String { get }
  /// Creates an id without checking it.
  init(unchecked rawValue: String)
}

extension Slug {
  /// The rule that every id keeps, for messages.
  package static var rule: String {
    "1 to \(Limits.idBytes) of a-z, 0-9, `-`, `_` and `.`, with a letter or a digit first and last"
  }

  /// Whether `text` is a slug.
  package static func isValid(_ text: String) -> Bool {
    let bytes = text.utf8
    guard (1...Limits.idBytes).contains(bytes.count) else { return false }
    func isAlphanumeric(_ byte: UInt8) -> Bool {
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
    }
    guard let first = bytes.first, let last = bytes.last else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && bytes.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E }
  }

  /// A slug made of `text`: lower case, runs of anything else as one `-`, cut to half of what is
  /// allowed, so that a number may follow.
  ///
  /// - Returns: Nil where nothing of `text` is left.
  package static func made(from text: String) -> Self? {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case 0x61...0x7A, 0x30...0x39: bytes.append(byte)
      case 0x41...0x5A: bytes.append(byte + 0x20)
      default: if let last = bytes.last, last != 0x2D { bytes.append(0x2D) }
      }
      if bytes.count == Limits.idBytes / 2 { break }
    }
    while bytes.last == 0x2D { bytes.removeLast() }
    return bytes.isEmpty ? nil : Self(unchecked: String(decoding: bytes, as: UTF8.self))
  }
}

/// The id of a criterion or group, unique in its rubric and never reused for another meaning.
public struct CriterionID: Slug {
  /// The slug.
  public let rawValue: String
  package static let noun = "criterion"

  /// Creates an id, or nil if `rawValue` is not a slug.
  public init?(rawValue: String) {
    guard Self.isValid(rawValue) else { return nil }
    self.rawValue = rawValue
  }

  package init(unchecked rawValue: String) { self.rawValue = rawValue }

  /// Creates an id from a literal, unchecked; validation of the rubric reports a bad one.
  public init(stringLiteral value: String) { self.rawValue = value }
  /// The slug.
  public var description: String { rawValue }
  /// Orders ids by their UTF-8 bytes.
  public static func < (left: Self, right: Self) -> Bool {
    left.rawValue.precedes(right.rawValue)
  }
}

/// The id of a rubric, unique in its repository, and the name of its file: `rubrics/<id>.yaml`.
public struct RubricID: Slug {
  /// The slug.
  public let rawValue: String
  package static let noun = "rubric"

  /// Creates an id, or nil if `rawValue` is not a slug.
  public init?(rawValue: String) {
    guard Self.isValid(rawValue) else { return nil }
    self.rawValue = rawValue
  }

  package init(unchecked rawValue: String) { self.rawValue = rawValue }

  /// Creates an id from a literal, unchecked; validation of the rubric reports a bad one.
  public init(stringLiteral value: String) { self.rawValue = value }
  /// The slug.
  public var description: String { rawValue }
  /// Orders ids by their UTF-8 bytes.
  public static func < (left: Self, right: Self) -> Bool {
    left.rawValue.precedes(right.rawValue)
  }
}
