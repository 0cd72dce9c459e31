public import RubricStore

extension ReviewedProposal {
  /// The proposal and its review as JSON, as `rubricctl propose --json` prints them.
  public var json: JSONValue {
    [
      "rubric": .string(rubric.rawValue), "base": .string(base.hex),
      "proposer": .string(proposerName), "rationale": .string(proposal.rationale),
      "evidence": evidence.json,
      "edits": .array(
        review.accepted.map { ["edit": $0.edit.json, "support": .integer($0.support)] }),
      "refused": .array(
        review.refused.map {
          [
            "edit": $0.edit.edit.json, "support": .integer($0.edit.support),
            "reasons": .array($0.reasons.map(\.json)),
          ]
        }),
      "notProposed": .array(proposal.refused.map { .string($0) }),
      "checks": .array(review.checks.map(\.json)),
      "observations": .array(proposal.observations.map { .string($0) }),
      "provenance": .object(provenance),
    ]
  }
}
