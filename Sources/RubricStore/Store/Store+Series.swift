extension Store {
  /// Commits one version of a series.
  ///
  /// A version that is as the one before it is recorded as a `no_change`, so that a run's versions
  /// keep their count.
  ///
  /// - Parameters:
  ///   - step: The version; its edits are made on the branch's tip.
  ///   - rationale: Why, of the commit and of each edit.
  ///   - proposer: Who brings it.
  ///   - branch: The branch's short name; nil for the one that is checked out.
  ///   - author: Who commits; nil for git's own answer.
  /// - Returns: The commit.
  /// - Throws: ``StoreError``, as ``commit(_:to:author:)`` and
  ///   ``create(_:rationale:proposer:to:author:isFromWorkTree:)`` do.
  @discardableResult
  public func commit(
    _ step: Series.Step, rationale: String, proposer: MetaUpdate.Proposer, to branch: String? = nil,
    author: Identity? = nil
  ) throws(StoreError) -> CommitOutcome {
    guard let edits = step.edits else {
      return try create(
        step.text, rationale: rationale, proposer: proposer, to: branch, author: author)
    }
    let changes = edits.isEmpty ? [.noChange] : edits.map(\.change)
    return try commit(
      MetaUpdate(
        rubric: step.rubric.id, edits: changes.map { Edit($0, rationale: rationale) },
        rationale: rationale, proposer: proposer), to: branch, author: author)
  }

  /// Returns every id that a criterion of a rubric has had.
  ///
  /// - Parameters:
  ///   - rubric: The rubric.
  ///   - revision: Where its history ends.
  /// - Returns: The ids of the version there, and of all before it that their commits tell of.
  /// - Throws: ``StoreError``.
  /// - Complexity: One log.
  public func criterionIDs(
    everIn rubric: RubricID, at revision: String = "HEAD"
  ) throws(StoreError) -> Set<CriterionID> {
    var ids = Set(try pull(rubric, at: revision).rubric.criteria.flattened.map(\.id))
    var created: [ObjectID] = []
    try log(from: revision, LogFilter(rubric: rubric)) { entry in
      if entry.kind == .created { created.append(entry.commit) }
      for edit in entry.edits {
        let extent = edit.change.extent
        ids.formUnion(extent.added)
        ids.formUnion(extent.removed)
      }
      return true
    }
    for commit in created {
      ids.formUnion(try pull(rubric, commit: commit).rubric.criteria.flattened.map(\.id))
    }
    return ids
  }
}
