/// A merge that waits for its conflicts to be settled: a document in a commit of its own.
///
/// The commit is under `refs/rubric-merges/BRANCH`; its parents are the two sides, so that neither
/// can be collected, and its tree holds the document and no rubric. The branch itself stays where it
/// is.
///
/// - SeeAlso: SPEC.md §12.8.
public struct KeptMerge: Sendable {
  /// The branch that is merged into.
  public var branch: String
  /// What is merged, as it was named.
  public var revision: String
  /// The branch's tip when the conflicts were last worked out.
  public var ours: ObjectID
  /// The commit that is merged.
  public var theirs: ObjectID
  /// Why, as a whole.
  public var rationale: String
  /// Who merges.
  public var proposer: MetaUpdate.Proposer
  /// What was settled so far.
  public var settlements: Settlements
  /// What is not settled.
  public var conflicts: [MergeConflict]
  /// The commit that holds the document.
  public var commit: ObjectID?

  static let schema = "rubric-merge/1"
  static let file = "merge.json"
  static let folder = "refs/rubric-merges/"
  static let kindWord = "unfinished"

  init(_ report: MergeReport, _ options: MergeOptions) {
    branch = report.branch
    revision = report.revision
    ours = report.ours
    theirs = report.theirs
    rationale = options.rationale
    proposer = options.proposer
    settlements = options.settlements
    conflicts = report.conflicts
  }

  /// The options to merge again with what was settled.
  func options(author: Identity?) -> MergeOptions {
    var options = MergeOptions()
    options.settlements = settlements
    options.rationale = rationale
    options.proposer = proposer
    options.author = author
    options.fastForward = .never
    // The branch may have moved on, so that some are no longer needed.
    options.requiredPlaces = []
    return options
  }

  /// Whether a message is that of a kept merge.
  static func isKept(_ message: String) -> Bool {
    message.hasSuffix("\n\(CommitMessage.kindKey): \(kindWord)\n")
  }

  static func reference(_ branch: ReferenceName) throws(StoreError) -> ReferenceName {
    try inGit { () throws(GitError) in try ReferenceName(folder + branch.short) }
  }

  /// The document; where it would be too large to be read again, without what the sides hold.
  var text: [UInt8] {
    let whole = Array((json(isWhole: true).indentedText + "\n").utf8)
    guard whole.count > Self.wholeBytes else { return whole }
    return Array((json(isWhole: false).indentedText + "\n").utf8)
  }

  private static let wholeBytes = Limits.textBytes / 4

  private func json(isWhole: Bool) -> JSONValue {
    [
      "schema": .string(Self.schema), "branch": .string(branch), "revision": .string(revision),
      "ours": .string(ours.hex), "theirs": .string(theirs.hex), "rationale": .string(rationale),
      "proposer": ["author": .string(proposer.author.rawValue), "name": .string(proposer.name)],
      "settlements": .array(settlements.places.map(\.json)),
      "settle_all": .array(settlements.all.map(\.json)),
      "conflicts": .array(
        conflicts.map { conflict in
          isWhole
            ? conflict.json
            : ["code": .string(conflict.code.rawValue), "path": .string("\(conflict.path)")]
        }),
    ]
  }

  /// Reads the document; the conflicts are worked out anew by those who need them.
  init(parsing text: [UInt8], commit: ObjectID) throws(StoreError) {
    let failure = StoreError(
      .invalidDocument, "the kept merge \(commit.prefix(12)) cannot be read",
      hint: "`rubricctl merge --abort` drops it")
    guard let value = try? JSONReader.parse(text), value["schema"]?.string == Self.schema,
      let branch = value["branch"]?.string, let revision = value["revision"]?.string,
      let ours = value["ours"]?.string.flatMap({ ObjectID(hex: $0) }),
      let theirs = value["theirs"]?.string.flatMap({ ObjectID(hex: $0) }),
      let places = value["settlements"]?.array
    else { throw failure }
    self.branch = branch
    self.revision = revision
    self.ours = ours
    self.theirs = theirs
    rationale = value["rationale"]?.string ?? ""
    proposer = MetaUpdate.Proposer(
      value["proposer"]?["author"]?.string.flatMap { EditAuthor(rawValue: $0) } ?? .human,
      name: value["proposer"]?["name"]?.string ?? "")
    var read: [Settlement] = []
    for place in places {
      guard let name = place["place"]?.string,
        let rule = place["rule"].flatMap(Settlement.Rule.init(json:))
      else { throw failure }
      read.append(Settlement(name, rule))
    }
    settlements = Settlements(
      read, all: (value["settle_all"]?.array ?? []).compactMap(Settlement.Rule.init(json:)))
    conflicts = []
    self.commit = commit
  }

