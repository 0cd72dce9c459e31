import MetaEditor
import RubricStore

extension Terminal {
  /// Shows a proposal and what became of it.
  func show(_ reviewed: ReviewedProposal) {
    let count = reviewed.evidence.rollouts
    line(
      "\(reviewed.rubric)@\(paint(reviewed.base.prefix(12), .commit)): "
        + "\(count == 1 ? "1 rollout" : "\(count) rollouts"), \(reviewed.proposerName.printable)")
    line(
      reviewed.proposal.rationale.split(separator: "\n").first.map { String($0).printable } ?? "")
    if reviewed.hasEdits {
      line()
      line(paint("Proposed, and passed by the review:", .heading))
      for accepted in reviewed.review.accepted {
        show([accepted.edit], indent: "  ")
        line(
          paint(
            "    backed by \(accepted.support == 1 ? "1 rollout" : "\(accepted.support) rollouts")",
            .muted))
      }
    }
    if !reviewed.refusals.isEmpty {
      line()
      line(paint("Refused:", .heading))
      for refusal in reviewed.refusals { line("  \(refusal.printable)") }
    }
    let review = reviewed.review
    let checks = review.accepted.isEmpty ? review.proposed : review.checks
    // Where nothing was proposed there was nothing to hold to anything.
    if !reviewed.proposal.edits.isEmpty {
      line()
      line(paint("Review:", .heading))
      for check in checks {
        let (mark, label): (String, Label) =
          switch check.outcome {
          case .passed: ("ok", .good)
          case .failed: ("refused", .error)
          case .notMade: ("not made", .muted)
          }
        line("  \(paint(mark, label))  \(check.name): \(check.sentence.printable)")
      }
    }
    if !reviewed.proposal.observations.isEmpty {
      line()
      line(paint("Observed:", .heading))
      for observation in reviewed.proposal.observations { line("  \(observation.printable)") }
    }
  }
}
