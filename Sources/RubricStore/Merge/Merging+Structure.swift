extension Merging {
  /// Decides in which group each criterion is.
  mutating func mergeParents() throws(MergeError) {
    for id in parents.keys.sorted() where whole[id] == nil {
      guard let left = ourTable.entries[id], let right = theirTable.entries[id] else { continue }
      let old = baseTable.entries[id]
      if settlements.isEmpty {
        if left.parent == right.parent { continue }
        if let old, old.parent == right.parent { continue }
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
        rules: [.ours, .theirs] + (old == nil ? [] : [.base]), takesValue: true)
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
    case .base: return .some(old)
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
    // A group that is new on one side cannot be part of one, nor can anything that did not move.
    var isBroken = Set<CriterionID>()
    while let cycle = nextCycle(besides: isBroken) {
      isBroken.formUnion(cycle)
      let first = cycle[0]
      func value(_ table: CriterionTable) -> JSONValue {
        .object(
          JSONObject(cycle.map { ($0.rawValue, (table.entries[$0]?.parent).written) }))
      }
      let pending = PendingConflict(
        code: .cycle, path: path(first, "parent"),
        values: MergeValues(
          base: value(baseTable), ours: value(ourTable), theirs: value(theirTable)),
        message: "the moves of both sides put "
          + Suggestion.list(cycle.map(\.rawValue), conjunction: "and") + " inside each other",
        rules: [.ours, .theirs, .base], takesValue: false)
      let rule = try settle(
        pending, choose: { $0 }, written: { $0.name.map { .string($0) } })
      let table: CriterionTable =
        switch rule ?? .base {
        case .ours: ourTable
        case .theirs: theirTable
        default: baseTable
        }
      for id in cycle {
        if let entry = table.entries[id] { parents[id] = .some(entry.parent) }
      }
      try keepGroups()
    }
    // One side's places may close another ring with the rest; nothing may be lost in one.
    while let cycle = nextCycle(besides: []) {
      for id in cycle { parents[id] = .some(nil) }
    }
  }

  /// A ring of criteria, the first by id in front.
  private func nextCycle(besides known: Set<CriterionID>) -> [CriterionID]? {
    var done: Set<CriterionID> = known
    for start in parents.keys.sorted() where !done.contains(start) {
      var trail: [CriterionID] = []
      var inTrail: Set<CriterionID> = []
      var current: CriterionID? = start
      while let id = current, !done.contains(id), inTrail.insert(id).inserted {
        trail.append(id)
        current = parents[id] ?? nil
      }
      if let id = current, inTrail.contains(id), let from = trail.firstIndex(of: id) {
        let ring = Array(trail[from...])
        guard let least = ring.min(), let index = ring.firstIndex(of: least) else { continue }
        return Array(ring[index...] + ring[..<index])
      }
      done.formUnion(inTrail)
    }
    return nil
  }

  /// Decides the order in every group.
  mutating func mergeOrders() throws(MergeError) -> [CriterionID?: [CriterionID]] {
    var members: [CriterionID?: Set<CriterionID>] = [:]
    for (id, parent) in parents { members[parent, default: []].insert(id) }
    var result: [CriterionID?: [CriterionID]] = [:]
    result.reserveCapacity(members.count)
    // In order, so that conflicts are found in the same order every time.
    for parent in members.keys.sorted(by: { ($0?.rawValue ?? "") < ($1?.rawValue ?? "") }) {
      let kept = members[parent] ?? []
      let order = OrderMerge(
        base: baseTable.children(of: parent), ours: ourTable.children(of: parent),
        theirs: theirTable.children(of: parent), kept: kept, preferred: preferred, precedes: <)
      result[parent] = order.order
      let path = path(parent, "criteria")
      guard order.isConflict else {
        if let rule = settlements.specific(path) {
          result[parent] = try self.order(rule, in: parent, kept: kept, path)
        }
        continue
      }
      let values = MergeValues(
        base: baseTable.children(of: parent).written, ours: ourTable.children(of: parent).written,
        theirs: theirTable.children(of: parent).written)
      let pending = PendingConflict(
        code: .bothChanged, path: path, values: values,
        message: "both sides put the criteria "
          + (parent.map { "of `\($0)`" } ?? "at the top level") + " in another order",
        rules: [.ours, .theirs, .base], takesValue: true)
      var problem: MergeError?
      let reads = self
      let choice: [CriterionID]?
      do throws(MergeError) {
        choice = try settle(
          pending,
          choose: { rule -> [CriterionID]? in
            do throws(MergeError) {
              return try reads.order(rule, in: parent, kept: kept, path)
            } catch {
              problem = error
              return nil
            }
          }, written: { $0.written })
      } catch {
        throw problem ?? error
      }
      if let choice { result[parent] = choice }
    }
    return result
  }

  /// The order that a rule gives.
  private func order(
    _ rule: Settlement.Rule, in parent: CriterionID?, kept: Set<CriterionID>, _ path: MergePath
  ) throws(MergeError) -> [CriterionID] {
    func merged(_ preferred: MergePreference) -> [CriterionID] {
      OrderMerge(
        base: baseTable.children(of: parent), ours: ourTable.children(of: parent),
        theirs: theirTable.children(of: parent), kept: kept, preferred: preferred, precedes: <
      ).order
    }
    switch rule {
    case .ours: return merged(.ours)
    case .theirs: return merged(.theirs)
    case .base: return merged(.base)
    case .value(.array(let items)):
      let ids = items.compactMap { $0.string.flatMap { CriterionID(rawValue: $0) } }
      if ids.count == items.count, ids.count == kept.count, Set(ids) == kept { return ids }
      fallthrough
    default:
      throw MergeError(
        .unfitSettlement, at: path, "`\(path)` takes a list of all its criteria in order",
        hint: "they are "
          + kept.sorted().map { "\"\($0)\"" }.joined(separator: ", "))
    }
  }
}
