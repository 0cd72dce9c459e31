internal import Glibc

extension GitRepository {
  /// Returns the names of what lies in a folder of the work tree, in no order.
  ///
  /// - Parameter path: The folder; none where it is not there, or is a link.
  /// - Returns: Names that are UTF-8, without `.` and `..`.
  /// - Throws: ``GitError`` with code `bare` or `io`.
  package func files(inFolder path: RepositoryPath) throws(GitError) -> [String] {
    let root = try requireWorkTree("opendir")
    let folder = Glibc.open(root + path.text, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard folder >= 0 else {
      let number = errno
      if number == ENOENT || number == ELOOP || number == ENOTDIR { return [] }
      throw .system(number, "open", path.text)
    }
    guard let stream = fdopendir(folder) else {
      let number = errno
      Glibc.close(folder)
      throw .system(number, "fdopendir", path.text)
    }
    defer { closedir(stream) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(stream) {
      let name = String(validating: entry.nameBytes, as: UTF8.self)
      if let name, name != ".", name != ".." { names.append(name) }
      errno = 0
    }
    guard errno == 0 else { throw .system("readdir", path.text) }
    return names
  }
}
