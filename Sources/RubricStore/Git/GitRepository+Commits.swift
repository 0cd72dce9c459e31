internal import CLibGit2

extension GitRepository {
  /// Returns what a commit holds.
  ///
  /// - Parameter id: A commit's id; a tag's is refused.
  /// - Returns: The commit.
  /// - Throws: ``GitError`` with code `notFound`, `wrongKind`, `tooLarge` or `corrupt`.
  package func commit(_ id: ObjectID) throws(GitError) -> CommitRecord {
    let commit = try openCommit(id)
    return CommitRecord(id, commit.pointer)
  }

  /// A commit's parents, and its committer's time.
  func links(of id: ObjectID) throws(GitError) -> (parents: [ObjectID], seconds: Int64) {
    let commit = try openCommit(id)
    return (CommitRecord.parents(of: commit.pointer), git_commit_time(commit.pointer))
  }

  func openCommit(_ id: ObjectID) throws(GitError) -> GitHandle {
    try check(id, is: .commit, limit: GitLimits.commitBytes)
    let handle = handle
    var oid = id.oid
    do throws(GitError) {
      return try GitHandle("git_commit_lookup", free: git_commit_free) {
        git_commit_lookup(&$0, handle, &oid)
      }
    } catch {
      throw Self.unreadable(id, error)
    }
  }

  /// Stores a commit; no reference moves.
  ///
  /// - Parameters:
  ///   - tree: The root tree, which must be there.
  ///   - parents: The parents in order, which must be there.
  ///   - author: Who made the change.
  ///   - committer: Who stores it.
  ///   - message: The message, stored as it is; it may hold anything but NUL.
  /// - Returns: The commit's id.
  /// - Throws: ``GitError`` with code `invalid` if a signature or the message cannot be stored,
  ///   `notFound` or `wrongKind` if the tree or a parent is not one.
  package func writeCommit(
    tree: ObjectID, parents: [ObjectID], author: GitSignature, committer: GitSignature,
    message: String
  ) throws(GitError) -> ObjectID {
    guard !message.holdsNUL else {
      throw .invalid("git_commit_create_from_ids", "the commit message holds a NUL")
    }
    try check(tree, is: .tree, limit: .max)
    for parent in parents { try check(parent, is: .commit, limit: .max) }
    let author = try author.handle()
    let committer = try committer.handle()
    var oid = git_oid()
    var treeOID = tree.oid
    let parentOIDs = parents.map(\.oid)
    // Never an `update_ref`: libgit2 lets two processes create one branch.
    try Self.writingObject("git_commit_create_from_ids") {
      parentOIDs.withUnsafeBufferPointer { buffer in
        var pointers: [UnsafePointer<git_oid>?] = buffer.indices.map { index in
          buffer.baseAddress.map { $0 + index }
        }
        return pointers.withUnsafeMutableBufferPointer {
          git_commit_create_from_ids(
            &oid, handle, nil, author.pointer, committer.pointer, nil, message, &treeOID, $0.count,
            $0.baseAddress)
        }
      }
    }
    return ObjectID(oid)
  }
}
