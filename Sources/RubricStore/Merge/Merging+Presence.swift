extension Merging {
  /// Decides which criteria there are.
  mutating func mergePresence() throws(MergeError) {
    var ids = Set(ourTable.entries.keys)
    ids.formUnion(theirTable.entries.keys)
    var kept: [CriterionID] = []
    parents.reserveCapacity(ids.count)
    // In order, so that the outcome is the same every time.
    order = ids.sorted()
    for id in order {
      // Most are in all three, and nobody gave their ids to others.
      if ourTable.contains(id), theirTable.contains(id), baseTable.contains(id),
        !causes.ours.reused.contains(id), !causes.theirs.reused.contains(id)
      {
        parents[id] = .some(ourTable.parent(of: id))
        continue
      }
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
          if try removed(id, old, left, by: .theirs) { kept.append(id) }
        } else {
          parents[id] = .some(left.parent)
        }
      case (nil, let right?):
        if let old {
          if try removed(id, old, right, by: .ours) { kept.append(id) }
        } else {
          parents[id] = .some(right.parent)
        }
      case (nil, nil): break
      }
    }
    for id in kept { keepContents(of: id) }
  }

  private enum Remover { case ours, theirs }

  /// One side removed a criterion; the other may have changed it.
  ///
  /// - Returns: Whether the criterion stays although one side removed it.
  private mutating func removed(
    _ id: CriterionID, _ old: CriterionTable.Entry, _ kept: CriterionTable.Entry, by side: Remover
  ) throws(MergeError) -> Bool {
    let isOurs = side == .theirs
    // What was removed is another criterion than the one that has its id now.
    if (isOurs ? causes.ours : causes.theirs).reused.contains(id) {
      parents[id] = .some(kept.parent)
      return false
    }
    var changes = kept.fields == old.fields ? [] : kept.fields.changedKeys(from: old.fields)
    if kept.parent != old.parent || isMoved(id, parent: kept.parent, byUs: isOurs) {
      changes.append("its place")
    }
    guard !changes.isEmpty else { return false }
    let value = kept.written
    let (keeper, remover) = isOurs ? ("our side", "their side") : ("their side", "our side")
    let replacement = (isOurs ? causes.theirs : causes.ours).replacements[id]
    let pending = PendingConflict(
      code: .changedAndRemoved, path: path(id),
      values: MergeValues(
        base: old.written, ours: isOurs ? value : nil, theirs: isOurs ? nil : value),
      message: "\(keeper) changed `\(id)` (\(changes.joined(separator: ", "))), and \(remover) "
        + (replacement.map { "replaced it: \($0.summary)" } ?? "removed it"),
      rules: [.ours, .theirs], takesValue: false)
    let isKept =
      try settle(pending, choose: { ($0 == .ours) == isOurs }, written: { $0 ? value : nil })
    switch isKept {
    case true?: parents[id] = .some(kept.parent)
    case false?: gone.insert(id)
    // Nothing is lost while the conflict is open.
    case nil where preferred == .base: (parents[id], whole[id]) = (.some(old.parent), old.fields)
    case nil: parents[id] = .some(kept.parent)
    }
    return isKept ?? true
  }

  /// Keeps what was removed only because the group that it was in was.
  mutating func keepContents(of id: CriterionID) {
    let table = ourTable.entries[id] == nil ? theirTable : ourTable
    for child in table.children(of: id)
    where parents[child] == nil && !gone.contains(child) && baseTable.entries[child]?.parent == id {
      parents[child] = .some(id)
      keepContents(of: child)
    }
  }

  /// Whether a side put this one criterion elsewhere among its siblings.
  private mutating func isMoved(_ id: CriterionID, parent: CriterionID?, byUs: Bool) -> Bool {
    let old = baseTable.children(of: parent)
    let new = (byUs ? ourTable : theirTable).children(of: parent)
    guard old != new else { return false }
    let key = MovedKey(isOurs: byUs, parent: parent)
    let order: MovedWithin
    if let known = movedWithin[key] {
      order = known
    } else {
      let rank = Dictionary(uniqueKeysWithValues: new.enumerated().map { ($1, $0) })
      let ranks = old.compactMap { rank[$0] }
      let isChanged = zip(ranks, ranks.dropFirst()).contains { $0 > $1 }
      // As a difference of the two versions would say it.
      order = MovedWithin(
        isChanged: isChanged,
        only: isChanged ? Difference.onlyOneOutOfOrder(ranks).map { new[$0] } : nil)
      movedWithin[key] = order
    }
    // Of two that changed places only the edits tell which one was moved.
    return order.isChanged
      && (order.only == id || (byUs ? causes.ours : causes.theirs).moved.contains(id))
  }

  private mutating func bothAdded(
    _ id: CriterionID, _ left: CriterionTable.Entry, _ right: CriterionTable.Entry
  ) throws(MergeError) {
    // A base of several is only what they agree on.
    if preferred == .base, left.fields != right.fields || left.parent != right.parent { return }
    parents[id] = .some(left.parent)
    // One criterion with different settings, or two criteria of one name.
    guard !left.fields.hasMeaning(of: right.fields) else { return }
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
    let (byUs, byThem) = (causes.ours.reused.contains(id), causes.theirs.reused.contains(id))
    func isChanged(_ entry: CriterionTable.Entry) -> Bool {
      entry.fields != old.fields || entry.parent != old.parent
    }
    guard byUs || byThem, left.fields != right.fields,
      byUs == byThem || isChanged(byUs ? right : left)
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
    replaced[id] = isOurs
    switch isOurs {
    case true?: (parents[id], whole[id]) = (.some(left.parent), left.fields)
    case false?: (parents[id], whole[id]) = (.some(right.parent), right.fields)
    case nil:
      parents[id] = .some(openParent(old, left, right))
      whole[id] = preference(old?.fields, left.fields, right.fields)
    }
  }
}

/// A group of one side.
struct MovedKey: Hashable {
  var isOurs: Bool
  var parent: CriterionID?
}

/// How a side changed the order of what a group had and has.
struct MovedWithin {
  var isChanged: Bool
  /// The one criterion without which the rest is in the old order; nil where there is none.
  var only: CriterionID?
}

extension CriterionTable.Entry {
  /// The criterion without what is in it, as it is written.
  var written: JSONValue { fields.written }
}

extension Criterion {
  /// The keys of the fields that differ.
  func changedKeys(from old: Criterion) -> [String] {
    differences(from: old).names.map { "`\($0.rawValue)`" }
  }
}
