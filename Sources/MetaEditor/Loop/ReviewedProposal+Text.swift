internal import RubricStore

extension ReviewedProposal {
  /// The proposal as a file that a person reviews, edits and applies: YAML with comments.
  ///
  /// What was refused stands in it as a comment, with the reasons; without its `# ` it is an edit
  /// like the others.
  public var text: String {
    let count = evidence.rollouts == 1 ? "1 rollout" : "\(evidence.rollouts) rollouts"
    var text = """
      # Proposed by \(proposerName) for \(rubric)@\(base.prefix(12)) on \(count).
      # Change, add or delete edits, then: rubricctl apply FILE

      """
    var head = ProposalHead()
    head.rubric = rubric
    head.base = base
    head.proposer = MetaUpdate.Proposer(.meta, name: proposerName)
    let update = metaUpdate
    text += YAMLEmitter.emit(
      .object(JSONObject(head.members + [("rationale", .string(update.rationale))])))
    text += "edits:\n"
    for edit in update.edits {
      if let support = review.accepted.first(where: { $0.edit == edit })?.support {
        text += "  # backed by \(support == 1 ? "1 rollout" : "\(support) rollouts")\n"
      }
      text += Self.item(edit)
    }
    for refused in review.refused {
      text += "  # refused: \(Self.line(Self.reasons(refused)))\n"
      text += Self.commented(Self.item(refused.edit.edit))
    }
    for observation in proposal.observations {
      text += "# observed: \(Self.line(observation))\n"
    }
    text += YAMLEmitter.emit(.object(JSONObject([("provenance", .object(provenance))])))
    return text
  }

  private static func item(_ edit: Edit) -> String {
    // As an item of a list at the top level, then two columns in.
    let lines = YAMLEmitter.emit(.array([edit.json.withoutControls])).split(
      separator: "\n", omittingEmptySubsequences: false)
    return lines.dropLast().map { $0.isEmpty ? "\n" : "  \($0)\n" }.joined()
  }

  private static func commented(_ item: String) -> String {
    item.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .map { $0.isEmpty ? "  #\n" : "  # \($0.dropFirst(2))\n" }.joined()
  }

  /// The words on one line, without what a reader of YAML refuses in a comment.
  private static func line(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse:
        scalars.append(" ")
      default: scalars.append(scalar)
      }
    }
    return String(scalars)
  }
}
