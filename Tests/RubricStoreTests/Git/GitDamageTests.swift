import Foundation
import RubricStore
import Testing

/// What a crash, a disk or an attacker can leave in place of a loose object.
@Suite struct GitDamageTests {
  private func overwrite(_ file: String, _ bytes: [UInt8]) throws {
    let manager = FileManager.default
    if manager.fileExists(atPath: file) {
      try manager.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
    } else {
      try manager.createDirectory(
        at: URL(fileURLWithPath: file).deletingLastPathComponent(),
        withIntermediateDirectories: true)
    }
    try Data(bytes).write(to: URL(fileURLWithPath: file))
  }

  private func contents(_ file: String) throws -> [UInt8] {
    Array(try #require(FileManager.default.contents(atPath: file)))
  }

  /// A zlib stream that holds bytes as they are.
  private func stored(_ bytes: [UInt8]) -> [UInt8] {
    var low: UInt32 = 1
    var high: UInt32 = 0
    for byte in bytes {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
    let length = UInt16(bytes.count)
    var stream: [UInt8] = [0x78, 0x01, 0x01]
    for number in [length, ~length] {
      stream += [UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8)]
    }
    stream += bytes
    for number in [high, low] {
      stream += [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
    }
    return stream
  }

  /// libgit2's own reader never returns from most of these.
  @Test(arguments: [20, 5000]) func noCutHangsOrPasses(_ size: Int) throws {
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    var random = SplitMix(seed: UInt64(size))
    let content = (0..<size).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let id = try repository.writeBlob(content)
    let whole = try contents(sandbox.looseFile(id))
    for cut in Array(0..<min(whole.count, 80)) + [whole.count / 2, whole.count - 1] {
      try overwrite(sandbox.looseFile(id), Array(whole.prefix(cut)))
      // The trap: writing says that all is well.
      let again = try repository.writeBlob(content)
      #expect(again == id)
      let error = expectGitError(.corrupt) { try repository.verify([id]) }
      #expect(error?.objects == [id])
      #expect(error?.message.contains(id.hex) == true)
      expectGitError(.corrupt) { _ = try repository.readBlob(id, limit: 5000) }
    }
    try overwrite(sandbox.looseFile(id), whole)
    try repository.verify([id])
    let back = try repository.readBlob(id, limit: 5000)
    #expect(back == content)
  }

  @Test func noFlippedBitPasses() throws {
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    let id = try repository.writeBlob(Array("a rubric, or what was one\n".utf8))
    let whole = try contents(sandbox.looseFile(id))
    var random = SplitMix(seed: 5)
    for _ in 0..<200 {
      var bytes = whole
      let position = random.next() % bytes.count
      let bit = random.next() % 8
      bytes[position] ^= 1 << UInt8(bit)
      try overwrite(sandbox.looseFile(id), bytes)
      // zlib's header has bits that change nothing; then the object is whole.
      do {
        let back = try repository.readBlob(id, limit: 1000)
        #expect(back == Array("a rubric, or what was one\n".utf8), "byte \(position) bit \(bit)")
      } catch {
        #expect([.corrupt, .wrongKind, .tooLarge].contains(error.code), "\(error)")
      }
    }
  }

  @Test func headersThatLieAreRefused() throws {
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    let long = String(repeating: "x", count: 30)
    for content in [
      "", "blob", "blob 3", "blob 3\0", "blob 3\0ab", "blob 3\0abcd", "blob 1\0" + long,
      "blob\0abc",
      "blob \0abc", "blob x\0abc", "blob -3\0abc", "blob +3\0abc", "blob 3 \0abc", " 3\0abc",
      "rubric 3\0abc", "blob 99999999999999999999\0abc", "blob 9223372036854775807\0abc",
      "blob 0\0" + String(repeating: "x", count: 60_000), "commit 3\0abc", "tree 3\0abc",
      String(repeating: "9", count: 200),
    ] {
      let bytes = Array(content.utf8)
      // The id is right for what a careless reader would make of it.
      let id = try GitRepository.blobID(of: Array("abc".utf8))
      try overwrite(sandbox.looseFile(id), stored(bytes))
      #expect(throws: GitError(.corrupt, operation: "", message: ""), "\(content.debugDescription)")
      {
        try repository.verify([id])
      }
      #expect(throws: GitError.self) { _ = try repository.readBlob(id, limit: .max) }
      #expect(throws: GitError.self) { _ = try repository.commit(id) }
    }
    let id = try GitRepository.blobID(of: Array("abc".utf8))
    let good = stored(Array("blob 3\0abc".utf8))
    try overwrite(sandbox.looseFile(id), good + [0])
    expectGitError(.corrupt) { try repository.verify([id]) }
    try overwrite(sandbox.looseFile(id), good)
    try repository.verify([id])
    let back = try repository.readBlob(id, limit: 3)
    #expect(back == Array("abc".utf8))
  }

  @Test func theCacheDoesNotAnswerForTheDisk() throws {
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    let commit = try repository.testCommit("one")
    // Read, so that it is in libgit2's cache.
    _ = try repository.commit(commit)
    try overwrite(sandbox.looseFile(commit), [0x78])
    let again = try repository.testCommit("one")
    #expect(again == commit)
    expectGitError(.corrupt) { try repository.verify([commit]) }
  }

  @Test func anObjectOfAnotherContentIsFound() throws {
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    let one = try repository.writeBlob([1])
    let other = try repository.writeBlob([2])
    try overwrite(sandbox.looseFile(one), try contents(sandbox.looseFile(other)))
    expectGitError(.corrupt) { try repository.verify([one]) }
    expectGitError(.corrupt) { _ = try repository.readBlob(one, limit: 10) }
  }

  @Test func aCutCommitStopsEveryWalkWithAnError() throws {
    let sandbox = try GitSandbox(bare: true)
    let first = try sandbox.open()
    let root = try first.testCommit("root")
    let middle = try first.testCommit("middle", parents: [root])
    let left = try first.testCommit("left", parents: [middle])
    let right = try first.testCommit("right", parents: [middle])
    try first.move("main", to: left, expecting: nil)
    let whole = try contents(sandbox.looseFile(middle))
    try overwrite(sandbox.looseFile(middle), Array(whole.prefix(whole.count / 2)))
    let repository = try sandbox.open()
    #expect(throws: GitError.self) { _ = try repository.resolve("main~1") }
    #expect(throws: GitError.self) { _ = try repository.resolve("main~2") }
    #expect(throws: GitError.self) { _ = try repository.resolve(middle.prefix(10)) }
    #expect(throws: GitError.self) { _ = try repository.resolve(middle.hex) }
    #expect(throws: GitError.self) { _ = try repository.mergeBases(left, right) }
    #expect(throws: GitError.self) { _ = try repository.isAncestor(root, of: right) }
    #expect(throws: GitError.self) { _ = try repository.aheadBehind(local: left, upstream: right) }
    expectGitError(.corrupt) {
      _ = try repository.commits(reachableFrom: [left], notFrom: [right], limit: 10)
    }
    var cursor = try repository.history(from: [left])
    let next = try repository.next(&cursor)
    #expect(next?.id == left)
    expectGitError(.corrupt) { _ = try repository.next(&cursor) }
    let tip = try repository.resolve("main")
    #expect(tip == left)
  }

  @Test func aGoodCopyInAPackIsReadBeforeADamagedOne() throws {
    let sandbox = try GitSandbox(bare: true)
    let writer = try sandbox.open()
    let id = try writer.writeBlob(Array("packed".utf8))
    try sandbox.git(["pack-objects", "--quiet", "objects/pack/pack"], input: Array("\(id)\n".utf8))
    try overwrite(sandbox.looseFile(id), [0x78, 0x01, 0x01])
    let repository = try sandbox.open()
    let back = try repository.readBlob(id, limit: 10)
    #expect(back == Array("packed".utf8))
    try repository.verify([id])
  }

  @Test func alternatesAreReadAndGuardedToo() throws {
    let sandbox = try GitSandbox()
    let commit = try sandbox.gitCommit("one")
    let blob = try sandbox.id("HEAD:rubrics/essay.yaml")
    let borrower = sandbox.folder + "/borrower"
    try sandbox.git("clone", "--quiet", "--shared", "--bare", sandbox.path, borrower)
    let repository = try GitRepository.open(borrower)
    let record = try repository.commit(commit)
    #expect(record.message == "one\n")
    try repository.verify([commit, record.tree, blob])
    let file = sandbox.path + "/.git/objects/" + blob.prefix(2) + "/" + blob.hex.dropFirst(2)
    try overwrite(file, Array(try contents(file).prefix(9)))
    expectGitError(.corrupt) { _ = try repository.readBlob(blob, limit: 100) }
    expectGitError(.corrupt) { try repository.verify([blob]) }
  }

  @Test func aDamagedIndexIsAnError() throws {
    let sandbox = try GitSandbox()
    try sandbox.gitCommit("one")
    let path = try RepositoryPath("rubrics/essay.yaml")
    let whole = try contents(sandbox.path + "/.git/index")
    for bytes in [
      [], Array(whole.prefix(20)), Array("DIRC".utf8), [UInt8](repeating: 0, count: 100),
    ] {
      try overwrite(sandbox.path + "/.git/index", bytes)
      let repository = try sandbox.open()
      #expect(throws: GitError.self) { _ = try repository.status(of: path, limit: 100) }
      let blob = try repository.writeBlob([1])
      #expect(throws: GitError.self) { try repository.stage(path, blob: blob) }
    }
  }
}
