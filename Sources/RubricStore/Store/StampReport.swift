/// What became of checking a stamp.
public struct StampReport: Hashable, Sendable {
  /// Something that is not as the stamp says.
  public struct Problem: Hashable, Sendable {
    /// The member that it is about: `commit`, `rubric`, `judge`, `scoring`, `reward`.
    public var field: String
    /// What the store says; nil where it knows nothing of it.
    public var expected: JSONValue
    /// What the stamp says.
    public var found: JSONValue
    /// What was found and what was expected, in one sentence without a full stop.
    public var message: String
  }

  /// The rubric's id, as the stamp says it.
  @Verbatim public var rubric: String
  /// The commit's hash, as the stamp says it.
  @Verbatim public var commit: String
  /// The name of the rollout; empty where it is not said.
  @Verbatim public var rollout: String
  /// Whether the reward was worked out again from the verdicts.
  public var isRescored = false
  /// All that is not as the stamp says; none for a stamp that is valid.
  public var problems: [Problem] = []

  /// Whether all is as the stamp says.
  public var isValid: Bool { problems.isEmpty }

  init(_ reward: StampedReward) {
    rubric = reward.stamp.rubric
    commit = reward.stamp.commit
    rollout = reward.rollout
  }

  mutating func add(
    _ field: String, expected: JSONValue = .null, found: JSONValue, _ message: String
  ) {
    problems.append(
      Problem(field: field, expected: expected, found: found, message: message))
  }

  /// The report as JSON: `{valid, rubric, commit, rollout, rescored, problems: [{field, expected,
  /// found, message}]}`.
  public var json: JSONValue {
    [
      "valid": .bool(isValid), "rubric": .string(rubric), "commit": .string(commit),
      "rollout": rollout.isEmpty ? .null : .string(rollout), "rescored": .bool(isRescored),
      "problems": .array(
        problems.map { problem in
          [
            "field": .string(problem.field), "expected": problem.expected,
            "found": problem.found, "message": .string(problem.message),
          ]
        }),
    ]
  }
}
