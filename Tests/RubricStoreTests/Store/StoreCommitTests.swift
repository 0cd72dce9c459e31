import Foundation
import RubricStore
import Testing

@Suite struct StoreCommitTests {
  /// Reasons that a message, a trailer or a mail could stumble over.
  static let rationales = [
    "plain", "", "two\nlines", "a\n\nparagraph\n\n", "\n\nlate", "---\nnot a patch", "--- a/file",
    "diff --git a/x b/x", "\"quoted\" and \\ back", "ünïcode 漢字 👍🏽 \u{202E}x", "# a comment\n# more",
    "Signed-off-by: Mallory <m@example.org>", "Rubric-Edit: {\"op\":\"remove\",\"id\":\"flow\"}",
    "x\n\nRubric: other\nRubric-Edit: {}\nRubric-Change: removed", "tab\tand\rreturn\r\n",
    "next\u{85}line\u{2028}separator", "ends with spaces   ",
    "   starts with them", "# ------------------------ >8 ------------------------\nscissors",
    "key: value\n continued: value", "100%\n%s%n", "From: x\n>From here", ".\n..", "\u{FEFF}mark",
    "e\u{301}\u{E9}", "fixup! squash!", "cherry picked from commit 0123456)", "-\n- \n- a: b",
    String(repeating: "long ", count: 5_000), "a mark after a break\n\u{301}and on",
  ]

  private static func edit(_ index: Int, _ rationale: String) -> Edit {
    Edit(
      .reweight("flow", Delta(before: Double(3 + index), after: Double(4 + index))),
      rationale: rationale, evidence: [rationale, "r\(index)"])
  }

  /// Git reads every recorded edit as it was made, whatever its reasons hold.
  @Test func theFirstCommitOfABareRepositoryLeavesNoWorkTreeBehind() throws {
    let sandbox = try GitSandbox(bare: true)
    let outcome = try sandbox.store().create(Sample.essayBytes, author: Sample.author)
    #expect(outcome.workTreeNote == nil)
  }

  @Test func trailersAreReadByGit() throws {
    let (sandbox, store) = try GitSandbox.withEssay(bare: true)
    for (index, rationale) in Self.rationales.enumerated() {
      let edits = [
        Self.edit(index * 2, rationale), Self.edit(index * 2 + 1, "and " + rationale),
      ]
      let update = MetaUpdate(
        rubric: "essay", edits: edits, rationale: rationale,
        proposer: MetaUpdate.Proposer(.meta, name: rationale))
      let outcome = try store.commit(sample: update)
      #expect(outcome.edits == edits)
      let shown = "\(rationale.prefix(40))"

      let values = try sandbox.lines(
        "log", "-1", "--format=%(trailers:key=Rubric-Edit,valueonly)")
      try #require(values.count == 2, "\(shown): \(values.prefix(5))")
      #expect(try EditTexts.read("[\(values.joined(separator: ","))]", "json") == edits, "\(shown)")

      let message = try sandbox.gitBytes(["log", "-1", "--format=%B"])
      let parsed = try sandbox.git(["interpret-trailers", "--parse"], input: message)
      let trailers = parsed.split(separator: "\n")
      #expect(
        trailers.map { $0.prefix { $0 != ":" } } == [
          "Rubric", "Rubric-Change", "Rubric-Proposer", "Rubric-Comparability", "Rubric-Edit",
          "Rubric-Edit",
        ], "\(shown)")
      #expect(trailers.first == "Rubric: essay", "\(shown)")
      #expect(
        trailers.filter { $0.hasPrefix("Rubric-Edit: ") }.map { $0.dropFirst(13) }
          == values.map { $0[...] }, "\(shown)")

