import Foundation
import RubricStore
import Testing

/// Merges of branches in real repositories.
@Suite struct StoreMergeTests {
  // MARK: Without conflicts

  @Test(arguments: [false, true])
  func aBranchThatBuildsOnAnotherIsMovedToIt(bare: Bool) throws {
    let (sandbox, store) = try GitSandbox.withEssay(bare: bare)
    try store.createBranch("exp")
    let tip = try store.commit(sample: Sample.reweight("flow", from: 3, to: 4), to: "exp").commit
    let trial = try store.merge("exp", options { $0.isDryRun = true })
    #expect(trial.kind == .fastForward && trial.commit == nil)
    #expect(try store.resolve("main") == trial.ours)
    let report = try store.merge("exp", options())
    #expect(report.kind == .fastForward && report.commit == tip)
    #expect(report.rubrics.map(\.theirEdits).map(\.count) == [1])
    #expect(report.rubrics.first?.sinceOurs == .recompute)
    #expect(report.rubrics.first?.sinceTheirs == .identical)
    #expect(try store.resolve("main") == tip)
    if !bare {
      #expect(try sandbox.status() == "")
      #expect(sandbox.read(GitSandbox.file)?.contains("weight:   4  # of ten") == true)
    }
    let again = try store.merge("exp", options())
    #expect(again.kind == .upToDate && again.commit == nil)
    // What is asked for is done, also where less would do.
    let commit = try store.commit(sample: Sample.reweight("flow", from: 4, to: 5), to: "exp").commit
    let merged = try store.merge("exp", options { $0.fastForward = .never })
    #expect(merged.kind == .merged)
    #expect(try sandbox.lines("rev-parse", "main^1", "main^2") == [tip.hex, commit.hex])
    #expect(try sandbox.fsck() == "")
  }

