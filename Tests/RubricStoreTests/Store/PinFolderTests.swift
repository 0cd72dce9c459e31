import Foundation
import RubricStore
import Testing

@Suite struct PinFolderTests {
  /// Two versions of the essay rubric, a store that keeps pins, and the folder of pins.
  private static func kept(
    bare: Bool = true
  ) throws -> (sandbox: GitSandbox, store: Store, commits: [ObjectID], folder: String) {
    let (sandbox, plain) = try GitSandbox.withEssay(bare: bare)
    let first = try sandbox.id("HEAD")
    let second = try plain.commit(sample: Sample.reweight("flow", from: 3, to: 4)).commit
    let folder = sandbox.folder + "/a cache/pins"
    return (
      sandbox, try Store.open(sandbox.path, cache: folder), [first, second], folder
    )
  }

  private static func weight(_ pin: Pin) -> Double? { pin.rubric.criterion("flow")?.weight }

  private static func files(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test func whatIsPulledIsKept() throws {
    let (sandbox, store, commits, folder) = try Self.kept()
    #expect(try Self.files(folder) == [])
    let pin = try store.pull("essay@\(commits[0].hex)")
    #expect(try Self.files(folder) == ["\(commits[0].hex)-essay.pin"])
    // By a branch too: the commit is what is kept.
    #expect(try store.pull("essay@main").commit == commits[1])
    #expect(try Self.files(folder).count == 2)
    // Without the repository, for whoever comes next.
    try FileManager.default.removeItem(atPath: sandbox.path)
    for name in ["essay@", "@", ""] {
      let back = try PinFolder(folder).pull(name + commits[0].hex)
      #expect(back.commit == commits[0])
      #expect(back.rubric == pin.rubric)
      #expect(back.text == pin.text)
    }
    #expect(Self.weight(try PinFolder(folder).pull("essay@" + commits[1].hex.uppercased())) == 4)
  }

  /// Anybody can check a file with a SHA-1 and nothing of this library.
  @Test func aFileIsObjectsAsGitHashesThem() throws {
    let (sandbox, store, commits, folder) = try Self.kept()
    _ = try store.pull("essay@\(commits[0].hex)")
    let file = try #require(
      FileManager.default.contents(atPath: "\(folder)/\(commits[0].hex)-essay.pin"))
    var expected = Data("rubric-pin/1 \(commits[0].hex) essay\n".utf8)
    for (kind, name) in [
      ("commit", ""), ("tree", "^{tree}"), ("tree", ":rubrics"), ("blob", ":rubrics/essay.yaml"),
    ] {
      let bytes = try sandbox.gitBytes(["cat-file", kind, commits[0].hex + name])
      expected += Data("\(kind) \(bytes.count)\0".utf8) + Data(bytes)
    }
    #expect(file == expected)
  }

  @Test func aHashNeedsNoRepositoryAndANameAlwaysDoes() throws {
    let (sandbox, store, commits, folder) = try Self.kept()
    try sandbox.git("branch", "gone", commits[0].hex)
    try sandbox.git("tag", "v1", commits[0].hex)
    for name in ["gone", "v1", "main~1", commits[0].hex] {
      #expect(try store.pull("essay@\(name)").commit == commits[0])
    }
    try sandbox.git("branch", "-D", "gone")
    try sandbox.git("tag", "-d", "v1")
    let other = try Store.open(sandbox.path, cache: folder)
    for store in [store, other] {
      expectStoreError(.notFound) { _ = try store.pull("essay@gone") }
      expectStoreError(.notFound) { _ = try store.pull("essay@v1") }
    }
    // A branch that moves is followed, whatever is kept.
    #expect(Self.weight(try other.pull("essay@main")) == 4)
    try sandbox.store().commit(sample: Sample.reweight("flow", from: 4, to: 5))
    #expect(Self.weight(try other.pull("essay@main")) == 5)
    // And a hash is answered though git has thrown the commit away.
    try sandbox.git("update-ref", "-d", "refs/heads/main")
    try sandbox.git("reflog", "expire", "--expire=now", "--all")
    try sandbox.git("gc", "--quiet", "--prune=now")
    let later = try Store.open(sandbox.path, cache: folder)
    #expect(Self.weight(try later.pull("essay@\(commits[0].hex)")) == 3)
    expectStoreError(.unborn) { _ = try later.pull("essay@main") }
    expectStoreError(.notFound) {
      _ = try Store.open(sandbox.path).pull("essay@\(commits[0].hex)")
    }
  }

