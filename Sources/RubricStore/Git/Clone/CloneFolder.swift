internal import Glibc
internal import Synchronization

/// The folder that a clone goes to.
///
/// The clone is made in a folder of its own inside it, and moved up when it is whole. So what goes
/// when a clone fails is only what was made for it.
struct CloneFolder {
  /// The folder, absolute.
  let path: String
  /// Where the clone is made.
  let workshop: String
  /// The folders that were made for this, the deepest last.
  private let made: [String]

  private static let counter = Atomic<UInt64>(0)

  /// Makes the folder, or takes one that is there and empty.
  init(_ path: String) throws(GitError) {
    guard !path.isEmpty, !path.holdsNUL else {
      throw .invalid("git_clone", "\(quoted(path)) is not a path")
    }
    var made: [String] = []
    do throws(GitError) {
      try FileDescriptor.makeFolder(path, &made)
      guard let resolved = realpath(path, nil) else { throw .system("realpath", path) }
      defer { free(resolved) }
      self.path = String(cString: resolved)
      guard try Self.names(in: self.path).isEmpty else {
        throw GitError(
          .exists, operation: "git_clone", message: "\(quoted(path)) is there, and is not empty",
          paths: [path])
      }
      let number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
      workshop = "\(self.path)/.rubric-clone-\(getpid())-\(number)"
      guard mkdir(workshop, 0o777) == 0 else { throw .system("mkdir", workshop) }
    } catch {
      for folder in made.reversed() { rmdir(folder) }
      throw error
    }
    self.made = made
  }

  /// Moves what was made up into the folder, all or nothing.
  func keep() throws(GitError) {
    var moved: [FileName] = []
    do throws(GitError) {
      for name in try Self.names(in: workshop) {
        var state = stat()
        guard lstat(name.path(in: path), &state) != 0 else {
          throw GitError(
            .exists, operation: "git_clone", message: "somebody else writes into \(quoted(path))",
            paths: [path])
        }
        guard rename(name.path(in: workshop), name.path(in: path)) == 0 else {
          throw .system("rename", path)
        }
        moved.append(name)
      }
      try FileDescriptor.folder(path).flush(shown: path)
      // Last: where anything fails before, there still is a place to move all back to.
      guard rmdir(workshop) == 0 else { throw .system("rmdir", workshop) }
    } catch {
      for name in moved { rename(name.path(in: path), name.path(in: workshop)) }
      throw error
    }
  }

  /// Removes what was made.
  func discard() {
    Self.removeAll(workshop)
    for folder in made.reversed() { rmdir(folder) }
  }

  /// A name of a file, of any encoding.
  private struct FileName {
    var bytes: [UInt8]

    /// Its path as C takes it.
    func path(in folder: String) -> [CChar] { path(in: Array(folder.utf8)) }

    func path(in folder: [UInt8]) -> [CChar] {
      (folder + [UInt8(ascii: "/")] + bytes + [0]).map { CChar(bitPattern: $0) }
    }
  }

  private static func names(in folder: String) throws(GitError) -> [FileName] {
    guard let names = names(in: Array(folder.utf8)) else { throw .system("opendir", folder) }
    return names
  }

  private static func names(in folder: [UInt8]) -> [FileName]? {
    guard let stream = opendir((folder + [0]).map { CChar(bitPattern: $0) }) else { return nil }
    defer { closedir(stream) }
    var names: [FileName] = []
    while let entry = readdir(stream) {
      let name = entry.nameBytes
      if name != Array(".".utf8), name != Array("..".utf8) { names.append(FileName(bytes: name)) }
    }
    return names
  }

  /// Removes a folder with all in it; links are removed and not followed.
  private static func removeAll(_ folder: String) {
    var folders = [Array(folder.utf8)]
    var next = 0
    while next < folders.count {
      let folder = folders[next]
      next += 1
      for name in names(in: folder) ?? [] {
        var state = stat()
        guard lstat(name.path(in: folder), &state) == 0 else { continue }
        if state.st_mode & S_IFMT == S_IFDIR {
          folders.append(folder + [UInt8(ascii: "/")] + name.bytes)
        } else {
          unlink(name.path(in: folder))
        }
      }
    }
    for folder in folders.reversed() { rmdir((folder + [0]).map { CChar(bitPattern: $0) }) }
  }
}