  @Test(arguments: [false, true])
  func editsOfBothSidesAreHad(bare: Bool) throws {
    let (sandbox, store) = try GitSandbox.withEssay(bare: bare)
    try store.createBranch("exp")
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4, because: "ours"))
    try store.commit(
      sample: Sample.reweight("depth", from: 1, to: 2, because: "it is rare"), to: "exp")
    expectStoreError(.refused) {
      _ = try store.merge("exp", options { $0.fastForward = .only })
    }
    let before = try store.resolve("main")
    let trial = try store.merge("exp", options { $0.isDryRun = true })
    #expect(trial.kind == .merged && trial.commit == nil && trial.bases.count == 1)
    #expect(try store.resolve("main") == before)
    let report = try store.merge("exp", options { $0.rationale = "Both are right" })
    #expect(report.conflicts == [])
    let merged = try store.pull("essay")
    #expect(merged.commit == report.commit)
    #expect(merged.rubric.criterion("flow")?.weight == 4)
    #expect(merged.rubric.criterion("depth")?.weight == 2)
    // The layout and the comments are ours, with their change in it.
    let text = String(decoding: merged.text, as: UTF8.self)
    #expect(text.contains("weight:   4  # of ten"))
    #expect(text.contains("# The essay rubric."))
    #expect(
      try sandbox.lines("rev-parse", "main^1", "main^2")
        == [report.ours.hex, report.theirs.hex])
    #expect(try sandbox.git("log", "-1", "--format=%s") == "Both are right")
    // Recorded as what it did to our side, with the reason of theirs.
    let entry = try #require(try store.log(LogFilter(limit: 1)).first)
    #expect(entry.kind == .merged && entry.isRecorded && entry.settled == [])
    #expect(entry.edits.map(\.change) == [.reweight("depth", Delta(before: 1, after: 2))])
    #expect(entry.edits.map(\.rationale) == ["it is rare"])
    let parent = try store.pull("essay", at: "main^1").rubric
    #expect(try parent.applying(entry.edits) == merged.rubric)
    if !bare { #expect(try sandbox.status() == "") }
    #expect(try sandbox.fsck() == "")
    // The log tells each edit once.
    let all = try store.log(LogFilter(criterion: "depth"))
    #expect(all.map(\.kind) == [.edited, .created])
    var firstParents: [LogEntry] = []
    try store.log(LogFilter(criterion: "depth"), firstParent: true) {
      firstParents.append($0)
      return true
    }
    #expect(firstParents.map(\.kind) == [.merged, .created])
  }

  @Test func anotherBranchThanTheOneCheckedOutIsMergedInto() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try store.createBranch("a")
    try store.createBranch("b")
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4), to: "a")
    try store.commit(sample: Sample.reweight("depth", from: 1, to: 2), to: "b")
    let file = sandbox.read(GitSandbox.file)
    let report = try store.merge("b", into: "a", MergeOptions(author: Sample.author))
    #expect(report.kind == .merged && report.branch == "a")
    #expect(try store.pull("essay", at: "a").rubric.criterion("depth")?.weight == 2)
    #expect(sandbox.read(GitSandbox.file) == file)
    #expect(try sandbox.status() == "")
    expectStoreError(.unborn) { _ = try store.merge("a", into: "nowhere", options()) }
    expectStoreError(.notFound) { _ = try store.merge("nowhere", options()) }
  }

  @Test func otherFilesAreMergedAsGitDoesIt() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try sandbox.gitCommit("notes", file: "notes.txt", content: "a\nb\nc\nd\ne\n")
    try store.createBranch("exp")
    try sandbox.gitCommit("ours", file: "notes.txt", content: "A\nb\nc\nd\ne\n")
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4))
    try store.switchTo("exp")
    try sandbox.gitCommit("theirs", file: "notes.txt", content: "a\nb\nc\nd\nE\n")
    try sandbox.gitCommit("new", file: "runs/1.txt", content: "1\n")
    try store.commit(sample: Sample.reweight("depth", from: 1, to: 2))
    try store.switchTo("main")
    _ = try store.merge("exp", options())
    #expect(sandbox.read("notes.txt") == "A\nb\nc\nd\nE\n")
    #expect(sandbox.read("runs/1.txt") == "1\n")
    #expect(try sandbox.status() == "")
    // A conflict in them is git's to solve, and nothing happens here.
    try sandbox.gitCommit("ours", file: "notes.txt", content: "X\n")
    try store.switchTo("exp")
    try sandbox.gitCommit("theirs", file: "notes.txt", content: "Y\n")
    try store.switchTo("main")
    let tip = try store.resolve("main")
    let error = expectStoreError(.fileConflict) { _ = try store.merge("exp", options()) }
    #expect(error?.message.contains("notes.txt") == true)
    #expect(try store.resolve("main") == tip)
    #expect(try sandbox.status() == "")
  }

  @Test func changesInTheWorkTreeAreNotLost() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try store.createBranch("exp")
    try store.commit(sample: Sample.reweight("depth", from: 1, to: 2), to: "exp")
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4))
    let dirty = (sandbox.read(GitSandbox.file) ?? "") + "# mine\n"
    try sandbox.write(GitSandbox.file, dirty)
    let tip = try store.resolve("main")
    expectStoreError(.dirty) { _ = try store.merge("exp", options()) }
    // Staged is changed as well.
    try sandbox.git("add", "-A")
    expectStoreError(.dirty) { _ = try store.merge("exp", options()) }
    #expect(try store.resolve("main") == tip)
    #expect(sandbox.read(GitSandbox.file) == dirty)
    try sandbox.git("reset", "-q", "--hard")
    // A file that the merge does not touch may differ.
    try sandbox.write("scratch.txt", "x")
    #expect(try store.merge("exp", options()).kind == .merged)
    #expect(sandbox.read("scratch.txt") == "x")
    #expect(try sandbox.status() == "?? scratch.txt")
  }

  // MARK: Conflicts

  @Test func aConflictNamesTheCommitsAndRationales() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    let (ours, theirs) = try clash(store)
    let tip = try store.resolve("main")
    let report = try store.merge("exp", options())
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
    try clash(store)
    let report = try store.merge(
      "exp",
      options { $0.settlements.places = [try! Settlement(parsing: "flow.weight=\(rule)")] })
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
    try clash(store)
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
    let open = try store.merge("exp", options { $0.settlements.all = [.strictest] })
    #expect(open.conflicts.count == 2)
    let report = try store.merge("exp", options { $0.settlements.all = [.mean, .union, .ours] })
    #expect(report.settled.map(\.rule) == [.union, .mean])
    let merged = try store.pull("essay").rubric
    #expect(merged.criterion("flow")?.weight == 6)
    #expect(
      merged.criterion("depth")?.text == "It goes deep. It names its sources. It says why.")
  }

  @Test func settlementsThatDoNotFitAreRefused() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    defer { withExtendedLifetime(sandbox) {} }
    try clash(store)
    for (text, code) in [
      ("flow.weight=union", StoreError.Code.unfitSettlement),
      ("flow.weight=heavy", .unfitSettlement), ("flow.weight=-1", .unfitSettlement),
      ("flow.wieght=ours", .nothingToSettle), ("nobody=ours", .nothingToSettle),
    ] {
      let error = expectStoreError(code, text) {
        let report = try store.merge(
          "exp", options { $0.settlements.places = [try! Settlement(parsing: text)] })
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
    let report = try store.merge("exp", options())
    #expect(report.conflicts.map(\.code) == [.changedAndRemoved])
    #expect(report.conflicts.map { "\($0.path)" } == ["essay"])
    let merged = try store.merge(
      "exp", options { $0.settlements.places = [Settlement("essay", .theirs)] })
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
    let report = try store.merge("exp", options())
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
    let report = try store.merge("exp", options { $0.settlements.all = [.ours] })
    #expect(report.conflicts.map(\.code) == [.schemaDiffers])
    #expect(report.conflicts.first?.theirs == "rubric/2")
    try sandbox.git("branch", "broken")
    try store.switchTo("broken")
    try sandbox.gitCommit("broken", content: "schema: rubric/1\nid: essay\n")
    try store.switchTo("main")
    try store.commit(sample: Sample.reweight("flow", from: 4, to: 5))
    expectStoreError(.invalidDocument) { _ = try store.merge("broken", options()) }
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
    let report = try store.merge("exp", options())
    let conflict = try #require(report.conflicts.first)
    #expect(conflict.code == .idReused && "\(conflict.path)" == "essay/flow")
    #expect(conflict.ourCauses.map(\.edit.rationale) == ["titles"])
    #expect(conflict.theirCauses.map(\.edit.rationale) == ["noise", "a business essay"])
    let merged = try store.merge("exp", options { $0.settlements.all = [.ours] })
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
      "exp", options { $0.settlements.places = [Settlement("flow.weight", rule)] })
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
        options {
          $0.settlements.places = place
          $0.fastForward = .only
        })
    }
    let report = try store.merge("exp", options { $0.settlements.places = place })
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
    #expect(try store.merge("exp", options()).kind == .fastForward)
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
    let error = expectStoreError(.fileConflict) { _ = try store.merge("exp", options()) }
    #expect(error?.message.contains("rubrics/x.yaml") == true)
  }

  @Test func anExecutableFileStaysOne() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try sandbox.git("update-index", "--chmod=+x", GitSandbox.file)
    try sandbox.git("commit", "-qm", "executable")
    try sandbox.git("reset", "-q", "--hard")
    try clash(store)
    _ = try store.merge("exp", options { $0.settlements.all = [.mean] })
    #expect(try sandbox.git("ls-tree", "main", GitSandbox.file).hasPrefix("100755"))
    #expect(try sandbox.status() == "")
  }

  /// What git has to finish is said before anything is settled here.
  @Test func aConflictOfOtherFilesIsToldFirst() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try sandbox.gitCommit("notes", file: "notes.txt", content: "a\n")
    try clash(store)
    try sandbox.gitCommit("ours", file: "notes.txt", content: "b\n")
    try store.switchTo("exp")
    try sandbox.gitCommit("theirs", file: "notes.txt", content: "c\n")
    try store.switchTo("main")
    for body in [
      { (options: inout MergeOptions) in options.isDryRun = true },
      { (options: inout MergeOptions) in options.keepsConflicts = true },
    ] {
      expectStoreError(.fileConflict) { _ = try store.merge("exp", options(body)) }
    }
    #expect(try store.keptMerge() == nil)
  }

  @Test func aDryRunSeesTheWorkTree() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try clash(store)
    try sandbox.write(GitSandbox.file, (sandbox.read(GitSandbox.file) ?? "") + "# mine\n")
    expectStoreError(.dirty) {
      _ = try store.merge(
        "exp",
        options {
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
        options {
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
    #expect(try store.merge("exp", options()).kind == .merged)
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
        "exp", options { $0.settlements.places = [Settlement("new", rule)] })
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
    try clash(store)
    expectStoreError(.unfitSettlement) {
      _ = try store.merge(
        "exp", options { $0.settlements.places = [Settlement("flow.weight", .value(-7))] })
    }
  }

  // MARK: Bases

  @Test func crissCross() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try store.createBranch("exp")
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4))
    try store.commit(sample: Sample.reweight("depth", from: 1, to: 2), to: "exp")
    let (main, exp) = (try store.resolve("main"), try store.resolve("exp"))
    _ = try store.merge(exp.hex, options())
    _ = try store.merge(main.hex, into: "exp", options())
    #expect(try sandbox.lines("merge-base", "--all", "main", "exp").count == 2)
    // Both sides hold both changes now, and each goes on from there.
    try store.commit(sample: Sample.reweight("flow", from: 4, to: 5))
    try store.commit(sample: Sample.reweight("depth", from: 2, to: 3), to: "exp")
    let report = try store.merge("exp", options())
    #expect(report.kind == .merged && report.bases.count == 2)
    let merged = try store.pull("essay").rubric
    #expect(merged.criterion("flow")?.weight == 5)
    #expect(merged.criterion("depth")?.weight == 3)
  }

  /// Settled differently on the two sides of a criss-cross, it is in conflict again.
  @Test func crissCrossThatWasSettledTwice() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    defer { withExtendedLifetime(sandbox) {} }
    try clash(store)
    let (main, exp) = (try store.resolve("main"), try store.resolve("exp"))
    _ = try store.merge(exp.hex, options { $0.settlements.all = [.ours] })
    _ = try store.merge(main.hex, into: "exp", options { $0.settlements.all = [.mean] })
    let report = try store.merge("exp", options())
    let conflict = try #require(report.conflicts.first)
    #expect([conflict.base, conflict.ours, conflict.theirs] == [3, 4, 6])
    // Only the settlements are behind it: what was merged is in both.
    #expect(conflict.ourCauses.map(\.edit.rationale) == [])
    #expect(conflict.theirCauses.map(\.edit.rationale) == ["settled: mean"])
  }

  @Test func withoutACommonAncestorTheBaseIsEmpty() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try sandbox.git("checkout", "-q", "--orphan", "other")
    try sandbox.git("rm", "-rfq", ".")
    try sandbox.gitCommit(
      "elsewhere", content: Sample.essay.replacing("weight:   3", with: "weight:   4"))
    try store.switchTo("main")
    let report = try store.merge("other", options())
    #expect(report.bases == [])
    #expect(report.conflicts.map(\.code) == [.bothAdded])
    #expect(report.conflicts.map { "\($0.path)" } == ["essay/flow.weight"])
    let merged = try store.merge("other", options { $0.settlements.all = [.theirs] })
    #expect(merged.kind == .merged)
    #expect(try store.pull("essay").rubric.criterion("flow")?.weight == 4)
  }

  /// An octopus by repeated merges: in whatever order, it is one rubric, up to the order of siblings.
  @Test func manyBranchesInAnyOrder() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    defer { withExtendedLifetime(sandbox) {} }
    let count = 6
    for index in 0..<count {
      try store.createBranch("e\(index)")
      let id = CriterionID(unchecked: "new-\(index)")
      try store.commit(
        sample: MetaUpdate(
          rubric: "essay",
          edits: [
            Edit(
              .add(
                PlacedCriterion(
                  Criterion(id: id, text: "New \(index)."), at: Place(follows: "content"))))
          ]), to: "e\(index)")
    }
    var results: Set<Rubric> = []
    var random = RandomSource(seed: 7)
    for round in 0..<6 {
      try store.createBranch("all-\(round)", at: "main")
      for index in (0..<count).shuffled(using: &random) {
        let report = try store.merge("e\(index)", into: "all-\(round)", options())
        #expect(report.conflicts == [])
      }
      results.insert(try store.pull("essay", at: "all-\(round)").rubric.unordered)
    }
    #expect(results.count == 1)
    #expect(results.first?.criteria.count == 2 + count)
  }

  // MARK: Others at work

  @Test func aBranchThatMovesMeanwhileLosesNothing() async throws {
    let (sandbox, store) = try GitSandbox.withEssay(bare: true)
    try store.createBranch("exp")
    for weight in 2...9 {
      try store.commit(
        sample: Sample.reweight("depth", from: Double(weight - 1), to: Double(weight)), to: "exp")
    }
    let path = sandbox.path
    let writer = Task {
      let other = try Store.open(path)
      for weight in 4...30 {
        try other.commit(
          sample: Sample.reweight("flow", from: Double(weight - 1), to: Double(weight)))
      }
    }
    for step in (0..<8).reversed() {
      let report = try store.merge("exp~\(step)", options { $0.fastForward = .never })
      #expect([.merged, .upToDate].contains(report.kind))
    }
    try await writer.value
    let merged = try store.pull("essay").rubric
    #expect(merged.criterion("flow")?.weight == 30)
    #expect(merged.criterion("depth")?.weight == 9)
    #expect(try store.log(LogFilter(criterion: "flow")).count == 28)
    #expect(try sandbox.fsck() == "")
  }

  /// Two versions with one base: a weight that both changed, and more that is theirs alone.
  @discardableResult
  private func clash(_ store: Store) throws -> (ours: ObjectID, theirs: ObjectID) {
    try store.createBranch("exp")
    let ours = try store.commit(
      sample: Sample.reweight("flow", from: 3, to: 4, because: "it matters")
    ).commit
    try store.commit(sample: Sample.reweight("depth", from: 1, to: 2))
    let theirs = try store.commit(
      sample: Sample.reweight("flow", from: 3, to: 8, because: "it matters more"), to: "exp"
    ).commit
    try store.commit(sample: Sample.reweight("facts", from: 1, to: 2), to: "exp")
    return (ours, theirs)
  }

  private func options(_ body: (inout MergeOptions) -> Void = { _ in }) -> MergeOptions {
    var options = MergeOptions(author: Sample.author)
    body(&options)
    return options
  }
}

extension Store {
  fileprivate func merge(_ revision: String, _ options: MergeOptions) throws -> MergeReport {
    try merge(revision, into: nil, options)
  }
}

extension MergeOptions {
  init(author: Identity) {
    self.init()
    self.author = author
  }
}
