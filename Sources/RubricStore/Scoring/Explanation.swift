/// A score with where it comes from.
public struct Explanation: Hashable, Sendable {
  /// The rollout that was judged.
  @Verbatim public var rollout: String
  /// The commit hash that the judgement names.
  @Verbatim public var rubric: String?
  /// The score, the same as without an explanation.
  public var score: Score
  /// One entry a criterion or group, in the order of the document; empty under mode `holistic`.
  public var contributions: [Contribution]
  /// One entry a gate that holds, in the order of the document.
  public var gates: [GateResult]
  /// The criteria that are judged and have no verdict, an error, or `na`, in the order of the document.
  public var missing: [MissingVerdict]
  /// Verdicts for inactive criteria, which were not used, in the order of the document.
  public var ignored: [CriterionID]
}

/// What became of a criterion or group in a score.
public enum Treatment: String, CaseIterable, Hashable, Sendable {
  /// It counts with its verdict, or with what its criteria add up to.
  case counted
  /// It counts as the verdict that earns least.
  case worst
  /// It earns and costs nothing, and its weight counts.
  case zero
  /// It was left out, with its weight.
  case excluded
  /// It is the reason that there is no reward.
  case refused
  /// It is reported and does not count.
  case diagnostic
  /// It was not judged.
  case inactive
}

/// What one criterion or group did to the reward.
public struct Contribution: Hashable, Sendable {
  /// The criterion or group.
  public var id: CriterionID
  /// The group that it is in; nil at the top level.
  public var group: CriterionID?
  /// Whether it is a group.
  public var isGroup: Bool
  /// What became of it.
  public var treatment: Treatment
  /// The verdict as the judge gave it; nil for a group, and where there is none.
  public var verdict: Verdict?
  /// The verdict in 0...1 over its scale, before polarity; nil where there is no verdict in scale.
  public var normalized: Double?
  /// The weight in the document.
  public var weight: Double
  /// What it offers its parent: the oriented verdict, or the group's rollup; nil where it has none.
  public var value: Double?
  /// By how much the raw reward moves when ``value`` moves by 1.
  ///
  /// Under `weighted_mean` this is the effective share of the whole: its weight over its siblings',
  /// times the share of its group. Nil where it does not count, or where there is no reward.
  public var share: Double?
  /// ``share`` times ``value``, in units of the raw reward.
  ///
  /// Those of all criteria that are not groups add up to the raw reward, and so do those of the top
  /// level, but for rounding. Nil where ``share`` is.
  public var contribution: Double?
}

/// A gate and whether it held.
public struct GateResult: Hashable, Sendable {
  /// The criterion that has the gate.
  public var id: CriterionID
  /// The verdict that was compared, mirrored in its scale for a negative criterion; nil if unknown.
  public var value: Double?
  /// The gate in the document.
  public var gate: Gate
  /// The highest reward behind the gate once it fired; nil where there is no reward at all.
  public var limit: Double?
  /// Whether the value is below the gate; a value that is not known does not fire.
  public var fired: Bool
}

/// A criterion without a verdict to count with.
public struct MissingVerdict: Hashable, Sendable {
  /// Why there is none.
  public enum Cause: String, CaseIterable, Hashable, Sendable {
    /// The judgement says nothing about it.
    case missing
    /// The judge failed.
    case error
    /// The judge answered that it does not apply.
    case notApplicable = "na"
  }

  /// The criterion.
  public var id: CriterionID
  /// Why there is no verdict.
  public var cause: Cause
  /// What was done about it.
  public var treatment: Treatment
}

extension Explanation {
  /// The explanation as JSON, keys in camel case, never left out.
  public var json: JSONValue {
    .object(
      JSONObject([
        ("rollout", rollout.written), ("rubric", rubric.written),
        ("reward", score.reward.written), ("raw", score.raw.written),
        ("unscorable", .array(score.unscorable.map(\.json))),
        ("contributions", .array(contributions.map(\.json))),
        ("gates", .array(gates.map(\.json))), ("missing", .array(missing.map(\.json))),
        ("ignored", ignored.written),
      ]))
  }
}

extension Contribution {
  var json: JSONValue {
    .object(
      JSONObject([
        ("id", id.written), ("group", group.written),
        ("isGroup", isGroup.written), ("treatment", .string(treatment.rawValue)),
        ("verdict", verdict.written), ("normalized", normalized.written),
        ("weight", weight.written), ("value", value.written), ("share", share.written),
        ("contribution", contribution.written),
      ]))
  }
}

extension GateResult {
  var json: JSONValue {
    .object(
      JSONObject([
        ("id", id.written), ("value", value.written), ("min", gate.min.written),
        ("effect", .string(gate.effect.rawValue)), ("cap", gate.cap.written),
        ("limit", limit.written), ("fired", .bool(fired)),
      ]))
  }
}

extension MissingVerdict {
  var json: JSONValue {
    .object(
      JSONObject([
        ("id", id.written), ("cause", .string(cause.rawValue)),
        ("treatment", .string(treatment.rawValue)),
      ]))
  }
}
