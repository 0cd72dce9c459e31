import Foundation
import RubricStore
import Synchronization
import Testing

/// Many writers at once, each on a thread of its own.
@Suite struct StoreConcurrencyTests {
  /// Calls `body` on `count` threads and returns what they threw.
  private func atOnce(
    _ count: Int, _ body: @escaping @Sendable (Int) throws -> Void
  ) -> [any Error] {
    let errors = Mutex<[any Error]>([])
    let group = DispatchGroup()
    for index in 0..<count {
      group.enter()
      Thread.detachNewThread {
        do { try body(index) } catch { errors.withLock { $0.append(error) } }
        group.leave()
      }
    }
    group.wait()
    return errors.withLock { $0 }
  }

  /// Edits of other criteria that were made on an older tip land on the new one.
  @Test func editsOfOtherCriteriaBothLand() throws {
    let (sandbox, first) = try GitSandbox.withEssay(bare: true)
    let second = try sandbox.store()
    let onFlow = Sample.reweight("flow", from: 3, to: 4)
    let onDepth = Sample.reweight("depth", from: 1, to: 2)
    _ = try (first.pull(), second.pull())
    try first.commit(sample: onFlow)
    let outcome = try second.commit(sample: onDepth)
    #expect(outcome.parent == (try sandbox.id("main~1")))
    let rubric = try first.pull().rubric
    #expect(rubric.criterion("flow")?.weight == 4)
    #expect(rubric.criterion("depth")?.weight == 2)
    // The same field clashes, and says which.
    let clash = expectStoreError(.edits) {
      try second.commit(sample: Sample.reweight("flow", from: 3, to: 5))
    }
    #expect(clash?.editError?.code == .beforeMismatch)
    #expect(clash?.editError?.criterion == "flow")
    #expect(clash?.editError?.field == "weight")
    #expect(try first.pull().rubric.criterion("flow")?.weight == 4)
    #expect(try sandbox.git("rev-list", "--count", "main") == "3")
  }

  /// Eight writers with ten commits each: eighty commits, none lost, each on the one before.
  @Test(arguments: [true, false]) func noCommitIsLost(_ sharesStore: Bool) throws {
    let sandbox = try GitSandbox(bare: true)
    let rubric = Rubric(
      id: "essay",
      criteria: (0..<8).map {
        Criterion(id: CriterionID(rawValue: "c\($0)") ?? "c", text: "Part \($0).", weight: 1)
      })
    let shared = try sandbox.store()
    try shared.create(Array(rubric.canonicalText.utf8), author: Sample.author)
    let made = Mutex<[CommitOutcome]>([])
    let errors = atOnce(8) { writer in
      let store = sharesStore ? shared : try sandbox.store()
      let id = try #require(CriterionID(rawValue: "c\(writer)"))
      for step in 1...10 {
        let outcome = try store.commit(
          sample: Sample.reweight(id, from: Double(step), to: Double(step + 1)))
        made.withLock { $0.append(outcome) }
      }
    }
    #expect(errors.isEmpty, "\(errors)")
    let outcomes = made.withLock { $0 }
    #expect(Set(outcomes.map(\.commit)).count == 80)
    let listed = try Set(sandbox.lines("rev-list", "main"))
    #expect(listed.count == 81)
    #expect(outcomes.allSatisfy { listed.contains($0.commit.hex) })
    #expect(Set(outcomes.compactMap(\.parent)).count == 80)
    let final = try sandbox.store().pull().rubric
    #expect(final.criteria.allSatisfy { $0.weight == 11 })
    // Each commit replays on its parent, also those that were made anew on a moved tip.
    for entry in try shared.log() where entry.kind == .edited {
      let parent = try shared.pull("essay", commit: try #require(entry.parents.first)).rubric
      let child = try shared.pull("essay", commit: entry.commit).rubric
      #expect(try parent.applying(entry.edits) == child)
    }
    #expect(try sandbox.fsck() == "")
  }

  /// Writers beside the git program, in a repository with a work tree.
  @Test func gitWritesToo() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    let errors = atOnce(3) { writer in
      for step in 0..<10 {
        switch writer {
        case 0:
          try store.commit(
            sample: Sample.reweight("flow", from: Double(3 + step), to: Double(4 + step)))
        case 1:
          let other = try sandbox.store()
          try other.commit(
            sample: Sample.reweight("depth", from: Double(1 + step), to: Double(2 + step)),
            to: "main")
        default: try sandbox.git("branch", "b\(step)", "main")
        }
      }
    }
    #expect(errors.isEmpty, "\(errors)")
    #expect(try sandbox.git("rev-list", "--count", "main") == "21")
    #expect(try sandbox.fsck() == "")
    let rubric = try sandbox.store().pull().rubric
    #expect(rubric.criterion("flow")?.weight == 13)
    #expect(rubric.criterion("depth")?.weight == 11)
  }

