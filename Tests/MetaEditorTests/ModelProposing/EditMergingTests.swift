import RubricStore
import Testing

@testable import MetaEditor

@Suite("Refinements united") struct EditMergingTests {
  private let rubric: Rubric

  init() throws { rubric = try Proposing.rubric() }

  /// One edit of one refinement.
  private struct Proposed {
    var kind: ModelEdit.Kind
    var refinement: Int
    var evidence: [String]
  }

  private func edit(
    _ refinement: Int, _ evidence: [String], _ kind: ModelEdit.Kind
  ) -> Proposed { Proposed(kind: kind, refinement: refinement, evidence: evidence) }

  private func settled(_ edits: [Proposed]) -> EditMerging {
    var merging = EditMerging(rubric)
    for (number, edit) in edits.enumerated() {
      merging.add(
        ModelEdit(
          kind: edit.kind, rationale: "Because of \(edit.refinement).", evidence: edit.evidence),
        refinement: edit.refinement, number: number + 1)
    }
    merging.settle()
    return merging
  }

  private func assembled(_ merging: EditMerging, limit: Int? = nil) -> EditAssembly {
    EditAssembly(
      merging.atoms, on: rubric, limit: limit, refinements: 3,
      names: Dictionary(uniqueKeysWithValues: (1...6).map { ("r\($0)", "r\($0)") }))
  }

  private func tighten(_ id: CriterionID, _ reasons: String...) -> ModelEdit.Kind {
    .tighten(id, reasons: reasons, levels: [])
  }

  private func addition(_ title: String, _ text: String) -> ModelEdit.Kind {
    .add(
      ModelEdit.NewCriterion(
        naming: ModelEdit.Naming(title: title, text: text), polarity: .positive, weight: 1,
        levels: [], parent: nil))
  }

