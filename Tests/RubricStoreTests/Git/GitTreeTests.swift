import Foundation
import RubricStore
import Testing

@Suite struct GitTreeTests {
  @Test func anEditKeepsAllElse() throws {
    let sandbox = try GitSandbox()
    try sandbox.write("README.md", "read me\n")
    try sandbox.write("rubrics/other.yaml", "other\n")
    try sandbox.write("rubrics/tool.sh", "tool\n")
    try sandbox.write("rubrics.txt", "sorts between\n")
    try sandbox.git("add", ".")
    try sandbox.git("update-index", "--chmod=+x", "rubrics/tool.sh")
    let link = try sandbox.git(["hash-object", "-w", "--stdin"], input: Array("/etc/passwd".utf8))
    try sandbox.git("update-index", "--add", "--cacheinfo", "120000,\(link),rubrics/link.yaml")
    try sandbox.git("update-index", "--add", "--cacheinfo", "160000,\(link),sub")
    let base = try sandbox.id(try sandbox.git("write-tree"))
    let repository = try sandbox.open()
    let blob = try repository.writeBlob(Array("new\n".utf8))
    let result = try repository.writeTree(
      from: base,
      edits: [
        TreeEdit(path: try RepositoryPath("rubrics/essay.yaml"), blob: blob),
        TreeEdit(path: try RepositoryPath("rubrics/tool.sh"), blob: blob),
        TreeEdit(path: try RepositoryPath("deep/er/x.yaml"), blob: blob),
      ])
    try repository.verify(result.written)
    #expect(result.written.count == 4)
    #expect(result.written.last == result.root)
    let lines = try sandbox.git("ls-tree", "-r", result.root.hex)
    let before = Set(try sandbox.git("ls-tree", "-r", base.hex).split(separator: "\n"))
    let after = Set(lines.split(separator: "\n"))
    #expect(before.subtracting(after).count == 1)
    #expect(after.contains("100755 blob \(blob)\trubrics/tool.sh"))
    #expect(after.contains("100644 blob \(blob)\trubrics/essay.yaml"))
    #expect(after.contains("100644 blob \(blob)\tdeep/er/x.yaml"))
    #expect(after.contains("120000 blob \(link)\trubrics/link.yaml"))
    #expect(try sandbox.fsck().isEmpty)
    // git itself writes the same tree.
    try sandbox.git("read-tree", base.hex)
    for name in [
      "100644,\(blob),rubrics/essay.yaml", "100755,\(blob),rubrics/tool.sh",
      "100644,\(blob),deep/er/x.yaml",
    ] {
      try sandbox.git("update-index", "--add", "--cacheinfo", name)
    }
    #expect(try sandbox.git("write-tree") == result.root.hex)
  }

  @Test func removingTheLastFileRemovesItsFolder() throws {
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    let blob = try repository.writeBlob([1])
    let first = try RepositoryPath("a/b/c")
    let second = try RepositoryPath("d")
    let both = try repository.writeTree(
      from: nil, edits: [TreeEdit(path: first, blob: blob), TreeEdit(path: second, blob: blob)])
    let one = try repository.writeTree(from: both.root, edits: [TreeEdit(path: first, blob: nil)])
    #expect(try sandbox.git("ls-tree", "--name-only", one.root.hex) == "d")
    let none = try repository.writeTree(from: one.root, edits: [TreeEdit(path: second, blob: nil)])
    #expect(none.root.hex == "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
    try repository.verify(none.written)
    expectGitError(.notFound) {
      _ = try repository.writeTree(from: one.root, edits: [TreeEdit(path: first, blob: nil)])
    }
    let same = try repository.writeTree(from: both.root, edits: [])
    #expect(same.root == both.root)
  }

