/// The judge's answer for one criterion.
public struct Verdict: Hashable, Sendable {
  /// What the judge answered.
  public enum Answer: Hashable, Sendable {
    /// A verdict in the criterion's scale; met is 1 and not met is 0 on a binary one.
    case value(Double)
    /// The criterion does not apply to this rollout.
    case notApplicable
    /// The judge failed, with what it failed of: "timeout".
    case error(String)
  }

  /// What the judge answered.
  public var answer: Answer
  /// Why, in the judge's words, which does not move the score; nil where it gave none.
  @Verbatim public var reason: String?

  /// Creates a verdict.
  public init(_ answer: Answer, reason: String? = nil) {
    self.answer = answer
    self.reason = reason
  }

  /// Creates a verdict with a value and no reason.
  public static func value(_ value: Double) -> Verdict { Verdict(.value(value)) }
  /// A verdict that the criterion does not apply.
  public static let notApplicable = Verdict(.notApplicable)
  /// Creates a verdict of a judge that failed.
  public static func error(_ cause: String) -> Verdict { Verdict(.error(cause)) }
}

/// All verdicts of one rollout.
public struct Judgement: Hashable, Sendable {
  /// The name of the rollout, for people and for joining; not empty.
  @Verbatim public var rollout: String
  /// The commit hash of the rubric that asked for the verdicts; nil where it is not known.
  @Verbatim public var rubric: String?
  /// At most one verdict a criterion, in any order.
  ///
  /// Under the judge's mode `holistic` there is one verdict, in 0...1, under the rubric's own id.
  public var verdicts: [CriterionID: Verdict]

  /// Creates a judgement.
  public init(rollout: String, rubric: String? = nil, verdicts: [CriterionID: Verdict]) {
    self.rollout = rollout
    self.rubric = rubric
    self.verdicts = verdicts
  }
}
