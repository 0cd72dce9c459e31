import RubricStore
import Testing

@Suite struct GitRevisionTests {
  @Test func revisionsAreWhatGitTakesThemFor() throws {
    let sandbox = try GitSandbox()
    var ids: [ObjectID] = []
    for number in 0..<5 { ids.append(try sandbox.gitCommit("commit \(number)")) }
    try sandbox.git("checkout", "--quiet", "-b", "side", ids[1].hex)
    try sandbox.gitCommit("side", file: "side.txt")
    try sandbox.git("checkout", "--quiet", "main")
    try sandbox.git("merge", "--quiet", "--no-edit", "side")
    try sandbox.git("tag", "light", ids[2].hex)
    try sandbox.git("tag", "-a", "-m", "x", "heavy", ids[3].hex)
    let repository = try sandbox.open()
    for revision in [
      "HEAD", "main", "main~3", "HEAD^", "HEAD^2", "HEAD^2~1", "light", "heavy", "heavy~1", "@",
      "main@{1}", "@{1}", "refs/heads/main", "heads/main", ids[0].hex, ids[0].prefix(10),
      ids[0].prefix(10).uppercased(), "heavy^{}", "heavy^{commit}",

      "HEAD~0", try sandbox.git("describe", "HEAD"), try sandbox.git("describe", "HEAD") + "~1",
      "tags/light",
    ] {
      let mine = try repository.resolve(revision)
      let gits = try sandbox.id(revision + "^{commit}")
      #expect(mine == gits, "\(revision)")
    }
  }

  @Test func otherRevisionsAreRefused() throws {
    let sandbox = try GitSandbox()
    try sandbox.gitCommit("one")
    try sandbox.git("tag", "tree", "HEAD^{tree}")
    let repository = try sandbox.open()
    for (revision, code) in [
      ("", .invalid), (String(repeating: "x", count: 1025), .invalid), ("a\u{0}b", .invalid),
      ("nothing", .notFound), ("main~1", .notFound), ("HEAD^2", .notFound),
      (String(repeating: "1", count: 40), .notFound), ("main@{99}", .notFound),
      ("HEAD~99999999999999999999", .invalid), ("HEAD^{", .invalid),
      ("HEAD^{tree}", .wrongKind), ("HEAD:rubrics", .wrongKind), ("tree", .wrongKind),
      (":rubrics/essay.yaml", .invalid), (":/one", .invalid), ("HEAD^{/one}", .invalid),
      ("1234", .notFound),
      ("nothing-1-g1234", .notFound), ("-g", .notFound), ("x-1-g", .notFound), ("é", .notFound),
    ] as [(String, GitError.Code)] {
      do {
        let id = try repository.resolve(revision)
        Issue.record("\(quoted(revision)) is \(id)")
      } catch {
        #expect(error.code == code, "\(quoted(revision)): \(error)")
      }
    }
    let strange = [
      "..", "main..main", "^main", "main^^^^^^^^^^^^^", "@{-1}", "@{upstream}",
      "~", "^", ":", "@{", "-1", "--all", "\u{1B}[31m", "é",
      "HEAD^-1",
    ]
    for revision in strange {
      #expect(throws: GitError.self, "\(quoted(revision))") { _ = try repository.resolve(revision) }
    }
  }

  private func quoted(_ text: String) -> String { text.debugDescription }

  @Test func anEmptyRepositoryHasNoRevisions() throws {
    let sandbox = try GitSandbox()
    let repository = try sandbox.open()
    for revision in ["HEAD", "main", "@", "HEAD~1"] {
      expectGitError(.notFound) { _ = try repository.resolve(revision) }
    }
  }

  @Test(arguments: [false, true]) func aPrefixOfSeveralCommitsIsAmbiguous(_ packed: Bool) throws {
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    // Commits until two share four digits: a few hundred.
    var seen: [String: ObjectID] = [:]
    var pair: [ObjectID] = []
    for seconds in 1_700_000_000... {
      let id = try repository.testCommit("x", seconds: Int64(seconds))
      if let other = seen.updateValue(id, forKey: id.prefix(4)) {
        pair = [other, id].sorted()
        break
      }
    }
    for id in pair { try repository.move(id.prefix(12), to: id, expecting: nil) }
    if packed { try sandbox.git("gc", "--quiet", "--prune=now") }
    let prefix = pair[0].prefix(4)
    let error = expectGitError(.ambiguous) { _ = try repository.resolve(prefix) }
    #expect(error?.objects == pair)
    #expect(error?.message.contains(pair[1].hex) == true)
    expectGitError(.ambiguous) { _ = try repository.resolve(prefix + "^{commit}") }
    let candidates = try repository.objects(withPrefix: prefix)
    #expect(candidates.starts(with: pair))
    var length = 5
    while pair[0].prefix(length) == pair[1].prefix(length) { length += 1 }
    let unique = try repository.resolve(pair[0].prefix(length))
    #expect(unique == pair[0])
    expectGitError(.invalid) { _ = try repository.objects(withPrefix: "abc") }
    expectGitError(.invalid) { _ = try repository.objects(withPrefix: "abcx") }
  }

  @Test func aPrefixOfOneCommitAndABlobIsTheCommit() throws {
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    let commit = try repository.testCommit("one")
    let child = try repository.testCommit("two", parents: [commit])
    var twin: ObjectID?
    for number in 0... {
      let bytes = Array("\(number)".utf8)
      guard try GitRepository.blobID(of: bytes).prefix(4) == child.prefix(4) else { continue }
      twin = try repository.writeBlob(bytes)
      break
    }
    let found = try repository.resolve(child.prefix(4))
    #expect(found == child)
    let parent = try repository.resolve(child.prefix(4) + "~1")
    #expect(parent == commit)
    // Two blobs' and no commit's prefix names both.
    let objects = try repository.objects(withPrefix: child.prefix(4))
    #expect(objects == [child] + [twin].compactMap { $0 })
  }
}
