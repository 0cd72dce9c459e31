/// A change of one rubric, ready to be committed.
struct PreparedChange {
  var update: MetaUpdate
  var kind: RecordedChange.Kind
  /// The new file; nil to remove it.
  var text: [UInt8]?
  var before: Rubric?
  var after: Rubric?
  /// Whether the file in the work tree holds the change already.
  var isFromWorkTree = false
  /// The file in the work tree as it was read, where it holds the change.
  var workTreeText: [UInt8]?
}

/// The tip that a commit is built on.
struct CommitBase {
  let branch: ReferenceName
  let tip: ObjectID?
  let tree: ObjectID?
  let rubric: RubricID
  let path: RepositoryPath
  let blob: ObjectID?
  let bytes: [UInt8]?
  let source: Rubric.Source?

  /// Reads the tip, and the rubric on it where it is there.
  init(
    _ repository: borrowing GitRepository, _ branch: ReferenceName, rubric: RubricID
  ) throws(StoreError) {
    self.branch = branch
    self.rubric = rubric
    path = try StorePath.of(rubric)
    let (tip, tree) = try inGit { () throws(GitError) -> (ObjectID?, ObjectID?) in
      guard let tip = try repository.follow(branch).object else { return (nil, nil) }
      return (tip, try repository.commit(tip).tree)
    }
    self.tip = tip
    self.tree = tree
    blob = try tree.flatMap { tree throws(StoreError) in
      try repository.blob(of: rubric, inTree: tree)
    }
    guard let blob, let tip else {
      bytes = nil
      source = nil
      return
    }
    let (bytes, source) = try repository.source(blob, of: rubric, at: tip)
    self.bytes = bytes
    self.source = source
  }

  /// The ids of the tip's rubrics.
  func rubrics(_ repository: borrowing GitRepository) throws(StoreError) -> [String] {
    guard let tree else { return [] }
    return try repository.rubrics(inTree: tree).map(\.id.rawValue)
  }

  /// Writes the change and moves the branch, if nobody else has.
  func commit(
    _ change: PreparedChange, in repository: borrowing GitRepository, author: Identity?,
    retries: Int
  ) throws(StoreError) -> CommitOutcome {
    try checkReplay(change)
    let comparability = change.comparability
    let author = try author.or { () throws(StoreError) in try repository.identity(.author) }
    let committer = try repository.committer(or: author)
    let (isOurs, isCheckedOut) = try inGit { () throws(GitError) in
      (try repository.hasCheckedOut(branch), try repository.isCheckedOut(branch))
    }
    if isOurs { try checkWorkTree(change, repository) }
    let message = CommitMessage.text(
      change.update, kind: change.kind, comparability: comparability)
    let (commit, newBlob) = try inGit { () throws(GitError) in
      let newBlob: ObjectID?
      if let text = change.text { newBlob = try repository.writeBlob(text) } else { newBlob = nil }
      let (root, trees) = try repository.writeTree(
        from: tree, edits: [TreeEdit(path: path, blob: newBlob)])
      let commit = try repository.writeCommit(
        tree: root, parents: tip.map { [$0] } ?? [], author: author.signature(),
        committer: committer.signature(), message: message)
      // libgit2 takes a damaged object of the same name for the one that it was to write.
      try repository.verify((newBlob.map { [$0] } ?? []) + trees + [root, commit])
      try repository.moveReference(
        branch, to: commit, expecting: tip,
        message: "rubricctl: \(Substring(message.utf8.prefix { $0 != 0x0A }))",
        by: committer.signature())
      return (commit, newBlob)
    }
    let note =
      isOurs
      ? updateWorkTree(change, newBlob, repository)
      : isCheckedOut
        ? "`\(branch.short)` is checked out in another work tree, whose files stay as they are"
        : nil
    return CommitOutcome(
      commit: commit, parent: tip, branch: branch.short, rubric: rubric, kind: change.kind,
      edits: change.update.edits, comparability: comparability, retries: retries,
      workTreeNote: note)
  }

  /// Checks that the parent's rubric and the recorded edits give the new file.
  private func checkReplay(_ change: PreparedChange) throws(StoreError) {
    guard let text = change.text, let after = change.after else { return }
    let failure = StoreError(
      .notReplayable, "the edits on `\(rubric)` do not give the file that was to be committed",
      hint: "this is a fault of the program; nothing was committed")
    let read: Rubric
    do throws(SyntaxError) {
      read = try Rubric(parsing: text)
    } catch {
      throw StoreError(
        .invalidDocument, "the rubric would not be valid", findings: error.findings)
    }
    guard read == after else { throw failure }
    guard change.kind == .edited, let before = change.before else { return }
    // The edits as they will be read from the message.
    let recorded = CommitMessage.text(change.update, comparability: nil)
    guard let edits = (try? CommitMessage.record(recorded))?.edits,
      let again = try? before.applying(edits), again.canonicalText == after.canonicalText
    else { throw failure }
  }

