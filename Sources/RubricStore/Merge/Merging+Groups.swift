extension Merging {
  /// Brings back groups that are gone while something is in them.
  mutating func keepGroups() throws(MergeError) {
    while true {
      var orphans: [CriterionID: [CriterionID]] = [:]
      for (id, parent) in parents {
        if let parent, parents[parent] == nil { orphans[parent, default: []].append(id) }
      }
      if orphans.isEmpty { return }
      for (group, ids) in orphans.sorted(by: { $0.key < $1.key }) where parents[group] == nil {
        try keep(group, for: ids.sorted())
      }
    }
  }

  /// Brings a group back for what is in it, or takes out what was put into it.
  ///
  /// - Parameters:
  ///   - group: A group that is not in the result.
  ///   - ids: What is in it.
  /// - Throws: ``MergeError`` for a settlement of the group that does not fit.
  private mutating func keep(
    _ group: CriterionID, for ids: [CriterionID]
  ) throws(MergeError) {
    // Who has the group has the criterion in it.
    let isOurs = ourTable.entries[group] != nil
    guard let entry = (isOurs ? ourTable : theirTable).entries[group] else {
      // The base named a group that both sides removed.
      for id in ids { parents[id] = .some(nil) }
      return
    }
    if preferred == .base, baseTable.entries[group] == nil {
      // A base of several is only what they agree on.
      for id in ids {
        let old = baseTable.entries[id]
        parents[id] = old.map { .some($0.parent) } ?? nil
      }
      return
    }
    let newcomers = ids.filter { baseTable.entries[$0]?.parent != group }
    // The conflict of a criterion that was in it has decided.
    let isAsked = !newcomers.isEmpty && !gone.contains(group) && !closed.contains(group)
    var isKept = newcomers.isEmpty
    if isAsked {
      let names = Suggestion.list(newcomers.prefix(5).map(\.rawValue), conjunction: "and")
      let (keeper, remover) = isOurs ? ("our side", "their side") : ("their side", "our side")
      let conflict = PendingConflict(
        code: .changedAndRemoved, path: path(group),
        values: MergeValues(
          base: baseTable.entries[group]?.written, ours: isOurs ? entry.written : nil,
          theirs: isOurs ? nil : entry.written),
        message: "\(keeper) put \(names) into `\(group)`, and \(remover) removed that group",
        rules: [.ours, .theirs], takesValue: false, involved: newcomers)
      isKept =
        try settle(
          conflict, choose: { ($0 == .ours) == isOurs }, written: { $0 ? entry.written : nil })
        ?? true
    }
    if !isKept {
      closed.insert(group)
      for id in newcomers { takeOut(id, of: group, isOurs: isOurs) }
      if newcomers.count == ids.count { return }
    }
    parents[group] = .some(entry.parent)
    if isKept, isAsked { keepContents(of: group) }
  }

  /// Takes a criterion out of a group of one side: to where the other has it, or away where it has not.
  private mutating func takeOut(_ id: CriterionID, of group: CriterionID, isOurs: Bool) {
    if let entry = (isOurs ? theirTable : ourTable).entries[id] {
      let places = [entry.parent, baseTable.entries[id]?.parent]
      // At the top where every group that it was in stays away.
      parents[id] = .some(
        places.first { $0 != group && !($0.map(closed.contains) ?? false) } ?? nil)
      return
    }
    parents[id] = nil
    note(
      .removedWithGroup, path(id),
      "\(isOurs ? "our side" : "their side") put `\(id)` into `\(group)`, and it is gone with that")
    for child in (isOurs ? ourTable : theirTable).children(of: id) {
      if let parent = parents[child], parent == id { takeOut(child, of: id, isOurs: isOurs) }
    }
  }

  /// Where an id has two meanings and one of them was taken, what the other side put into its group
  /// is not put into this one.
  mutating func replaceContents() {
    for (id, isOurs) in replaced.sorted(by: { $0.key < $1.key }) {
      let (winner, loser) = isOurs ? (ourTable, theirTable) : (theirTable, ourTable)
      for child in loser.children(of: id) {
        guard let parent = parents[child], parent == id, winner.entries[child]?.parent != id,
          winner.entries[child] != nil || baseTable.entries[child] == nil
        else { continue }
        takeOut(child, of: id, isOurs: !isOurs)
      }
    }
  }

  /// A group with nothing left in it would be judged itself, and a criterion that one side made of a
  /// group would not be where the other put something into it.
  mutating func fillGroups() throws(MergeError) {
    guard preferred != .base else { return }
    var known: Set<CriterionID> = []
    while true {
      let members = self.members
      var isFilled = false
      for id in order where parents[id] != nil && !known.contains(id) && whole[id] == nil {
        guard ourTable.hasChildren(id) || theirTable.hasChildren(id) else { continue }
        let sides = [ourTable, theirTable].filter { $0.contains(id) }.map { !$0.hasChildren(id) }
        let inside = members[id] ?? []
        let isEmptied = inside.isEmpty && sides.allSatisfy { !$0 }
        let isRefilled =
          sides.contains(true) && sides.contains(false)
          && baseTable.hasChildren(id)
          && inside.contains { baseTable.entries[$0]?.parent != id }
        guard isEmptied || isRefilled else { continue }
        known.insert(id)
        if try fill(id, inside) { isFilled = true }
      }
      guard isFilled else { return }
      try keepGroups()
      openRings()
    }
  }

  private var members: [CriterionID?: [CriterionID]] {
    var members: [CriterionID?: [CriterionID]] = [:]
    for (id, parent) in parents { members[parent, default: []].append(id) }
    return members
  }

  /// Settles what is in a group.
  ///
  /// - Parameters:
  ///   - group: The group.
  ///   - inside: What is in it.
  /// - Returns: Whether a settlement changed it.
  /// - Throws: ``MergeError`` for a settlement of what is in it that does not fit.
  private mutating func fill(
    _ group: CriterionID, _ inside: [CriterionID]
  ) throws(MergeError) -> Bool {
    enum Contents {
      case these([CriterionID])
      case away
    }
    func contents(_ table: CriterionTable) -> [CriterionID]? {
      table.contains(group) ? table.children(of: group) : nil
    }
    let (old, left, right) = (contents(baseTable), contents(ourTable), contents(theirTable))
    let (leaver, filler) =
      left?.isEmpty == true ? ("our side", "their side") : ("their side", "our side")
    let everything = Set([old, left, right].flatMap { $0 ?? [] })
    let pending = PendingConflict(
      code: .inconsistent, path: path(group, "criteria"),
      values: MergeValues(
        base: old.map(\.written), ours: left.map(\.written), theirs: right.map(\.written)),
      message: inside.isEmpty
        ? "together both sides took everything out of the group `\(group)`, which would now be "
          + "judged itself; null takes it away"
        : "\(leaver) took everything out of `\(group)`, so that it is judged itself, and \(filler) "
          + "left it a group", rules: [.ours, .theirs], takesValue: true,
      involved: everything.sorted())
    let choice = try settle(
      pending,
      choose: { rule -> Contents? in
        switch rule {
        case .ours: return left.map { .these($0) } ?? .away
        case .theirs: return right.map { .these($0) } ?? .away
        case .value(.null): return inside.isEmpty ? .away : nil
        case .value(.array(let items)):
          let ids = items.compactMap { $0.string.flatMap { CriterionID(rawValue: $0) } }
          let isKnown = ids.allSatisfy { everything.contains($0) || inside.contains($0) }
          return ids.count == items.count && isKnown ? .these(ids) : nil
        default: return nil
        }
      },
      written: { contents in
        switch contents {
        case .these(let ids): ids.written
        case .away: nil
        }
      })
    switch choice {
    case .these(let ids)?:
      let isOurs = left?.isEmpty == false
      for id in inside where !ids.contains(id) { takeOut(id, of: group, isOurs: isOurs) }
      for id in ids where id != group {
        let isBack = parents[id] == nil
        parents[id] = .some(group)
        if isBack { restoreContents(of: id) }
      }
      return true
    case .away?:
      parents[group] = nil
      return true
    case nil: return false
    }
  }

  /// Brings back what is in a criterion that is back.
  private mutating func restoreContents(of id: CriterionID) {
    let table = ourTable.entries[id] == nil ? theirTable : ourTable
    for child in table.children(of: id) where parents[child] == nil {
      parents[child] = .some(id)
      restoreContents(of: child)
    }
  }
}
