import RubricStore
import Testing

/// Trees of 3,000 criteria with 500 edits a side.
@Suite struct LargeMergeTests {
  enum Tree: String, CaseIterable, Sendable {
    case generated
    /// PaperBench's `bam`, grown with fresh ids; left out where it is not there.
    case bam
  }

  @Test(arguments: Tree.allCases, [1, 2] as [UInt64])
  func disjointEditsAllSurvive(_ tree: Tree, seed: UInt64) throws {
    guard let base = try rubric(tree) else { return }
    var maker = EditMaker(base, seed: seed)
    // No group is edited by both, so that nobody's weights are shared with what the other adds.
    let groups = maker.groups.shuffled(using: &maker.random)
    let ourEdits = maker.edits(500, in: Array(groups[..<(groups.count / 2)]), adding: "ours")
    let theirEdits = maker.edits(500, in: Array(groups[(groups.count / 2)...]), adding: "theirs")
    let ours = try base.applying(ourEdits)
    let theirs = try base.applying(theirEdits)
    let both = try base.applying(ourEdits + theirEdits)
    let merge = try Rubric.merge(
      base: base, ours: side(ours, ourEdits), theirs: side(theirs, theirEdits))
    try #require(merge.conflicts.isEmpty, "\(merge.conflicts.map(\.message))")
    #expect(merge.rubric.unordered == both.unordered)
    #expect(merge.rubric.findings.isEmpty)
    #expect(merge.notes.isEmpty, "\(merge.notes.map(\.message))")
    let mirror = try Rubric.merge(base: base, ours: MergeSide(theirs), theirs: MergeSide(ours))
    #expect(mirror.rubric == merge.rubric)
  }

  @Test(arguments: Tree.allCases, [3, 4] as [UInt64])
  func everyConflictIsRealAndEveryClashIsOne(_ tree: Tree, seed: UInt64) throws {
    guard let base = try rubric(tree) else { return }
    var maker = EditMaker(base, seed: seed)
    let groups = Array(maker.groups.shuffled(using: &maker.random).prefix(maker.groups.count / 3))
    let ourEdits = maker.edits(500, in: groups, adding: "ours")
    let theirEdits = maker.edits(500, in: groups, adding: "theirs")
    let ours = try base.applying(ourEdits)
    let theirs = try base.applying(theirEdits)
    let merge = try Rubric.merge(
      base: base, ours: side(ours, ourEdits), theirs: side(theirs, theirEdits))
    let (old, left, right) = (Flat(base), Flat(ours), Flat(theirs))
    var expected: Set<String> = []
    for id in old.all.keys {
      let versions = [old, left, right].map { $0.all[id] }
      guard let before = versions[0] else { continue }
      switch (versions[1], versions[2]) {
      case (let ours?, let theirs?):
        for key in ["title", "text", "weight", "origin"] {
          let values = [before, ours, theirs].map { $0.written(key) }
          if values[0] != values[1], values[0] != values[2], values[1] != values[2] {
            expected.insert("both_changed essay/\(id).\(key)")
          }
        }
        if let mine = ours.ext.members["n"], let yours = theirs.ext.members["n"], mine != yours {
          expected.insert("both_added essay/\(id).ext.n")
        }
        let parents = [old, left, right].map { $0.parents[id] }
        if parents[0] != parents[1], parents[0] != parents[2], parents[1] != parents[2] {
          expected.insert("moved_apart essay/\(id).parent")
        }
      case (let kept?, nil), (nil, let kept?):
        let parent = versions[1] == nil ? right.parents[id] : left.parents[id]
        if kept != before || parent != old.parents[id] {
          expected.insert("changed_and_removed essay/\(id)")
        }
      case (nil, nil): break
      }
    }
    let orders = merge.conflicts.filter { $0.path.field == "criteria" }
    let found = Set(merge.conflicts.map { "\($0.code.rawValue) \($0.path)" })
    #expect(found.subtracting(orders.map { "\($0.code.rawValue) \($0.path)" }) == expected)
    #expect(expected.count > 20, "\(expected.count) clashes are too few to show anything")
    for conflict in merge.conflicts {
      #expect(!conflict.ourCauses.isEmpty && !conflict.theirCauses.isEmpty, "\(conflict.path)")
    }
    // Both put one of a group's criteria elsewhere in it.
    for conflict in orders where conflict.code == .bothChanged {
      let common = [conflict.base, conflict.ours, conflict.theirs]
        .map { Set(($0?.array ?? []).compactMap(\.string)) }
      let shared = common[0].intersection(common[1]).intersection(common[2])
      let lists = [conflict.base, conflict.ours, conflict.theirs]
        .map { ($0?.array ?? []).compactMap(\.string).filter(shared.contains) }
      #expect(lists[0] != lists[1] && lists[0] != lists[2] && lists[1] != lists[2])
    }
    // What did not clash is there.
    let settled = try Rubric.merge(
      base: base, ours: MergeSide(ours), theirs: MergeSide(theirs),
      settlements: Settlements(all: [.theirs]))
    let flat = Flat(settled.rubric)
    #expect(flat.all.count == Set(flat.all.keys).count)
    for edit in theirEdits {
      guard let id = edit.target, let theirs = right.all[id], left.all[id] != nil else { continue }
      guard case .reweight = edit.change else { continue }
      #expect(flat.all[id]?.weight == theirs.weight, "\(edit.summary)")
    }
  }

