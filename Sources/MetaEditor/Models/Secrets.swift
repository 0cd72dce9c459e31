internal import RubricStore

/// What must not be shown, and what removes it from texts.
struct Secrets: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// What stands where a secret stood.
  static let mask = "[key]"
  /// Shorter ones are placeholders such as `x` and `EMPTY`, for servers that want any key.
  private static let least = 6
  private let values: [[UInt8]]

  init(_ values: [String]) {
    // The longest first: one may be a part of another.
    self.values = values.map { Array($0.utf8) }.filter { $0.count >= Self.least }
      .sorted { $0.count > $1.count }
  }

  var description: String { Self.mask }
  var debugDescription: String { Self.mask }
  var customMirror: Mirror { Mirror(self, children: [:]) }

  /// The text with each secret replaced.
  ///
  /// - Complexity: O(*n*) in its length for each secret.
  func scrubbed(_ text: String) -> String {
    var bytes: [UInt8]?
    for secret in values {
      if let replaced = Self.replacing(secret, in: bytes ?? Array(text.utf8)) { bytes = replaced }
    }
    return bytes.map { String(decoding: $0, as: UTF8.self) } ?? text
  }

  /// The value with each secret replaced in every text and key.
  func scrubbed(_ value: JSONValue) -> JSONValue {
    guard !values.isEmpty else { return value }
    switch value {
    case .string(let text): return .string(scrubbed(text))
    case .array(let items): return .array(items.map(scrubbed))
    case .object(let object):
      var result = JSONObject()
      for member in object.members { result[scrubbed(member.key)] = scrubbed(member.value) }
      return .object(result)
    case .null, .bool, .integer, .number: return value
    }
  }

  /// The bytes with the secret replaced; nil where it is not in them.
  private static func replacing(_ secret: [UInt8], in bytes: [UInt8]) -> [UInt8]? {
    guard let first = secret.first, bytes.count >= secret.count else { return nil }
    var result: [UInt8]?
    var copied = 0
    var index = 0
    while index <= bytes.count - secret.count {
      guard bytes[index] == first, bytes[index..<(index + secret.count)].elementsEqual(secret)
      else {
        index += 1
        continue
      }
      result = (result ?? []) + bytes[copied..<index] + Array(mask.utf8)
      index += secret.count
      copied = index
    }
    result?.append(contentsOf: bytes[copied...])
    return result
  }
}
