internal import RubricStore

extension Reviewing {
  /// Makes the edits as the meta-editor's: each finds what it was made for, nothing pinned is touched,
  /// ids are new, and the result is valid.
  func checkLaws(_ edits: [Edit]) -> (check: ReviewCheck, result: Rubric?) {
    let result: Rubric
    do throws(EditError) {
      result = try rubric.applying(edits, by: .meta)
    } catch {
      var sentence = error.message
      for finding in error.findings.prefix(3) {
        sentence += "; \(finding.path.isEmpty ? "" : "\(finding.path): ")\(finding.message)"
      }
      if edits.count > 1, let index = error.index, edits.indices.contains(index) {
        sentence = "\(edits[index].words): \(sentence)"
      }
      return (ReviewCheck("laws", .failed, sentence: sentence, hint: error.hint), nil)
    }
    if let closed = edits.first(where: {
      !policy.edits.operations.contains($0.operation) && $0.operation != .noChange
    }) {
      return (
        ReviewCheck(
          "laws", .failed,
          sentence: "\(closed.words) is left to people: the policy does not list "
            + "`\(closed.operation.rawValue)`",
          hint: "`operations` of \(Policy.path) lists what meta-updates may do"), nil
      )
    }
    if !policy.edits.operations.contains(.pin),
      let locked = result.firstNewlyPinned(since: rubric)
    {
      return (
        ReviewCheck(
          "laws", .failed, sentence: "`\(locked)` would be pinned, which is left to people"), nil
      )
    }
    if let silent = edits.first(where: { !$0.rationale.unicodeScalars.contains(where: \.isLetter) })
    {
      return (
        ReviewCheck(
          "laws", .failed, sentence: "\(silent.words) has no rationale in words",
          hint: "say why"), nil
      )
    }
    if let reused = firstReusedID(edits) {
      return (
        ReviewCheck(
          "laws", .failed,
          sentence: "the id `\(reused)` is not new: the rubric had it for another criterion",
          hint: "give the new criterion an id of its own"), nil
      )
    }
    return (
      ReviewCheck(
        "laws", .passed,
        sentence: "every edit finds what it was made for, nothing pinned is touched, ids are new, "
          + "and the result is valid"), result
    )
  }

  /// The first id that an edit brings in although the rubric has it, had it, or had it in between.
  private func firstReusedID(_ edits: [Edit]) -> CriterionID? {
    var taken = retiredIDs
    rubric.criteria.forEach { $0.collectIDs(into: &taken) }
    for edit in edits {
      var own: Set<CriterionID> = []
      var new: [CriterionID] = []
      switch edit.change {
      case .add(let placed): placed.criterion.collectIDs(into: &new)
      case .split(let before, let after), .mergeCriteria(let before, let after):
        before.forEach { $0.criterion.collectIDs(into: &own) }
        after.forEach { $0.criterion.collectIDs(into: &new) }
      default: continue
      }
      for id in new where !own.contains(id) {
        guard taken.insert(id).inserted else { return id }
      }
    }
    return nil
  }
}

extension Rubric {
  /// A criterion that is pinned here and was not, or was not there.
  fileprivate func firstNewlyPinned(since old: Rubric) -> CriterionID? {
    var pinned: Set<CriterionID> = []
    old.criteria.visit { if $0.pinned { pinned.insert($0.id) } }
    var found: CriterionID?
    criteria.visit { if $0.pinned, !pinned.contains($0.id), found == nil { found = $0.id } }
    return found
  }
}

extension Unicode.Scalar {
  fileprivate var isLetter: Bool { properties.isAlphabetic }
}

extension Criterion {
  /// Adds the ids of the criterion and of all that is in it.
  func collectIDs(into ids: inout Set<CriterionID>) {
    ids.insert(id)
    for child in criteria { child.collectIDs(into: &ids) }
  }

  /// Adds the ids of the criterion and of all that is in it, in the order of the document.
  func collectIDs(into ids: inout [CriterionID]) {
    ids.append(id)
    for child in criteria { child.collectIDs(into: &ids) }
  }
}
