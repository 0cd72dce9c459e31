internal import CLibGit2

extension GitRepository {
  /// Merges the files of two commits line by line, as git does, bases that are merges included.
  ///
  /// - Parameters:
  ///   - ours: A commit.
  ///   - theirs: A commit.
  ///   - isLeftOut: Which paths are merged elsewhere; what git makes of them is not to be used.
  /// - Returns: The merged tree, and the other paths that are in conflict, which it then lacks.
  /// - Throws: ``GitError``.
  package func mergeFiles(
    _ ours: ObjectID, _ theirs: ObjectID, leavingOut isLeftOut: (String) -> Bool
  ) throws(GitError) -> (tree: ObjectID, conflicts: [String]) {
    let left = try openCommit(ours)
    let right = try openCommit(theirs)
    var options = git_merge_options()
    try git("git_merge_options_init") {
      git_merge_options_init(&options, CUnsignedInt(GIT_MERGE_OPTIONS_VERSION))
    }
    // A file that looks like another is not that file.
    options.flags = 0
    let handle = handle
    let (leftPointer, rightPointer) = (left.pointer, right.pointer)
    let index = try GitHandle("git_merge_commits", free: git_index_free) {
      git_merge_commits(&$0, handle, leftPointer, rightPointer, &options)
    }
    var conflicts: [String] = []
    for path in try Self.conflictedPaths(of: index.pointer) {
      let pointer = index.pointer
      try git("git_index_conflict_remove") { git_index_conflict_remove(pointer, path) }
      if !isLeftOut(path) { conflicts.append(path) }
    }
    var oid = git_oid()
    let pointer = index.pointer
    try git("git_index_write_tree_to") { git_index_write_tree_to(&oid, pointer, handle) }
    return (ObjectID(oid), conflicts.sorted())
  }

  private static func conflictedPaths(of index: OpaquePointer) throws(GitError) -> Set<String> {
    guard git_index_has_conflicts(index) == 1 else { return [] }
    let iterator = try GitHandle(
      "git_index_conflict_iterator_new", free: git_index_conflict_iterator_free
    ) {
      git_index_conflict_iterator_new(&$0, index)
    }
    var paths: Set<String> = []
    while true {
      var entries: [UnsafePointer<git_index_entry>?] = [nil, nil, nil]
      let code = entries.withUnsafeMutableBufferPointer { buffer in
        guard let first = buffer.baseAddress else { return GIT_ITEROVER.rawValue }
        return git_index_conflict_next(first, first + 1, first + 2, iterator.pointer)
      }
      if code == GIT_ITEROVER.rawValue { return paths }
      try git("git_index_conflict_next") { code }
      for entry in entries {
        if let path = entry?.pointee.path { paths.insert(String(cString: path)) }
      }
    }
  }
}
