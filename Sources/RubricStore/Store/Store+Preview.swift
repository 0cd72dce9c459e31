extension Store {
  /// Works out what committing a meta-update would do, and commits nothing.
  ///
  /// The work tree is not looked at: a commit may be refused for changes in it all the same.
  ///
  /// - Parameters:
  ///   - update: The edits.
  ///   - branch: The branch's short name; nil for the one that is checked out.
  /// - Returns: The edits as they would be made on the branch's tip, and what they mean.
  /// - Throws: ``StoreError``, as ``commit(_:to:author:)`` does for edits that cannot be made.
  public func preview(
    _ update: MetaUpdate, on branch: String? = nil
  ) throws(StoreError) -> CommitPreview {
    let target = try self.branch(branch)
    return try inRepository { repository throws(StoreError) in
      let base = try CommitBase(repository, target, rubric: update.rubric)
      let made = try base.making(update, repository)
      // Where there is a rubric there is a commit.
      guard let tip = base.tip else {
        throw StoreError(.unborn, "`\(target.short)` has no commits")
      }
      return CommitPreview(
        made.update.edits, on: made.old.rubric, at: tip, giving: made.result)
    }
  }
}
