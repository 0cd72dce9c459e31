import Foundation
import RubricStore
import Testing

@Suite struct StoreReferenceTests {
  private static func history() throws -> (GitSandbox, Store) {
    let (sandbox, store) = try GitSandbox.withEssay()
    for weight in 4...6 {
      try store.commit(
        sample: Sample.reweight("flow", from: Double(weight - 1), to: Double(weight)))
    }
    return (sandbox, store)
  }

  @Test func branches() throws {
    let (sandbox, store) = try Self.history()
    let branch = try store.createBranch("runs/seed-3", at: "main~2")
    #expect(branch.tip == (try sandbox.id("main~2")))
    try store.createBranch("b")
    #expect(try store.branches().map(\.name) == ["b", "main", "runs/seed-3"])
    #expect(try store.branches().map(\.isCheckedOut) == [false, true, false])
    #expect(
      try sandbox.lines("branch", "--format=%(refname:short)") == ["b", "main", "runs/seed-3"])
    expectStoreError(.exists) { try store.createBranch("b", at: "main~1") }
    #expect(try sandbox.id("b") == sandbox.id("main"))
    expectStoreError(.notFound) { try store.createBranch("c", at: "nowhere") }
    for name in ["", "a b", "-x", "a..b", "x.lock", "HEAD~1", "a\0b", "\u{1B}", "b/"] {
      #expect(throws: StoreError.self, "\(name)") { try store.createBranch(name) }
    }
    // A branch cannot be a folder of another.
    #expect(throws: StoreError.self) { try store.createBranch("b/c") }
    #expect(throws: StoreError.self) { try store.createBranch("runs") }
    #expect(try store.branches().count == 3)
  }

  @Test func deletingBranches() throws {
    let (sandbox, store) = try Self.history()
    try store.createBranch("merged", at: "main~1")
    try store.createBranch("ahead")
    try store.commit(sample: Sample.reweight("flow", from: 6, to: 7), to: "ahead")
    expectStoreError(.refused) { try store.deleteBranch("main") }
    expectStoreError(.refused) { try store.deleteBranch("main", isForced: true) }
    let error = expectStoreError(.refused) { try store.deleteBranch("ahead") }
    #expect(error?.message.contains(try sandbox.id("ahead").prefix(12)) == true)
    #expect(try store.deleteBranch("merged").tip == sandbox.id("main~1"))
    let tip = try sandbox.id("ahead")
    #expect(try store.deleteBranch("ahead", isForced: true).tip == tip)
    let gone = expectStoreError(.notFound) { try store.deleteBranch("man") }
    #expect(gone?.hint == "did you mean `main`?")
    #expect(try store.branches().map(\.name) == ["main"])
    #expect(try store.pull("essay", at: tip.hex).commit == tip)
    try sandbox.git("pack-refs", "--all")
    try store.createBranch("packed")
    try sandbox.git("pack-refs", "--all")
    try store.deleteBranch("packed")
    #expect(try sandbox.lines("branch", "--format=%(refname:short)") == ["main"])
  }

  @Test func tags() throws {
    let (sandbox, store) = try Self.history()
    let light = try store.createTag("light", at: "main~1")
    #expect(light.message == nil)
    let heavy = try store.createTag(
      "v1.0", at: "main~2", message: "As printed\n\nIn \"full\".", tagger: Sample.author)
    #expect(heavy.commit == (try sandbox.id("main~2")))
    #expect(try sandbox.git("cat-file", "-t", "light") == "commit")
    #expect(try sandbox.git("cat-file", "-t", "v1.0") == "tag")
    #expect(
      try sandbox.git("tag", "-l", "--format=%(taggername) %(contents:subject)", "v1.0")
        == "Ada Löwe As printed")
    #expect(try store.tags().map(\.name) == ["light", "v1.0"])
    #expect(try store.tags().last?.message == "As printed\n\nIn \"full\".\n")
    #expect(try store.pull("essay", at: "v1.0").commit == heavy.commit)
    expectStoreError(.exists) { try store.createTag("light") }
    expectStoreError(.exists) { try store.createTag("v1.0", message: "x", tagger: Sample.author) }
    expectStoreError(.notFound) { try store.createTag("t", at: "nowhere") }
    for name in ["", "a b", "-x", "a..b"] {
      #expect(throws: StoreError.self, "\(name)") { try store.createTag(name) }
    }
    // A tag of no commit is listed, and pulled from it cannot be.
    try sandbox.git("tag", "blob", try sandbox.id("main:rubrics/essay.yaml").hex)
    #expect(try store.tags().first?.commit == nil)
    #expect(throws: StoreError.self) { try store.pull("essay", at: "blob") }
    #expect(try store.deleteTag("blob").name == "blob")
    #expect(try store.deleteTag("v1.0").commit == heavy.commit)
    expectStoreError(.notFound) { try store.deleteTag("v1.0") }
    #expect(try sandbox.lines("tag") == ["light"])
    #expect(try sandbox.fsck() == "")
  }

  @Test func switching() throws {
    let (sandbox, store) = try Self.history()
    try store.createBranch("old", at: "main~3")
    try sandbox.gitCommit("a file of others", file: "README", content: "x\n")
    try store.switchTo("old")
    #expect(try store.head().name == "old")
    #expect(sandbox.read(GitSandbox.file) == Sample.essay)
    #expect(sandbox.read("README") == nil)
    #expect(try sandbox.status() == "")
    try store.commit(sample: Sample.reweight("depth", from: 1, to: 2))
    try store.switchTo("main")
    #expect(sandbox.read("README") == "x\n")
    #expect(try sandbox.status() == "")
    expectStoreError(.notFound) { try store.switchTo("nowhere") }
    expectStoreError(.notFound) { try store.switchTo("HEAD") }
    // What would be lost is named, and kept.
    try sandbox.write(GitSandbox.file, "half written")
    try sandbox.write("README", "changed\n")
    let error = expectStoreError(.dirty) { try store.switchTo("old") }
    #expect(error?.hint?.contains(GitSandbox.file) == true)
    #expect(error?.hint?.contains("README") == true)
    #expect(try store.head().name == "main")
    #expect(sandbox.read(GitSandbox.file) == "half written")
    #expect(sandbox.read("README") == "changed\n")
    // A bare store has only a HEAD to move.
    try sandbox.git("clone", "-q", "--bare", sandbox.path, sandbox.folder + "/bare")
    let bare = try Store.open(sandbox.folder + "/bare")
    try bare.switchTo("old")
    #expect(try bare.head().name == "old")
  }
}
