extension Merging {
  /// Decides which criteria there are.
  mutating func mergePresence() throws(MergeError) {
    var ids = Set(ourTable.entries.keys)
    ids.formUnion(theirTable.entries.keys)
    // In order, so that the outcome is the same every time.
    for id in ids.sorted() {
      let old = baseTable.entries[id]
      switch (ourTable.entries[id], theirTable.entries[id]) {
      case (let left?, let right?):
        if let old {
          if try !settleReuse(id, old, left, right) { parents[id] = .some(left.parent) }
        } else {
          try bothAdded(id, left, right)
        }
      case (let left?, nil):
        if let old {
          try removed(id, old, left, by: .theirs)
        } else {
          parents[id] = .some(left.parent)
        }
      case (nil, let right?):
        if let old {
          try removed(id, old, right, by: .ours)
        } else {
          parents[id] = .some(right.parent)
        }
      case (nil, nil): break
      }
    }
  }

  private enum Remover { case ours, theirs }

  /// One side removed a criterion; the other may have changed it.
  private mutating func removed(
    _ id: CriterionID, _ old: CriterionTable.Entry, _ kept: CriterionTable.Entry, by side: Remover
  ) throws(MergeError) {
    let table = side == .ours ? theirTable : ourTable
    let isReused = (side == .ours ? causes.reusedByThem : causes.reusedByUs).contains(id)
    // What was removed is another criterion than the one that has its id now.
    if isReused {
      parents[id] = .some(kept.parent)
      return
    }
    let isChanged =
      kept.fields != old.fields || kept.parent != old.parent
      || isMoved(id, in: table, parent: kept.parent)
    guard isChanged else { return }
    let isOurs = side == .theirs
    let value = kept.written
    let pending = PendingConflict(
      code: .changedAndRemoved, path: path(id),
      values: MergeValues(
        base: old.written, ours: isOurs ? value : nil, theirs: isOurs ? nil : value),
      message: isOurs
        ? "our side changed `\(id)`, and their side removed it"
        : "their side changed `\(id)`, and our side removed it",
      rules: [.ours, .theirs], takesValue: false)
    let isKept =
      try settle(
        pending, choose: { ($0 == .ours) == isOurs }, written: { $0 ? value : nil })
    switch isKept {
    case true?: parents[id] = .some(kept.parent)
    case false?: break
    // Nothing is lost while the conflict is open.
    case nil: parents[id] = .some(preferred == .base ? old.parent : kept.parent)
    }
    if isKept == nil, preferred == .base { whole[id] = old.fields }
  }

  /// Whether a side put this one criterion elsewhere among its siblings.
  private func isMoved(_ id: CriterionID, in table: CriterionTable, parent: CriterionID?) -> Bool {
    let old = baseTable.children(of: parent)
    let new = table.children(of: parent)
    guard old != new else { return false }
    // As the edits of that side would say it.
    let rank = Dictionary(uniqueKeysWithValues: new.enumerated().map { ($1, $0) })
    let ranks = old.compactMap { rank[$0] }
    return Difference.onlyOneOutOfOrder(ranks).map { new[$0] == id } ?? false
  }

  private mutating func bothAdded(
    _ id: CriterionID, _ left: CriterionTable.Entry, _ right: CriterionTable.Entry
  ) throws(MergeError) {
    parents[id] = .some(left.parent)
    // One criterion with different settings, or two criteria of one name.
    guard
      !left.fields.title.isVerbatim(right.fields.title)
        || !left.fields.text.isVerbatim(right.fields.text)
    else { return }
    let pending = PendingConflict(
      code: .bothAdded, path: path(id),
      values: MergeValues(base: nil, ours: left.written, theirs: right.written),
      message: "both sides added a criterion `\(id)`, and not the same one",
      rules: [.ours, .theirs], takesValue: false)
    let isOurs =
      try settle(pending, choose: { $0 == .ours }, written: { ($0 ? left : right).written })
    take(id, left, right, isOurs: isOurs)
  }

