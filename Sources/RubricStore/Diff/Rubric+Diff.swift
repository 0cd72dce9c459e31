extension Rubric {
  /// Returns the edits that lead from this rubric to `other`, none where they are equal.
  ///
  /// `try a.applying(a.edits(to: b)) == b`. Criteria are matched by id. A criterion that was
  /// reworded is one `reword`, one that was put elsewhere one `move`; siblings that changed order
  /// in more than one place are one `reorder`. A text only gains the name of a tightening where that
  /// can be seen: reasons to score lower were added and none taken away.
  ///
  /// - Parameter other: A valid rubric with the same id.
  /// - Returns: Edits without rationales: additions, moves, removals and orders first, then fields in
  ///   the order of the document.
  /// - Throws: ``EditError`` with code ``EditError/Code/differentRubrics``, or
  ///   ``EditError/Code/duplicateID`` where either rubric is not valid.
  /// - Complexity: O(criteria of both), plus siblings² where siblings moved.
  public func edits(to other: Rubric) throws(EditError) -> [Edit] {
    guard id == other.id else {
      throw EditError(
        .differentRubrics,
        message: "`\(id)` and `\(other.id)` are two rubrics, and an id is for ever",
        hint: "compare two versions of one rubric")
    }
    if self == other { return [] }
    var difference = try Difference(from: self, to: other)
    difference.compareRubrics()
    try difference.compareStructure()
    difference.compareFields()
    return difference.changes.map { Edit($0) }
  }
}

/// The work of comparing two rubrics.
struct Difference {
  private let old: Rubric
  private let new: Rubric
  private let oldTable: CriterionTable
  private let newTable: CriterionTable
  /// The old criteria as the changes so far have left them.
  private var table: CriterionTable
  private(set) var changes: [Edit.Change] = []

  init(from old: Rubric, to new: Rubric) throws(EditError) {
    self.old = old
    self.new = new
    oldTable = try CriterionTable(old.criteria)
    newTable = try CriterionTable(new.criteria)
    table = oldTable
  }

  mutating func compareRubrics() {
    func delta<Value: NodeCodable>(_ path: KeyPath<Rubric, Value>) -> Delta<Value>? {
      let delta = Delta(before: old[keyPath: path], after: new[keyPath: path])
      return delta.before.isWrittenLike(delta.after) ? nil : delta
    }
    let found: [Edit.Change?] = [
      delta(\.title).map { .rename(nil, $0) },
      delta(\.description).map { .setDescription($0) },
      delta(\.subject).map { .setSubject($0) },
      delta(\.judge).map { .setJudge($0) },
      delta(\.preamble).map { .setPreamble($0) },
      delta(\.aggregation).map { .setAggregation($0) },
      delta(\.budget).map { .setBudget($0) },
      delta(\.postamble).map { .setPostamble($0) },
      delta(\.ext).map { .setExt(nil, $0) },
    ]
    changes += found.compactMap { $0 }
  }

  mutating func compareStructure() throws(EditError) {
    // Parents come before children, so that a place to move to is there, and never inside what
    // moves.
    var parents: [CriterionID?] = [nil]
    new.criteria.forEachGroup { parents.append($0.id) }
    for parent in parents {
      let isNewGroup = parent.map { oldTable.entries[$0] == nil } ?? false
      var follows: CriterionID?
      for id in newTable.children(of: parent) {
        let place = Place(parent: parent, follows: follows)
        follows = id
        if oldTable.entries[id] == nil {
          // What is new inside something new came with it.
          guard !isNewGroup else { continue }
          guard let criterion = onlyNew(id) else { continue }
          try make(.add(PlacedCriterion(criterion, at: place)))
        } else if oldTable.entries[id]?.parent != parent {
          try make(.move(id, Delta(before: table.place(of: id) ?? Place(), after: place)))
        }
      }
    }
    for id in removedRoots() {
      guard let criterion = table.assembled(id), let place = table.place(of: id) else { continue }
      try make(.remove(PlacedCriterion(criterion, at: place)))
    }
    for parent in parents { try compareOrder(in: parent) }
  }

  mutating func compareFields() {
    var pending = Array(new.criteria.reversed())
    while let item = pending.popLast() {
      pending.append(contentsOf: item.criteria.reversed())
      guard let before = oldTable.entries[item.id]?.fields else { continue }
      changes += before.changes(to: item)
    }
  }

  private mutating func make(_ change: Edit.Change) throws(EditError) {
    switch change {
    case .add(let placed): try table.add(placed.criterion, at: placed.place)
    case .remove(let placed): table.remove(placed.criterion.id)
    case .move(let id, let delta): try table.move(id, to: delta.after)
    case .reorder(let parent, let delta): table.setChildren(of: parent, delta.after)
    default: break
    }
    changes.append(change)
  }

  /// A new criterion without what is in it that was there before, which is moved in afterwards.
  private func onlyNew(_ id: CriterionID) -> Criterion? {
    guard oldTable.entries[id] == nil, let entry = newTable.entries[id] else { return nil }
    var criterion = entry.fields
    criterion.criteria = entry.children.compactMap(onlyNew)
    return criterion
  }

  /// The removed criteria whose group stays, in the order of the old document.
  private func removedRoots() -> [CriterionID] {
    var result: [CriterionID] = []
    var pending = Array(old.criteria.reversed())
    while let item = pending.popLast() {
      pending.append(contentsOf: item.criteria.reversed())
      guard newTable.entries[item.id] == nil else { continue }
      let parent = table.entries[item.id]?.parent
      if parent.map({ newTable.entries[$0] != nil }) ?? true { result.append(item.id) }
    }
    return result
  }

  /// Puts the siblings in order: one that moved by a `move`, more by a `reorder`.
  private mutating func compareOrder(in parent: CriterionID?) throws(EditError) {
    let wanted = newTable.children(of: parent)
    let found = table.children(of: parent)
    guard wanted != found else { return }
    let rank = Dictionary(uniqueKeysWithValues: wanted.enumerated().map { ($1, $0) })
    let ranks = found.compactMap { rank[$0] }
    if let moved = Self.onlyOneOutOfOrder(ranks) {
      let id = wanted[moved]
      let place = Place(parent: parent, follows: moved == 0 ? nil : wanted[moved - 1])
      try make(.move(id, Delta(before: table.place(of: id) ?? Place(), after: place)))
    } else {
      try make(.reorder(parent, Delta(before: found, after: wanted)))
    }
  }

  /// The one rank without which the others rise; nil where there is no such one.
  static func onlyOneOutOfOrder(_ ranks: [Int]) -> Int? {
    guard let drop = ranks.indices.dropFirst().first(where: { ranks[$0 - 1] > ranks[$0] }) else {
      return nil
    }
    for candidate in [drop, drop - 1] {
      var rest = ranks
      let rank = rest.remove(at: candidate)
      if zip(rest, rest.dropFirst()).allSatisfy({ $0 < $1 }) { return rank }
    }
    return nil
  }
}

extension [Criterion] {
  /// Calls `body` with every group, parents first.
  func forEachGroup(_ body: (Criterion) -> Void) {
    for criterion in self where criterion.isGroup {
      body(criterion)
      criterion.criteria.forEachGroup(body)
    }
  }
}
