/// The edits of one commit, with who proposed them and why.
public struct MetaUpdate: Hashable, Sendable {
  /// Who proposed the edits.
  public struct Proposer: Hashable, Sendable {
    /// What kind of author, and so what the edits may touch.
    public var author: EditAuthor
    /// A name for it on one line, such as a program, a model or a run; empty where there is none.
    @Verbatim public var name: String

    /// Creates a proposer.
    public init(_ author: EditAuthor = .human, name: String = "") {
      self.author = author
      self.name = name
    }
  }

  /// The rubric that the edits are for.
  public var rubric: RubricID
  /// Why, as a whole: a first line that sums it up, and more after a blank line; may be empty.
  @Verbatim public var rationale: String
  /// The edits, in the order in which they are made.
  public var edits: [Edit]
  /// Who proposed them.
  public var proposer: Proposer
  /// The commit whose edits these are, or whose edits they undo; nil for edits of their own.
  public var source: ChangeSource?
  /// What the edits rest on, for those who ask later: evidence, model, templates, review; any JSON,
  /// empty where nothing is known.
  public var provenance: JSONObject

  /// Creates a meta-update.
  public init(
    rubric: RubricID, edits: [Edit], rationale: String = "", proposer: Proposer = Proposer(),
    source: ChangeSource? = nil, provenance: JSONObject = JSONObject()
  ) {
    self.rubric = rubric
    self.edits = edits
    self.rationale = rationale
    self.proposer = proposer
    self.source = source
    self.provenance = provenance
  }
}

/// What a commit's message says about a rubric.
///
/// - SeeAlso: SPEC.md §7.2.
public struct RecordedChange: Hashable, Sendable {
  /// How a commit changed its rubric.
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    /// By the recorded edits: parent and edits give the child.
    case edited
    /// By being there for the first time.
    case created
    /// By no longer being there.
    case removed
    /// By a merge: the first parent and the recorded edits give the child, and so does merging the
    /// parents with what was settled.
    case merged
  }

  /// The rubric that the commit is about.
  public var rubric: RubricID
  /// How it changed.
  public var kind: Kind
  /// The edits that were recorded.
  public var edits: [Edit]
  /// Who proposed them.
  public var proposer: MetaUpdate.Proposer
  /// What the change means for scores, in one word and ids; nil for a rubric that was created.
  public var comparability: Comparability?
  /// The conflicts that a merge settled.
  public var settled: [SettledConflict] = []
  /// The commit whose edits were made again or undone; nil for edits of their own.
  public var source: ChangeSource?
  /// What the edits rest on, as the commit says it; empty where it says nothing.
  public var provenance = JSONObject()
}
