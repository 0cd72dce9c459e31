/// What committing a meta-update would do.
public struct CommitPreview: Sendable {
  /// The commit that they would be made on.
  public var parent: ObjectID
  /// The rubric.
  public var rubric: RubricID
  /// The edits.
  public var edits: [Edit]
  /// What they mean for scores.
  public var comparability: Comparability

  /// Creates a preview.
  ///
  /// - Parameters:
  ///   - edits: The edits.
  ///   - rubric: What they would be made on.
  ///   - parent: The commit that holds it.
  ///   - result: What they would make of it.
  public init(_ edits: [Edit], on rubric: Rubric, at parent: ObjectID, giving result: Rubric) {
    self.parent = parent
    self.rubric = rubric.id
    self.edits = edits
    comparability = rubric.comparability(to: result)
  }

  /// The preview as JSON, as `rubricctl apply --dry-run --json` prints it: `commit` is null.
  public var json: JSONValue {
    [
      "commit": .null, "parent": .string(parent.hex), "rubric": .string(rubric.rawValue),
      "edits": .array(edits.map(\.json)), "comparability": .string(comparability.word),
      "rejudge": .array(comparability.rejudged.map { .string($0.rawValue) }),
    ]
  }
}