  @Test func theSameChangeCountsEachRolloutOnce() throws {
    let merging = settled([
      edit(0, ["r1", "r2"], tighten("flow", "It only lists points.")),
      edit(1, ["r2", "r5"], tighten("flow", "it only lists POINTS")),
      edit(2, ["r6"], tighten("flow", "A header stands on every line.")),
    ])
    let result = assembled(merging)
    let only = try #require(result.edits.first)
    #expect(result.edits.count == 1)
    #expect(only.backing.rollouts == ["r1", "r2", "r5", "r6"])
    #expect(only.backing.refinements == [0, 1, 2])
    #expect(merging.atoms.map(\.backing.support) == [3, 1])
    let after = try rubric.applying([only.edit], by: .meta)
    #expect(
      after.criteria[3].criteria[0].lowerWhen == [
        "Sentences do not connect.", "It only lists points.", "A header stands on every line.",
      ])
    #expect(only.edit.rationale == "Because of 0. Because of 1. Because of 2. (3 of 3 refinements)")
    #expect(only.edit.evidence == ["r1", "r2", "r5", "r6"])
  }

  @Test func aClashIsSettledBySupport() throws {
    let merging = settled([
      edit(0, ["r1"], .reword("flow", "Each paragraph leads to the next.")),
      edit(1, ["r2", "r3"], .reword("flow", "Readers never lose the thread.")),
    ])
    #expect(merging.atoms.map(\.text) == ["Readers never lose the thread."])
    #expect(merging.refused.count == 1)
    #expect(merging.refused.first?.contains("Each paragraph leads") == true)
    #expect(merging.refused.first?.contains("2 rollouts in 1 refinement") == true)
  }

  @Test func betweenEqualsMoreRefinementsWinThenTheEarlier() throws {
    let agreed = settled([
      edit(0, ["r1", "r2"], .reword("flow", "Each paragraph leads to the next.")),
      edit(1, ["r3"], .reword("flow", "Readers never lose the thread.")),
      edit(2, ["r4"], .reword("flow", "Readers never lose the thread")),
    ])
    #expect(agreed.atoms.map(\.text) == ["Readers never lose the thread."])
    let equal = settled([
      edit(1, ["r3"], .reword("flow", "Readers never lose the thread.")),
      edit(0, ["r1"], .reword("flow", "Each paragraph leads to the next.")),
    ])
    #expect(equal.atoms.map(\.text) == ["Each paragraph leads to the next."])
  }

  @Test func gatesAndStatusesClashToo() throws {
    let merging = settled([
      edit(0, ["r1"], .setGate("evidence", Gate(min: 3))),
      edit(1, ["r2", "r3"], .setGate("evidence", Gate(min: 5))),
      edit(2, ["r4"], .deactivate("grammar", .diagnostic)),
    ])
    #expect(merging.atoms.map(\.text) == ["below 5, veto", "diagnostic"])
  }

  // MARK: Weights

  @Test func weightsMeetAtTheirMedian() {
    let cases: [(weights: [(value: Double, support: Int)], median: Double)] = [
      ([(1.5, 1), (2.0, 1), (4.0, 1)], 2), ([(1.5, 5), (2.0, 1), (4.0, 1)], 1.5),
      // Between two that are equally in the middle the one nearer to the old weight, 1.
      ([(1.5, 1), (4.0, 1)], 1.5), ([(0.5, 1), (1.25, 1)], 1.25),
      // Without any support all count the same, and with some only those that have it.
      ([(3, 0), (2, 0), (9, 0)], 3), ([(3, 0), (2, 2)], 2), ([(7, 3)], 7), ([], 1),
    ]
    for (weights, median) in cases {
      #expect(EditMerging.median(weights, near: 1) == median, "\(weights)")
    }
  }

  @Test func onlyThoseWhoPullTheSameWayBackAWeight() throws {
    let merging = settled([
      edit(0, ["r1", "r2"], .reweight("flow", 2)), edit(1, ["r3"], .reweight("flow", 1.5)),
      edit(2, ["r4"], .reweight("flow", 0.5)),
    ])
    let atom = try #require(merging.atoms.first)
    #expect(merging.atoms.count == 1)
    // Two of four rollouts are for 2, so that 1.5 is as much in the middle, and nearer to 1.
    #expect(atom.text == "1.5")
    #expect(atom.backing.rollouts == ["r1", "r2", "r3"])
    #expect(merging.refused.count == 1)
  }

  // MARK: Meaning

  @Test func wordingsThatSayTheSameStandOnce() throws {
    let merging = settled([
      edit(0, ["r1"], tighten("flow", "The response is only a list of headings.")),
      edit(1, ["r2", "r3"], tighten("flow", "The text is only a list of heading!")),
      edit(2, ["r4"], tighten("grammar", "The response is only a list of headings.")),
    ])
    #expect(merging.atoms.count == 2)
    // The better backed wording stands, with all rollouts.
    #expect(merging.atoms.first?.text == "The text is only a list of heading!")
    #expect(merging.atoms.first?.backing.support == 3)
  }

  @Test func whatIsDeniedIsNotWhatIsSaid() throws {
    let merging = settled([
      edit(0, ["r1"], tighten("evidence", "The essay cites sources for each claim made.")),
      edit(1, ["r2"], tighten("evidence", "The essay cites no sources for each claim made.")),
    ])
    #expect(merging.atoms.count == 2)
    #expect(merging.nearGroups.isEmpty)
  }

  @Test func whatTheRubricSaysAlreadyIsRefused() throws {
    let merging = settled([
      edit(0, ["r1"], tighten("flow", "The sentences do not connect")),
      edit(0, ["r1"], addition("grammar", "Something else entirely about commas.")),
      edit(0, ["r1"], addition("Proof", "Each claim is backed by evidence.")),
      edit(0, ["r1"], addition("Proof of claims", "Evidence backs each claim, evidence that is.")),
    ])
    #expect(merging.refused.count == 3)
    // Only near: that is for the model to tell.
    #expect(
      merging.atoms.map(\.text) == [
        "Proof of claims. Evidence backs each claim, evidence that is."
      ])
    #expect(
      merging.nearGroups.map(\.known) == [
        ["`evidence`: Evidence. Each claim is backed by evidence."]
      ])
  }

  @Test func newCriteriaWithOneTitleAreOne() throws {
    let merging = settled([
      edit(0, ["r1"], addition("Brevity", "It says things once.")),
      edit(1, ["r2"], addition("brevity", "No word could be left out without loss.")),
      edit(2, ["r3"], addition("Depth", "It goes beyond what is known to all.")),
    ])
    #expect(merging.atoms.count == 2)
    #expect(merging.atoms.map(\.backing.support) == [2, 1])
  }

  @Test func nearWordingsAreAGroupAndAChoiceUnitesThem() throws {
    var merging = settled([
      edit(0, ["r1"], tighten("flow", "Headings replace full sentences in several paragraphs.")),
      edit(1, ["r2"], tighten("flow", "Headings replace sentences, paragraphs are single words.")),
      edit(1, ["r2"], tighten("flow", "Quotes are not introduced.")),
      edit(2, ["r3"], tighten("flow", "The rest is unrelated.")),
    ])
    let groups = merging.nearGroups
    #expect(groups.map(\.members) == [[0, 1]])
    merging.choose([.one(1)], of: groups)
    #expect(merging.atoms.count == 3)
    #expect(merging.atoms[0].text == "Headings replace sentences, paragraphs are single words.")
    #expect(merging.atoms[0].backing.support == 2)
  }

  @Test func choicesBeyondTheGroupChangeNothing() throws {
    var merging = settled([
      edit(0, ["r1"], tighten("flow", "Headings replace full sentences in several paragraphs.")),
      edit(1, ["r2"], tighten("flow", "Headings replace sentences, paragraphs are single words.")),
    ])
    merging.choose([.one(7)], of: merging.nearGroups)
    #expect(merging.atoms.count == 2)
    merging.choose([.known], of: merging.nearGroups)
    #expect(merging.atoms.isEmpty)
    #expect(merging.refused.count == 2)
  }

  // MARK: What replaces

  @Test func aRemovalFallsToBetterBackedChangesAndTheOtherWayRound() throws {
    let kept = settled([
      edit(0, ["r1"], .remove("flow")),
      edit(1, ["r2"], tighten("flow", "It only lists points.")),
      edit(2, ["r3"], .reweight("flow", 2)),
    ])
    #expect(assembled(kept).edits.map(\.edit.operation) == [.tighten, .reweight])
    let removed = settled([
      edit(0, ["r1", "r2", "r4"], .remove("flow")),
      edit(1, ["r2"], tighten("flow", "It only lists points.")),
      edit(2, ["r3"], .reweight("flow", 2)),
    ])
    #expect(assembled(removed).edits.map(\.edit.operation) == [.remove])
    #expect(removed.refused.count == 2)
  }

  @Test func replacementsThatOverlapAreSettledBySupport() throws {
    let naming = ModelEdit.Naming(title: "Both", text: "Both of them.")
    let merging = settled([
      edit(0, ["r1"], .merge(["flow", "grammar"], naming)),
      edit(1, ["r2"], .merge(["grammar", "flow"], ModelEdit.Naming(title: "Two", text: "Two."))),
      edit(2, ["r3"], .remove("grammar")), edit(2, ["r3"], .remove("padding")),
    ])
    let result = assembled(merging)
    #expect(
      result.edits.map(\.edit.summary) == [
        "merge `flow` and `grammar` into `both`", "remove `padding`",
      ])
    #expect(result.edits.first?.backing.support == 2)
  }

  // MARK: All together

  @Test func relaxationsCountTheReasonsThatWereShown() throws {
    let merging = settled([
      edit(0, ["r1"], tighten("thesis", "It is hedged away.")),
      edit(1, ["r2"], .relax("thesis", reasons: [2])),
    ])
    let result = assembled(merging)
    #expect(result.edits.map(\.edit.operation) == [.relax, .tighten])
    let after = try rubric.applying(result.edits.map(\.edit), by: .meta)
    #expect(
      after.criteria[0].lowerWhen == [
        "The thesis stands only in the last sentence.", "It is hedged away.",
      ])
  }

  @Test func theBestBackedStayWithinTheBound() throws {
    let merging = settled([
      edit(0, ["r1"], .reweight("thesis", 3)), edit(0, ["r1", "r2"], .reweight("flow", 2)),
      edit(0, ["r1", "r2", "r3"], addition("Brevity", "It says things once.")),
    ])
    let result = assembled(merging, limit: 2)
    #expect(result.edits.map(\.edit.operation) == [.reweight, .add])
    #expect(result.edits.first?.edit.target == "flow")
    #expect(result.refused.count == 1)
    #expect(assembled(merging, limit: 0).edits.isEmpty)
  }

  @Test func whatCannotBeMadeTogetherIsRefusedAndTheRestStands() throws {
    // Each can go for itself, and a group must keep one.
    let merging = settled([
      edit(0, ["r1", "r2", "r3"], .remove("flow")), edit(0, ["r1", "r2"], .remove("grammar")),
      edit(0, ["r1"], .remove("padding")), edit(0, ["r1"], .reweight("thesis", 3)),
    ])
    let result = assembled(merging)
    #expect(result.edits.count == 3)
    #expect(result.refused.count == 1)
    #expect(result.refused.first?.contains("only criterion of its group") == true)
    _ = try rubric.applying(result.edits.map(\.edit), by: .meta)
  }
}
