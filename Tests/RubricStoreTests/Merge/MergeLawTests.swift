import RubricStore
import Testing

/// Law 5, and what else a merge must keep to.
@Suite struct MergeLawTests {
  @Test func aSideThatDidNothingChangesNothing() throws {
    try forAll { make in
      let (base, other) = make.versions()
      for (left, right) in [(other, other), (other, base), (base, other)] {
        let merge = try Rubric.merge(base: base, ours: MergeSide(left), theirs: MergeSide(right))
        try #require(merge.conflicts.isEmpty, "\(merge.conflicts.map(\.message))")
        try #require(merge.rubric == other)
        try #require(merge.settled.isEmpty && merge.notes.isEmpty)
      }
    }
  }

  /// Stronger than the law, which leaves the order of siblings open: who is ours decides nothing.
  @Test func sidesCanBeExchanged() throws {
    var clean = 0
    try forAll { make in
      let (base, ours, theirs) = make.fork()
      let merge = try Rubric.merge(base: base, ours: MergeSide(ours), theirs: MergeSide(theirs))
      let mirror = try Rubric.merge(base: base, ours: MergeSide(theirs), theirs: MergeSide(ours))
      try #require(merge.conflicts.map(\.path) == mirror.conflicts.map(\.path))
      for (left, right) in zip(merge.conflicts, mirror.conflicts) {
        try #require(left.code == right.code)
        try #require(left.base == right.base)
        try #require(left.ours == right.theirs && left.theirs == right.ours)
      }
      try #require(merge.notes.map(\.path) == mirror.notes.map(\.path))
      try #require(merge.notes.map(\.code) == mirror.notes.map(\.code))
      guard merge.isClean else { return }
      clean += 1
      try #require(merge.rubric == mirror.rubric)
    }
    #expect(clean > Cases.count / 10, "\(clean) of \(Cases.count) merges were clean")
  }

