import RubricStore
import Testing

@testable import MetaEditor

@Suite("Edits of a model, completed") struct EditTranslationTests {
  private let rubric: Rubric

  init() throws { rubric = try Proposing.rubric() }

  private func naming(_ title: String, _ text: String) -> ModelEdit.Naming {
    ModelEdit.Naming(title: title, text: text)
  }

  private func new(
    _ title: String, levels: [ModelEdit.LevelText] = [], parent: CriterionID? = nil
  ) -> ModelEdit.NewCriterion {
    ModelEdit.NewCriterion(
      naming: naming(title, "It does \(title)."), polarity: .positive, weight: 1, levels: levels,
      parent: parent)
  }

  @Test func newIDsAreSlugsOfTheirTitlesAndNeverInUse() throws {
    var translation = EditTranslation(rubric)
    var ids: [CriterionID] = []
    for title in ["Flow", "Flow!", "Zitate & Quellen", "Länge", "引用", "引用", "…", "essay"] {
      let edit = try translation.make(.add(new(title)))
      ids.append(try #require(edit.change.extent.added.first))
    }
    #expect(
      ids.map(\.rawValue) == [
        "flow-2", "flow-3", "zitate-quellen", "l-nge", "criterion", "criterion-2", "criterion-3",
        "essay",
      ])
    #expect(translation.rubric.criteria.suffix(8).map(\.id) == ids)
  }

  @Test func anIDThatWasRemovedIsNotUsedAgain() throws {
    var translation = EditTranslation(rubric)
    _ = try translation.make(.remove("flow"))
    let edit = try translation.make(.add(new("Flow")))
    #expect(edit.change.extent.added == ["flow-2"])
  }