  private func side(_ rubric: Rubric, _ edits: [Edit]) -> MergeSide {
    MergeSide(rubric, history: edits.map { .init(commit: nil, edit: $0) })
  }

  private func rubric(_ tree: Tree) throws -> Rubric? {
    var rubric: Rubric
    switch tree {
    case .generated:
      rubric = Rubric(id: "essay")
      for top in 0..<10 {
        var group = Criterion(id: CriterionID(unchecked: "top-\(top)"), title: "Top")
        for middle in 0..<10 {
          var inner = Criterion(id: CriterionID(unchecked: "g.\(top).\(middle)"), title: "Inner")
          inner.criteria = (0..<30).map {
            Criterion(id: CriterionID(unchecked: "c-\(top)-\(middle)-\($0)"), text: "Is it so?")
          }
          group.criteria.append(inner)
        }
        rubric.criteria.append(group)
      }
    case .bam:
      guard SharedData.isThere,
        let file = try SharedData.files(in: "paperbench", ending: "bam.json").first
      else { return nil }
      let imported = try Importer.rubric(
        from: SharedData.bytes(file), format: .paperbench, name: "bam.json"
      ).rubric
      rubric = Rubric(id: "essay", criteria: imported.criteria)
      let (tree, size) = (imported.criteria, Flat(imported).all.count)
      for copy in 1...(3_000 / max(size, 1)) {
        rubric.criteria += tree.map { $0.renamed("-copy\(copy)") }
      }
      rubric.aggregation = imported.aggregation
    }
    try #require(Flat(rubric).all.count >= 3_000)
    try #require(rubric.findings.isEmpty, "\(rubric.findings)")
    return rubric
  }
}

/// The criteria of a rubric by id, without what is in them.
private struct Flat {
  var all: [CriterionID: Criterion] = [:]
  var parents: [CriterionID: CriterionID] = [:]

  init(_ rubric: Rubric) { add(rubric.criteria, to: nil) }

  private mutating func add(_ criteria: [Criterion], to parent: CriterionID?) {
    for criterion in criteria {
      var fields = criterion
      fields.criteria = []
      all[criterion.id] = fields
      parents[criterion.id] = parent
      add(criterion.criteria, to: criterion.id)
    }
  }
}

/// Makes edits of the criteria of given groups, each criterion at most once.
private struct EditMaker {
  var random: RandomSource
  /// The groups of nothing but judged criteria, three at least.
  private(set) var groups: [Criterion] = []
  private var count = 0

  init(_ rubric: Rubric, seed: UInt64) {
    random = RandomSource(seed: seed)
    collect(rubric.criteria)
  }

  private mutating func collect(_ criteria: [Criterion]) {
    for criterion in criteria where criterion.isGroup {
      if criterion.criteria.count > 2, !criterion.criteria.contains(where: \.isGroup) {
        groups.append(criterion)
      }
      collect(criterion.criteria)
    }
  }

  mutating func edits(_ wanted: Int, in groups: [Criterion], adding name: String) -> [Edit] {
    var edits: [Edit] = []
    var round = 0
    // Every group keeps two criteria, in which order nobody changes anything.
    while edits.count < wanted {
      for group in groups where edits.count < wanted {
        let index = 2 + round
        guard index < group.criteria.count else {
          count += 1
          let id = CriterionID(unchecked: "\(name)-\(count)")
          edits.append(
            Edit(
              .add(
                PlacedCriterion(
                  Criterion(id: id, text: "Is it new?"),
                  at: Place(parent: group.id, follows: group.criteria[0].id)))))
          continue
        }
        edits.append(Edit(change(group.criteria[index], in: group, among: groups)))
      }
      round += 1
    }
    return edits
  }

  private mutating func change(
    _ item: Criterion, in group: Criterion, among groups: [Criterion]
  ) -> Edit.Change {
    let id = item.id
    let place = Place(parent: group.id, follows: group.criteria[0].id)
    let number = random.below(1_000)
    switch random.below(9) {
    case 0: return .rename(id, Delta(before: item.title, after: "Title \(number)"))
    case 1:
      return .reword(
        id, Delta(before: Wording(text: item.text), after: Wording(text: "Text \(number).")))
    case 2: return .reweight(id, Delta(before: item.weight, after: Double(number + 2)))
    case 3:
      var after = Strictness(lowerWhen: item.lowerWhen)
      after.lowerWhen.append("It is \(number).")
      return .tighten(id, Delta(before: Strictness(lowerWhen: item.lowerWhen), after: after))
    case 4: return .retag(id, Delta(before: item.tags, after: item.tags + ["t\(number)"]))
    case 5: return .setOrigin(id, Delta(before: item.origin, after: random.pick([.meta, .seed])))
    case 6: return .remove(PlacedCriterion(item, at: place))
    case 7:
      let target = random.pick(groups)
      return .move(
        id,
        Delta(before: place, after: Place(parent: target.id, follows: target.criteria[1].id)))
    default: return .setExt(id, Delta(before: item.ext, after: Extensions(["n": .integer(number)])))
    }
  }
}

extension Criterion {
  fileprivate func written(_ key: String) -> JSONValue? {
    Self.fields.first { $0.key == key }.flatMap { $0.write(self) }
  }

  fileprivate func renamed(_ suffix: String) -> Criterion {
    var copy = self
    copy.id = CriterionID(unchecked: id.rawValue + suffix)
    copy.criteria = criteria.map { $0.renamed(suffix) }
    return copy
  }
}