  /// Nor where a rule settles that does not name a side.
  @Test(arguments: [Settlement.Rule.base, .mean, .union, .strictest])
  func rulesWithoutASideCanBeExchangedToo(_ rule: Settlement.Rule) throws {
    try forAll(cases: max(1, Cases.count / 4)) { make in
      let (base, ours, theirs) = make.fork()
      let settlements = Settlements(all: [rule])
      let merge = try Rubric.merge(
        base: base, ours: MergeSide(ours), theirs: MergeSide(theirs), settlements: settlements)
      let mirror = try Rubric.merge(
        base: base, ours: MergeSide(theirs), theirs: MergeSide(ours), settlements: settlements)
      try #require(merge.conflicts.map(\.path) == mirror.conflicts.map(\.path))
      try #require(merge.settled.map(\.path) == mirror.settled.map(\.path))
      try #require(merge.settled.map(\.result) == mirror.settled.map(\.result))
      try #require(merge.notes.map(\.path) == mirror.notes.map(\.path))
      if merge.isClean { try #require(merge.rubric == mirror.rubric) }
    }
  }

  /// The base of a merge that has several does not depend on which is first, has no id twice, and
  /// holds nothing that neither has.
  @Test func aBaseOfSeveralIsWhatTheyAgreeOn() throws {
    try forAll { make in
      let (base, ours, theirs) = make.fork()
      for common in [base, nil] {
        let merged = try Rubric.virtualBase(ours, theirs, from: common)
        let mirror = try Rubric.virtualBase(theirs, ours, from: common)
        try #require(merged == mirror)
        let found = merged.allIDs
        try #require(Set(found).count == found.count)
        try #require(Set(found).isSubset(of: Set(ours.allIDs).union(theirs.allIDs)))
        // What both have alike is there alike.
        for id in found {
          guard let left = ours.criterion(id), let right = theirs.criterion(id),
            let new = merged.criterion(id)
          else { continue }
          // Polarity and credit are one.
          for field in Criterion.fields
          where !["criteria", "credit", "polarity"].contains(field.key)
            && field.write(left) == field.write(right)
          {
            try #require(field.write(new) == field.write(left), "`\(field.key)` of `\(id)`")
          }
        }
      }
    }
  }

  /// Of branches that only add and edit, merged one by one, the same comes out in any order.
  @Test func branchesCanBeMergedInAnyOrder() throws {
    var made = 0
    try forAll(cases: max(1, Cases.count / 4)) { make in
      let base = make.rubric()
      var branches = [base, base, base]
      for index in branches.indices {
        for _ in 0...make.random.below(3) {
          var item = make.leaf()
          item.status = .active
          item.weight = 1
          item.gate = nil
          let places = [[]] + branches[index].paths.filter { branches[index][$0].isGroup }
          branches[index].withChildren(at: make.random.pick(places)) { siblings in
            siblings.insert(item, at: make.random.below(siblings.count + 1))
          }
        }
        let paths = branches[index].paths.filter { !branches[index][$0].isGroup }
        var changed = branches[index][make.random.pick(paths)]
        make.change(make.random.pick([.title, .text, .tags, .lowerWhen]), of: &changed)
        if let path = branches[index].path(of: changed.id) { branches[index][path] = changed }
      }
      func merged(_ order: [Int]) throws -> Rubric? {
        var result = branches[order[0]]
        for index in order.dropFirst() {
          let merge = try Rubric.merge(
            base: base, ours: MergeSide(result), theirs: MergeSide(branches[index]))
          guard merge.isClean else { return nil }
          result = merge.rubric
        }
        return result
      }
      guard let first = try merged([0, 1, 2]) else { return }
      made += 1
      for order in [[0, 2, 1], [1, 2, 0], [2, 1, 0]] {
        let other = try merged(order)
        try #require(other == first, "\(order)")
      }
    }
    #expect(made > Cases.count / 20, "\(made) of \(Cases.count / 4)")
  }

  @Test func aCleanMergeIsValid() throws {
    try forAll { make in
      let (base, ours, theirs) = make.fork()
      let merge = try Rubric.merge(base: base, ours: MergeSide(ours), theirs: MergeSide(theirs))
      guard merge.isClean else { return }
      try #require(merge.rubric.findings.isEmpty, "\(merge.rubric.findings)")
      try #require(try Rubric(parsing: merge.rubric.canonicalText) == merge.rubric)
    }
  }

  /// No id is lost, doubled or made up: what both have stays, what one removed is gone or a conflict.
  @Test func noIdIsLostOrDoubled() throws {
    try forAll { make in
      let (base, ours, theirs) = make.fork()
      let merge = try Rubric.merge(base: base, ours: MergeSide(ours), theirs: MergeSide(theirs))
      let found = merge.rubric.allIDs
      let ids = Set(found)
      try #require(ids.count == found.count, "an id stands twice")
      let (old, left, right) = (Set(base.allIDs), Set(ours.allIDs), Set(theirs.allIDs))
      try #require(ids.isSubset(of: left.union(right)), "an id was made up")
      try #require(ids.isSuperset(of: left.intersection(right)), "an id of both is gone")
      let added = left.union(right).subtracting(old)
      try #require(
        ids.isSuperset(of: added), "what a side added is gone: \(added.subtracting(ids))")
      let removed = old.subtracting(left.intersection(right)).intersection(ids)
      let inConflict = Set(
        merge.conflicts.filter { $0.code == .changedAndRemoved && $0.path.field == nil }
          .compactMap(\.path.criterion))
      for id in removed where !inConflict.contains(id) {
        // A group may come back for the sake of what is in it, and what is in it with a group.
        let groups = merge.rubric.groups(around: id) ?? []
        if groups.contains(where: inConflict.contains) { continue }
        let kept = try #require(merge.rubric.criterion(id))
        try #require(
          kept.criteria.contains { removed.contains($0.id) || added.contains($0.id) },
          "`\(id)` was removed, and is there without a conflict")
      }
    }
  }

  /// Field by field: what one side changed is there, and what neither changed is as it was.
  @Test func everyChangeOfOneSideSurvives() throws {
    var compared = 0
    try forAll { make in
      let (base, ours, theirs) = make.fork()
      let merge = try Rubric.merge(base: base, ours: MergeSide(ours), theirs: MergeSide(theirs))
      guard merge.isClean else { return }
      for id in merge.rubric.allIDs {
        guard let old = base.criterion(id), let left = ours.criterion(id),
          let right = theirs.criterion(id), let new = merge.rubric.criterion(id)
        else { continue }
        for field in Criterion.fields where !["criteria", "scale"].contains(field.key) {
          let values = [old, left, right, new].map(field.write)
          guard values[1] == values[2] || values[0] == values[1] || values[0] == values[2] else {
            // Both changed it: of what merges cleanly then there are only lists and extensions.
            try #require(["lower_when", "tags", "ext"].contains(field.key))
            continue
          }
          compared += 1
          let wanted = values[0] == values[1] ? values[2] : values[1]
          try #require(values[3] == wanted, "`\(field.key)` of `\(id)`")
        }
        let groups = [base, ours, theirs, merge.rubric].map { $0.parent(of: id) }
        try #require(groups[3] == (groups[0] == groups[1] ? groups[2] : groups[1]))
      }
    }
    #expect(compared > Cases.count)
  }

  /// Edits of different fields or criteria never meet.
  @Test func disjointEditsAllSurvive() throws {
    let fields: [CriterionField] = [
      .title, .text, .weight, .direction, .lowerWhen, .pinned, .origin, .appliesWhen, .tags, .ext,
    ]
    var made = 0
    try forAll { make in
      let base = make.rubric()
      var (ours, theirs, both) = (base, base, base)
      for path in base.paths where !base[path].isGroup && base[path].status == .active {
        for field in fields where make.random.chance(20) {
          // The very same change on one side and on the rubric that shall come out.
          let isOurs = make.random.chance(50)
          var changed = base[path]
          make.change(field, of: &changed)
          if changed.weight == 0 { changed.weight = 1 }
          func apply(_ rubric: inout Rubric) {
            switch field {
            case .title: rubric[path].title = changed.title
            case .text: rubric[path].text = changed.text
            case .weight: rubric[path].weight = changed.weight
            case .direction:
              (rubric[path].polarity, rubric[path].credit) = (changed.polarity, changed.credit)
            case .lowerWhen: rubric[path].lowerWhen = changed.lowerWhen
            case .pinned: rubric[path].pinned = changed.pinned
            case .origin: rubric[path].origin = changed.origin
            case .appliesWhen: rubric[path].appliesWhen = changed.appliesWhen
            case .tags: rubric[path].tags = changed.tags
            default: rubric[path].ext = changed.ext
            }
          }
          if isOurs { apply(&ours) } else { apply(&theirs) }
          apply(&both)
        }
      }
      guard [ours, theirs, both].allSatisfy(\.findings.isEmpty) else { return }
      made += 1
      let merge = try Rubric.merge(base: base, ours: MergeSide(ours), theirs: MergeSide(theirs))
      try #require(merge.conflicts.isEmpty, "\(merge.conflicts.map(\.message))")
      try #require(merge.rubric == both)
    }
    #expect(made > Cases.count / 2, "\(made) of \(Cases.count)")
  }

  /// Where both sides' edits can be made one after the other, in either order, that is the merge.
  @Test func aMergeIsBothSidesEdits() throws {
    var made = 0
    try forAll { make in
      let (base, ours, theirs) = make.fork()
      let byUs = try base.edits(to: ours)
      let byThem = try base.edits(to: theirs)
      guard let first = try? ours.applying(byThem), let second = try? theirs.applying(byUs),
        first.unordered == second.unordered
      else { return }
      made += 1
      let merge = try Rubric.merge(base: base, ours: MergeSide(ours), theirs: MergeSide(theirs))
      // Edits do not see that a scale was changed under a gate or a level.
      guard !merge.conflicts.contains(where: { $0.code == .inconsistent }) else { return }
      try #require(
        merge.conflicts.isEmpty,
        "\(merge.conflicts.map(\.message)) \((byUs + byThem).map(\.summary))")
      try #require(merge.rubric.unordered == first.unordered)
    }
    #expect(made > Cases.count / 10, "\(made) of \(Cases.count)")
  }

  /// The other way round: a clean merge is reached from our side by edits that only do what theirs
  /// did, and from theirs by edits that only do what ours did.
  @Test func aCleanMergeAddsTheOtherSidesEditsAndNoOthers() throws {
    try forAll { make in
      let (base, ours, theirs) = make.fork()
      let merge = try Rubric.merge(base: base, ours: MergeSide(ours), theirs: MergeSide(theirs))
      guard merge.isClean else { return }
      for (side, other) in [(ours, theirs), (theirs, ours)] {
        let touched = Set(try base.edits(to: other).flatMap { $0.places })
        for edit in try side.edits(to: merge.rubric) {
          for place in edit.places where !place.hasSuffix(".criteria") && !place.hasSuffix(".place")
          {
            try #require(touched.contains(place), "\(edit.summary) is nobody's")
          }
        }
      }
    }
  }

  @Test func layoutOfTheFilesDoesNotMatter() throws {
    try forAll(cases: max(1, Cases.count / 4)) { make in
      let (base, ours, theirs) = make.fork()
      let merge = try Rubric.merge(base: base, ours: MergeSide(ours), theirs: MergeSide(theirs))
      let texts = [base, ours, theirs].map { $0.json.indentedText }
      let again = try Rubric.merge(
        base: Rubric(parsing: texts[0]), ours: MergeSide(Rubric(parsing: texts[1])),
        theirs: MergeSide(Rubric(parsing: texts[2])))
      try #require(again.rubric == merge.rubric)
      try #require(again.conflicts == merge.conflicts)
    }
  }

  /// Settled for one side, every conflict is gone; what is left is only what validation finds.
  @Test(arguments: [Settlement.Rule.ours, .theirs])
  func oneSideSettlesEverything(_ rule: Settlement.Rule) throws {
    var settled = 0
    try forAll { make in
      let (base, ours, theirs) = make.fork()
      let open = try Rubric.merge(base: base, ours: MergeSide(ours), theirs: MergeSide(theirs))
      let merge = try Rubric.merge(
        base: base, ours: MergeSide(ours), theirs: MergeSide(theirs),
        settlements: Settlements(all: [rule]))
      for conflict in merge.conflicts {
        try #require(
          conflict.code == .inconsistent && conflict.message.contains("not be valid"),
          "\(conflict.message)")
      }
      // One settlement may take another conflict away, or bring one: a group that goes takes what
      // was put into it.
      let places = open.conflicts.filter { !$0.rules.isEmpty }
      try #require(places.isEmpty == merge.settled.isEmpty)
      settled += merge.settled.count
    }
    #expect(settled > Cases.count / 2)
  }

  /// Every conflict names its place in words that settle it alone.
  @Test func eachConflictCanBeSettledAlone() throws {
    try forAll(cases: max(1, Cases.count / 4)) { make in
      let (base, ours, theirs) = make.fork()
      let open = try Rubric.merge(base: base, ours: MergeSide(ours), theirs: MergeSide(theirs))
      for conflict in open.conflicts {
        for rule in conflict.rules {
          // What is settled may still not be valid; that conflict knows no rules.
          let merge = try Rubric.merge(
            base: base, ours: MergeSide(ours), theirs: MergeSide(theirs),
            settlements: Settlements([Settlement("\(conflict.path)", rule)]))
          try #require(merge.unusedSettlements.isEmpty)
          try #require(
            !merge.conflicts.contains {
              $0.path == conflict.path && $0.code == conflict.code && !$0.rules.isEmpty
            },
            "\(rule): \(conflict.path): \(conflict.message)")
          try #require(merge.settled.contains { $0.path == conflict.path && $0.rule == rule })
        }
      }
    }
  }
}