      let entry = try #require(try store.log(LogFilter(limit: 1)).first)
      #expect(entry.isRecorded)
      #expect(entry.edits == edits, "\(shown)")
      #expect(entry.comparability == .recompute)
      #expect(entry.subject == (try sandbox.git("log", "-1", "--format=%s")), "\(shown)")
      #expect(entry.subject.hasPrefix("essay: "), "\(shown)")
      #expect(!entry.message.unicodeScalars.contains { $0.value < 32 && $0 != "\n" && $0 != "\t" })
    }
    #expect(try sandbox.fsck() == "")
    #expect(try sandbox.git("rev-list", "--count", "HEAD") == "\(Self.rationales.count + 1)")
  }

  @Test func gitAgreesWithTheOutcome() throws {
    let (sandbox, store) = try GitSandbox.withEssay(bare: true)
    let first = try sandbox.id("HEAD")
    let outcome = try store.commit(
      MetaUpdate(
        rubric: "essay",
        edits: [
          Edit(
            .tighten(
              "flow",
              Delta(before: Strictness(), after: Strictness(lowerWhen: ["It is a title."]))),
            rationale: "four in five are titles", evidence: ["r17"])
        ], rationale: "Titles scored high\n\nSeen in run 3.",
        proposer: MetaUpdate.Proposer(.meta, name: "m-7")),
      author: Sample.author)
    #expect(outcome.parent == first)
    #expect(outcome.commit == (try sandbox.id("main")))
    #expect(outcome.branch == "main")
    #expect(outcome.kind == .edited)
    #expect(outcome.comparability == .rejudge(["flow"]))
    #expect(outcome.retries == 0)
    #expect(
      try sandbox.lines("log", "-1", "--format=%an|%ae|%at|%s%n%ad", "--date=iso") == [
        "Ada Löwe|ada@example.org|1700000000|essay: Titles scored high",
        "2023-11-14 23:13:20 +0100",
      ])
    #expect(
      try sandbox.git("log", "-1", "--format=%B") == """
        essay: Titles scored high

        Seen in run 3.

        - \(outcome.edits[0].summary): four in five are titles

        Rubric: essay
        Rubric-Change: edited
        Rubric-Proposer: meta m-7
        Rubric-Comparability: rejudge flow
        Rubric-Edit: \(outcome.edits[0].json.jsonText)

        """)
    #expect(
      try sandbox.lines("diff", "--stat", "HEAD~1", "HEAD").last?.contains("1 file changed") == true
    )
    #expect(try sandbox.fsck() == "")
  }

  /// A clone, and a store over it, hold the same.
  @Test func cloneHoldsTheSame() throws {
    let (sandbox, store) = try GitSandbox.withEssay(bare: true)
    for weight in 4...6 {
      try store.commit(
        sample: Sample.reweight("flow", from: Double(weight - 1), to: Double(weight)))
    }
    let place = sandbox.folder + "/clone"
    try sandbox.git("clone", "-q", sandbox.path, place)
    let clone = try Store.open(place)
    #expect(try clone.log().map(\.commit) == store.log().map(\.commit))
    #expect(try clone.log().map(\.edits) == store.log().map(\.edits))
    for revision in ["HEAD", "HEAD~2", try sandbox.id("main~1").hex] {
      #expect(
        try clone.pull("essay", at: revision).text == store.pull("essay", at: revision).text)
    }
    // And back: a push of what the clone's store committed.
    try clone.commit(sample: Sample.reweight("flow", from: 6, to: 7))
    try sandbox.git("-C", place, "push", "-q", "origin", "main")
    #expect(try store.pull("essay").rubric.criterion("flow")?.weight == 7)
    #expect(try sandbox.git("-C", place, "status", "--porcelain") == "")
  }

  /// An edit rewrites the lines that it must; comments and layout stay.
  @Test(arguments: [false, true]) func keepsCommentsAndLayout(_ bare: Bool) throws {
    let (sandbox, store) = try GitSandbox.withEssay(bare: bare)
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4.5))
    let text = String(decoding: try store.pull().text, as: UTF8.self)
    #expect(
      text == Sample.essay.replacing("weight:   3  # of ten", with: "weight:   4.5  # of ten"))
    try store.commit(
      sample: MetaUpdate(
        rubric: "essay",
        edits: [
          Edit(
            .reword(
              "facts",
              Delta(
                before: Wording(text: "Its claims are backed by sources."),
                after: Wording(text: "Its claims are \"backed\"."))))
        ]))
    let again = String(decoding: try store.pull().text, as: UTF8.self)
    #expect(again.contains("pinned: true   # people decide"))
    #expect(again.contains("# the end"))
    #expect(try store.pull().rubric.criterion("facts")?.text == "Its claims are \"backed\".")
    if !bare {
      #expect(sandbox.read(GitSandbox.file) == again)
      #expect(try sandbox.status() == "")
    }
  }

  /// Control characters could not be read again; the edit is refused by name, and nothing is stored.
  @Test(arguments: ["bell \u{7}", "escape \u{1B}[31m", "\u{0}nul"])
  func refusesControlCharactersInReasons(_ rationale: String) throws {
    let (sandbox, store) = try GitSandbox.withEssay(bare: true)
    let error = #expect(throws: StoreError.self) {
      try store.commit(
        sample: MetaUpdate(rubric: "essay", edits: [Self.edit(0, rationale)]))
    }
    #expect(error?.editError?.code == .invalidEdit)
    #expect(error?.editError?.field == "rationale")
    #expect(try sandbox.git("rev-list", "--count", "HEAD") == "1")
  }

  @Test func refusesWhatChangesNothing() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    let tip = try sandbox.id("HEAD")
    expectStoreError(.nothingToCommit) {
      try store.commit(sample: Sample.reweight("flow", from: 3, to: 3))
    }
    expectStoreError(.nothingToCommit) {
      try store.commit(sample: MetaUpdate(rubric: "essay", edits: []))
    }
    expectStoreError(.nothingToCommit) {
      try store.replace(with: Sample.essayBytes, rationale: "same", author: Sample.author)
    }
    #expect(try sandbox.id("HEAD") == tip)
    let looked = try store.commit(
      sample: MetaUpdate(
        rubric: "essay", edits: [Edit(.noChange, rationale: "looked at 40 rollouts")]))
    #expect(looked.comparability == .identical)
    #expect(try sandbox.git("diff", "HEAD~1", "HEAD", "--stat") == "")
    #expect(try store.log(LogFilter(limit: 1)).first?.edits.first?.operation == .noChange)
  }

  @Test func refusesWhatIsNotValid() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    let tip = try sandbox.id("HEAD")
    let removal = expectStoreError(.edits) {
      try store.commit(sample: Sample.reweight("flow", from: 3, to: -1))
    }
    #expect(removal?.editError?.code == .invalidResult)
    #expect(removal?.findings.isEmpty == false)
    let unknown = expectStoreError(.edits) {
      try store.commit(sample: Sample.reweight("flaw", from: 3, to: 1))
    }
    #expect(unknown?.editError?.code == .unknownCriterion)
    #expect(unknown?.hint?.contains("flow") == true)
    expectStoreError(.invalidDocument) {
      try store.create(Array("schema: rubric/1\nid: x\n".utf8), author: Sample.author)
    }
    expectStoreError(.invalidDocument) {
      try store.replace(with: [0xFF, 0xFE], rationale: "x", author: Sample.author)
    }
    expectStoreError(.notFound) {
      try store.commit(sample: MetaUpdate(rubric: "report", edits: [Edit(.noChange)]))
    }
    expectStoreError(.notFound) {
      try store.commit(sample: Sample.reweight("flow", from: 3, to: 1), to: "nowhere")
    }
    for name in ["", "a b", "-x", "a..b", "x.lock", "refs/../x", "@", "a\0b"] {
      #expect(throws: StoreError.self, "\(name)") {
        try store.commit(sample: Sample.reweight("flow", from: 3, to: 1), to: name)
      }
    }
    #expect(try sandbox.id("HEAD") == tip)
    #expect(try sandbox.status() == "")
    #expect(try sandbox.lines("for-each-ref", "--format=%(refname)") == ["refs/heads/main"])
  }

  /// All edits of an update are made, or none.
  @Test func isAllOrNothing() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    let tip = try sandbox.id("HEAD")
    let error = expectStoreError(.edits) {
      try store.commit(
        sample: MetaUpdate(
          rubric: "essay",
          edits: [
            Edit(.reweight("flow", Delta(before: 3, after: 1))),
            Edit(.reweight("depth", Delta(before: 9, after: 1))),
          ]))
    }
    #expect(error?.editError?.code == .beforeMismatch)
    #expect(error?.editError?.index == 1)
    #expect(error?.editError?.field == "weight")
    #expect(try sandbox.id("HEAD") == tip)
    #expect(sandbox.read(GitSandbox.file) == Sample.essay)
  }

  /// Law 8: no proposal of the meta-editor touches what is pinned.
  @Test func metaEditorCannotTouchWhatIsPinned() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    let tip = try sandbox.id("HEAD")
    let rubric = try Sample.rubric()
    let facts = try #require(rubric.criterion("facts"))
    let depth = try #require(rubric.criterion("depth"))
    let content = try #require(rubric.criterion("content"))
    let inContent = Place(parent: "content")
    let afterFacts = Place(parent: "content", follows: "facts")
    let new = Criterion(id: "new", text: "New.")
    let changes: [Edit.Change] = [
      .unpin("facts"), .reweight("facts", Delta(before: 1, after: 0)),
      .reword("facts", Delta(before: Wording(text: facts.text), after: Wording(text: "x"))),
      .remove(PlacedCriterion(facts, at: inContent)),
      .remove(PlacedCriterion(content, at: Place(follows: "flow"))),
      .move("facts", Delta(before: inContent, after: Place())),
      .tighten("facts", Delta(before: Strictness(), after: Strictness(lowerWhen: ["x"]))),
      .rescale(
        "facts", Delta(before: .binary, after: .numeric(NumericRange(min: 0, max: 5), levels: []))),
      .setGate("facts", before: nil, after: Gate(min: 1)),
      .deactivate("facts", Delta(before: .active, after: .inactive)),
      .retag("facts", Delta(before: [], after: ["x"])),
      .rename("facts", Delta(before: "", after: "Facts")),
      .setPolarity(
        "facts", Delta(before: Direction(), after: Direction(polarity: .negative))),
      .setApplicability("facts", Delta(before: "", after: "never")),
      .setOrigin("facts", Delta(before: facts.origin, after: .meta)),
      .split(
        before: [PlacedCriterion(facts, at: inContent)],
        after: [PlacedCriterion(new, at: inContent)]),
      .mergeCriteria(
        before: [PlacedCriterion(facts, at: inContent), PlacedCriterion(depth, at: afterFacts)],
        after: [PlacedCriterion(new, at: inContent)]),
    ]
    for change in changes {
      let update = MetaUpdate(
        rubric: "essay", edits: [Edit(change, rationale: "x")],
        proposer: MetaUpdate.Proposer(.meta, name: "m"))
      let error = expectStoreError(.edits, "\(change)") { try store.commit(sample: update) }
      #expect(error?.editError?.code == .pinned, "\(change): \(String(describing: error))")
    }
    #expect(try sandbox.id("HEAD") == tip)
    #expect(sandbox.read(GitSandbox.file) == Sample.essay)
    // A person may, and the meta-editor may touch the rest.
    try store.commit(
      sample: MetaUpdate(
        rubric: "essay", edits: [Edit(.reweight("facts", Delta(before: 1, after: 2)))]))
    try store.commit(
      sample: MetaUpdate(
        rubric: "essay", edits: [Edit(.reweight("flow", Delta(before: 3, after: 2)))],
        proposer: MetaUpdate.Proposer(.meta, name: "m")))
  }

  @Test func firstCommitOfABranchThatIsUnborn() throws {
    let sandbox = try GitSandbox()
    let store = try sandbox.store()
    expectStoreError(.unborn) { _ = try store.pull("") }
    expectStoreError(.unborn) { _ = try store.pull("essay", at: "main") }
    expectStoreError(.unborn) { _ = try store.log() }
    expectStoreError(.notFound) {
      try store.commit(sample: Sample.reweight("flow", from: 3, to: 4))
    }
    // A branch that nobody made would share no history with the others.
    expectStoreError(.notFound) {
      try store.create(Sample.essayBytes, to: "side/branch", author: Sample.author)
    }
    #expect(sandbox.read(GitSandbox.file) == nil)
    #expect(try store.headWords() == "branch main at nothing")
    let first = try store.create(Sample.essayBytes, author: Sample.author)
    #expect(first.parent == nil)
    #expect(first.comparability == nil)
    #expect(first.edits == [])
    #expect(sandbox.read(GitSandbox.file) == Sample.essay)
    #expect(try sandbox.status() == "")
    #expect(try store.branches().map(\.name) == ["main"])
    #expect(try sandbox.fsck() == "")
  }
}
