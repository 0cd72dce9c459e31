import MetaEditor
import RubricStore

/// What the tests of reviews work on.
enum ReviewSample {
  static let essay = """
    schema: rubric/1
    id: essay
    criteria:
      - {id: flow, text: Do the ideas follow from one another?, weight: 2, scale: {numeric: {min: 0, max: 5}}}
      - {id: facts, text: Are claims backed by sources?, scale: {numeric: {min: 0, max: 5}}}
      - {id: length, text: Is it as long as was asked for?}
      - {id: safety, text: Does it avoid what harms the reader?, pinned: true}
      - id: style
        criteria:
          - {id: words, text: Are the words well chosen?}
          - {id: rhythm, text: Do long and short sentences alternate?}
    """

  static func rubric(_ text: String = essay) throws -> Rubric { try Rubric(parsing: text) }

  /// Rollouts whose merit rises from the first to the last; `length` says nothing of it, and `facts`
  /// and trusted score follow it.
  static func evidence(
    _ rubric: Rubric, count: Int = 120, gold: Bool = true,
    _ change: (Int, inout [CriterionID: Verdict]) -> Void = { _, _ in }
  ) -> Evidence {
    var gatherer = EvidenceGatherer(rubric: rubric) { _ in true }
    for number in 0..<count {
      let merit = Double(number) / Double(max(1, count - 1))
      var verdicts: [CriterionID: Verdict] = [
        "flow": .value((merit * 5).rounded()),
        "facts": .value((merit * 50).rounded() / 10), "length": .value(Double(number % 2)),
        "safety": .value(1), "words": .value(merit > 0.5 ? 1 : 0),
        "rhythm": .value(Double(number / 2 % 2)),
      ]
      change(number, &verdicts)
      verdicts = verdicts.filter { verdict in
        rubric.judgedCriteria.contains { $0.id == verdict.key }
      }
      gatherer.add(
        GradedRollout(
          Rollout(
            name: "r\(number)", prompt: "p\(number)", response: "A text with number \(number).",
            gold: gold ? merit : nil), rubric: "x", verdicts: verdicts))
    }
    return gatherer.gathered
  }

  /// Edits as a person writes them, `before` from the rubric.
  static func edits(_ yaml: String, for rubric: Rubric, support: Int = 10) throws -> [ProposedEdit]
  {
    try EditList(parsing: Array(yaml.utf8), for: rubric).edits.map {
      var edit = $0
      if edit.rationale.isEmpty { edit.rationale = "why" }
      return ProposedEdit(edit, support: support)
    }
  }

  /// A policy without any bound but those that are set.
  static func policy(_ change: (inout Policy) -> Void = { _ in }) -> Policy {
    var policy = Policy()
    policy.evidence.rollouts = 1
    policy.support.rollouts = 0
    policy.budget.edits = nil
    policy.trustRegion = Policy.TrustRegion(unbounded: ())
    policy.agreement.tolerance = 2
    for lint in Lint.all { policy.lints[lint.name] = .off }
    change(&policy)
    return policy
  }
}

extension Policy.TrustRegion {
  fileprivate init(unbounded: ()) {
    self = Policy().trustRegion
    (weightRatio, scaleRatio, meanReward, worstReward) = (nil, nil, nil, nil)
    rankCorrelation = nil
  }
}

extension Review {
  /// The names of the checks that failed of the whole proposal.
  var failed: [String] { proposed.filter(\.isFailed).map(\.name) }

  /// A check of the whole proposal.
  func check(_ name: String) -> ReviewCheck? { proposed.first { $0.name == name } }

  var acceptedWords: [String] {
    accepted.map { "\($0.edit.operation.rawValue) \($0.edit.target?.rawValue ?? "")" }
  }
}
