/// What a transplant comes to on a tip, before it is committed.
struct TransplantPlan {
  var update: MetaUpdate
  var kind: RecordedChange.Kind
  var after: Rubric?
  /// The file of a rubric that is created.
  var text: [UInt8]?
  var comparability: Comparability?
  var notes: [TransplantNote] = []
}

extension CommitOrigin {
  /// Works out what `transplant` comes to.
  ///
  /// - Parameters:
  ///   - transplant: What is asked for.
  ///   - current: The rubric as it is on the tip; nil where it is not there.
  ///   - branch: The branch's short name, for messages.
  /// - Returns: What is to be committed.
  /// - Throws: ``StoreError`` for what cannot be made, or is there already.
  func plan(
    _ transplant: Transplant, on current: Rubric?, branch: String
  ) throws(StoreError) -> TransplantPlan {
    switch (content, transplant.kind) {
    case (.edits(let edits), _):
      return try plan(edits, transplant, on: current, branch: branch)
    case (.created(let rubric, let text), .picked), (.removed(let rubric, let text), .reverts):
      try checkNothingIsChosen(transplant)
      if let current {
        guard current != rubric else {
          throw StoreError(
            .nothingToCommit, "`\(rubric.id)` is on `\(branch)` already, as it was created")
        }
        throw StoreError(
          .exists, "there is another rubric `\(rubric.id)` on `\(branch)` already",
          hint: "`rubricctl diff` tells how it differs")
      }
      return TransplantPlan(
        update: update([], [], transplant), kind: .created, after: rubric, text: text)
    case (.created(let rubric, _), .reverts), (.removed(let rubric, _), .picked):
      try checkNothingIsChosen(transplant)
      guard let current else {
        throw StoreError(.nothingToCommit, "`\(rubric.id)` is not on `\(branch)` any more")
      }
      guard current == rubric else {
        throw StoreError(
          .edits,
          "`\(rubric.id)` has changed since, so that removing it would lose more than "
            + "\(commit.prefix(12)) \(transplant.kind == .picked ? "removed" : "created")",
          hint: "revert what came later first, or delete rubrics/\(rubric.id).yaml and "
            + "`rubricctl commit -m WHY`")
      }
      return TransplantPlan(
        update: update([], [], transplant), kind: .removed, comparability: .incomparable)
    }
  }

  private func plan(
    _ edits: [Edit], _ transplant: Transplant, on current: Rubric?, branch: String
  ) throws(StoreError) -> TransplantPlan {
    guard !edits.isEmpty else {
      throw StoreError(
        .nothingToCommit,
        "\(commit.prefix(12)) records no edits of `\(rubric)`: only its layout changed")
    }
    guard let current else {
      throw StoreError(
        .notFound, "there is no rubric `\(rubric)` on `\(branch)`",
        hint: "the edits are made on one that is there")
    }
    let numbers = try transplant.selection.numbers(in: edits)
    let chosen =
      transplant.kind == .picked
      ? numbers.map { NumberedEdit(number: $0, edit: edits[$0 - 1]) }
      : numbers.reversed().map { number in
        NumberedEdit(number: number, edit: undone(edits[number - 1], transplant))
      }
    let result: TransplantedEdits
    do throws(EditError) {
      result = try current.transplanting(
        chosen, by: (transplant.proposer ?? proposer(of: transplant)).author)
    } catch {
      throw clash(error, transplant, chosen: numbers)
    }
    let isLookedAt = result.edits.contains { $0.operation == .noChange }
    guard result.rubric != current || isLookedAt else {
      throw StoreError(
        .nothingToCommit,
        "the edits of \(commit.prefix(12)) are "
          + (transplant.kind == .picked ? "there already" : "undone already")
          + ": they leave `\(rubric)` on `\(branch)` as it is")
    }
    return TransplantPlan(
      update: update(result.edits, result.numbers.sorted(), transplant), kind: .edited,
      after: result.rubric, comparability: current.comparability(to: result.rubric),
      notes: result.notes.map { told($0, transplant) })
  }

  /// The edit that undoes one of the commit's, and why.
  private func undone(_ edit: Edit, _ transplant: Transplant) -> Edit {
    var undone = edit.inverted
    let old = edit.rationale.isEmpty ? "" : " (\(edit.rationale))"
    undone.rationale = transplant.rationale ?? "reverts \(commit.prefix(12))\(old)"
    return undone
  }

  /// The note in the words of a revert, whose edits are the inverses of those that have the numbers.
  private func told(_ note: TransplantNote, _ transplant: Transplant) -> TransplantNote {
    guard transplant.kind == .reverts, note.kind == .alreadyThere else { return note }
    var note = note
    note.message = "edit \(note.edit) (\(edits[note.edit - 1].summary)) is undone already"
    return note
  }

  private func proposer(of transplant: Transplant) -> MetaUpdate.Proposer {
    transplant.kind == .picked ? proposer : MetaUpdate.Proposer()
  }

  private func update(
    _ edits: [Edit], _ numbers: [Int], _ transplant: Transplant
  ) -> MetaUpdate {
    let isWhole = numbers.count == self.edits.count
    let rationale: String
    switch transplant.kind {
    case .picked:
      rationale = transplant.rationale ?? (body.isEmpty ? subject : "\(subject)\n\n\(body)")
    case .reverts:
      let what = isWhole ? "commit" : "\(Self.words(for: numbers)) of commit"
      rationale =
        "Revert \"\(subject)\"\n\n"
        + (transplant.rationale ?? "This reverts \(what) \(commit.hex).")
    }
    return MetaUpdate(
      rubric: rubric, edits: edits, rationale: rationale,
      proposer: transplant.proposer ?? proposer(of: transplant),
      source: ChangeSource(transplant.kind, commit, edits: isWhole ? [] : numbers))
  }

  private static func words(for numbers: [Int]) -> String {
    let words = numbers.map(String.init)
    guard let last = words.last, words.count > 1 else { return "edit \(words.first ?? "")" }
    return "edits \(words.dropLast().joined(separator: ", ")) and \(last)"
  }

  private func checkNothingIsChosen(_ transplant: Transplant) throws(StoreError) {
    guard transplant.selection.choices.isEmpty else {
      let does = if case .created = content { "creates" } else { "removes" }
      throw StoreError(
        .notFound, "\(commit.prefix(12)) \(does) `\(rubric)` and has no edits to choose from",
        hint: "name the commit alone")
    }
  }

  /// The error of edits that cannot be made, with the edit of the commit that it would take.
  private func clash(
    _ error: EditError, _ transplant: Transplant, chosen: [Int]
  ) -> StoreError {
    var result = StoreError(error)
    result.message = "\(commit.prefix(12)) cannot be \(transplant.verb): \(result.message)"
    if error.code == .pinned {
      result.hint = "a person may change what is pinned: `--as human`"
    } else if error.code == .beforeMismatch {
      result.hint = "nothing was committed; make the edit anew on the rubric as it is now"
    } else if error.code == .duplicateID {
      result.hint = "it is there in another form; choose the other edits by their numbers"
    } else if error.code == .unknownCriterion, transplant.kind == .picked,
      let number = edits.indices.first(where: { index in
        !chosen.contains(index + 1)
          && edits[index].change.extent.added.contains { $0 == error.criterion }
      }).map({ $0 + 1 })
    {
      let numbers = (chosen + [number]).sorted().map(String.init).joined(separator: ",")
      result.hint =
        "edit \(number) of the commit adds it: pick \(transplant.selection.revision):\(numbers)"
    }
    return result
  }
}
