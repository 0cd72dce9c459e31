public import RubricStore

/// A rollout that is to be graded, whole or in part.
public struct JudgingTask: Sendable {
  /// The rollout.
  public var rollout: Rollout
  /// The criteria that the model is asked about; nil for all.
  ///
  /// Where one call covers all criteria, it covers all of them as soon as one is asked for.
  public var criteria: Set<CriterionID>?
  /// Verdicts that are taken over as they are; those that the model gives replace them.
  public var carried: [CriterionID: Verdict]

  /// Creates a task.
  public init(
    _ rollout: Rollout, criteria: Set<CriterionID>? = nil, carried: [CriterionID: Verdict] = [:]
  ) {
    self.rollout = rollout
    self.criteria = criteria
    self.carried = carried
  }
}

/// A rollout that was graded, with what it took.
public struct JudgedRollout: Sendable {
  /// The record: verdicts, the reward under the rubric, and who judged.
  public var record: GradedRollout
  /// The criteria that the model was asked about, in the order of the document.
  public var asked: [CriterionID]
  /// The calls that it took, answered or not; retries and repairs are not counted.
  public var calls: Int
  /// Tokens of the questions, where the server counts them.
  public var promptTokens: Int
  /// Tokens of the answers, where the server counts them.
  public var completionTokens: Int
  /// The last failure to reach the model, where no call at all was answered.
  public var unreachable: ProposerError?
}

/// What judging many rollouts came to.
public struct JudgingSummary: Hashable, Sendable {
  /// The rollouts that were graded.
  public private(set) var rollouts = 0
  /// Those that have no reward.
  public private(set) var withoutReward = 0
  /// The verdicts that the model was asked for.
  public private(set) var asked = 0
  /// Of those, the ones that are errors.
  public private(set) var failed = 0
  /// The errors, by criterion.
  public private(set) var errors: [CriterionID: Int] = [:]
  /// The calls that it took.
  public private(set) var calls = 0
  /// Tokens of the questions, where the server counts them.
  public private(set) var promptTokens = 0
  /// Tokens of the answers, where the server counts them.
  public private(set) var completionTokens = 0

  /// Creates a summary of nothing.
  public init() {}

  /// Counts a rollout.
  public mutating func add(_ judged: JudgedRollout) {
    rollouts += 1
    if judged.record.reward == nil { withoutReward += 1 }
    asked += judged.asked.count
    for id in judged.asked {
      guard case .error? = judged.record.verdicts[id]?.answer else { continue }
      failed += 1
      errors[id, default: 0] += 1
    }
    calls += judged.calls
    promptTokens = Self.sum(promptTokens, judged.promptTokens)
    completionTokens = Self.sum(completionTokens, judged.completionTokens)
  }

  /// A server may say anything of its tokens.
  static func sum(_ left: Int, _ right: Int) -> Int {
    let (sum, isOver) = left.addingReportingOverflow(max(0, right))
    return isOver ? .max : sum
  }
}
