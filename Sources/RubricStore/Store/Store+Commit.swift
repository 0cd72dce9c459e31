internal import Synchronization

/// What a commit did.
public struct CommitOutcome: Sendable {
  /// The new commit.
  public let commit: ObjectID
  /// The commit before it; nil for the first of a repository.
  public let parent: ObjectID?
  /// The branch that was moved, by its short name.
  public let branch: String
  /// The rubric that was committed.
  public let rubric: RubricID
  /// How the rubric changed.
  public let kind: RecordedChange.Kind
  /// The edits as they were made; none for a rubric that was created or removed.
  public let edits: [Edit]
  /// What the change means for scores; nil for a rubric that was created.
  public let comparability: Comparability?
  /// How often the branch was moved by others meanwhile, and the edits made anew on its new tip.
  public let retries: Int
  /// Why the file in the work tree was left as it is, if it was.
  public let workTreeNote: String?
}

extension Store {
  /// Commits a meta-update.
  ///
  /// The edits are made on the branch's tip. If others move the branch meanwhile, they are made anew
  /// on the new tip, and only edits that clash come back as an error. The file keeps its layout and
  /// its comments wherever the edits do not touch them. What was written is read back and verified,
  /// and checked to replay, before the branch is moved.
  ///
  /// - Parameters:
  ///   - update: The edits, with their rationales. The meta-editor's may not touch what is pinned.
  ///   - branch: The branch's short name; nil for the one that is checked out.
  ///   - author: Who made the change; nil for git's own answer.
  /// - Returns: The commit, and the edits as they were made.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/edits`` for edits that cannot be made,
  ///   ``StoreError/Code/nothingToCommit``, ``StoreError/Code/dirty`` where the file in the work tree
  ///   has changes, ``StoreError/Code/contended`` after ``CommitRetry/attempts`` tries, and others.
  /// - Complexity: One read, one parse, three objects written and read back, one reference moved.
  @discardableResult
  public func commit(
    _ update: MetaUpdate, to branch: String? = nil, author: Identity? = nil
  ) throws(StoreError) -> CommitOutcome {
    let target = try self.branch(branch)
    return try retrying { retries throws(StoreError) in
      try self.inRepository { repository throws(StoreError) in
        let base = try CommitBase(repository, target, rubric: update.rubric)
        let made = try base.making(update, repository)
        let change = PreparedChange(
          update: made.update, kind: .edited,
          text: try Rubric.rewritten(made.bytes, made.old, as: made.result),
          before: made.old.rubric, after: made.result)
        return try base.commit(change, in: repository, author: author, retries: retries)
      }
    }
  }

  /// Commits a rubric that is not there yet.
  ///
  /// - Parameters:
  ///   - text: The file as it shall be stored; its layout and comments are kept.
  ///   - rationale: Why, as a whole; may be empty.
  ///   - proposer: Who brings it.
  ///   - branch: The branch's short name; nil for the one that is checked out. It may have no
  ///     commits yet.
  ///   - author: Who made the change; nil for git's own answer.
  ///   - isFromWorkTree: Whether the text is the file in the work tree.
  /// - Returns: The commit.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/exists`` where the rubric is there, or
  ///   ``StoreError/Code/invalidDocument``.
  @discardableResult
  public func create(
    _ text: [UInt8], rationale: String = "", proposer: MetaUpdate.Proposer = MetaUpdate.Proposer(),
    to branch: String? = nil, author: Identity? = nil, isFromWorkTree: Bool = false
  ) throws(StoreError) -> CommitOutcome {
    let rubric = try Self.parse(text).rubric
    let target = try self.branch(branch)
    return try retrying { retries throws(StoreError) in
      try self.inRepository { repository throws(StoreError) in
        let base = try CommitBase(repository, target, rubric: rubric.id)
        if base.tip == nil {
          // Only the branch that HEAD names may begin here; another would share no history.
          let head = try inGit { () throws(GitError) in try repository.head() }
          guard case .branch(target, _) = head else {
            throw StoreError(
              .notFound, "there is no branch `\(target.short)`",
              hint: "`rubricctl branch \(target.short)` creates it")
          }
        }
        guard base.blob == nil else {
          throw StoreError(
            .exists, "there is a rubric `\(rubric.id)` on `\(target.short)` already",
            hint: "choose another id, or commit edits of the one that is there")
        }
        let change = PreparedChange(
          update: MetaUpdate(
            rubric: rubric.id, edits: [], rationale: rationale, proposer: proposer),
          kind: .created, text: text, before: nil, after: rubric, isFromWorkTree: isFromWorkTree,
          workTreeText: text)
        return try base.commit(change, in: repository, author: author, retries: retries)
      }
    }
  }

