internal import RubricStore

extension ModelRun {
  /// Tells which rollouts are looked at, and those that speak to whoever grades them.
  mutating func observe(_ rollouts: [ShownRollout]) {
    let reasons = RolloutSelection.Reason.allCases.compactMap { reason -> String? in
      let count = rollouts.count { $0.choice.reason == reason }
      return count == 0 ? nil : "\(count) because \(reason.text)"
    }
    observations.append(
      "\(rollouts.count) of \(request.evidence.count) rollouts were looked at: "
        + reasons.joined(separator: "; "))
    for rollout in rollouts {
      let texts = [rollout.record.rollout.response, rollout.record.rollout.name]
      guard let words = texts.lazy.compactMap(Instructions.found).first else { continue }
      observations.append(
        "Rollout \(rollout.name) has words that speak to whoever grades it, “\(words)”; they were "
          + "shown as data")
    }
  }

  /// Tells what was found, by criterion in the order of the document and by problem.
  mutating func observe(findings rollouts: [ShownRollout]) {
    let ids: [CriterionID?] = rubric.judgedCriteria.map(\.id) + [nil]
    for id in ids {
      for problem in AnalysisAnswer.Problem.allCases where problem != .fine {
        let found = rollouts.compactMap { rollout in
          rollout.findings.first { $0.criterion == id && $0.problem == problem }
            .map { (rollout: rollout, finding: $0) }
        }
        guard let first = found.first else { continue }
        let names =
          found.prefix(5).map(\.rollout.name).joined(separator: ", ")
          + (found.count > 5 ? ", …" : "")
        var text = id.map { "`\($0)` " } ?? "The rubric "
        text += "\(problem.text) in \(found.count) of \(rollouts.count) rollouts (\(names)): "
        text += first.finding.reason
        if !first.finding.quote.isEmpty { text += " (“\(first.finding.quote)”)" }
        observations.append(text)
      }
    }
  }

  /// The proposal.
  mutating func finish(
    _ atoms: [EditAtom], answers: [RefinementAnswer], batches: [[ShownRollout]]
  ) -> Proposal {
    let rollouts = batches.flatMap { $0 }
    let names = Dictionary(
      rollouts.compactMap { rollout in rollout.recordable.map { (rollout.alias, $0) } },
      uniquingKeysWith: { first, _ in first })
    let assembly = EditAssembly(
      atoms, on: rubric, limit: request.policy.budget.edits, refinements: answers.count,
      names: names)
    refused += assembly.refused
    return Proposal(
      edits: assembly.edits.map { ProposedEdit($0.edit, support: $0.backing.support) },
      rationale: rationale(assembly.edits, answers, rollouts.count),
      observations: observations, refused: refused,
      provenance: provenance(assembly.edits, batches))
  }

  private func rationale(
    _ edits: [AssembledEdit], _ answers: [RefinementAnswer], _ rollouts: Int
  ) -> String {
    let asked = answers.count == 1 ? "1 refinement" : "\(answers.count) refinements"
    let basis = "\(asked) over \(rollouts) rollouts"
    let summaries = answers.enumerated().compactMap { index, answer in
      SeriesWords.words(answer.summary).isEmpty ? nil : "- \(index + 1): \(answer.summary)"
    }
    let first: String
    if edits.isEmpty {
      let meant = answers.reduce(0) { $0 + $1.edits.count { $0.edit.kind != .noChange } }
      first =
        meant == 0 && answers.allSatisfy(\.refused.isEmpty)
        ? "No change: the model proposed none in \(basis)"
        : "No change: nothing that the model proposed in \(basis) can be made"
    } else {
      let shown = edits.prefix(2).map(\.edit.summary).joined(separator: "; ")
      let more = edits.count > 2 ? "; \(edits.count - 2) more" : ""
      first = Excerpt.line(shown + more, limit: 160) + " (\(basis))"
    }
    guard !summaries.isEmpty else { return first }
    return first + "\n\nWhat the refinements say:\n" + summaries.joined(separator: "\n")
  }

  private func provenance(_ edits: [AssembledEdit], _ batches: [[ShownRollout]]) -> JSONObject {
    var json: JSONObject = ["model": .string(Excerpt.line(proposer.model.name, limit: 120))]
    for member in model.count.json.members { json[member.key] = member.value }
    json["templates"] = .object(proposer.templates.provenance(of: ModelProposer.Prompts.names))
    json["settings"] = settings.json
    json["rollouts"] = .array(
      batches.enumerated().flatMap { index, batch in
        batch.map { rollout in
          [
            "rollout": .string(rollout.name), "why": .string(rollout.choice.reason.rawValue),
            "refinement": .integer(index + 1),
          ]
        }
      })
    json["edits"] = .array(
      edits.map { assembled in
        [
          "edit": .string(Excerpt.line(assembled.edit.summary, limit: 200)),
          "refinements": .array(assembled.backing.refinements.map { .integer($0 + 1) }),
          "support": .integer(assembled.backing.support),
        ]
      })
    return json
  }
}
