import RubricStore
import Testing

/// Cherry-picks and reverts, case by case.
@Suite struct TransplantTests {
  private static let meta = MetaUpdate.Proposer(.meta, name: "qwen")

  /// Two branches of the essay rubric; `exp` has one commit of three edits by the meta-editor.
  private static func experiment(
    bare: Bool = true
  ) throws -> (sandbox: GitSandbox, store: Store, commit: ObjectID) {
    let (sandbox, store) = try GitSandbox.withEssay(bare: bare)
    try store.createBranch("exp")
    let outcome = try store.commit(
      MetaUpdate(
        rubric: "essay",
        edits: [
          Edit(
            .tighten(
              "flow",
              Delta(before: Strictness(), after: Strictness(lowerWhen: ["It is only a title."]))),
            rationale: "titles score high", evidence: ["r17", "r20"]),
          Edit(
            .add(
              PlacedCriterion(
                Criterion(id: "voice", text: "It has a voice."), at: Place(follows: "flow"))),
            rationale: "nobody asks for it"),
          Edit(.reweight("voice", Delta(before: 1, after: 2)), rationale: "it matters"),
        ],
        rationale: "Titles scored 5 of 6\n\nFour in five rollouts.\n\n- a list\n- of two",
        proposer: meta),
      to: "exp", author: Sample.author)
    return (sandbox, store, outcome.commit)
  }

