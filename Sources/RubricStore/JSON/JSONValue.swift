/// A value of JSON, and of the part of YAML that a rubric document uses.
///
/// Objects keep their order. Two objects with the same members in another order are different
/// values; ``canonicallyOrdered`` puts every object's members in one order.
public enum JSONValue: Hashable, Sendable {
  /// JSON's `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number written without a fraction or an exponent, in the range of 64 bits.
  case integer(Int)
  /// A finite number written with a fraction or an exponent.
  case number(Double)
  /// Text.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Members in order, their keys distinct.
  case object(JSONObject)
}

/// The members of a JSON object, in order.
///
/// Look-up is linear: documents have few keys a mapping.
public struct JSONObject: Hashable, Sendable {
  /// One key and its value.
  public struct Member: Hashable, Sendable {
    /// The key, distinct in its object.
    @Verbatim public var key: String
    /// What the key stands for.
    public var value: JSONValue

    /// Creates a member.
    public init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// The members, in the order in which they are written.
  public private(set) var members: [Member] = []

  /// Creates an object without members.
  public init() {}

  /// Creates an object with members in the order given; a later value of a key replaces an earlier.
  public init(_ pairs: [(String, JSONValue)]) {
    members.reserveCapacity(pairs.count)
    for (key, value) in pairs { self[key] = value }
  }

  /// The value of `key`; setting a new key adds it at the end, setting nil removes it.
  public subscript(key: String) -> JSONValue? {
    get { members.first { $0.key.isVerbatim(key) }?.value }
    set {
      let index = members.firstIndex { $0.key.isVerbatim(key) }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(key: key, value: value))
      case (nil, nil): break
      }
    }
  }

  /// Adds a member whose key is known to be new.
  ///
  /// - Complexity: O(1), where the subscript is linear.
  package mutating func append(_ key: String, _ value: JSONValue) {
    members.append(Member(key: key, value: value))
  }

  /// Whether there are no members.
  public var isEmpty: Bool { members.isEmpty }
}

extension JSONValue {
  /// Whether both are the same value of the same kind; text is compared byte by byte.
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.integer(let left), .integer(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.string(let left), .string(let right)): left.isVerbatim(right)
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    default: false
    }
  }

  /// Feeds the value to `hasher`.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0 as UInt8)
    case .bool(let value): hasher.combine(value)
    case .integer(let value): hasher.combine(value)
    case .number(let value): hasher.combine(value)
    case .string(let text): text.hashVerbatim(into: &hasher)
    case .array(let items): hasher.combine(items)
    case .object(let object): hasher.combine(object)
    }
  }

  /// The same value with the members of every object ordered by the UTF-8 bytes of their keys.
  public var canonicallyOrdered: JSONValue {
    switch self {
    case .array(let items): return .array(items.map(\.canonicallyOrdered))
    case .object(let object):
      var sorted = JSONObject()
      let members = object.members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      for member in members { sorted.append(member.key, member.value.canonicallyOrdered) }
      return .object(sorted)
    case .null, .bool, .integer, .number, .string: return self
    }
  }

  /// The members, where the value is an object.
  public var object: JSONObject? {
    if case .object(let object) = self { object } else { nil }
  }

  /// The items, where the value is an array.
  public var array: [JSONValue]? {
    if case .array(let items) = self { items } else { nil }
  }

  /// The text, where the value is a string.
  public var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The value of `key`, where the value is an object that has it.
  public subscript(key: String) -> JSONValue? { object?[key] }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// Creates an object with the members in the order given.
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}

// Not by nil: `flag ? nil : value` would be JSON's null where an optional is meant.
extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByFloatLiteral
{
  /// Creates a string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// Creates an integer.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// Creates a boolean.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// Creates a number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// Creates an array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// Creates an object with the members in the order given.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(JSONObject(elements))
  }
}
