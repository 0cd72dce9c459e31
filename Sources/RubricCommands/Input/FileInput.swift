internal import Glibc
import RubricStore

/// Reads files that a person named; `-` is standard input.
enum FileInput {
  /// Reads a whole file.
  ///
  /// - Throws: `InputError` if it cannot be read or is larger than `Limits.textBytes`.
  static func read(_ path: String) throws -> [UInt8] {
    try read(path, limit: Limits.textBytes)
  }

  /// Reads a whole file, however large.
  static func whole(_ path: String) throws -> [UInt8] { try read(path, limit: .max) }

  private static func read(_ path: String, limit: Int) throws -> [UInt8] {
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { if path != "-" { Glibc.close(descriptor) } }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(path)
      }
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk[..<count])
      guard bytes.count <= limit else {
        throw InputError("`\(path)` is larger than \(limit) bytes")
      }
    }
  }

  /// Reads a whole file as text.
  ///
  /// - Throws: `InputError`, also for bytes that are not UTF-8.
  static func text(_ path: String) throws -> String {
    guard let text = String(validating: try read(path), as: UTF8.self) else {
      throw InputError("`\(path)` is not UTF-8", hint: "convert it, for example with iconv")
    }
    return text
  }

  /// Reads a file line by line, each without its line break; at most one line is in memory.
  static func lines(_ path: String, _ body: (_ line: [UInt8], _ number: Int) throws -> Void) throws
  {
    let reader = try LineReader(path)
    while let line = try reader.next() { try body(line.bytes, line.number) }
  }

  /// Writes a file as a whole.
  static func write(_ text: String, to path: String) throws {
    try write(Array(text.utf8), to: path)
  }

  /// Writes a file as a whole.
  static func write(_ bytes: [UInt8], to path: String) throws {
    guard let file = fopen(path, "we") else { throw failure(path, "write") }
    let count = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, count == bytes.count else { throw failure(path, "write") }
  }

  static func failure(_ path: String, _ what: String = "read") -> InputError {
    InputError("cannot \(what) `\(path)`: \(String(cString: strerror(errno)))")
  }
}
