import Foundation
import RubricStore
import Testing

@Suite struct GitWorkTreeTests {
  private let essay = "rubrics/essay.yaml"

  private func path() throws -> RepositoryPath { try RepositoryPath(essay) }

  @Test func aFileIsReplacedAndStagedAndGitSeesNoChange() throws {
    let sandbox = try GitSandbox()
    let first = try sandbox.gitCommit("one")
    try sandbox.write("README.md", "kept\n")
    try sandbox.git("add", "README.md")
    try sandbox.git("commit", "--quiet", "-m", "two")
    let repository = try sandbox.open()
    let tip = try repository.resolve("HEAD")
    let bytes = Array("title: größe\n".utf8)
    let blob = try repository.writeBlob(bytes)
    let tree = try repository.writeTree(
      from: try repository.commit(tip).tree, edits: [TreeEdit(path: path(), blob: blob)])
    let commit = try repository.writeCommit(
      tree: tree.root, parents: [tip], author: GitSandbox.person, committer: GitSandbox.person,
      message: "three\n")
    try repository.verify([blob, commit] + tree.written)
    try repository.move("main", to: commit, expecting: tip)
    try repository.writeFile(path(), bytes)
    try repository.stage(path(), blob: blob)
    #expect(try sandbox.status().isEmpty)
    #expect(try sandbox.git("diff-files").isEmpty)
    #expect(try sandbox.git("diff-index", "HEAD").isEmpty)
    #expect(sandbox.read(essay) == "title: größe\n")
    #expect(sandbox.read("README.md") == "kept\n")
    #expect(try sandbox.fsck().isEmpty)
    #expect(first != commit)
    let names = try FileManager.default.contentsOfDirectory(atPath: sandbox.path + "/rubrics")
    #expect(names == ["essay.yaml"])
    let status = try repository.status(of: path(), limit: 1000)
    #expect(status.state == .clean)
  }

  @Test func theFirstFileOfARepository() throws {
    let sandbox = try GitSandbox()
    let repository = try sandbox.open()
    let blob = try repository.writeBlob([0x61, 0x0A])
    let tree = try repository.writeTree(from: nil, edits: [TreeEdit(path: path(), blob: blob)]).root
    let commit = try repository.writeCommit(
      tree: tree, parents: [], author: GitSandbox.person, committer: GitSandbox.person, message: "m"
    )
    try repository.move("main", to: commit, expecting: nil)
    try repository.writeFile(path(), [0x61, 0x0A])
    try repository.stage(path(), blob: blob)
    #expect(try sandbox.status().isEmpty)
    let attributes = try FileManager.default.attributesOfItem(atPath: sandbox.path + "/" + essay)
    let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
    #expect(mode & 0o111 == 0)
    #expect(mode & 0o600 == 0o600)
  }

  @Test func everyStateIsToldApart() throws {
    let sandbox = try GitSandbox()
    let repository = try sandbox.open()
    func state() throws -> WorkTreeStatus.State {
      try repository.status(of: path(), limit: 1000).state
    }
    #expect(try state() == .absent)
    try sandbox.write(essay, "one\n")
    #expect(try state() == .untracked)
    try sandbox.git("add", essay)
    #expect(try state() == .staged)
    try sandbox.gitCommit("one")
    #expect(try state() == .clean)
    try sandbox.write(essay, "two\n")
    #expect(try state() == .modified)
    try sandbox.git("add", essay)
    #expect(try state() == .staged)
    // A change and its undoing, in the same second and of the same size.
    try sandbox.git("reset", "--quiet", "--hard")
    #expect(try state() == .clean)
    try FileManager.default.removeItem(atPath: sandbox.path + "/" + essay)
    #expect(try state() == .missing)
    try sandbox.git("rm", "--quiet", "--cached", essay)
    #expect(try state() == .staged)
    try sandbox.git("reset", "--quiet", "--hard")
    try sandbox.git("checkout", "--quiet", "-b", "side")
    try sandbox.gitCommit("side", content: "side\n")
    try sandbox.git("checkout", "--quiet", "main")
    try sandbox.gitCommit("main", content: "main\n")
    _ = try? sandbox.git("merge", "--quiet", "side")
    #expect(try state() == .conflicted)
    let blob = try repository.writeBlob([1])
    expectGitError(.conflict) { try repository.stage(path(), blob: blob) }
    #expect(try repository.isOperationInProgress())
  }