  @Test func editsThatClashAreRefused() throws {
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    let blob = try repository.writeBlob([1])
    func edits(_ paths: String...) throws -> [TreeEdit] {
      try paths.map { TreeEdit(path: try RepositoryPath($0), blob: blob) }
    }
    expectGitError(.invalid) { _ = try repository.writeTree(from: nil, edits: edits("a", "a")) }
    expectGitError(.invalid) { _ = try repository.writeTree(from: nil, edits: edits("a", "a/b")) }
    expectGitError(.invalid) { _ = try repository.writeTree(from: nil, edits: edits("a/b", "a")) }
    expectGitError(.notFound) {
      _ = try repository.writeTree(
        from: nil, edits: [TreeEdit(path: try RepositoryPath("a"), blob: .zero)])
    }
    let tree = try repository.writeTree(from: nil, edits: edits("a/b")).root
    expectGitError(.wrongKind) { _ = try repository.writeTree(from: tree, edits: edits("a")) }
    expectGitError(.wrongKind) { _ = try repository.writeTree(from: tree, edits: edits("a/b/c")) }
    expectGitError(.wrongKind) {
      _ = try repository.writeTree(
        from: nil, edits: [TreeEdit(path: try RepositoryPath("a"), blob: tree)])
    }
  }

  @Test func linksAndSubmodulesAreNotFollowed() throws {
    let sandbox = try GitSandbox()
    let link = try sandbox.git(["hash-object", "-w", "--stdin"], input: Array("/etc".utf8))
    try sandbox.git("update-index", "--add", "--cacheinfo", "120000,\(link),rubrics")
    try sandbox.git("update-index", "--add", "--cacheinfo", "120000,\(link),one.yaml")
    try sandbox.git("update-index", "--add", "--cacheinfo", "160000,\(link),sub")
    let tree = try sandbox.id(try sandbox.git("write-tree"))
    let repository = try sandbox.open()
    for text in ["rubrics/essay.yaml", "rubrics", "one.yaml", "sub", "sub/x"] {
      let path = try RepositoryPath(text)
      let error = expectGitError(.wrongKind) { _ = try repository.entry(at: path, inTree: tree) }
      #expect(
        error?.message.contains(text.hasPrefix("sub") ? "a submodule" : "a symbolic link") == true)
      expectGitError(.wrongKind) {
        let blob = try repository.writeBlob([1])
        _ = try repository.writeTree(from: tree, edits: [TreeEdit(path: path, blob: blob)])
      }
    }
    let kinds = try repository.entries(ofTree: tree).map(\.kind)
    #expect(kinds == [.symbolicLink, .symbolicLink, .submodule])
  }

  @Test func entriesAreFoundByPath() throws {
    let sandbox = try GitSandbox()
    let commit = try sandbox.gitCommit("one")
    let repository = try sandbox.open()
    let tree = try repository.commit(commit).tree
    let file = try repository.entry(at: try RepositoryPath("rubrics/essay.yaml"), inTree: tree)
    #expect(file?.kind == .file)
    #expect(file?.id == (try sandbox.id("HEAD:rubrics/essay.yaml")))
    let folder = try repository.entry(at: try RepositoryPath("rubrics"), inTree: tree)
    #expect(folder?.kind == .folder)
    for absent in ["rubrics/other.yaml", "nothing", "nothing/at/all"] {
      let entry = try repository.entry(at: try RepositoryPath(absent), inTree: tree)
      #expect(entry == nil)
    }
    expectGitError(.wrongKind) {
      _ = try repository.entry(at: try RepositoryPath("rubrics/essay.yaml/x"), inTree: tree)
    }
  }

  @Test func namesThatAreNotUTF8AreKeptAndHaveNoName() throws {
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    let blob = try repository.writeBlob([1])
    let names: [[UInt8]] = [[0x61, 0xFF], Array("b\n".utf8), Array("con".utf8)]
    var input: [UInt8] = []
    for name in names { input += Array("100644 blob \(blob)\t".utf8) + name + [0] }
    let tree = try sandbox.git(["mktree", "-z"], input: input)
    let base = try #require(ObjectID(hex: tree))
    let read = try repository.entries(ofTree: base)
    #expect(Set(read.map(\.nameBytes)) == Set(names))
    #expect(read.filter { $0.name == nil }.map(\.nameBytes) == [[0x61, 0xFF]])
    let edited = try repository.writeTree(
      from: base, edits: [TreeEdit(path: try RepositoryPath("x/y"), blob: blob)])
    let kept = try repository.entries(ofTree: edited.root)
    #expect(Set(kept.map(\.nameBytes)) == Set(names + [[0x78]]))
  }
}
