/// What noting did.
public struct NoteOutcome: Sendable {
  /// The commit that the note is about.
  public let commit: ObjectID
  /// The new commit of the notes; nil where nothing was to be changed.
  public let notes: ObjectID?
  /// The note as it is now.
  public let note: CommitNote
  /// How many lines were added or removed.
  public let count: Int
  /// How often the notes were changed by others meanwhile.
  public let retries: Int
}

extension Store {
  /// The reference that metrics are kept under, as `git notes --ref` takes it.
  public static let metricsReference = "refs/notes/rubric-metrics"

  /// Records what was measured about a commit.
  ///
  /// Each metric becomes a line of the commit's note; what is there stays. Of several writers at once
  /// none loses a line. A line that is there already, in the same second, is not repeated.
  ///
  /// - Parameters:
  ///   - metrics: What was measured.
  ///   - commit: The commit; it must be there.
  ///   - author: Who notes it; nil for git's own answer.
  /// - Returns: The note as it is then.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/invalidName`` for a name that is no slug, a
  ///   value that is not finite or a step below 0, ``StoreError/Code/notFound``, ``StoreError/Code/contended`` after
  ///   ``CommitRetry/attempts`` tries.
  /// - Complexity: The notes' root and a few folders read and written; not all notes.
  @discardableResult
  public func note(
    _ metrics: [Metric], on commit: ObjectID, author: Identity? = nil
  ) throws(StoreError) -> NoteOutcome {
    for metric in metrics {
      guard MetricName.isValid(metric.name.rawValue) else {
        throw StoreError(
          .invalidName, "\(NodeReader.quote(metric.name.rawValue)) is no name of a metric",
          hint: "a name is \(MetricName.rule)")
      }
      guard metric.value.isFinite else {
        throw StoreError(
          .invalidName, "the metric `\(metric.name)` is \(CanonicalNumber.text(metric.value))",
          hint: "a metric is a finite number")
      }
      guard metric.step ?? 0 >= 0 else {
        throw StoreError(.invalidName, "the step of `\(metric.name)` is below 0")
      }
    }
    let what = metrics.prefix(5).map { "\($0.name)=\(CanonicalNumber.text($0.value))" }
      .joined(separator: " ")
    return try rewriteNote(
      about: commit, "Note \(what) on \(commit.prefix(12))", author: author
    ) { text, seconds in
      let known = Set(CommitNote.lines(text))
      var added: [String] = []
      for var metric in metrics {
        metric.seconds = metric.seconds ?? seconds
        let line = metric.json.jsonText
        if !known.contains(line), !added.contains(line) { added.append(line) }
      }
      if !added.isEmpty, let last = text.last, last != 0x0A { text.append(0x0A) }
      for line in added { text += Array(line.utf8) + [0x0A] }
      return added.count
    }
  }

