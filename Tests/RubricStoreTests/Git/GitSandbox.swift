import Foundation
import RubricStore
import Testing

/// A temporary folder with a repository, and the git program as the oracle of what is in it.
///
/// The program runs without the user's and the system's configuration.
final class GitSandbox: Sendable {
  /// The folder, which goes with the sandbox.
  let folder: String
  /// The repository's folder inside it.
  let path: String

  static let person = GitSignature(
    name: "Ada Löwe", email: "ada@example.org", seconds: 1_700_000_000, offsetMinutes: 120)

  init(bare: Bool = false, initialise: Bool = true) throws {
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("rubric-git-\(UUID().uuidString)").path
    path = folder + "/repository"
    try FileManager.default.createDirectory(
      atPath: folder + "/home", withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    if initialise {
      try git(["init", "--quiet", "--initial-branch=main"] + (bare ? ["--bare"] : []) + [path])
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func open() throws -> GitRepository { try GitRepository.open(path) }

  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// Runs git in the repository and returns what it prints, without the last line break.
  @discardableResult
  func git(
    _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:]
  ) throws -> String {
    let bytes = try gitBytes(arguments, input: input, environment: environment)
    var text = String(decoding: bytes, as: UTF8.self)
    if text.hasSuffix("\n") { text.removeLast() }
    return text
  }

  @discardableResult
  func git(_ arguments: String...) throws -> String { try git(arguments) }

  func gitBytes(
    _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:]
  ) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git"] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: path)
    process.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "HOME": folder + "/home", "LC_ALL": "C", "GIT_CONFIG_GLOBAL": "/dev/null",
      "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org",
      "GIT_COMMITTER_NAME": "C", "GIT_COMMITTER_EMAIL": "c@example.org",
      "GIT_AUTHOR_DATE": "1700000000 +0000", "GIT_COMMITTER_DATE": "1700000000 +0000",
    ].merging(environment) { $1 }
    // Files and not pipes: nothing can block, whatever the sizes.
    let name = folder + "/" + UUID().uuidString
    for suffix in ["in", "out", "err"] {
      try Data(suffix == "in" ? input : []).write(to: URL(fileURLWithPath: name + suffix))
    }
    process.standardInput = FileHandle(forReadingAtPath: name + "in")
    process.standardOutput = FileHandle(forWritingAtPath: name + "out")
    process.standardError = FileHandle(forWritingAtPath: name + "err")
    try process.run()
    process.waitUntilExit()
    defer {
      for suffix in ["in", "out", "err"] {
        try? FileManager.default.removeItem(atPath: name + suffix)
      }
    }
    guard process.terminationStatus == 0 else {
      let reason = FileManager.default.contents(atPath: name + "err") ?? Data()
      throw Failure(
        description: "git \(arguments) exits \(process.terminationStatus): "
          + String(decoding: reason, as: UTF8.self))
    }
    return Array(FileManager.default.contents(atPath: name + "out") ?? Data())
  }

  /// Makes a commit with git, with one file in it, and returns its id.
  @discardableResult
  func gitCommit(
    _ message: String, file: String = "rubrics/essay.yaml", content: String? = nil,
    at seconds: Int? = nil
  ) throws -> ObjectID {
    try write(file, content ?? message + "\n")
    try git("add", "--", file)
    let environment =
      seconds.map {
        ["GIT_COMMITTER_DATE": "\($0) +0000", "GIT_AUTHOR_DATE": "\($0) +0000"]
      } ?? [:]
    try git(["commit", "--quiet", "--allow-empty", "-m", message], environment: environment)
    return try id("HEAD")
  }

  func id(_ revision: String) throws -> ObjectID {
    try #require(ObjectID(hex: try git("rev-parse", "--verify", "--quiet", revision)))
  }

  func write(_ file: String, _ content: String) throws {
    let url = URL(fileURLWithPath: path + "/" + file)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(content.utf8).write(to: url)
  }

  func read(_ file: String) -> String? {
    FileManager.default.contents(atPath: path + "/" + file).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  /// Where an object lies that is not in a pack; of a bare repository.
  func looseFile(_ id: ObjectID) -> String {
    path + "/objects/" + id.prefix(2) + "/" + String(id.hex.dropFirst(2))
  }

  func removeObject(_ id: ObjectID) throws {
    try FileManager.default.removeItem(atPath: looseFile(id))
  }

  /// What `git fsck` complains of; empty if nothing.
  func fsck() throws -> String { try git("fsck", "--strict", "--no-dangling", "--no-progress") }

  /// The lines of `git status`; empty if the work tree is clean.
  func status() throws -> String {
    try git("status", "--porcelain", "--untracked-files=all")
  }
}

extension GitRepository {
  /// Writes a commit of one file on top of a parent, and moves nothing.
  func testCommit(
    _ message: String, parents: [ObjectID] = [], seconds: Int64 = 1_700_000_000
  ) throws -> ObjectID {
    let path = try RepositoryPath("rubrics/essay.yaml")
    let blob = try writeBlob(Array((message + "\n").utf8))
    let tree = try writeTree(from: nil, edits: [TreeEdit(path: path, blob: blob)]).root
    var person = GitSandbox.person
    person.seconds = seconds
    return try writeCommit(
      tree: tree, parents: parents, author: person, committer: person, message: message + "\n")
  }

  /// Moves a branch, in the test person's name.
  func move(_ branch: String, to target: ObjectID, expecting expected: ObjectID?) throws(GitError) {
    try moveReference(
      .branch(branch), to: target, expecting: expected, message: "test: move",
      by: GitSandbox.person)
  }
}

/// Records an issue unless `body` throws a ``GitError`` of a code, and returns it.
@discardableResult
func expectGitError(
  _ code: GitError.Code, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) -> GitError? {
  do {
    try body()
    Issue.record("no error; expected \(code.rawValue)", sourceLocation: sourceLocation)
  } catch let error as GitError {
    if error.code != code {
      Issue.record("\(error); expected \(code.rawValue)", sourceLocation: sourceLocation)
    }
    return error
  } catch {
    Issue.record(error, sourceLocation: sourceLocation)
  }
  return nil
}