  /// Stores the document, in place of the one that is expected there.
  @discardableResult
  func store(
    _ repository: borrowing GitRepository, author: Identity?, expecting expected: ObjectID?
  ) throws(StoreError) -> ObjectID {
    let author = try author.or { () throws(StoreError) in try repository.identity(.author) }
    let committer = try repository.committer(or: author)
    let target = try inGit { () throws(GitError) in try ReferenceName.branch(branch) }
    let name = try Self.reference(target)
    let message =
      "Unfinished merge of \(revision) into \(branch)\n\n\(CommitMessage.kindKey): "
      + "\(Self.kindWord)\n"
    return try inGit { () throws(GitError) in
      let blob = try repository.writeBlob(text)
      let (tree, trees) = try repository.writeTree(
        from: nil, edits: [TreeEdit(path: try RepositoryPath(Self.file), blob: blob)])
      let commit = try repository.writeCommit(
        tree: tree, parents: [ours, theirs], author: author.signature(),
        committer: committer.signature(), message: message)
      try repository.verify([blob] + trees + [tree, commit])
      try repository.moveReference(
        name, to: commit, expecting: expected, message: "merge: keep \(revision)",
        by: committer.signature())
      return commit
    }
  }
}

extension Settlement.Rule {
  /// The rule that ``json`` wrote.
  fileprivate init?(json: JSONValue) {
    let (root, _) = JSONReader.read(Array(json.jsonText.utf8))
    var reader = NodeReader()
    guard let root, let rule = Self.read(root, &reader), reader.findings.isEmpty else {
      return nil
    }
    self = rule
  }
}

extension Settlement {
  /// The settlement as it stands in documents.
  var json: JSONValue { ["place": .string(place), "rule": rule.json] }
}

extension GitRepository {
  /// Refuses a second merge into a branch.
  borrowing func refuseKeptMerge(_ branch: ReferenceName) throws(StoreError) {
    guard let kept = try keptMerge(branch) else { return }
    throw StoreError(
      .unfinishedMerge,
      "the merge of `\(kept.revision)` into `\(branch.short)` is not finished",
      hint: "`rubricctl conflicts` lists what is open; `rubricctl merge --continue` or `--abort` "
        + "ends it")
  }

  /// The merge into a branch that is kept; nil where there is none.
  borrowing func keptMerge(_ branch: ReferenceName) throws(StoreError) -> KeptMerge? {
    let name = try KeptMerge.reference(branch)
    let found = try inGit { () throws(GitError) -> (commit: ObjectID, text: [UInt8])? in
      guard case .object(let id)? = try reference(name)?.target else { return nil }
      let path = try RepositoryPath(KeptMerge.file)
      let tree = try self.commit(id).tree
      guard let entry = try? entry(at: path, inTree: tree), entry.isFile else { return (id, []) }
      return (id, try readBlob(entry.id, limit: Limits.textBytes))
    }
    guard let found else { return nil }
    let kept = try KeptMerge(parsing: found.text, commit: found.commit)
    let parents = try inGit { () throws(GitError) in try commit(found.commit).parents }
    guard kept.branch == branch.short, parents == [kept.ours, kept.theirs] else {
      throw StoreError(
        .invalidDocument,
        "the kept merge \(found.commit.prefix(12)) is not one into `\(branch.short)`",
        hint: "`rubricctl merge --abort` drops it")
    }
    return kept
  }
}
