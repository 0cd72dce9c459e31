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
    let trial = try store.merge("exp", mergeOptions { $0.isDryRun = true })
    #expect(trial.kind == .fastForward && trial.commit == nil)
    #expect(try store.resolve("main") == trial.ours)
    let report = try store.merge("exp", mergeOptions())
    #expect(report.kind == .fastForward && report.commit == tip)
    #expect(report.rubrics.map(\.theirEdits).map(\.count) == [1])
    #expect(report.rubrics.first?.sinceOurs == .recompute)
    #expect(report.rubrics.first?.sinceTheirs == .identical)
    #expect(try store.resolve("main") == tip)
    if !bare {
      #expect(try sandbox.status() == "")
      #expect(sandbox.read(GitSandbox.file)?.contains("weight:   4  # of ten") == true)
    }
    let again = try store.merge("exp", mergeOptions())
    #expect(again.kind == .upToDate && again.commit == nil)
    // What is asked for is done, also where less would do.
    let commit = try store.commit(sample: Sample.reweight("flow", from: 4, to: 5), to: "exp").commit
    let merged = try store.merge("exp", mergeOptions { $0.fastForward = .never })
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
      _ = try store.merge("exp", mergeOptions { $0.fastForward = .only })
    }
    let before = try store.resolve("main")
    let trial = try store.merge("exp", mergeOptions { $0.isDryRun = true })
    #expect(trial.kind == .merged && trial.commit == nil && trial.bases.count == 1)
    #expect(try store.resolve("main") == before)
    let report = try store.merge("exp", mergeOptions { $0.rationale = "Both are right" })
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
    expectStoreError(.unborn) { _ = try store.merge("a", into: "nowhere", mergeOptions()) }
    expectStoreError(.notFound) { _ = try store.merge("nowhere", mergeOptions()) }
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
    _ = try store.merge("exp", mergeOptions())
    #expect(sandbox.read("notes.txt") == "A\nb\nc\nd\nE\n")
    #expect(sandbox.read("runs/1.txt") == "1\n")
    #expect(try sandbox.status() == "")
    // A conflict in them is git's to solve, and nothing happens here.
    try sandbox.gitCommit("ours", file: "notes.txt", content: "X\n")
    try store.switchTo("exp")
    try sandbox.gitCommit("theirs", file: "notes.txt", content: "Y\n")
    try store.switchTo("main")
    let tip = try store.resolve("main")
    let error = expectStoreError(.fileConflict) { _ = try store.merge("exp", mergeOptions()) }
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
    expectStoreError(.dirty) { _ = try store.merge("exp", mergeOptions()) }
    // Staged is changed as well.
    try sandbox.git("add", "-A")
    expectStoreError(.dirty) { _ = try store.merge("exp", mergeOptions()) }
    #expect(try store.resolve("main") == tip)
    #expect(sandbox.read(GitSandbox.file) == dirty)
    try sandbox.git("reset", "-q", "--hard")
    // A file that the merge does not touch may differ.
    try sandbox.write("scratch.txt", "x")
    #expect(try store.merge("exp", mergeOptions()).kind == .merged)
    #expect(sandbox.read("scratch.txt") == "x")
    #expect(try sandbox.status() == "?? scratch.txt")
  }

  // MARK: Bases

  @Test func crissCross() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try store.createBranch("exp")
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4))
    try store.commit(sample: Sample.reweight("depth", from: 1, to: 2), to: "exp")
    let (main, exp) = (try store.resolve("main"), try store.resolve("exp"))
    _ = try store.merge(exp.hex, mergeOptions())
    _ = try store.merge(main.hex, into: "exp", mergeOptions())
    #expect(try sandbox.lines("merge-base", "--all", "main", "exp").count == 2)
    // Both sides hold both changes now, and each goes on from there.
    try store.commit(sample: Sample.reweight("flow", from: 4, to: 5))
    try store.commit(sample: Sample.reweight("depth", from: 2, to: 3), to: "exp")
    let report = try store.merge("exp", mergeOptions())
    #expect(report.kind == .merged && report.bases.count == 2)
    let merged = try store.pull("essay").rubric
    #expect(merged.criterion("flow")?.weight == 5)
    #expect(merged.criterion("depth")?.weight == 3)
  }

  /// Settled differently on the two sides of a criss-cross, it is in conflict again.
  @Test func crissCrossThatWasSettledTwice() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    defer { withExtendedLifetime(sandbox) {} }
    try store.clash()
    let (main, exp) = (try store.resolve("main"), try store.resolve("exp"))
    _ = try store.merge(exp.hex, mergeOptions { $0.settlements.all = [.ours] })
    _ = try store.merge(main.hex, into: "exp", mergeOptions { $0.settlements.all = [.mean] })
    let report = try store.merge("exp", mergeOptions())
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
    let report = try store.merge("other", mergeOptions())
    #expect(report.bases == [])
    #expect(report.conflicts.map(\.code) == [.bothAdded])
    #expect(report.conflicts.map { "\($0.path)" } == ["essay/flow.weight"])
    let merged = try store.merge("other", mergeOptions { $0.settlements.all = [.theirs] })
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
        let report = try store.merge("e\(index)", into: "all-\(round)", mergeOptions())
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
      let report = try store.merge("exp~\(step)", mergeOptions { $0.fastForward = .never })
      #expect([.merged, .upToDate].contains(report.kind))
    }
    try await writer.value
    let merged = try store.pull("essay").rubric
    #expect(merged.criterion("flow")?.weight == 30)
    #expect(merged.criterion("depth")?.weight == 9)
    #expect(try store.log(LogFilter(criterion: "flow")).count == 28)
    #expect(try sandbox.fsck() == "")
  }
}
