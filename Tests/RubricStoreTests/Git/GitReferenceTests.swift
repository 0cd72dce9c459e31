import Foundation
import RubricStore
import Testing

@Suite struct GitReferenceTests {
  /// A bare repository with three commits, the second and third on the first.
  struct Three {
    let sandbox: GitSandbox
    let root: ObjectID
    let left: ObjectID
    let right: ObjectID

    init() throws {
      sandbox = try GitSandbox(bare: true)
      let repository = try sandbox.open()
      root = try repository.testCommit("root")
      left = try repository.testCommit("left", parents: [root])
      right = try repository.testCommit("right", parents: [root])
    }

    func tip(_ branch: String) -> ObjectID? { try? sandbox.id("refs/heads/" + branch) }
  }

  @Test func aNewBranchMustNotExist() throws {
    let three = try Three()
    let repository = try three.sandbox.open()
    try repository.move("main", to: three.root, expecting: nil)
    #expect(three.tip("main") == three.root)
    expectGitError(.modified) { try repository.move("main", to: three.left, expecting: nil) }
    // Also where it would stay where it is.
    expectGitError(.modified) { try repository.move("main", to: three.root, expecting: nil) }
    #expect(three.tip("main") == three.root)
    #expect(try three.sandbox.fsck().isEmpty)
  }

  @Test(arguments: [false, true]) func aBranchMovesFromWhatIsExpectedOnly(_ packed: Bool) throws {
    let three = try Three()
    let repository = try three.sandbox.open()
    try repository.move("main", to: three.root, expecting: nil)
    if packed { try three.sandbox.git("pack-refs", "--all", "--prune") }
    let loose = three.sandbox.path + "/refs/heads/main"
    #expect(FileManager.default.fileExists(atPath: loose) == !packed)
    let before = try repository.follow(.branch("main"))
    #expect(before.object == three.root)
    expectGitError(.modified) { try repository.move("main", to: three.right, expecting: nil) }
    expectGitError(.modified) {
      try repository.move("main", to: three.right, expecting: three.left)
    }
    #expect(three.tip("main") == three.root)
    try repository.move("main", to: three.left, expecting: three.root)
    #expect(three.tip("main") == three.left)
    if packed { try three.sandbox.git("pack-refs", "--all", "--prune") }
    expectGitError(.modified) {
      try repository.deleteReference(.branch("main"), expecting: three.root)
    }
    try repository.deleteReference(.branch("main"), expecting: three.left)
    #expect(three.tip("main") == nil)
    let gone = try repository.reference(.branch("main"))
    #expect(gone == nil)
    expectGitError(.modified) {
      try repository.deleteReference(.branch("main"), expecting: three.left)
    }
  }

  @Test func aBranchThatHasGoneDoesNotMove() throws {
    let three = try Three()
    let repository = try three.sandbox.open()
    let error = expectGitError(.modified) {
      try repository.move("main", to: three.left, expecting: three.root)
    }
    #expect(error?.objects == [three.root])
    #expect(three.tip("main") == nil)
    // Zero is not another way to say "must not exist" for a branch that is there.
    try repository.move("main", to: three.root, expecting: nil)
    expectGitError(.modified) { try repository.move("main", to: three.left, expecting: .zero) }
  }

  @Test func anotherProcessMayPackAndMoveMeanwhile() throws {
    let three = try Three()
    let repository = try three.sandbox.open()
    try repository.move("main", to: three.root, expecting: nil)
    try three.sandbox.git("pack-refs", "--all", "--prune")
    _ = try repository.follow(.branch("main"))
    // What this handle has read of packed-refs is old now.
    try three.sandbox.git("update-ref", "refs/heads/main", three.left.hex)
    try three.sandbox.git("pack-refs", "--all", "--prune")
    expectGitError(.modified) {
      try repository.move("main", to: three.right, expecting: three.root)
    }
    try repository.move("main", to: three.right, expecting: three.left)
    #expect(three.tip("main") == three.right)
  }

