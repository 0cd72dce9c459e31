extension LogEntry {
  /// The entry as JSON, as a line of `rubricctl log --json` has it; what is not known is null.
  public var json: JSONValue {
    [
      "commit": .string(commit.hex), "parents": .array(parents.map { .string($0.hex) }),
      "author": .string("\(author.name) <\(author.email)>"), "date": .string(author.date),
      "subject": .string(subject), "rubric": .string(rubric.rawValue),
      "kind": .string(kind.rawValue), "edits": .array(edits.map(\.json)),
      "proposer": ["author": .string(proposer.author.rawValue), "name": .string(proposer.name)],
      "comparability": comparability.map { .string($0.word) } ?? .null,
      "rejudge": .array((comparability?.rejudged ?? []).map { .string($0.rawValue) }),
      "settled": .array(settled.map(\.json)), "recorded": .bool(isRecorded),
      "problem": problem.map { .string($0) } ?? .null,
      "source": source?.json ?? .null,
      "provenance": provenance.isEmpty ? .null : .object(provenance),
    ]
  }
}

extension Identity {
  /// The date by RFC 3339, in the author's time zone; 1970 for one without a time.
  package var date: String { Timestamp.text(seconds ?? 0, offsetMinutes: offsetMinutes ?? 0) }
}
