import Foundation
import RubricStore
import Testing

@Suite struct GitObjectTests {
  @Test func blobsComeBackByteForByte() throws {
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    for bytes in [[], [0], [0xFF, 0xFE, 0x0D, 0x0A], Array("größe\r\n".utf8)] as [[UInt8]] {
      let id = try repository.writeBlob(bytes)
      let back = try repository.readBlob(id, limit: 100)
      #expect(back == bytes)
      #expect(try sandbox.gitBytes(["cat-file", "blob", id.hex]) == bytes)
      let hash = try sandbox.git(["hash-object", "--stdin"], input: bytes)
      #expect(hash == id.hex)
      #expect(try GitRepository.blobID(of: bytes) == id)
      try repository.verify([id])
    }
    #expect(try sandbox.fsck().isEmpty)
  }

  @Test(arguments: [false, true]) func aBlobOverTheLimitIsNotRead(_ packed: Bool) throws {
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    let id = try repository.writeBlob([UInt8](repeating: 7, count: 5000))
    if packed {
      try sandbox.git(
        ["pack-objects", "--quiet", "objects/pack/pack"], input: Array("\(id)\n".utf8))
      try sandbox.git("prune-packed")
    }
    let error = expectGitError(.tooLarge) { _ = try repository.readBlob(id, limit: 4999) }
    #expect(error?.objects == [id])
    #expect(error?.message.contains("5000 bytes; the limit is 4999") == true)
    let bytes = try repository.readBlob(id, limit: 5000)
    #expect(bytes.count == 5000)
  }

  @Test func anObjectOfAnotherKindIsRefused() throws {
    let sandbox = try GitSandbox()
    let commit = try sandbox.gitCommit("one")
    let tree = try sandbox.id("HEAD^{tree}")
    let repository = try sandbox.open()
    for id in [commit, tree] {
      expectGitError(.wrongKind) { _ = try repository.readBlob(id, limit: 1000) }
    }
    expectGitError(.wrongKind) { _ = try repository.commit(tree) }
    expectGitError(.wrongKind) { _ = try repository.entries(ofTree: commit) }
    let absent = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
    expectGitError(.notFound) { _ = try repository.readBlob(absent, limit: 1000) }
    expectGitError(.notFound) { _ = try repository.commit(.zero) }
    expectGitError(.notFound) { try repository.verify([absent]) }
  }

  @Test func commitsComeBack() throws {
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    let root = try repository.testCommit("root")
    let side = try repository.testCommit("side", parents: [root])
    var committer = GitSandbox.person
    committer.name = "Émile"
    committer.offsetMinutes = -570
    let message = "subject\n\nbody with trailing space \n\nRubric-Edit: {\"a\": 1}"
    let id = try repository.writeCommit(
      tree: try repository.commit(root).tree, parents: [root, side], author: GitSandbox.person,
      committer: committer, message: message)
    let record = try repository.commit(id)
    #expect(record.parents == [root, side])
    #expect(record.message == message)
    #expect(record.author == GitSandbox.person)
    #expect(record.committer == committer)
    #expect(record.encoding == nil)
    try repository.verify([id, record.tree])
    let raw = try sandbox.git("cat-file", "commit", id.hex)
    #expect(raw.contains("author Ada Löwe <ada@example.org> 1700000000 +0200\n"))
    #expect(raw.contains("committer Émile <ada@example.org> 1700000000 -0930\n"))
    #expect(raw.hasSuffix("\n\n" + message))
    #expect(try sandbox.fsck().isEmpty)
  }

  @Test func whatACommitCannotHoldIsRefused() throws {
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    let root = try repository.testCommit("root")
    let tree = try repository.commit(root).tree
    let good = GitSandbox.person
    func attempt(
      _ code: GitError.Code, tree: ObjectID, parents: [ObjectID] = [], message: String = "m",
      change: (inout GitSignature) -> Void = { _ in }
    ) {
      var author = good
      change(&author)
      expectGitError(code) {
        _ = try repository.writeCommit(
          tree: tree, parents: parents, author: author, committer: good, message: message)
      }
    }
    attempt(.invalid, tree: tree, message: "a\u{0}b")
    attempt(.invalid, tree: tree) { $0.name = "a\nb" }
    attempt(.invalid, tree: tree) { $0.name = "a <b" }
    attempt(.invalid, tree: tree) { $0.name = "" }
    attempt(.invalid, tree: tree) { $0.name = " . " }
    attempt(.invalid, tree: tree) { $0.email = "a>b" }
    attempt(.invalid, tree: tree) { $0.email = "a\u{0}b" }
    attempt(.invalid, tree: tree) { $0.seconds = -1 }
    attempt(.invalid, tree: tree) { $0.seconds = .max }
    attempt(.invalid, tree: tree) { $0.offsetMinutes = 1440 }
    attempt(.invalid, tree: tree) { $0.offsetMinutes = .min }
    attempt(.wrongKind, tree: root)
    attempt(.notFound, tree: .zero)
    attempt(.wrongKind, tree: tree, parents: [tree])
    attempt(.notFound, tree: tree, parents: [root, .zero])
  }
}