  @Test func aRefusedEditTakesNoID() throws {
    var translation = EditTranslation(rubric)
    #expect(throws: Refusal.self) {
      try translation.make(.add(new("Depth", levels: [.init(value: 1, text: "one")])))
    }
    #expect(try translation.make(.add(new("Depth"))).change.extent.added == ["depth"])
  }

  @Test func levelsOfANewCriterionAscend() throws {
    var translation = EditTranslation(rubric)
    let levels = [2.0, 0, 1].map { ModelEdit.LevelText(value: $0, text: "level \($0)") }
    _ = try translation.make(.add(new("Depth", levels: levels, parent: "style")))
    let depth = try #require(translation.rubric.criteria[3].criteria.last)
    #expect(depth.scale.levels.map(\.value) == [0, 1, 2])
    #expect(depth.origin == .meta)
  }

  @Test func aTighteningAddsOnlyWhatIsNotSaidYet() throws {
    var translation = EditTranslation(rubric)
    _ = try translation.make(
      .tighten(
        "flow",
        reasons: [
          "The sentences do not connect!", "Transitions are missing.", "transitions are missing",
        ],
        levels: []))
    #expect(
      translation.rubric.criteria[3].criteria[0].lowerWhen
        == ["Sentences do not connect.", "Transitions are missing."])
    #expect(throws: Refusal("`flow` says all of that already")) {
      try translation.make(.tighten("flow", reasons: ["Sentences do not connect."], levels: []))
    }
  }

  @Test func aTighteningReplacesTextsOfLevels() throws {
    var translation = EditTranslation(rubric)
    let edit = try translation.make(
      .tighten("thesis", reasons: [], levels: [.init(value: 2, text: "A clear thesis up front.")]))
    #expect(edit.operation == .tighten)
    #expect(translation.rubric.criteria[0].scale.levels[2].text == "A clear thesis up front.")
    #expect(translation.rubric.criteria[0].lowerWhen.count == 2)
  }

  @Test func reasonsAreTakenAwayByNumber() throws {
    var translation = EditTranslation(rubric)
    _ = try translation.make(.relax("thesis", reasons: [2, 2]))
    #expect(
      translation.rubric.criteria[0].lowerWhen == ["The thesis stands only in the last sentence."])
    #expect(throws: Refusal.self) { try translation.make(.relax("thesis", reasons: [2])) }
    #expect(throws: Refusal.self) { try translation.make(.relax("thesis", reasons: [0])) }
  }

  @Test func aMergeHasTheSumOfTheWeightsAndAllReasons() throws {
    var translation = EditTranslation(rubric)
    let edit = try translation.make(
      .merge(["grammar", "flow"], naming("Language", "It reads well.")))
    guard case .mergeCriteria(let before, let after) = edit.change else {
      Issue.record("\(edit.change)")
      return
    }
    #expect(before.map(\.criterion.id) == ["flow", "grammar"])
    let style = translation.rubric.criteria[3].criteria
    // `language` is in use.
    #expect(style.map(\.id) == ["language-2", "padding"])
    #expect(style[0].weight == 2)
    #expect(style[0].lowerWhen == ["Sentences do not connect."])
    #expect(after.count == 1)
  }

  @Test(arguments: [
    (["flow", "padding"], "polarities"), (["thesis", "evidence"], "scales"),
    (["flow", "flow"], "two criteria"), (["flow", "safety"], "pinned|groups|gate"),
  ])
  func whatDiffersIsNotMerged(ids: [String], says: String) throws {
    var translation = EditTranslation(rubric)
    let ids = ids.compactMap { CriterionID(rawValue: $0) }
    do throws(Refusal) {
      _ = try translation.make(.merge(ids, naming("Both", "Both.")))
      Issue.record("merged \(ids)")
    } catch {
      #expect(
        says.split(separator: "|").contains { error.reason.contains($0) }, "\(error.reason)")
    }
  }

  @Test func aSplitSharesTheWeightAndLosesNoReason() throws {
    var translation = EditTranslation(rubric)
    _ = try translation.make(
      .split(
        "flow",
        [
          naming("Order", "Paragraphs follow from one another."),
          naming("Joints", "Sentences connect and are joined by words."),
        ]))
    let style = translation.rubric.criteria[3].criteria
    #expect(style.map(\.id) == ["order", "joints", "grammar", "padding"])
    #expect(style[0].weight == 0.5 && style[1].weight == 0.5)
    #expect(style[0].lowerWhen.isEmpty)
    #expect(style[1].lowerWhen == ["Sentences do not connect."])
  }

  @Test func partsThatAskForTheSameAreNoSplit() throws {
    var translation = EditTranslation(rubric)
    #expect(throws: Refusal("two parts of `flow` ask for the same")) {
      try translation.make(
        .split("flow", [naming("Order", "It is in order."), naming("Order", "it is in order")]))
    }
  }

  @Test func aLevelGoesWhereItsValueBelongs() throws {
    var translation = EditTranslation(rubric)
    _ = try translation.make(.addLevel("thesis", .init(value: 1.5, text: "Nearly.")))
    #expect(translation.rubric.criteria[0].scale.levels.map(\.value) == [0, 1, 1.5, 2])
    _ = try translation.make(.addLevel("thesis", .init(value: -1, text: "Worse.")))
    #expect(translation.rubric.criteria[0].scale.levels.map(\.value) == [-1, 0, 1, 1.5, 2])
    _ = try translation.make(.addLevel("evidence", .init(value: 5, text: "Half of it.")))
    #expect(throws: Refusal.self) {
      try translation.make(.addLevel("evidence", .init(value: 11, text: "Beyond.")))
    }
    #expect(throws: Refusal.self) {
      try translation.make(.addLevel("thesis", .init(value: 1, text: "Again.")))
    }
  }

  @Test func levelsThatDescendStayInOrder() throws {
    var rubric = rubric
    rubric.criteria[0].scale = .levels([Level(value: 5, text: "b"), Level(value: 0, text: "a")])
    var translation = EditTranslation(rubric)
    _ = try translation.make(.addLevel("thesis", .init(value: 3, text: "c")))
    _ = try translation.make(.addLevel("thesis", .init(value: 7, text: "d")))
    #expect(translation.rubric.criteria[0].scale.levels.map(\.value) == [7, 5, 3, 0])
  }

  @Test func pinnedCriteriaAreRefusedWhateverTheKind() throws {
    let kinds: [ModelEdit.Kind] = [
      .tighten("safety", reasons: ["x"], levels: []), .reword("length", "x"),
      .reweight("house", 4), .remove("language"), .deactivate("safety", .diagnostic),
      .setGate("length", Gate(min: 1)), .clearGate("safety"), .add(new("Rule", parent: "house")),
      .merge(["language", "length"], naming("Rules", "Rules.")),
      .split("language", [naming("A", "One."), naming("B", "Two.")]),
    ]
    for kind in kinds {
      var translation = EditTranslation(rubric)
      do throws(Refusal) {
        _ = try translation.make(kind)
        Issue.record("made \(kind)")
      } catch {
        #expect(error.reason.contains("pinned"), "\(error.reason)")
        #expect(translation.rubric == rubric)
      }
    }
  }

  @Test func theLastThatCountsStays() throws {
    var translation = EditTranslation(
      Rubric(id: "one", criteria: [Criterion(id: "only", title: "A")]))
    #expect(throws: Refusal.self) { try translation.make(.remove("only")) }
    #expect(throws: Refusal.self) {
      try translation.make(.deactivate("only", .diagnostic))
    }
  }

  @Test func theOnlyCriterionOfAGroupStays() throws {
    var rubric = rubric
    rubric.criteria[3].criteria = [rubric.criteria[3].criteria[0]]
    var translation = EditTranslation(rubric)
    #expect(throws: Refusal("`flow` is the only criterion of its group")) {
      try translation.make(.remove("flow"))
    }
  }

  @Test func whatChangesNothingIsRefused() throws {
    let kinds: [ModelEdit.Kind] = [
      .reword("flow", "paragraphs follow from one another, and sentences are joined"),
      .reweight("flow", 1), .activate("flow"), .deactivate("charm", .inactive),
      .clearGate("flow"), .editLevel("thesis", .init(value: 2, text: "A clear thesis")),
    ]
    for kind in kinds {
      var translation = EditTranslation(rubric)
      #expect(throws: Refusal.self, "\(kind)") { try translation.make(kind) }
    }
  }

  @Test func numbersThatCannotBeWeightsAreRefused() throws {
    for weight in [-1, .nan, .infinity, 1e300] {
      var translation = EditTranslation(rubric)
      #expect(throws: Refusal.self, "\(weight)") { try translation.make(.reweight("flow", weight)) }
    }
  }
}
