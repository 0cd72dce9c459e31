internal import CLibGit2

extension GitRepository {
  /// Makes a branch the one that is checked out, with its files in the work tree.
  ///
  /// Local changes to files that the two commits have in common stay. A bare repository has HEAD
  /// moved only. The files are written first and HEAD is moved last; a branch that another process
  /// moves in between shows the difference as local changes.
  ///
  /// - Parameters:
  ///   - branch: The branch, which must have a commit.
  ///   - identity: Who HEAD's reflog names.
  /// - Throws: ``GitError`` with code `conflict` and the `paths` that would be overwritten, or if an
  ///   operation such as a merge is in progress; `notFound` if there is no such branch; `modified` if
  ///   HEAD was moved meanwhile.
  package func switchBranch(
    to branch: ReferenceName, by identity: GitSignature
  ) throws(GitError) {
    guard branch.isBranch else {
      throw .invalid("git_checkout_tree", "`\(branch)` is not a branch")
    }
    guard let target = try follow(branch).object else {
      throw GitError(
        .notFound, operation: "git_reference_lookup",
        message: "there is no branch `\(branch.short)`")
    }
    let head = try head()
    if !isBare {
      guard try !isOperationInProgress() else {
        throw GitError(
          .conflict, operation: "git_checkout_tree",
          message: "a merge, rebase or the like is in progress; finish it with git first")
      }
      try checkOut(target, from: head.commit)
    }
    try setHead(to: branch, expecting: head, by: identity)
  }

  /// Whether a merge, a rebase, a bisection or the like waits to be finished.
  package func isOperationInProgress() throws(GitError) -> Bool {
    try git("git_repository_state") { git_repository_state(handle) }
      != GIT_REPOSITORY_STATE_NONE.rawValue
  }

  /// Brings the work tree and the index from one commit to another; HEAD stays as it is.
  ///
  /// - Parameters:
  ///   - target: The commit whose files are wanted.
  ///   - base: The commit whose files are there; nil where there is none yet.
  ///   - isTrial: Whether to look only, and to throw what would be thrown.
  /// - Throws: ``GitError`` with code `conflict` and the `paths` that would be overwritten.
  package func checkOut(
    _ target: ObjectID, from base: ObjectID?, isTrial: Bool = false
  ) throws(GitError) {
    try checkOut(tree: try commit(target).tree, from: base, isTrial: isTrial)
  }

  /// As ``checkOut(_:from:isTrial:)``, for a tree that need not be that of a commit.
  package func checkOut(
    tree: ObjectID, from base: ObjectID?, isTrial: Bool = false
  ) throws(GitError) {
    let targetTree = try openTree(tree)
    try refuseToLoseStaged(base: base, target: targetTree)
    let conflicts = PathList()
    var options = git_checkout_options()
    try git("git_checkout_options_init") {
      git_checkout_options_init(&options, CUnsignedInt(GIT_CHECKOUT_OPTIONS_VERSION))
    }
    options.checkout_strategy =
      GIT_CHECKOUT_SAFE.rawValue | (isTrial ? GIT_CHECKOUT_DRY_RUN.rawValue : 0)
    // What HEAD names may be the target already.
    var baseID = tree
    if let base { baseID = try commit(base).tree }
    let baseTree = try openTree(baseID)
    options.baseline = base == nil ? nil : baseTree.pointer
    options.notify_flags = GIT_CHECKOUT_NOTIFY_CONFLICT.rawValue
    options.notify_payload = Unmanaged.passUnretained(conflicts).toOpaque()
    options.notify_cb = { _, path, _, _, _, payload in
      guard let path, let payload else { return 0 }
      Unmanaged<PathList>.fromOpaque(payload).takeUnretainedValue().add(String(cString: path))
      return 0
    }
    do throws(GitError) {
      try git("git_checkout_tree") {
        withExtendedLifetime(conflicts) {
          withExtendedLifetime(baseTree) {
            git_checkout_tree(handle, targetTree.pointer, &options)
          }
        }
      }
    } catch {
      guard error.code == .conflict else { throw error }
      throw Self.wouldOverwrite(conflicts.paths)
    }
  }

  /// Throws if a staged change is of a file that differs between the two commits.
  ///
  /// libgit2's checkout compares the target with the work tree and not with the index, so it would
  /// drop a change that is staged only.
  private func refuseToLoseStaged(
    base: ObjectID?, target: borrowing GitHandle
  ) throws(GitError) {
    let index = try openIndex()
    let handle = handle
    let targetPointer = target.pointer
    guard let base else {
      // Without a commit everything in the index is staged.
      let count = git_index_entrycount(index.pointer)
      guard count > 0 else { return }
      let paths = (0..<count).compactMap { position in
        git_index_get_byindex(index.pointer, position).map { String(cString: $0.pointee.path) }
      }
      throw Self.wouldOverwrite(paths)
    }
    let baseTree = try openTree(try commit(base).tree)
    let basePointer = baseTree.pointer
    let indexPointer = index.pointer
    let staged = try Self.paths(
      of: try GitHandle("git_diff_tree_to_index", free: git_diff_free) {
        git_diff_tree_to_index(&$0, handle, basePointer, indexPointer, nil)
      })
    guard !staged.isEmpty else { return }
    let changed = try Self.paths(
      of: try GitHandle("git_diff_tree_to_tree", free: git_diff_free) {
        git_diff_tree_to_tree(&$0, handle, basePointer, targetPointer, nil)
      })
    let lost = staged.intersection(changed)
    guard lost.isEmpty else {
      throw Self.wouldOverwrite(lost.map { String(decoding: $0, as: UTF8.self) })
    }
  }

  /// The bytes of the paths in a diff, old and new.
  private static func paths(of diff: consuming GitHandle) throws(GitError) -> Set<[UInt8]> {
    var paths: Set<[UInt8]> = []
    for position in 0..<git_diff_num_deltas(diff.pointer) {
      guard let delta = git_diff_get_delta(diff.pointer, position) else { continue }
      for path in [delta.pointee.old_file.path, delta.pointee.new_file.path] {
        if let path { paths.insert(Array(String(cString: path).utf8)) }
      }
    }
    return paths
  }

  private static func wouldOverwrite(_ paths: [String]) -> GitError {
    let shown = Array(paths.sorted().prefix(GitLimits.conflicts))
    return GitError(
      .conflict, operation: "git_checkout_tree",
      message: "local changes would be overwritten: " + shown.prefix(10).joined(separator: ", ")
        + (shown.count > 10 ? " and others" : ""), paths: shown)
  }
}

/// Collects paths in a callback, which cannot throw.
private final class PathList {
  private(set) var paths: [String] = []

  func add(_ path: String) {
    if paths.count < GitLimits.conflicts { paths.append(path) }
  }
}