  /// Of those that create the same branch at once one has it, and the others are told.
  @Test func oneCreatesABranch() throws {
    let (sandbox, store) = try GitSandbox.withEssay(bare: true)
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4))
    for round in 0..<20 {
      let created = Mutex<[Branch]>([])
      let errors = atOnce(4) { index in
        let branch = try sandbox.store().createBranch(
          "b\(round)", at: index.isMultiple(of: 2) ? "main" : "main~1")
        created.withLock { $0.append(branch) }
      }
      let branches = created.withLock { $0 }
      #expect(branches.count == 1)
      #expect(errors.count == 3)
      #expect(errors.allSatisfy { ($0 as? StoreError)?.code == .exists }, "\(errors)")
      #expect(try sandbox.id("b\(round)") == branches.first?.tip)
    }
  }

  /// First commits of a branch at once: of other rubrics all land, of the same one does.
  @Test func firstCommitsAtOnce() throws {
    for round in 0..<10 {
      let sandbox = try GitSandbox(bare: true)
      let isSame = round.isMultiple(of: 2)
      let errors = atOnce(4) { index in
        let name = isSame ? "same" : "r\(index)"
        let text = "schema: rubric/1\nid: \(name)\ncriteria:\n  - {id: c\(index), text: y}\n"
        try sandbox.store().create(Array(text.utf8), author: Sample.author)
      }
      #expect(errors.count == (isSame ? 3 : 0), "\(errors)")
      #expect(errors.allSatisfy { ($0 as? StoreError)?.code == .exists }, "\(errors)")
      #expect(try sandbox.git("rev-list", "--count", "main") == (isSame ? "1" : "4"))
      #expect(try sandbox.store().rubrics().count == (isSame ? 1 : 4))
      #expect(try sandbox.fsck() == "")
    }
  }

  /// A lock that a killed process left is told of, and nothing is lost.
  @Test func aLockThatIsHeld() throws {
    let (sandbox, store) = try GitSandbox.withEssay(bare: true)
    let lock = sandbox.path + "/refs/heads/side.lock"
    try sandbox.git("branch", "side")
    try Data().write(to: URL(fileURLWithPath: lock))
    let errors = atOnce(1) { _ in
      try store.commit(sample: Sample.reweight("flow", from: 3, to: 4), to: "main")
    }
    #expect(errors.isEmpty)
    #expect(throws: StoreError.self) { try store.deleteBranch("side", isForced: true) }
    try FileManager.default.removeItem(atPath: lock)
    try store.deleteBranch("side")
  }

  /// Readers beside a writer only ever see whole versions.
  @Test func readersSeeWholeVersions() throws {
    let (sandbox, store) = try GitSandbox.withEssay(bare: true)
    let errors = atOnce(4) { index in
      if index == 0 {
        for step in 0..<20 {
          let edits = [
            Edit(.reweight("flow", Delta(before: Double(3 + step), after: Double(4 + step)))),
            Edit(.reweight("depth", Delta(before: Double(1 + step), after: Double(2 + step)))),
          ]
          try store.commit(sample: MetaUpdate(rubric: "essay", edits: edits))
        }
      } else {
        let reader = index == 1 ? store : try sandbox.store()
        for _ in 0..<60 {
          let rubric = try reader.pull("essay", at: "main").rubric
          let flow = try #require(rubric.criterion("flow")?.weight)
          #expect(rubric.criterion("depth")?.weight == flow - 2)
        }
      }
    }
    #expect(errors.isEmpty, "\(errors)")
  }
}