  @Test func aLockedBranchDoesNotMove() throws {
    let three = try Three()
    let repository = try three.sandbox.open()
    try repository.move("main", to: three.root, expecting: nil)
    let lock = three.sandbox.path + "/refs/heads/main.lock"
    try Data().write(to: URL(fileURLWithPath: lock))
    let error = expectGitError(.locked) {
      try repository.move("main", to: three.left, expecting: three.root)
    }
    #expect(error?.message.contains("refs/heads/main.lock") == true)
    expectGitError(.locked) {
      try repository.deleteReference(.branch("main"), expecting: three.root)
    }
    #expect(three.tip("main") == three.root)
    #expect(FileManager.default.fileExists(atPath: lock))
    try FileManager.default.removeItem(atPath: lock)
    try repository.move("main", to: three.left, expecting: three.root)
    // A lock on packed-refs holds up no move.
    try Data().write(to: URL(fileURLWithPath: three.sandbox.path + "/packed-refs.lock"))
    try repository.move("main", to: three.right, expecting: three.left)
    #expect(three.tip("main") == three.right)
  }

  @Test func aLockedNewBranchIsNotMade() throws {
    let three = try Three()
    let repository = try three.sandbox.open()
    let lock = three.sandbox.path + "/refs/heads/new.lock"
    try Data().write(to: URL(fileURLWithPath: lock))
    expectGitError(.locked) { try repository.move("new", to: three.root, expecting: nil) }
    #expect(three.tip("new") == nil)
  }

  @Test(arguments: [false, true]) func aNameBelowAnotherIsInTheWay(_ packed: Bool) throws {
    let three = try Three()
    let repository = try three.sandbox.open()
    try repository.move("a", to: three.root, expecting: nil)
    try repository.move("b/c", to: three.root, expecting: nil)
    if packed { try three.sandbox.git("pack-refs", "--all", "--prune") }
    let names = [("a/x", "a/x"), ("b", "b")]
    for (name, _) in names {
      do {
        try repository.move(name, to: three.root, expecting: nil)
        Issue.record("made \(name)")
      } catch {
        #expect(error.code == .exists, "\(name): \(error)")
        #expect(error.message.contains("in the way"), "\(error)")
      }
      #expect(three.tip(name) == nil)
    }
    let branches = try repository.branches().map(\.name.short)
    #expect(branches == ["a", "b/c"])
    #expect(try three.sandbox.fsck().isEmpty)
  }

  @Test func aBranchHoldsACommitThatIsThere() throws {
    let three = try Three()
    let repository = try three.sandbox.open()
    let tree = try repository.commit(three.root).tree
    expectGitError(.wrongKind) { try repository.move("main", to: tree, expecting: nil) }
    expectGitError(.notFound) { try repository.move("main", to: .zero, expecting: nil) }
    expectGitError(.invalid) {
      try repository.moveReference(
        .head, to: three.root, expecting: nil, message: "", by: GitSandbox.person)
    }
    expectGitError(.invalid) { try repository.deleteReference(.head, expecting: three.root) }
  }

  @Test func symbolicReferencesAreNotMoved() throws {
    let three = try Three()
    let repository = try three.sandbox.open()
    try repository.move("main", to: three.root, expecting: nil)
    try three.sandbox.git("symbolic-ref", "refs/heads/alias", "refs/heads/main")
    expectGitError(.modified) {
      try repository.move("alias", to: three.left, expecting: three.root)
    }
    expectGitError(.modified) { try repository.move("alias", to: three.left, expecting: nil) }
    expectGitError(.modified) {
      try repository.deleteReference(.branch("alias"), expecting: three.root)
    }
    #expect(try three.sandbox.git("symbolic-ref", "refs/heads/alias") == "refs/heads/main")
    let reference = try repository.reference(.branch("alias"))
    #expect(reference?.target == .reference(try .branch("main")))
    let end = try repository.follow(.branch("alias"))
    #expect(end.object == three.root)
    let branches = try repository.branches().map(\.name.short)
    #expect(branches == ["alias", "main"])
  }

  @Test func symbolicReferencesAreFollowedSoFar() throws {
    let three = try Three()
    let repository = try three.sandbox.open()
    try three.sandbox.git("symbolic-ref", "refs/heads/a", "refs/heads/b")
    try three.sandbox.git("symbolic-ref", "refs/heads/b", "refs/heads/a")
    expectGitError(.invalid) { _ = try repository.follow(.branch("a")) }
    try three.sandbox.git("symbolic-ref", "refs/heads/c", "refs/heads/nothing")
    let end = try repository.follow(.branch("c"))
    #expect(end.object == nil)
    #expect(end.name == (try .branch("nothing")))
  }