  /// An id that one side gave to another criterion cannot carry the other side's changes.
  ///
  /// - Returns: Whether the criterion was dealt with.
  private mutating func settleReuse(
    _ id: CriterionID, _ old: CriterionTable.Entry, _ left: CriterionTable.Entry,
    _ right: CriterionTable.Entry
  ) throws(MergeError) -> Bool {
    let (byUs, byThem) = (causes.reusedByUs.contains(id), causes.reusedByThem.contains(id))
    guard byUs || byThem, left.fields != right.fields,
      byUs == byThem || (byUs ? right.fields != old.fields : left.fields != old.fields)
    else { return false }
    let who = byUs ? (byThem ? "both sides" : "our side") : "their side"
    let other = byUs && byThem ? "not to the same one" : "the other side changed the old one"
    let pending = PendingConflict(
      code: .idReused, path: path(id),
      values: MergeValues(base: old.written, ours: left.written, theirs: right.written),
      message: "\(who) removed `\(id)` and gave its id to another criterion, and \(other)",
      rules: [.ours, .theirs], takesValue: false)
    let isOurs =
      try settle(pending, choose: { $0 == .ours }, written: { ($0 ? left : right).written })
    take(id, left, right, isOurs: isOurs)
    return true
  }

  private mutating func take(
    _ id: CriterionID, _ left: CriterionTable.Entry, _ right: CriterionTable.Entry, isOurs: Bool?
  ) {
    let old = baseTable.entries[id]
    switch isOurs {
    case true?: (parents[id], whole[id]) = (.some(left.parent), left.fields)
    case false?: (parents[id], whole[id]) = (.some(right.parent), right.fields)
    case nil:
      parents[id] = .some(openParent(old, left, right))
      whole[id] = preference(old?.fields, left.fields, right.fields)
    }
  }

  /// Brings back groups that one side removed while the other put something into them.
  mutating func keepGroups() throws(MergeError) {
    while let (id, group) = nextOrphan() {
      // Who has the group has the criterion in it.
      let isOurs = ourTable.entries[group] != nil
      guard let entry = (isOurs ? ourTable : theirTable).entries[group] else {
        // A settlement named a group that is nowhere.
        throw MergeError(
          .unfitSettlement, at: path(id, "parent"), "there is no group `\(group)` for `\(id)`")
      }
      if baseTable.entries[id]?.parent == group {
        // The conflict of the criterion itself decides.
        parents[group] = .some(entry.parent)
        continue
      }
      let conflict = PendingConflict(
        code: .changedAndRemoved, path: path(group),
        values: MergeValues(
          base: baseTable.entries[group]?.written, ours: isOurs ? entry.written : nil,
          theirs: isOurs ? nil : entry.written),
        message: isOurs
          ? "our side put `\(id)` into `\(group)`, and their side removed that group"
          : "their side put `\(id)` into `\(group)`, and our side removed that group",
        rules: [.ours, .theirs], takesValue: false)
      let isKept = try settle(
        conflict, choose: { ($0 == .ours) == isOurs }, written: { $0 ? entry.written : nil })
      if isKept ?? true {
        parents[group] = .some(entry.parent)
      } else {
        drop(group, isOurs: isOurs)
      }
    }
  }

  /// A criterion whose group is not in the result; the first by id.
  private func nextOrphan() -> (CriterionID, CriterionID)? {
    var found: (CriterionID, CriterionID)?
    for (id, parent) in parents {
      guard let parent, parents[parent] == nil else { continue }
      if found.map({ id < $0.0 }) ?? true { found = (id, parent) }
    }
    return found
  }

  /// What was put into a group that is gone goes with it, or stays where the other side has it.
  private mutating func drop(_ group: CriterionID, isOurs: Bool) {
    let other = isOurs ? theirTable : ourTable
    for (id, parent) in parents where parent == group {
      if let entry = other.entries[id], entry.parent != group {
        parents[id] = .some(entry.parent)
      } else {
        parents[id] = nil
        drop(id, isOurs: isOurs)
      }
    }
  }

}

extension CriterionTable.Entry {
  /// The criterion without what is in it, as it is written.
  var written: JSONValue { fields.written }
}
