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
  /// The tree with all other files merged.
  private var files: ObjectID?

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
    try repository.refuseUnfinished(theirs)
    if isBehind, options.fastForward != .never, options.settlements.places.isEmpty {
      report.kind = .fastForward
      report.bases = [ours]
      // Told as far as it can be: what mends a file that is not valid may be taken too.
      report.rubrics =
        (try? MergePlan(
          repository, ours: ours, theirs: theirs, settlements: Settlements()))?.rubrics ?? []
      return
    }
    if options.fastForward == .only {
      throw StoreError(
        .refused,
        isBehind
          ? "`\(target.short)` is only moved to `\(revision)`, so that there is nothing to settle"
          : "`\(target.short)` cannot be fast-forwarded to `\(revision)`: both have commits that "
            + "the other has not",
        hint: isBehind ? "leave --settle out" : "leave --ff-only out to merge them")
    }
    let plan = try MergePlan(
      repository, ours: ours, theirs: theirs, settlements: options.settlements,
      required: options.requiredPlaces)
    report.bases = plan.base.commits
    report.rubrics = plan.rubrics
    // Before anybody settles anything: this program cannot finish what git has to.
    let files = try Self.files(repository, ours, theirs, plan)
    self.plan = plan
    self.files = files
    if !report.conflicts.isEmpty { report.kind = .conflicts }
  }

  /// The tree with all files but the rubrics merged.
  private static func files(
    _ repository: borrowing GitRepository, _ ours: ObjectID, _ theirs: ObjectID, _ plan: MergePlan
  ) throws(StoreError) -> ObjectID {
    let known = Set(plan.outcomes.keys).union(plan.rubrics.map(\.rubric))
    let (tree, conflicts) = try inGit { () throws(GitError) in
      // What is no file of a rubric, such as a link of such a name, is git's.
      try repository.mergeFiles(ours, theirs) { path in
        StorePath.rubric(at: path).map(known.contains) ?? false
      }
    }
    guard conflicts.isEmpty else {
      throw StoreError(
        .fileConflict,
        "files other than rubrics are in conflict: "
          + Suggestion.list(Array(conflicts.prefix(10)), conjunction: "and"),
        hint: "merge with git: `rubricctl install-git-drivers`, then `git merge`")
    }
    return tree
  }

  /// Writes what is to be written, and moves the branch.
  mutating func finish(_ repository: borrowing GitRepository) throws(StoreError) -> MergeReport {
    switch report.kind {
    case .upToDate: return report
    case .conflicts:
      if options.keepsConflicts, !options.isDryRun {
        let isBusy = try inGit { () throws(GitError) -> Bool in
          guard try repository.hasCheckedOut(target) else { return false }
          return try repository.isOperationInProgress()
        }
        if isBusy {
          throw StoreError(
            .dirty, "a merge, rebase or the like is in progress; finish it with git first")
        }
        try KeptMerge(report, options).store(repository, author: options.author, expecting: nil)
        report.isKept = true
      }
      return report
    case .fastForward, .merged: break
    }
    let isOurs = try inGit { () throws(GitError) in try repository.hasCheckedOut(target) }
    let isFastForward = report.kind == .fastForward
    let written = try isFastForward ? nil : writeTree(repository)
    if isOurs { try checkWorkTree(written?.root, repository) }
    if options.isDryRun { return report }
    let commit =
      try written.map { written throws(StoreError) in
        try writeCommit(written, repository)
      } ?? report.theirs
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

  /// Checks that nothing in the work tree would be lost; nil is the tree of their side.
  private func checkWorkTree(
    _ tree: ObjectID?, _ repository: borrowing GitRepository
  ) throws(StoreError) {
    try inGit { () throws(GitError) in
      guard try !repository.isOperationInProgress() else {
        throw GitError(
          .conflict, operation: "git_merge",
          message: "a merge, rebase or the like is in progress; finish it with git first")
      }
      if let tree {
        try repository.checkOut(tree: tree, from: report.ours, isTrial: true)
      } else {
        try repository.checkOut(report.theirs, from: report.ours, isTrial: true)
      }
    }
  }

  /// The merged tree, and what is to be recorded.
  private struct Written {
    var root: ObjectID
    /// What was written, to be verified before the branch moves.
    var objects: [ObjectID]
    var records: [MergeRecord]
  }

  /// Writes the merged files; of a dry run too, since git collects what nothing names.
  private func writeTree(_ repository: borrowing GitRepository) throws(StoreError) -> Written? {
    guard let plan, let tree = files else { return nil }
    var edits: [TreeEdit] = []
    var written = Written(root: tree, objects: [tree], records: [])
    let found = Dictionary(
      try repository.rubrics(inTree: tree).map { ($0.id, $0.blob) },
      uniquingKeysWith: { first, _ in first })
    for (id, outcome) in plan.outcomes.sorted(by: { $0.key < $1.key }) {
      let blob: ObjectID?
      switch outcome {
      case .blob(let known): blob = known
      case .text(let text):
        let new = try inGit { () throws(GitError) in try repository.writeBlob(text) }
        written.objects.append(new)
        blob = new
      }
      if blob != found[id] { edits.append(TreeEdit(path: try StorePath.of(id), blob: blob)) }
      guard let merge = plan.rubrics.first(where: { $0.rubric == id }) else { continue }
      try checkPins(of: merge, plan.ourRubrics[id])
      var isNew = false
      if case .text = outcome { isNew = true }
      // What was settled is told, also where the result is one side's file.
      guard isNew || !merge.settled.isEmpty else { continue }
      var text: [UInt8]?
      if let blob {
        text = try inGit { () throws(GitError) in
          try repository.readBlob(blob, limit: Limits.textBytes)
        }
      }
      written.records.append(
        try MergeRecord(
          merge, from: plan.ourRubrics[id], text: text, causes: plan.theirCauses[id] ?? []))

    }
    if !edits.isEmpty {
      let (root, trees) = try inGit { () throws(GitError) in
        try repository.writeTree(from: tree, edits: edits)
      }
      written.root = root
      written.objects += trees + [root]
    }
    return written
  }

  /// The meta-editor may not change by a merge what a person has pinned.
  private func checkPins(of merge: RubricMerge, _ ours: Rubric?) throws(StoreError) {
    guard options.proposer.author == .meta, let ours, let result = merge.result else { return }
    do throws(EditError) {
      _ = try ours.applying(ours.edits(to: result), by: .meta)
    } catch {
      throw StoreError(error)
    }
  }

  /// Writes the merge commit; no reference moves.
  private func writeCommit(
    _ written: Written, _ repository: borrowing GitRepository
  ) throws(StoreError) -> ObjectID {
    let author = try options.author.or { () throws(StoreError) in
      try repository.identity(.author)
    }
    let committer = try repository.committer(or: author)
    let message = CommitMessage.text(
      merging: report.revision, into: target.short, rationale: options.rationale,
      proposer: options.proposer, written.records)
    return try inGit { () throws(GitError) in
      let commit = try repository.writeCommit(
        tree: written.root, parents: [report.ours, report.theirs], author: author.signature(),
        committer: committer.signature(), message: message)
      // libgit2 takes a damaged object of the same name for the one that it was to write.
      try repository.verify(written.objects + [commit])
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
  /// What it means for scores of our side; nil for a rubric that our side does not have.
  var comparability: Comparability?

  /// Works the record out, and checks that it leads to the file.
  init(
    _ merge: RubricMerge, from ours: Rubric?, text: [UInt8]?, causes: [MergeConflict.Cause]
  ) throws(StoreError) {
    rubric = merge.rubric
    settled = merge.settled
    edits = []
    guard let ours else { return }
    guard let result = merge.result, let text else {
      comparability = .incomparable
      return
    }
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
