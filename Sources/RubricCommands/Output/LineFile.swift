internal import Glibc
import RubricStore

/// A file that lines of JSON are written to as they come.
final class LineFile {
  private let path: String
  private var file: UnsafeMutablePointer<FILE>?

  /// Opens a file for writing, anew.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - inputs: Files that are read meanwhile, which it must not be.
  /// - Throws: `InputError`.
  init(_ path: String, besides inputs: [String]) throws {
    self.path = path
    var own = stat()
    if stat(path, &own) == 0, own.st_mode & S_IFMT == S_IFREG {
      for input in inputs where input != "-" {
        var other = stat()
        if stat(input, &other) == 0, own.st_dev == other.st_dev, own.st_ino == other.st_ino {
          throw InputError("`\(path)` is read, and would be lost", hint: "write to another file")
        }
      }
    }
    file = fopen(path, "we")
    if file == nil { throw failure() }
  }

  deinit { if let file { fclose(file) } }

  /// Writes a value on a line.
  func write(_ value: JSONValue) throws {
    let bytes = Array((value.jsonText + "\n").utf8)
    guard let file, fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw failure() }
  }

  /// Ends the file; what could not be written is an error here at last.
  func close() throws {
    guard let file else { return }
    self.file = nil
    guard fclose(file) == 0 else { throw failure() }
  }

  private func failure() -> InputError {
    InputError("cannot write `\(path)`: \(String(cString: strerror(errno)))")
  }
}
