import RubricStore
import Testing

/// Law 8: a pinned criterion survives every proposal of the meta-editor untouched.
@Suite struct PinLawTests {
  @Test func pinnedCriteriaAreUntouched() throws {
    var (made, refused) = (0, 0)
    try forAll { make in
      var rubric = make.rubric()
      for path in rubric.paths { rubric[path].pinned = make.random.chance(25) }
      let pinned = rubric.paths.map { rubric[$0] }.filter(\.pinned)
      let edits = try make.proposal(for: rubric)
      let result: Rubric
      do throws(EditError) {
        result = try rubric.applying(edits, by: .meta)
      } catch {
        refused += error.code == .pinned ? 1 : 0
        return
      }
      made += 1
      for criterion in pinned {
        // The whole subtree, its own `pinned` included, inside the same groups.
        try #require(result.criterion(criterion.id) == criterion)
        try #require(result.groups(around: criterion.id) == rubric.groups(around: criterion.id))
      }
      try #require(result == (try rubric.applying(edits, by: .human)))
    }
    #expect(made > Cases.count / 10, "\(made) were made")
    #expect(refused > Cases.count / 10, "\(refused) were refused")
  }

  /// An edit of the pinned criterion itself is refused, whatever its kind and whatever it does.
  @Test(arguments: Edit.Operation.allCases.filter { ![.add, .pin, .reorder].contains($0) })
  func editsOfPinnedCriteriaAreRefused(_ operation: Edit.Operation) throws {
    try forAll(cases: max(1, Cases.count / 20)) { make in
      var rubric = make.rubric()
      for path in rubric.paths { rubric[path].pinned = true }
      guard let edit = try make.edited(by: operation, from: rubric)?.edit else { return }
      let isAboutCriterion = edit.target != nil
      if isAboutCriterion {
        #expect(throws: EditError(.pinned, message: "")) {
          try rubric.applying([edit], by: .meta)
        }
      } else {
        _ = try rubric.applying([edit], by: .meta)
      }
      _ = try rubric.applying([edit], by: .import)
    }
  }

  /// What is taken away and put back the same, or unpinned, changed and pinned again, was touched.
  @Test func detoursAreRefused() throws {
    var rubric = RubricGenerator.pinnedExample
    let inner = PlacedCriterion(rubric.criteria[1].criteria[0], at: Place(parent: "g"))
    let group = PlacedCriterion(rubric.criteria[1], at: Place(follows: "a"))
    for changes: [Edit.Change] in [
      [.unpin("p")],
      [.unpin("p"), .reweight("p", Delta(before: 1, after: 2)), .pin("p")],
      [.remove(inner), .add(inner)],
      [.remove(group)],
      [.remove(group), .add(PlacedCriterion(inner.criterion))],
      [.move("p", Delta(before: Place(parent: "g"), after: Place()))],
      [.move("g", Delta(before: Place(follows: "a"), after: Place(parent: "a")))],
      [.move("a", Delta(before: Place(), after: Place(parent: "p")))],
      [.add(PlacedCriterion(Criterion(id: "new", text: "New."), at: Place(parent: "p")))],
    ] {
      #expect(throws: EditError(.pinned, message: "")) {
        try rubric.applying(changes.map { Edit($0) }, by: .meta)
      }
    }
    rubric.criteria[1].criteria[0].pinned = false
    #expect(throws: Never.self) {
      let group = PlacedCriterion(rubric.criteria[1], at: Place(follows: "a"))
      _ = try rubric.applying([Edit(.remove(group))], by: .meta)
    }
  }

  /// Everything beside a pinned criterion may change: its siblings, its group's weight, its position.
  @Test func theRestMayChange() throws {
    let rubric = RubricGenerator.pinnedExample
    let result = try rubric.applying(
      [
        Edit(.reweight("g", Delta(before: 1, after: 2))),
        Edit(.reorder("g", Delta(before: ["p", "q"], after: ["q", "p"]))),
        Edit(.reorder(nil, Delta(before: ["a", "g"], after: ["g", "a"]))),
        Edit(.pin("q")),
      ], by: .meta)
    #expect(result.criteria[0].criteria.map(\.pinned) == [true, true])
  }
}

extension RubricGenerator {
  fileprivate static var pinnedExample: Rubric {
    var pinned = Criterion(id: "p", text: "Pinned.")
    pinned.pinned = true
    var group = Criterion(id: "g")
    group.criteria = [pinned, Criterion(id: "q", text: "Beside it.")]
    return Rubric(id: "r", criteria: [Criterion(id: "a", text: "First."), group])
  }

  /// Edits of any kind, or all that it takes to get to another version.
  fileprivate mutating func proposal(for rubric: Rubric) throws -> [Edit] {
    if random.chance(30) { return try rubric.edits(to: mutant(of: rubric)) }
    var (edits, current): ([Edit], Rubric) = ([], rubric)
    for _ in 0...random.below(4) {
      let operation = random.pick(Edit.Operation.allCases)
      guard let step = try edited(by: operation, from: current) else { continue }
      edits.append(step.edit)
      current = step.result
      if random.chance(15) {
        edits.append(step.edit.inverted)
        current = try current.applying([step.edit.inverted])
      }
    }
    return edits
  }
}
