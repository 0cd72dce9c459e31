import Foundation
import RubricStore
import Testing

@Suite struct StoreFileTests {
  @Test func asEachCommitHasIt() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    let before = try sandbox.id("HEAD")
    let first = try sandbox.gitCommit("policy", file: ".rubric/policy.yaml", content: "one\r\n")
    let second = try sandbox.gitCommit("policy", file: ".rubric/policy.yaml", content: "")
    #expect(try store.file(".rubric/policy.yaml", at: before) == nil)
    #expect(try store.file(".rubric/policy.yaml", at: first) == Array("one\r\n".utf8))
    #expect(try store.file(".rubric/policy.yaml", at: second) == [])
    // What lies in the work tree is no commit's.
    try sandbox.write(".rubric/policy.yaml", "not committed")
    #expect(try store.file(".rubric/policy.yaml", at: second) == [])
    #expect(try store.file("rubrics/essay.yaml", at: before) == Sample.essayBytes)
  }

  @Test func fromABareRepository() throws {
    let (sandbox, store) = try GitSandbox.withEssay(bare: true)
    let head = try sandbox.id("HEAD")
    #expect(try store.file("rubrics/essay.yaml", at: head) == Sample.essayBytes)
    #expect(try store.file("rubrics", at: head) { error in error.message.contains("is a folder") })
  }

  @Test func whatIsNoFileIsToldApart() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try FileManager.default.createDirectory(
      atPath: sandbox.path + "/.rubric", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: sandbox.path + "/.rubric/policy.yaml", withDestinationPath: "/etc/passwd")
    try sandbox.git("add", "--", ".rubric")
    try sandbox.git("commit", "--quiet", "-m", "a link")
    let head = try sandbox.id("HEAD")
    #expect(
      try store.file(".rubric/policy.yaml", at: head) { $0.message.contains("symbolic link") })
    #expect(try store.file(".rubric", at: head) { $0.message.contains("is a folder") })
    #expect(try store.file("rubrics/essay.yaml/x", at: head) { $0.message.contains("a file") })
    for path in ["", "/etc/passwd", "../x", ".git/config", "a//b"] {
      #expect(try store.file(path, at: head) { $0.code == .invalidName }, "\(path)")
    }
    let none = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
    #expect(try store.file("rubrics/essay.yaml", at: none) { $0.code == .notFound })
    #expect(try store.files(inFolder: ".rubric", at: head) == [])
  }

  @Test func foldersListTheirFilesByName() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    let before = try sandbox.id("HEAD")
    for name in ["b.mustache", "a.mustache", "Z.mustache", "deep/c.mustache"] {
      try sandbox.gitCommit(name, file: ".rubric/templates/\(name)")
    }
    let head = try sandbox.id("HEAD")
    #expect(
      try store.files(inFolder: ".rubric/templates", at: head)
        == ["Z.mustache", "a.mustache", "b.mustache"])
    #expect(try store.files(inFolder: ".rubric/templates", at: before) == [])
    #expect(throws: StoreError.self) { try store.files(inFolder: "rubrics/essay.yaml", at: head) }
  }
}

extension Store {
  /// Whether reading a file fails in the way that `isExpected` tells.
  fileprivate func file(
    _ path: String, at commit: ObjectID, _ isExpected: (StoreError) -> Bool
  ) throws -> Bool {
    do throws(StoreError) {
      _ = try file(path, at: commit)
      return false
    } catch {
      return isExpected(error)
    }
  }
}
