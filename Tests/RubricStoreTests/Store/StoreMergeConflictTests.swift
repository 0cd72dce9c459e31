import Foundation
import RubricStore
import Testing

/// Merges in which the sides do not agree: what is told, what settles it, and what is recorded.
@Suite struct StoreMergeConflictTests {
  @Test func aConflictNamesTheCommitsAndRationales() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    let (ours, theirs) = try store.clash()
    let tip = try store.resolve("main")
    let report = try store.merge("exp", mergeOptions())
    #expect(report.kind == .conflicts && report.commit == nil && !report.isKept)
    let conflict = try #require(report.conflicts.first)
    #expect(report.conflicts.count == 1)
    #expect(conflict.code == .bothChanged && "\(conflict.path)" == "essay/flow.weight")
    #expect([conflict.base, conflict.ours, conflict.theirs] == [3, 4, 8])
    #expect(conflict.ourCauses.map(\.commit) == [ours.hex])
    #expect(conflict.ourCauses.map(\.edit.rationale) == ["it matters"])
    #expect(conflict.theirCauses.map(\.commit) == [theirs.hex])
    #expect(conflict.theirCauses.map(\.edit.rationale) == ["it matters more"])
    #expect(try store.resolve("main") == tip)
    #expect(try store.keptMerge() == nil)
    #expect(try sandbox.status() == "")
  }

  @Test(arguments: [("mean", 6.0), ("ours", 4), ("theirs", 8), ("base", 3), ("2.5", 2.5)])
  func aSettlementIsRecorded(_ rule: String, _ weight: Double) throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    defer { withExtendedLifetime(sandbox) {} }
    try store.clash()
    let settlement = try Settlement(parsing: "flow.weight=\(rule)")
    let report = try store.merge("exp", mergeOptions { $0.settlements.places = [settlement] })
    #expect(report.kind == .merged)
    let merged = try store.pull("essay").rubric
    #expect(merged.criterion("flow")?.weight == weight)
    let entry = try #require(try store.log(LogFilter(limit: 1)).first)
    // What both sides differ in otherwise is there, so that there is a record.
    let settled = try #require(entry.settled.first)
    #expect("\(settled.path)" == "essay/flow.weight")
    #expect(settled.rule == Settlement.Rule(parsing: rule))
    #expect(settled.result.map { $0 == .integer(Int(weight)) || $0 == .number(weight) } == true)
    // Merging the parents with what is recorded gives the commit again.
    let again = try Rubric.merge(
      base: store.pull("essay", commit: report.bases[0]).rubric,
      ours: MergeSide(store.pull("essay", at: "main^1").rubric),
      theirs: MergeSide(store.pull("essay", at: "main^2").rubric),
      settlements: Settlements(entry.settled.map { Settlement("\($0.path)", $0.rule) }))
    #expect(again.rubric == merged)
    #expect(try store.pull("essay", at: "main^1").rubric.applying(entry.edits) == merged)
  }

  /// A rule for each kind of conflict: the first that fits decides.
  @Test func rulesAreTriedInOrder() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    defer { withExtendedLifetime(sandbox) {} }
    try store.clash()
    func reword(_ text: String) -> MetaUpdate {
      MetaUpdate(
        rubric: "essay",
        edits: [
          Edit(
            .reword(
              "depth",
              Delta(before: Wording(text: "It goes deep."), after: Wording(text: text))))
        ])
    }
    try store.commit(sample: reword("It goes deep. It says why."))
    try store.commit(sample: reword("It goes deep. It names its sources."), to: "exp")
    let open = try store.merge("exp", mergeOptions { $0.settlements.all = [.strictest] })
    #expect(open.conflicts.count == 2)
    let report = try store.merge(
      "exp", mergeOptions { $0.settlements.all = [.mean, .union, .ours] })
    #expect(report.settled.map(\.rule) == [.union, .mean])
    let merged = try store.pull("essay").rubric
    #expect(merged.criterion("flow")?.weight == 6)
    #expect(
      merged.criterion("depth")?.text == "It goes deep. It names its sources. It says why.")
  }

  @Test func settlementsThatDoNotFitAreRefused() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    defer { withExtendedLifetime(sandbox) {} }
    try store.clash()
    for (text, code) in [
      ("flow.weight=union", StoreError.Code.unfitSettlement),
      ("flow.weight=heavy", .unfitSettlement), ("flow.weight=-1", .unfitSettlement),
      ("flow.wieght=ours", .nothingToSettle), ("nobody=ours", .nothingToSettle),
    ] {
      let error = expectStoreError(code, text) {
        let settlement = try Settlement(parsing: text)
        let report = try store.merge("exp", mergeOptions { $0.settlements.places = [settlement] })
        // A weight below 0 is a number, and the rubric with it is not valid.
        if report.conflicts.contains(where: { $0.code == .inconsistent }) {
          throw StoreError(.unfitSettlement, "")
        }
      }
      #expect(error?.message.contains("\n") == false)
    }
    #expect(throws: MergeError.self) { try Settlement(parsing: "flow.weight") }
  }

  @Test func aWholeRubricCanBeInConflict() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try store.createBranch("exp")
    try store.remove("essay", rationale: "no longer used", to: "exp", author: Sample.author)
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4))
    let report = try store.merge("exp", mergeOptions())
    #expect(report.conflicts.map(\.code) == [.changedAndRemoved])
    #expect(report.conflicts.map { "\($0.path)" } == ["essay"])
    let merged = try store.merge(
      "exp", mergeOptions { $0.settlements.places = [Settlement("essay", .theirs)] })
    #expect(merged.kind == .merged)
    #expect(try store.rubrics() == [])
    #expect(sandbox.read(GitSandbox.file) == nil)
    #expect(try sandbox.status() == "")
  }

  @Test func rubricsOfOneSideComeAndGo() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    defer { withExtendedLifetime(sandbox) {} }
    func copy(_ id: String) -> [UInt8] {
      Array(Sample.essay.replacing("id: essay", with: "id: \(id)").utf8)
    }
    try store.create(copy("old"), author: Sample.author)
    try store.createBranch("exp")
    try store.create(copy("theirs"), to: "exp", author: Sample.author)
    try store.create(copy("both"), to: "exp", author: Sample.author)
    try store.remove("old", rationale: "unused", to: "exp", author: Sample.author)
    try store.create(copy("ours"), author: Sample.author)
    try store.create(copy("both"), author: Sample.author)
    let report = try store.merge("exp", mergeOptions())
    #expect(report.kind == .merged)
    #expect(try store.rubrics() == ["both", "essay", "ours", "theirs"])
    let known = report.rubrics.map { "\($0.rubric) \($0.ourChange) \($0.theirChange)" }
    #expect(
      known == ["old unchanged removed", "ours created unchanged", "theirs unchanged created"])
    // Nothing is as neither parent has it, so there is nothing to record.
    #expect(try store.log(LogFilter(limit: 1)).first?.kind != .merged)
  }

  @Test func anotherSchemaIsAConflict() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try store.createBranch("exp")
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4))
    try store.switchTo("exp")
    try sandbox.gitCommit(
      "the next format", content: Sample.essay.replacing("rubric/1", with: "rubric/2"))
    try store.switchTo("main")
    let report = try store.merge("exp", mergeOptions { $0.settlements.all = [.ours] })
    #expect(report.conflicts.map(\.code) == [.schemaDiffers])
    #expect(report.conflicts.first?.theirs == "rubric/2")
    try sandbox.git("branch", "broken")
    try store.switchTo("broken")
    try sandbox.gitCommit("broken", content: "schema: rubric/1\nid: essay\n")
    try store.switchTo("main")
    try store.commit(sample: Sample.reweight("flow", from: 4, to: 5))
    expectStoreError(.invalidDocument) { _ = try store.merge("broken", mergeOptions()) }
  }

  @Test func anIdThatWasGivenToAnotherCriterionIsAConflict() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    defer { withExtendedLifetime(sandbox) {} }
    try store.createBranch("exp")
    let old = try store.pull("essay").rubric.criterion("flow")
    let flow = try #require(old)
    try store.commit(
      sample: MetaUpdate(
        rubric: "essay", edits: [Edit(.remove(PlacedCriterion(flow)), rationale: "noise")]),
      to: "exp")
    try store.commit(
      sample: MetaUpdate(
        rubric: "essay",
        edits: [
          Edit(
            .add(PlacedCriterion(Criterion(id: "flow", text: "Its cash flows."), at: Place())),
            rationale: "a business essay")
        ]), to: "exp")
    try store.commit(
      sample: MetaUpdate(
        rubric: "essay",
        edits: [
          Edit(
            .tighten(
              "flow",
              Delta(
                before: Strictness(), after: Strictness(lowerWhen: ["It is only a title."]))),
            rationale: "titles")
        ]))
    let report = try store.merge("exp", mergeOptions())
    let conflict = try #require(report.conflicts.first)
    #expect(conflict.code == .idReused && "\(conflict.path)" == "essay/flow")
    #expect(conflict.ourCauses.map(\.edit.rationale) == ["titles"])
    #expect(conflict.theirCauses.map(\.edit.rationale) == ["noise", "a business essay"])
    let merged = try store.merge("exp", mergeOptions { $0.settlements.all = [.ours] })
    #expect(merged.kind == .merged)
    #expect(try store.pull("essay").rubric.criterion("flow")?.lowerWhen.count == 1)
  }

  /// What was settled is told, also where the result is one side's very file.
  @Test(arguments: [Settlement.Rule.ours, .theirs])
  func aSettlementForOneSideIsRecorded(_ rule: Settlement.Rule) throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    defer { withExtendedLifetime(sandbox) {} }
    try store.createBranch("exp")
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4))
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 8), to: "exp")
    _ = try store.merge(
      "exp", mergeOptions { $0.settlements.places = [Settlement("flow.weight", rule)] })
    let entry = try #require(try store.log(LogFilter(limit: 1)).first)
    #expect(entry.kind == .merged)
    #expect(entry.settled.map { "\($0.path)" } == ["essay/flow.weight"])
    #expect(entry.settled.map(\.rule) == [rule])
    #expect(entry.edits.count == (rule == .ours ? 0 : 1))
    #expect(try store.log(LogFilter(criterion: "flow")).first?.commit == entry.commit)
  }

  /// A fast-forward does not pretend to settle.
  @Test func aSettlementMakesAMergeCommit() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    defer { withExtendedLifetime(sandbox) {} }
    try store.createBranch("exp")
    try store.commit(sample: Sample.reweight("depth", from: 1, to: 2), to: "exp")
    let place = [Settlement("flow.weight", .value(9))]
    expectStoreError(.refused) {
      _ = try store.merge(
        "exp",
        mergeOptions {
          $0.settlements.places = place
          $0.fastForward = .only
        })
    }
    let report = try store.merge("exp", mergeOptions { $0.settlements.places = place })
    #expect(report.kind == .merged)
    #expect(try store.pull("essay").rubric.criterion("flow")?.weight == 9)
    #expect(try store.pull("essay").rubric.criterion("depth")?.weight == 2)
  }

  /// A branch whose file is not valid can be moved to the commit that mends it.
  @Test func whatMendsAFileIsTaken() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try sandbox.gitCommit("broken", content: "schema: rubric/1\nid: essay\n")
    try store.createBranch("exp")
    try store.switchTo("exp")
    try sandbox.gitCommit("mended", content: Sample.essay)
    try store.switchTo("main")
    #expect(try store.merge("exp", mergeOptions()).kind == .fastForward)
    #expect(try store.pull("essay").rubric == Sample.rubric())
  }

  /// A link called like a rubric is none; git says that it is in conflict, and nothing is lost.
  @Test func aLinkCalledLikeARubricIsNotLost() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    func link(to target: String) throws {
      try? FileManager.default.removeItem(atPath: sandbox.path + "/rubrics/x.yaml")
      try FileManager.default.createSymbolicLink(
        atPath: sandbox.path + "/rubrics/x.yaml", withDestinationPath: target)
      try sandbox.git("add", "-A")
      try sandbox.git("commit", "-qm", "link to \(target)")
    }
    try link(to: "a")
    try store.createBranch("exp")
    try link(to: "b")
    try store.switchTo("exp")
    try link(to: "c")
    try store.switchTo("main")
    let error = expectStoreError(.fileConflict) { _ = try store.merge("exp", mergeOptions()) }
    #expect(error?.message.contains("rubrics/x.yaml") == true)
  }

  @Test func anExecutableFileStaysOne() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try sandbox.git("update-index", "--chmod=+x", GitSandbox.file)
    try sandbox.git("commit", "-qm", "executable")
    try sandbox.git("reset", "-q", "--hard")
    try store.clash()
    _ = try store.merge("exp", mergeOptions { $0.settlements.all = [.mean] })
    #expect(try sandbox.git("ls-tree", "main", GitSandbox.file).hasPrefix("100755"))
    #expect(try sandbox.status() == "")
  }

  /// What git has to finish is said before anything is settled here.
  @Test func aConflictOfOtherFilesIsToldFirst() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try sandbox.gitCommit("notes", file: "notes.txt", content: "a\n")
    try store.clash()
    try sandbox.gitCommit("ours", file: "notes.txt", content: "b\n")
    try store.switchTo("exp")
    try sandbox.gitCommit("theirs", file: "notes.txt", content: "c\n")
    try store.switchTo("main")
    for body in [
      { (options: inout MergeOptions) in options.isDryRun = true },
      { (options: inout MergeOptions) in options.keepsConflicts = true },
    ] {
      expectStoreError(.fileConflict) { _ = try store.merge("exp", mergeOptions(body)) }
    }
    #expect(try store.keptMerge() == nil)
  }

  @Test func aDryRunSeesTheWorkTree() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try store.clash()
    try sandbox.write(GitSandbox.file, (sandbox.read(GitSandbox.file) ?? "") + "# mine\n")
    expectStoreError(.dirty) {
      _ = try store.merge(
        "exp",
        mergeOptions {
          $0.isDryRun = true
          $0.settlements.all = [.mean]
        })
    }
  }

  /// The meta-editor may not do by a merge what it may not do by an edit.
  @Test func aMergeByTheMetaEditorLeavesPinsAlone() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    defer { withExtendedLifetime(sandbox) {} }
    try store.createBranch("exp")
    try store.commit(
      sample: MetaUpdate(rubric: "essay", edits: [Edit(.pin("flow"), rationale: "agreed")]))
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 50), to: "exp")
    func merge(_ author: EditAuthor, _ settlements: [Settlement] = []) throws -> MergeReport {
      try store.merge(
        "exp",
        mergeOptions {
          $0.proposer = MetaUpdate.Proposer(author)
          $0.settlements.places = settlements
        })
    }
    let error = expectStoreError(.edits) { _ = try merge(.meta) }
    #expect(error?.editError?.code == .pinned)
    expectStoreError(.edits) { _ = try merge(.meta, [Settlement("facts.weight", .value(9))]) }
    #expect(try merge(.human).kind == .merged)
  }

  /// A file that only one side wrote anew keeps what that side wrote.
  @Test func commentsOfOurSideStay() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try store.createBranch("exp")
    try sandbox.gitCommit(
      "comment", content: Sample.essay.replacing("# short", with: "# short, tuned in run 12"))
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4), to: "exp")
    #expect(try store.merge("exp", mergeOptions()).kind == .merged)
    let text = try #require(sandbox.read(GitSandbox.file))
    #expect(text.contains("# short, tuned in run 12") && text.contains("weight:   4"))
    #expect(try sandbox.status() == "")
  }

  /// What is settled as a whole stands where that side has it, and is said to be settled.
  @Test func aCriterionThatIsSettledKeepsItsPlace() throws {
    for rule in [Settlement.Rule.ours, .theirs] {
      let (sandbox, store) = try GitSandbox.withEssay()
      defer { withExtendedLifetime(sandbox) {} }
      try store.createBranch("exp")
      func add(_ text: String, after place: Place) -> MetaUpdate {
        MetaUpdate(
          rubric: "essay",
          edits: [
            Edit(
              .add(PlacedCriterion(Criterion(id: "new", text: text), at: place)),
              rationale: "because")
          ])
      }
      try store.commit(sample: add("Ours.", after: Place(follows: "content")))
      try store.commit(sample: add("Theirs.", after: Place()), to: "exp")
      let report = try store.merge(
        "exp", mergeOptions { $0.settlements.places = [Settlement("new", rule)] })
      #expect(report.kind == .merged)
      let ids = try store.pull("essay").rubric.criteria.map(\.id)
      #expect(ids == (rule == .ours ? ["flow", "content", "new"] : ["new", "flow", "content"]))
      let entry = try #require(try store.log(LogFilter(limit: 1)).first)
      #expect(rule == .theirs || entry.edits.isEmpty)
      #expect(entry.edits.allSatisfy { $0.rationale == "settled: theirs" })
    }
  }

  @Test func aWeightBelowZeroIsNoSettlement() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    defer { withExtendedLifetime(sandbox) {} }
    try store.clash()
    expectStoreError(.unfitSettlement) {
      _ = try store.merge(
        "exp", mergeOptions { $0.settlements.places = [Settlement("flow.weight", .value(-7))] })
    }
  }
}
