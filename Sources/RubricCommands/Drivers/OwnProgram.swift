internal import Glibc

/// The file that this program runs from.
struct OwnProgram {
  /// Its absolute path, symbolic links followed.
  let path: String
  /// Whether `rubricctl` on the PATH is that file.
  let isOnPath: Bool

  init() throws {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = buffer.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map {
        readlink("/proc/self/exe", $0.assumingMemoryBound(to: CChar.self), bytes.count)
      } ?? 0
    }
    guard count > 0, let path = String(validating: buffer.prefix(count), as: UTF8.self) else {
      throw InputError("the program does not know where it lies")
    }
    self.path = path
    var own = stat()
    guard stat(path, &own) == 0 else {
      throw InputError(
        "the program that runs is not at `\(path)` any more", hint: "run the new one")
    }
    var isFound = false
    for folder in (Environment["PATH"] ?? "").split(separator: ":") where folder.hasPrefix("/") {
      var other = stat()
      let file = "\(folder)/rubricctl"
      guard access(file, X_OK) == 0, stat(file, &other) == 0 else { continue }
      isFound = other.st_dev == own.st_dev && other.st_ino == own.st_ino
      break
    }
    isOnPath = isFound
  }

  /// The program as the shell is told of it: by name where that finds it, so that a new version in
  /// another place is found too, and otherwise by its path.
  var word: String { isOnPath ? "rubricctl" : Self.quoted(path) }

  /// A text as one word of the shell.
  static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"):
        true
      default: false
      }
    }
    return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
