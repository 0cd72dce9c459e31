/// Text that is compared byte by byte.
///
/// Swift's strings are equal when they are canonically equivalent: a composed `é` equals a
/// decomposed one. A judge's tokens differ, and so do the stored bytes, hence a rubric compares the
/// bytes of its UTF-8.
@propertyWrapper
public struct Verbatim<Value: VerbatimComparable>: Hashable, Sendable {
  /// The text.
  public var wrappedValue: Value

  /// Wraps a text.
  public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }

  /// Whether both texts have the same bytes.
  public static func == (left: Self, right: Self) -> Bool {
    left.wrappedValue.isVerbatim(right.wrappedValue)
  }

  /// Feeds the bytes to `hasher`.
  public func hash(into hasher: inout Hasher) { wrappedValue.hashVerbatim(into: &hasher) }
}

/// A value made of text that can be compared byte by byte.
public protocol VerbatimComparable: Sendable {
  /// Whether `other` has the same bytes.
  func isVerbatim(_ other: Self) -> Bool
  /// Feeds the bytes to `hasher`.
  func hashVerbatim(into hasher: inout Hasher)
}

extension String: VerbatimComparable {
  /// Whether `other` has the same UTF-8 bytes.
  public func isVerbatim(_ other: String) -> Bool {
    guard utf8.count == other.utf8.count else { return false }
    return withBytes { bytes in other.withBytes { bytes.hasSameBytes(as: $0) } }
  }

  /// Feeds the UTF-8 bytes to `hasher`.
  public func hashVerbatim(into hasher: inout Hasher) {
    var copy = self
    copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(0xFF as UInt8)
  }
}

extension Array: VerbatimComparable where Element: VerbatimComparable {
  /// Whether `other` has the same items, byte by byte and in the same order.
  public func isVerbatim(_ other: [Element]) -> Bool {
    count == other.count && zip(self, other).allSatisfy { $0.isVerbatim($1) }
  }

  /// Feeds the items to `hasher`.
  public func hashVerbatim(into hasher: inout Hasher) {
    hasher.combine(count)
    for item in self { item.hashVerbatim(into: &hasher) }
  }
}

extension Optional: VerbatimComparable where Wrapped: VerbatimComparable {
  /// Whether both are nil, or have the same bytes.
  public func isVerbatim(_ other: Wrapped?) -> Bool {
    switch (self, other) {
    case (nil, nil): true
    case (let left?, let right?): left.isVerbatim(right)
    default: false
    }
  }

  /// Feeds the bytes, if any, to `hasher`.
  public func hashVerbatim(into hasher: inout Hasher) {
    hasher.combine(self == nil)
    self?.hashVerbatim(into: &hasher)
  }
}
