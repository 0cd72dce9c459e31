internal import Glibc

/// The one owner of an open file or folder.
struct FileDescriptor: ~Copyable {
  let raw: CInt

  init(owning raw: CInt) { self.raw = raw }

  deinit { _ = close(raw) }
}

extension FileDescriptor {
  /// Opens a folder, through a symbolic link too.
  static func folder(_ path: String) throws(GitError) -> FileDescriptor {
    let raw = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard raw >= 0 else { throw .system("open", path) }
    return FileDescriptor(owning: raw)
  }

  /// Makes a folder and those above it, unless they are there.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - made: The folders that were made, the deepest last, also where it throws.
  /// - Throws: ``GitError``.
  static func makeFolder(_ path: String, _ made: inout [String]) throws(GitError) {
    // Longer ones the system refuses, and each folder above would be a text of its own.
    guard path.utf8.count < PATH_MAX else { throw .system(ENAMETOOLONG, "mkdir", path) }
    var missing: [String] = []
    var rest = path[...]
    while true {
      while rest.count > 1, rest.last == "/" { rest.removeLast() }
      if rest.isEmpty || access(String(rest), F_OK) == 0 { break }
      missing.append(String(rest))
      guard let slash = rest.lastIndex(of: "/") else { break }
      rest = rest[..<slash]
    }
    for folder in missing.reversed() {
      if mkdir(folder, 0o777) == 0 {
        made.append(folder)
      } else if errno != EEXIST {
        throw .system("mkdir", folder)
      }
    }
  }

  /// Opens the folder `name` in this one, and no symbolic link.
  func folder(_ name: String, shown: String) throws(GitError) -> FileDescriptor {
    let found = openat(raw, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard found >= 0 else {
      let number = errno
      if number == ELOOP || number == ENOTDIR {
        throw GitError(
          .wrongKind, operation: "openat",
          message: "`\(shown)` is not a folder; symbolic links are not followed", paths: [shown])
      }
      throw .system(number, "openat", shown)
    }
    return FileDescriptor(owning: found)
  }

  /// The state of `name` in this folder, of a symbolic link itself; nil if there is none.
  func state(of name: String, shown: String) throws(GitError) -> stat? {
    var state = stat()
    guard fstatat(raw, name, &state, AT_SYMLINK_NOFOLLOW) == 0 else {
      if errno == ENOENT { return nil }
      throw .system("fstatat", shown)
    }
    return state
  }

  /// Reads this file to its end.
  func readAll(limit: Int, shown: String) throws(GitError) -> [UInt8] {
    var bytes: [UInt8] = []
    let chunk = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)
    defer { chunk.deallocate() }
    while true {
      let count = Glibc.read(raw, chunk.baseAddress, chunk.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw .system("read", shown)
      }
      if count == 0 { return bytes }
      // The file may have grown since it was measured.
      guard bytes.count + count <= limit else {
        throw GitError(
          .tooLarge, operation: "read", message: "`\(shown)` has more than \(limit) bytes",
          paths: [shown])
      }
      bytes.append(contentsOf: UnsafeBufferPointer(start: chunk.baseAddress, count: count))
    }
  }

  /// Writes all bytes and flushes them to the disk, unless that is left to the system.
  func writeAll(_ bytes: [UInt8], shown: String, flushing: Bool = true) throws(GitError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(raw, $0.baseAddress.map { $0 + written }, $0.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw .system("write", shown)
      }
      written += count
    }
    if flushing { try flush(shown: shown) }
  }

  func flush(shown: String) throws(GitError) {
    guard fsync(raw) == 0 else { throw .system("fsync", shown) }
  }
}
