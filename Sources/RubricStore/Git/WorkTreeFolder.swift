internal import Glibc
internal import Synchronization

/// The folder of a work tree that holds one file, reached without following symbolic links.
struct WorkTreeFolder: ~Copyable {
  private let folder: FileDescriptor
  private let path: RepositoryPath
  private let name: String

  private static let counter = Atomic<UInt64>(0)

  private init(_ folder: consuming FileDescriptor, _ path: RepositoryPath, _ name: String) {
    self.folder = folder
    self.path = path
    self.name = name
  }

  /// Opens the folder of `path`, or returns nil if it is not there.
  static func open(
    _ path: RepositoryPath, under root: String, creating: Bool
  ) throws(GitError) -> WorkTreeFolder? {
    var folder = try FileDescriptor.folder(root)
    var shown = ""
    for component in path.components.dropLast() {
      shown += shown.isEmpty ? component : "/" + component
      if try folder.state(of: component, shown: shown) == nil {
        guard creating else { return nil }
        if mkdirat(folder.raw, component, 0o777) != 0, errno != EEXIST {
          throw .system("mkdirat", shown)
        }
      }
      let next = try folder.folder(component, shown: shown)
      folder = next
    }
    return WorkTreeFolder(folder, path, path.components.last ?? "")
  }

  /// The file's state; nil if there is none.
  func state() throws(GitError) -> stat? { try folder.state(of: name, shown: path.text) }

  /// Reads the file; nil if there is none.
  func read(limit: Int) throws(GitError) -> [UInt8]? {
    // Non-blocking, so that a pipe of that name does not hold the reader up.
    let raw = openat(folder.raw, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard raw >= 0 else {
      let number = errno
      if number == ENOENT { return nil }
      if number == ELOOP { throw notAFile() }
      throw .system(number, "openat", path.text)
    }
    let file = FileDescriptor(owning: raw)
    var state = stat()
    guard fstat(raw, &state) == 0 else { throw .system("fstat", path.text) }
    guard state.st_mode & S_IFMT == S_IFREG else { throw notAFile() }
    return try file.readAll(limit: limit, shown: path.text)
  }

  /// Puts a new file in place of the old one in one step; a reader sees the one or the other.
  func replace(with bytes: [UInt8]) throws(GitError) {
    let old = try state()
    if let old, old.st_mode & S_IFMT != S_IFREG { throw notAFile() }
    var temporary = ""
    let file = try createTemporary(&temporary)
    do throws(GitError) {
      if let old, fchmod(file.raw, old.st_mode & 0o777) != 0 { throw .system("fchmod", path.text) }
      try file.writeAll(bytes, shown: path.text)
      guard renameat(folder.raw, temporary, folder.raw, name) == 0 else {
        throw .system("renameat", path.text)
      }
    } catch {
      _ = unlinkat(folder.raw, temporary, 0)
      throw error
    }
    try folder.flush(shown: path.text)
  }

  /// Removes the file; one that is not there is no error.
  func remove() throws(GitError) {
    guard let old = try state() else { return }
    guard old.st_mode & S_IFMT == S_IFREG else { throw notAFile() }
    guard unlinkat(folder.raw, name, 0) == 0 || errno == ENOENT else {
      throw .system("unlinkat", path.text)
    }
    try folder.flush(shown: path.text)
  }

  /// Creates a file of a new name in the folder.
  private func createTemporary(_ temporary: inout String) throws(GitError) -> FileDescriptor {
    for _ in 0..<100 {
      let number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
      temporary = ".rubric-\(getpid())-\(number).tmp"
      let raw = openat(
        folder.raw, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
      if raw >= 0 { return FileDescriptor(owning: raw) }
      // A process of the same number may have left it.
      if errno != EEXIST { throw .system("openat", path.text) }
    }
    throw GitError(
      .exists, operation: "openat", message: "no temporary file can be made beside `\(path)`")
  }

  private func notAFile() -> GitError {
    GitError(
      .wrongKind, operation: "openat",
      message: "`\(path)` in the work tree is not a regular file; symbolic links are not followed",
      paths: [path.text])
  }
}
