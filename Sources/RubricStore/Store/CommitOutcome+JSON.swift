extension CommitOutcome {
  /// The outcome as JSON, as every command that commits prints it under `--json`.
  public var json: JSONValue {
    [
      "commit": .string(commit.hex), "parent": parent.map { .string($0.hex) } ?? .null,
      "branch": .string(branch), "rubric": .string(rubric.rawValue),
      "kind": .string(kind.rawValue), "edits": .array(edits.map(\.json)),
      "comparability": comparability.map { .string($0.word) } ?? .null,
      "rejudge": .array((comparability?.rejudged ?? []).map { .string($0.rawValue) }),
      "retries": .integer(retries),
    ]
  }
}
