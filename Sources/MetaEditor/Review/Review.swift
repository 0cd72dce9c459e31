public import RubricStore

/// What became of a proposal: what may be committed, what may not, and why.
///
/// - SeeAlso: SPEC.md §15.
public struct Review: Sendable {
  /// An edit that may not be made.
  public struct Refusal: Sendable {
    /// Its number in the proposal, counted from 0.
    public var index: Int
    /// The edit.
    public var edit: ProposedEdit
    /// Why: the checks that it fails, together with the edits that were accepted before it; at least
    /// one.
    public var reasons: [ReviewCheck]
  }

  /// The edits that may be committed together, in their order.
  public var accepted: [ProposedEdit]
  /// The edits that may not, in their order.
  public var refused: [Refusal]
  /// What the accepted edits were held to together, none of it failed.
  public var checks: [ReviewCheck]
  /// What the whole proposal was held to, as it was proposed; the same as ``checks`` where all of it
  /// was accepted.
  public var proposed: [ReviewCheck]
  /// The rubric with the accepted edits made.
  public var result: Rubric
  /// What decay lints say of the result that they did not say before: warnings.
  public var warnings: [LintFinding]

  /// Whether everything that was proposed may be committed.
  public var acceptsAll: Bool { refused.isEmpty }
}

extension Review {
  /// The review as JSON: `{accepted, refused, checks, proposed, warnings}`.
  public var json: JSONValue {
    .object(
      JSONObject([
        ("accepted", .array(accepted.map(Self.json))),
        (
          "refused",
          .array(
            refused.map { refusal in
              .object(
                JSONObject([
                  ("edit", Self.json(refusal.edit)), ("index", .integer(refusal.index)),
                  ("reasons", .array(refusal.reasons.map(\.json))),
                ]))
            })
        ),
        ("checks", .array(checks.map(\.json))), ("proposed", .array(proposed.map(\.json))),
        ("warnings", .array(warnings.map(\.json))),
      ]))
  }

  private static func json(_ proposed: ProposedEdit) -> JSONValue {
    .object(
      JSONObject([
        ("edit", proposed.edit.json), ("support", .integer(proposed.support)),
      ]))
  }
}
