public import RubricStore

/// What a policy wrote for a prompt, not yet graded.
public struct Rollout: Hashable, Sendable {
  /// The rollout's name, for people and for joining; not empty.
  @Verbatim public var name: String
  /// What the policy was asked.
  @Verbatim public var prompt: String
  /// What it answered.
  @Verbatim public var response: String
  /// A score that is trusted more than the judge's, in any unit in which more is better: a person's,
  /// a hidden test's; nil where there is none.
  public var gold: Double?
  /// The step of the training at which it was made, 0 or more.
  public var step: Int?
  /// The policy that made it: a name, a checkpoint.
  @Verbatim public var policy: String?
  /// What the trainer keeps with it; any JSON, not read.
  public var ext: Extensions

  /// Creates a rollout.
  public init(
    name: String, prompt: String, response: String, gold: Double? = nil, step: Int? = nil,
    policy: String? = nil, ext: Extensions = Extensions()
  ) {
    self.name = name
    self.prompt = prompt
    self.response = response
    self.gold = gold
    self.step = step
    self.policy = policy
    self.ext = ext
  }
}

/// A rollout with the verdicts that a judge gave it: one record of evidence.
///
/// - SeeAlso: SPEC.md §13.1.
public struct GradedRollout: Hashable, Sendable {
  /// What was graded.
  public var rollout: Rollout
  /// The commit hash of the rubric that the judge read, or `RUBRIC@COMMIT`; not empty.
  @Verbatim public var rubric: String
  /// At most one verdict a criterion, in any order.
  public var verdicts: [CriterionID: Verdict]
  /// The reward that the trainer used, which is compared and not trusted; nil where it kept none.
  public var reward: Double?
  /// Who judged.
  public var judge: JudgeStamp?

  /// Creates a record.
  public init(
    _ rollout: Rollout, rubric: String, verdicts: [CriterionID: Verdict], reward: Double? = nil,
    judge: JudgeStamp? = nil
  ) {
    self.rollout = rollout
    self.rubric = rubric
    self.verdicts = verdicts
    self.reward = reward
    self.judge = judge
  }

  /// The verdicts as scoring takes them.
  public var judgement: Judgement {
    Judgement(rollout: rollout.name, rubric: rubric, verdicts: verdicts)
  }
}

/// Who judged: two judgements with the same stamp were asked in the same way.
public struct JudgeStamp: Hashable, Sendable {
  /// The model's name.
  @Verbatim public var model: String
  /// The version of the prompt around the rubric, such as a hash; nil where it is not known.
  @Verbatim public var prompt: String?

  /// Creates a stamp.
  public init(model: String, prompt: String? = nil) {
    self.model = model
    self.prompt = prompt
  }
}
