extension Store {
  /// Goes through the history of rubrics, newest first, as `git log` does.
  ///
  /// - Parameters:
  ///   - revision: Where to start; HEAD if left out.
  ///   - filter: Which entries are wanted.
  ///   - firstParent: Whether only first parents are followed.
  ///   - body: Takes an entry; returns whether to go on.
  /// - Throws: ``StoreError``. A commit whose change cannot be read is an entry with a
  ///   ``LogEntry/problem`` and not an error.
  /// - Complexity: One commit read for each that is passed; two trees more, and two rubrics parsed,
  ///   for one that does not record its edits and changes a rubric.
  public func log(
    from revision: String = "HEAD", _ filter: LogFilter = LogFilter(), firstParent: Bool = false,
    _ body: (LogEntry) -> Bool
  ) throws(StoreError) {
    let start = try resolve(revision)
    var left = filter.limit ?? .max
    guard left > 0 else { return }
    try walk(from: start, filter, firstParent: firstParent) { _, entries in
      for entry in entries {
        guard body(entry) else { return false }
        left -= 1
        if left == 0 { return false }
      }
      return true
    }
  }

  /// Returns the history of rubrics, newest first.
  ///
  /// - Parameters:
  ///   - revision: Where to start; HEAD if left out.
  ///   - filter: Which entries are wanted.
  /// - Returns: The entries.
  /// - Throws: ``StoreError``, as ``log(from:_:firstParent:_:)`` does.
  public func log(
    from revision: String = "HEAD", _ filter: LogFilter = LogFilter()
  ) throws(StoreError) -> [LogEntry] {
    var entries: [LogEntry] = []
    try log(from: revision, filter) {
      entries.append($0)
      return true
    }
    return entries
  }
}

extension GitRepository {
  /// What a commit did: what it records, or else what its trees show.
  ///
  /// Unless it `derives`, edits that are not recorded are not worked out; with `takenOver` it tells
  /// what a merge took over from another parent too.
  borrowing func entries(
    of commit: CommitRecord, derives: Bool = true, takenOver: Bool = false
  ) throws(StoreError) -> [LogEntry] {
    let recorded = recordedEntries(of: commit)
    guard !recorded.isEmpty else {
      return try comparedEntries(
        of: commit, without: [], derives: derives, takenOver: takenOver)
    }
    // A merge records only the rubrics that are as neither parent has them.
    guard commit.parents.count > 1 else { return recorded }
    do throws(StoreError) {
      return recorded
        + (try comparedEntries(
          of: commit, without: Set(recorded.map(\.rubric)), derives: derives, takenOver: takenOver))
    } catch {
      // A shallow clone does not have the parents of its last commits.
      guard isShallow, error.code == .notFound else { throw error }
      return recorded
    }
  }

  /// What a commit records; nothing where that cannot be read, since the trees tell it too.
  private borrowing func recordedEntries(of commit: CommitRecord) -> [LogEntry] {
    ((try? CommitMessage.records(commit.message)) ?? []).map { record in
      var entry = LogEntry(commit, record.rubric, record.kind, isRecorded: true)
      entry.edits = record.edits
      entry.proposer = record.proposer
      entry.comparability = record.comparability
      entry.settled = record.settled
      entry.source = record.source
      entry.provenance = record.provenance
      return entry
    }
  }

  /// What the trees of a commit and its parents show, but for some rubrics.
  private borrowing func comparedEntries(
    of commit: CommitRecord, without recorded: Set<RubricID>, derives: Bool, takenOver: Bool
  ) throws(StoreError) -> [LogEntry] {
    let parent = commit.parents.first
    let new = try rubricBlobs(inTree: commit.tree)
    var old: [RubricID: ObjectID] = [:]
    if let parent { old = try rubricBlobs(of: parent) }
    var changed = Set(old.keys).union(new.keys).subtracting(recorded)
      .filter { old[$0] != new[$0] }
    // What a merge took over from another parent is told by the commits of that side.
    for other in commit.parents.dropFirst() where !changed.isEmpty && !takenOver {
      let theirs = try rubricBlobs(of: other)
      changed = changed.filter { theirs[$0] != new[$0] }
    }
    var entries: [LogEntry] = []
    for id in changed.sorted() {
      switch (old[id], new[id]) {
      case (nil, _): entries.append(LogEntry(commit, id, .created, isRecorded: false))
      case (_, nil):
        var entry = LogEntry(commit, id, .removed, isRecorded: false)
        entry.comparability = .incomparable
        entries.append(entry)
      case (_?, _?) where !derives:
        entries.append(LogEntry(commit, id, .edited, isRecorded: false))
      case (let left?, let right?):
        entries.append(derived(commit, id, left, right, parent: parent ?? commit.id))
      }
    }
    return entries
  }

  private borrowing func derived(
    _ commit: CommitRecord, _ id: RubricID, _ old: ObjectID, _ new: ObjectID, parent: ObjectID
  ) -> LogEntry {
    var entry = LogEntry(commit, id, .edited, isRecorded: false)
    do throws(StoreError) {
      let before = try source(old, of: id, at: parent).source.rubric
      let after = try source(new, of: id, at: commit.id).source.rubric
      entry.comparability = before.comparability(to: after)
      do throws(EditError) {
        entry.edits = try before.edits(to: after)
      } catch {
        entry.problem = error.description
      }
    } catch {
      entry.problem = error.description
    }
    return entry
  }
}

extension LogEntry {
  fileprivate init(
    _ commit: CommitRecord, _ rubric: RubricID, _ kind: RecordedChange.Kind, isRecorded: Bool
  ) {
    let message = commit.message
    self.init(
      commit: commit.id, parents: commit.parents,
      author: Identity(
        name: commit.author.name, email: commit.author.email, seconds: commit.author.seconds,
        offsetMinutes: commit.author.offsetMinutes),
      subject: String(Substring(message.utf8.prefix { $0 != 0x0A })), message: message,
      rubric: rubric,
      kind: kind, edits: [], proposer: MetaUpdate.Proposer(), comparability: nil,
      isRecorded: isRecorded, problem: nil)
  }
}
