/// One typed change of a rubric, with why it was made and on what evidence.
///
/// An edit carries what it found (`before`) and what it leaves (`after`), so that it can be checked
/// before it is applied, and undone.
///
/// - SeeAlso: SPEC.md §5.
public struct Edit: Hashable, Sendable {
  /// What changes.
  public var change: Change
  /// Why, in words.
  @Verbatim public var rationale: String
  /// What it rests on: names of rollouts, reports, issues; whatever finds them again.
  @Verbatim public var evidence: [String]

  /// Creates an edit.
  public init(_ change: Change, rationale: String = "", evidence: [String] = []) {
    self.change = change
    self.rationale = rationale
    self.evidence = evidence
  }

  /// The kind of change.
  public var operation: Operation { change.parts.operation }

  /// The criterion that it is about; nil for the rubric, and for an edit of several criteria.
  public var target: CriterionID? { change.parts.target }
}

/// What a field was and what it becomes.
public struct Delta<Value: Sendable>: Sendable {
  /// What the edit found.
  public var before: Value
  /// What the edit leaves.
  public var after: Value

  /// Creates a delta.
  public init(before: Value, after: Value) {
    self.before = before
    self.after = after
  }

  /// The way back.
  public var inverted: Delta { Delta(before: after, after: before) }
}

/// Where a criterion stands.
public struct Place: Hashable, Sendable {
  /// The group that it is in; nil at the top level.
  public var parent: CriterionID?
  /// The sibling that it comes right after; nil if it comes first.
  public var follows: CriterionID?

  /// Creates a place.
  public init(parent: CriterionID? = nil, follows: CriterionID? = nil) {
    self.parent = parent
    self.follows = follows
  }
}

/// A criterion, with all that is in it, and where it stands.
public struct PlacedCriterion: Hashable, Sendable {
  /// The criterion.
  public var criterion: Criterion
  /// Where it stands.
  public var place: Place

  /// Creates a placed criterion.
  public init(_ criterion: Criterion, at place: Place = Place()) {
    self.criterion = criterion
    self.place = place
  }
}

/// A level and where it stands in its scale.
public struct PlacedLevel: Hashable, Sendable {
  /// The level.
  public var level: Level
  /// The value of the level that it comes right after; nil if it comes first.
  public var follows: Double?

  /// Creates a placed level.
  public init(_ level: Level, follows: Double? = nil) {
    self.level = level
    self.follows = follows
  }
}

/// An example and where it stands.
public struct PlacedExample: Hashable, Sendable {
  /// The value of the level that it exemplifies.
  public var level: Double
  /// The example.
  @Verbatim public var text: String
  /// The example that it comes right after; nil if it comes first.
  @Verbatim public var follows: String?

  /// Creates a placed example.
  public init(level: Double, text: String, follows: String? = nil) {
    self.level = level
    self.text = text
    self.follows = follows
  }
}

/// The wording of a criterion; a field that is alike before and after is not touched.
public struct Wording: Hashable, Sendable {
  /// What is judged.
  @Verbatim public var text: String
  /// Reasons to score lower.
  @Verbatim public var lowerWhen: [String]

  /// Creates a wording.
  public init(text: String = "", lowerWhen: [String] = []) {
    self.text = text
    self.lowerWhen = lowerWhen
  }
}

/// How strictly a criterion is graded; a field that is alike before and after is not touched.
public struct Strictness: Hashable, Sendable {
  /// The text of one level.
  public struct LevelText: Hashable, Sendable {
    /// The level's value.
    public var value: Double
    /// What earns it.
    @Verbatim public var text: String

    /// Creates a level's text.
    public init(value: Double, text: String) {
      self.value = value
      self.text = text
    }
  }

  /// Reasons to score lower.
  @Verbatim public var lowerWhen: [String]
  /// The gate.
  public var gate: Gate?
  /// The levels whose text is replaced, the same values before and after.
  public var levels: [LevelText]

  /// Creates a strictness.
  public init(lowerWhen: [String] = [], gate: Gate? = nil, levels: [LevelText] = []) {
    self.lowerWhen = lowerWhen
    self.gate = gate
    self.levels = levels
  }
}

/// Whether a criterion is good or bad, and how a bad one counts.
public struct Direction: Hashable, Sendable {
  /// Whether meeting it is good or bad.
  public var polarity: Criterion.Polarity
  /// How a negative criterion counts.
  public var credit: Criterion.Credit

  /// Creates a direction.
  public init(polarity: Criterion.Polarity = .positive, credit: Criterion.Credit = .penalty) {
    self.polarity = polarity
    self.credit = credit
  }
}
