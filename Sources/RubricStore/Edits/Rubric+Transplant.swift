/// An edit of another commit, with its number there.
package struct NumberedEdit: Sendable {
  /// Counted from 1.
  package var number: Int
  package var edit: Edit

  package init(number: Int, edit: Edit) {
    self.number = number
    self.edit = edit
  }
}

/// What edits of another version came to on a rubric.
package struct TransplantedEdits: Sendable {
  package var rubric: Rubric
  /// The edits as they were made, settled.
  package var edits: [Edit]
  /// The numbers of the edits that were made; what was there already is left out.
  package var numbers: [Int]
  package var notes: [TransplantNote]
}

extension Rubric {
  /// Makes edits of another version on this one, by id.
  ///
  /// An edit must find what it found where it was made. Only where what something new or moved was to
  /// follow is not in its group does it come last there, and only an edit whose effect is there
  /// already is passed over; both are told.
  ///
  /// - Parameters:
  ///   - edits: The edits, in the order in which they are made.
  ///   - author: Who makes them.
  /// - Returns: The edited rubric, which is valid, and what was made.
  /// - Throws: ``EditError``, its index one below the number of the edit.
  /// - Complexity: As ``applying(_:by:)``; where an edit cannot be made, O(criteria) for each.
  package func transplanting(
    _ edits: [NumberedEdit], by author: EditAuthor = .human
  ) throws(EditError) -> TransplantedEdits {
    // All of them together may be there where not each alone is: a group that was filled later, or
    // siblings that moved past one another.
    if areThere(edits.map(\.edit)) {
      return TransplantedEdits(
        rubric: self, edits: [], numbers: [], notes: edits.map { TransplantNote.alreadyThere($0) })
    }
    do throws(EditError) {
      return try transplanting(edits, by: author, passingOver: false)
    } catch {
      guard error.code != .pinned, error.code != .invalidResult else { throw error }
      return try transplanting(edits, by: author, passingOver: true)
    }
  }

  private func transplanting(
    _ edits: [NumberedEdit], by author: EditAuthor, passingOver: Bool
  ) throws(EditError) -> TransplantedEdits {
    var editing = try Editing(self)
    var notes: [TransplantNote] = []
    var made: [NumberedEdit] = []
    for item in edits {
      let (change, last) = editing.placedLast(item.edit.change)
      do throws(EditError) {
        if passingOver {
          var attempt = editing
          do throws(EditError) {
            try attempt.apply(change)
          } catch {
            guard editing.holdsEffect(of: item.edit.change) else { throw error }
            notes.append(.alreadyThere(item))
            continue
          }
          editing = attempt
        } else {
          try editing.apply(change)
        }
      } catch {
        throw editing.detailed(error, of: item)
      }
      notes += last.map { .placedLast($0.id, after: $0.follows, item.number) }
      made.append(
        NumberedEdit(
          number: item.number,
          edit: Edit(change, rationale: item.edit.rationale, evidence: item.edit.evidence)))
    }
    do throws(EditError) {
      let (rubric, settled) = try settling(made.map(\.edit), by: author)
      return TransplantedEdits(
        rubric: rubric, edits: settled, numbers: made.map(\.number), notes: notes)
    } catch {
      var error = error
      if let index = error.index, made.indices.contains(index) {
        error.index = made[index].number - 1
      }
      throw error
    }
  }

  /// Whether undoing the edits and making them again gives this rubric.
  private func areThere(_ edits: [Edit]) -> Bool {
    guard edits.contains(where: { $0.operation != .noChange }), var editing = try? Editing(self)
    else { return false }
    do throws(EditError) {
      for edit in edits.reversed() {
        try editing.apply(editing.placedLast(edit.change.inverted).change)
      }
      for edit in edits { try editing.apply(editing.placedLast(edit.change).change) }
    } catch {
      return false
    }
    return editing.result == self
  }
}

extension TransplantNote {
  fileprivate static func alreadyThere(_ item: NumberedEdit) -> TransplantNote {
    TransplantNote(
      kind: .alreadyThere, edit: item.number, criterion: item.edit.target,
      message: "edit \(item.number) (\(item.edit.summary)) is there already")
  }

  fileprivate static func placedLast(
    _ id: CriterionID, after follows: CriterionID, _ number: Int
  ) -> TransplantNote {
    TransplantNote(
      kind: .placedLast, edit: number, criterion: id,
      message: "edit \(number): `\(id)` was to follow `\(follows)`, which is not in that group "
        + "here; it comes last")
  }
}

