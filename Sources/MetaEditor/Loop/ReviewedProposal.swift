public import RubricStore

/// What evidence there was, in figures.
public struct EvidenceSummary: Hashable, Sendable {
  /// Records graded under the rubric.
  public var rollouts: Int
  /// Of those, how many have a reward.
  public var scored: Int
  /// Of those kept in the sample, how many carry a trusted score.
  public var gold: Int
  /// Records under other versions, which were left out.
  public var otherVersions: Int
  /// The judges, by name and version of prompt.
  public var judges: [String]
  /// The SHA-256 of the lines; empty where there were none.
  public var digest: String

  /// Sums evidence up.
  public init(_ evidence: Evidence) {
    rollouts = evidence.count
    scored = evidence.scored
    gold = evidence.sample.count { $0.gold != nil }
    otherVersions = evidence.otherCount
    judges = evidence.judges.keys.map { judge in
      judge.prompt.map { "\(judge.model) \($0)" } ?? judge.model
    }.sorted()
    digest = evidence.digest
  }

  /// The figures as JSON.
  public var json: JSONValue {
    [
      "rollouts": .integer(rollouts), "scored": .integer(scored), "gold": .integer(gold),
      "otherVersions": .integer(otherVersions),
      "judges": .array(judges.prefix(8).map { .string($0) }), "sha256": .string(digest),
    ]
  }
}

/// A proposal, and what became of it in the review.
public struct ReviewedProposal: Sendable {
  /// The rubric.
  public let rubric: RubricID
  /// The commit that it was proposed on.
  public let base: ObjectID
  /// Who proposed.
  public let proposerName: String
  /// What was proposed.
  public let proposal: Proposal
  /// What became of it.
  public let review: Review
  /// The SHA-256 of the policy's file that it was held to; nil for one that is in no repository.
  public let policyDigest: String?
  /// What evidence there was.
  public let evidence: EvidenceSummary

  /// Whether the review let any edit through.
  public var hasEdits: Bool {
    review.accepted.contains { $0.edit.operation != .noChange }
  }

  /// Why edits were refused: those of the proposer's that could not be made, and the review's.
  public var refusals: [String] {
    proposal.refused
      + review.refused.map { "\($0.edit.edit.summary): \(Self.reasons($0))" }
  }

  static func reasons(_ refusal: Review.Refusal) -> String {
    refusal.reasons.map(\.description).joined(separator: "; ")
  }

  /// What is committed: the edits that were let through, or a `no_change` with the reasons.
  public var metaUpdate: MetaUpdate {
    var edits = review.accepted.map(\.edit)
    var rationale = proposal.rationale
    if !hasEdits {
      let isRefused = !refusals.isEmpty
      if isRefused {
        rationale = "No change: what was proposed did not pass the review\n\n" + proposal.rationale
      }
      let lines = proposal.rationale.split(separator: "\n", maxSplits: 1)
      let why = isRefused ? refusals.joined(separator: "; ") : lines.first.map(String.init) ?? ""
      edits = [Edit(.noChange, rationale: Self.shortened(why).withoutControls)]
    }
    if !refusals.isEmpty {
      rationale +=
        "\n\nRefused:\n"
        + refusals.prefix(20).map { "- \(Self.shortened($0))" }
        .joined(separator: "\n")
      if refusals.count > 20 { rationale += "\n- and \(refusals.count - 20) more" }
    }
    if !hasEdits, !proposal.observations.isEmpty {
      rationale +=
        "\n\nObserved:\n"
        + proposal.observations.prefix(20).map { "- \(Self.shortened($0))" }
        .joined(separator: "\n")
    }
    return MetaUpdate(
      rubric: rubric, edits: edits, rationale: rationale.withoutControls,
      proposer: MetaUpdate.Proposer(.meta, name: proposerName), provenance: provenance)
  }

  /// What the edits rest on, as the commit records it.
  public var provenance: JSONObject {
    var object = JSONObject([
      ("base", .string(base.hex)), ("evidence", evidence.json),
      ("policy", policyDigest.map { .string($0) } ?? .null),
      ("review", .object(JSONObject(review.checks.compactMap(Self.figure)))),
    ])
    if !proposal.provenance.isEmpty { object["proposal"] = .object(proposal.provenance) }
    return JSONValue.object(object).withoutControls.object ?? JSONObject()
  }

  /// What a check measured, by its name; the sentence can be had again from the same inputs.
  private static func figure(_ check: ReviewCheck) -> (String, JSONValue)? {
    guard let measured = check.measured, measured.isFinite else { return nil }
    return (check.name, .decimal((measured * 1e6).rounded() / 1e6))
  }

  private static func shortened(_ text: String) -> String {
    let line = text.split(separator: "\n").joined(separator: " ")
    guard line.unicodeScalars.count > 1_000 else { return line }
    return String(String.UnicodeScalarView(line.unicodeScalars.prefix(999))) + "…"
  }
}
