extension Store {
  /// Merges a commit into a branch, rubric by rubric.
  ///
  /// No work tree is needed. The branch moves last and only if nobody else has moved it, so that a
  /// merge that is interrupted has either happened or not. Conflicts are no error: they come back in
  /// the report. Files other than rubrics are merged line by line, as git does it.
  ///
  /// - Parameters:
  ///   - revision: What to merge: a branch, a tag, a commit.
  ///   - branch: The branch to merge into, by its short name; nil for the one that is checked out.
  ///   - options: How.
  /// - Returns: What was done, or with ``MergeOptions/isDryRun`` what would be.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/fileConflict`` for other files in conflict,
  ///   ``StoreError/Code/unfitSettlement`` or ``StoreError/Code/nothingToSettle``,
  ///   ``StoreError/Code/dirty`` where changes in the work tree would be lost,
  ///   ``StoreError/Code/unfinishedMerge`` where another merge into the branch is kept, and others.
  /// - Complexity: One commit read for each that only one side has; three rubrics parsed for each that
  ///   both changed.
  /// - SeeAlso: SPEC.md §12.
  public func merge(
    _ revision: String, into branch: String? = nil, _ options: MergeOptions = MergeOptions()
  ) throws(StoreError) -> MergeReport {
    let target = try self.branch(branch)
    let theirs = try resolve(revision)
    return try retrying { retries throws(StoreError) in
      try self.inRepository { repository throws(StoreError) in
        if !options.isDryRun { try repository.refuseKeptMerge(target) }
        var merge = try BranchMerge(repository, target, revision, theirs, options)
        merge.report.retries = retries
        return try merge.finish(repository)
      }
    }
  }
}

/// A merge of a commit into a branch.
struct BranchMerge {
  let target: ReferenceName
  let options: MergeOptions
  var report: MergeReport
  /// What becomes of the rubrics; nil where nothing has to be merged.
  private var plan: MergePlan?

  /// Looks what is to be done.
  init(
    _ repository: borrowing GitRepository, _ target: ReferenceName, _ revision: String,
    _ theirs: ObjectID, _ options: MergeOptions
  ) throws(StoreError) {
    self.target = target
    self.options = options
    let tip = try inGit { () throws(GitError) in try repository.follow(target).object }
    guard let ours = tip else {
      throw StoreError(
        .unborn, "there is no branch `\(target.short)` to merge into",
        hint: "`rubricctl branch \(target.short) \(revision)` creates it at that commit")
    }
    report = MergeReport(
      kind: .merged, branch: target.short, revision: revision, ours: ours, theirs: theirs,
      bases: [], commit: nil, rubrics: [])
    let (isBehind, isAhead) = try inGit { () throws(GitError) in
      (try repository.isAncestor(ours, of: theirs), try repository.isAncestor(theirs, of: ours))
    }
    if isAhead {
      report.kind = .upToDate
      report.bases = [theirs]
      return
    }
    let plan = try MergePlan(
      repository, ours: ours, theirs: theirs, settlements: options.settlements)
    self.plan = plan
    report.bases = plan.base.commits
    report.rubrics = plan.rubrics
    if isBehind, options.fastForward != .never {
      report.kind = .fastForward
    } else if options.fastForward == .only {
      throw StoreError(
        .refused,
        "`\(target.short)` cannot be fast-forwarded to `\(revision)`: both have commits "
          + "that the other has not", hint: "leave --ff-only out to merge them")
    } else if !report.conflicts.isEmpty {
      report.kind = .conflicts
    }
  }

  /// Writes what is to be written, and moves the branch.
  mutating func finish(_ repository: borrowing GitRepository) throws(StoreError) -> MergeReport {
    switch report.kind {
    case .upToDate: return report
    case .conflicts:
      if options.keepsConflicts, !options.isDryRun {
        try KeptMerge(report, options).store(repository, author: options.author, expecting: nil)
        report.isKept = true
      }
      return report
    case .fastForward, .merged: break
    }
    let isOurs = try inGit { () throws(GitError) in try repository.hasCheckedOut(target) }
    let isFastForward = report.kind == .fastForward
    let commit = isFastForward ? report.theirs : try writeCommit(repository)
    guard let commit else { return report }
    if isOurs { try checkWorkTree(commit, repository) }
    if options.isDryRun { return report }
    let committer = try repository.reflogIdentity()
    try inGit { () throws(GitError) in
      try repository.moveReference(
        target, to: commit, expecting: report.ours,
        message: "merge \(report.revision): " + (isFastForward ? "Fast-forward" : "by rubricctl"),
        by: committer)
    }
    report.commit = commit
    if isOurs {
      do throws(GitError) {
        try repository.checkOut(commit, from: report.ours)
      } catch {
        report.workTreeNote =
          "the merge stands, but the work tree could not be brought up to it: \(error.message)"
      }
    } else if try inGit({ () throws(GitError) in try repository.isCheckedOut(target) }) {
      report.workTreeNote =
        "`\(target.short)` is checked out in another work tree, whose files stay as they are"
    }
    return report
  }

