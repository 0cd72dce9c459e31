import Foundation
import Testing

/// `Fixtures/model_server.py`, which answers as a model's server would, for as long as this is there.
///
/// ```swift
/// let server = try ModelServer("--mode", "schema", "--pick", "last")
/// try session.run("rubricctl judge … --endpoint \(server.url) --model test-model")
/// let bodies = try server.requests()
/// ```
///
/// Names of the port differ from run to run: pass ``environment`` where commands are snapshotted.
final class ModelServer {
  /// The address, without a path.
  let url: String
  private let process = Process()
  private let input = Pipe()
  private let folder: String

  /// Whether there is a Python to run it with.
  static let isAvailable: Bool = {
    let paths = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return paths.contains { FileManager.default.isExecutableFile(atPath: "\($0)/python3") }
  }()

  /// A request that the server had, with what it answered.
  struct Request {
    var body: [String: Any]
    var status: Int
    var isAuthorized: Bool

    /// The texts of the messages, one after the other.
    var text: String {
      let messages = body["messages"] as? [[String: Any]] ?? []
      return messages.map { $0["content"] as? String ?? "" }.joined(separator: "\n")
    }

    /// The JSON Schema that was asked for.
    var schema: [String: Any]? {
      let format = body["response_format"] as? [String: Any]
      return (format?["json_schema"] as? [String: Any])?["schema"] as? [String: Any]
    }
  }

  /// Starts the server and waits until it listens.
  ///
  /// - Parameters:
  ///   - arguments: As the server's own words at its top say.
  ///   - script: The steps of `--mode scripted`.
  /// - Throws: An issue where it does not start.
  init(_ arguments: String..., script: [[String: Any]]? = nil) throws {
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("model-server-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var arguments = arguments
    if let script {
      let data = try JSONSerialization.data(withJSONObject: script)
      try data.write(to: URL(fileURLWithPath: folder + "/script.json"))
      arguments += ["--mode", "scripted", "--script", folder + "/script.json"]
    }
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["python3", Fixture.path("model_server.py")] + arguments
      + ["--log", folder + "/log.jsonl", "--control", folder + "/control.json"]
    // It ends when this side closes the pipe, also where the tests are killed.
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var line = ""
    while !line.contains("\n") {
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { break }
      line += String(decoding: data, as: UTF8.self)
    }
    let words = line.split(whereSeparator: \.isWhitespace)
    let port = try #require(words.last.flatMap { Int($0) }, "the server says “\(line)”")
    url = "http://127.0.0.1:\(port)"
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Where it is, and which model, as commands read it: keeps ports out of what is recorded.
  var environment: [String: String] {
    ["RUBRICCTL_ENDPOINT": url, "RUBRICCTL_MODEL": "test-model"]
  }

  /// Changes what it does from the next request on.
  ///
  /// - Parameter options: `mode`, `pick`, `times`, `script`, `no_schema`.
  /// - Throws: An error where they cannot be written.
  func set(_ options: [String: Any]) throws {
    let data = try JSONSerialization.data(withJSONObject: options)
    try data.write(to: URL(fileURLWithPath: folder + "/control.json"), options: .atomic)
  }

  /// The requests so far, in the order in which they came.
  func requests() throws -> [Request] {
    guard let data = FileManager.default.contents(atPath: folder + "/log.jsonl") else { return [] }
    return try data.split(separator: 0x0A).map { line in
      let entry = try #require(
        try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
      return Request(
        body: entry["body"] as? [String: Any] ?? [:], status: entry["status"] as? Int ?? 0,
        isAuthorized: entry["authorized"] as? Bool ?? false)
    }
  }
}
