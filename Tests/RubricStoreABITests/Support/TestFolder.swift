import CRubricStore
import Foundation
import RubricStore
import Testing

/// A temporary folder with a store in it, opened through the header, and git as the oracle.
final class TestFolder {
  /// The folder, which goes with the object.
  let path: String
  /// The repository's folder in it.
  let repository: String
  /// The handle of the store, which is freed with the object.
  private(set) var handle: OpaquePointer?
  /// The same store, opened by the library.
  let store: Store

  /// Creates a repository; without an identity git does not know who commits in it.
  init(bare: Bool = true, hasIdentity: Bool = true) throws {
    path =
      FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appendingPathComponent("rubric-abi-\(UUID().uuidString)").path
    repository = path + "/repository"
    try Self.isFast.get()
    var handle: OpaquePointer?
    try #require(
      rs_store_create(repository, #"{"bare": \#(bare)}"#, &handle) == RS_OK,
      "\(String(cString: rs_error_message()))")
    self.handle = handle
    store = try Store.open(repository)
    if hasIdentity {
      try git("config", "user.name", "Ada Löwe")
      try git("config", "user.email", "ada@example.org")
    }
  }

  /// A folder whose store holds the essay rubric on `main`.
  static func withEssay(bare: Bool = true) throws -> TestFolder {
    let folder = try TestFolder(bare: bare)
    try folder.store.create(Array(essay.utf8), rationale: "Where it starts")
    return folder
  }

  deinit {
    rs_store_free(handle)
    try? FileManager.default.removeItem(atPath: path)
  }

  /// A rubric as a person writes it.
  static let essay = """
    # How essays are graded.
    schema: rubric/1
    id: essay
    title: Essay
    criteria:
      - id: flow      # style
        title: Flow
        text: Does one sentence lead to the next?
        weight: 3
        scale:
          numeric: {min: 0, max: 5, step: 1}
      - id: facts
        text: Are its claims backed by sources?
        pinned: true
      - id: padding
        text: Does it say things twice?
        polarity: negative
        weight: 0.5

    """

  /// The rubric with one text in it replaced.
  static func essay(_ old: String, _ new: String) throws -> String {
    try #require(essay.contains(old))
    return essay.replacingOccurrences(of: old, with: new)
  }

  /// No test cuts the power, so none needs to wait for the disk.
  private static let isFast = Result { try Store.setDurable(false) }

  struct GitFailure: Error, CustomStringConvertible {
    var description: String
  }

  /// Runs git in the repository, without the user's configuration, and returns what it prints,
  /// without the last line break.
  @discardableResult
  func git(_ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git"] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: repository)
    process.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": path,
      "LC_ALL": "C", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
    ]
    // A file and not a pipe: nothing can block, whatever the size.
    let name = path + "/" + UUID().uuidString
    try Data().write(to: URL(fileURLWithPath: name))
    defer { try? FileManager.default.removeItem(atPath: name) }
    let file = try #require(FileHandle(forWritingAtPath: name))
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = file
    process.standardError = file
    try process.run()
    process.waitUntilExit()
    var text = String(
      decoding: FileManager.default.contents(atPath: name) ?? Data(), as: UTF8.self)
    guard process.terminationStatus == 0 else {
      throw GitFailure(description: "git \(arguments) exits \(process.terminationStatus): \(text)")
    }
    if text.hasSuffix("\n") { text.removeLast() }
    return text
  }

  /// Commits a new weight of `flow`, by the library.
  @discardableResult
  func reweight(
    _ id: CriterionID = "flow", from before: Double, to after: Double, branch: String? = nil
  ) throws -> ObjectID {
    let edit = Edit(.reweight(id, Delta(before: before, after: after)), rationale: "why")
    return try store.commit(MetaUpdate(rubric: "essay", edits: [edit]), to: branch).commit
  }
}

extension TestFolder {
  /// Writes a file in the work tree.
  func write(_ file: String, _ content: String) throws {
    let url = URL(fileURLWithPath: repository + "/" + file)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(content.utf8).write(to: url)
  }

  /// Reads a file of the work tree.
  func read(_ file: String) -> String? {
    FileManager.default.contents(atPath: repository + "/" + file).map {
      String(decoding: $0, as: UTF8.self)
    }
  }
}
