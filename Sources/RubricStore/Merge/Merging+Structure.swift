extension Merging {
  /// Decides in which group each criterion is.
  mutating func mergeParents() throws(MergeError) {
    for id in order where parents[id] != nil && whole[id] == nil {
      let isOld = baseTable.contains(id)
      if !settlements.hasPlaces(in: id) {
        let (left, right) = (ourTable.parent(of: id), theirTable.parent(of: id))
        if left == right || isOld && baseTable.parent(of: id) == right { continue }
      }
      guard let left = ourTable.entries[id], let right = theirTable.entries[id] else { continue }
      let old = baseTable.entries[id]
      if !settlements.hasPlaces(in: id) {
        if let old, old.parent == left.parent {
          parents[id] = .some(right.parent)
          continue
        }
      }
      let path = path(id, "parent")
      let values = MergeValues(
        base: old.map { $0.parent.written }, ours: left.parent.written,
        theirs: right.parent.written)
      let clean: CriterionID?? =
        left.parent == right.parent || old.map { $0.parent == right.parent } ?? false
        ? .some(left.parent)
        : old.map { $0.parent == left.parent } ?? false ? .some(right.parent) : nil
      if let clean {
        guard let rule = settlements.specific(path) else {
          parents[id] = .some(clean)
          continue
        }
        let choice = try parent(rule, of: id, old: old?.parent, left.parent, right.parent)
        guard let choice else {
          throw MergeError(
            .unfitSettlement, at: path, "`\(rule.name ?? "")` does not fit `\(path)`",
            hint: "write a group's id, null for the top level, ours or theirs")
        }
        if choice != clean { record(path, nil, rule, values, choice.written) }
        parents[id] = .some(choice)
        continue
      }
      let pending = PendingConflict(
        code: old == nil ? .bothAdded : .movedApart, path: path, values: values,
        message: "our side put `\(id)` \(Self.words(left.parent)), and their side "
          + Self.words(right.parent),
        rules: [.ours, .theirs] + (old.map { isAnywhere($0.parent) } == true ? [.base] : []),
        takesValue: true)
      var problem: MergeError?
      let reads = self
      let choice: CriterionID??
      do throws(MergeError) {
        choice = try settle(
          pending,
          choose: { rule -> CriterionID?? in
            do throws(MergeError) {
              return try reads.parent(rule, of: id, old: old?.parent, left.parent, right.parent)
            } catch {
              problem = error
              return nil
            }
          }, written: { $0.written })
      } catch {
        throw problem ?? error
      }
      switch choice {
      case .some(let parent): parents[id] = .some(parent)
      case nil: parents[id] = .some(openParent(old, left, right))
      }
    }
  }

  /// Where a criterion stands while nobody has decided; alike for both sides, so that what follows
  /// from it is, too.
  func openParent(
    _ old: CriterionTable.Entry?, _ left: CriterionTable.Entry, _ right: CriterionTable.Entry
  ) -> CriterionID? {
    if let old, old.parent.map({ parents[$0] != nil }) ?? true { return old.parent }
    return [left.parent, right.parent].min { ($0?.rawValue ?? "") < ($1?.rawValue ?? "") } ?? nil
  }

  /// Whether a side has the group.
  private func isAnywhere(_ group: CriterionID?) -> Bool {
    group.map { ourTable.contains($0) || theirTable.contains($0) } ?? true
  }

  private static func words(_ parent: CriterionID?) -> String {
    parent.map { "into `\($0)`" } ?? "at the top level"
  }

  /// The group that a rule gives; an outer nil where it gives none.
  private func parent(
    _ rule: Settlement.Rule, of id: CriterionID, old: CriterionID?, _ left: CriterionID?,
    _ right: CriterionID?
  ) throws(MergeError) -> CriterionID?? {
    switch rule {
    case .ours: return .some(left)
    case .theirs: return .some(right)
    case .base:
      if let old, ourTable.entries[old] == nil, theirTable.entries[old] == nil {
        throw MergeError(
          .unfitSettlement, at: path(id, "parent"),
          "both sides removed `\(old)`, which `\(id)` was in", hint: "write ours, theirs or a group"
        )
      }
      return .some(old)
    case .value(.null): return .some(nil)
    case .value(.string(let name)):
      guard let parent = CriterionID(rawValue: name), parents[parent] != nil, parent != id else {
        throw MergeError(
          .unfitSettlement, at: path(id, "parent"),
          "there is no group \(NodeReader.quote(name)) for `\(id)`",
          hint: Suggestion.didYouMean(name, among: parents.keys.map(\.rawValue).sorted()))
      }
      return .some(parent)
    default: return nil
    }
  }

  /// Finds criteria that lie in themselves.
  mutating func breakCycles() throws(MergeError) {
    // Nothing that did not move can be part of one.
    var known = Set<CriterionID>()
    while true {
      let found = rings(besides: known)
      if found.isEmpty { break }
      for ring in found {
        known.formUnion(ring)
        try breakCycle(ring)
      }
      try keepGroups()
    }
    openRings()
  }

  private mutating func breakCycle(_ ring: [CriterionID]) throws(MergeError) {
    func value(_ table: CriterionTable) -> JSONValue {
      .object(
        JSONObject(
          ring.compactMap { id in
            table.entries[id].map { (id.rawValue, $0.parent.written) }
          }))
    }
    let places = MergeValues(
      base: value(baseTable), ours: value(ourTable), theirs: value(theirTable))
    let pending = PendingConflict(
      code: .cycle, path: path(ring[0], "parent"),
      values: places,
      message: "the moves of both sides put "
        + Suggestion.list(ring.map(\.rawValue), conjunction: "and") + " inside each other",
      rules: [.ours, .theirs, .base], takesValue: true, involved: ring)
    let rule = try settle(
      pending, choose: { rule -> Settlement.Rule? in if case .value = rule { nil } else { rule } },
      written: { $0 == .ours ? places.ours : $0 == .theirs ? places.theirs : places.base })
    let table: CriterionTable =
      switch rule ?? .base {
      case .ours: ourTable
      case .theirs: theirTable
      default: baseTable
      }
    for id in ring {
      if let entry = table.entries[id] { parents[id] = .some(entry.parent) }
    }
  }

  /// Puts what still lies in itself at the top: one side's places may close another ring with the
  /// rest, and nothing may be lost in one.
  mutating func openRings() {
    for ring in rings(besides: []) {
      for id in ring { parents[id] = .some(nil) }
    }
  }

  private func isPlaced(_ id: CriterionID, as table: CriterionTable) -> Bool {
    table.contains(id) && parents[id] == .some(table.parent(of: id))
  }

  /// The rings of criteria, each with the first by id in front; they have nothing in common.
  private func rings(besides known: Set<CriterionID>) -> [[CriterionID]] {
    var done: Set<CriterionID> = known
    var found: [[CriterionID]] = []
    // No side has a ring, so that one takes a place of each.
    let isMixed =
      order.contains { parents[$0].map { $0 != nil } ?? false && !isPlaced($0, as: ourTable) }
      && order.contains { parents[$0].map { $0 != nil } ?? false && !isPlaced($0, as: theirTable) }
    guard isMixed else { return [] }
    // And what hangs where it hung in the base closes none.
    for start in order
    where parents[start] != nil && !done.contains(start) && !isPlaced(start, as: baseTable) {
      var trail: [CriterionID] = []
      var inTrail: Set<CriterionID> = []
      var current: CriterionID? = start
      while let id = current, !done.contains(id), inTrail.insert(id).inserted {
        trail.append(id)
        current = parents[id] ?? nil
      }
      if let id = current, inTrail.contains(id), let from = trail.firstIndex(of: id) {
        let ring = Array(trail[from...])
        if let least = ring.min(), let index = ring.firstIndex(of: least) {
          found.append(Array(ring[index...] + ring[..<index]))
        }
      }
      done.formUnion(inTrail)
    }
    return found
  }

  /// Decides the order in every group.
  mutating func mergeOrders() throws(MergeError) -> [CriterionID?: [CriterionID]] {
    var members: [CriterionID?: Set<CriterionID>] = [:]
    for (id, parent) in parents { members[parent, default: []].insert(id) }
    var result: [CriterionID?: [CriterionID]] = [:]
    result.reserveCapacity(members.count)
    // In order, so that conflicts are found in the same order every time.
    for parent in members.keys.sorted(by: { ($0?.rawValue ?? "") < ($1?.rawValue ?? "") }) {
      // What was settled as a whole stands where that side has it.
      let orders = Orders(
        base: baseTable.children(of: parent),
        ours: ourTable.children(of: parent).filter { replaced[$0] != false },
        theirs: theirTable.children(of: parent).filter { replaced[$0] != true },
        kept: members[parent] ?? [], precedes: <)
      result[parent] = try order(
        path(parent, "criteria"), orders,
        message: "both sides put the criteria "
          + (parent.map { "of `\($0)`" } ?? "at the top level") + " in another order",
        involved: orders.base.filter {
          ourTable.contains($0) && theirTable.contains($0)
        })
    }
    return result
  }
}
