extension Store {
  /// Makes edits of another commit again on the tip of a branch, as one commit that says so.
  ///
  /// - Parameters:
  ///   - commit: The commit, or some of its edits: `3f9c2ab`, `3f9c2ab:2`, `3f9c2ab:1,3-4`,
  ///     `3f9c2ab:flow`.
  ///   - rationale: Why; nil for the original's words.
  ///   - branch: The branch's short name; nil for the one that is checked out.
  ///   - author: Who commits; nil for git's own answer.
  /// - Returns: The commit, and what was not quite as in the original.
  /// - Throws: ``StoreError``, as ``transplant(_:to:author:)`` does.
  @discardableResult
  public func cherryPick(
    _ commit: String, rationale: String? = nil, to branch: String? = nil, author: Identity? = nil
  ) throws(StoreError) -> TransplantOutcome {
    let selection = try EditSelection(parsing: commit)
    return try transplant(
      Transplant(.picked, selection, rationale: rationale), to: branch, author: author)
  }

  /// Undoes edits of a commit on the tip of a branch, also where later commits changed other fields.
  ///
  /// - Parameters:
  ///   - commit: The commit, or some of its edits, as for ``cherryPick(_:rationale:to:author:)``.
  ///   - rationale: Why; nil for a sentence that names the commit.
  ///   - branch: The branch's short name; nil for the one that is checked out.
  ///   - author: Who commits; nil for git's own answer.
  /// - Returns: The commit, and what was not quite as it was before.
  /// - Throws: ``StoreError``, as ``transplant(_:to:author:)`` does.
  @discardableResult
  public func revert(
    _ commit: String, rationale: String? = nil, to branch: String? = nil, author: Identity? = nil
  ) throws(StoreError) -> TransplantOutcome {
    let selection = try EditSelection(parsing: commit)
    return try transplant(
      Transplant(.reverts, selection, rationale: rationale), to: branch, author: author)
  }
}
