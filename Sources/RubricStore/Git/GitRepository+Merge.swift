internal import CLibGit2

extension GitRepository {
  /// Merges the files of two commits line by line, as git does, bases that are merges included.
  ///
  /// - Parameters:
  ///   - ours: A commit.
  ///   - theirs: A commit.
  ///   - isLeftOut: Which files are merged elsewhere; of those in conflict the tree has one side's,
  ///     for its mode.
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
    let pointer = index.pointer
    var conflicts: [String] = []
    for conflict in try Self.conflicts(of: pointer) {
      for path in conflict.paths {
        try git("git_index_conflict_remove") { git_index_conflict_remove(pointer, path) }
      }
      guard conflict.paths.allSatisfy(isLeftOut), let side = conflict.side, let path = conflict.path
      else {
        conflicts += conflict.paths
        continue
      }
      var entry = git_index_entry()
      entry.id = side.id.oid
      entry.mode = conflict.mode
      try git("git_index_add") {
        path.withCString { name in
          entry.path = name
          return git_index_add(pointer, &entry)
        }
      }
    }
    var oid = git_oid()
    try git("git_index_write_tree_to") { git_index_write_tree_to(&oid, pointer, handle) }
    return (ObjectID(oid), conflicts.sorted())
  }

  /// What one of the three versions has at a path in conflict.
  private struct Stage {
    var path: String
    var id: ObjectID
    var mode: UInt32

    init?(_ entry: UnsafePointer<git_index_entry>?) {
      guard let entry, let path = entry.pointee.path else { return nil }
      self.path = String(cString: path)
      id = ObjectID(entry.pointee.id)
      mode = entry.pointee.mode
    }
  }

  private struct Conflict {
    var base: Stage?
    var ours: Stage?
    var theirs: Stage?

    var paths: Set<String> { Set([base, ours, theirs].compactMap { $0?.path }) }
    var path: String? { side?.path }
    var side: Stage? { ours ?? theirs }
    /// The mode that one side changed, or else ours.
    var mode: UInt32 {
      guard let ours, let theirs else { return side?.mode ?? 0 }
      return ours.mode == base?.mode ? theirs.mode : ours.mode
    }
  }

  private static func conflicts(of index: OpaquePointer) throws(GitError) -> [Conflict] {
    guard git_index_has_conflicts(index) == 1 else { return [] }
    let iterator = try GitHandle(
      "git_index_conflict_iterator_new", free: git_index_conflict_iterator_free
    ) {
      git_index_conflict_iterator_new(&$0, index)
    }
    var conflicts: [Conflict] = []
    while true {
      var entries: [UnsafePointer<git_index_entry>?] = [nil, nil, nil]
      let code = entries.withUnsafeMutableBufferPointer { buffer in
        guard let first = buffer.baseAddress else { return GIT_ITEROVER.rawValue }
        return git_index_conflict_next(first, first + 1, first + 2, iterator.pointer)
      }
      if code == GIT_ITEROVER.rawValue { return conflicts }
      try git("git_index_conflict_next") { code }
      // Copied: what the entries point to goes when the conflict is removed.
      conflicts.append(
        Conflict(base: Stage(entries[0]), ours: Stage(entries[1]), theirs: Stage(entries[2])))
    }
  }
}
