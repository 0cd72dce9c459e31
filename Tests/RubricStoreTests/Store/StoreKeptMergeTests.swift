import Foundation
import RubricStore
import Testing

/// Merges that wait for their conflicts to be settled.
@Suite struct StoreKeptMergeTests {
  /// A store with two conflicts between `main` and `exp`.
  private func conflicted(bare: Bool = false) throws -> (sandbox: GitSandbox, store: Store) {
    let (sandbox, store) = try GitSandbox.withEssay(bare: bare)
    try sandbox.git("config", "user.name", "Ada")
    try sandbox.git("config", "user.email", "ada@example.org")
    try store.createBranch("exp")
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4))
    try store.commit(sample: Sample.reweight("depth", from: 1, to: 2))
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 8), to: "exp")
    try store.commit(sample: Sample.reweight("depth", from: 1, to: 4), to: "exp")
    return (sandbox, store)
  }

  private func keep(_ store: Store, into branch: String? = nil) throws -> MergeReport {
    var options = MergeOptions(author: Sample.author)
    options.keepsConflicts = true
    options.rationale = "The best of both"
    return try store.merge("exp", into: branch, options)
  }

  @Test(arguments: [false, true])
  func isSettledStepByStep(bare: Bool) throws {
    let (sandbox, store) = try conflicted(bare: bare)
    let tip = try store.resolve("main")
    let report = try keep(store)
    #expect(report.kind == .conflicts && report.isKept)
    #expect(try store.resolve("main") == tip)
    // Another process finds it.
    let other = try sandbox.store()
    let kept = try #require(try other.keptMerge())
    #expect(kept.conflicts.map { "\($0.path)" } == ["essay/depth.weight", "essay/flow.weight"])
    #expect(kept.branch == "main" && kept.revision == "exp")
    // Its sides cannot be collected, though a branch goes.
    try store.deleteBranch("exp", isForced: true)
    try sandbox.git("gc", "--quiet", "--prune=now")
    let open = try other.settle(Settlements([Settlement("flow.weight", .mean)]))
    #expect(open.conflicts.map { "\($0.path)" } == ["essay/depth.weight"])
    let early = try other.continueMerge(author: Sample.author)
    #expect(early.kind == .conflicts && early.isKept)
    #expect(try store.resolve("main") == tip)
    // Settled anew, the last word counts.
    _ = try other.settle(Settlements([Settlement("depth.weight", .value(7))]))
    let last = try other.settle(Settlements([Settlement("depth.weight", .theirs)]))
    #expect(last.conflicts.isEmpty && last.settlements.places.count == 2)
    let done = try store.continueMerge(author: Sample.author)
    #expect(done.kind == .merged)
    #expect(try store.keptMerge() == nil)
    let merged = try store.pull("essay").rubric
    #expect(merged.criterion("flow")?.weight == 6)
    #expect(merged.criterion("depth")?.weight == 4)
    #expect(try sandbox.git("log", "-1", "--format=%s", "main") == "The best of both")
    #expect(try sandbox.git("for-each-ref", "refs/rubric-merges") == "")
    if !bare { #expect(try sandbox.status() == "") }
    #expect(try sandbox.fsck() == "")
  }

  @Test func theDocumentIsReadableWithGit() throws {
    let (sandbox, store) = try conflicted()
    _ = try keep(store)
    let text = try sandbox.git("show", "refs/rubric-merges/main:merge.json")
    let value = try JSONValue(parsing: text)
    #expect(value["schema"] == "rubric-merge/1")
    #expect(value["branch"] == "main" && value["revision"] == "exp")
    #expect(value["conflicts"]?.array?.count == 2)
    #expect(value["conflicts"]?.array?[0]["code"] == "both_changed")
    #expect(
      try sandbox.lines("rev-parse", "refs/rubric-merges/main^1", "refs/rubric-merges/main^2")
        == sandbox.lines("rev-parse", "main", "exp"))
  }

  @Test func pullRefusesIt() throws {
    let (sandbox, store) = try conflicted()
    defer { withExtendedLifetime(sandbox) {} }
    _ = try keep(store)
    for name in ["refs/rubric-merges/main", try store.keptMerge()?.commit?.hex ?? ""] {
      for rubric in [nil, "essay"] as [RubricID?] {
        let error = expectStoreError(.unfinishedMerge) { _ = try store.pull(rubric, at: name) }
        #expect(error?.message.contains("Unfinished merge of exp into main") == true)
      }
    }
    // The branches are as they were.
    #expect(try store.pull("essay", at: "main").rubric.criterion("flow")?.weight == 4)
  }

  @Test func aSecondMergeWaitsForTheFirst() throws {
    let (sandbox, store) = try conflicted()
    defer { withExtendedLifetime(sandbox) {} }
    _ = try keep(store)
    expectStoreError(.unfinishedMerge) { _ = try keep(store) }
    expectStoreError(.unfinishedMerge) { _ = try store.merge("exp") }
    // Into another branch it may go on.
    try store.createBranch("side", at: "main")
    #expect(try keep(store, into: "side").isKept)
    try store.abortMerge(into: "side")
    #expect(try store.keptMerge(into: "main") != nil)
  }

  @Test func abortLeavesEverythingAsItWas() throws {
    let (sandbox, store) = try conflicted()
    let before = try sandbox.git("for-each-ref")
    _ = try keep(store)
    try store.abortMerge()
    #expect(try sandbox.git("for-each-ref") == before)
    #expect(try sandbox.status() == "")
    for body in [
      { _ = try store.abortMerge() }, { _ = try store.continueMerge() },
      { _ = try store.settle(Settlements(all: [.ours])) },
    ] {
      expectStoreError(.notFound) { try body() }
    }
  }

  @Test func aBranchThatMovedOnIsMergedAsItIsNow() throws {
    let (sandbox, store) = try conflicted()
    defer { withExtendedLifetime(sandbox) {} }
    _ = try keep(store)
    try store.settle(Settlements([Settlement("flow.weight", .mean)]))
    try store.commit(sample: Sample.reweight("flow", from: 4, to: 10))
    try store.settle(Settlements([Settlement("depth.weight", .ours)]))
    let report = try store.continueMerge(author: Sample.author)
    #expect(report.kind == .merged)
    #expect(try store.pull("essay").rubric.criterion("flow")?.weight == 9)
  }

  /// Where the branch got there some other way, or the last step was cut short.
  @Test func aMergeThatIsDoneIsOver() throws {
    let (sandbox, store) = try conflicted()
    _ = try keep(store)
    let kept = try sandbox.git("rev-parse", "refs/rubric-merges/main")
    try store.settle(Settlements(all: [.theirs]))
    #expect(try store.continueMerge(author: Sample.author).kind == .merged)
    let tip = try store.resolve("main")
    // As if the program had been killed after it moved the branch.
    try sandbox.git("update-ref", "refs/rubric-merges/main", kept)
    #expect(try store.keptMerge()?.conflicts.isEmpty == true)
    #expect(try store.continueMerge(author: Sample.author).kind == .upToDate)
    #expect(try store.resolve("main") == tip)
    #expect(try store.keptMerge() == nil)
  }

  @Test func aDocumentThatCannotBeReadCanBeDropped() throws {
    let (sandbox, store) = try conflicted()
    for content in ["{", "{}", "[1]", #"{"schema": "rubric-merge/2"}"#] {
      try sandbox.git("checkout", "-q", "--orphan", "junk")
      try sandbox.gitCommit("junk", file: "merge.json", content: content)
      try sandbox.git("update-ref", "refs/rubric-merges/main", "HEAD")
      try sandbox.git("checkout", "-qf", "main")
      try sandbox.git("branch", "-qD", "junk")
      expectStoreError(.invalidDocument, content) { _ = try store.keptMerge() }
      expectStoreError(.invalidDocument, content) { _ = try store.continueMerge() }
      try store.abortMerge()
      #expect(try store.keptMerge() == nil)
    }
  }

  /// A settlement that is no longer needed is in nobody's way.
  @Test func settlementsThatAreNoLongerNeededAreKept() throws {
    let (sandbox, store) = try conflicted()
    defer { withExtendedLifetime(sandbox) {} }
    _ = try keep(store)
    try store.settle(Settlements([Settlement("*.weight", .mean)]))
    try store.settle(Settlements([Settlement("depth.weight", .theirs)]))
    try store.commit(sample: Sample.reweight("flow", from: 4, to: 8))
    try store.commit(sample: Sample.reweight("depth", from: 2, to: 4))
    #expect(try store.keptMerge()?.conflicts.isEmpty == true)
    // What is said now has to fit.
    expectStoreError(.nothingToSettle) {
      try store.settle(Settlements([Settlement("nobody.weight", .ours)]))
    }
    #expect(try store.continueMerge(author: Sample.author).kind == .merged)
    #expect(try store.pull("essay").rubric.criterion("flow")?.weight == 8)
  }

  @Test func aPlaceIsSettledAnewByAShorterName() throws {
    let (sandbox, store) = try conflicted()
    defer { withExtendedLifetime(sandbox) {} }
    _ = try keep(store)
    try store.settle(Settlements([Settlement("essay/flow.weight", .mean)]))
    try store.settle(Settlements([Settlement("flow.weight", .theirs)]))
    try store.settle(Settlements(all: [.ours]))
    _ = try store.continueMerge(author: Sample.author)
    #expect(try store.pull("essay").rubric.criterion("flow")?.weight == 8)
  }

  /// The commit that keeps a merge is no version of anything.
  @Test func aKeptMergeIsNotMerged() throws {
    let (sandbox, store) = try conflicted()
    defer { withExtendedLifetime(sandbox) {} }
    _ = try keep(store)
    try store.createBranch("side", at: "exp")
    for fastForward in [MergeOptions.FastForward.allowed, .never] {
      var options = MergeOptions(author: Sample.author)
      options.fastForward = fastForward
      expectStoreError(.unfinishedMerge) {
        _ = try store.merge("refs/rubric-merges/main", into: "side", options)
      }
    }
    #expect(try store.rubrics(at: "side") == ["essay"])
  }

  @Test func aBranchWithAKeptMergeIsNotDeletedByAccident() throws {
    let (sandbox, store) = try conflicted()
    try store.createBranch("work", at: "main")
    _ = try keep(store, into: "work")
    expectStoreError(.refused) { try store.deleteBranch("work") }
    try store.deleteBranch("work", isForced: true)
    #expect(try sandbox.git("for-each-ref", "refs/rubric-merges") == "")
    // Where git has deleted it, the merge can still be dropped.
    try store.createBranch("work", at: "main")
    _ = try keep(store, into: "work")
    try sandbox.git("branch", "-qD", "work")
    try store.abortMerge(into: "work")
    #expect(try sandbox.git("for-each-ref", "refs/rubric-merges") == "")
  }

  /// A document about another branch, or other commits, is not believed.
  @Test func aDocumentForAnotherBranchIsRefused() throws {
    let (sandbox, store) = try conflicted()
    _ = try keep(store)
    let kept = try sandbox.git("rev-parse", "refs/rubric-merges/main")
    try store.createBranch("other", at: "main")
    try sandbox.git("update-ref", "refs/rubric-merges/other", kept)
    expectStoreError(.invalidDocument) { _ = try store.keptMerge(into: "other") }
    expectStoreError(.invalidDocument) {
      try store.settle(Settlements(all: [.ours]), into: "other")
    }
    try store.abortMerge(into: "other")
    #expect(try store.keptMerge()?.conflicts.count == 2)
  }

  /// However large the sides are, the document can be read again.
  @Test func manyLargeConflictsCanBeKept() throws {
    let (sandbox, store) = try conflicted()
    let count = 400
    func add(_ text: String) -> MetaUpdate {
      MetaUpdate(
        rubric: "essay",
        edits: (0..<count).map { index in
          Edit(
            .add(
              PlacedCriterion(
                Criterion(
                  id: CriterionID(unchecked: "big-\(index)"),
                  text: String(repeating: "\(text) ", count: 2_000)))))
        })
    }
    try store.commit(sample: add("ours"))
    try store.commit(sample: add("theirs"), to: "exp")
    #expect(try keep(store).conflicts.count == count + 2)
    let kept = try #require(try sandbox.store().keptMerge())
    #expect(kept.conflicts.count == count + 2)
    let size = try sandbox.git("cat-file", "-s", "refs/rubric-merges/main:merge.json")
    #expect(Int(size).map { $0 < 1_000_000 } == true)
    try store.settle(Settlements(all: [.ours]))
    #expect(try store.continueMerge(author: Sample.author).kind == .merged)
  }
}
