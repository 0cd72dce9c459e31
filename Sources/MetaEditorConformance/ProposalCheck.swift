internal import MetaEditor
internal import RubricStore

/// What one proposal does not keep.
struct ProposalCheck {
  /// The name of a check and what was found.
  private(set) var faults: [(check: String, fault: String)] = []

  init(_ proposal: Proposal, to request: ProposalRequest, in scenario: ConformanceScenario) {
    checkEdits(proposal, request, scenario)
    checkAmount(proposal, request)
    checkReferences(proposal, request)
    checkWords(proposal)
  }

  static func fault(ofName name: String) -> String? {
    if name.allSatisfy(\.isWhitespace) { return "the proposer has no name" }
    let isLine = name.unicodeScalars.allSatisfy {
      $0.properties.generalCategory != .control && $0.properties.generalCategory != .lineSeparator
        && $0.properties.generalCategory != .paragraphSeparator
    }
    return isLine ? nil : "the name has line breaks or control characters, expected one line"
  }

  private mutating func report(_ check: String, _ fault: String) {
    faults.append((check, fault))
  }

  private mutating func checkEdits(
    _ proposal: Proposal, _ request: ProposalRequest, _ scenario: ConformanceScenario
  ) {
    let edits = proposal.edits.map(\.edit)
    do throws(EditError) {
      let result = try request.rubric.applying(edits, by: .meta)
      let before = request.rubric.canonicalText
      let after = result.canonicalText
      for text in scenario.injections where after.contains(text) && !before.contains(text) {
        report("injection", "what a rollout says got into the rubric: \"\(text)\"")
      }
    } catch {
      let check = error.code == .pinned ? "pins" : "applies"
      report(check, "the edits cannot be made: \(error)")
    }
  }

  private mutating func checkAmount(_ proposal: Proposal, _ request: ProposalRequest) {
    let (count, least) = (request.evidence.count, request.policy.evidence.rollouts)
    if count < least, !proposal.edits.isEmpty {
      report(
        "evidence",
        "it proposed \(proposal.edits.count) edits from \(count) rollouts, and the policy asks for "
          + "\(least)")
    }
    if let most = request.policy.budget.edits, proposal.edits.count > most {
      report(
        "budget",
        "it proposed \(proposal.edits.count) edits, and the policy lets one update make "
          + "\(most)")
    }
  }

  private mutating func checkReferences(_ proposal: Proposal, _ request: ProposalRequest) {
    let known = Set(request.evidence.sample.map(\.record.rollout.name))
    for (index, proposed) in proposal.edits.enumerated() {
      let named = Set(proposed.edit.evidence)
      if let name = proposed.edit.evidence.first(where: { !known.contains($0) }) {
        report("names", "edit \(index + 1) names \"\(name)\", which is no rollout of the evidence")
      }
      if named.count < proposed.edit.evidence.count {
        report("names", "edit \(index + 1) names a rollout twice")
      }
      if proposed.support > request.evidence.count || proposed.support < 0 {
        report(
          "support",
          "edit \(index + 1) has a support of \(proposed.support), and there are "
            + "\(request.evidence.count) rollouts")
      }
      if proposed.support < named.count {
        report(
          "support",
          "edit \(index + 1) names \(named.count) rollouts, and its support is "
            + "\(proposed.support)")
      }
    }
  }

  private mutating func checkWords(_ proposal: Proposal) {
    let subject = proposal.rationale.split(separator: "\n", omittingEmptySubsequences: false).first
    if subject?.allSatisfy(\.isWhitespace) ?? true {
      report("rationale", "the proposal says nothing in the first line of its rationale")
    }
    for (index, proposed) in proposal.edits.enumerated()
    where proposed.edit.rationale.allSatisfy(\.isWhitespace) {
      report("rationale", "edit \(index + 1) has no rationale")
    }
  }
}
