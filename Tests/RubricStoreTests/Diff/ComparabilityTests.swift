import RubricStore
import Testing

@Suite struct ComparabilityTests {
  @Test func agreesWithTheHashes() throws {
    var words: [String: Int] = [:]
    try forAll { make in
      let (old, new) = make.versions()
      let there = old.comparability(to: new)
      let back = new.comparability(to: old)
      words[there.word, default: 0] += 1
      let (before, after) = (old.hashes, new.hashes)
      try #require((there == .identical) == (old == new))
      try #require((there == .identical) == (back == .identical))
      try #require((there == .incomparable) == (back == .incomparable))
      switch there {
      case .identical: try #require(before == after)
      case .cosmetic:
        try #require(before.judge == after.judge && before.scoring == after.scoring)
        try #require(before.content != after.content)
        try #require(before.judgeByCriterion == after.judgeByCriterion)
        try #require(back == .cosmetic)
      case .recompute:
        try #require(before.scoring != after.scoring)
        for (id, hash) in after.judgeByCriterion {
          try #require(before.judgeByCriterion[id] == hash, "\(id)")
        }
      case .rejudge(let ids):
        try #require(!ids.isEmpty && Set(ids).count == ids.count)
        try #require(before.judge != after.judge)
        let judged = new.judgedCriteria.map(\.id)
        try #require(judged.filter(Set(ids).contains) == ids, "in the order of the new document")
        let isWhole =
          new.judge.showsWholeRubric || !old.preamble.isVerbatim(new.preamble)
          || !old.postamble.isVerbatim(new.postamble)
        let changed = judged.filter { before.judgeByCriterion[$0] != after.judgeByCriterion[$0] }
        try #require(ids == (isWhole ? judged : changed))
      case .incomparable:
        try #require(old.judge != new.judge || old.subject != new.subject)
      }
    }
    for word in ["identical", "cosmetic", "recompute", "rejudge", "incomparable"] {
      // A short run may miss the rarest.
      #expect(words[word] ?? 0 > 0 || Cases.count < 1_000, "\(words)")
    }
  }

  /// A group in which nothing is judged is not shown, so that adding one changes nothing.
  @Test func anEmptyLookingGroupChangesNothing() {
    var hidden = Criterion(id: "hidden", text: "Hidden.")
    hidden.status = .inactive
    var group = Criterion(id: "group", title: "Group", text: "Of nothing.", weight: 0)
    group.criteria = [hidden]
    let seen = Criterion(id: "seen", text: "Seen.")
    for mode in JudgeContract.Mode.allCases {
      var old = Rubric(id: "r", criteria: [seen])
      old.judge.mode = mode
      var new = old
      new.criteria = [group, seen]
      #expect(old.hashes.judge == new.hashes.judge)
      #expect(old.comparability(to: new) == .recompute)
      #expect(new.comparability(to: old) == .recompute)
    }
  }

  private static let labels: [Edit.Operation] = [
    .retag, .setDescription, .setOrigin, .setExt, .pin, .unpin, .setBudget, .noChange,
  ]

  @Test(arguments: labels)
  func whatIsForPeopleIsCosmetic(_ operation: Edit.Operation) throws {
    try forAll(cases: max(1, Cases.count / 10)) { make in
      guard let (old, _, new) = try make.edited(by: operation) else { return }
      try #require(old.comparability(to: new) == (old == new ? .identical : .cosmetic))
    }
  }

  private static let rules: [Edit.Operation] = [
    .reweight, .setPolarity, .setRollup, .setAggregation,
  ]

  @Test(arguments: rules)
  func whatMakesTheRewardIsRecomputed(_ operation: Edit.Operation) throws {
    try forAll(cases: max(1, Cases.count / 10)) { make in
      guard let (old, _, new) = try make.edited(by: operation) else { return }
      try #require(old.comparability(to: new) == (old == new ? .identical : .recompute))
    }
  }

  @Test func aNewWordingIsJudgedAgain() throws {
    try forAll(cases: max(1, Cases.count / 4)) { make in
      guard let (old, edit, new) = try make.edited(by: .reword), let id = edit.target else {
        return
      }
      let judged = new.judgedCriteria.map(\.id)
      let expected: Comparability =
        if old == new {
          .identical
        } else if old.judge.showsWholeRubric {
          old.isSeen(id) ? .rejudge(judged) : .cosmetic
        } else {
          judged.contains(id) ? .rejudge([id]) : .cosmetic
        }
      try #require(old.comparability(to: new) == expected, "\(old.judge.mode)")
    }
  }

  @Test(arguments: [Edit.Operation.setPreamble, .setPostamble])
  func textAroundTheCriteriaConcernsAll(_ operation: Edit.Operation) throws {
    try forAll(cases: max(1, Cases.count / 10)) { make in
      guard let (old, _, new) = try make.edited(by: operation) else { return }
      let expected: Comparability =
        old == new ? .identical : .rejudge(new.judgedCriteria.map(\.id))
      try #require(old.comparability(to: new) == expected)
    }
  }

  @Test(arguments: [Edit.Operation.setJudge, .setSubject])
  func anotherJudgeOrSubjectIsIncomparable(_ operation: Edit.Operation) throws {
    try forAll(cases: max(1, Cases.count / 10)) { make in
      guard let (old, _, new) = try make.edited(by: operation) else { return }
      try #require(old.comparability(to: new) == (old == new ? .identical : .incomparable))
    }
  }

  @Test func anotherNormalFormIsAnotherText() {
    var old = Rubric(id: "r", criteria: [Criterion(id: "a", text: "caf\u{E9}")])
    old.criteria.append(Criterion(id: "b", text: "Other."))
    var new = old
    new.criteria[0].text = "cafe\u{301}"
    #expect(old != new)
    #expect(old.comparability(to: new) == .rejudge(["a"]))
    #expect(!old.canonicalText.isVerbatim(new.canonicalText))
  }

  @Test func orderIsSeenByAJudgeOfTheWhole() {
    var old = RubricGenerator(seed: 1).plain(3)
    old.judge.mode = .oneCall
    var new = old
    new.criteria.swapAt(0, 1)
    #expect(old.comparability(to: new) == .rejudge(["c2", "c1", "c3"]))
    old.judge.mode = .perCriterion
    new.judge.mode = .perCriterion
    #expect(old.hashes.judge == new.hashes.judge)
    #expect(old.comparability(to: new).rejudged.isEmpty)
  }

  @Test func aCriterionThatIsSwitchedOnIsJudged() {
    var old = RubricGenerator(seed: 1).plain(3)
    let all = old
    old.criteria[1].status = .inactive
    #expect(old.comparability(to: all) == .rejudge(["c2"]))
    #expect(all.comparability(to: old) == .recompute)
    var diagnostic = all
    diagnostic.criteria[1].status = .diagnostic
    #expect(all.comparability(to: diagnostic) == .recompute)
  }
}

extension Rubric {
  /// Whether a judge of the whole sees the criterion or group.
  fileprivate func isSeen(_ id: CriterionID) -> Bool {
    let around = (groups(around: id) ?? []) + [id]
    return around.allSatisfy { criterion($0)?.status != .inactive }
  }
}
