/// Which commits made one version of a rubric what it is, field by field.
///
/// - SeeAlso: SPEC.md §7.6.
public struct Blame: Sendable {
  /// The rubric.
  public var rubric: RubricID
  /// The commit whose version it is about.
  public var commit: ObjectID
  /// The rubric's own fields; nil where only one criterion was asked for.
  public var document: Part?
  /// The criteria, groups before what is in them, in the order of the document.
  public var criteria: [Part]
  /// The commits that were passed over because their version of the rubric is not valid.
  public var unreadable: [Unreadable]

  /// The rubric, or one of its criteria.
  public struct Part: Sendable {
    /// The criterion; nil for the rubric itself.
    public var criterion: CriterionID?
    /// Its title.
    public var title: String
    /// How many groups it lies in.
    public var depth: Int
    /// What brought it, with its id, into the rubric.
    public var created: Source
    /// What last changed each of its fields, in the order of the document.
    public var lines: [Line]
  }

  /// What last changed one field.
  public struct Line: Sendable {
    /// The field.
    public var field: FieldName
    /// The value as the document writes it; nil at the field's default.
    public var value: JSONValue?
    /// The commit, and its edit.
    public var source: Source
    /// The criteria that the field came from by `split` and `merge_criteria`, the latest first; none
    /// where it was always this criterion's.
    public var origins: [Origin]
  }

  /// What a commit did.
  public struct Source: Sendable {
    /// The commit.
    public var commit: ObjectID
    /// Who made the change.
    public var author: Identity
    /// The message's first line.
    public var subject: String
    /// How the commit changed the rubric.
    public var kind: RecordedChange.Kind
    /// Who proposed its edits.
    public var proposer: MetaUpdate.Proposer
    /// The edit that made the change; nil where the commit created the rubric, and where no edit
    /// tells.
    public var edit: Edit?
    /// Whether the commit records the edit itself; else it was worked out from the two versions.
    public var isRecorded: Bool
    /// Whether the change may be older: a shallow clone ends here.
    public var isBoundary: Bool

    /// Why the change was made: the edit's rationale, or else what the commit's subject says.
    public var reason: String {
      if let edit, !edit.rationale.isEmpty { return edit.rationale }
      return subject
    }
  }

  /// How a field came to a criterion from another one.
  public struct Origin: Hashable, Sendable {
    /// The criterion that had it before.
    public var criterion: CriterionID
    /// `split` or `merge_criteria`.
    public var operation: Edit.Operation
    /// The commit that did it.
    public var commit: ObjectID

    /// Creates an origin.
    public init(criterion: CriterionID, operation: Edit.Operation, commit: ObjectID) {
      self.criterion = criterion
      self.operation = operation
      self.commit = commit
    }
  }

  /// A version that could not be read.
  public struct Unreadable: Sendable {
    /// The commit.
    public var commit: ObjectID
    /// Why.
    public var problem: String
  }
}

extension Blame.Part {
  /// The lines that tell something: fields that are not at their default, and fields that were changed
  /// since the criterion came.
  ///
  /// Where a criterion stands, and in which order a group's criteria are, is told if that changed.
  public var notable: [Blame.Line] {
    lines.filter { line in
      let isLater = line.source.commit != created.commit
      guard line.origins.isEmpty || line.value != nil else { return false }
      return isLater || (line.value != nil && line.field != .place && line.field != .criteria)
    }
  }
}