  @Test("a pick keeps subject, body, reasons, evidence and proposer, and says where it is from")
  func pickKeepsWords() throws {
    let (sandbox, store, commit) = try Self.experiment()
    let outcome = try store.cherryPick(commit.hex, author: Sample.author)
    #expect(try store.pull().rubric == store.pull(at: "exp").rubric)
    let message = try sandbox.git("log", "-1", "--format=%B", "main")
    let original = try sandbox.git("log", "-1", "--format=%B", "exp")
    let trailer = "Rubric-Picked-From: \(commit.hex)\n"
    #expect(message.contains(trailer))
    #expect(
      message.split(separator: "\n").filter { !trailer.hasPrefix($0) }
        == original.split(separator: "\n"))
    #expect(
      try sandbox.git(
        "log", "-1", "--format=%(trailers:key=Rubric-Picked-From,valueonly)", "main"
      ).split(separator: "\n") == [Substring(commit.hex)])
    let entry = try store.log()[0]
    #expect(entry.source == ChangeSource(.picked, commit))
    #expect(entry.proposer == Self.meta)
    #expect(entry.edits == outcome.update.edits)
    #expect(entry.edits[0].evidence == ["r17", "r20"])
  }

  @Test("some edits, by number, range and criterion")
  func pickSome() throws {
    let (sandbox, store, commit) = try Self.experiment()
    defer { withExtendedLifetime(sandbox) {} }
    try store.cherryPick("exp:1", author: Sample.author)
    #expect(try store.log()[0].source == ChangeSource(.picked, commit, edits: [1]))
    #expect(try store.log()[0].edits.map(\.operation) == [.tighten])
    try store.cherryPick("exp:voice", rationale: "A voice", author: Sample.author)
    let entry = try store.log()[0]
    #expect(entry.source?.edits == [2, 3])
    #expect(entry.subject == "essay: A voice")
    #expect(entry.edits.map(\.rationale) == ["nobody asks for it", "it matters"])
    #expect(try store.pull().rubric == store.pull(at: "exp").rubric)
  }

  @Test("edits that need one that was not chosen say which")
  func pickNeedsAnother() throws {
    let (sandbox, store, commit) = try Self.experiment()
    defer { withExtendedLifetime(sandbox) {} }
    let error = expectStoreError(.edits) { try store.cherryPick("exp:3") }
    #expect(
      error?.message
        == "\(commit.prefix(12)) cannot be picked: edit 3, reweight of `voice`: the rubric has no "
        + "criterion `voice`")
    #expect(error?.hint == "edit 2 of the commit adds it: pick exp:2,3")
  }

  @Test("what is there already is told, and is nothing to commit where all is there")
  func alreadyThere() throws {
    let (sandbox, store, _) = try Self.experiment()
    defer { withExtendedLifetime(sandbox) {} }
    try store.cherryPick("exp:1", author: Sample.author)
    let outcome = try store.cherryPick("exp", author: Sample.author)
    #expect(outcome.notes.map(\.kind) == [.alreadyThere])
    #expect(outcome.notes[0].edit == 1)
    #expect(try store.log()[0].source?.edits == [2, 3])
    expectStoreError(.nothingToCommit) { try store.cherryPick("exp") }
    expectStoreError(.nothingToCommit) { try store.cherryPick("exp:voice") }
  }

  @Test(
    "a field that is another names edit, field, found, expected, and the commit that changed it")
  func clash() throws {
    let (sandbox, store, _) = try Self.experiment()
    defer { withExtendedLifetime(sandbox) {} }
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4), to: "exp")
    let other = try store.commit(
      sample: Sample.reweight("flow", from: 3, to: 7, because: "mine")
    ).commit
    let tip = try store.resolve("main")
    let error = expectStoreError(.edits) { try store.cherryPick("exp") }
    #expect(error?.editError?.code == .beforeMismatch)
    #expect(error?.editError?.field == "weight")
    #expect(error?.editError?.criterion == "flow")
    let message = error?.message ?? ""
    #expect(
      message.contains(
        "edit 1, reweight of `flow`: `weight` is `7`, and the edit was made for `3`"),
      "\(message)")
    #expect(
      message.hasSuffix("; \(other.prefix(12)) (essay: reweight `flow` 3 → 7) changed it on `main`")
    )
    #expect(try store.resolve("main") == tip)
  }

  @Test("a removal of what has changed names the field with both values")
  func removalClash() throws {
    let (sandbox, store) = try GitSandbox.withEssay(bare: true)
    defer { withExtendedLifetime(sandbox) {} }
    try store.createBranch("exp")
    let flow = try #require(try store.pull().rubric.criteria.first)
    try store.commit(
      sample: MetaUpdate(rubric: "essay", edits: [Edit(.remove(PlacedCriterion(flow)))]), to: "exp")
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 7))
    let error = expectStoreError(.edits) { try store.cherryPick("exp") }
    #expect(
      error?.message.contains(
        "`weight` of `flow` is `7`, and the edit was made for `3`") == true,
      "\(error?.message ?? "")")
  }

  @Test("a place that is gone is the end of the group, and told; a group that is gone is an error")
  func places() throws {
    let (sandbox, store, _) = try Self.experiment()
    defer { withExtendedLifetime(sandbox) {} }
    let flow = try #require(try store.pull().rubric.criteria.first)
    try store.commit(
      sample: MetaUpdate(rubric: "essay", edits: [Edit(.remove(PlacedCriterion(flow)))]))
    let outcome = try store.cherryPick("exp:voice", author: Sample.author)
    #expect(outcome.notes.map(\.kind) == [.placedLast])
    #expect(
      outcome.notes.first?.message
        == "edit 2: `voice` was to follow `flow`, which is not in that group here; it comes last")
    #expect(try store.pull().rubric.criteria.map(\.id) == ["content", "voice"])
    // The commit says where it came to stand, so that it can be undone and replayed.
    #expect(
      try store.log()[0].edits.first?.change
        == .add(
          PlacedCriterion(
            Criterion(id: "voice", text: "It has a voice."), at: Place(follows: "content"))))
    try store.commit(
      sample: MetaUpdate(
        rubric: "essay",
        edits: [
          Edit(
            .add(
              PlacedCriterion(
                Criterion(id: "tone", text: "It is kind."),
                at: Place(parent: "content", follows: "facts"))))
        ]), to: "exp")
    let content = try #require(try store.pull().rubric.criteria.first)
    try store.commit(
      sample: MetaUpdate(rubric: "essay", edits: [Edit(.remove(PlacedCriterion(content)))]))
    let error = expectStoreError(.edits) { try store.cherryPick("exp") }
    #expect(error?.message.contains("there is no group `content`") == true)
  }

  @Test("the meta-editor's edits stay off what is pinned; a person may pick them as their own")
  func pins() throws {
    let (sandbox, store, _) = try Self.experiment()
    defer { withExtendedLifetime(sandbox) {} }
    try store.commit(
      sample: MetaUpdate(rubric: "essay", edits: [Edit(.pin("flow"))]))
    let error = expectStoreError(.edits) { try store.cherryPick("exp:1") }
    #expect(error?.editError?.code == .pinned)
    #expect(error?.hint == "a person may change what is pinned: `--as human`")
    try store.transplant(
      Transplant(
        .picked, EditSelection(parsing: "exp:1"), proposer: MetaUpdate.Proposer(.human)),
      author: Sample.author)
    #expect(try store.log()[0].proposer.author == .human)
  }

  @Test("commits made with git alone are worked out from their trees")
  func plainGit() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try store.createBranch("exp")
    let text = Sample.essay.replacing("weight:   3", with: "weight:   5")
    let commit = try sandbox.gitCommit("Weigh flow more\n\nIt tells them apart.", content: text)
    try store.switchTo("exp")
    try store.cherryPick(commit.hex, author: Sample.author)
    let entry = try store.log()[0]
    #expect(entry.subject == "essay: Weigh flow more")
    #expect(entry.message.contains("\nIt tells them apart.\n"))
    #expect(entry.edits.map(\.rationale) == ["Weigh flow more"])
    #expect(sandbox.read(GitSandbox.file) == text)
    // Several rubrics in one commit.
    try sandbox.write("rubrics/other.yaml", Sample.essay.replacing("id: essay", with: "id: other"))
    try sandbox.write(
      GitSandbox.file, text.replacing("weight:   5", with: "weight:   6"))
    try sandbox.git("add", ".")
    try sandbox.git("commit", "--quiet", "-m", "Two")
    let error = expectStoreError(.ambiguous) { try store.revert("HEAD") }
    #expect(error?.hint?.contains("`essay` or `other`") == true)
    let named = Transplant(.reverts, EditSelection("HEAD"), rubric: "essay")
    try store.transplant(named, author: Sample.author)
    #expect(sandbox.read(GitSandbox.file) == text)
    expectStoreError(.notFound) {
      try store.transplant(Transplant(.reverts, EditSelection("HEAD~1"), rubric: "nobody"))
    }
  }

  @Test("a merge needs a mainline, and is then what it changed on that parent")
  func merges() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try store.createBranch("exp")
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4), to: "exp")
    try store.commit(
      sample: Sample.reweight("depth", from: 1, to: 2))
    try sandbox.git("merge", "--quiet", "--no-edit", "exp")
    let error = expectStoreError(.ambiguous) { try store.revert("HEAD") }
    #expect(error?.hint == "`--mainline 1` compares it with the branch that was merged into")
    expectStoreError(.notFound) {
      try store.transplant(Transplant(.reverts, EditSelection("HEAD"), mainline: 3))
    }
    expectStoreError(.invalidName) {
      try store.transplant(Transplant(.reverts, EditSelection("HEAD~1"), mainline: 1))
    }
    let outcome = try store.transplant(
      Transplant(.reverts, EditSelection("HEAD"), mainline: 1), author: Sample.author)
    #expect(outcome.update.edits.map(\.summary) == ["reweight `flow` 4 → 3"])
    try store.transplant(
      Transplant(.picked, EditSelection("HEAD~1"), mainline: 1), author: Sample.author)
    #expect(try store.pull().rubric.criteria[0].weight == 4)
  }

  @Test("a revert below later commits, and the commit that it clashes with")
  func revert() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    defer { withExtendedLifetime(sandbox) {} }
    let first = try store.commit(
      sample: Sample.reweight("flow", from: 3, to: 4, because: "it tells them apart")
    ).commit
    try store.commit(sample: Sample.reweight("depth", from: 1, to: 2))
    let outcome = try store.revert(first.hex, author: Sample.author)
    #expect(outcome.update.edits.map(\.summary) == ["reweight `flow` 4 → 3"])
    #expect(
      outcome.update.edits.map(\.rationale) == [
        "reverts \(first.prefix(12)) (it tells them apart)"
      ])
    let entry = try store.log()[0]
    #expect(entry.subject == "essay: Revert \"reweight `flow` 3 → 4\"")
    #expect(entry.message.contains("\nThis reverts commit \(first.hex).\n"))
    #expect(entry.message.contains("Rubric-Reverts: \(first.hex)\n"))
    #expect(entry.proposer.author == .human)
    // And back: a revert of the revert.
    try store.revert("HEAD", rationale: "It was right", author: Sample.author)
    #expect(try store.pull().rubric.criteria[0].weight == 4)
    #expect(try store.log()[0].edits.map(\.rationale) == ["It was right"])
    let later = try store.commit(
      sample: Sample.reweight("flow", from: 4, to: 9, because: "more")
    ).commit
    try store.commit(sample: Sample.reweight("depth", from: 2, to: 3))
    let error = expectStoreError(.edits) { try store.revert(first.hex) }
    #expect(
      error?.message.hasSuffix(
        "; \(later.prefix(12)) (essay: reweight `flow` 4 → 9) changed it later")
        == true, "\(error?.message ?? "")")
    #expect(error?.hint == "revert \(later.prefix(12)) first, or make the edit by hand")
  }

  @Test("a criterion that a later commit removed is named with that commit")
  func revertOfRemoved() throws {
    let (sandbox, store) = try GitSandbox.withEssay(bare: true)
    defer { withExtendedLifetime(sandbox) {} }
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4))
    let flow = try #require(try store.pull().rubric.criteria.first)
    let later = try store.commit(
      sample: MetaUpdate(rubric: "essay", edits: [Edit(.remove(PlacedCriterion(flow)))])
    ).commit
    let error = expectStoreError(.edits) { try store.revert("main~1") }
    #expect(error?.message.contains(later.prefix(12)) == true, "\(error?.message ?? "")")
    // What was removed comes back, and comes back in its place.
    try store.revert("main", author: Sample.author)
    #expect(try store.pull().rubric.criteria.map(\.id) == ["flow", "content"])
    try store.revert("main~2", author: Sample.author)
    #expect(try store.pull().rubric.criteria[0].weight == 3)
  }

  @Test("creating and removing a rubric can be picked and reverted, if nothing would be lost")
  func wholeRubrics() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    let text = try store.pull().text
    try store.revert("HEAD", author: Sample.author)
    #expect(try store.rubrics().isEmpty)
    #expect(sandbox.read(GitSandbox.file) == nil)
    #expect(try store.log()[0].source?.kind == .reverts)
    expectStoreError(.nothingToCommit) { try store.revert("HEAD~1") }
    try store.revert("HEAD", author: Sample.author)
    #expect(try store.pull().text == text)
    expectStoreError(.nothingToCommit) { try store.cherryPick("HEAD~2") }
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4))
    let error = expectStoreError(.edits) { try store.revert("HEAD~1") }
    #expect(error?.hint?.contains("delete rubrics/essay.yaml") == true, "\(error?.hint ?? "")")
    expectStoreError(.edits) { try store.cherryPick("HEAD~2") }
    expectStoreError(.exists) { try store.cherryPick("HEAD~3") }
    expectStoreError(.notFound) { try store.revert("HEAD~1:1") }
    try store.createBranch("empty", at: "HEAD~2")
    try store.cherryPick("main~3", to: "empty", author: Sample.author)
    #expect(try store.pull(at: "empty").text == text)
    #expect(try sandbox.fsck() == "")
  }

  @Test("previews build on one another and commit nothing")
  func preview() throws {
    let (sandbox, store, _) = try Self.experiment(bare: false)
    try store.commit(
      sample: MetaUpdate(
        rubric: "essay", edits: [Edit(.reweight("voice", Delta(before: 2, after: 3)))]), to: "exp")
    let files = try sandbox.files()
    let picks = try ["exp~1", "exp"].map { Transplant(.picked, try EditSelection(parsing: $0)) }
    let outcomes = try store.preview(picks)
    #expect(outcomes.map(\.update.edits.count) == [3, 1])
    #expect(outcomes.allSatisfy { $0.commit == nil })
    let reversed = expectStoreError(.edits) { _ = try store.preview(picks.reversed()) }
    #expect(reversed?.message.contains("`voice`") == true)
    #expect(try sandbox.files() == files)
    expectStoreError(.notFound) { _ = try store.preview(picks, on: "nowhere") }
    expectStoreError(.notFound) { try store.cherryPick("exp", to: "nowhere") }
  }

  @Test("layout alone has no edits; a commit of another thing changes no rubric")
  func nothing() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try store.replace(
      with: Array(("# a comment\n" + Sample.essay).utf8), rationale: "layout",
      author: Sample.author)
    expectStoreError(.nothingToCommit) { try store.revert("HEAD") }
    try sandbox.gitCommit("other", file: "README")
    expectStoreError(.notFound) { try store.revert("HEAD") }
    try store.commit(
      sample: MetaUpdate(rubric: "essay", edits: [Edit(.noChange, rationale: "looked")]))
    try store.createBranch("exp", at: "HEAD~1")
    try store.cherryPick("main", to: "exp", author: Sample.author)
    #expect(try store.log(from: "exp")[0].edits.map(\.rationale) == ["looked"])
  }
}

