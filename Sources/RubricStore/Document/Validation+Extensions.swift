extension Validation {
  /// Checks that `ext` can be written and read back.
  mutating func check(_ ext: Extensions) {
    check(.object(ext.members), depth: 0)
  }

  private mutating func check(_ value: JSONValue, depth: Int) {
    guard depth <= Limits.ext else {
      report(.limit, at: .key("ext"), message: "values are nested more than \(Limits.ext) deep")
      return
    }
    switch value {
    case .null, .bool, .integer: break
    case .number(let number):
      if !number.isFinite {
        report(
          .invalidValue, at: .key("ext"), message: "found \(number), expected a finite number")
      }
    case .string(let text): checkText(text, [.key("ext")])
    case .array(let items): for item in items { check(item, depth: depth + 1) }
    case .object(let object):
      for member in object.members {
        checkText(member.key, [.key("ext")])
        if member.key.utf8.count > Limits.keyBytes {
          report(
            .limit, at: .key("ext"),
            message: "the key \(NodeReader.quote(member.key)) is longer than "
              + "\(Limits.keyBytes) bytes")
        }
        check(member.value, depth: depth + 1)
      }
    }
  }
}
