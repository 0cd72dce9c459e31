/// How a merge is to be made.
public struct MergeOptions: Sendable {
  /// Whether the branch may simply be moved to a commit that builds on it.
  public enum FastForward: String, CaseIterable, Hashable, Sendable {
    /// Where it can be.
    case allowed
    /// Never: there is a merge commit every time.
    case never
    /// Nothing else is done.
    case only
  }

  /// How conflicts are to be settled.
  public var settlements = Settlements()
  /// Whether the branch may simply be moved.
  public var fastForward: FastForward = .allowed
  /// Why, as a whole; may be empty.
  public var rationale = ""
  /// Who merges, for the record.
  public var proposer = MetaUpdate.Proposer()
  /// Who commits; nil for git's own answer.
  public var author: Identity?
  /// Whether to look only.
  public var isDryRun = false
  /// Whether conflicts are kept in the repository, to be settled one by one.
  public var keepsConflicts = false
  /// The places whose settlements have to be needed; nil for all.
  var requiredPlaces: Set<String>?

  /// Creates options with every one at its default.
  public init() {}
}

/// What a merge did, or would do.
public struct MergeReport: Sendable {
  /// How it ended.
  public enum Kind: String, Hashable, Sendable {
    /// The branch has all of the other's commits already.
    case upToDate = "up_to_date"
    /// The branch was moved to the other's tip.
    case fastForward = "fast_forward"
    /// There is a merge commit.
    case merged
    /// There are conflicts that nothing settles; nothing was committed.
    case conflicts
  }

  /// How it ended.
  public var kind: Kind
  /// The branch that was merged into, by its short name.
  public var branch: String
  /// What was merged, as it was named.
  public var revision: String
  /// The branch's tip before the merge.
  public var ours: ObjectID
  /// The commit that was merged.
  public var theirs: ObjectID
  /// The best common ancestors; none of unrelated histories.
  public var bases: [ObjectID]
  /// The branch's new tip; nil where it was not moved.
  public var commit: ObjectID?
  /// The rubrics that either side has changed, by id.
  public var rubrics: [RubricMerge]
  /// Whether the conflicts are kept in the repository.
  public var isKept = false
  /// How often the branch was moved by others meanwhile, and the merge made anew on its new tip.
  public var retries = 0
  /// Why files in the work tree were left as they are, if they were.
  public var workTreeNote: String?

  /// The conflicts of all rubrics.
  public var conflicts: [MergeConflict] { rubrics.flatMap(\.conflicts) }
  /// What was settled in all rubrics.
  public var settled: [SettledConflict] { rubrics.flatMap(\.settled) }
}

/// What a merge makes of one rubric.
public struct RubricMerge: Sendable {
  /// What a side has done since the base.
  public enum SideChange: String, Hashable, Sendable {
    case unchanged, edited, created, removed
  }

  /// The rubric.
  public var rubric: RubricID
  /// What our side did to it.
  public var ourChange: SideChange
  /// What their side did to it.
  public var theirChange: SideChange
  /// The edits that lead from the base to our side; none for a rubric that was created or removed.
  public var ourEdits: [Edit] = []
  /// The edits that lead from the base to their side.
  public var theirEdits: [Edit] = []
  /// The merged rubric; nil where it is gone, or its schema is not known.
  public var result: Rubric?
  /// What is not settled.
  public var conflicts: [MergeConflict] = []
  /// What was settled, and how.
  public var settled: [SettledConflict] = []
  /// What merged cleanly and is worth a look.
  public var notes: [MergeNote] = []
  /// What the merge means for scores made on our side; nil for a rubric that came or went.
  public var sinceOurs: Comparability?
  /// What the merge means for scores made on their side.
  public var sinceTheirs: Comparability?
}
