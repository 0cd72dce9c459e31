import RubricStore
import Testing

/// What blame promises, on random histories, against versions that are all read and compared anew.
@Suite struct BlameLawTests {
  /// The value of a field in a version, as text; nil where the criterion is not there.
  ///
  /// What is a matter of order is left out.
  private static func value(
    _ field: FieldName, of id: CriterionID?, in rubric: Rubric
  ) -> String? {
    guard let id else {
      var own = rubric
      own.criteria = []
      return "\(own.json[field.rawValue]?.jsonText ?? "default")"
    }
    guard let item = rubric.criterion(id) else { return nil }
    var probe = Rubric(id: "probe", criteria: [item])
    probe.criteria[0].criteria = []
    let json = probe.json["criteria"]?.array?.first
    switch field {
    case .polarity:
      return "\(json?["polarity"]?.jsonText ?? "") \(json?["credit"]?.jsonText ?? "")"
    case .place: return rubric.groups(around: id)?.last?.rawValue ?? "top"
    default: return json?[field.rawValue]?.jsonText ?? "default"
    }
  }

  /// Whether a field changed from one version to the next, the order of siblings included.
  private static func isChanged(
    _ field: FieldName, of id: CriterionID?, from old: Rubric?, to new: Rubric
  ) -> Bool {
    guard let old else { return true }
    if value(field, of: id, in: old) != value(field, of: id, in: new), field != .criteria {
      return true
    }
    switch (field, id) {
    case (.criteria, _):
      guard let order = common(in: id, old, new) else { return true }
      return order.old != order.new && lonely(order.old, order.new) == nil
    case (.place, let id?):
      guard let order = common(in: new.groups(around: id)?.last, old, new) else { return false }
      return order.old != order.new && lonely(order.old, order.new) == id
    default: return false
    }
  }

  /// The siblings of a group that both versions have, in both orders; nil where the old one has no
  /// such group.
  private static func common(
    in group: CriterionID?, _ old: Rubric, _ new: Rubric
  ) -> (old: [CriterionID], new: [CriterionID])? {
    func children(_ rubric: Rubric) -> [CriterionID]? {
      guard let group else { return rubric.criteria.map(\.id) }
      return rubric.criterion(group)?.criteria.map(\.id)
    }
    guard let before = children(old), let after = children(new) else { return nil }
    return (before.filter(after.contains), after.filter(before.contains))
  }

  /// The one without which both orders are the same: of two that changed places, the one that was
  /// second.
  private static func lonely(_ old: [CriterionID], _ new: [CriterionID]) -> CriterionID? {
    old.last { id in old.filter { $0 != id } == new.filter { $0 != id } }
  }

  private static func references(of rubric: Rubric) -> [FieldReference] {
    let own: [FieldName] = [
      .title, .description, .subject, .judge, .preamble, .aggregation, .budget, .criteria,
      .postamble, .ext,
    ]
    let inner: [FieldName] = [
      .place, .title, .text, .weight, .polarity, .scale, .lowerWhen, .gate, .status, .pinned,
      .origin, .appliesWhen, .tags, .rollup, .criteria, .ext,
    ]
    return own.map { FieldReference(nil, $0) }
      + rubric.paths.flatMap { path in inner.map { FieldReference(rubric[path].id, $0) } }
  }

