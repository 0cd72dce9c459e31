import Foundation
import RubricStore

/// Real rubrics of others, kept outside the project: `shared/data` beside it, or `RUBRIC_DATA`.
enum SharedData {
  static let folder: URL? = {
    if let path = ProcessInfo.processInfo.environment["RUBRIC_DATA"] {
      return URL(fileURLWithPath: path)
    }
    var url = URL(fileURLWithPath: #filePath)
    while url.path != "/" {
      url.deleteLastPathComponent()
      let candidate = url.appendingPathComponent("shared/data")
      if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
    }
    return nil
  }()

  /// Whether the folder is there; a test that needs it is skipped otherwise.
  static var isThere: Bool { folder != nil }

  static func bytes(_ path: String) throws -> [UInt8] {
    guard let folder else { throw CocoaError(.fileNoSuchFile) }
    return [UInt8](try Data(contentsOf: folder.appendingPathComponent(path)))
  }

  static func json(_ path: String) throws -> JSONValue {
    try JSONValue(parsing: String(decoding: bytes(path), as: UTF8.self))
  }

  static func files(in path: String, ending suffix: String) throws -> [String] {
    guard let folder else { return [] }
    let root = folder.appendingPathComponent(path)
    let names =
      FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(suffix) }.sorted().map { "\(path)/\($0)" }
  }
}
