extension ChangeSource {
  /// The source as JSON: its kind, the commit, and the numbers of its edits, null for all.
  public var json: JSONValue {
    [
      "kind": .string(kind.rawValue), "commit": .string(commit.hex),
      "edits": edits.isEmpty ? .null : .array(edits.map { .integer($0) }),
    ]
  }
}
