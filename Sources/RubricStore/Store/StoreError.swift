/// The error of a store: of git, of what it holds, or of what it was asked.
///
/// Errors are equal when their codes are, so that a test can name the one that it expects.
public struct StoreError: Error, Sendable {
  /// What kind of thing is wrong; new codes may be added, so that a `switch` needs a default.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The code as it stands in JSON, in snake case.
    public let rawValue: String

    /// Creates a code from its JSON form.
    public init(rawValue: String) { self.rawValue = rawValue }

    init(_ rawValue: String) { self.rawValue = rawValue }

    /// There is no repository at the path.
    public static let notARepository = Code("not_a_repository")
    /// The repository belongs to somebody else, or uses what this library does not know.
    public static let refused = Code("refused")
    /// No commit, branch, tag or rubric of that name.
    public static let notFound = Code("not_found")
    /// A branch, tag or rubric of that name is there already.
    public static let exists = Code("exists")
    /// A prefix or a name stands for more than one thing.
    public static let ambiguous = Code("ambiguous")
    /// A name or a revision that is not well formed.
    public static let invalidName = Code("invalid_name")
    /// The branch has no commits yet.
    public static let unborn = Code("unborn")
    /// The branch was moved by others again and again, or its lock is held.
    public static let contended = Code("contended")
    /// The work tree has changes that would be lost.
    public static let dirty = Code("dirty")
    /// There is nothing to commit.
    public static let nothingToCommit = Code("nothing_to_commit")
    /// Git has no name and address to sign the commit with.
    public static let noIdentity = Code("no_identity")
    /// A stored rubric or a commit's record is not valid.
    public static let invalidDocument = Code("invalid_document")
    /// The edits cannot be made.
    public static let edits = Code("edits")
    /// A commit does not give its rubric when its edits are made on its parent's.
    public static let notReplayable = Code("not_replayable")
    /// A settlement does not fit the place that it names.
    public static let unfitSettlement = Code("unfit_settlement")
    /// A settlement names a place where there is nothing to settle.
    public static let nothingToSettle = Code("nothing_to_settle")
    /// Files other than rubrics are in conflict, and those are merged with git.
    public static let fileConflict = Code("file_conflict")
    /// A merge waits to be finished.
    public static let unfinishedMerge = Code("unfinished_merge")
    /// An object in the repository is damaged.
    public static let corrupt = Code("corrupt")
    /// The operation needs a work tree, and the repository is bare.
    public static let bare = Code("bare")
    /// Something is larger than a limit.
    public static let tooLarge = Code("too_large")
    /// Reading or writing failed: no space, no permission, an error of the disk.
    public static let io = Code("io")
    /// Another machine could not be reached, or refused.
    public static let transport = Code("transport")
    /// Anything else that git reports.
    public static let git = Code("git")
  }

  /// What kind of thing is wrong.
  public var code: Code
  /// What was found and what was expected, in one sentence without a full stop.
  public var message: String
  /// What to do about it, if that is known.
  public var hint: String?
  /// What is wrong with a document.
  public var findings: [Finding]
  /// Why edits cannot be made.
  public var editError: EditError?
  /// Whether it may be over in a moment, because another writer is in the middle of a commit.
  var isTransient = false

  /// Creates an error.
  public init(
    _ code: Code, _ message: String, hint: String? = nil, findings: [Finding] = [],
    editError: EditError? = nil
  ) {
    self.code = code
    self.message = message
    self.hint = hint
    self.findings = findings
    self.editError = editError
  }
}

extension StoreError: Equatable {
  /// Whether both have the same code.
  public static func == (left: StoreError, right: StoreError) -> Bool { left.code == right.code }
}

extension StoreError: CustomStringConvertible {
  /// One sentence, and a line for each finding.
  public var description: String {
    var text = message
    if let hint { text += " (\(hint))" }
    for finding in findings { text += "\n  \(finding)" }
    return text
  }
}

extension StoreError {
  init(_ error: GitError) {
    let code: Code =
      switch error.code {
      case .notARepository: .notARepository
      case .owner, .unsupported: .refused
      case .notFound: .notFound
      case .exists: .exists
      case .ambiguous: .ambiguous
      case .invalid: .invalidName
      case .unborn: .unborn
      case .modified, .locked: .contended
      case .conflict: .dirty
      case .corrupt: .corrupt
      case .bare: .bare
      case .tooLarge: .tooLarge
      case .io: .io
      case .transport, .auth: .transport
      default: .git
      }
    self.init(code, error.message)
    switch error.code {
    case .ambiguous where !error.objects.isEmpty:
      hint = "it may be " + error.objects.map(\.hex).joined(separator: " or ")
    case .conflict where !error.paths.isEmpty:
      hint = "commit, or put aside, the changes of " + error.paths.joined(separator: ", ")
    case .corrupt:
      hint = "`git fsck` lists what is damaged; another clone may still have it"
    case .locked:
      hint = "if no git program is running, remove the `.lock` file"
    default: break
    }
  }

  init(_ error: EditError) {
    self.init(
      .edits, error.message, hint: error.hint, findings: error.findings, editError: error)
    var error = error
    error.findings = []
    error.hint = nil
    message = error.description
  }
}

extension Optional {
  /// The value, or what `standard` makes: `??` for closures that throw a typed error.
  func or<Failure: Error>(_ standard: () throws(Failure) -> Wrapped) throws(Failure) -> Wrapped {
    if let self { self } else { try standard() }
  }
}

/// Runs calls of git and turns what they throw into an error of the store.
func inGit<Result: ~Copyable>(
  _ body: () throws(GitError) -> Result
) throws(StoreError) -> Result {
  do throws(GitError) { return try body() } catch { throw StoreError(error) }
}
