/// Who makes edits, and so what the edits may touch.
public enum EditAuthor: String, CaseIterable, Hashable, Sendable {
  /// A person, or a program for one; may touch everything.
  case human
  /// The meta-editor; may not touch what is pinned.
  case meta
  /// An importer; may touch everything.
  case `import`
}

extension Rubric {
  /// Returns the rubric with `edits` made on it, in order, all or none.
  ///
  /// Each edit must find what it says that it found. The rubric is validated once, after the last
  /// edit, so that edits may pass through states that are not valid.
  ///
  /// - Parameters:
  ///   - edits: The edits; none is fine.
  ///   - author: Who makes them. The meta-editor's may not touch a pinned criterion.
  /// - Returns: The edited rubric, which is valid.
  /// - Throws: ``EditError`` naming the first edit that cannot be made, or all that is wrong with
  ///   the result.
  /// - Complexity: O(*n*) in the size of the rubric and the edits.
  /// - SeeAlso: SPEC.md §5.
  public func applying(
    _ edits: [Edit], by author: EditAuthor = .human
  ) throws(EditError) -> Rubric {
    try settling(edits, by: author).rubric
  }

  /// Makes the edits, and returns them as they were made on this very rubric.
  ///
  /// What a removed or moved criterion, level or example followed is not checked, since it may have
  /// come and gone; here it is brought up to date, so that the inverse restores the order.
  package func settling(
    _ edits: [Edit], by author: EditAuthor = .human
  ) throws(EditError) -> (rubric: Rubric, edits: [Edit]) {
    var editing = try Editing(self)
    var settled: [Edit] = []
    for (index, edit) in edits.enumerated() {
      do throws(EditError) {
        try edit.checkWords()
        if author == .meta { try editing.checkPins(of: edit) }
        let change = editing.settled(edit.change)
        try editing.apply(change)
        settled.append(Edit(change, rationale: edit.rationale, evidence: edit.evidence))
      } catch {
        var error = error
        error.index = index
        error.operation = edit.operation
        error.criterion = error.criterion ?? edit.target
        throw error
      }
    }
    let result = editing.result
    let findings = result.findings
    guard findings.isEmpty else {
      throw EditError(
        .invalidResult, message: "the rubric would not be valid after the edits",
        findings: findings)
    }
    if author == .meta { try result.checkPinsKept(from: self) }
    return (result, settled)
  }

  /// Checks that every pinned criterion of `before` is still there, in the same groups, unchanged.
  private func checkPinsKept(from before: Rubric) throws(EditError) {
    guard before.criteria.firstPinned != nil else { return }
    let old = try CriterionTable(before.criteria)
    let new = try CriterionTable(criteria)
    for id in old.entries.keys where old.isPinned(id) {
      guard old.assembled(id) == new.assembled(id), old.ancestors(of: id) == new.ancestors(of: id)
      else {
        throw EditError(
          .pinned, criterion: id,
          message: "`\(id)` is pinned, and the edits together would change it",
          hint: "leave it as it is; only a person may unpin it")
      }
    }
  }
}

extension [Criterion] {
  /// The first criterion that is pinned, a group before what it holds.
  var firstPinned: CriterionID? {
    for criterion in self {
      if criterion.pinned { return criterion.id }
      if let pinned = criterion.criteria.firstPinned { return pinned }
    }
    return nil
  }
}

extension Edit {
  /// Checks that what is recorded beside the change can be written and read again.
  fileprivate func checkWords() throws(EditError) {
    for (field, text) in [("rationale", rationale)] + evidence.map({ ("evidence", $0) })
    where Validation.firstForbidden(in: text) != nil {
      throw EditError(
        .invalidEdit, field: field, message: "the \(field) has control characters",
        hint: "take them out; tabs and line breaks may stay")
    }
  }
}

/// A rubric while edits are made on it.
struct Editing {
  /// The rubric's own fields; its criteria are in ``table``.
  var rubric: Rubric
  var table: CriterionTable