@Suite struct EditSelectionTests {
  @Test("what is written is read and written again")
  func reading() throws {
    for text in ["HEAD", "3f9c2ab:2", "main~3:1,3-4,flow", "exp:a-b.c", ":/fix", "HEAD^{/a: b}"] {
      #expect(try EditSelection(parsing: text).description == text)
    }
    #expect(try EditSelection(parsing: ":/fix").choices.isEmpty)
    #expect(try EditSelection(parsing: "HEAD^{/a: b}").revision == "HEAD^{/a: b}")
    #expect(try EditSelection(parsing: "HEAD^{/a: b}:3").choices == [.numbers(3...3)])
    #expect(try EditSelection(parsing: "x:3-4").choices == [.numbers(3...4)])
    #expect(try EditSelection(parsing: "x:3-a").choices == [.criterion("3-a")])
  }

  @Test(
    "what is no selection is refused",
    arguments: [
      "x:", "x:0", "x:1,", "x:4-3", "x:0-2", "x:1-", "x:Flow", "x:a b",
      "x:99999999999999999999", "x:1-99999999999999999999",
    ])
  func refused(_ text: String) {
    expectStoreError(.invalidName, text) { _ = try EditSelection(parsing: text) }
  }

  @Test("numbers rise and stand once; what is not there is refused without counting up to it")
  func numbers() throws {
    let edits = ["a", "b", "a"].map { Edit(.pin(CriterionID(stringLiteral: $0))) }
    #expect(try EditSelection("x").numbers(in: edits) == [1, 2, 3])
    #expect(try EditSelection(parsing: "x:3,a,1-2,2").numbers(in: edits) == [1, 2, 3])
    #expect(try EditSelection(parsing: "x:a").numbers(in: edits) == [1, 3])
    expectStoreError(.notFound) {
      _ = try EditSelection("x", [.numbers(1...Int.max)]).numbers(in: edits)
    }
    let error = expectStoreError(.notFound) {
      _ = try EditSelection(parsing: "x:c").numbers(in: edits)
    }
    #expect(error?.hint == "did you mean `a`?" || error?.hint == "they are about `a` and `b`")
  }

  @Test("trailers of sources are read back, and others passed over")
  func trailers() throws {
    let commit = try #require(ObjectID(hex: String(repeating: "3f", count: 20)))
    for source in [
      ChangeSource(.picked, commit), ChangeSource(.reverts, commit, edits: [1, 30]), nil,
    ] {
      let update = MetaUpdate(rubric: "essay", edits: [Edit(.noChange)], source: source)
      let text = CommitMessage.text(update, comparability: .identical)
      #expect(try CommitMessage.record(text)?.source == source)
    }
    for value in ["3f9c2ab", "\(commit.hex) x", "\(commit.hex) 0", "\(commit.hex) -1", ""] {
      let text = "x\n\nRubric: essay\nRubric-Picked-From: \(value)\n"
      #expect(try CommitMessage.record(text)?.source == nil, "\(value)")
    }
  }
}
