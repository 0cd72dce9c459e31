import Foundation
import RubricStore
import Testing

/// One case of a file in Tests/Vectors, which says what every implementation does.
struct VectorCase {
  let name: String
  let value: JSONValue

  /// The value of a key, nil where it is left out.
  subscript(key: String) -> JSONValue? { value[key] }

  /// A text: a string as it is, or a list of its lines, each of which ends in a line feed.
  func text(_ key: String) throws -> String {
    guard let value = value[key] else { throw Missing(key: key, name: name) }
    return try text(value)
  }

  /// A text that stands somewhere in the case.
  func text(_ value: JSONValue) throws -> String {
    switch value {
    case .string(let text): return text
    case .array(let lines):
      return try lines.map { try #require($0.string, "\(name): a line") + "\n" }.joined()
    default: throw Missing(key: "a text", name: name)
    }
  }

  /// The bytes of a text, or those that `base64` gives where JSON cannot hold them.
  func bytes(_ key: String) throws -> [UInt8] {
    guard let encoded = value["base64"]?.string else { return Array(try text(key).utf8) }
    return [UInt8](try #require(Data(base64Encoded: encoded), "\(name): base64"))
  }

  func string(_ key: String) throws -> String {
    try #require(value[key]?.string, "\(name): \(key)")
  }

  func array(_ key: String) throws -> [JSONValue] {
    try #require(value[key]?.array, "\(name): \(key)")
  }

  func rubric(_ key: String) throws -> Rubric { try Rubric(parsing: text(key)) }

  struct Missing: Error {
    var key: String
    var name: String
  }

  private static var folder: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Vectors")
  }

  /// The files of a folder, as ``forEach(_:_:)`` takes them.
  static func files(in name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(name).path)
      .filter { $0.hasSuffix(".json") }.sorted().map { "\(name)/\($0)" }
  }

  /// Calls `body` with each case of a file, which must have some.
  static func forEach(_ file: String, _ body: (VectorCase) throws -> Void) throws {
    let url = folder.appendingPathComponent(file)
    let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    let cases = try #require(JSONValue(parsing: text).array, "\(file) is no list")
    try #require(!cases.isEmpty, "\(file) holds no case")
    var names: Set<String> = []
    for value in cases {
      let name = try #require(value["name"]?.string, "a case of \(file) has no name")
      #expect(names.insert(name).inserted, "\(file): two cases are called \(name)")
      do {
        try body(VectorCase(name: name, value: value))
      } catch {
        Issue.record("\(file), \(name): \(error)")
      }
    }
  }
}

extension JSONValue {
  /// The number, where the value is one.
  var double: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }

  /// The same value without the difference of `1` and `1.0`.
  var plain: JSONValue {
    switch self {
    case .integer(let number): return .number(Double(number))
    case .array(let items): return .array(items.map(\.plain))
    case .object(let object):
      return .object(JSONObject(object.members.map { ($0.key, $0.value.plain) }))
    default: return self
    }
  }
}
