/// A criterion that is judged, or a group that rolls its criteria up.
///
/// It is a group exactly if it has ``criteria``. A group keeps the fields of a judged criterion
/// (scale, gate, polarity, …) at their defaults; validation reports others.
public struct Criterion: Hashable, Sendable {
  /// Whether meeting the criterion is good or bad.
  public enum Polarity: String, CaseIterable, Hashable, Sendable {
    /// A high verdict earns.
    case positive
    /// A high verdict costs, or earns nothing; ``Credit`` says which.
    case negative
  }

  /// How a negative criterion counts.
  ///
  /// Its normalised verdict is x in 0...1, its weight w.
  public enum Credit: String, CaseIterable, Hashable, Sendable {
    /// It takes away: -w·x.
    case penalty
    /// It is earned by avoiding: w·(1-x).
    case avoidance
  }

  /// Whether a criterion is judged and whether it counts.
  public enum Status: String, CaseIterable, Hashable, Sendable {
    /// Judged, and it counts.
    case active
    /// Neither judged nor counted.
    case inactive
    /// Judged and reported, not counted; a gate on it still holds.
    case diagnostic
  }

  /// Where a criterion came from.
  public enum Origin: String, CaseIterable, Hashable, Sendable {
    /// The rubric that a run started from.
    case seed
    /// A person.
    case human
    /// A meta-update.
    case meta
    /// Another system's rubric.
    case `import`
  }

  /// How a group's criteria become its value.
  public enum Rollup: String, CaseIterable, Hashable, Sendable {
    /// Weighted credit over all weights.
    case weightedMean = "weighted_mean"
    /// The sum of weighted values, verdicts in their own scales.
    case sum
    /// The least credit; weights do not matter.
    case min
    /// The greatest credit; weights do not matter.
    case max
  }

  /// The criterion's name in its rubric.
  public var id: CriterionID
  /// A short name that the judge sees.
  @Verbatim public var title: String = ""
  /// What is judged, in words.
  @Verbatim public var text: String = ""
  /// How much it counts relative to its siblings, 0 or more, without a unit.
  public var weight: Double = 1
  /// Whether meeting it is good or bad.
  public var polarity: Polarity = .positive
  /// How a negative criterion counts.
  public var credit: Credit = .penalty
  /// The verdicts that the judge may give.
  public var scale: Scale = .binary
  /// Reasons to score lower, distinct, in the order in which the judge reads them.
  @Verbatim public var lowerWhen: [String] = []
  /// What the verdict must reach for the rest to count.
  public var gate: Gate?
  /// Whether it is judged and counts.
  public var status: Status = .active
  /// Whether the meta-editor must leave it alone.
  public var pinned: Bool = false
  /// Where it came from.
  public var origin: Origin = .human
  /// When it applies, in words; empty for always.
  ///
  /// Where it does not apply the judge answers `na`.
  @Verbatim public var appliesWhen: String = ""
  /// Labels for people, distinct.
  @Verbatim public var tags: [String] = []
  /// How a group's criteria become its value.
  public var rollup: Rollup = .weightedMean
  /// The criteria of a group, in order; empty for a criterion that is judged.
  public var criteria: [Criterion] = []
  /// What an importer must keep to export without loss.
  public var ext = Extensions()

  /// Creates a criterion with every other field at its default.
  public init(id: CriterionID, title: String = "", text: String = "", weight: Double = 1) {
    self.id = id
    self.title = title
    self.text = text
    self.weight = weight
  }

  /// Whether it has criteria of its own.
  public var isGroup: Bool { !criteria.isEmpty }
}

/// What a verdict must reach for the rest of the rubric to count.
public struct Gate: Hashable, Sendable {
  /// What happens where the verdict does not reach ``Gate/min``.
  public enum Effect: String, CaseIterable, Hashable, Sendable {
    /// The reward is the lowest that the rubric can give.
    case veto
    /// The reward is at most ``Gate/cap``.
    case cap
  }

  /// The lowest verdict that passes, in the criterion's scale.
  ///
  /// For a negative criterion the verdict is first mirrored in its scale (min + max - verdict), so
  /// that the gate asks how well the criterion was avoided.
  public var min: Double
  /// What happens to a verdict below.
  public var effect: Effect
  /// The highest reward behind a gate that failed; there exactly if ``effect`` is `cap`.
  public var cap: Double?

  /// Creates a gate.
  public init(min: Double, effect: Effect = .veto, cap: Double? = nil) {
    self.min = min
    self.effect = effect
    self.cap = cap
  }
}
