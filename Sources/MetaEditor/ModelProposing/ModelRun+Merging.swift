internal import RubricStore

extension ModelRun {
  /// What stands of all refinements.
  ///
  /// - Throws: `CancellationError`.
  mutating func merge(
    _ answers: [RefinementAnswer], of rollouts: [ShownRollout]
  ) async throws -> [EditAtom] {
    var merging = EditMerging(rubric)
    let quotes = RolloutQuotes(rollouts, rubric)
    for (refinement, answer) in answers.enumerated() {
      for (number, edit) in answer.edits {
        guard edit.kind != .noChange else {
          observations.append(
            "Refinement \(refinement + 1) would leave the rubric as it is: \(edit.rationale)")
          continue
        }
        if let (rollout, words) = quotes.quote(in: edit.kind) {
          refused.append(
            "Refinement \(refinement + 1), edit \(number): it quotes the rollout \(rollout), "
              + "“\(Excerpt.line(words, limit: 100))”, and a rubric is for others, too")
          continue
        }
        // What cannot be made for itself must not win over what can.
        var translation = EditTranslation(rubric)
        do throws(Refusal) {
          _ = try translation.make(edit.kind)
        } catch {
          refused.append("Refinement \(refinement + 1), edit \(number): \(error.reason)")
          continue
        }
        merging.add(edit, refinement: refinement, number: number)
      }
    }
    merging.settle()
    let groups = merging.nearGroups
    if !groups.isEmpty, settings.merges ?? (answers.count > 1) {
      let choices = try await choices(groups, merging.atoms)
      merging.choose(choices, of: groups)
    }
    refused += merging.refused
    return merging.atoms
  }

  /// Asks which of nearly alike wordings stand; where that fails all of them do.
  private mutating func choices(
    _ groups: [EditMerging.Group], _ atoms: [EditAtom]
  ) async throws -> [EditMerging.Choice] {
    let letters = Self.letters
    var properties: [(key: String, schema: JSONValue)] = []
    var shown: [(name: String, about: String, wordings: String, known: String)] = []
    for (number, group) in groups.enumerated() {
      let name = "g\(number + 1)"
      let own = zip(letters, group.members)
      let words = own.map(\.0) + ["all"] + (group.known.isEmpty ? [] : ["none"])
      properties.append(
        (
          name,
          RefinementSchema.object([
            ("reason", RefinementSchema.text(200, isRequired: false)),
            ("keep", RefinementSchema.words(words)),
          ])
        ))
      let about = group.members.first.map { atoms[$0].slot.text } ?? ""
      shown.append(
        (
          name, about,
          own.map { "\($0)) " + Excerpt.line(atoms[$1].text, limit: 600) }.joined(separator: "\n"),
          group.known.map { "- " + Excerpt.line($0, limit: 600) }.joined(separator: "\n")
        ))
    }
    let schema = RefinementSchema.object(properties)
    let question = Question(
      purpose: "merging",
      messages: PromptPage.merging(shown, schema: schema, proposer.prompts.merging),
      schema: schema, settings, maxTokens: settings.maxTokens.merging, number: 0)
    let outcome = try await ask([question]).first
    guard let value = try? outcome?.get() else {
      let why = outcome?.failure.map { Excerpt.line($0.message, limit: 300) } ?? "it was not asked"
      refused.append(
        "The question which of \(groups.count) groups of like wordings to keep came to nothing, and "
          + "all stand: \(why)")
      return groups.map { _ in .all }
    }
    return zip(properties, groups).map { property, group in
      // An answer that does not keep the form in one group is still one for the others.
      guard let item = value[property.key],
        SchemaCheck.problems(of: item, against: property.schema).isEmpty,
        let word = item["keep"]?.string
      else { return .all }
      switch word {
      case "all": return .all
      case "none": return .known
      default: return letters.firstIndex(of: word).map { .one($0) } ?? .all
      }
    }
  }

  private static let letters = ["a", "b", "c", "d", "e", "f"]
}
