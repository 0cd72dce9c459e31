extension Merging {
  /// One side, as a note speaks of it; a class, since it is handed on for every criterion.
  private final class Party {
    let name: String
    let table: CriterionTable
    let rubric: Rubric
    let causes: MergeCauses.Side

    init(name: String, table: CriterionTable, rubric: Rubric, causes: MergeCauses.Side) {
      self.name = name
      self.table = table
      self.rubric = rubric
      self.causes = causes
    }
  }

  /// Each side, and the other one.
  private var parties: [(one: Party, other: Party)] {
    let us = Party(name: "our side", table: ourTable, rubric: ours, causes: causes.ours)
    let them = Party(name: "their side", table: theirTable, rubric: theirs, causes: causes.theirs)
    return [(us, them), (them, us)]
  }

  /// Tells of what merged field by field and means something else together.
  mutating func noteMeanings(in result: Rubric) {
    noteShares(in: nil, result.criteria, isSum: result.aggregation.method == .sum)
    noteRollup(of: nil, result.criteria)
    var groups: [Criterion] = []
    result.criteria.forEachGroup { groups.append($0) }
    for group in groups {
      // Weights do not matter to the least and the greatest.
      if group.rollup == .weightedMean || group.rollup == .sum {
        noteShares(in: group.id, group.criteria, isSum: group.rollup == .sum)
      }
      noteRollup(of: group.id, group.criteria)
    }
    let parties = self.parties
    noteReplacements(parties[0].one, parties[1].one)
    for id in changedByBoth where whole[id] == nil {
      guard let old = baseTable.entries[id] else { continue }
      for (one, other) in parties {
        guard let mine = one.table.entries[id], let yours = other.table.entries[id] else {
          continue
        }
        notePin(old, mine, yours, one, other)
        noteWeight(old, mine, yours, one, other)
        noteWords(old, mine, yours, one, other)
      }
    }
  }

  /// Tells of criteria that both sides replaced, or one replaced and the other removed.
  ///
  /// What stands in their place on each side stays. Known from edits only.
  private mutating func noteReplacements(_ us: Party, _ them: Party) {
    let ids = Set(us.causes.replacements.keys).union(them.causes.replacements.keys)
    for id in ids.sorted() {
      let (ours, theirs) = (us.causes.replacements[id], them.causes.replacements[id])
      guard baseTable.entries[id] != nil, ourTable.entries[id] == nil,
        theirTable.entries[id] == nil, ours?.change != theirs?.change
      else { continue }
      note(
        .meaningChanged, path(id),
        "our side did: \(ours?.summary ?? "remove `\(id)`"); their side did: "
          + "\(theirs?.summary ?? "remove `\(id)`"); what either put in its place is there")
    }
  }

  /// A weight that one side set, where the other changed what it is a weight of.
  private mutating func noteWeight(
    _ old: CriterionTable.Entry, _ mine: CriterionTable.Entry, _ yours: CriterionTable.Entry,
    _ one: Party, _ other: Party
  ) {
    let id = old.fields.id
    guard mine.fields.weight != old.fields.weight, yours.fields.weight == old.fields.weight else {
      return
    }
    var changes: [String] = []
    if yours.parent != old.parent, yours.parent != mine.parent {
      changes.append("moved it " + (yours.parent.map { "into `\($0)`" } ?? "to the top level"))
    }
    if yours.fields.direction != old.fields.direction,
      yours.fields.direction != mine.fields.direction
    {
      changes.append("changed its polarity")
    }
    guard !changes.isEmpty else { return }
    note(
      .weightMeaningChanged, path(id, "weight"),
      "\(one.name) set the weight of `\(id)` to \(CanonicalNumber.text(mine.fields.weight)), and "
        + "\(other.name) \(changes.joined(separator: " and "))")
  }

  /// Words that one side changed, where the other changed what they stand for.
  private mutating func noteWords(
    _ old: CriterionTable.Entry, _ mine: CriterionTable.Entry, _ yours: CriterionTable.Entry,
    _ one: Party, _ other: Party
  ) {
    let id = old.fields.id
    let isTurned =
      yours.fields.polarity != old.fields.polarity && mine.fields.polarity == old.fields.polarity
    let isGrouped =
      !baseTable.hasChildren(id) && !one.table.hasChildren(id) && other.table.hasChildren(id)
    let replacement = other.causes.replacements[id]
    // Before the words are compared, which costs more.
    guard isTurned || isGrouped || replacement != nil else { return }
    let fields = Criterion.fields.filter { field in
      ["title", "text", "scale", "lower_when", "applies_when"].contains(field.key)
        && field.write(mine.fields) != field.write(old.fields)
        && field.write(mine.fields) != field.write(yours.fields)
    }
    guard !fields.isEmpty else { return }
    let words = fields.map { "`\($0.key)`" }.joined(separator: ", ")
    if isTurned {
      note(
        .meaningChanged, path(id, "polarity"),
        "\(other.name) made `\(id)` \(yours.fields.polarity.rawValue), and \(one.name) changed its "
          + "\(words), which may have been for the same reason")
    }
    if isGrouped {
      note(
        .meaningChanged, path(id, "criteria"),
        "\(other.name) made `\(id)` a group, and \(one.name) changed its \(words) as that of a "
          + "criterion")
    }
    if let edit = replacement {
      note(
        .meaningChanged, path(id),
        "\(other.name) replaced `\(id)` by itself and others (\(edit.summary)), and \(one.name) "
          + "changed its \(words), which now is that of `\(id)` alone")
    }
  }

  /// A pin says that something is to stay as it is, and the other side has changed it meanwhile.
  private mutating func notePin(
    _ old: CriterionTable.Entry, _ mine: CriterionTable.Entry, _ yours: CriterionTable.Entry,
    _ one: Party, _ other: Party
  ) {
    let id = old.fields.id
    guard mine.fields.pinned, !old.fields.pinned, !yours.fields.pinned else { return }
    var changes = yours.fields == old.fields ? [] : yours.fields.changedKeys(from: old.fields)
    if yours.parent != old.parent { changes.append("its place") }
    // A pin covers what is in a group.
    let inside = changedContents(of: id, in: other.table)
    if !inside.isEmpty {
      changes.append(
        Suggestion.list(inside.prefix(5).map(\.rawValue), conjunction: "and") + " in it")
    }
    guard !changes.isEmpty else { return }
    note(
      .pinnedChanged, path(id),
      "\(one.name) pinned `\(id)`, and \(other.name) changed it before that: "
        + changes.joined(separator: ", "))
  }

  /// What came into a group, went out of it, or changed in it on one side.
  private func changedContents(of group: CriterionID, in table: CriterionTable) -> [CriterionID] {
    let (old, new) = (baseTable.children(of: group), table.children(of: group))
    var changed = Set(old).symmetricDifference(new)
    for id in Set(old).intersection(new) {
      if table.entries[id]?.fields != baseTable.entries[id]?.fields { changed.insert(id) }
      changed.formUnion(changedContents(of: id, in: table))
    }
    return changed.sorted()
  }

  /// How a group is rolled up, changed by one side while the other set weights in it.
  private mutating func noteRollup(of parent: CriterionID?, _ siblings: [Criterion]) {
    func method(_ rubric: Rubric, _ table: CriterionTable) -> String? {
      guard let parent else { return rubric.aggregation.method.rawValue }
      return table.fields(of: parent)?.rollup.rawValue
    }
    guard let old = method(base, baseTable),
      method(ours, ourTable) != old || method(theirs, theirTable) != old
    else { return }
    let ids = Set(siblings.map(\.id))
    for (one, other) in parties {
      guard let mine = method(one.rubric, one.table), let yours = method(other.rubric, other.table),
        mine != old, mine != yours
      else { continue }
      let (before, theirs) = (weights(baseTable, parent), weights(other.table, parent))
      let agreed = weights(one.table, parent)
      let set = theirs.keys.filter {
        ids.contains($0) && theirs[$0] != before[$0] && theirs[$0] != agreed[$0]
      }
      guard !set.isEmpty else { continue }
      note(
        .weightMeaningChanged,
        parent.map { path($0, "rollup") } ?? path(nil, "aggregation.method"),
        "\(one.name) changed how weights "
          + (parent.map { "in `\($0)`" } ?? "at the top level") + " count (\(old) to \(mine)), and "
          + "\(other.name) set weights there: "
          + Suggestion.list(set.sorted().prefix(5).map(\.rawValue), conjunction: "and"))
    }
  }

  /// Tells of shares that neither side has seen: one set weights, the other changed what they are
  /// shared with.
  private mutating func noteShares(
    in parent: CriterionID?, _ siblings: [Criterion], isSum: Bool
  ) {
    // A side that left the weights alone has seen the other's.
    guard !hasSameWeights(parent, ourTable, baseTable, isSum: isSum),
      !hasSameWeights(parent, theirTable, baseTable, isSum: isSum)
    else { return }
    func parts(_ table: CriterionTable) -> [CriterionID: Double] {
      weights(table, parent, timesScale: isSum)
    }
    let (old, left, right) = (parts(baseTable), parts(ourTable), parts(theirTable))
    var merged: [CriterionID: Double] = [:]
    for sibling in siblings {
      merged[sibling.id] = sibling.countedWeight.map { $0 * (isSum ? sibling.width : 1) }
    }
    // Who has, or had, the very weights of the result has seen them.
    guard left != merged, right != merged, old != merged, left != old, right != old else { return }
    let shown = siblings.map(\.id)
      .filter { merged[$0] != nil && (left[$0] != nil || right[$0] != nil) }.prefix(4).map { id in
        "`\(id)` now has \(Self.share(id, merged)) (ours \(Self.share(id, left)), theirs "
          + "\(Self.share(id, right)))"
      }
    note(
      .sharesChanged, path(parent, "criteria"),
      "the weights " + (parent.map { "in `\($0)`" } ?? "at the top level")
        + " were changed by both sides, and neither has seen the shares that they make"
        + (shown.isEmpty ? "" : ": " + shown.joined(separator: ", ")))
  }

  /// Whether two versions of a group hold the same criteria with the same weights in one order.
  private func hasSameWeights(
    _ parent: CriterionID?, _ left: CriterionTable, _ right: CriterionTable, isSum: Bool
  ) -> Bool {
    let ids = left.children(of: parent)
    return ids == right.children(of: parent)
      && ids.allSatisfy { id in
        left.countedWeight(of: id) == right.countedWeight(of: id)
          && (!isSum || left.fields(of: id)?.scale == right.fields(of: id)?.scale)
      }
  }

  /// The weights that a side counts in a group.
  private func weights(
    _ table: CriterionTable, _ parent: CriterionID?, timesScale: Bool = false
  ) -> [CriterionID: Double] {
    var result: [CriterionID: Double] = [:]
    for id in table.children(of: parent) {
      guard let fields = table.entries[id]?.fields, let weight = fields.countedWeight else {
        continue
      }
      result[id] = timesScale ? weight * fields.width : weight
    }
    return result
  }

  private static func share(_ id: CriterionID, _ weights: [CriterionID: Double]) -> String {
    let total = weights.values.reduce(0, +)
    guard let weight = weights[id], total > 0 else { return "none" }
    let permille = (weight / total * 1_000).rounded()
    return CanonicalNumber.text(permille / 10) + " %"
  }
}

extension Criterion {
  /// Its weight where it counts.
  var countedWeight: Double? { status == .active ? weight : nil }

  /// How far apart the ends of its scale are, which counts in a sum.
  fileprivate var width: Double { scale.bounds.map { $0.max - $0.min } ?? 1 }
}
