import Foundation
import Testing

/// A temporary folder in which commands run as a person would type them, and the record of what they
/// printed.
///
/// Everything that would change from run to run is fixed: who commits, when, in which locale, with
/// which configuration. Each command runs a minute after the one before, so hashes are the same
/// each time.
final class CommandLineSession {
  /// The folder, which goes with the session.
  let folder: String
  /// Where commands run, inside ``folder``; one that was removed by a command is no error.
  var directory: String
  private var seconds = 1_700_000_000
  private(set) var transcript = ""

  /// What a command did.
  struct Result {
    var output: String
    var errors: String
    var status: Int32

    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  /// The folder of the program that was built: where the test program itself is.
  static let programs: String = {
    let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    var folder = URL(fileURLWithPath: own ?? CommandLine.arguments[0]).deletingLastPathComponent()
    while folder.path != "/" {
      if FileManager.default.isExecutableFile(atPath: folder.path + "/rubricctl") {
        return folder.path
      }
      folder.deleteLastPathComponent()
    }
    return "/nowhere"
  }()

  init() throws {
    let name = "rubricctl-\(UUID().uuidString)"
    // Resolved, since git and the program print the real path.
    let temporary = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
    folder = temporary.appendingPathComponent(name).path
    directory = folder + "/work"
    for path in ["/home", "/work"] {
      try FileManager.default.createDirectory(
        atPath: folder + path, withIntermediateDirectories: true)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// A session with a store in its folder that holds the essay rubric of the fixtures.
  static func withEssay() throws -> CommandLineSession {
    let session = try CommandLineSession()
    try session.quietly("rubricctl init . && rubricctl import '\(Fixture.path("essay.yaml"))'")
    return session
  }

  /// Runs a command of the shell and records it with what it prints.
  @discardableResult
  func run(_ command: String, environment: [String: String] = [:]) throws -> Result {
    let result = try execute(command, environment: environment)
    transcript += "$ \(masked(command))\n" + ended(masked(result.output))
    if !result.errors.isEmpty { transcript += "[stderr]\n" + ended(masked(result.errors)) }
    transcript += "[exit status: \(result.status)]\n\n"
    return result
  }

  /// Runs a command that prepares others, which must not fail, and records nothing.
  @discardableResult
  func quietly(
    _ command: String, environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Result {
    let result = try execute(command, environment: environment)
    try #require(
      result.status == 0, "\(command)\n\(result.output)\(result.errors)",
      sourceLocation: sourceLocation)
    return result
  }

  /// Runs a command and records nothing.
  func execute(_ command: String, environment: [String: String] = [:]) throws -> Result {
    seconds += 60
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    process.environment = [
      "PATH": Self.programs + ":"
        + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"),
      "HOME": folder + "/home", "LC_ALL": "C.UTF-8", "TZ": "UTC", "TERM": "xterm-256color",
      "GIT_CONFIG_NOSYSTEM": "1", "GIT_PAGER": "cat",
      "GIT_AUTHOR_NAME": "Ada Löwe", "GIT_AUTHOR_EMAIL": "ada@example.org",
      "GIT_COMMITTER_NAME": "Ben Ito", "GIT_COMMITTER_EMAIL": "ben@example.org",
      "GIT_AUTHOR_DATE": "\(seconds) +0100", "GIT_COMMITTER_DATE": "\(seconds) +0000",
    ].merging(environment) { $1 }.filter { !$0.value.isEmpty }
    // Files and not pipes: nothing can block, whatever the sizes.
    let name = folder + "/" + UUID().uuidString
    for suffix in ["out", "err"] {
      try Data().write(to: URL(fileURLWithPath: name + suffix))
    }
    defer {
      for suffix in ["out", "err"] { try? FileManager.default.removeItem(atPath: name + suffix) }
    }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: name + "out")
    process.standardError = FileHandle(forWritingAtPath: name + "err")
    try process.run()
    process.waitUntilExit()
    func text(_ suffix: String) -> String {
      String(decoding: FileManager.default.contents(atPath: name + suffix) ?? Data(), as: UTF8.self)
    }
    // As the shell has it: a signal is 128 and its number.
    let status = process.terminationStatus
    return Result(
      output: text("out"), errors: text("err"),
      status: process.terminationReason == .uncaughtSignal ? 128 + status : status)
  }

  func write(_ file: String, _ content: String) throws {
    let url = URL(fileURLWithPath: directory + "/" + file)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(content.utf8).write(to: url)
  }

  func read(_ file: String) -> String? {
    FileManager.default.contents(atPath: directory + "/" + file).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  /// Changes a file by replacing one text in it, which must be there.
  func edit(_ file: String, _ old: String, _ new: String) throws {
    let text = try #require(read(file))
    try #require(text.contains(old), "\(file) does not hold \(old)")
    try write(file, text.replacingOccurrences(of: old, with: new))
  }

  /// Adds a line of explanation to the record.
  func note(_ text: String) { transcript += "# \(text)\n" }

  private func masked(_ text: String) -> String {
    text.replacingOccurrences(of: folder, with: "$TEMP")
      .replacingOccurrences(of: Fixture.folder, with: "$FIXTURES")
      .replacingOccurrences(of: Self.programs, with: "$PROGRAMS")
  }

  private func ended(_ text: String) -> String {
    text.isEmpty || text.hasSuffix("\n") ? text : text + "\n[no line break at the end]\n"
  }
}

/// Files that the commands read.
enum Fixture {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures").path

  static func path(_ name: String) -> String { folder + "/" + name }

  static func lines(_ name: String) -> [String] {
    let bytes = FileManager.default.contents(atPath: path(name)) ?? Data()
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
