/// What one commit did to one rubric.
public struct LogEntry: Sendable {
  /// The commit.
  public var commit: ObjectID
  /// Its parents, the first one first.
  public var parents: [ObjectID]
  /// Who made the change.
  public var author: Identity
  /// The message's first line.
  public var subject: String
  /// The message as a whole.
  public var message: String
  /// The rubric.
  public var rubric: RubricID
  /// How it changed.
  public var kind: RecordedChange.Kind
  /// The edits that the commit records; none for a rubric that was created or removed.
  ///
  /// Of a commit that records none they are those that lead from its parent's rubric to its own.
  public var edits: [Edit]
  /// Who proposed the edits.
  public var proposer: MetaUpdate.Proposer
  /// What the change means for scores; nil for a rubric that was created.
  public var comparability: Comparability?
  /// Whether the commit records its edits itself.
  public var isRecorded: Bool
  /// Why the change could not be read, if it could not; the entry then has no edits.
  public var problem: String?
  /// The conflicts that a merge settled.
  public var settled: [SettledConflict] = []
  /// The commit whose edits were made again or undone; nil for edits of their own.
  public var source: ChangeSource?
  /// What the edits rest on, as the commit says it; empty where it says nothing.
  public var provenance = JSONObject()
}

/// Which entries of a log are wanted.
public struct LogFilter: Hashable, Sendable {
  /// Only this rubric.
  public var rubric: RubricID?
  /// Only entries with an edit of this criterion, or of one that it was made of by `split` or
  /// `merge_criteria`.
  public var criterion: CriterionID?
  /// Only entries with an edit of one of these kinds; empty for all.
  public var operations: Set<Edit.Operation>
  /// The most entries, 0 or more; nil for all.
  public var limit: Int?
  /// Only these commits; nil for all.
  public var commits: Set<ObjectID>?

  /// Creates a filter.
  public init(
    rubric: RubricID? = nil, criterion: CriterionID? = nil,
    operations: Set<Edit.Operation> = [], limit: Int? = nil, commits: Set<ObjectID>? = nil
  ) {
    self.rubric = rubric
    self.criterion = criterion
    self.operations = operations
    self.limit = limit
    self.commits = commits
  }

  /// Whether a single edit can decide.
  var isAboutEdits: Bool { criterion != nil || !operations.isEmpty }
}

extension Edit {
  /// Whether the edit is about a criterion: as its target, inside what is added or removed, or as one
  /// of several.
  public func touches(_ id: CriterionID) -> Bool {
    switch change {
    case .add(let placed), .remove(let placed): placed.criterion.holds(id)
    case .split(let before, let after), .mergeCriteria(let before, let after):
      (before + after).contains { $0.criterion.holds(id) }
    default: target == id
    }
  }
}

extension Criterion {
  /// Whether it is the criterion of that id, or has it in it.
  func holds(_ id: CriterionID) -> Bool {
    self.id == id || criteria.contains { $0.holds(id) }
  }
}