  init(_ rubric: Rubric) throws(EditError) {
    table = try CriterionTable(rubric.criteria)
    self.rubric = rubric
    self.rubric.criteria = []
  }

  var result: Rubric {
    var rubric = rubric
    rubric.criteria = table.criteria()
    return rubric
  }

  /// The change with the places that it found brought up to date.
  func settled(_ change: Edit.Change) -> Edit.Change {
    func follows(_ id: CriterionID, _ place: Place) -> Place {
      guard let here = table.place(of: id), here.parent == place.parent else { return place }
      return here
    }
    func placed(_ placed: PlacedCriterion) -> PlacedCriterion {
      PlacedCriterion(
        placed.criterion, at: follows(placed.criterion.id, placed.place))
    }
    switch change {
    case .remove(let removed): return .remove(placed(removed))
    case .move(let id, let delta):
      return .move(id, Delta(before: follows(id, delta.before), after: delta.after))
    case .split(let before, let after): return .split(before: before.map(placed), after: after)
    case .mergeCriteria(let before, let after):
      // In the order of the document each is put back behind what it followed.
      let ids = table.inDocumentOrder(before.map(\.criterion.id))
      return .mergeCriteria(before: ids.map { placed(before[$0]) }, after: after)
    case .removeLevel(let id, var removed):
      let values = table.fields(of: id)?.scale.levels.map(\.value) ?? []
      guard let index = values.firstIndex(of: removed.level.value) else { return change }
      removed.follows = index == 0 ? nil : values[index - 1]
      return .removeLevel(id, removed)
    case .removeExample(let id, var removed):
      let levels = table.fields(of: id)?.scale.levels ?? []
      let examples = levels.first { $0.value == removed.level }?.examples ?? []
      guard let index = examples.firstIndex(where: { $0.isVerbatim(removed.text) }) else {
        return change
      }
      removed.follows = index == 0 ? nil : examples[index - 1]
      return .removeExample(id, removed)
    default: return change
    }
  }

  /// Checks that an edit's own criteria, and the groups around them, are not pinned.
  func checkPins(of edit: Edit) throws(EditError) {
    let targets: [CriterionID] =
      switch edit.change {
      case .split(let before, _), .mergeCriteria(let before, _): before.map(\.criterion.id)
      case .add(let placed): placed.place.parent.map { [$0] } ?? []
      case .reorder: []
      case .move(let id, let delta): [id] + (delta.after.parent.map { [$0] } ?? [])
      default: edit.target.map { [$0] } ?? []
      }
    for target in targets {
      var current: CriterionID? = target
      while let id = current {
        if table.isPinned(id) {
          throw EditError(
            .pinned, criterion: target,
            message: id == target
              ? "`\(id)` is pinned" : "`\(target)` lies in `\(id)`, which is pinned",
            hint: "leave it as it is; only a person may unpin it")
        }
        current = table.parent(of: id)
      }
    }
  }

  func criterion(_ id: CriterionID) throws(EditError) -> Criterion {
    guard let fields = table.fields(of: id) else {
      throw EditError(
        .unknownCriterion, criterion: id, message: "the rubric has no criterion `\(id)`",
        hint: Suggestion.didYouMean(id.rawValue, among: table.entries.keys.map(\.rawValue).sorted())
      )
    }
    return fields
  }

  /// Throws unless the rubric holds what the edit found.
  func expect<Value: NodeCodable>(
    _ found: Value, _ before: Value, _ field: String, of id: CriterionID?
  ) throws(EditError) {
    guard !found.isWrittenLike(before) else { return }
    throw EditError(
      .beforeMismatch, criterion: id, field: field,
      message: "`\(field)` is \(Self.show(found.written)), and the edit was made for "
        + Self.show(before.written), hint: "make the edit anew on the rubric as it is now")
  }

  private static func show(_ value: JSONValue) -> String {
    switch value {
    case .null: "not set"
    default: NodeReader.quote(value.jsonText)
    }
  }
}
