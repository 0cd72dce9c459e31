/// A rubric's file in the work tree, as it differs from the commit that is checked out.
public struct WorkTreeChange: Hashable, Sendable {
  /// What happened to the file.
  public enum Kind: String, Hashable, Sendable {
    /// The file is new.
    case added
    /// The file has other bytes.
    case modified
    /// The file is gone.
    case deleted
  }

  /// The rubric, by the file's name.
  public var rubric: RubricID
  /// What happened.
  public var kind: Kind
}

extension Store {
  /// Reads a rubric's file from the work tree.
  ///
  /// - Parameter rubric: The rubric.
  /// - Returns: The bytes; nil where there is no file.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/bare`` in a bare repository, or for a link
  ///   or a file that is too large.
  public func workTreeText(of rubric: RubricID) throws(StoreError) -> [UInt8]? {
    let path = try StorePath.of(rubric)
    return try inRepository { repository throws(StoreError) in
      try inGit { () throws(GitError) in try repository.readFile(path, limit: Limits.textBytes) }
    }
  }

  /// Returns how a rubric's file differs from the commit that is checked out.
  ///
  /// - Parameter rubric: The rubric.
  /// - Returns: Nil where it does not differ.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/bare`` in a bare repository.
  public func workTreeChange(of rubric: RubricID) throws(StoreError) -> WorkTreeChange? {
    let path = try StorePath.of(rubric)
    let status = try inRepository { repository throws(StoreError) in
      try inGit { () throws(GitError) in
        try repository.status(of: path, limit: Limits.textBytes)
      }
    }
    switch (status.head, status.file) {
    case (nil, nil): return nil
    case (nil, .some): return WorkTreeChange(rubric: rubric, kind: .added)
    case (.some, nil): return WorkTreeChange(rubric: rubric, kind: .deleted)
    case (let head?, let file?):
      return head == file ? nil : WorkTreeChange(rubric: rubric, kind: .modified)
    }
  }
}

extension Store {
  /// Returns the rubrics whose files differ from the commit that is checked out, ordered by id.
  ///
  /// - Returns: New, changed and deleted files of `rubrics/`; other names are passed over.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/bare`` in a bare repository.
  public func workTreeChanges() throws(StoreError) -> [WorkTreeChange] {
    let files = try withGit { repository throws(GitError) in
      try repository.files(inFolder: RepositoryPath(StorePath.folder))
    }
    var ids = Set(try rubrics())
    for file in files where file.hasSuffix(StorePath.fileEnding) {
      guard let id = RubricID(rawValue: String(file.dropLast(StorePath.fileEnding.utf8.count)))
      else { continue }
      ids.insert(id)
    }
    var changes: [WorkTreeChange] = []
    for id in ids.sorted() {
      if let change = try workTreeChange(of: id) { changes.append(change) }
    }
    return changes
  }
}
