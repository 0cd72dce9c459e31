/// A commit whose edits are to be made elsewhere, or undone.
struct CommitOrigin {
  /// What a commit does to a rubric.
  enum Content {
    case edits([Edit])
    /// The rubric is there for the first time, with this file.
    case created(Rubric, text: [UInt8])
    /// The rubric, with this file, is no longer there.
    case removed(Rubric, text: [UInt8])
  }

  let commit: ObjectID
  let rubric: RubricID
  let content: Content
  let subject: String
  let body: String
  let proposer: MetaUpdate.Proposer
}

extension CommitOrigin {
  /// The number of edits that can be chosen from.
  var edits: [Edit] { if case .edits(let edits) = content { edits } else { [] } }
}

extension Store {
  /// Reads what a transplant is about.
  func origin(of transplant: Transplant) throws(StoreError) -> CommitOrigin {
    let id = try resolve(transplant.selection.revision)
    return try inRepository { repository throws(StoreError) in
      let commit = try inGit { () throws(GitError) in try repository.commit(id) }
      return try repository.origin(of: commit, transplant)
    }
  }
}

extension GitRepository {
  fileprivate borrowing func origin(
    of commit: CommitRecord, _ transplant: Transplant
  ) throws(StoreError) -> CommitOrigin {
    let parent = try Self.parent(of: commit, transplant)
    // What a commit records leads from its first parent to it, of a merge too.
    let records =
      transplant.mainline ?? 1 == 1 ? (try? CommitMessage.records(commit.message)) ?? [] : []
    var before: [RubricID: ObjectID] = [:]
    var after: [RubricID: ObjectID] = [:]
    var changed = Set(records.map(\.rubric))
    // A merge records only the rubrics that are as neither parent has them.
    if records.isEmpty || commit.parents.count > 1 {
      if let parent { before = try rubricBlobs(of: parent) }
      after = try rubricBlobs(inTree: commit.tree)
      changed.formUnion(Set(before.keys).union(after.keys).filter { before[$0] != after[$0] })
    }
    let rubric = try Self.one(of: changed.sorted(), commit, transplant)
    if let record = records.first(where: { $0.rubric == rubric }) {
      return try origin(
        commit, parent: parent, rubric, record.kind, edits: record.edits, record: record)
    }
    guard let left = before[rubric] else {
      return try origin(commit, parent: parent, rubric, .created, edits: [], record: nil)
    }
    guard let right = after[rubric] else {
      return try origin(commit, parent: parent, rubric, .removed, edits: [], record: nil)
    }
    let earlier = try source(left, of: rubric, at: parent ?? commit.id).source.rubric
    let later = try source(right, of: rubric, at: commit.id).source.rubric
    let subject = CommitMessage.rationale(of: commit.message, rubric: rubric, record: nil).subject
    let edits: [Edit]
    do throws(EditError) {
      edits = try earlier.edits(to: later).map { Edit($0.change, rationale: subject) }
    } catch {
      throw StoreError(error)
    }
    return try origin(commit, parent: parent, rubric, .edited, edits: edits, record: nil)
  }

  private borrowing func origin(
    _ commit: CommitRecord, parent: ObjectID?, _ rubric: RubricID, _ kind: RecordedChange.Kind,
    edits: [Edit], record: RecordedChange?
  ) throws(StoreError) -> CommitOrigin {
    let content: CommitOrigin.Content
    switch kind {
    case .created:
      let (created, text) = try file(of: rubric, at: commit.id)
      content = .created(created, text: text)
    case .removed:
      guard let parent else {
        throw StoreError(
          .notFound, "\(commit.id.prefix(12)) has no parent that `\(rubric)` could be taken from")
      }
      let (removed, text) = try file(of: rubric, at: parent)
      content = .removed(removed, text: text)
    default: content = .edits(edits)
    }
    let (subject, body) = CommitMessage.rationale(
      of: commit.message, rubric: rubric, record: record)
    return CommitOrigin(
      commit: commit.id, rubric: rubric, content: content, subject: subject, body: body,
      proposer: record?.proposer ?? MetaUpdate.Proposer())
  }

  private borrowing func file(
    of rubric: RubricID, at commit: ObjectID
  ) throws(StoreError) -> (Rubric, [UInt8]) {
    let tree = try inGit { () throws(GitError) in try self.commit(commit).tree }
    guard let blob = try blob(of: rubric, inTree: tree) else {
      throw StoreError(.notFound, "there is no rubric `\(rubric)` at \(commit.prefix(12))")
    }
    let (bytes, source) = try source(blob, of: rubric, at: commit)
    return (source.rubric, bytes)
  }

  /// The parent that the commit is compared with; nil for a root commit.
  private static func parent(
    of commit: CommitRecord, _ transplant: Transplant
  ) throws(StoreError) -> ObjectID? {
    let name = commit.id.prefix(12)
    guard let mainline = transplant.mainline else {
      guard commit.parents.count <= 1 else {
        throw StoreError(
          .ambiguous,
          "\(name) is a merge of \(commit.parents.count) commits, and what it changed"
            + " depends on which of them it is compared with",
          hint: "`--mainline 1` compares it with the branch that was merged into")
      }
      return commit.parents.first
    }
    guard commit.parents.count > 1 else {
      throw StoreError(
        .invalidName, "\(name) is no merge, so that it has no mainline",
        hint: "leave `--mainline` out")
    }
    guard mainline >= 1, mainline <= commit.parents.count else {
      throw StoreError(
        .notFound, "\(name) has no parent \(mainline)", hint: "it has \(commit.parents.count)")
    }
    return commit.parents[mainline - 1]
  }

  private static func one(
    of changed: [RubricID], _ commit: CommitRecord, _ transplant: Transplant
  ) throws(StoreError) -> RubricID {
    let name = commit.id.prefix(12)
    if let wanted = transplant.rubric {
      guard changed.contains(wanted) else {
        throw StoreError(
          .notFound, "\(name) does not change `\(wanted)`",
          hint: changed.isEmpty
            ? "it changes no rubric"
            : "it changes \(Suggestion.list(changed.prefix(10).map(\.rawValue), conjunction: "and"))"
        )
      }
      return wanted
    }
    guard let first = changed.first else {
      throw StoreError(.notFound, "\(name) changes no rubric")
    }
    guard changed.count == 1 else {
      throw StoreError(
        .ambiguous, "\(name) changes \(changed.count) rubrics",
        hint: "name one of "
          + Suggestion.list(changed.prefix(10).map(\.rawValue)) + " with `--rubric`")
    }
    return first
  }
}
