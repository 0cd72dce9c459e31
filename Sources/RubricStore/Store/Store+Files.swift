extension Store {
  /// Reads a file that lies beside the rubrics, as a commit holds it.
  ///
  /// - Parameters:
  ///   - path: A path from the root: `.rubric/policy.yaml`.
  ///   - commit: The commit.
  /// - Returns: The bytes as they are stored; nil where the commit has nothing at the path.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/invalidName`` for what is no path,
  ///   ``StoreError/Code/notFound`` where there is no such commit, ``StoreError/Code/tooLarge`` above
  ///   ``Limits/textBytes``, and for a folder, a link or a submodule: links are not followed.
  package func file(_ path: String, at commit: ObjectID) throws(StoreError) -> [UInt8]? {
    try withGit { repository throws(GitError) in
      let path = try RepositoryPath(path)
      let tree = try repository.commit(commit).tree
      guard let entry = try repository.entry(at: path, inTree: tree) else { return nil }
      guard entry.isFile else {
        throw GitError(
          .wrongKind, operation: "git_tree_entry_bypath",
          message: "`\(path)` is a folder at \(commit.prefix(12)), expected a file")
      }
      return try repository.readBlob(entry.id, limit: Limits.textBytes)
    }
  }

  /// Returns the names of the files in a folder of a commit, ordered by their bytes.
  ///
  /// - Parameters:
  ///   - folder: A path from the root: `.rubric/templates`.
  ///   - commit: The commit.
  /// - Returns: Names without the folder; none where there is no such folder. Folders, links,
  ///   submodules and names that are not UTF-8 are passed over.
  /// - Throws: ``StoreError``, as ``file(_:at:)`` does.
  package func files(
    inFolder folder: String, at commit: ObjectID
  ) throws(StoreError) -> [String] {
    try withGit { repository throws(GitError) in
      let path = try RepositoryPath(folder)
      let tree = try repository.commit(commit).tree
      guard let entry = try repository.entry(at: path, inTree: tree) else { return [] }
      guard entry.kind == .folder else {
        throw GitError(
          .wrongKind, operation: "git_tree_entry_bypath",
          message: "`\(path)` is a file at \(commit.prefix(12)), expected a folder")
      }
      return try repository.entries(ofTree: entry.id).filter(\.isFile).compactMap(\.name)
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
  }
}
