extension YAMLPatch {
  /// Changes values between braces; false where members come or go, and it must be written anew.
  mutating func changeFlow(
    _ entries: [Node.Entry], from old: JSONObject, to new: JSONObject
  ) -> Bool {
    let names = Set(entries.map { Verbatim(wrappedValue: $0.name) })
    guard new.members.allSatisfy({ names.contains(Verbatim(wrappedValue: $0.key)) }) else {
      return false
    }
    var changes: [(node: Node, old: JSONValue?, new: JSONValue)] = []
    let (oldMembers, newMembers) = (MemberIndex(old), MemberIndex(new))
    for entry in entries {
      let (before, after) = (oldMembers[entry.name], newMembers[entry.name])
      if before == after { continue }
      guard let after, entry.value.start.offset < entry.value.end.offset else { return false }
      changes.append((entry.value, before, after))
    }
    for (node, old, new) in changes { change(node, from: old, to: new, in: .flow) }
    return true
  }

  /// Changes values between brackets; false where items come, go or move.
  mutating func changeFlow(
    _ items: [Node], from old: [JSONValue], to new: [JSONValue]
  ) -> Bool {
    guard old.count == new.count else { return false }
    for (before, after) in zip(old, new) where before != after {
      let identity = SequenceMatch.Identity(before)
      guard !identity.isID || identity == SequenceMatch.Identity(after) else { return false }
    }
    for (index, item) in items.enumerated() {
      change(item, from: old[index], to: new[index], in: .flow)
    }
    return true
  }
}