extension Editing {
  /// Something that comes last in its group, and what it was to follow.
  typealias Misplaced = (id: CriterionID, follows: CriterionID)

  /// The change with the places that it leaves at the end of their groups, where what they follow is
  /// not there.
  fileprivate func placedLast(_ change: Edit.Change) -> (change: Edit.Change, last: [Misplaced]) {
    switch change {
    case .add(let placed):
      let place = last(placed.place, among: table.children(of: placed.place.parent))
      guard let follows = placed.place.follows, place != placed.place else { return (change, []) }
      return (
        .add(PlacedCriterion(placed.criterion, at: place)), [(placed.criterion.id, follows)]
      )
    case .move(let id, let delta):
      guard delta.after.follows != id else { return (change, []) }
      let siblings = table.children(of: delta.after.parent).filter { $0 != id }
      let place = last(delta.after, among: siblings)
      guard let follows = delta.after.follows, place != delta.after else { return (change, []) }
      return (.move(id, Delta(before: delta.before, after: place)), [(id, follows)])
    case .split(let before, let after):
      let (placed, misplaced) = placedLast(after, without: before)
      return (.split(before: before, after: placed), misplaced)
    case .mergeCriteria(let before, let after):
      let (placed, misplaced) = placedLast(after, without: before)
      return (.mergeCriteria(before: before, after: placed), misplaced)
    default: return (change, [])
    }
  }

  private func placedLast(
    _ after: [PlacedCriterion], without before: [PlacedCriterion]
  ) -> (after: [PlacedCriterion], last: [Misplaced]) {
    let gone = Set(before.map(\.criterion.id))
    var siblings: [CriterionID?: [CriterionID]] = [:]
    var misplaced: [Misplaced] = []
    let placed = after.map { item in
      let parent = item.place.parent
      var here = siblings[parent] ?? table.children(of: parent).filter { !gone.contains($0) }
      let place = last(item.place, among: here)
      if let follows = item.place.follows, place != item.place {
        misplaced.append((item.criterion.id, follows))
      }
      // Only whether something is there counts, and which is the last.
      if place.follows == here.last {
        here.append(item.criterion.id)
      } else {
        here.insert(item.criterion.id, at: 0)
      }
      siblings[parent] = here
      return PlacedCriterion(item.criterion, at: place)
    }
    return (placed, misplaced)
  }

  private func last(_ place: Place, among siblings: [CriterionID]) -> Place {
    guard let follows = place.follows, !siblings.contains(follows) else { return place }
    // A group that is not there is no place at all, and said so when the edit is made.
    if let parent = place.parent, table.entries[parent] == nil { return place }
    return Place(parent: place.parent, follows: siblings.last)
  }

  /// Whether the rubric is as if the change had been made: undone and made again, it is the same.
  fileprivate func holdsEffect(of change: Edit.Change) -> Bool {
    if case .remove(let placed) = change {
      return placed.criterion.ids.allSatisfy { table.entries[$0] == nil }
    }
    var again = self
    do throws(EditError) {
      try again.apply(again.placedLast(change.inverted).change)
      try again.apply(again.placedLast(change).change)
    } catch {
      return false
    }
    return again.result == result
  }

  /// The error with the number of the edit, and with what was found where only the field was named.
  fileprivate func detailed(_ error: EditError, of item: NumberedEdit) -> EditError {
    var error = error
    error.index = item.number - 1
    error.operation = item.edit.operation
    error.criterion = error.criterion ?? item.edit.target
    let removed: [PlacedCriterion] =
      switch item.edit.change {
      case .remove(let placed): [placed]
      case .split(let before, _), .mergeCriteria(let before, _): before
      default: []
      }
    guard error.code == .beforeMismatch, let id = error.criterion, let key = error.field,
      let found = table.assembled(id),
      let expected = removed.first(where: { $0.criterion.id == id })?.criterion,
      let field = Criterion.fields.first(where: { $0.key == key })
    else { return error }
    func show(_ value: JSONValue?) -> String {
      value.map { NodeReader.quote($0.jsonText) } ?? "its default"
    }
    error.message =
      key == "criteria"
      ? "what lies in `\(id)` is not what the edit was made for"
      : "`\(key)` of `\(id)` is \(show(field.write(found))), and the edit was made for "
        + show(field.write(expected))
    return error
  }
}
