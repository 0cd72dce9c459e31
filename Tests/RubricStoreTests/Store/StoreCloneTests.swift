import Foundation
import RubricStore
import Testing

// One at a time: the patience with servers is the process's.
@Suite(.serialized) struct StoreCloneTests {
  /// A repository with three versions, branches, tags of both kinds, and a note.
  private static func source(bare: Bool = false) throws -> (GitSandbox, Store, [ObjectID]) {
    let (sandbox, store) = try GitSandbox.withEssay(bare: bare)
    var commits = [try sandbox.id("HEAD")]
    for weight in 4...5 {
      let update = Sample.reweight("flow", from: Double(weight - 1), to: Double(weight))
      commits.append(try store.commit(sample: update).commit)
    }
    try sandbox.git("tag", "light", commits[0].hex)
    try sandbox.git("tag", "-a", "-m", "why", "heavy", commits[1].hex)
    try sandbox.git("branch", "runs/seed-3", commits[1].hex)
    try store.note(
      [Metric("reward", 0.5, seconds: 1_700_000_000)], on: commits[2],
      author: Sample.author)
    return (sandbox, store, commits)
  }

  /// Whether a clone has what its source has, as git and the store see it.
  private static func expectWhole(
    _ clone: Store, at path: String, of commits: [ObjectID], bare: Bool,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let git = try GitSandbox(initialise: false)
    func lines(_ arguments: String...) throws -> String { try git.git(["-C", path] + arguments) }
    #expect(
      try lines("fsck", "--strict", "--no-dangling", "--no-progress") == "",
      sourceLocation: sourceLocation)
    #expect(try clone.head().name == "main", sourceLocation: sourceLocation)
    #expect(try clone.head().commit == commits[2], sourceLocation: sourceLocation)
    #expect(try clone.log().map(\.commit) == commits.reversed(), sourceLocation: sourceLocation)
    #expect(
      try clone.pull("essay@heavy").rubric.criterion("flow")?.weight == 4,
      sourceLocation: sourceLocation)
    #expect(try clone.tags().map(\.name) == ["heavy", "light"], sourceLocation: sourceLocation)
    #expect(try clone.tags().first?.message == "why\n", sourceLocation: sourceLocation)
    #expect(
      try clone.notes(of: [commits[2]])[commits[2]]?.metrics.first?.value == 0.5,
      sourceLocation: sourceLocation)
    let branches = try clone.branches().map(\.name)
    #expect(clone.isBare == bare, sourceLocation: sourceLocation)
    let side = bare ? "runs/seed-3" : "origin/runs/seed-3"
    #expect(
      branches == (bare ? ["main", "runs/seed-3"] : ["main"]), sourceLocation: sourceLocation)
    #expect(try clone.resolve(side) == commits[1], sourceLocation: sourceLocation)
    if !bare {
      #expect(
        try lines("status", "--short", "--branch") == "## main...origin/main",
        sourceLocation: sourceLocation)
      #expect(
        try lines("symbolic-ref", "refs/remotes/origin/HEAD") == "refs/remotes/origin/main",
        sourceLocation: sourceLocation)
      #expect(
        FileManager.default.contents(atPath: path + "/rubrics/essay.yaml")
          == Data(try clone.pull("essay").text), sourceLocation: sourceLocation)
    }
    // Nothing of the making is left.
    let names = try FileManager.default.contentsOfDirectory(atPath: path)
    #expect(!names.contains { $0.hasPrefix(".rubric") }, sourceLocation: sourceLocation)
  }

  @Test(arguments: [false, true], [false, true])
  func ofAFolder(bare: Bool, packed: Bool) throws {
    let (sandbox, _, commits) = try Self.source(bare: bare)
    if packed { try sandbox.git("gc", "--quiet", "--prune=now") }
    for (index, source) in [sandbox.path, "file://" + sandbox.path].enumerated() {
      let path = sandbox.folder + "/a/b/clone \(index)"
      let clone = try Store.clone(from: source, to: path, bare: bare)
      try Self.expectWhole(clone, at: path, of: commits, bare: bare)
      // What is committed there goes back by git.
      let made = try clone.commit(sample: Sample.reweight("flow", from: 5, to: 6 + Double(index)))
      try sandbox.git("-C", path, "push", "-q", sandbox.path, "main:refs/back/\(index)")
      #expect(try sandbox.id("refs/back/\(index)") == made.commit)
      // And a clone of a clone is one.
      let again = sandbox.folder + "/again \(index)"
      let second = try Store.clone(from: path, to: again)
      #expect(try second.head().commit == made.commit)
      #expect(try sandbox.git("-C", again, "fsck", "--strict", "--no-progress") == "")
    }
  }

  @Test func ofAPathWithSigns() throws {
    let (sandbox, _, commits) = try Self.source()
    let odd = sandbox.folder + "/50% off: ünïts"
    try FileManager.default.moveItem(atPath: sandbox.path, toPath: odd)
    try FileManager.default.createDirectory(atPath: sandbox.path, withIntermediateDirectories: true)
    for (index, source) in [
      odd, "file://" + odd.replacing("%", with: "%25").replacing(" ", with: "%20"),
      "file://localhost" + odd.replacing("%", with: "%25"),
    ].enumerated() {
      let path = sandbox.folder + "/clone\(index)"
      try Self.expectWhole(
        Store.clone(from: source, to: path), at: path, of: commits, bare: false)
    }
    expectStoreError(.invalidName) {
      _ = try Store.clone(from: "file://" + odd, to: sandbox.folder + "/x")
    }
    #expect(!FileManager.default.fileExists(atPath: sandbox.folder + "/x"))
  }

  @Test func toAFolderThatIsThereAndEmpty() throws {
    let (sandbox, _, commits) = try Self.source()
    let path = sandbox.folder + "/empty"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let number = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    let clone = try Store.clone(from: sandbox.path, to: path + "/")
    try Self.expectWhole(clone, at: path, of: commits, bare: false)
    // It is the same folder: somebody may be in it.
    #expect(
      try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int == number)
    let before = try sandbox.git("-C", path, "log", "--all", "--format=%H")
    expectStoreError(.exists) { _ = try Store.clone(from: sandbox.path, to: path) }
    #expect(try sandbox.git("-C", path, "log", "--all", "--format=%H") == before)
  }

  @Test func ofAnotherBranch() throws {
    let (sandbox, _, commits) = try Self.source()
    for bare in [false, true] {
      let path = sandbox.folder + "/clone-\(bare)"
      let clone = try Store.clone(from: sandbox.path, to: path, bare: bare, branch: "runs/seed-3")
      #expect(try clone.head().name == "runs/seed-3")
      #expect(try clone.head().commit == commits[1])
      #expect(try clone.pull("essay").commit == commits[1])
      let error = expectStoreError(.notFound) {
        _ = try Store.clone(from: sandbox.path, to: path + "2", bare: bare, branch: "nowhere")
      }
      #expect(
        error?.message == "the source has no branch `nowhere`; it has `main`, `runs/seed-3`")
      #expect(!FileManager.default.fileExists(atPath: path + "2"))
    }
    expectStoreError(.invalidName) {
      _ = try Store.clone(from: sandbox.path, to: sandbox.folder + "/c", branch: "a..b")
    }
  }

  @Test func ofARepositoryWithoutCommitsAndOfADetachedHead() throws {
    let empty = try GitSandbox()
    try empty.git("symbolic-ref", "HEAD", "refs/heads/trunk")
    let clone = try Store.clone(from: empty.path, to: empty.folder + "/clone")
    #expect(try clone.head().name == "trunk")
    #expect(try clone.head().commit == nil)
    let (sandbox, _, commits) = try Self.source()
    try sandbox.git("checkout", "-q", "--detach", commits[0].hex)
    let path = sandbox.folder + "/clone"
    let detached = try Store.clone(from: sandbox.path, to: path)
    #expect(try detached.headWords() == "commit \(commits[0].hex) at \(commits[0].hex)")
    #expect(try sandbox.git("-C", path, "status", "--porcelain") == "")
    #expect(try sandbox.git("-C", path, "fsck", "--strict", "--no-progress") == "")
  }

  /// Borrowed objects come along; a linked work tree has the branches of its repository.
  @Test func ofARepositoryWithAlternatesAndOfALinkedWorkTree() throws {
    let (sandbox, _, commits) = try Self.source(bare: true)
    let shared = sandbox.folder + "/shared"
    try sandbox.git("clone", "-q", "--shared", "--bare", sandbox.path, shared)
    let path = sandbox.folder + "/clone"
    let clone = try Store.clone(from: shared, to: path, bare: true)
    #expect(try clone.log().map(\.commit) == commits.reversed())
    #expect(!FileManager.default.fileExists(atPath: path + "/objects/info/alternates"))
    #expect(try sandbox.git("-C", path, "fsck", "--strict", "--no-progress") == "")
    try sandbox.git("worktree", "add", "-q", sandbox.folder + "/tree", "runs/seed-3")
    let side = try Store.clone(from: sandbox.folder + "/tree", to: sandbox.folder + "/side")
    #expect(try side.head().name == "runs/seed-3")
    #expect(try side.resolve("origin/main") == commits[2])
  }

  /// Every object is verified on the way, and a clone that fails leaves nothing.
  @Test(arguments: ["cut", "flipped", "gone"])
  func ofADamagedRepository(_ damage: String) throws {
    let (sandbox, _, commits) = try Self.source(bare: true)
    for revision in [
      commits[0].hex, "\(commits[1].hex)^{tree}", "main:rubrics", "main~1:rubrics/essay.yaml",
      "heavy", "refs/notes/rubric-metrics",
    ] {
      let file = sandbox.looseFile(try sandbox.id(revision))
      let bytes = try #require(FileManager.default.contents(atPath: file))
      var damaged = bytes
      if damage == "cut" { damaged = bytes.prefix(bytes.count / 2) }
      if damage == "flipped" { damaged[bytes.count / 2] ^= 0x10 }
      try FileManager.default.removeItem(atPath: file)
      if damage != "gone" {
        try #require(FileManager.default.createFile(atPath: file, contents: damaged))
      }
      let kept = sandbox.folder + "/kept"
      try FileManager.default.createDirectory(atPath: kept, withIntermediateDirectories: true)
      for path in [sandbox.folder + "/new/deep", kept] {
        let error = #expect(throws: StoreError.self, "\(revision)") {
          try Store.clone(from: sandbox.path, to: path, bare: true)
        }
        #expect(
          error?.code == (damage == "gone" ? .notFound : .corrupt), "\(String(describing: error))")
      }
      #expect(!FileManager.default.fileExists(atPath: sandbox.folder + "/new"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: kept) == [])
      try? FileManager.default.removeItem(atPath: file)
      try #require(FileManager.default.createFile(atPath: file, contents: bytes))
    }
  }

  @Test func ofWhatIsNone() throws {
    let (sandbox, _, _) = try Self.source()
    let shallow = sandbox.folder + "/shallow"
    try sandbox.git("clone", "-q", "--depth=1", "file://" + sandbox.path, shallow)
    let other = sandbox.folder + "/sha256"
    try sandbox.git("init", "-q", "--object-format=sha256", other)
    try FileManager.default.createDirectory(
      atPath: sandbox.folder + "/plain", withIntermediateDirectories: true)
    let path = sandbox.folder + "/clone"
    for (source, code) in [
      (shallow, StoreError.Code.refused), (other, .refused),
      (sandbox.folder + "/plain", .notARepository), (sandbox.folder + "/nowhere", .notARepository),
      ("", .invalidName), ("a\0b", .invalidName), ("ftp://example.org/x", .invalidName),
      ("ext::sh -c id", .transport), ("file://elsewhere/x", .invalidName),
      ("file:///a%zz", .invalidName), ("file:///a%00b", .invalidName),
      ("https://", .transport), ("git://127.0.0.1:1/x", .transport),
      (String(repeating: "a", count: 100_000), .invalidName),
    ] {
      expectStoreError(code, source) { _ = try Store.clone(from: source, to: path) }
      #expect(!FileManager.default.fileExists(atPath: path), "\(source)")
    }
    for path in ["", "a\0b", sandbox.path + "/rubrics/essay.yaml", sandbox.path] {
      let before = try sandbox.files()
      #expect(throws: StoreError.self, "\(path)") {
        try Store.clone(from: sandbox.path, to: path)
      }
      #expect(try sandbox.files() == before)
    }
  }

  /// libgit2's own walk would end the process on trees as deep as this.
  @Test func ofATreeThatIsDeep() throws {
    let sandbox = try GitSandbox(bare: true)
    let path = Array(repeating: "d", count: 1_500).joined(separator: "/") + "/f"
    try sandbox.git(
      ["fast-import", "--quiet"],
      input: Array(
        """
        commit refs/heads/main
        committer C <c@example.org> 1700000000 +0000
        data 0
        M 644 inline \(path)
        data 1
        x

        """.utf8))
    let clone = try Store.clone(from: sandbox.path, to: sandbox.folder + "/clone", bare: true)
    #expect(try clone.rubrics() == [])
    #expect(
      try sandbox.git("-C", sandbox.folder + "/clone", "rev-list", "--objects", "main")
        == sandbox.git("rev-list", "--objects", "main"))
  }

  @Test(
    .enabled(if: GitDaemon.program != nil, "git came without `git daemon`"),
    arguments: [false, true])
  func overTheNetwork(bare: Bool) throws {
    let (sandbox, store, commits) = try Self.source()
    let daemon = try GitDaemon(serving: sandbox.folder)
    let path = sandbox.folder + "/clone"
    let clone = try Store.clone(from: daemon.url + "/repository", to: path, bare: bare)
    try Self.expectWhole(clone, at: path, of: commits, bare: bare)
    #expect(
      try sandbox.git("-C", path, "config", "remote.origin.url") == daemon.url + "/repository")
    // git goes on from there.
    let next = try store.commit(sample: Sample.reweight("flow", from: 5, to: 6)).commit
    try sandbox.git("-C", path, "fetch", "-q", "origin", "main")
    #expect(try clone.resolve("FETCH_HEAD") == next)
    let error = expectStoreError(.transport) {
      _ = try Store.clone(from: daemon.url + "/nowhere", to: sandbox.folder + "/x")
    }
    #expect(error?.message.contains("\(daemon.url)/nowhere") == true)
    let branch = expectStoreError(.notFound) {
      _ = try Store.clone(
        from: daemon.url + "/repository", to: sandbox.folder + "/x", bare: bare, branch: "gone")
    }
    #expect(branch?.message.contains("it has `main`, `runs/seed-3`") == true)
    #expect(!FileManager.default.fileExists(atPath: sandbox.folder + "/x"))
  }

  @Test(.enabled(if: GitDaemon.program != nil, "git came without `git daemon`"))
  func ofAnEmptyRepositoryOverTheNetwork() throws {
    let sandbox = try GitSandbox(bare: true)
    let daemon = try GitDaemon(serving: sandbox.folder)
    let clone = try Store.clone(
      from: daemon.url + "/repository", to: sandbox.folder + "/clone")
    #expect(try clone.head().commit == nil)
    #expect(try clone.rubrics() == [])
  }

  /// No server keeps a clone waiting for ever, and no password gets into an error.
  @Test func ofAServerThatIsSilent() throws {
    let sandbox = try GitSandbox(initialise: false)
    let server = try SilentServer()
    let patience = TimedSocket.patience
    TimedSocket.patience = 1
    defer { TimedSocket.patience = patience }
    for scheme in ["git", "http", "https"] {
      let start = ContinuousClock.now
      let error = expectStoreError(.transport, scheme) {
        _ = try Store.clone(
          from: "\(scheme)://someone:secret@127.0.0.1:\(server.port)/x",
          to: sandbox.folder + "/clone")
      }
      #expect(ContinuousClock.now - start < .seconds(30), "\(scheme)")
      #expect(error.map { "\($0)".contains("secret") } == false, "\(scheme)")
      #expect(error?.message.contains("127.0.0.1:\(server.port)") == true, "\(scheme)")
      #expect(!FileManager.default.fileExists(atPath: sandbox.folder + "/clone"))
    }
    // A URL that libgit2 does not understand and repeats, secrets and all.
    for url in ["https://me:secret@127.0.0.1:/x", "ssh://me:secret@127.0.0.1:/x"] {
      let error = expectStoreError(.transport, url) {
        _ = try Store.clone(from: url, to: sandbox.folder + "/clone")
      }
      #expect(error.map { "\($0)".contains("secret") } == false, "\(String(describing: error))")
    }
    let port = try SilentServer.freePort()
    let refused = expectStoreError(.transport) {
      _ = try Store.clone(from: "git://127.0.0.1:\(port)/x", to: sandbox.folder + "/clone")
    }
    #expect(refused?.message.contains("Connection refused") == true)
  }
}
