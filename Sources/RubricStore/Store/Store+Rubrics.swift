extension GitRepository {
  /// The rubrics in a tree, by id.
  borrowing func rubrics(
    inTree tree: ObjectID
  ) throws(StoreError) -> [(id: RubricID, blob: ObjectID)] {
    do throws(GitError) {
      let folder = try RepositoryPath(StorePath.folder)
      guard let entry = try entry(at: folder, inTree: tree), entry.kind == .folder else {
        return []
      }
      var found: [(id: RubricID, blob: ObjectID)] = []
      for entry in try entries(ofTree: entry.id) where entry.isFile {
        guard let name = entry.name, name.hasSuffix(StorePath.fileEnding),
          let id = RubricID(rawValue: String(name.dropLast(StorePath.fileEnding.utf8.count)))
        else { continue }
        found.append((id, entry.id))
      }
      found.sort { $0.id < $1.id }
      let twice = zip(found, found.dropFirst()).first { $0.id == $1.id }
      if let id = twice?.0.id {
        throw GitError(
          .corrupt, operation: "git_tree_entry_byindex",
          message: "tree \(tree) has two files `\(folder)/\(id)\(StorePath.fileEnding)`",
          objects: [tree])
      }
      return found
    } catch {
      throw StoreError(error)
    }
  }

  /// The blobs of the rubrics in a tree.
  borrowing func rubricBlobs(inTree tree: ObjectID) throws(StoreError) -> [RubricID: ObjectID] {
    // No id stands twice.
    Dictionary(try rubrics(inTree: tree).map { ($0.id, $0.blob) }) { first, _ in first }
  }

  /// The blobs of the rubrics in a commit.
  borrowing func rubricBlobs(of commit: ObjectID) throws(StoreError) -> [RubricID: ObjectID] {
    try rubricBlobs(inTree: try inGit { () throws(GitError) in try self.commit(commit).tree })
  }

  /// The blob of a rubric in a commit's tree; nil where the commit does not have it.
  borrowing func blob(
    of rubric: RubricID, inTree tree: ObjectID
  ) throws(StoreError) -> ObjectID? {
    let path = try StorePath.of(rubric)
    do throws(GitError) {
      guard let entry = try entry(at: path, inTree: tree) else { return nil }
      guard entry.isFile else {
        throw GitError(
          .wrongKind, operation: "git_tree_entry_bypath",
          message: "`\(path)` is a link or a folder, expected a file")
      }
      return entry.id
    } catch {
      throw StoreError(error)
    }
  }

  /// Reads a rubric's file and checks it.
  borrowing func source(
    _ blob: ObjectID, of rubric: RubricID, at commit: ObjectID
  ) throws(StoreError) -> (bytes: [UInt8], source: Rubric.Source) {
    let bytes = try inGit { () throws(GitError) in
      try readBlob(blob, limit: Limits.textBytes)
    }
    return (bytes, try Rubric.source(bytes, of: rubric, at: commit))
  }
}

extension Rubric {
  /// Reads the bytes of a rubric's file at a commit.
  static func source(
    _ bytes: [UInt8], of rubric: RubricID, at commit: ObjectID
  ) throws(StoreError) -> Rubric.Source {
    let file = "\(rubric)@\(commit.prefix(12))"
    do throws(SyntaxError) {
      let source = try Rubric.source(bytes, file: file)
      guard source.rubric.id == rubric else {
        throw SyntaxError(
          file: file,
          findings: [
            Finding(
              code: .inconsistent, path: "id",
              message: "the file of `\(rubric)` holds the rubric `\(source.rubric.id)`",
              hint: "a rubric's file is named by its id")
          ])
      }
      return source
    } catch {
      throw StoreError(
        .invalidDocument, "the rubric `\(rubric)` at \(commit.prefix(12)) is not valid",
        findings: error.findings)
    }
  }
}

extension Store {
  /// Returns the ids of the rubrics that a commit holds, in order.
  ///
  /// - Parameter revision: A commit in git's words; HEAD if left out. A branch without commits holds
  ///   none.
  /// - Returns: The ids, ordered by their bytes.
  /// - Throws: ``StoreError``.
  public func rubrics(at revision: String = "HEAD") throws(StoreError) -> [RubricID] {
    try inRepository { repository throws(StoreError) in
      if revision == "HEAD" {
        let head = try inGit { () throws(GitError) in try repository.head() }
        guard head.commit != nil else { return [] }
      }
      let commit = try inGit { () throws(GitError) in
        try repository.commit(try repository.resolve(revision))
      }
      return try repository.rubrics(inTree: commit.tree).map(\.id)
    }
  }

  /// Returns whether a commit holds a rubric; its file is not read.
  ///
  /// - Parameters:
  ///   - rubric: The rubric.
  ///   - commit: The commit.
  /// - Returns: Whether there is a file of it, valid or not.
  /// - Throws: ``StoreError``.
  public func holds(_ rubric: RubricID, at commit: ObjectID) throws(StoreError) -> Bool {
    try inRepository { repository throws(StoreError) in
      let tree = try inGit { () throws(GitError) in try repository.commit(commit).tree }
      return try repository.blob(of: rubric, inTree: tree) != nil
    }
  }

  /// Returns the commit that a revision names.
  ///
  /// - Parameter revision: A full hash, a prefix of four digits or more, a branch, a tag, `main~3`,
  ///   `main@{1}`, or whatever else gitrevisions(7) has.
  /// - Returns: The commit's id.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/notFound``,
  ///   ``StoreError/Code/ambiguous`` with the candidates, or ``StoreError/Code/invalidName``.
  public func resolve(_ revision: String) throws(StoreError) -> ObjectID {
    do throws(StoreError) {
      return try inRepository { repository throws(StoreError) in
        try inGit { () throws(GitError) in try repository.resolve(revision) }
      }
    } catch {
      if error.code == .git {
        throw StoreError(.notFound, "\(quoted(revision)) names no commit")
      }
      guard error.code == .notFound || error.code == .unborn else { throw error }
      let head = try head()
      if head.commit == nil, revision == "HEAD" || revision == head.name {
        throw StoreError(
          .unborn, "the branch `\(head.name)` has no commits yet",
          hint: "`rubricctl import FILE` makes the first")
      }
      let names = try branches().map(\.name) + tags().map(\.name)
      throw StoreError(
        .notFound, "there is no commit, branch or tag \(quoted(revision))",
        hint: Suggestion.didYouMean(revision, among: names))
    }
  }

  /// Returns the only rubric of a commit.
  ///
  /// - Parameter revision: A commit; HEAD if left out.
  /// - Returns: The id.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/notFound`` where it holds none, and
  ///   ``StoreError/Code/ambiguous`` where it holds several.
  public func onlyRubric(at revision: String = "HEAD") throws(StoreError) -> RubricID {
    let ids = try rubrics(at: revision)
    guard let id = ids.first else {
      throw StoreError(
        .notFound, "\(revision == "HEAD" ? "the repository" : "`\(revision)`") holds no rubric",
        hint: "`rubricctl import FILE` adds one")
    }
    guard ids.count == 1 else {
      throw StoreError(
        .ambiguous,
        "the repository holds \(ids.count) rubrics",
        hint: "name one of \(Suggestion.list(ids.prefix(10).map(\.rawValue)))"
          + (ids.count > 10 ? ", …" : ""))
    }
    return id
  }
}
