extension Store {
  /// The error with the commit of the branch that changed what the edit is about, where one is found.
  func naming(
    _ error: StoreError, _ origin: CommitOrigin, _ transplant: Transplant, on branch: ReferenceName
  ) throws(StoreError) -> StoreError {
    guard let cause = error.editError, let index = cause.index,
      origin.edits.indices.contains(index),
      [.beforeMismatch, .unknownCriterion, .unknownItem, .duplicateID].contains(cause.code)
    else { return error }
    let change = origin.edits[index].change
    let tip = try withGit { repository throws(GitError) in
      try repository.follow(branch).object
    }
    guard let tip else { return error }
    // What cannot be told is no reason to hide the clash.
    var candidates: [LogEntry] = []
    try? log(from: tip.hex, LogFilter(rubric: origin.rubric)) { entry in
      if entry.commit == origin.commit { return false }
      if entry.edits.contains(where: { $0.change.meets(change) }) { candidates.append(entry) }
      return candidates.count < Self.candidates
    }
    let isLater = { (entry: LogEntry) throws(StoreError) -> Bool in
      try self.withGit { repository throws(GitError) in
        switch transplant.kind {
        case .reverts: try repository.isAncestor(origin.commit, of: entry.commit)
        case .picked: try !repository.isAncestor(entry.commit, of: origin.commit)
        }
      }
    }
    var later: LogEntry?
    for entry in candidates where later == nil {
      if try isLater(entry) { later = entry }
    }
    guard let found = later else { return error }
    var error = error
    error.message +=
      "; \(found.commit.prefix(12)) (\(found.subject)) changed it "
      + (transplant.kind == .reverts ? "later" : "on `\(branch.short)`")
    if transplant.kind == .reverts, cause.code == .beforeMismatch {
      error.hint = "revert \(found.commit.prefix(12)) first, or make the edit by hand"
    }
    return error
  }

  /// The most commits that are looked at for the one that an edit clashes with.
  private static let candidates = 100
}

extension Edit.Change {
  /// Whether both changes are about the same field, or one of them brings or takes away what the other
  /// is about.
  fileprivate func meets(_ other: Edit.Change) -> Bool {
    let (left, right) = (extent, other.extent)
    let (leftIDs, rightIDs) = (
      Set(left.added + left.removed), Set(right.added + right.removed)
    )
    return left.fields.contains { field in
      right.fields.contains(field) || field.criterion.map(rightIDs.contains) ?? false
    } || right.fields.contains { $0.criterion.map(leftIDs.contains) ?? false }
      || !leftIDs.isDisjoint(with: rightIDs)
  }
}