  /// Removes metrics from a commit's note; other lines stay.
  ///
  /// They stay in the history of the notes, and come back where a clone that still has them is merged.
  ///
  /// - Parameters:
  ///   - names: Which metrics.
  ///   - commit: The commit.
  ///   - rubric: Only those that name this rubric; nil for all.
  ///   - author: Who removes them; nil for git's own answer.
  /// - Returns: The note as it is then, and how many lines went.
  /// - Throws: ``StoreError``, as ``note(_:on:author:)`` does.
  @discardableResult
  public func removeMetrics(
    _ names: Set<MetricName>, from commit: ObjectID, of rubric: RubricID? = nil,
    author: Identity? = nil
  ) throws(StoreError) -> NoteOutcome {
    let what = names.sorted().prefix(5).map(\.rawValue).joined(separator: " ")
    return try rewriteNote(
      about: commit, "Remove \(what) from \(commit.prefix(12))", author: author
    ) { text, _ in
      var kept: [UInt8] = []
      var count = 0
      for line in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
        if let metric = CommitNote(text: Array(line)).metrics.first, names.contains(metric.name),
          rubric == nil || metric.rubric == rubric
        {
          count += 1
        } else {
          kept += line + [0x0A]
        }
      }
      if count > 0 { text = CommitNote.lines(kept).isEmpty ? [] : Array(kept.dropLast()) }
      return count
    }
  }

  /// Returns what was noted about commits.
  ///
  /// - Parameter commits: The commits.
  /// - Returns: The notes of those that have one.
  /// - Throws: ``StoreError``.
  /// - Complexity: All trees of the notes once, and a blob for each commit with a note.
  public func notes(
    of commits: some Sequence<ObjectID>
  ) throws(StoreError) -> [ObjectID: CommitNote] {
    let commits = Set(commits)
    return try withGit { repository throws(GitError) in
      guard let tip = try repository.follow(Self.metricsName()).object else { return [:] }
      let tree = try repository.commit(tip).tree
      var notes: [ObjectID: CommitNote] = [:]
      if commits.count < 4 {
        for commit in commits {
          let found = try repository.noteEntries(about: commit, inTree: tree).found
          guard !found.isEmpty else { continue }
          notes[commit] = CommitNote(text: try repository.noteText(found.map(\.blob)))
        }
        return notes
      }
      for (commit, blobs) in try repository.notes(inTree: tree).blobs where commits.contains(commit)
      {
        notes[commit] = CommitNote(text: try repository.noteText(blobs))
      }
      return notes
    }
  }

  private static func metricsName() throws(GitError) -> ReferenceName {
    try ReferenceName(metricsReference)
  }

  /// Changes the note of a commit, anew on what others have made of the notes meanwhile.
  private func rewriteNote(
    about commit: ObjectID, _ message: String, author: Identity?,
    _ change: (_ text: inout [UInt8], _ now: Int64) -> Int
  ) throws(StoreError) -> NoteOutcome {
    try retrying { retries throws(StoreError) in
      try self.inRepository { repository throws(StoreError) in
        let author = try author.or { () throws(StoreError) in try repository.identity(.author) }
        let committer = try repository.committer(or: author).signature()
        return try inGit { () throws(GitError) in
          _ = try repository.commit(commit)
          let (name, tip) = try repository.follow(Self.metricsName())
          let tree = try tip.map { tip throws(GitError) in try repository.commit(tip).tree }
          let (found, path) = try repository.noteEntries(about: commit, inTree: tree)
          var text = try repository.noteText(found.map(\.blob))
          let count = change(&text, committer.seconds)
          let note = CommitNote(text: text)
          guard count > 0 else {
            return NoteOutcome(commit: commit, notes: nil, note: note, count: 0, retries: retries)
          }
          guard text.count <= Limits.textBytes else {
            throw GitError(
              .tooLarge, operation: "note",
              message: "the note of \(commit.prefix(12)) would be over \(Limits.textBytes) bytes")
          }
          let blob = text.isEmpty ? nil : try repository.writeBlob(text)
          var edits = found.map { TreeEdit(path: $0.path, blob: nil) }
          edits.removeAll { $0.path == path }
          edits.append(TreeEdit(path: path, blob: blob))
          let (root, trees) = try repository.writeTree(from: tree, edits: edits)
          let made = try repository.writeCommit(
            tree: root, parents: tip.map { [$0] } ?? [], author: author.signature(),
            committer: committer, message: message + "\n")
          try repository.verify((blob.map { [$0] } ?? []) + trees + [root, made])
          try repository.moveReference(
            name, to: made, expecting: tip, message: "notes: \(message)", by: committer)
          return NoteOutcome(
            commit: commit, notes: made, note: note, count: count, retries: retries)
        }
      }
    }
  }
}

extension GitRepository {
  /// The text of a note; of notes at two depths both, as git joins them.
  fileprivate borrowing func noteText(_ blobs: [ObjectID]) throws(GitError) -> [UInt8] {
    var text: [UInt8] = []
    for blob in blobs {
      if let last = text.last, last != 0x0A { text.append(0x0A) }
      text += try readBlob(blob, limit: Limits.textBytes)
    }
    return text
  }
}
