extension MergeReport {
  /// The report as JSON, as `rubricctl merge --json` prints it.
  ///
  /// - Parameter isDryRun: Whether the merge was only looked at: the report does not know.
  /// - Returns: The report; the rubrics with each side's edits, and the conflicts.
  public func json(isDryRun: Bool) -> JSONValue {
    [
      "kind": .string(kind.rawValue), "branch": .string(branch), "revision": .string(revision),
      "ours": .string(ours.hex), "theirs": .string(theirs.hex),
      "bases": .array(bases.map { .string($0.hex) }),
      "commit": commit.map { .string($0.hex) } ?? .null, "dry_run": .bool(isDryRun),
      "kept": .bool(isKept), "rubrics": .array(rubrics.map(\.json)), "retries": .integer(retries),
    ]
  }
}

extension RubricMerge {
  /// The merge of one rubric as JSON: what either side did, what it means, and what is open.
  public var json: JSONValue {
    func side(
      _ change: SideChange, _ edits: [Edit], _ since: Comparability?
    ) -> JSONValue {
      [
        "change": .string(change.rawValue), "edits": .array(edits.map(\.json)),
        "comparability": since.map { .string($0.word) } ?? .null,
        "rejudge": .array((since?.rejudged ?? []).map { .string($0.rawValue) }),
      ]
    }
    return [
      "rubric": .string(rubric.rawValue), "ours": side(ourChange, ourEdits, sinceOurs),
      "theirs": side(theirChange, theirEdits, sinceTheirs),
      "conflicts": .array(conflicts.map(\.json)), "settled": .array(settled.map(\.json)),
      "notes": .array(notes.map(\.json)),
    ]
  }
}