  /// Commits another text of a rubric as the typed edits that lead to it.
  ///
  /// The bytes are stored as they are, if the branch still holds the rubric that they were made
  /// for; otherwise the edits are made on its new tip. A text that only changes layout or comments is
  /// a commit without edits.
  ///
  /// - Parameters:
  ///   - text: The new text, with the id of the rubric that it replaces.
  ///   - rationale: Why, as a whole; each edit takes it for its rationale.
  ///   - proposer: Who brings it.
  ///   - branch: The branch's short name; nil for the one that is checked out.
  ///   - author: Who made the change; nil for git's own answer.
  ///   - isFromWorkTree: Whether the text is the file in the work tree, which then may differ from
  ///     the tip.
  /// - Returns: The commit, and the edits.
  /// - Throws: ``StoreError``, as ``commit(_:to:author:)`` does, or with code
  ///   ``StoreError/Code/invalidDocument``.
  @discardableResult
  public func replace(
    with text: [UInt8], rationale: String, proposer: MetaUpdate.Proposer = MetaUpdate.Proposer(),
    to branch: String? = nil, author: Identity? = nil, isFromWorkTree: Bool = false
  ) throws(StoreError) -> CommitOutcome {
    let wanted = try Self.parse(text).rubric
    let target = try self.branch(branch)
    let first = Mutex<Rubric?>(nil)
    return try retrying { retries throws(StoreError) in
      try self.inRepository { repository throws(StoreError) in
        let base = try CommitBase(repository, target, rubric: wanted.id)
        guard let old = base.source, let oldBytes = base.bytes else {
          throw StoreError(
            .notFound, "there is no rubric `\(wanted.id)` on `\(target.short)`",
            hint: "`rubricctl import` adds it")
        }
        let origin = first.withLock { origin in
          origin = origin ?? old.rubric
          return origin ?? old.rubric
        }
        let edits = try Self.edits(from: origin, to: wanted, rationale: rationale)
        var update = MetaUpdate(
          rubric: wanted.id, edits: edits, rationale: rationale, proposer: proposer)
        let settled = try old.rubric.settled(update)
        update.edits = settled.edits
        let bytes =
          settled.rubric == wanted ? text : try Rubric.rewritten(oldBytes, old, as: settled.rubric)
        guard bytes != oldBytes else {
          throw StoreError(.nothingToCommit, "`\(wanted.id)` is as it was committed")
        }
        let change = PreparedChange(
          update: update, kind: .edited, text: bytes, before: old.rubric, after: settled.rubric,
          isFromWorkTree: isFromWorkTree, workTreeText: text)
        return try base.commit(change, in: repository, author: author, retries: retries)
      }
    }
  }

