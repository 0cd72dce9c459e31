import RubricStore
import Testing

/// Edits that cannot be made, and what is said of them.
@Suite struct EditErrorTests {
  private static func rubric() -> Rubric {
    var rubric = RubricGenerator(seed: 1).plain(3)
    rubric.criteria[0].lowerWhen = ["it is short"]
    rubric.criteria[0].gate = Gate(min: 1, effect: .cap, cap: 0.5)
    rubric.criteria[1].scale = .levels([
      Level(value: 0, text: "No."), Level(value: 1, text: "Yes."),
    ])
    return rubric
  }

  private func error(_ changes: Edit.Change...) -> String {
    do throws(EditError) {
      _ = try Self.rubric().applying(changes.map { Edit($0) })
      return "made"
    } catch {
      return "\(error.code.rawValue) \(error)"
    }
  }

  @Test func messages() {
    #expect(
      error(.reweight("c4", Delta(before: 1, after: 2)))
        == "unknown_criterion edit 1, reweight of `c4`: the rubric has no criterion `c4` "
        + "(did you mean `c1`?)")
    #expect(
      error(.noChange, .reweight("c2", Delta(before: 1, after: 2.5)))
        == "before_mismatch edit 2, reweight of `c2`: `weight` is `2`, and the edit was made for "
        + "`1` (make the edit anew on the rubric as it is now)")
    #expect(
      error(.reweight("c2", Delta(before: 2, after: -1)))
        == "invalid_result the rubric would not be valid after the edits\n"
        + "  c2.weight: the weight is -1, expected 0 or more (a criterion that costs has "
        + "`polarity: negative`)")
    #expect(
      error(.move("c1", Delta(before: Place(), after: Place(parent: "c1"))))
        == "invalid_edit edit 1, move of `c1`: `c1` cannot go into `c1`, which lies inside it")
    #expect(
      error(.add(PlacedCriterion(Criterion(id: "c2", text: "x"))))
        == "duplicate_id edit 1, add of `c2`: the rubric has a `c2` already "
        + "(an id is unique in the whole document; choose another)")
  }

  @Test func aTighteningKeepsItsWord() {
    let reasons = ["it is short"]
    func tighten(_ before: Strictness, _ after: Strictness, of id: CriterionID = "c1") -> String {
      let text = error(.tighten(id, Delta(before: before, after: after)))
      return String(text.prefix { $0 != " " && $0 != "\n" })
    }
    #expect(tighten(Strictness(lowerWhen: reasons), Strictness()) == "invalid_edit")
    #expect(tighten(Strictness(), Strictness()) == "invalid_edit")
    #expect(
      tighten(Strictness(lowerWhen: ["a", "b"]), Strictness(lowerWhen: ["b", "a"]))
        == "invalid_edit")
    let gate = Gate(min: 1, effect: .cap, cap: 0.5)
    #expect(tighten(Strictness(gate: gate), Strictness()) == "invalid_edit")
    for (weaker, stronger) in [
      (Gate(min: 1, effect: .cap, cap: 0.6), gate), (gate, Gate(min: 1)),
      (gate, Gate(min: 1, effect: .cap, cap: 0.2)),
    ] {
      #expect(tighten(Strictness(gate: stronger), Strictness(gate: weaker)) == "invalid_edit")
    }
    #expect(tighten(Strictness(gate: gate), Strictness(gate: Gate(min: 1))) == "made")
    let level = Strictness.LevelText(value: 1, text: "Yes.")
    let stricter = Strictness.LevelText(value: 1, text: "Yes, wholly.")
    #expect(
      tighten(Strictness(levels: [level]), Strictness(levels: [stricter]), of: "c2") == "made")
    #expect(tighten(Strictness(levels: [level]), Strictness(), of: "c2") == "invalid_edit")
    #expect(
      tighten(
        Strictness(levels: [level, stricter]), Strictness(levels: [stricter, level]), of: "c2")
        == "invalid_edit")
  }

  @Test func splitsAndMergesKeepToCriteria() {
    let one = PlacedCriterion(Self.rubric().criteria[2], at: Place(follows: "c2"))
    let parts = ["x", "y"].map { PlacedCriterion(Criterion(id: $0, text: "Part.")) }
    #expect(error(.split(before: [one], after: parts)) == "made")
    #expect(error(.split(before: [one], after: [parts[0]])).hasPrefix("invalid_edit"))
    #expect(error(.split(before: [], after: parts)).hasPrefix("invalid_edit"))
    #expect(error(.mergeCriteria(before: [one], after: [parts[0]])).hasPrefix("invalid_edit"))
    let inner = PlacedCriterion(parts[1].criterion, at: Place(parent: "x"))
    #expect(error(.split(before: [one], after: [parts[0], inner])).hasPrefix("invalid_edit"))
  }

  /// The parts of a merge in any order are put back in the document's.
  @Test func aMergeInAnotherOrderCanBeUndone() throws {
    let rubric = Self.rubric()
    let before = [2, 0, 1].map { PlacedCriterion(rubric.criteria[$0], at: rubric.place(at: [$0])) }
    let merge = Edit(
      .mergeCriteria(before: before, after: [PlacedCriterion(Criterion(id: "m", text: "All."))]))
    let made = try rubric.settling([merge])
    #expect(try made.rubric.applying(made.edits.map(\.inverted)) == rubric)
  }

  /// A level that was removed by an edit of an older version comes back where it was.
  @Test func settledRemovalsOfLevelsAndExamplesCanBeUndone() throws {
    var rubric = Self.rubric()
    let levels = (0...3).map { Level(value: Double($0), examples: ["a", "b", "c"]) }
    rubric.criteria[1].scale = .levels(levels)
    let edits: [Edit] = [
      Edit(.removeLevel("c2", PlacedLevel(levels[2], follows: 0))),
      Edit(.removeExample("c2", PlacedExample(level: 1, text: "c", follows: nil))),
    ]
    let made = try rubric.settling(edits)
    #expect(try made.rubric.applying(made.edits.reversed().map(\.inverted)) == rubric)
  }

  /// Edits that nest criteria one in another end with an error and not with the stack.
  @Test func endlessNestingIsRefused() throws {
    let rubric = Self.rubric()
    var edits: [Edit] = []
    var parent: CriterionID?
    for index in 0..<20_000 {
      let item = Criterion(id: CriterionID(unchecked: "n\(index)"), text: "Deeper.")
      edits.append(Edit(.add(PlacedCriterion(item, at: Place(parent: parent)))))
      parent = item.id
    }
    #expect(throws: EditError(.invalidEdit, message: "")) { try rubric.applying(edits) }
    #expect(throws: EditError(.invalidResult, message: "")) {
      try rubric.applying(Array(edits.prefix(Limits.criterionDepth + 1)))
    }
    #expect(throws: Never.self) {
      try rubric.applying(Array(edits.prefix(Limits.criterionDepth)))
    }
    // The same by chains that are hung below one another from the lowest up.
    var chains: [Edit] = []
    for chain in 0..<40 {
      for depth in 0..<Limits.criterionDepth {
        let item = Criterion(id: CriterionID(unchecked: "n\(chain).\(depth)"), text: "Deeper.")
        let place =
          depth == 0 ? Place() : Place(parent: CriterionID(unchecked: "n\(chain).\(depth - 1)"))
        chains.append(Edit(.add(PlacedCriterion(item, at: place))))
      }
      if chain > 0 {
        let under = CriterionID(unchecked: "n\(chain).\(Limits.criterionDepth - 1)")
        chains.append(
          Edit(
            .move(
              CriterionID(unchecked: "n\(chain - 1).0"),
              Delta(before: Place(), after: Place(parent: under)))))
      }
    }
    #expect(throws: EditError(.invalidEdit, message: "")) { try rubric.applying(chains) }
  }
}