  private func checkWorkTree(
    _ change: PreparedChange, _ repository: borrowing GitRepository
  ) throws(StoreError) {
    let status = try inGit { () throws(GitError) in
      try repository.status(of: path, limit: Limits.textBytes)
    }
    if change.isFromWorkTree {
      guard status.isConflicted else { return }
      throw StoreError(
        .dirty, "`\(path)` is in the middle of a merge", hint: "finish the merge with git first")
    }
    var error: StoreError
    switch status.state {
    case .clean, .absent: return
    case .untracked where status.file == nil: return
    case .missing:
      error = StoreError(
        .dirty, "`\(path)` was deleted in the work tree, and that is not committed",
        hint: "`git checkout -- \(path)` brings it back, `rubricctl commit` commits it")
    case .modified, .untracked, .staged, .conflicted:
      error = StoreError(
        .dirty,
        "`\(path)` has changes that are not committed, and this commit would be lost in them",
        hint: "`rubricctl commit -m WHY` commits them, `git checkout -- \(path)` drops them")
    }
    error.isTransient = try isInTheMiddle(status, repository)
    throw error
  }

  /// Whether the file may be as it is because another writer has moved the branch and is about to
  /// bring the work tree up to it: file and index hold what the last two commits hold.
  private func isInTheMiddle(
    _ status: WorkTreeStatus, _ repository: borrowing GitRepository
  ) throws(StoreError) -> Bool {
    guard !status.isConflicted else { return false }
    let now = try inGit { () throws(GitError) in try repository.follow(branch).object }
    guard let tip, now == tip else { return true }
    let parent = try inGit { () throws(GitError) -> ObjectID? in
      guard let parent = try repository.commit(tip).parents.first else { return nil }
      return try repository.commit(parent).tree
    }
    let old = try parent.flatMap { tree throws(StoreError) in
      try repository.blob(of: rubric, inTree: tree)
    }
    return [status.file, status.index].allSatisfy { $0 == blob || $0 == old }
  }

  /// Brings the file and the index up to the commit.
  ///
  /// - Returns: Why it was left alone, if it was. The commit stands either way.
  private func updateWorkTree(
    _ change: PreparedChange, _ newBlob: ObjectID?, _ repository: borrowing GitRepository
  ) -> String? {
    do throws(GitError) {
      if !change.isFromWorkTree {
        let status = try repository.status(of: path, limit: Limits.textBytes)
        guard status.file == blob else {
          return "`\(path)` was changed while this was committed, and was left as it is"
        }
        if let text = change.text {
          try repository.writeFile(path, text)
        } else if status.file != nil {
          try repository.removeFile(path)
        }
      } else if let text = change.text {
        let file = try repository.readFile(path, limit: Limits.textBytes)
        // Others moved the branch meanwhile: the file is brought up to what was committed.
        if file != text {
          guard file == change.workTreeText else {
            return "`\(path)` was changed while this was committed, and was left as it is"
          }
          try repository.writeFile(path, text)
        }
      }
      if let newBlob {
        try repository.stage(path, blob: newBlob)
      } else {
        try repository.unstage(path)
      }
      return nil
    } catch {
      return "the commit stands, but `\(path)` could not be brought up to it: \(error.message)"
    }
  }
}

extension PreparedChange {
  /// What the change means for scores; nil for a rubric that is created.
  fileprivate var comparability: Comparability? {
    guard let before else { return nil }
    guard let after else { return .incomparable }
    return before.comparability(to: after)
  }
}

extension GitRepository {
  /// Whether HEAD of this work tree names the branch; of a bare repository never.
  borrowing func hasCheckedOut(_ branch: ReferenceName) throws(GitError) -> Bool {
    guard !isBare, case .branch(let name, _) = try head() else { return false }
    return name == branch
  }

  /// The committer that git knows of, or else the author.
  borrowing func committer(or author: Identity) throws(StoreError) -> Identity {
    do throws(StoreError) {
      return try identity(.committer)
    } catch {
      guard error.code == .noIdentity else { throw error }
      return author
    }
  }
}
