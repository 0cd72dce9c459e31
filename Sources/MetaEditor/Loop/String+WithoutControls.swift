internal import RubricStore

extension String {
  /// The text with U+FFFD in place of what a document may not hold: models say anything.
  var withoutControls: String {
    guard unicodeScalars.contains(where: Self.isRefused) else { return self }
    var scalars = UnicodeScalarView()
    for scalar in unicodeScalars { scalars.append(Self.isRefused(scalar) ? "\u{FFFD}" : scalar) }
    return String(scalars)
  }

  private static func isRefused(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x85: false
    case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF: true
    default: false
    }
  }
}

extension JSONValue {
  /// The value with U+FFFD in its texts in place of what a document may not hold.
  var withoutControls: JSONValue {
    switch self {
    case .string(let text): .string(text.withoutControls)
    case .array(let items): .array(items.map(\.withoutControls))
    case .object(let object):
      .object(
        JSONObject(object.members.map { ($0.key.withoutControls, $0.value.withoutControls) }))
    case .null, .bool, .integer, .number: self
    }
  }
}
