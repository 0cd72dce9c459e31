/// One place where two versions of a rubric cannot both be had.
///
/// A value and not a marker in a file.
///
/// - SeeAlso: SPEC.md §12.3.
public struct MergeConflict: Hashable, Sendable {
  /// What kind of conflict it is; new codes may be added, so that a `switch` needs a default.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The code as it stands in JSON, in snake case.
    public let rawValue: String

    /// Creates a code from its JSON form.
    public init(rawValue: String) { self.rawValue = rawValue }

    init(_ rawValue: String) { self.rawValue = rawValue }

    /// Both sides gave a field another value, and not the same one.
    public static let bothChanged = Code("both_changed")
    /// One side changed what the other removed.
    public static let changedAndRemoved = Code("changed_and_removed")
    /// Both sides added something of one name, and not the same thing.
    public static let bothAdded = Code("both_added")
    /// Both sides moved a criterion, to different groups.
    public static let movedApart = Code("moved_apart")
    /// The moves of both sides together put a criterion inside itself.
    public static let cycle = Code("cycle")
    /// Each field is clean, and the whole is not right.
    public static let inconsistent = Code("inconsistent")
    /// One side removed a criterion and gave its id to another, while the other side changed it.
    public static let idReused = Code("id_reused")
    /// The two sides are written in different schemas.
    public static let schemaDiffers = Code("schema_differs")
  }

  /// One edit of one side that had a part in the conflict.
  public struct Cause: Hashable, Sendable {
    /// The commit's full hash; nil where the edit was worked out from two documents.
    public var commit: String?
    /// The edit, with its rationale.
    public var edit: Edit

    /// Creates a cause.
    public init(commit: String?, edit: Edit) {
      self.commit = commit
      self.edit = edit
    }
  }

  /// What kind of conflict it is.
  public var code: Code
  /// Where it is.
  public var path: MergePath
  /// What it was; nil where it was not there.
  public var base: JSONValue?
  /// What our side has; nil where it has none.
  public var ours: JSONValue?
  /// What their side has; nil where it has none.
  public var theirs: JSONValue?
  /// Our side's edits of this place, oldest first.
  public var ourCauses: [Cause] = []
  /// Their side's edits of this place, oldest first.
  public var theirCauses: [Cause] = []
  /// What is in conflict, in one sentence without a full stop.
  public var message: String
  /// The rules that can settle it, besides a value.
  public var rules: [Settlement.Rule]
  /// Whether a value can settle it.
  public var takesValue: Bool
}

/// A conflict that was settled, and how.
public struct SettledConflict: Hashable, Sendable {
  /// What was settled; its code is nil for a field that was set without a conflict.
  public var path: MergePath
  /// The kind of conflict; nil where there was none, and the settlement sets a field all the same.
  public var code: MergeConflict.Code?
  /// How it was settled.
  public var rule: Settlement.Rule
  /// What the field was.
  public var base: JSONValue?
  /// What our side had.
  public var ours: JSONValue?
  /// What their side had.
  public var theirs: JSONValue?
  /// What it is now; nil where it is gone.
  public var result: JSONValue?
}

/// Something that merged without a conflict, and that a person wants to know all the same.
public struct MergeNote: Hashable, Sendable {
  /// What kind of thing it is; new codes may be added.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The code as it stands in JSON, in snake case.
    public let rawValue: String

    /// Creates a code from its JSON form.
    public init(rawValue: String) { self.rawValue = rawValue }

    init(_ rawValue: String) { self.rawValue = rawValue }

    /// One side set weights among siblings whose number or weights the other side changed.
    public static let sharesChanged = Code("shares_changed")
    /// One side set a weight, and the other changed what it is a weight of: the group around it, how
    /// that is rolled up, or which way the criterion counts.
    public static let weightMeaningChanged = Code("weight_meaning_changed")
    /// One side changed the words of a criterion, and the other what they stand for: which way it
    /// counts, that it became a group, or that a part of it went into another.
    public static let meaningChanged = Code("meaning_changed")
    /// One side pinned a criterion, or a group, that the other side changed.
    public static let pinnedChanged = Code("pinned_changed")
    /// What one side put into a group went with it, by a settlement.
    public static let removedWithGroup = Code("removed_with_group")
  }

  /// What kind of thing it is.
  public var code: Code
  /// Where it is.
  public var path: MergePath
  /// What happened, in one sentence without a full stop.
  public var message: String

  static func precedes(_ left: MergeNote, _ right: MergeNote) -> Bool {
    left.path == right.path
      ? left.code.rawValue.utf8.lexicographicallyPrecedes(right.code.rawValue.utf8)
      : left.path < right.path
  }
}