  @Test func brokenReferencesAreAnErrorAndNoCrash() throws {
    let three = try Three()
    let repository = try three.sandbox.open()
    try repository.move("good", to: three.root, expecting: nil)
    for (name, content) in [("empty", ""), ("garbage", "no id at all\n"), ("loop", "ref: \n")] {
      let file = three.sandbox.path + "/refs/heads/" + name
      try Data(content.utf8).write(to: URL(fileURLWithPath: file))
      #expect(throws: GitError.self) { _ = try repository.reference(.branch(name)) }
      #expect(throws: GitError.self) { try repository.move(name, to: three.root, expecting: nil) }
      try FileManager.default.removeItem(atPath: file)
    }
    try Data("ref: refs/heads/../../x\n".utf8).write(
      to: URL(fileURLWithPath: three.sandbox.path + "/HEAD"))
    #expect(throws: (any Error).self) { _ = try three.sandbox.open().head() }
  }

  @Test func refusedNamesInTheRepositoryAreLeftOut() throws {
    let three = try Three()
    try three.sandbox.git("update-ref", "refs/heads/good", three.root.hex)
    try Data((three.root.hex + "\n").utf8).write(
      to: URL(fileURLWithPath: three.sandbox.path + "/refs/heads/-x"))
    try Data((three.root.hex + "\n").utf8).write(
      to: URL(fileURLWithPath: three.sandbox.path + "/refs/heads/d\u{7F}l"))
    let branches = try three.sandbox.open().branches().map(\.name.short)
    #expect(branches == ["good"])
  }

  @Test func theReflogSaysWhoAndWhy() throws {
    let sandbox = try GitSandbox()
    let repository = try sandbox.open()
    let root = try repository.testCommit("root")
    try repository.moveReference(
      .branch("main"), to: root, expecting: nil, message: "commit:\nfirst\u{7} one",
      by: GitSandbox.person)
    let log = try #require(sandbox.read(".git/logs/refs/heads/main"))
    #expect(log.hasPrefix("\(ObjectID.zero) \(root) Ada Löwe <ada@example.org> "))
    #expect(log.hasSuffix("\tcommit: first  one\n"))
    // HEAD names main, so its reflog gets the line too.
    #expect(try sandbox.git("reflog", "show", "--format=%gs", "HEAD") == "commit: first  one")
    var nobody = GitSandbox.person
    nobody.name = "a\nb"
    expectGitError(.invalid) {
      try repository.moveReference(
        .branch("other"), to: root, expecting: nil, message: "", by: nobody)
    }
  }

  @Test func headIsReadInEachOfItsStates() throws {
    let sandbox = try GitSandbox()
    let repository = try sandbox.open()
    let unborn = try repository.head()
    #expect(unborn == .branch(try .branch("main"), tip: nil))
    let id = try sandbox.gitCommit("one")
    let born = try repository.head()
    #expect(born == .branch(try .branch("main"), tip: id))
    try sandbox.git("checkout", "--quiet", "--detach")
    let detached = try repository.head()
    #expect(detached == .detached(id))
    #expect(detached.commit == id)
  }

  @Test func tagsAreListedWithWhatTheyComeTo() throws {
    let sandbox = try GitSandbox()
    let id = try sandbox.gitCommit("one")
    let repository = try sandbox.open()
    let written = try repository.writeTag(
      .tag("v1"), target: id, tagger: GitSandbox.person, message: "why\n")
    try repository.moveReference(
      .tag("v1"), to: written, expecting: nil, message: "tag", by: GitSandbox.person)
    try sandbox.git("tag", "light")
    try sandbox.git("tag", "-a", "-m", "nested", "outer", "v1")
    try sandbox.git("tag", "tree", "HEAD^{tree}")
    let tags = try repository.tags()
    #expect(tags.map(\.name.short) == ["light", "outer", "tree", "v1"])
    #expect(tags.map(\.commit) == [id, id, nil, id])
    #expect(tags[0].annotation == nil)
    #expect(tags[1].annotation?.message == "nested\n")
    #expect(tags[3].annotation?.tagger == GitSandbox.person)
    #expect(tags[3].annotation?.id == written)
    #expect(tags[3].target == written)
    #expect(try sandbox.git("describe", "--exact-match", "--match", "v1") == "v1")
    #expect(try sandbox.fsck().isEmpty)
    expectGitError(.modified) {
      try repository.moveReference(
        .tag("v1"), to: id, expecting: nil, message: "tag", by: GitSandbox.person)
    }
  }
}
