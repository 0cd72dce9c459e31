internal import Glibc
internal import RubricStore

/// Reads what C hands over, and refuses what is none.
enum Argument {
  /// The most bytes of a name, a path or a revision.
  static let nameBytes = 65_536

  /// A text that must be there.
  static func text(
    _ pointer: UnsafePointer<CChar>?, _ name: String, limit: Int = nameBytes
  ) throws(CallError) -> String {
    guard let text = try optionalText(pointer, name, limit: limit) else {
      throw .argument("`\(name)` is NULL")
    }
    return text
  }

  /// A text; nil for NULL.
  static func optionalText(
    _ pointer: UnsafePointer<CChar>?, _ name: String, limit: Int = nameBytes
  ) throws(CallError) -> String? {
    guard let pointer else { return nil }
    let count = strnlen(pointer, limit + 1)
    guard count <= limit else {
      throw .argument("`\(name)` has more than \(limit) bytes, or no NUL at its end")
    }
    let bytes = UnsafeRawBufferPointer(start: pointer, count: count)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .argument("`\(name)` is not UTF-8")
    }
    return text
  }

  /// Bytes with a length; NULL with the length 0 is no bytes.
  static func bytes(
    _ pointer: UnsafePointer<CChar>?, _ length: Int, _ name: String, limit: Int
  ) throws(CallError) -> [UInt8] {
    guard length >= 0, length <= limit else {
      throw .argument("`\(name)` has \(UInt(bitPattern: length)) bytes; the limit is \(limit)")
    }
    guard let pointer else {
      guard length == 0 else { throw .argument("`\(name)` is NULL") }
      return []
    }
    return Array(UnsafeRawBufferPointer(start: pointer, count: length))
  }

  /// An object of options, read by its record; nil for the record's defaults.
  static func options<Options: Record>(
    _ pointer: UnsafePointer<CChar>?, _ name: String
  ) throws -> Options {
    guard let text = try optionalText(pointer, name, limit: Limits.textBytes) else {
      return Options(blank: ())
    }
    return try record(Array(text.utf8), name)
  }

  /// A request: options that must be there.
  static func request<Request: Record>(
    _ pointer: UnsafePointer<CChar>?, _ name: String = "request"
  ) throws -> Request {
    try record(Array(try text(pointer, name, limit: Limits.textBytes).utf8), name)
  }

  private static func record<Value: Record>(_ bytes: [UInt8], _ name: String) throws -> Value {
    let (root, findings) = JSONReader.read(bytes)
    var reader = NodeReader()
    let value = root.flatMap { Value.read($0, &reader) }
    guard let value, findings.isEmpty, reader.findings.isEmpty else {
      throw SyntaxError(file: name, findings: findings + reader.findings)
    }
    return value
  }
}
