/// Edits of a commit that are to be made again, or undone, on the tip of a branch.
///
/// - SeeAlso: SPEC.md §7.9.
public struct Transplant: Hashable, Sendable {
  /// Whether the edits are made again or undone.
  public var kind: ChangeSource.Kind
  /// The commit, and which of its edits.
  public var selection: EditSelection
  /// The rubric; nil where the commit changes only one.
  public var rubric: RubricID?
  /// Of a merge commit the parent, counted from 1, whose difference to it is meant; nil for any other
  /// commit.
  public var mainline: Int?
  /// Why: in place of the original's words, or of what a revert says below its subject; nil for those.
  @Verbatim public var rationale: String?
  /// Who proposes it; nil for the original's proposer, and for a person who reverts.
  public var proposer: MetaUpdate.Proposer?

  /// Creates a transplant.
  public init(
    _ kind: ChangeSource.Kind, _ selection: EditSelection, rubric: RubricID? = nil,
    mainline: Int? = nil, rationale: String? = nil, proposer: MetaUpdate.Proposer? = nil
  ) {
    self.kind = kind
    self.selection = selection
    self.rubric = rubric
    self.mainline = mainline
    self.rationale = rationale
    self.proposer = proposer
  }
}

/// What a transplant did, or would do.
public struct TransplantOutcome: Sendable {
  /// The commit; nil of a preview.
  public let commit: CommitOutcome?
  /// What is committed: the settled edits, the rationale, and where they come from.
  public let update: MetaUpdate
  /// How the rubric changes.
  public let kind: RecordedChange.Kind
  /// What it means for scores; nil for a rubric that is created.
  public let comparability: Comparability?
  /// What was not quite as where the edits came from.
  public let notes: [TransplantNote]
}

extension Transplant {
  /// What the words for people call it.
  var verb: String { kind == .picked ? "picked" : "reverted" }
}
