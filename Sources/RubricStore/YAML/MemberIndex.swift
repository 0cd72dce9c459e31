/// Looks up an object's members in constant time, where the object itself looks through them all.
struct MemberIndex {
  private let object: JSONObject
  /// Empty for an object of few members, which needs none.
  private var values: [Verbatim<String>: JSONValue] = [:]

  init(_ object: JSONObject) {
    self.object = object
    guard object.members.count > 16 else { return }
    for member in object.members { values[Verbatim(wrappedValue: member.key)] = member.value }
  }

  subscript(key: String) -> JSONValue? {
    values.isEmpty ? object[key] : values[Verbatim(wrappedValue: key)]
  }
}
