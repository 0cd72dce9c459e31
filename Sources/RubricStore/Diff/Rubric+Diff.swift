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
  /// - Complexity: O(*n*) in the size of both; where they are arranged alike nothing is looked up.
  public func edits(to other: Rubric) throws(EditError) -> [Edit] {
    guard id == other.id else {
      throw EditError(
        .differentRubrics,
        message: "`\(id)` and `\(other.id)` are two rubrics, and an id is for ever",
        hint: "compare two versions of one rubric")
    }
    var difference = Difference(from: self, to: other)
    try difference.compare()
    return difference.changes.map { Edit($0) }
  }
}

/// The work of comparing two rubrics.
struct Difference {
  private let old: Rubric
  private let new: Rubric
  private(set) var changes: [Edit.Change] = []

  init(from old: Rubric, to new: Rubric) {
    self.old = old
    self.new = new
  }

  mutating func compare() throws(EditError) {
    compareRubrics()
    guard !old.criteria.isArranged(like: new.criteria) else {
      // Most versions differ in fields only, and then criteria need not be looked up.
      compareFields(of: old.criteria, new.criteria, nil)
      if !changes.isEmpty { _ = try new.criteria.distinctIDs() }
      return
    }
    let table = try CriterionTable(old.criteria)
    var structure = StructureDifference(
      old: old.criteria, new: new.criteria, oldTable: table,
      newIDs: try new.criteria.distinctIDs())
    try structure.compare()
    changes += structure.changes
    compareFields(of: old.criteria, new.criteria, table)
  }

  private mutating func compareRubrics() {
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

  /// Compares the fields of siblings and of all that is in them, in the new order.
  ///
  /// Siblings are paired as they stand where that is right; the table finds the others.
  private mutating func compareFields(
    of before: [Criterion], _ after: [Criterion], _ table: CriterionTable?
  ) {
    var next = 0
    for position in after.indices {
      let id = after[position].id
      if next + 1 < before.count, before[next].id != id, before[next + 1].id == id { next += 1 }
      if next < before.count, before[next].id == id {
        changes += before[next].changes(to: after[position])
        compareFields(of: before[next].criteria, after[position].criteria, table)
        next += 1
      } else {
        if let found = table?.fields(of: id) { changes += found.changes(to: after[position]) }
        compareFields(of: [], after[position].criteria, table)
      }
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

  /// Whether the same ids stand in the same places.
  fileprivate func isArranged(like other: [Criterion]) -> Bool {
    count == other.count
      && indices.allSatisfy {
        self[$0].id == other[$0].id && self[$0].criteria.isArranged(like: other[$0].criteria)
      }
  }

  /// All ids.
  ///
  /// - Throws: ``EditError`` with code ``EditError/Code/duplicateID`` for an id that stands twice.
  fileprivate func distinctIDs() throws(EditError) -> Set<CriterionID> {
    var ids: Set<CriterionID> = []
    ids.reserveCapacity(countOfAll)
    var areDistinct = true
    func collect(_ criteria: [Criterion]) {
      for position in criteria.indices {
        if !ids.insert(criteria[position].id).inserted { areDistinct = false }
        collect(criteria[position].criteria)
      }
    }
    collect(self)
    // The table says which one it is.
    if !areDistinct { _ = try CriterionTable(self) }
    return ids
  }
}
