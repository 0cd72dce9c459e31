/// The work of comparing which criteria two rubrics have, and where.
struct StructureDifference {
  private let old: [Criterion]
  private let new: [Criterion]
  private let oldTable: CriterionTable
  private let newIDs: Set<CriterionID>
  /// The old criteria as the changes so far have left them.
  private var table: CriterionTable
  private(set) var changes: [Edit.Change] = []

  init(
    old: [Criterion], new: [Criterion], oldTable: CriterionTable, newIDs: Set<CriterionID>
  ) {
    self.old = old
    self.new = new
    self.oldTable = oldTable
    self.newIDs = newIDs
    table = oldTable
  }

  mutating func compare() throws(EditError) {
    // Parents come before children, so that a place to move to is there, and never inside what
    // moves.
    try place(new, in: nil)
    for id in removedRoots() {
      guard let criterion = table.assembled(id), let place = table.place(of: id) else { continue }
      try make(.remove(PlacedCriterion(criterion, at: place)))
    }
    try compareOrder(of: new, in: nil)
  }

  /// Adds what is new in a group, and moves there what was elsewhere; then in the groups in it.
  private mutating func place(_ siblings: [Criterion], in parent: CriterionID?) throws(EditError) {
    if !oldTable.children(of: parent, areLike: siblings) {
      let isNewGroup = parent.map { !oldTable.contains($0) } ?? false
      var follows: CriterionID?
      for position in siblings.indices {
        let id = siblings[position].id
        let place = Place(parent: parent, follows: follows)
        follows = id
        if !oldTable.contains(id) {
          // What is new inside something new came with it.
          guard !isNewGroup else { continue }
          try make(.add(PlacedCriterion(onlyNew(siblings[position]), at: place)))
        } else if oldTable.parent(of: id) != parent {
          try make(.move(id, Delta(before: table.place(of: id) ?? Place(), after: place)))
        }
      }
    }
    for position in siblings.indices where siblings[position].isGroup {
      try place(siblings[position].criteria, in: siblings[position].id)
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
  private func onlyNew(_ criterion: Criterion) -> Criterion {
    var criterion = criterion
    criterion.criteria = criterion.criteria.compactMap {
      oldTable.contains($0.id) ? nil : onlyNew($0)
    }
    return criterion
  }

  /// The removed criteria whose group stays, in the order of the old document.
  private func removedRoots() -> [CriterionID] {
    var result: [CriterionID] = []
    func collect(_ siblings: [Criterion]) {
      for position in siblings.indices {
        let id = siblings[position].id
        if !newIDs.contains(id), table.parent(of: id).map(newIDs.contains) ?? true {
          result.append(id)
        }
        collect(siblings[position].criteria)
      }
    }
    collect(old)
    return result
  }

  /// Puts the siblings in order, and those of the groups in them.
  private mutating func compareOrder(
    of siblings: [Criterion], in parent: CriterionID?
  ) throws(EditError) {
    if !table.children(of: parent, areLike: siblings) {
      try reorder(siblings.map(\.id), in: parent)
    }
    for position in siblings.indices where siblings[position].isGroup {
      try compareOrder(of: siblings[position].criteria, in: siblings[position].id)
    }
  }

  /// Puts the siblings in order: one that moved by a `move`, more by a `reorder`.
  private mutating func reorder(
    _ wanted: [CriterionID], in parent: CriterionID?
  ) throws(EditError) {
    let found = table.children(of: parent)
    let rank = Dictionary(uniqueKeysWithValues: wanted.enumerated().map { ($1, $0) })
    let ranks = found.compactMap { rank[$0] }
    if let moved = Difference.onlyOneOutOfOrder(ranks) {
      let id = wanted[moved]
      let place = Place(parent: parent, follows: moved == 0 ? nil : wanted[moved - 1])
      try make(.move(id, Delta(before: table.place(of: id) ?? Place(), after: place)))
    } else {
      try make(.reorder(parent, Delta(before: found, after: wanted)))
    }
  }
}
