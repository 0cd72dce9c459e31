import MetaEditor
import RubricStore
import Testing

/// Each check where it refuses, and a near miss where it does not.
@Suite struct ReviewerTests {
  private func review(
    _ yaml: String, _ policy: Policy = ReviewSample.policy(), support: Int = 10,
    of text: String? = nil,
    retired: Set<CriterionID> = [],
    _ change: (Int, inout [CriterionID: Verdict]) -> Void = { _, _ in }
  ) throws -> Review {
    let rubric = try ReviewSample.rubric(text ?? ReviewSample.essay)
    let edits = try ReviewSample.edits(yaml, for: rubric, support: support)
    return Reviewer(policy: policy, retiredIDs: retired).review(
      Proposal(edits: edits, rationale: "why"), of: rubric,
      on: ReviewSample.evidence(rubric, change))
  }

  @Test func acceptsWhatPassesAsAWhole() throws {
    let review = try review(
      "[{op: reweight, id: flow, after: 3}, {op: tighten, id: facts, after: {lower_when: [No source is named.]}}]",
      Policy())
    #expect(review.acceptsAll && review.accepted.count == 2)
    #expect(review.failed == [] && review.checks == review.proposed)
    #expect(
      review.checks.map(\.name) == [
        "evidence.rollouts", "support.rollouts", "budget.edits", "laws",
        "trust_region.weight_ratio",
        "trust_region.scale_ratio", "trust_region.gates", "lints", "trust_region.mean_reward",
        "trust_region.rank_correlation", "agreement.tolerance",
      ])
    #expect(review.result.criteria[0].weight == 3)
    #expect(review.checks.allSatisfy { $0.outcome == .passed && !$0.sentence.isEmpty })
  }

  @Test func nothingProposedIsNothingRefused() throws {
    let review = try review("[]", Policy())
    #expect(review.acceptsAll && review.accepted.isEmpty)
    #expect(try review.result == ReviewSample.rubric())
  }

  @Test func keepsWhatPassesAndTellsWhyTheRestDoesNot() throws {
    let review = try review(
      """
      - {op: reweight, id: flow, after: 9}
      - {op: reweight, id: facts, after: 2}
      - {op: reweight, id: flow, before: 9, after: 10}
      - {op: reword, id: safety, after: {text: "Is it nice?"}}
      - {op: reweight, id: length, after: 0.5}
      """, ReviewSample.policy { $0.trustRegion.weightRatio = 2 })
    #expect(review.acceptedWords == ["reweight facts", "reweight length"])
    #expect(review.refused.map(\.index) == [0, 2, 3])
    #expect(
      review.refused.map { $0.reasons.map(\.name) } == [
        ["trust_region.weight_ratio"], ["laws"], ["laws"],
      ])
    // The third builds on the first, and does not find what it was made for.
    #expect(review.refused[1].reasons[0].sentence.contains("`weight` is `2`"))
    #expect(review.refused[2].reasons[0].sentence.contains("`safety` is pinned"))
    #expect(review.checks.allSatisfy { !$0.isFailed })
  }

  @Test func evidence() throws {
    let yaml = "[{op: reweight, id: flow, after: 3}, {op: no_change, because: fine}]"
    let few = try review(yaml, ReviewSample.policy { $0.evidence.rollouts = 121 })
    #expect(few.failed == ["evidence.rollouts"])
    #expect(few.check("evidence.rollouts")?.measured == 120)
    #expect(few.acceptedWords == ["no_change "])
    #expect(few.refused.map { $0.reasons[0].name } == ["evidence.rollouts"])
    #expect(try review(yaml, ReviewSample.policy { $0.evidence.rollouts = 120 }).acceptsAll)
  }

  @Test func support() throws {
    let policy = ReviewSample.policy { $0.support.rollouts = 3 }
    let yaml = "[{op: reweight, id: flow, after: 3}]"
    #expect(try review(yaml, policy, support: 2).failed == ["support.rollouts"])
    #expect(try review(yaml, policy, support: 3).acceptsAll)
    #expect(try review(yaml, policy, support: -1).failed == ["support.rollouts"])
    // More than there are.
    #expect(try review(yaml, policy, support: 121).failed == ["support.rollouts"])
    #expect(try review(yaml, policy, support: 120).acceptsAll)
    #expect(try review("[{op: no_change}]", policy, support: 0).acceptsAll)
  }

  @Test func laws() throws {
    for yaml in [
      "[{op: remove, id: safety}]",
      "[{op: unpin, id: safety}]",
      "[{op: rescale, id: flow, after: {numeric: {min: 5, max: 5}}}]",
      "[{op: reweight, id: flow, after: -1}]",
      "[{op: reweight, id: flow, after: 1.5, rationale: '…. 1'}]",
    ] {
      let review = try review(yaml)
      #expect(review.failed == ["laws"], "\(yaml)")
      #expect(try review.result == ReviewSample.rubric())
    }
    // Made for another version.
    let rubric = try ReviewSample.rubric()
    let stale = Reviewer(policy: ReviewSample.policy()).review(
      Proposal(
        edits: [ProposedEdit(Edit(.reweight("flow", Delta(before: 1, after: 3))), support: 9)],
        rationale: ""), of: rubric, on: ReviewSample.evidence(rubric))
    #expect(stale.failed == ["laws"] && stale.refused.count == 1)
    // Wrong in between and right in the end is right.
    #expect(
      try review(
        "[{op: rescale, id: flow, after: {numeric: {min: 0, max: 3}}}, {op: rescale, id: flow, before: {numeric: {min: 0, max: 3}}, after: {numeric: {min: 0, max: 5}}}]"
      ).acceptsAll)
  }

  /// What says how the judge is asked, and what binds the meta-editor, is left to people.
  @Test func someEditsAreLeftToPeople() throws {
    let standard = Policy().edits
    for yaml in [
      "[{op: set_preamble, after: Give full marks.}]", "[{op: pin, id: flow}]",
      "[{op: set_budget, after: {criteria: 100}}]", "[{op: set_judge, after: {mode: one_call}}]",
    ] {
      let review = try review(yaml, ReviewSample.policy { $0.edits = standard })
      #expect(review.failed == ["laws"], "\(yaml)")
      #expect(try self.review(yaml).acceptsAll, "\(yaml)")
    }
    let locked =
      "[{op: add, after: {criterion: {id: praise, text: Does it praise?, pinned: true}}}]"
    #expect(try review(locked, ReviewSample.policy { $0.edits = standard }).failed == ["laws"])
  }

  /// No verdict tells what a new criterion will do, so that its weight is bounded.
  @Test func newWeights() throws {
    let policy = ReviewSample.policy { $0.trustRegion.weightRatio = 2 }
    func adding(_ weight: String) -> String {
      "[{op: add, after: {criterion: {id: praise, text: Does it praise?, weight: \(weight)}}}]"
    }
    let all = try ReviewSample.rubric().criteria.filter { $0.status == .active }
      .reduce(0) { $0 + $1.weight }
    #expect(try review(adding("1000000"), policy).failed == ["trust_region.new_weights"])
    #expect(try review(adding("\(all * 1.1)"), policy).failed == ["trust_region.new_weights"])
    #expect(try review(adding("\(all)"), policy).acceptsAll)
  }

  @Test func gates() throws {
    var rubric = try ReviewSample.rubric()
    guard let index = rubric.criteria.firstIndex(where: { $0.id == "flow" }) else {
      Issue.record("the sample has no flow")
      return
    }
    rubric.criteria[index].gate = Gate(min: 0.5)
    let policy = ReviewSample.policy { $0.trustRegion.gates = .keep }
    let evidence = ReviewSample.evidence(rubric)
    for yaml in ["[{op: clear_gate, id: flow}]", "[{op: remove, id: flow}]"] {
      let proposal = Proposal(
        edits: try ReviewSample.edits(yaml, for: rubric), rationale: "why")
      let strict = Reviewer(policy: policy).review(proposal, of: rubric, on: evidence)
      #expect(strict.failed == ["trust_region.gates"], "\(yaml)")
      #expect(
        Reviewer(policy: ReviewSample.policy()).review(proposal, of: rubric, on: evidence)
          .acceptsAll, "\(yaml)")
    }
  }

  @Test func idsAreNew() throws {
    let add =
      "[{op: add, after: {criterion: {id: depth, text: Is it deep?}, place: {follows: flow}}}]"
    #expect(try review(add).acceptsAll)
    let retired = try review(add, retired: ["depth"])
    #expect(retired.failed == ["laws"])
    #expect(retired.check("laws")?.sentence.contains("`depth` is not new") == true)
    // Neither may one that goes come back as another, in the same update.
    let reused = """
      - {op: remove, id: length}
      - {op: add, after: {criterion: {id: length, text: Is it deep?}, place: {follows: flow}}}
      """
    #expect(try review(reused).failed == ["laws"])
    #expect(try review(reused).acceptedWords == ["remove length"])
    // A split may keep the id of what it splits.
    let split = """
      - op: split
        before: [{criterion: {id: length, text: Is it as long as was asked for?}, place: {follows: facts}}]
        after:
          - {criterion: {id: length, text: Is it long enough?}, place: {follows: facts}}
          - {criterion: {id: brevity, text: Is it short enough?}, place: {follows: length}}
      """
    #expect(try review(split).acceptsAll)
    #expect(try review(split, retired: ["brevity"]).failed == ["laws"])
  }

  @Test func budget() throws {
    let add =
      "[{op: add, after: {criterion: {id: depth, text: Is it deep?}, place: {follows: flow}}}]"
    func failed(_ yaml: String, _ change: (inout Policy.BudgetRule) -> Void) throws -> [String] {
      try review(yaml, ReviewSample.policy { change(&$0.budget) }).failed
    }
    #expect(try failed(add) { $0.criteria = 6 } == ["budget.criteria"])
    #expect(try failed(add) { $0.criteria = 7 } == [])
    let deep =
      "[{op: add, after: {criterion: {id: g, title: G, criteria: [{id: h, text: t}]}, place: {parent: style, follows: words}}}]"
    #expect(try failed(deep) { $0.depth = 2 } == ["budget.depth"])
    #expect(try failed(deep) { $0.depth = 3 } == [])
    // Six texts of the essay, and eleven characters more.
    let size = try ReviewSample.rubric().judgedCriteria.reduce(11) { $0 + $1.text.count }
    #expect(try failed(add) { $0.characters = size - 1 } == ["budget.characters"])
    #expect(try failed(add) { $0.characters = size } == [])
    var after = try ReviewSample.rubric()
    after.criteria.insert(Criterion(id: "depth", text: "Is it deep?"), at: 1)
    let tokens = JudgeTokens.estimate(for: after)
    #expect(try failed(add) { $0.judgeTokens = tokens - 1 } == ["budget.judge_tokens"])
    #expect(try failed(add) { $0.judgeTokens = tokens } == [])
    // What is too large already may shrink, and stay.
    #expect(try failed("[{op: remove, id: length}]") { $0.criteria = 3 } == [])
    #expect(try failed("[{op: reweight, id: flow, after: 3}]") { $0.criteria = 3 } == [])
    let two =
      "[{op: reweight, id: flow, after: 3}, {op: reweight, id: facts, after: 2}, {op: no_change}]"
    #expect(try failed(two) { $0.edits = 1 } == ["budget.edits"])
    #expect(try failed(two) { $0.edits = 2 } == [])
    let one = try review(two, ReviewSample.policy { $0.budget.edits = 1 })
    #expect(one.acceptedWords == ["reweight flow", "no_change "])
  }

  @Test func judgeTokens() throws {
    var rubric = try ReviewSample.rubric()
    rubric.preamble = "Read the essay."
    func length(_ text: String?) -> Int { ((text ?? "").unicodeScalars.count + 3) / 4 }
    let each = rubric.judgedCriteria.map { length(rubric.prompt(for: $0.id)) }.reduce(0, +)
    #expect(JudgeTokens.estimate(for: rubric) == each)
    rubric.judge.mode = .oneCall
    #expect(JudgeTokens.estimate(for: rubric) == length(rubric.prompt()))
    rubric.judge.mode = .planExecute
    #expect(JudgeTokens.estimate(for: rubric) == 2 * length(rubric.prompt()))
  }

  @Test func weightRatio() throws {
    let policy = ReviewSample.policy { $0.trustRegion.weightRatio = 2 }
    for (after, isFine) in [("4", true), ("4.1", false), ("1", true), ("0.9", false), ("0", false)]
    {
      let review = try review("[{op: reweight, id: flow, after: \(after)}]", policy)
      #expect(review.acceptsAll == isFine, "\(after)")
    }
    let zero = try review("[{op: reweight, id: flow, after: 0}]", policy)
    #expect(zero.check("trust_region.weight_ratio")?.measured == .infinity)
    #expect(zero.check("trust_region.weight_ratio")?.json["measured"] == .null)
    // In two steps it is as far.
    let steps = try review(
      "[{op: reweight, id: flow, after: 4}, {op: reweight, id: flow, before: 4, after: 6}]", policy)
    #expect(steps.acceptedWords == ["reweight flow"] && steps.result.criteria[0].weight == 4)
    #expect(try review("[{op: reweight, id: style, after: 3}]", policy).failed.count == 1)
  }

  @Test func scaleRatio() throws {
    let policy = ReviewSample.policy { $0.trustRegion.scaleRatio = 2 }
    for (max, isFine) in [(10, true), (11, false), (3, true), (2, false)] {
      let review = try review(
        "[{op: rescale, id: flow, after: {numeric: {min: 0, max: \(max)}}}]", policy)
      #expect(review.acceptsAll == isFine, "\(max)")
    }
  }

  @Test func lints() throws {
    let reword = "[{op: reword, id: flow, after: {text: \"Judge it as the previous rubric did.\"}}]"
    let refuse = ReviewSample.policy { $0.lints = ["unseen_reference": .refuse] }
    #expect(try review(reword, refuse).failed == ["lints"])
    let warn = try review(reword, ReviewSample.policy { $0.lints = ["unseen_reference": .warn] })
    #expect(warn.acceptsAll && warn.warnings.map(\.path) == ["flow.text"])
    #expect(try review(reword, ReviewSample.policy()).acceptsAll)
    // What was there before is not the proposal's.
    let decayed = ReviewSample.essay.replacing(
      "as was asked for", with: "as the previous rubric says")
    let other = "[{op: reword, id: flow, after: {text: Does one idea lead to the next?}}]"
    #expect(try review(other, refuse, of: decayed).acceptsAll)
    #expect(try review(reword, refuse, of: decayed).failed == ["lints"])
    // A lint sees what the evidence shows.
    let frozen = ReviewSample.policy { $0.lints = ["frozen_sample": .refuse] }
    let copied =
      "[{op: tighten, id: flow, after: {lower_when: [It is no better than a text with number 7 of them.]}}]"
    #expect(try review(copied, frozen).acceptsAll)
  }

  @Test func handsBackJSON() throws {
    let review = try review(
      "[{op: reweight, id: flow, after: 9}, {op: reweight, id: facts, after: 2}]",
      ReviewSample.policy { $0.trustRegion.weightRatio = 2 })
    let json = review.json
    #expect(json["accepted"]?.array?.count == 1)
    #expect(json["refused"]?.array?.first?["index"] == 0)
    #expect(
      json["refused"]?.array?.first?["reasons"]?.array?.first?["check"]
        == "trust_region.weight_ratio")
    #expect(try JSONValue(parsing: json.jsonText) == json)
  }
}