  /// Commits that a rubric is no longer there.
  ///
  /// - Parameters:
  ///   - rubric: The rubric.
  ///   - rationale: Why.
  ///   - proposer: Who proposes it. The meta-editor may not remove what is pinned.
  ///   - branch: The branch's short name; nil for the one that is checked out.
  ///   - author: Who made the change; nil for git's own answer.
  ///   - isFromWorkTree: Whether the file in the work tree is gone already.
  /// - Returns: The commit.
  /// - Throws: ``StoreError``.
  @discardableResult
  public func remove(
    _ rubric: RubricID, rationale: String, proposer: MetaUpdate.Proposer = MetaUpdate.Proposer(),
    to branch: String? = nil, author: Identity? = nil, isFromWorkTree: Bool = false
  ) throws(StoreError) -> CommitOutcome {
    let target = try self.branch(branch)
    return try retrying { retries throws(StoreError) in
      try self.inRepository { repository throws(StoreError) in
        let base = try CommitBase(repository, target, rubric: rubric)
        guard base.blob != nil else {
          throw StoreError(.notFound, "there is no rubric `\(rubric)` on `\(target.short)`")
        }
        if proposer.author == .meta, let pinned = base.source?.rubric.criteria.firstPinned {
          throw StoreError(
            EditError(
              .pinned, criterion: pinned,
              message: "`\(pinned)` is pinned, and would go with the rubric",
              hint: "leave the rubric as it is; only a person may remove it"))
        }
        let update = MetaUpdate(
          rubric: rubric, edits: [], rationale: rationale, proposer: proposer)
        let change = PreparedChange(
          update: update, kind: .removed, text: nil, before: base.source?.rubric, after: nil,
          isFromWorkTree: isFromWorkTree)
        return try base.commit(change, in: repository, author: author, retries: retries)
      }
    }
  }

  private static func parse(_ text: [UInt8]) throws(StoreError) -> Rubric.Source {
    do throws(SyntaxError) {
      return try Rubric.source(text, file: "")
    } catch {
      throw StoreError(
        .invalidDocument, "the rubric is not valid", findings: error.findings)
    }
  }

  private static func edits(
    from old: Rubric, to new: Rubric, rationale: String
  ) throws(StoreError) -> [Edit] {
    do throws(EditError) {
      return try old.edits(to: new).map { Edit($0.change, rationale: rationale) }
    } catch {
      throw StoreError(error)
    }
  }
}

extension CommitBase {
  /// Makes edits on the tip's rubric, as they are to be committed.
  func making(
    _ update: MetaUpdate, _ repository: borrowing GitRepository
  ) throws(StoreError) -> (
    old: Rubric.Source, bytes: [UInt8], result: Rubric, update: MetaUpdate
  ) {
    guard let old = source, let bytes else {
      let names = try rubrics(repository)
      throw StoreError(
        .notFound, "there is no rubric `\(update.rubric)` on `\(branch.short)`",
        hint: Suggestion.didYouMean(update.rubric.rawValue, among: names)
          ?? "`rubricctl import FILE --id \(update.rubric)` adds it")
    }
    let (result, edits) = try old.rubric.settled(update)
    guard result != old.rubric || edits.contains(where: { $0.operation == .noChange }) else {
      throw StoreError(
        .nothingToCommit, "the edits leave `\(update.rubric)` as it is",
        hint: "to record that it was looked at and left, commit a `no_change`")
    }
    var made = update
    made.edits = edits
    return (old, bytes, result, made)
  }
}

extension Rubric {
  fileprivate func settled(
    _ update: MetaUpdate
  ) throws(StoreError) -> (rubric: Rubric, edits: [Edit]) {
    do throws(EditError) {
      return try settling(update.edits, by: update.proposer.author)
    } catch {
      throw StoreError(error)
    }
  }

  /// The text of `result` in the layout of the text that it came from, as far as that goes.
  ///
  /// A text that does not read as exactly `result` is never returned: the canonical text takes its
  /// place.
  package static func rewritten(
    _ bytes: [UInt8], _ old: Source, as result: Rubric
  ) throws(StoreError) -> [UInt8] {
    let text = String(decoding: bytes, as: UTF8.self)
    if result == old.rubric { return bytes }
    // What is canonical stays canonical, at no cost of patching.
    if text != old.rubric.canonicalText,
      let patched = YAMLPatcher.patch(
        source: text, root: old.root, old: old.rubric.written, new: result.written)
    {
      let candidate = Array(patched.utf8)
      if let again = try? Rubric.source(candidate, file: "").rubric, again == result {
        return candidate
      }
    }
    return Array(result.canonicalText.utf8)
  }
}
