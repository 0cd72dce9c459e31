/// What a proposal must pass before it is committed, as `.rubric/policy.yaml` says it.
///
/// The file is versioned with the rubrics. What it leaves out is at the default given here.
///
/// - SeeAlso: SPEC.md §15.
public struct Policy: Hashable, Sendable {
  /// The schema that this library reads and writes.
  public static let schema = "rubric-policy/1"
  /// Where the policy lies in a repository.
  public static let path = ".rubric/policy.yaml"

  /// What evidence it takes to propose anything.
  public var evidence = EvidenceRule()
  /// How large the rubric may become.
  public var budget = BudgetRule()
  /// How far one update may go.
  public var trustRegion = TrustRegion()
  /// What stands behind an edit.
  public var support = SupportRule()
  /// What agreement with trusted scores must do.
  public var agreement = AgreementRule()
  /// What is done about decay, by the name of the lint; a lint that is not named is at its default.
  public var lints: [String: LintLevel] = [:]

  /// A policy with everything at its default.
  public init() {}
}

extension Policy {
  /// What evidence it takes to propose anything.
  public struct EvidenceRule: Hashable, Sendable {
    /// The fewest rollouts graded under the rubric, 1 or more.
    public var rollouts = 30
    /// How sure intervals are, between 0 and 1: 0.95.
    public var confidence = 0.95
  }

  /// How large the rubric may become; nil where there is no bound.
  ///
  /// The rubric's own budget holds besides.
  public struct BudgetRule: Hashable, Sendable {
    /// The most criteria that are judged.
    public var criteria: Int?
    /// The deepest nesting.
    public var depth: Int?
    /// The most Unicode scalars that the judge reads of the rubric.
    public var characters: Int?
    /// The most tokens that the judge reads of the rubric for one rollout, over all of its calls,
    /// estimated at four characters a token.
    public var judgeTokens: Int?
    /// The most edits in one update.
    public var edits: Int? = 12
  }

  /// How far one update may go; nil where there is no bound.
  public struct TrustRegion: Hashable, Sendable {
    /// The largest ratio of a weight after and before, or before and after; 1 or more.
    public var weightRatio: Double? = 2
    /// The largest ratio of the width of a scale after and before, or before and after; 1 or more.
    public var scaleRatio: Double? = 2
    /// The largest absolute change of the mean reward on the evidence, as a share of the range of
    /// rewards that the rubric before can give; 0 or more.
    public var meanReward: Double? = 0.25
    /// The largest absolute change of one rollout's reward, in the same unit.
    public var worstReward: Double?
    /// The least rank correlation (Spearman) of the rewards before and after, -1 to 1.
    public var rankCorrelation: Double? = 0.3
  }

  /// What stands behind an edit.
  public struct SupportRule: Hashable, Sendable {
    /// The fewest distinct rollouts that back an edit.
    public var rollouts = 3
  }

  /// What agreement with trusted scores must do.
  public struct AgreementRule: Hashable, Sendable {
    /// The share of rollouts with a trusted score that proposers do not see and agreement is measured
    /// on, between 0 and 1.
    public var holdout = 0.3
    /// The fewest held-out rollouts with a trusted score for the check to be made.
    public var rollouts = 20
    /// How much the rank correlation of reward and trusted score may fall, 0 or more.
    public var tolerance = 0.05
  }

  /// What is done about a lint's findings.
  public enum LintLevel: String, CaseIterable, Hashable, Sendable {
    /// The proposal is refused for a finding that it brings.
    case refuse
    /// The finding is told.
    case warn
    /// The lint is not run.
    case off
  }
}
