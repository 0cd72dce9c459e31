internal import CLibGit2

/// An open repository.
///
/// libgit2 lets one thread at a time use it, so it is held in a `Mutex`. What its methods take and
/// return are values; no libgit2 object outlives the call that made it.
///
/// `@unchecked Sendable`, for the compiler cannot see into the pointer: libgit2 allows a repository to
/// go from thread to thread as long as one at a time uses it, the value cannot be copied, and its only
/// owner holds it behind a lock. Without it the lock could not lend it to a closure.
package struct GitRepository: ~Copyable, @unchecked Sendable {
  let handle: OpaquePointer
  /// The folder of HEAD and the index, absolute, with a slash at its end.
  package let gitFolder: String
  /// The folder of objects and references: another one than `gitFolder` in a linked work tree.
  package let commonFolder: String
  /// The work tree, absolute, with a slash at its end; nil in a bare repository.
  package let workTree: String?
  /// Whether the history ends where a shallow clone was cut off.
  package let isShallow: Bool

  /// Whether it was not there before.
  package let wasCreated: Bool

  var objectFolder: String { commonFolder + "objects" }

  package var isBare: Bool { workTree == nil }

  /// Takes `handle` over.
  init(owning handle: OpaquePointer, wasCreated: Bool = false) {
    self.handle = handle
    self.wasCreated = wasCreated
    gitFolder = git_repository_path(handle).map { String(cString: $0) } ?? ""
    commonFolder = git_repository_commondir(handle).map { String(cString: $0) } ?? ""
    workTree = git_repository_workdir(handle).map { String(cString: $0) }
    isShallow = git_repository_is_shallow(handle) == 1
  }

  deinit { git_repository_free(handle) }

  /// The object database, which is shared with the repository and cheap to ask for.
  func objectDatabase() throws(GitError) -> GitHandle {
    let handle = handle
    return try GitHandle("git_repository_odb", free: git_odb_free) {
      git_repository_odb(&$0, handle)
    }
  }

  /// Throws unless there is a work tree.
  func requireWorkTree(_ operation: String) throws(GitError) -> String {
    guard let workTree else {
      throw GitError(
        .bare, operation: operation, message: "the repository \(gitFolder) has no work tree")
    }
    return workTree
  }
}
