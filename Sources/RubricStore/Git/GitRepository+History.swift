internal import CLibGit2

extension GitRepository {
  /// Starts a walk from some commits to their ancestors, in the order of `git log`.
  ///
  /// The newest commit by the committer's clock comes first; of equally new ones the one that was
  /// reached first. So a commit of a linear history always comes before its parent; where histories
  /// meet, a clock that was wrong can bring a parent before one of its children, as in git. libgit2's
  /// own walk is not used: sorting it reads the whole history first.
  ///
  /// - Parameters:
  ///   - tips: The commits to start from.
  ///   - firstParent: Whether only first parents are followed.
  /// - Returns: A cursor for ``next(_:)``.
  /// - Throws: ``GitError`` if a tip is not a commit.
  package func history(
    from tips: [ObjectID], firstParent: Bool = false
  ) throws(GitError) -> HistoryCursor {
    var cursor = HistoryCursor(firstParent: firstParent)
    for tip in tips { try cursor.add(tip, in: self) }
    return cursor
  }

  /// Returns the next commit of a walk, or nil at its end.
  ///
  /// - Parameter cursor: The walk.
  /// - Returns: A commit, each once.
  /// - Throws: ``GitError`` with code `notFound` or `corrupt` if a parent cannot be read, after all
  ///   commits that can. The cut of a shallow clone is an end and not an error.
  package func next(_ cursor: inout HistoryCursor) throws(GitError) -> CommitRecord? {
    try cursor.next(in: self)
  }

  /// Returns the commits that some commits reach and others do not, children before parents.
  ///
  /// - Parameters:
  ///   - tips: The commits whose history is wanted.
  ///   - hidden: The commits whose history is left out.
  ///   - limit: The most ids that are returned.
  /// - Returns: The newest `limit` ids.
  /// - Throws: ``GitError``.
  /// - Complexity: Linear in the histories down to a day before the oldest commit that is returned.
  package func commits(
    reachableFrom tips: [ObjectID], notFrom hidden: [ObjectID], limit: Int
  ) throws(GitError) -> [ObjectID] {
    var difference = CommitDifference()
    let ids = try difference.find(from: tips, notFrom: hidden, in: self)
    return Array(ids.prefix(max(0, limit)))
  }

  /// Returns the best common ancestors of two commits, the one that git calls the merge base first.
  ///
  /// - Parameters:
  ///   - left: A commit.
  ///   - right: A commit.
  /// - Returns: More than one after a criss-cross merge; none of unrelated histories.
  /// - Throws: ``GitError``.
  package func mergeBases(_ left: ObjectID, _ right: ObjectID) throws(GitError) -> [ObjectID] {
    try check(left, is: .commit, limit: .max)
    try check(right, is: .commit, limit: .max)
    var leftOID = left.oid
    var rightOID = right.oid
    var array = git_oidarray()
    defer { git_oidarray_dispose(&array) }
    do throws(GitError) {
      try git("git_merge_bases") { git_merge_bases(&array, handle, &leftOID, &rightOID) }
    } catch {
      if error.code == .notFound { return [] }
      throw error
    }
    return UnsafeBufferPointer(start: array.ids, count: array.count).map { ObjectID($0) }
  }

  /// Returns the merge base of two commits, or nil of unrelated histories.
  package func mergeBase(_ left: ObjectID, _ right: ObjectID) throws(GitError) -> ObjectID? {
    try mergeBases(left, right).first
  }

  /// Returns how many commits each of two has that the other has not.
  ///
  /// - Parameters:
  ///   - local: A commit.
  ///   - upstream: A commit.
  /// - Returns: The commits only in `local`, and those only in `upstream`.
  /// - Throws: ``GitError``.
  package func aheadBehind(
    local: ObjectID, upstream: ObjectID
  ) throws(GitError) -> (ahead: Int, behind: Int) {
    // libgit2's count takes commits of both sides for one side's where clocks went backwards.
    let ahead = try commits(reachableFrom: [local], notFrom: [upstream], limit: .max)
    let behind = try commits(reachableFrom: [upstream], notFrom: [local], limit: .max)
    return (ahead.count, behind.count)
  }

  /// Returns whether a commit is another's ancestor, or that commit itself.
  package func isAncestor(_ ancestor: ObjectID, of commit: ObjectID) throws(GitError) -> Bool {
    try check(ancestor, is: .commit, limit: .max)
    try check(commit, is: .commit, limit: .max)
    // libgit2 does not take a commit for its own descendant.
    if ancestor == commit { return true }
    var commitOID = commit.oid
    var ancestorOID = ancestor.oid
    return try git("git_graph_descendant_of") {
      git_graph_descendant_of(handle, &commitOID, &ancestorOID)
    } == 1
  }
}
