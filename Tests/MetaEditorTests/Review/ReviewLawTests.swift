import Foundation
import MetaEditor
import RubricStore
import Testing

/// Laws of reviews over random proposals, hostile ones among them.
@Suite struct ReviewLawTests {
  /// SplitMix64.
  private struct Random {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }
    mutating func pick<T>(_ items: [T]) -> T { items[below(items.count)] }
  }

  private static func edit(_ random: inout Random, _ rubric: Rubric) -> Edit {
    let ids: [CriterionID] = [
      "flow", "facts", "length", "safety", "style", "words", "rhythm", "essay", "nobody", "", "A B",
    ]
    let id = random.pick(ids)
    let numbers = [0, 1, 2, 3, 5, -1, 1e300, .nan, .infinity, 0.1]
    let texts = [
      "", "Is it good?", "the previous rubric", "\u{0}", "Do the ideas follow from one another?",
    ]
    func find(_ id: CriterionID) -> Criterion? {
      var waiting = rubric.criteria
      while let item = waiting.popLast() {
        if item.id == id { return item }
        waiting += item.criteria
      }
      return nil
    }
    let old = find(id) ?? Criterion(id: id, text: "t")
    let place = Place(
      parent: random.pick([nil, nil, "style", "safety", "flow"]),
      follows: random.pick([nil, "flow", "words", "nobody"]))
    let change: Edit.Change
    switch random.below(18) {
    case 0...3:
      let before = random.below(5) == 0 ? random.pick(numbers) : old.weight
      change = .reweight(id, Delta(before: before, after: random.pick(numbers)))
    case 4:
      change = .rescale(
        id,
        Delta(
          before: old.scale,
          after: .numeric(
            NumericRange(min: random.pick(numbers), max: random.pick(numbers)), levels: [])))
    case 5: change = .remove(PlacedCriterion(old, at: place))
    case 6, 7:
      var new = Criterion(id: random.pick(ids + ["n1", "n2"]), text: random.pick(texts))
      new.weight = random.pick(numbers)
      new.pinned = random.below(4) == 0
      change = .add(PlacedCriterion(new, at: place))
    case 8:
      change = .reword(
        id,
        Delta(
          before: Wording(text: old.text, lowerWhen: old.lowerWhen),
          after: Wording(text: random.pick(texts), lowerWhen: old.lowerWhen)))
    case 9: change = .unpin(id)
    case 10: change = .pin(id)
    case 11: change = .move(id, Delta(before: place, after: place))
    case 12:
      change = .setAggregation(
        Delta(
          before: rubric.aggregation,
          after: Aggregation(
            method: random.pick(Aggregation.Method.allCases),
            clip: random.pick([nil, Clip.unit, Clip(lower: 1, upper: 0)]),
            na: random.pick(Aggregation.NotApplicablePolicy.allCases))))
    case 13:
      change = .setJudge(
        Delta(
          before: rubric.judge,
          after: JudgeContract(mode: random.pick(JudgeContract.Mode.allCases))))
    case 14: change = .deactivate(id, Delta(before: old.status, after: .inactive))
    case 15:
      change = .split(
        before: [PlacedCriterion(old, at: place)],
        after: [
          PlacedCriterion(Criterion(id: "s1", text: "Is it one?"), at: place),
          PlacedCriterion(Criterion(id: random.pick(ids), text: "Is it two?"), at: place),
        ])
    case 16:
      change = .tighten(
        id,
        Delta(
          before: Strictness(lowerWhen: old.lowerWhen),
          after: Strictness(lowerWhen: old.lowerWhen + [random.pick(texts)])))
    default: change = .noChange
    }
    return Edit(change, rationale: random.pick(["why", "", "\u{1}"]), evidence: ["r1"])
  }

  /// Whatever is proposed: what is accepted can be made by the meta-editor, leaves what is pinned alone,
  /// and fails no check; and every edit is either accepted or refused with a reason.
  @Test func acceptsOnlyWhatCanBeMade() throws {
    let settings = ProcessInfo.processInfo.environment
    let cases = settings["RUBRIC_CASES"].flatMap { Int($0) }.map { min($0, 400) } ?? 200
    let first = settings["RUBRIC_SEED"].flatMap { UInt64($0) } ?? 20_260_301
    let rubric = try ReviewSample.rubric()
    let evidence = ReviewSample.evidence(rubric, count: 40)
    let pinned = rubric.criteria.first { $0.id == "safety" }
    var (accepted, refused, mixed) = (0, 0, 0)
    for index in 0..<cases {
      let seed = first &+ UInt64(index)
      var random = Random(state: seed)
      let edits = (0...random.below(6)).map { _ in
        ProposedEdit(
          Self.edit(&random, rubric), support: random.pick([10, 10, 10, 0, -5, .max, .min]))
      }
      var policy = random.below(2) == 0 ? Policy() : ReviewSample.policy()
      policy.trustRegion.weightRatio = random.pick([nil, 2, 1])
      let review = Reviewer(policy: policy, retiredIDs: ["n2"]).review(
        Proposal(edits: edits, rationale: "why"), of: rubric, on: evidence)
      let repeated = Comment("RUBRIC_SEED=\(seed) RUBRIC_CASES=1 runs it alone")
      let result = try rubric.applying(review.accepted.map(\.edit), by: .meta)
      try #require(result == review.result, repeated)
      try #require(result.findings.isEmpty, repeated)
      try #require(result.criteria.first { $0.id == "safety" } == pinned, repeated)
      try #require(!result.canonicalText.contains("id: n2"), repeated)
      try #require(review.checks.allSatisfy { !$0.isFailed }, repeated)
      try #require(review.accepted.count + review.refused.count == edits.count, repeated)
      try #require(
        review.refused.allSatisfy { refusal in
          !refusal.reasons.isEmpty
            && refusal.reasons.allSatisfy { $0.isFailed && !$0.sentence.isEmpty }
            // What is no number is not even equal to itself.
            && edits[refusal.index].edit.operation == refusal.edit.edit.operation
            && edits[refusal.index].support == refusal.edit.support
        }, repeated)
      let kept = edits.indices.filter { number in !review.refused.contains { $0.index == number } }
      try #require(kept.map { edits[$0] } == review.accepted, repeated)
      accepted += review.accepted.count
      refused += review.refused.count
      if !review.accepted.isEmpty, !review.refused.isEmpty { mixed += 1 }
      // The same proposal gets the same review.
      if index % 20 == 0 {
        let again = Reviewer(policy: policy, retiredIDs: ["n2"]).review(
          Proposal(edits: edits, rationale: "why"), of: rubric, on: evidence)
        try #require(again.json.jsonText == review.json.jsonText, repeated)
      }
    }
    if cases >= 100 { #expect(accepted > 20 && refused > 100 && mixed > 5) }
  }

  /// A flood of edits ends, and what is not looked at is refused.
  @Test func aFloodOfEdits() throws {
    let rubric = try ReviewSample.rubric()
    let edits = (0..<3_000).map { _ in
      ProposedEdit(Edit(.reweight("nobody", Delta(before: 1, after: 2))), support: 5)
    }
    let review = Reviewer().review(
      Proposal(edits: edits, rationale: ""), of: rubric,
      on: ReviewSample.evidence(rubric, count: 40))
    #expect(review.accepted.isEmpty && review.refused.count == 3_000)
    #expect(review.refused[2_999].reasons.map(\.name) == ["budget.edits"])
  }
}
