import Foundation
import RubricStore
import Testing

@Suite struct FollowerTests {
  private static func weight(_ pin: Pin?) -> Double? { pin?.rubric.criterion("flow")?.weight }

  @Test func newVersionsAreTold() throws {
    let (sandbox, store) = try GitSandbox.withEssay(bare: true)
    var follower = try store.follow("essay@main")
    #expect(follower.rubric == "essay")
    #expect(follower.branch == "main")
    #expect(Self.weight(try follower.next()) == 3)
    #expect(try follower.next() == nil)
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4))
    let told = try follower.next()
    #expect(Self.weight(told) == 4)
    #expect(try told?.commit == sandbox.id("main"))
    #expect(try follower.next() == nil)
    // Of several the last; another process is as good as this one.
    let other = try sandbox.store()
    for weight in 5...8 {
      try other.commit(
        sample: Sample.reweight("flow", from: Double(weight - 1), to: Double(weight)))
    }
    #expect(Self.weight(try follower.next()) == 8)
    #expect(try follower.next() == nil)
  }

  @Test func whatLeavesTheFileAsItWasIsNotTold() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    var follower = try store.follow("essay")
    #expect(try follower.next() != nil)
    try sandbox.gitCommit("other", file: "other.txt")
    #expect(try follower.next() == nil)
    let text = Sample.essay.replacing("id: essay", with: "id: maths")
    try store.create(Array(text.utf8), author: Sample.author)
    #expect(try follower.next() == nil)
    // There and back between two looks.
    let before = try sandbox.id("main")
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4))
    try store.commit(sample: Sample.reweight("flow", from: 4, to: 3))
    #expect(try follower.next() == nil)
    // Back by force, as a person may do.
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 5))
    #expect(Self.weight(try follower.next()) == 5)
    try sandbox.git("reset", "-q", "--hard", before.hex)
    #expect(Self.weight(try follower.next()) == 3)
  }

  @Test func whatIsKnownIsNotToldAgain() throws {
    let (sandbox, store) = try GitSandbox.withEssay(bare: true)
    let first = try sandbox.id("HEAD")
    var current = try store.follow("essay@main", since: first)
    #expect(try current.next() == nil)
    let second = try store.commit(sample: Sample.reweight("flow", from: 3, to: 4)).commit
    #expect(Self.weight(try current.next()) == 4)
    var late = try store.follow("essay@main", since: first)
    #expect(try late.next()?.commit == second)
    let unknown = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
    expectStoreError(.notFound) { _ = try store.follow("essay@main", since: unknown) }
  }

  @Test func namesOfBranches() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    let first = try sandbox.id("HEAD")
    try sandbox.git("branch", "runs/seed-3")
    try sandbox.git("tag", "v1")
    try sandbox.git("update-ref", "refs/remotes/origin/side", first.hex)
    for (text, branch) in [
      ("", "main"), ("essay", "main"), ("@main", "main"), ("main", "main"), ("essay@HEAD", "main"),
      ("essay@runs/seed-3", "runs/seed-3"), ("essay@refs/heads/main", "main"),
      ("essay@origin/side", "origin/side"),
    ] {
      var follower = try store.follow(text)
      #expect(follower.branch == branch, "\(text)")
      #expect(try follower.next()?.commit == first, "\(text)")
    }
    for text in ["essay@v1", "essay@\(first.hex)", "essay@main~0", "essay@\(first.prefix(8))"] {
      expectStoreError(.invalidName, text) { _ = try store.follow(text) }
    }
    let mistyped = expectStoreError(.notFound) { _ = try store.follow("essay@mian") }
    #expect(mistyped?.hint == "did you mean `main`?")
    let other = expectStoreError(.notFound) { _ = try store.follow("esay@main") }
    #expect(other?.hint == "did you mean `essay`?")
    // A branch goes before a tag of its name, and the branch of HEAD is the one of now.
    try sandbox.git("tag", "main")
    var head = try store.follow("essay")
    _ = try head.next()
    try sandbox.git("switch", "-q", "runs/seed-3")
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4))
    #expect(try head.next() == nil)
    try sandbox.git("checkout", "-q", "--detach")
    expectStoreError(.invalidName) { _ = try store.follow("essay") }
    let empty = try GitSandbox()
    expectStoreError(.unborn) { _ = try empty.store().follow("") }
  }

  @Test func aBranchThatGoesAndComesBack() throws {
    let (sandbox, store) = try GitSandbox.withEssay(bare: true)
    let first = try sandbox.id("HEAD")
    try store.createBranch("exp", at: "main")
    var follower = try store.follow("essay@exp")
    #expect(try follower.next() != nil)
    try store.deleteBranch("exp", isForced: true)
    for _ in 0..<2 {
      let error = expectStoreError(.notFound) { _ = try follower.next() }
      #expect(error?.message == "there is no branch `exp` any more")
    }
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4))
    try store.createBranch("exp", at: "main")
    #expect(Self.weight(try follower.next()) == 4)
    try sandbox.git("update-ref", "refs/heads/exp", first.hex)
    #expect(Self.weight(try follower.next()) == 3)
  }

  @Test func aRubricThatIsRemoved() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    var follower = try store.follow("essay")
    #expect(try follower.next() != nil)
    try sandbox.git("rm", "-q", "rubrics/essay.yaml")
    try sandbox.git("commit", "-q", "-m", "gone")
    let gone = try sandbox.id("main")
    let error = expectStoreError(.notFound) { _ = try follower.next() }
    #expect(
      error?.message
        == "there is no rubric `essay` on the branch `main`, at \(gone.prefix(12))")
    // A document that is not valid is told each time, and passes.
    try sandbox.gitCommit("broken", content: "schema: [\n")
    for _ in 0..<2 { expectStoreError(.invalidDocument) { _ = try follower.next() } }
    try sandbox.gitCommit("mended", content: Sample.essay.replacing("3  # of ten", with: "9"))
    #expect(Self.weight(try follower.next()) == 9)
  }

  /// git may pack the references and the objects meanwhile.
  @Test func besideGit() throws {
    let (sandbox, store) = try GitSandbox.withEssay(bare: true)
    var follower = try store.follow("essay@main")
    #expect(try follower.next() != nil)
    for weight in 4...8 {
      try store.commit(
        sample: Sample.reweight("flow", from: Double(weight - 1), to: Double(weight)))
      if weight.isMultiple(of: 2) { try sandbox.git("pack-refs", "--all", "--prune") }
      if weight == 6 { try sandbox.git("repack", "-adq") }
      #expect(Self.weight(try follower.next()) == Double(weight))
      #expect(try follower.next() == nil)
    }
  }
}
