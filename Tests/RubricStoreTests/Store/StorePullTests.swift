import Foundation
import RubricStore
import Testing

@Suite struct StorePullTests {
  /// Five versions of the essay rubric; the weight of `flow` says which.
  private static func versions(bare: Bool = false) throws -> (GitSandbox, Store, [ObjectID]) {
    let (sandbox, store) = try GitSandbox.withEssay(bare: bare)
    var commits = [try sandbox.id("HEAD")]
    for weight in 4...7 {
      let update = Sample.reweight("flow", from: Double(weight - 1), to: Double(weight))
      commits.append(try store.commit(sample: update).commit)
    }
    return (sandbox, store, commits)
  }

  private static func weight(_ pin: Pin) -> Double? { pin.rubric.criterion("flow")?.weight }

  @Test func byAnyNameOfGit() throws {
    let (sandbox, store, commits) = try Self.versions()
    try sandbox.git("tag", "light", commits[1].hex)
    try sandbox.git("tag", "-a", "-m", "why", "heavy", commits[2].hex)
    try sandbox.git("branch", "runs/seed-3", commits[3].hex)
    for (revision, index) in [
      (commits[0].hex, 0), (commits[0].prefix(12), 0), (commits[1].prefix(7), 1), ("HEAD", 4),
      ("main", 4), ("refs/heads/main", 4), ("heads/main", 4), ("main~3", 1), ("main^^", 2),
      ("main@{1}", 3), ("@{2}", 2), ("light", 1), ("heavy", 2), ("heavy^{commit}", 2),
      ("heavy~1", 1), ("tags/heavy", 2), ("runs/seed-3", 3), (":/create", -1), ("@", 4),
    ] where index >= 0 {
      #expect(try store.resolve(revision) == commits[index], "\(revision)")
      #expect(try sandbox.id(revision + "^{commit}") == commits[index], "\(revision)")
      let pin = try store.pull("essay", at: revision)
      #expect(pin.commit == commits[index], "\(revision)")
      #expect(Self.weight(pin) == Double(3 + index), "\(revision)")
      #expect(try store.pull("essay@" + revision).commit == commits[index], "\(revision)")
    }
    #expect(try store.pull("").commit == commits[4])
    #expect(try store.pull("essay").commit == commits[4])
    #expect(try store.pull("@main~1").commit == commits[3])
    #expect(try store.pull("main@{1}").commit == commits[3])
    #expect(try store.pull("@{1}").commit == commits[3])
    #expect(try store.pull("light").commit == commits[1])
  }

