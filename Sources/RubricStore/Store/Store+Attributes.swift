extension Store {
  /// Reads the work tree's `.gitattributes`.
  ///
  /// - Returns: The bytes; nil where there is no file.
  /// - Throws: ``StoreError``, for a link too, which git does not follow either.
  package func attributes() throws(StoreError) -> [UInt8]? {
    try withGit { repository throws(GitError) in
      try repository.readFile(RepositoryPath(".gitattributes"), limit: Limits.textBytes)
    }
  }

  /// Writes the work tree's `.gitattributes` in one step; nil removes it.
  package func setAttributes(_ bytes: [UInt8]?) throws(StoreError) {
    try withGit { repository throws(GitError) in
      let path = try RepositoryPath(".gitattributes")
      if let bytes {
        try repository.writeFile(path, bytes)
      } else {
        try repository.removeFile(path)
      }
    }
  }
}
