public import RubricStore

/// One thing that a proposal was held to, with what was measured.
public struct ReviewCheck: Hashable, Sendable {
  /// How a check came out.
  public enum Outcome: Hashable, Sendable {
    /// What was measured is within the bound.
    case passed
    /// It is not.
    case failed
    /// It could not be measured, for the reason that is given; nothing is refused for it.
    case notMade(String)
  }

  /// Which check, by where the policy sets its bound: `trust_region.mean_reward`; `laws` and `lints`
  /// have none.
  public var name: String
  /// How it came out.
  public var outcome: Outcome
  /// What was measured, in the unit of the bound; nil where there is no figure, infinite where a
  /// weight goes to or from 0.
  public var measured: Double?
  /// The same of the rubric before, where there is such.
  public var before: Double?
  /// What the policy allows; nil where there is no figure.
  public var bound: Double?
  /// What was found, in a sentence without a full stop.
  public var sentence: String
  /// What to do about it, if that is known.
  public var hint: String?

  /// Creates a check.
  public init(
    _ name: String, _ outcome: Outcome, measured: Double? = nil, before: Double? = nil,
    bound: Double? = nil, sentence: String, hint: String? = nil
  ) {
    self.name = name
    self.outcome = outcome
    self.measured = measured
    self.before = before
    self.bound = bound
    self.sentence = sentence
    self.hint = hint
  }

  /// Whether something is refused for it.
  public var isFailed: Bool { outcome == .failed }
}

extension ReviewCheck: CustomStringConvertible {
  /// The check on one line: `trust_region.weight_ratio: the weight of `flow` goes from 1 to 3, …`.
  public var description: String { "\(name): \(sentence)" + (hint.map { " (\($0))" } ?? "") }
}

extension ReviewCheck {
  /// The check as JSON: `{check, outcome, measured, before, bound, sentence, reason, hint}`.
  public var json: JSONValue {
    let word: String
    var reason: JSONValue = .null
    switch outcome {
    case .passed: word = "passed"
    case .failed: word = "failed"
    case .notMade(let why): (word, reason) = ("not_made", .string(why))
    }
    return .object(
      JSONObject([
        ("check", .string(name)), ("outcome", .string(word)),
        ("measured", Self.number(measured)), ("before", Self.number(before)),
        ("bound", Self.number(bound)), ("sentence", .string(sentence)), ("reason", reason),
        ("hint", hint.map { .string($0) } ?? .null),
      ]))
  }

  /// JSON has no infinity; the sentence says what is meant.
  private static func number(_ value: Double?) -> JSONValue {
    guard let value, value.isFinite else { return .null }
    return .decimal(value)
  }
}