  @Test(arguments: ["core.autocrlf=true", "attributes"]) func lineEndsThatGitWouldUndoAreNoChange(
    _ how: String
  ) throws {
    let sandbox = try GitSandbox()
    try sandbox.gitCommit("one", content: "a\nb\n")
    if how == "attributes" {
      try sandbox.write(".gitattributes", "*.yaml text eol=crlf\n")
    } else {
      try sandbox.git("config", "core.autocrlf", "true")
    }
    try sandbox.write(essay, "a\r\nb\r\n")
    let repository = try sandbox.open()
    let same = try repository.status(of: path(), limit: 1000)
    #expect(same.state == .clean)
    try sandbox.write(essay, "a\r\nc\r\n")
    let other = try repository.status(of: path(), limit: 1000)
    #expect(other.state == .modified)
  }

  @Test func filterProgramsAreNotRun() throws {
    let sandbox = try GitSandbox()
    try sandbox.gitCommit("one", content: "a\n")
    try sandbox.git("config", "filter.evil.clean", "touch \(sandbox.folder)/ran; cat")
    try sandbox.git("config", "filter.evil.smudge", "touch \(sandbox.folder)/ran; cat")
    try sandbox.write(".gitattributes", "*.yaml filter=evil\n")
    for hook in ["pre-commit", "post-checkout", "reference-transaction", "post-index-change"] {
      try sandbox.write(".git/hooks/" + hook, "#!/bin/sh\ntouch \(sandbox.folder)/ran\n")
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: sandbox.path + "/.git/hooks/" + hook)
    }
    let repository = try sandbox.open()
    try repository.writeFile(path(), [0x62, 0x0A])
    let status = try repository.status(of: path(), limit: 1000)
    #expect(status.state == .modified)
    try repository.stage(path(), blob: try repository.writeBlob([0x62, 0x0A]))
    try repository.move("side", to: try repository.resolve("HEAD"), expecting: nil)
    try repository.switchBranch(to: .branch("side"), by: GitSandbox.person)
    #expect(FileManager.default.fileExists(atPath: sandbox.folder + "/ran") == false)
  }

  @Test func linksAreNotFollowed() throws {
    let sandbox = try GitSandbox()
    let repository = try sandbox.open()
    let manager = FileManager.default
    let outside = sandbox.folder + "/outside"
    try manager.createDirectory(atPath: outside, withIntermediateDirectories: true)
    try Data("secret".utf8).write(to: URL(fileURLWithPath: outside + "/essay.yaml"))
    // The folder is a link.
    try manager.createSymbolicLink(
      atPath: sandbox.path + "/rubrics", withDestinationPath: outside)
    let error = expectGitError(.wrongKind) { _ = try repository.readFile(path(), limit: 100) }
    #expect(error?.message.contains("symbolic links are not followed") == true)
    expectGitError(.wrongKind) { try repository.writeFile(path(), [1]) }
    expectGitError(.wrongKind) { try repository.removeFile(path()) }
    try manager.removeItem(atPath: sandbox.path + "/rubrics")
    // The file is a link.
    try manager.createDirectory(
      atPath: sandbox.path + "/rubrics", withIntermediateDirectories: false)
    try manager.createSymbolicLink(
      atPath: sandbox.path + "/" + essay, withDestinationPath: outside + "/essay.yaml")
    expectGitError(.wrongKind) { _ = try repository.readFile(path(), limit: 100) }
    expectGitError(.wrongKind) { try repository.writeFile(path(), [1]) }
    expectGitError(.wrongKind) { try repository.removeFile(path()) }
    expectGitError(.wrongKind) { _ = try repository.status(of: path(), limit: 100) }
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: outside + "/essay.yaml")) == Data("secret".utf8))
    #expect(try manager.contentsOfDirectory(atPath: sandbox.path + "/rubrics") == ["essay.yaml"])
  }

  @Test func otherThingsThanFilesAreRefused() throws {
    let sandbox = try GitSandbox()
    let repository = try sandbox.open()
    try FileManager.default.createDirectory(
      atPath: sandbox.path + "/" + essay, withIntermediateDirectories: true)
    expectGitError(.wrongKind) { _ = try repository.readFile(path(), limit: 100) }
    expectGitError(.wrongKind) { try repository.writeFile(path(), [1]) }
    try FileManager.default.removeItem(atPath: sandbox.path + "/" + essay)
    // A pipe without a writer would block an ordinary open.
    #expect(mkfifo(sandbox.path + "/" + essay, 0o644) == 0)
    expectGitError(.wrongKind) { _ = try repository.readFile(path(), limit: 100) }
    expectGitError(.wrongKind) { try repository.writeFile(path(), [1]) }
    try FileManager.default.removeItem(atPath: sandbox.path + "/rubrics")
    try sandbox.write("rubrics", "a file")
    expectGitError(.wrongKind) { _ = try repository.readFile(path(), limit: 100) }
    expectGitError(.wrongKind) { try repository.writeFile(path(), [1]) }
  }

  @Test func filesHaveALimit() throws {
    let sandbox = try GitSandbox()
    try sandbox.write(essay, String(repeating: "x", count: 200_000))
    let repository = try sandbox.open()
    expectGitError(.tooLarge) { _ = try repository.readFile(path(), limit: 199_999) }
    let bytes = try repository.readFile(path(), limit: 200_000)
    #expect(bytes?.count == 200_000)
    let none = try repository.readFile(RepositoryPath("no/such/file"), limit: 1)
    #expect(none == nil)
  }

  @Test func permissionsStay() throws {
    let sandbox = try GitSandbox()
    try sandbox.write(essay, "one\n")
    let file = sandbox.path + "/" + essay
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
    try sandbox.gitCommit("one", content: "one\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
    try sandbox.git("add", essay)
    try sandbox.git("commit", "--quiet", "--amend", "-m", "executable")
    let repository = try sandbox.open()
    try repository.writeFile(path(), Array("two\n".utf8))
    try repository.stage(path(), blob: try repository.writeBlob(Array("two\n".utf8)))
    #expect(try sandbox.git("ls-files", "--stage").hasPrefix("100755 "))
    #expect(try sandbox.status() == "M  rubrics/essay.yaml")
  }

  @Test func theIndexKeepsWhatOthersStaged() throws {
    let sandbox = try GitSandbox()
    try sandbox.gitCommit("one")
    let repository = try sandbox.open()
    // Read once, so that an old index is in memory.
    _ = try repository.status(of: path(), limit: 100)
    try sandbox.write("other.txt", "other\n")
    try sandbox.git("add", "other.txt")
    try repository.writeFile(path(), [0x62, 0x0A])
    try repository.stage(path(), blob: try repository.writeBlob([0x62, 0x0A]))
    #expect(try sandbox.status() == "A  other.txt\nM  rubrics/essay.yaml")
    try repository.removeFile(path())
    try repository.unstage(path())
    try repository.unstage(path())
    try repository.removeFile(path())
    #expect(try sandbox.status() == "A  other.txt\nD  rubrics/essay.yaml")
  }

  @Test func aLockedIndexIsSaidToBe() throws {
    let sandbox = try GitSandbox()
    try sandbox.gitCommit("one")
    let repository = try sandbox.open()
    try sandbox.write(".git/index.lock", "")
    let blob = try repository.writeBlob([0x62, 0x0A])
    let error = expectGitError(.locked) { try repository.stage(path(), blob: blob) }
    #expect(error?.message.contains("index.lock") == true)
    try FileManager.default.removeItem(atPath: sandbox.path + "/.git/index.lock")
    // The change that was not written is not taken for the index.
    let status = try repository.status(of: path(), limit: 100)
    #expect(status.state == .clean)
    expectGitError(.notFound) { try repository.stage(RepositoryPath("absent"), blob: blob) }
  }

  @Test func aBareRepositoryHasNoFiles() throws {
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    expectGitError(.bare) { _ = try repository.readFile(path(), limit: 1) }
    expectGitError(.bare) { try repository.writeFile(path(), []) }
    expectGitError(.bare) { _ = try repository.status(of: path(), limit: 1) }
    expectGitError(.bare) { try repository.stage(path(), blob: .zero) }
  }
}
