import RubricStore
import Testing

/// `diff` says what a person would say.
@Suite struct MinimalityTests {
  private static func plain(_ count: Int) -> Rubric { RubricGenerator(seed: 1).plain(count) }

  private func difference(
    _ old: Rubric = plain(6), _ body: (inout Rubric) -> Void
  ) throws -> [Edit.Change] {
    var new = old
    body(&new)
    let edits = try old.edits(to: new)
    #expect(try old.applying(edits) == new)
    #expect(try new.applying(edits.reversed().map(\.inverted)) == old)
    return edits.map(\.change)
  }

  @Test func aNewWordingIsOneReword() throws {
    let changes = try difference { $0.criteria[2].text = "Another text." }
    #expect(
      changes == [
        .reword(
          "c3",
          Delta(before: Wording(text: "Judge part 3."), after: Wording(text: "Another text.")))
      ])
  }

  @Test func anotherPlaceIsOneMove() throws {
    let changes = try difference { $0.criteria.insert($0.criteria.remove(at: 4), at: 1) }
    #expect(
      changes == [.move("c5", Delta(before: Place(follows: "c4"), after: Place(follows: "c1")))])
    let back = try difference { $0.criteria.insert($0.criteria.remove(at: 0), at: 5) }
    #expect(back == [.move("c1", Delta(before: Place(), after: Place(follows: "c6")))])
  }

  @Test func aSwapOfNeighboursIsOneMove() throws {
    for first in 0..<5 {
      let changes = try difference { $0.criteria.swapAt(first, first + 1) }
      #expect(changes.count == 1)
      guard case .move? = changes.first else {
        Issue.record("\(changes)")
        continue
      }
    }
  }

  @Test func anotherGroupIsOneMove() throws {
    var old = Self.plain(1)
    for (id, inner) in [("g", ["x", "y"]), ("h", ["z"])] as [(CriterionID, [CriterionID])] {
      var group = Criterion(id: id)
      group.criteria = inner.map { Criterion(id: $0, text: "Judge this.") }
      old.criteria.append(group)
    }
    let changes = try difference(old) {
      $0.criteria[2].criteria.append($0.criteria[1].criteria.remove(at: 0))
    }
    #expect(
      changes == [
        .move("x", Delta(before: Place(parent: "g"), after: Place(parent: "h", follows: "z")))
      ])
  }

  @Test func aThousandWeightsAreAThousandReweights() throws {
    let changes = try difference(Self.plain(1_000)) { rubric in
      for index in rubric.criteria.indices { rubric.criteria[index].weight += 0.5 }
    }
    #expect(changes.count == 1_000)
    for (index, change) in changes.enumerated() {
      let weight = Double(index + 1)
      #expect(
        change
          == .reweight(
            CriterionID(unchecked: "c\(index + 1)"), Delta(before: weight, after: weight + 0.5)))
    }
  }

  @Test func theOtherWayRoundIsOneReorder() throws {
    let changes = try difference { $0.criteria.reverse() }
    let order: [CriterionID] = ["c1", "c2", "c3", "c4", "c5", "c6"]
    #expect(changes == [.reorder(nil, Delta(before: order, after: order.reversed()))])
  }

  @Test func anAddedLevelIsOneAddLevel() throws {
    var old = Self.plain(2)
    old.criteria[0].scale = .levels([
      Level(value: 5, text: "Good."), Level(value: 0, text: "Bad."),
    ])
    let middle = Level(value: 3, text: "Fair.", examples: ["An example."])
    let changes = try difference(old) {
      $0.criteria[0].scale = $0.criteria[0].scale.with(levels: [
        Level(value: 5, text: "Good."), middle, Level(value: 0, text: "Bad."),
      ])
    }
    #expect(changes == [.addLevel("c1", PlacedLevel(middle, follows: 5))])
  }

  @Test func anotherRangeIsOneRescale() throws {
    var old = Self.plain(2)
    func scale(_ factor: Double) -> Scale {
      .numeric(
        NumericRange(min: 0, max: 5 * factor, step: factor),
        levels: (0...5).map { Level(value: Double($0) * factor, text: "Level \($0).") })
    }
    old.criteria[1].scale = scale(1)
    let changes = try difference(old) { $0.criteria[1].scale = scale(2) }
    #expect(changes == [.rescale("c2", Delta(before: scale(1), after: scale(2)))])
  }

  @Test func anAddedReasonIsOneTighten() throws {
    var old = Self.plain(2)
    old.criteria[0].lowerWhen = ["it is short"]
    let after = ["it is short", "it only repeats the title"]
    let changes = try difference(old) { $0.criteria[0].lowerWhen = after }
    let delta = Delta(
      before: Strictness(lowerWhen: ["it is short"]), after: Strictness(lowerWhen: after))
    #expect(changes == [.tighten("c1", delta)])
    old.criteria[0].lowerWhen = after
    #expect(
      try difference(old) { $0.criteria[0].lowerWhen = ["it is short"] }
        == [.relax("c1", delta.inverted)])
  }

  @Test func aNewGroupAroundThreeIsOneAddAndThreeMoves() throws {
    let changes = try difference { rubric in
      var group = Criterion(id: "group", title: "Group")
      group.criteria = Array(rubric.criteria[1...3])
      rubric.criteria.replaceSubrange(1...3, with: [group])
    }
    #expect(changes.map(\.operationName) == ["add", "move", "move", "move"])
    guard case .add(let placed)? = changes.first else { return }
    #expect(placed.criterion.criteria.isEmpty)
    #expect(placed.place == Place(follows: "c1"))
  }

  @Test func aGroupTakenAwayLeavesItsCriteria() throws {
    var old = Self.plain(3)
    var group = Criterion(id: "group", title: "Group")
    group.criteria = Array(old.criteria[0...1])
    old.criteria.replaceSubrange(0...1, with: [group])
    let changes = try difference(old) { $0.criteria.replaceSubrange(0...0, with: group.criteria) }
    #expect(changes.map(\.operationName) == ["move", "move", "remove"])
  }

  @Test func addedAndRemovedAreOneEditEach() throws {
    var group = Criterion(id: "group", title: "Group")
    group.criteria = [Criterion(id: "x", text: "X."), Criterion(id: "y", text: "Y.")]
    #expect(
      try difference { $0.criteria.insert(group, at: 2) }
        == [.add(PlacedCriterion(group, at: Place(follows: "c2")))])
    var old = Self.plain(2)
    old.criteria.append(group)
    #expect(
      try difference(old) { $0.criteria.removeLast() }
        == [.remove(PlacedCriterion(group, at: Place(follows: "c2")))])
  }

  @Test func anAddedExampleIsOneAddExample() throws {
    var old = Self.plain(1)
    old.criteria[0].scale = .levels([Level(value: 0), Level(value: 1, examples: ["a", "c"])])
    let changes = try difference(old) {
      $0.criteria[0].scale = .levels([Level(value: 0), Level(value: 1, examples: ["a", "b", "c"])])
    }
    #expect(changes == [.addExample("c1", PlacedExample(level: 1, text: "b", follows: "a"))])
  }

  @Test func otherRubricsHaveNoDifference() {
    #expect(throws: EditError(.differentRubrics, message: "")) {
      try Self.plain(1).edits(to: Rubric(id: "other"))
    }
  }
}

extension Edit.Change {
  fileprivate var operationName: String { Edit(self).operation.rawValue }
}