  private func checkWorkTree(
    _ commit: ObjectID, _ repository: borrowing GitRepository
  ) throws(StoreError) {
    try inGit { () throws(GitError) in
      guard try !repository.isOperationInProgress() else {
        throw GitError(
          .conflict, operation: "git_merge",
          message: "a merge, rebase or the like is in progress; finish it with git first")
      }
      try repository.checkOut(commit, from: report.ours, isTrial: true)
    }
  }

  /// Writes the merge commit; no reference moves.
  ///
  /// Of a dry run too: objects that nothing names are collected by git, and only a commit shows
  /// whether it can be made.
  private func writeCommit(_ repository: borrowing GitRepository) throws(StoreError) -> ObjectID? {
    guard let plan else { return nil }
    let (tree, conflicts) = try inGit { () throws(GitError) in
      try repository.mergeFiles(report.ours, report.theirs) { StorePath.rubric(at: $0) != nil }
    }
    guard conflicts.isEmpty else {
      throw StoreError(
        .fileConflict,
        "files other than rubrics are in conflict: "
          + Suggestion.list(Array(conflicts.prefix(10)), conjunction: "and"),
        hint: "merge with git: `rubricctl install-git-drivers`, then `git merge`")
    }
    var edits: [TreeEdit] = []
    var blobs: [ObjectID] = []
    var records: [MergeRecord] = []
    let found = Dictionary(
      uniqueKeysWithValues: try repository.rubrics(inTree: tree).map { ($0.id, $0.blob) })
    for id in Set(plan.outcomes.keys).union(found.keys).sorted() {
      let blob: ObjectID?
      switch plan.outcomes[id] {
      case .blob(let known)?: blob = known
      case nil: blob = nil
      case .text(let text, let ours)?:
        blob = try inGit { () throws(GitError) in try repository.writeBlob(text) }
        if let blob { blobs.append(blob) }
        guard let merge = plan.rubrics.first(where: { $0.rubric == id }), let ours,
          let result = merge.result
        else { break }
        records.append(
          try MergeRecord(
            merge, from: ours, to: result, text: text, causes: plan.theirCauses[id] ?? []))
      }
      if blob != found[id] { edits.append(TreeEdit(path: try StorePath.of(id), blob: blob)) }
    }
    if options.isDryRun { return nil }
    let author = try options.author.or { () throws(StoreError) in
      try repository.identity(.author)
    }
    let committer = try repository.committer(or: author)
    let message = CommitMessage.text(
      merging: report.revision, into: target.short, rationale: options.rationale,
      proposer: options.proposer, records)
    return try inGit { () throws(GitError) in
      let (root, trees) =
        edits.isEmpty ? (tree, []) : try repository.writeTree(from: tree, edits: edits)
      let commit = try repository.writeCommit(
        tree: root, parents: [report.ours, report.theirs], author: author.signature(),
        committer: committer.signature(), message: message)
      // libgit2 takes a damaged object of the same name for the one that it was to write.
      try repository.verify(blobs + trees + [root, commit])
      return commit
    }
  }
}

/// What a merge commit records of one rubric.
struct MergeRecord {
  var rubric: RubricID
  /// The edits that lead from our side's rubric to the merged one, with the rationales of their side.
  var edits: [Edit]
  var settled: [SettledConflict]
  var comparability: Comparability

  /// Works the record out, and checks that it leads to the file.
  init(
    _ merge: RubricMerge, from ours: Rubric, to result: Rubric, text: [UInt8],
    causes: [MergeConflict.Cause]
  ) throws(StoreError) {
    rubric = merge.rubric
    settled = merge.settled
    comparability = ours.comparability(to: result)
    do throws(EditError) {
      edits = try ours.edits(to: result).carrying(causes, settled: merge.settled)
    } catch {
      throw StoreError(error)
    }
    let read = try? Rubric(parsing: text)
    let message = CommitMessage.text(
      merging: "", into: "", rationale: "", proposer: MetaUpdate.Proposer(), [self])
    guard read == result,
      let recorded = (try? CommitMessage.records(message))?.first?.edits,
      let again = try? ours.applying(recorded), again.canonicalText == result.canonicalText
    else {
      throw StoreError(
        .notReplayable, "the edits on `\(rubric)` do not give the file that was to be committed",
        hint: "this is a fault of the program; nothing was committed")
    }
  }
}