  @Test func ofNamesThatAreNone() throws {
    let (sandbox, store, commits) = try Self.versions(bare: true)
    for revision in [
      "nowhere", String(repeating: "0", count: 40), "0123456789ab", "main~9", "main^2", "v1",
    ] {
      expectStoreError(.notFound, revision) { _ = try store.pull("essay", at: revision) }
    }
    for revision in ["main^{tree}", "main:rubrics/essay.yaml"] {
      let error = #expect(throws: StoreError.self, "\(revision)") {
        try store.pull("essay", at: revision)
      }
      #expect(error?.message.contains("names no commit") == true)
    }
    for revision in [
      "", "a\0b", "main..", "ma in", "@{", "main@{nonsense", "^", "~", "-x", "\u{7F}",
    ] {
      #expect(throws: StoreError.self, "\(revision)") { try store.resolve(revision) }
    }
    #expect(throws: StoreError.self) { try store.resolve(String(repeating: "a", count: 100_000)) }
    let blob = try sandbox.id("main:rubrics/essay.yaml")
    #expect(throws: StoreError.self) { try store.pull("essay", at: blob.hex) }
    let mistyped = expectStoreError(.notFound) { _ = try store.pull("essay", at: "mian") }
    #expect(mistyped?.hint == "did you mean `main`?")
    let other = expectStoreError(.notFound) { _ = try store.pull("esay") }
    #expect(other?.hint == "did you mean `essay`?")
    expectStoreError(.notFound) { _ = try store.pull("report", at: "main") }
    // A branch that is gone; its commits are still there.
    try sandbox.git("branch", "gone", commits[1].hex)
    #expect(try store.pull("essay", at: "gone").commit == commits[1])
    try sandbox.git("branch", "-D", "gone")
    expectStoreError(.notFound) { _ = try store.pull("essay", at: "gone") }
    #expect(try store.pull("essay", at: commits[1].hex).commit == commits[1])
  }

  @Test func ofAnAmbiguousPrefix() throws {
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    var seen: [String: ObjectID] = [:]
    var pair: (ObjectID, ObjectID)?
    for number in 0..<4_000 where pair == nil {
      let commit = try repository.testCommit("commit \(number)")
      if let other = seen.updateValue(commit, forKey: commit.prefix(4)) { pair = (other, commit) }
    }
    let (first, second) = try #require(pair)
    let error = expectStoreError(.ambiguous) { _ = try sandbox.store().resolve(first.prefix(4)) }
    #expect(error?.hint?.contains(first.hex) == true)
    #expect(error?.hint?.contains(second.hex) == true)
    #expect(try sandbox.store().resolve(first.prefix(12)) == first)
  }

  /// A word that is a rubric and a branch is not guessed at.
  @Test func ofAWordThatIsTwoThings() throws {
    let (sandbox, store, commits) = try Self.versions()
    try sandbox.git("branch", "essay", commits[0].hex)
    let error = expectStoreError(.ambiguous) { _ = try store.pull("essay") }
    #expect(error?.hint == "write `essay@` for the rubric and `@essay` for the revision")
    #expect(try store.pull("essay@").commit == commits[4])
    #expect(try store.pull("@essay").commit == commits[0])
    #expect(try store.pull("essay@essay").commit == commits[0])
    expectStoreError(.invalidName) { _ = try store.pull("Essay Rubric@main") }
  }

  @Test func isTheSameFromTheCache() throws {
    let (sandbox, store, commits) = try Self.versions(bare: true)
    let first = try store.pull("essay", at: commits[2].hex)
    let again = try store.pull("essay", at: "main~2")
    let fresh = try sandbox.store().pull("essay", at: commits[2].hex)
    for pin in [again, fresh] {
      #expect(pin.rubric == first.rubric)
      #expect(pin.text == first.text)
      #expect(pin.commit == first.commit)
    }
    #expect(String(decoding: first.text, as: UTF8.self).contains("weight:   5  # of ten"))
    // The text is the stored blob, byte for byte.
    #expect(
      try sandbox.gitBytes(["cat-file", "blob", "\(commits[2].hex):rubrics/essay.yaml"])
        == first.text)
    // A branch that moves is looked up anew.
    #expect(Self.weight(try store.pull("essay", at: "main")) == 7)
    try sandbox.store().commit(sample: Sample.reweight("flow", from: 7, to: 8))
    #expect(Self.weight(try store.pull("essay", at: "main")) == 8)
  }

  @Test func cacheHasABound() throws {
    let (sandbox, store) = try GitSandbox.withEssay(bare: true)
    var commits: [ObjectID] = []
    for index in 0..<300 {
      let update = Sample.reweight("flow", from: Double(index + 3), to: Double(index + 4))
      commits.append(try store.commit(sample: update).commit)
    }
    for round in 0..<2 {
      for (index, commit) in commits.enumerated() {
        let weight = Self.weight(try store.pull("essay", at: commit.hex))
        #expect(weight == Double(index + 4), "round \(round)")
      }
    }
    #expect(try sandbox.fsck() == "")
  }

  /// Damage is told, and never a rubric.
  @Test(arguments: ["cut", "empty", "flipped", "other", "gone"])
  func ofADamagedObject(_ damage: String) throws {
    let (sandbox, _, commits) = try Self.versions(bare: true)
    let objects = try [
      commits[2], sandbox.id("\(commits[2].hex)^{tree}"), sandbox.id("\(commits[2].hex):rubrics"),
      sandbox.id("\(commits[2].hex):rubrics/essay.yaml"),
    ]
    let other = try sandbox.id("main:rubrics/essay.yaml")
    for object in objects {
      let file = sandbox.looseFile(object)
      let bytes = try #require(FileManager.default.contents(atPath: file))
      var damaged = bytes
      switch damage {
      case "cut": damaged = bytes.prefix(bytes.count - 7)
      case "empty": damaged = Data()
      case "flipped": damaged[bytes.count / 2] ^= 0x10
      case "other":
        damaged = try #require(FileManager.default.contents(atPath: sandbox.looseFile(other)))
      default: break
      }
      try FileManager.default.removeItem(atPath: file)
      if damage != "gone" {
        try #require(FileManager.default.createFile(atPath: file, contents: damaged))
      }
      let store = try sandbox.store()
      let error = #expect(throws: StoreError.self) {
        try store.pull("essay", at: commits[2].hex)
      }
      #expect(
        error?.code == .corrupt || damage == "gone" && error?.code == .notFound
          // A whole object of another kind under the name.
          || damage == "other" && error?.code == .git,
        "\(String(describing: error))")
      // Others are as they were, and a log ends in the damage and not in a crash.
      #expect(Self.weight(try store.pull("essay", at: "main")) == 7)
      _ = try? store.log()
      try? FileManager.default.removeItem(atPath: file)
      try #require(FileManager.default.createFile(atPath: file, contents: bytes))
      #expect(Self.weight(try store.pull("essay", at: commits[2].hex)) == 5)
    }
    #expect(try sandbox.fsck() == "")
  }

  /// What is in the place of a rubric's file and is none.
  @Test func ofWhatIsNoRubric() throws {
    let sandbox = try GitSandbox()
    let store = try sandbox.store()
    try FileManager.default.createDirectory(
      atPath: sandbox.path + "/rubrics", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: sandbox.path + "/rubrics/link.yaml", withDestinationPath: "/etc/passwd")
    try sandbox.write("rubrics/folder.yaml/x", "x\n")
    try sandbox.write("rubrics/other.yaml", Sample.essay)
    try sandbox.write("rubrics/broken.yaml", "schema: [\n")
    try sandbox.write("rubrics/Big.yaml", Sample.essay)
    try sandbox.write("rubrics/essay.yml", Sample.essay)
    try sandbox.write("rubrics/deep/essay.yaml", Sample.essay)
    try sandbox.git("add", "-A")
    try sandbox.git("commit", "-qm", "all sorts")
    #expect(try store.rubrics() == ["broken", "other"])
    #expect(throws: StoreError.self) { try store.pull("link") }
    #expect(throws: StoreError.self) { try store.pull("folder") }
    let error = expectStoreError(.invalidDocument) { _ = try store.pull("other") }
    #expect(error?.findings.first?.path == "id")
    #expect(
      expectStoreError(.invalidDocument) { _ = try store.pull("broken") }?.findings.isEmpty == false
    )
    #expect(try store.log().map(\.rubric) == ["broken", "other"])
  }

  /// A pull of what git packed, and of a repository with alternates.
  @Test func fromPacks() throws {
    let (sandbox, _, commits) = try Self.versions(bare: true)
    try sandbox.git("gc", "--quiet", "--prune=now")
    let store = try sandbox.store()
    for (index, commit) in commits.enumerated() {
      #expect(Self.weight(try store.pull("essay", at: commit.hex)) == Double(3 + index))
    }
    try sandbox.git("clone", "-q", "--shared", "--bare", sandbox.path, sandbox.folder + "/shared")
    let shared = try Store.open(sandbox.folder + "/shared")
    #expect(Self.weight(try shared.pull("essay", at: commits[1].hex)) == 4)
    let worktree = sandbox.folder + "/tree"
    try sandbox.git("worktree", "add", "-q", "-b", "side", worktree)
    let side = try Store.open(worktree)
    #expect(try side.head().name == "side")
    let outcome = try side.commit(sample: Sample.reweight("flow", from: 7, to: 9))
    #expect(outcome.branch == "side")
    #expect(outcome.workTreeNote == nil)
    #expect(try sandbox.git("-C", worktree, "status", "--porcelain") == "")
    #expect(Self.weight(try store.pull("essay", at: "side")) == 9)
  }
}
