/// How two versions of a rubric differ, and what that means for scores.
public struct RubricDifference: Sendable {
  /// The rubric, by the id of the newer version.
  public var rubric: RubricID
  /// The commit of the older version, or the name of what it was read from; nil for the work tree.
  public var from: String?
  /// That of the newer version.
  public var to: String?
  /// The edits that lead from the older version to the newer.
  public var edits: [Edit]
  /// What going from the one to the other means for scores.
  public var comparability: Comparability

  /// Compares two versions.
  ///
  /// - Parameters:
  ///   - old: The older version.
  ///   - new: The newer version.
  ///   - from: The commit of the older version; nil for the work tree.
  ///   - to: The commit of the newer version; nil for the work tree.
  /// - Throws: ``EditError``, as ``Rubric/edits(to:)`` does.
  public init(
    _ old: Rubric, _ new: Rubric, from: String? = nil, to: String? = nil
  ) throws(EditError) {
    edits = try old.edits(to: new)
    comparability = old.comparability(to: new)
    rubric = new.id
    self.from = from
    self.to = to
  }

  /// The difference as JSON, as `rubricctl diff --json` prints it.
  public var json: JSONValue {
    [
      "rubric": .string(rubric.rawValue), "from": from.map { .string($0) } ?? .null,
      "to": to.map { .string($0) } ?? .null, "comparability": .string(comparability.word),
      "rejudge": .array(comparability.rejudged.map { .string($0.rawValue) }),
      "edits": .array(edits.map(\.json)),
    ]
  }
}
