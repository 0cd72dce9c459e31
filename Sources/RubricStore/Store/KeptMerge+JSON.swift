extension KeptMerge {
  /// The merge as JSON, as `rubricctl conflicts --json` prints it.
  public var json: JSONValue {
    [
      "branch": .string(branch), "revision": .string(revision), "ours": .string(ours.hex),
      "theirs": .string(theirs.hex), "commit": commit.map { .string($0.hex) } ?? .null,
      "conflicts": .array(conflicts.map(\.json)),
      "settlements": .array(settlements.places.map(\.json)),
      "settle_all": .array(settlements.all.map(\.json)),
    ]
  }
}
