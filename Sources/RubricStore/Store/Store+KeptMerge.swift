extension Store {
  /// Returns the merge into a branch that waits to be finished, with the conflicts that are open now.
  ///
  /// - Parameter branch: The branch's short name; nil for the one that is checked out.
  /// - Returns: Nil where there is none.
  /// - Throws: ``StoreError``.
  public func keptMerge(into branch: String? = nil) throws(StoreError) -> KeptMerge? {
    let target = try self.branch(branch)
    return try inRepository { repository throws(StoreError) in
      guard var kept = try repository.keptMerge(target) else { return nil }
      let merge = try BranchMerge(
        repository, target, kept.revision, kept.theirs, kept.options(author: nil))
      kept.conflicts = merge.report.conflicts
      kept.ours = merge.report.ours
      return kept
    }
  }

  /// Settles conflicts of a kept merge.
  ///
  /// - Parameters:
  ///   - settlements: How; one of a place that was settled before replaces that.
  ///   - branch: The branch's short name; nil for the one that is checked out.
  /// - Returns: The kept merge with what is still open.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/notFound`` where no merge is kept,
  ///   ``StoreError/Code/unfitSettlement`` or ``StoreError/Code/nothingToSettle``.
  @discardableResult
  public func settle(
    _ settlements: Settlements, into branch: String? = nil
  ) throws(StoreError) -> KeptMerge {
    let target = try self.branch(branch)
    return try retrying { _ throws(StoreError) in
      try self.inRepository { repository throws(StoreError) in
        guard var kept = try repository.keptMerge(target) else { throw Self.nothingKept(target) }
        let named = Set(settlements.places.map(\.place))
        kept.settlements.places.removeAll { old in
          named.contains(old.place) || named.contains { old.place.hasSuffix("/\($0)") }
        }
        kept.settlements.places += settlements.places
        if !settlements.all.isEmpty { kept.settlements.all = settlements.all }
        var options = kept.options(author: nil)
        options.requiredPlaces = named
        let merge = try BranchMerge(repository, target, kept.revision, kept.theirs, options)
        kept.conflicts = merge.report.conflicts
        kept.ours = merge.report.ours
        kept.commit = try kept.store(repository, author: nil, expecting: kept.commit)
        return kept
      }
    }
  }

  /// Finishes a kept merge on the branch's tip as it is now.
  ///
  /// - Parameters:
  ///   - branch: The branch's short name; nil for the one that is checked out.
  ///   - rationale: Why, as a whole; nil for what was given when the merge began.
  ///   - author: Who commits; nil for git's own answer.
  /// - Returns: What was done. Where conflicts are open nothing is, and the merge stays.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/notFound`` where no merge is kept.
  public func continueMerge(
    into branch: String? = nil, rationale: String? = nil, author: Identity? = nil
  ) throws(StoreError) -> MergeReport {
    let target = try self.branch(branch)
    return try retrying { retries throws(StoreError) in
      try self.inRepository { repository throws(StoreError) in
        guard var kept = try repository.keptMerge(target), let commit = kept.commit else {
          throw Self.nothingKept(target)
        }
        if let rationale { kept.rationale = rationale }
        var merge = try BranchMerge(
          repository, target, kept.revision, kept.theirs, kept.options(author: author))
        merge.report.retries = retries
        var report = try merge.finish(repository)
        report.isKept = report.kind == .conflicts
        // Last: a merge that was interrupted here is up to date when it is continued.
        if !report.isKept {
          do throws(StoreError) {
            try repository.dropKeptMerge(target, commit)
          } catch {
            // Somebody else has ended it, or begun another.
            guard error.code == .contended else { throw error }
          }
        }
        return report
      }
    }
  }

  /// Drops a kept merge; the branch stays as it is.
  ///
  /// - Parameter branch: The branch's short name; nil for the one that is checked out.
  /// - Returns: The commit that held it, which stays readable until git collects garbage.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/notFound`` where no merge is kept.
  @discardableResult
  public func abortMerge(into branch: String? = nil) throws(StoreError) -> ObjectID {
    let target = try self.branch(branch)
    return try inRepository { repository throws(StoreError) in
      let name = try KeptMerge.reference(target)
      // Not read: also what cannot be read can be dropped.
      let found = try inGit { () throws(GitError) in try repository.reference(name)?.target }
      guard case .object(let commit)? = found else { throw Self.nothingKept(target) }
      try repository.dropKeptMerge(target, commit)
      return commit
    }
  }

  private static func nothingKept(_ branch: ReferenceName) -> StoreError {
    StoreError(
      .notFound, "no merge into `\(branch.short)` is kept",
      hint: "`rubricctl merge BRANCH --keep` begins one")
  }
}

extension GitRepository {
  fileprivate borrowing func dropKeptMerge(
    _ branch: ReferenceName, _ commit: ObjectID
  ) throws(StoreError) {
    let name = try KeptMerge.reference(branch)
    try inGit { () throws(GitError) in try deleteReference(name, expecting: commit) }
  }

  /// Drops the kept merge into a branch that is deleted.
  borrowing func endKeptMerge(of branch: String, isForced: Bool) throws(StoreError) {
    let target = try inGit { () throws(GitError) in try ReferenceName.branch(branch) }
    let name = try KeptMerge.reference(target)
    let found = try inGit { () throws(GitError) in try reference(name)?.target }
    guard case .object(let commit)? = found else { return }
    guard isForced else {
      throw StoreError(
        .refused, "a merge into `\(branch)` is not finished",
        hint: "`rubricctl merge --abort --into \(branch)` drops it, or delete the branch with -D")
    }
    try dropKeptMerge(target, commit)
  }
}