  @Test func whatIsNotKept() throws {
    let (sandbox, store, commits, folder) = try Self.kept()
    _ = try store.pull("essay@\(commits[0].hex)")
    let pins = PinFolder(folder)
    expectStoreError(.notFound) { _ = try pins.pull("essay@\(commits[1].hex)") }
    expectStoreError(.notFound) { _ = try pins.pull("@\(commits[1].hex)") }
    expectStoreError(.notFound) { _ = try pins.pull("maths@\(commits[0].hex)") }
    for text in [
      "", "essay", "essay@main", "essay@\(commits[0].prefix(12))", "essay@\(commits[0].hex)0",
      "essay@HEAD", "@", "a/b@\(commits[0].hex)", "../x@\(commits[0].hex)", "essay@@\(commits[0])",
    ] {
      expectStoreError(.invalidName, text) { _ = try pins.pull(text) }
    }
    expectStoreError(.notFound) {
      _ = try PinFolder(sandbox.folder + "/nowhere").pull("essay@\(commits[0].hex)")
    }
    expectStoreError(.notFound) { _ = try PinFolder("").pull("essay@\(commits[0].hex)") }
    for path in ["", "a\0b"] {
      expectStoreError(.invalidName) { _ = try Store.open(sandbox.path, cache: path) }
    }
    expectStoreError(.io) {
      _ = try Store.open(sandbox.path, cache: "\(folder)/\(commits[0].hex)-essay.pin")
    }
    // A repository that is not there leaves an empty folder, and no pins.
    expectStoreError(.notARepository) {
      _ = try Store.open(sandbox.folder + "/nowhere", cache: folder)
    }
  }

  /// No byte of a file can change unnoticed; with the repository it is a miss and is mended.
  @Test func aFlippedByteIsNoticedWhereverItIs() throws {
    let (sandbox, store, commits, folder) = try Self.kept()
    let pin = try store.pull("essay@\(commits[0].hex)")
    let path = "\(folder)/\(commits[0].hex)-essay.pin"
    let whole = try #require(FileManager.default.contents(atPath: path))
    let pins = PinFolder(folder)
    for index in whole.indices {
      var damaged = whole
      damaged[index] ^= 0x10
      try damaged.write(to: URL(fileURLWithPath: path))
      expectStoreError(.corrupt, "byte \(index)") {
        _ = try pins.pull("essay@\(commits[0].hex)")
      }
    }
    for damaged in [
      Data(), whole.prefix(1), whole.prefix(whole.count / 2), whole.dropLast(), whole + [0],
      whole + whole, Data(whole.reversed()), Data(count: 1 << 20),
    ] {
      try Data(damaged).write(to: URL(fileURLWithPath: path))
      expectStoreError(.corrupt) { _ = try pins.pull("essay@\(commits[0].hex)") }
      let fresh = try Store.open(sandbox.path, cache: folder)
      #expect(try fresh.pull("essay@\(commits[0].hex)").text == pin.text)
      #expect(FileManager.default.contents(atPath: path) == whole)
    }
  }