extension RubricGenerator {
  /// Two versions with one base, each some changes away from it.
  mutating func fork() -> (base: Rubric, ours: Rubric, theirs: Rubric) {
    let base = rubric()
    var sides = [base, base]
    for index in sides.indices {
      for _ in 0..<random.pick([1, 1, 1, 2, 4]) { sides[index] = mutant(of: sides[index]) }
    }
    return (base, sides[0], sides[1])
  }
}

extension Rubric {
  /// The ids in the order of the document.
  var allIDs: [CriterionID] { paths.map { self[$0].id } }

  func parent(of id: CriterionID) -> CriterionID? {
    guard let path = path(of: id), path.count > 1 else { return nil }
    return self[Array(path.dropLast())].id
  }

  /// The rubric with every list in one order.
  var unordered: Rubric {
    var copy = self
    copy.criteria = copy.criteria.unordered
    return copy
  }
}

extension [Criterion] {
  fileprivate var unordered: [Criterion] {
    map { item in
      var item = item
      item.criteria = item.criteria.unordered
      item.scale = item.scale.with(levels: item.scale.levels.sorted { $0.value < $1.value })
      return item
    }.sorted { $0.id < $1.id }
  }
}

extension Edit {
  /// What it touches, by name.
  fileprivate var places: [String] {
    let extent = change.extent
    return extent.fields.map { "\($0.criterion?.rawValue ?? "").\($0.field.rawValue)" }
      + extent.added.map { "\($0) comes" } + extent.removed.map { "\($0) goes" }
  }
}