  @Test func linearHistories() throws {
    try forAll(cases: min(Cases.count, 25)) { generator in
      var history = try HistoryBuilder()
      var rubric = generator.rubric()
      while rubric.paths.count > 40 { rubric = generator.rubric() }
      rubric.id = "essay"
      var versions: [(id: ObjectID, rubric: Rubric)] = []
      for _ in 0...generator.random.below(12) {
        let parents = versions.last.map { [$0.id] } ?? []
        versions.append((try history.commit(rubric, parents), rubric))
        rubric = generator.random.chance(15) ? rubric : generator.mutant(of: rubric)
        // Sometimes back to what was.
        if generator.random.chance(15) { rubric = generator.random.pick(versions).rubric }
      }
      let tip = try #require(versions.last)
      try history.finish(tip.id)
      let blame = try history.store.blame()
      let references = Self.references(of: tip.rubric)
      try #require(
        references.count
          == ([blame.document].compactMap { $0 } + blame.criteria)
          .reduce(0) { $0 + $1.lines.count })
      for reference in references {
        // The last version whose field is not its predecessor's.
        let index = try #require(
          versions.indices.last { index in
            Self.isChanged(
              reference.field, of: reference.criterion,
              from: index == 0 ? nil : versions[index - 1].rubric, to: versions[index].rubric)
          })
        let found = try #require(blame.line(reference.criterion, reference.field))
        try #require(
          found.source.commit == versions[index].id,
          "\(reference) at version \(index), found \(versions.firstIndex { $0.id == found.source.commit } ?? -1)"
        )
        // The edit that is shown is of that field.
        if index > 0, let edit = found.source.edit, let id = reference.criterion {
          try #require(
            edit.touches(id) || reference.field == .place || reference.field == .criteria,
            "\(edit.summary) for \(reference)")
        }
      }
      for part in blame.criteria {
        let first = try #require(
          versions.indices.last { index in
            index == 0
              || versions[index - 1].rubric.criterion(part.criterion ?? "") == nil
          })
        try #require(part.created.commit == versions[first].id)
      }
    }
  }

  /// In any history the commit that is named has the value, and none of its parents has it.
  @Test func randomHistories() throws {
    try forAll(cases: min(Cases.count, 25)) { generator in
      var history = try HistoryBuilder()
      var start = generator.rubric()
      while start.paths.count > 30 { start = generator.rubric() }
      start.id = "essay"
      var versions: [(id: ObjectID, rubric: Rubric, parents: [Int])] = []
      for index in 0...(3 + generator.random.below(14)) {
        var parents: Set<Int> = []
        if index > 0 {
          parents.insert(generator.random.chance(60) ? index - 1 : generator.random.below(index))
          while generator.random.chance(40) { parents.insert(generator.random.below(index)) }
        }
        let order = parents.sorted { _, _ in generator.random.chance(50) }
        var rubric = start
        if let first = order.first {
          rubric = versions[first].rubric
          // What a merge takes over, field by field, and what it changes itself.
          for other in order.dropFirst() {
            let theirs = versions[other].rubric
            for path in rubric.paths where generator.random.chance(50) {
              guard let item = theirs.criterion(rubric[path].id) else { continue }
              rubric[path].weight = item.weight
              rubric[path].text = item.text
              rubric[path].tags = item.tags
            }
            if generator.random.chance(30) { rubric = theirs }
          }
          rubric.mend()
          if generator.random.chance(order.count > 1 ? 30 : 80) {
            rubric = generator.mutant(of: rubric)
          }
        }
        // Clocks that go wrong.
        let time: Int64? =
          generator.random.chance(20) ? 1_600_000_000 + Int64(generator.random.below(9)) : nil
        let id = try history.commit(
          rubric, order.map { versions[$0].id }, "\(index)\n", at: time)
        versions.append((id, rubric, order))
      }
      let tip = try #require(versions.last)
      try history.finish(tip.id)
      let index = Dictionary(uniqueKeysWithValues: zip(versions.map(\.id), 0...))
      let blame = try history.store.blame()
      for reference in Self.references(of: tip.rubric) {
        let found = try #require(blame.line(reference.criterion, reference.field))
        let named = versions[try #require(index[found.source.commit])]
        if reference.field != .place, reference.field != .criteria {
          try #require(
            Self.value(reference.field, of: reference.criterion, in: named.rubric)
              == Self.value(reference.field, of: reference.criterion, in: tip.rubric))
        }
        for parent in named.parents {
          try #require(
            Self.isChanged(
              reference.field, of: reference.criterion, from: versions[parent].rubric,
              to: named.rubric), "\(reference) is the same in a parent")
        }
      }
    }
  }
}