  /// Whole proofs under the wrong name, and what is no file at all.
  @Test func whatSomebodyPutsThere() throws {
    let (sandbox, store, commits, folder) = try Self.kept()
    let pin = try store.pull("essay@\(commits[0].hex)")
    _ = try store.pull("essay@\(commits[1].hex)")
    let (first, second) = (
      "\(folder)/\(commits[0].hex)-essay.pin", "\(folder)/\(commits[1].hex)-essay.pin"
    )
    let whole = try #require(FileManager.default.contents(atPath: first))
    func check() throws {
      expectStoreError(.corrupt) { _ = try PinFolder(folder).pull("essay@\(commits[0].hex)") }
      #expect(
        try Store.open(sandbox.path, cache: folder).pull("essay@\(commits[0].hex)").text
          == pin.text)
    }
    try FileManager.default.removeItem(atPath: first)
    try FileManager.default.copyItem(atPath: second, toPath: first)
    try check()
    #expect(FileManager.default.contents(atPath: first) == whole)
    // Links are not followed, and replaced.
    try FileManager.default.removeItem(atPath: first)
    try whole.write(to: URL(fileURLWithPath: sandbox.folder + "/elsewhere"))
    try FileManager.default.createSymbolicLink(
      atPath: first, withDestinationPath: sandbox.folder + "/elsewhere")
    try check()
    #expect(FileManager.default.contents(atPath: first) == whole)
    // A pipe holds nobody up.
    try FileManager.default.removeItem(atPath: first)
    #expect(mkfifo(first, 0o644) == 0)
    try check()
    // A folder cannot be replaced; the pull goes on without.
    try FileManager.default.removeItem(atPath: first)
    try FileManager.default.createDirectory(atPath: first, withIntermediateDirectories: false)
    try check()
    try check()
    #expect(try Self.files(folder).allSatisfy { $0.hasSuffix(".pin") })
  }

  @Test func aFolderThatGoesCostsNothingButTime() throws {
    let (sandbox, store, commits, folder) = try Self.kept()
    defer { withExtendedLifetime(sandbox) {} }
    try FileManager.default.removeItem(atPath: folder)
    #expect(Self.weight(try store.pull("essay@\(commits[0].hex)")) == 3)
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test func theOnlyRubricOfACommitNeedNotBeNamed() throws {
    let (sandbox, store, commits, folder) = try Self.kept()
    defer { withExtendedLifetime(sandbox) {} }
    let text = Sample.essay.replacing("id: essay", with: "id: maths")
    let both = try store.create(Array(text.utf8), author: Sample.author).commit
    _ = try store.pull("maths@\(both.hex)")
    let error = expectStoreError(.ambiguous) { _ = try PinFolder(folder).pull("@\(both.hex)") }
    #expect(error?.hint == "name one of `essay` or `maths`")
    #expect(try PinFolder(folder).pull("maths@\(both.hex)").rubric.id == "maths")
    expectStoreError(.notFound) { _ = try PinFolder(folder).pull("essay@\(both.hex)") }
    _ = try store.pull("@\(commits[0].hex)")
    #expect(try PinFolder(folder).pull("@\(commits[0].hex)").rubric.id == "essay")
  }

  /// Many writers and readers of the same pins, none of which waits for another.
  @Test func manyAtOnce() async throws {
    let (sandbox, _, commits, folder) = try Self.kept()
    let path = sandbox.path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<8 {
        group.addTask {
          for round in 0..<25 {
            let commit = commits[(worker + round) % 2]
            let store = try Store.open(path, cache: folder)
            if worker == 0 {
              try? FileManager.default.removeItem(
                atPath: "\(folder)/\(commit.hex)-essay.pin")
            }
            #expect(
              Self.weight(try store.pull("essay@\(commit.hex)")) == (commit == commits[0] ? 3 : 4))
            do throws(StoreError) {
              let pin = try PinFolder(folder).pull("essay@\(commit.hex)")
              #expect(Self.weight(pin) == (commit == commits[0] ? 3 : 4))
            } catch {
              #expect(error.code == .notFound)
            }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try Self.files(folder).allSatisfy { $0.hasSuffix(".pin") })
  }

  /// A clone and a new repository keep pins too.
  @Test func everyWayToAStore() throws {
    let (sandbox, _, commits, folder) = try Self.kept()
    let clone = try Store.clone(
      from: sandbox.path, to: sandbox.folder + "/clone", cache: folder + "/1")
    _ = try clone.pull("essay")
    #expect(try PinFolder(folder + "/1").pull("essay@\(commits[1].hex)").commit == commits[1])
    let made = try Store.create(sandbox.folder + "/new", cache: folder + "/2").store
    let commit = try made.create(Sample.essayBytes, author: Sample.author).commit
    _ = try made.pull("essay")
    #expect(try PinFolder(folder + "/2").pull("essay@\(commit.hex)").commit == commit)
  }

  @Test func aFileThatIsNoneHidesNoOther() throws {
    let (sandbox, store, commits, folder) = try Self.kept()
    defer { withExtendedLifetime(sandbox) {} }
    let pin = try store.pull("essay@\(commits[0].hex)")
    try "rubbish".write(
      toFile: "\(folder)/\(commits[0].hex)-a.pin", atomically: true, encoding: .utf8)
    #expect(try PinFolder(folder).pull("@" + commits[0].hex).rubric == pin.rubric)
    try FileManager.default.removeItem(atPath: "\(folder)/\(commits[0].hex)-essay.pin")
    expectStoreError(.corrupt) { _ = try PinFolder(folder).pull("@" + commits[0].hex) }
  }

  /// A pin proves that somebody made the commit, not that this store ever had it.
  @Test func aStampOfACommitThatIsOnlyKeptIsNotValid() throws {
    let (sandbox, store, commits, folder) = try Self.kept()
    defer { withExtendedLifetime(sandbox) {} }
    let stamp = Stamp(try store.pull("essay@\(commits[1].hex)"))
    let (other, _) = try GitSandbox.withEssay(bare: true)
    let stranger = try Store.open(other.path, cache: folder)
    #expect(try stranger.pull("essay@\(commits[1].hex)").commit == commits[1])
    let report = try stranger.verify(stamp)
    #expect(report.problems.map(\.field) == ["commit"])
    #expect(try store.verify(stamp).isValid)
  }

  @Test func aFolderThatCannotBeIsAnErrorAndLeavesNothing() throws {
    let (sandbox, _) = try GitSandbox.withEssay(bare: true)
    let before = try Self.files(sandbox.folder)
    for path in [
      String(repeating: "a/", count: 50_000), "a" + String(repeating: "/", count: 100_000),
      sandbox.folder + "/" + String(repeating: "a/", count: 60)
        + String(repeating: "b", count: 300),
    ] {
      expectStoreError(.io) { _ = try Store.open(sandbox.path, cache: path) }
    }
    // A store that is not opened makes none either.
    expectStoreError(.notARepository) {
      _ = try Store.open("/", discovering: false, cache: sandbox.folder + "/pins")
    }
    #expect(try Self.files(sandbox.folder) == before)
  }

  @Test func itMayLieInTheClone() throws {
    let (sandbox, _, commits, _) = try Self.kept()
    let clone = sandbox.folder + "/clone"
    let store = try Store.clone(from: sandbox.path, to: clone, cache: clone + "/.pins")
    _ = try store.pull("essay@\(commits[1].hex)")
    #expect(try Self.files(clone + "/.pins").count == 1)
  }
}
