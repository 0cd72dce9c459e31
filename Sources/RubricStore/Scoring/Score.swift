/// What a judgement is worth under a rubric.
public struct Score: Hashable, Sendable {
  /// The reward, within the rubric's clip where it has one; nil exactly if ``unscorable`` has items.
  public var reward: Double?
  /// The reward before clip and gates; nil with ``reward``.
  public var raw: Double?
  /// Why there is no reward: all reasons, in the order of the document.
  public var unscorable: [Unscorable]
}

/// One reason why a judgement has no reward.
public struct Unscorable: Hashable, Sendable {
  /// What kind of reason; new codes may be added, so that a `switch` needs a default.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The code as it stands in JSON, in snake case.
    public let rawValue: String

    /// Creates a code from its JSON form.
    public init(rawValue: String) { self.rawValue = rawValue }

    init(_ rawValue: String) { self.rawValue = rawValue }

    /// A criterion has no verdict, and the rubric's `missing` policy is `error`.
    public static let missing = Code("missing")
    /// The judge failed on a criterion, and the rubric's `missing` policy is `error`.
    public static let judgeError = Code("judge_error")
    /// A verdict is `na`, and the rubric's `na` policy is `fail`.
    public static let notApplicable = Code("not_applicable")
    /// A verdict is not in its criterion's scale.
    public static let invalidValue = Code("invalid_value")
    /// A verdict names no criterion that the judge is asked about.
    public static let unknownCriterion = Code("unknown_criterion")
    /// Nothing that counts was judged, or its weights add up to zero.
    public static let zeroDenominator = Code("zero_denominator")
    /// The reward is not a finite number.
    public static let notFinite = Code("not_finite")
    /// The rubric itself is not valid.
    public static let invalidRubric = Code("invalid_rubric")
  }

  /// What kind of reason.
  public var code: Code
  /// The criterion that it is about; nil where it is about the whole rubric.
  public var criterion: CriterionID?
  /// What was found and what was expected, in one sentence without a full stop.
  public var message: String

  init(_ code: Code, _ criterion: CriterionID? = nil, _ message: String) {
    self.code = code
    self.criterion = criterion
    self.message = message
  }
}

extension Unscorable: CustomStringConvertible {
  /// The reason on one line: `flow: no verdict, and the rubric's missing policy is error`.
  public var description: String { criterion.map { "\($0): \(message)" } ?? message }
}

extension Score {
  /// The score as JSON: `{reward, raw, unscorable: [{code, criterion, message}]}`.
  public var json: JSONValue {
    .object(
      JSONObject([
        ("reward", reward.written), ("raw", raw.written),
        ("unscorable", .array(unscorable.map(\.json))),
      ]))
  }
}

extension Unscorable {
  var json: JSONValue {
    .object(
      JSONObject([
        ("code", .string(code.rawValue)),
        ("criterion", criterion.written),
        ("message", .string(message)),
      ]))
  }
}
