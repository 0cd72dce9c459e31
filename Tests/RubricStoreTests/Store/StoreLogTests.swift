import Foundation
import RubricStore
import Testing

@Suite struct StoreLogTests {
  private static let file = GitSandbox.file

  @Test func commitsMadeWithGitAreCompared() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try sandbox.gitCommit(
      "heavier", content: Sample.essay.replacing("weight:   3", with: "weight:   4"))
    try sandbox.gitCommit("other file", file: "README", content: "x\n")
    try sandbox.gitCommit(
      "layout", content: Sample.essay.replacing("weight:   3", with: "weight: 4"))
    try sandbox.gitCommit("broken", content: "schema: [\n")
    try sandbox.gitCommit(
      "mended", content: Sample.essay.replacing("weight:   3", with: "weight: 4"))
    try sandbox.gitCommit(
      "new", file: "rubrics/copy.yaml",
      content: Sample.essay.replacing("id: essay", with: "id: copy"))
    try sandbox.git("rm", "-q", "rubrics/copy.yaml")
    try sandbox.git("commit", "-qm", "removed")
    let log = try store.log()
    #expect(
      log.map(\.subject) == [
        "removed", "new", "mended", "broken", "layout", "heavier", "essay: Where it starts",
      ])
    #expect(
      log.map(\.kind) == [.removed, .created, .edited, .edited, .edited, .edited, .created])
    #expect(log.map(\.isRecorded) == [false, false, false, false, false, false, true])
    #expect(log.map { $0.problem != nil } == [false, false, true, true, false, false, false])
    #expect(log[5].edits.map(\.change) == [.reweight("flow", Delta(before: 3, after: 4))])
    #expect(log[5].comparability == .recompute)
    #expect(log[4].edits == [])
    #expect(log[4].comparability == .identical)
    #expect(log[0].comparability == .incomparable)
    #expect(log[0].author.name == "A")
    #expect(log[0].author.seconds == 1_700_000_000)
  }

  @Test func filters() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4))
    try store.commit(sample: Sample.reweight("depth", from: 1, to: 2))
    try store.commit(
      sample: MetaUpdate(
        rubric: "essay",
        edits: [Edit(.add(PlacedCriterion(Criterion(id: "new", text: "New."), at: Place())))]))
    try store.create(
      Array(Sample.essay.replacing("id: essay", with: "id: copy").utf8), author: Sample.author)
    func subjects(_ filter: LogFilter, from revision: String = "HEAD") throws -> Int {
      let entries = try store.log(from: revision, filter)
      return entries.count
    }
    #expect(try subjects(LogFilter()) == 5)
    #expect(try subjects(LogFilter(rubric: "essay")) == 4)
    #expect(try subjects(LogFilter(rubric: "copy")) == 1)
    #expect(try subjects(LogFilter(rubric: "nowhere")) == 0)
    // Both rubrics began with it.
    #expect(try subjects(LogFilter(criterion: "flow")) == 3)
    #expect(try subjects(LogFilter(rubric: "essay", criterion: "flow")) == 2)
    #expect(try subjects(LogFilter(criterion: "new")) == 1)
    #expect(try subjects(LogFilter(operations: [.reweight])) == 2)
    #expect(try subjects(LogFilter(operations: [.reweight, .add])) == 3)
    #expect(try subjects(LogFilter(criterion: "depth", operations: [.add])) == 0)
    #expect(try subjects(LogFilter(limit: 2)) == 2)
    #expect(try subjects(LogFilter(limit: 0)) == 0)
    #expect(try subjects(LogFilter(), from: "main~3") == 2)
    expectStoreError(.notFound) { _ = try store.log(from: "nowhere") }
    // A body that has seen enough is not called again.
    var count = 0
    try store.log { _ in
      count += 1
      return count < 3
    }
    #expect(count == 3)
    // What is called for an entry may use the store.
    try store.log { entry in
      (try? store.pull(entry.rubric, commit: entry.commit)) != nil
    }
    #expect(try sandbox.fsck() == "")
  }

  /// A merge is compared with its first parent, and both sides are in the log.
  @Test func merges() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try sandbox.git("switch", "-qc", "side")
    try store.commit(sample: Sample.reweight("depth", from: 1, to: 2))
    try sandbox.git("switch", "-q", "main")
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4))
    try sandbox.git("merge", "-q", "-m", "Merge side", "side")
    let log = try store.log()
    #expect(log.count == 4)
    let merge = try #require(log.first)
    #expect(merge.parents.count == 2)
    #expect(!merge.isRecorded)
    #expect(merge.edits.map(\.target) == ["depth"])
    var firsts: [LogEntry] = []
    try store.log(firstParent: true) {
      firsts.append($0)
      return true
    }
    #expect(firsts.map(\.subject).count == 3)
    #expect(
      firsts.allSatisfy { !$0.edits.contains { $0.target == "depth" } || $0.parents.count == 2 })
  }

  /// A merge that took a side's rubric as it was is told by that side's commits alone.
  @Test func mergesThatTakeOver() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try sandbox.git("switch", "-qc", "side")
    try store.commit(sample: Sample.reweight("depth", from: 1, to: 2))
    try sandbox.git("switch", "-q", "main")
    try sandbox.git("merge", "-q", "--no-ff", "-m", "Merge side", "side")
    let log = try store.log()
    // Commits of the same second stand in no order.
    #expect(log.map(\.parents.count).sorted() == [0, 1])
    #expect(log.flatMap(\.edits).map(\.target) == ["depth"])
  }

  /// A criterion's log begins with the commit that brought the rubric.
  @Test func aCriterionBeginsWithItsRubric() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4))
    func kinds(_ id: CriterionID) throws -> [RecordedChange.Kind] {
      try store.log(LogFilter(criterion: id)).map(\.kind)
    }
    #expect(try kinds("flow") == [.edited, .created])
    #expect(try kinds("depth") == [.created])
    #expect(try kinds("nowhere").isEmpty)
    #expect(try store.log(LogFilter(criterion: "flow", operations: [.move])).isEmpty)
    #expect(try sandbox.fsck() == "")
  }

  /// Messages that anybody can write: no crash, and what changed is worked out.
  @Test func hostileMessages() throws {
    let deep = String(repeating: "[", count: 100_000)
    let messages: [(String, String)] = [
      ("no JSON", "x\n\nRubric: essay\nRubric-Edit: nonsense\n"),
      ("half JSON", "x\n\nRubric: essay\nRubric-Edit: {\"op\":\n"),
      ("unknown op", "x\n\nRubric: essay\nRubric-Edit: {\"op\":\"explode\"}\n"),
      (
        "no id", "x\n\nRubric: essay\nRubric-Edit: {\"op\":\"reweight\",\"before\":1,\"after\":2}\n"
      ),
      ("deep", "x\n\nRubric: essay\nRubric-Edit: \(deep)\n"),
      (
        "deep in ext",
        "x\n\nRubric: essay\nRubric-Edit: {\"op\":\"set_ext\",\"before\":{},\"after\":{\"a\":\(deep)\n"
      ),
      (
        "infinite",
        "x\n\nRubric: essay\nRubric-Edit: {\"op\":\"reweight\",\"id\":\"flow\",\"before\":1e999,\"after\":2}\n"
      ),
      ("twice", "x\n\nRubric: essay\nRubric-Edit: {\"op\":\"no_change\",\"op\":\"pin\"}\n"),
      ("bad id", "x\n\nRubric: ../../etc\nRubric-Edit: {\"op\":\"no_change\"}\n"),
      ("empty", ""), ("blank", "\n\n\n"), ("one key", "Rubric: "),
      ("returns", "x\r\n\r\nRubric: essay\r\n"),
      ("huge", "x\n\n" + String(repeating: "y", count: 3_000_000) + "\n"),
      (
        "many lines", "x\n\nRubric: essay\n" + String(repeating: "Rubric-Edit: {}\n", count: 20_000)
      ),
      ("many words", "x\n\n" + String(repeating: "a: b\n", count: 200_000)),
      ("long subject", String(repeating: "s", count: 1_000_000)),
      ("control", "x\u{1B}[2J\u{7}\n\nbody\n"),
    ]
    let (sandbox, store) = try GitSandbox.withEssay(bare: true)
    var weight = 3
    func tree() throws -> String {
      weight += 1
      let text = Sample.essay.replacing("weight:   3", with: "weight:   \(weight)")
      let blob = try sandbox.git(["hash-object", "-w", "--stdin"], input: Array(text.utf8))
      let folder = try sandbox.git(
        ["mktree"], input: Array("100644 blob \(blob)\tessay.yaml\n".utf8))
      return try sandbox.git(["mktree"], input: Array("040000 tree \(folder)\trubrics\n".utf8))
    }
    for (name, message) in messages {
      let commit = try sandbox.git(
        ["commit-tree", try tree(), "-p", "main"], input: Array(message.utf8))
      try sandbox.git("update-ref", "refs/heads/main", commit)
      let entry = try #require(try store.log(LogFilter(limit: 1)).first, "\(name)")
      #expect(entry.commit.hex == commit, "\(name)")
      #expect(!entry.isRecorded, "\(name)")
      #expect(entry.rubric == "essay", "\(name)")
      #expect(
        entry.edits.map(\.change)
          == [.reweight("flow", Delta(before: Double(weight - 1), after: Double(weight)))],
        "\(name)")
    }
    // Bytes that git itself would not write: NUL, no UTF-8, no line break, headers that lie.
    let person = "A <a@example.org> 1700000000 +0000"
    for (name, tail) in [
      ("nul", Array("x\0y\n\nRubric: essay\0\n".utf8)), ("no UTF-8", [0xFF, 0xFE, 0x0A]),
      ("cut UTF-8", Array("caf".utf8) + [0xC3]), ("nothing", []),
    ] {
      let parent = try sandbox.id("main").hex
      let head =
        "tree \(try tree())\nparent \(parent)\nauthor \(person)\ncommitter \(person)\n\n"
      let commit = try sandbox.git(
        ["hash-object", "-t", "commit", "-w", "--stdin", "--literally"],
        input: Array(head.utf8) + tail)
      try sandbox.git("update-ref", "refs/heads/main", commit)
      let entry = try #require(try store.log(LogFilter(limit: 1)).first, "\(name)")
      #expect(entry.commit.hex == commit, "\(name)")
      #expect(entry.edits.count == 1, "\(name)")
      #expect(try store.pull().rubric.criterion("flow")?.weight == Double(weight))
    }
    #expect(try store.log().count == messages.count + 5)
    // And it can be committed on.
    try store.commit(
      sample: Sample.reweight("flow", from: Double(weight), to: Double(weight + 1)))
  }

  /// People and dates that only other programs write.
  @Test func hostileSignatures() throws {
    let (sandbox, store) = try GitSandbox.withEssay(bare: true)
    let tree = try sandbox.id("main^{tree}").hex
    var read = 0
    for person in [
      "A <a@example.org> 1700000000 +0000", " <> 0 +0000", "A <a@example.org> 99999999999999 +9999",
      "A <a@example.org> -1 -0000", "A <a@example.org>", "A a@example.org 1 +0000",
      "A <<a>> 1 +0000", "A <a@example.org> 18446744073709551616 +0000",
    ] {
      let text = "tree \(tree)\nauthor \(person)\ncommitter \(person)\n\nmessage\n"
      let commit = try sandbox.git(
        ["hash-object", "-t", "commit", "-w", "--stdin", "--literally"], input: Array(text.utf8))
      do throws(StoreError) {
        read += try store.log(from: commit).count
      } catch {
        #expect([.corrupt, .git, .invalidName].contains(error.code), "\(person): \(error)")
      }
    }
    #expect(read > 0)
  }
}
