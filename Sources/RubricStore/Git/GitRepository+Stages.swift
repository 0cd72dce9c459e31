internal import CLibGit2

/// A path that is in conflict in the index.
package struct UnmergedEntry: Sendable {
  package var path: String
  /// The blob of the common ancestor; nil where it has none.
  package var base: ObjectID?
  package var ours: ObjectID?
  package var theirs: ObjectID?
}

extension GitRepository {
  /// Returns what is in conflict in the index, ordered by path.
  ///
  /// - Returns: The entries; none in a bare repository.
  /// - Throws: ``GitError``.
  package func unmergedEntries() throws(GitError) -> [UnmergedEntry] {
    guard workTree != nil else { return [] }
    let index = try openIndex()
    guard git_index_has_conflicts(index.pointer) == 1 else { return [] }
    let pointer = index.pointer
    let iterator = try GitHandle(
      "git_index_conflict_iterator_new", free: git_index_conflict_iterator_free
    ) {
      git_index_conflict_iterator_new(&$0, pointer)
    }
    var found: [UnmergedEntry] = []
    while true {
      var entries: [UnsafePointer<git_index_entry>?] = [nil, nil, nil]
      let code = entries.withUnsafeMutableBufferPointer { buffer in
        guard let first = buffer.baseAddress else { return GIT_ITEROVER.rawValue }
        return git_index_conflict_next(first, first + 1, first + 2, iterator.pointer)
      }
      if code == GIT_ITEROVER.rawValue { break }
      try git("git_index_conflict_next") { code }
      guard let path = entries.lazy.compactMap({ $0?.pointee.path }).first else { continue }
      let ids = entries.map { $0.map { ObjectID($0.pointee.id) } }
      found.append(
        UnmergedEntry(
          path: String(cString: path), base: ids[0], ours: ids[1], theirs: ids[2]))
    }
    return found.sorted { $0.path < $1.path }
  }
}
