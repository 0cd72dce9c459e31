internal import CLibGit2
internal import Glibc

extension GitRepository {
  /// Returns a file of the work tree as it is, or nil if it is not there.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - limit: The most bytes that are read.
  /// - Returns: The bytes, without any filter.
  /// - Throws: ``GitError`` with code `bare`, `tooLarge`, or `wrongKind` if the path leads through or
  ///   to anything but folders and a regular file.
  package func readFile(_ path: RepositoryPath, limit: Int) throws(GitError) -> [UInt8]? {
    let root = try requireWorkTree("openat")
    guard let folder = try WorkTreeFolder.open(path, under: root, creating: false) else {
      return nil
    }
    return try folder.read(limit: limit)
  }

  /// Replaces or creates a file of the work tree in one step, and flushes it to the disk.
  ///
  /// Folders are made as needed. The old file's permissions stay; a new one's are 0644 less the umask.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - bytes: Its content, written without any filter.
  /// - Throws: ``GitError`` with code `bare`, `io`, or `wrongKind` if the path leads through or to
  ///   anything but folders and a regular file; nothing is written then.
  package func writeFile(_ path: RepositoryPath, _ bytes: [UInt8]) throws(GitError) {
    let root = try requireWorkTree("openat")
    guard let folder = try WorkTreeFolder.open(path, under: root, creating: true) else { return }
    try folder.replace(with: bytes)
  }

  /// Removes a file of the work tree; one that is not there is no error, and its folder stays.
  ///
  /// - Parameter path: The file.
  /// - Throws: ``GitError`` with code `bare`, `io` or `wrongKind`.
  package func removeFile(_ path: RepositoryPath) throws(GitError) {
    let root = try requireWorkTree("unlinkat")
    guard let folder = try WorkTreeFolder.open(path, under: root, creating: false) else { return }
    try folder.remove()
  }

  /// Returns how a file stands in HEAD, in the index and in the work tree.
  ///
  /// Contents are compared, and not times. Bytes that differ from the index's only by what git's
  /// line-end settings would undo (`core.autocrlf`, `.gitattributes`) are the same. Permissions are
  /// not compared, and whether a file is ignored is not asked.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - limit: The most bytes of the file that are read.
  /// - Returns: The three blobs.
  /// - Throws: ``GitError`` with code `bare`, `tooLarge`, or `wrongKind` if something else than a file
  ///   is at the path.
  package func status(of path: RepositoryPath, limit: Int) throws(GitError) -> WorkTreeStatus {
    _ = try requireWorkTree("git_repository_index")
    var status = WorkTreeStatus(isConflicted: false)
    if let commit = try head().commit,
      let entry = try entry(at: path, inTree: try self.commit(commit).tree)
    {
      guard entry.isFile else {
        throw GitError(
          .wrongKind, operation: "git_tree_entry_byname", message: "`\(path)` is a folder in HEAD",
          paths: [path.text])
      }
      status.head = entry.id
    }
    let index = try openIndex()
    status.isConflicted = Self.isConflicted(path, in: index)
    if let entry = git_index_get_bypath(index.pointer, path.text, 0) {
      status.index = ObjectID(entry.pointee.id)
    }
    if let bytes = try readFile(path, limit: limit) {
      var id = try Self.blobID(of: bytes)
      if id != status.index, status.index != nil,
        let filtered = try filteredID(of: bytes, at: path),
        filtered == status.index
      {
        id = filtered
      }
      status.file = id
    }
    return status
  }

  /// Makes the index hold a blob for a file that the work tree has, so that `git status` is clean.
  ///
  /// All other entries stay. Between reading the index and writing it git's lock is not held: what
  /// another process stages in that moment is lost from the index, and not from the work tree.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - blob: Its content as stored.
  /// - Throws: ``GitError`` with code `locked` if another process is writing the index, `conflict` if
  ///   the file is in the middle of a merge, `notFound` if the work tree has no such file.
  package func stage(_ path: RepositoryPath, blob: ObjectID) throws(GitError) {
    let root = try requireWorkTree("git_index_add")
    let index = try openIndex()
    guard !Self.isConflicted(path, in: index) else {
      throw GitError(
        .conflict, operation: "git_index_add", message: "`\(path)` is in the middle of a merge",
        paths: [path.text])
    }
    guard let folder = try WorkTreeFolder.open(path, under: root, creating: false),
      let state = try folder.state(), state.st_mode & S_IFMT == S_IFREG
    else {
      throw GitError(
        .notFound, operation: "git_index_add",
        message: "there is no file `\(path)` in the work tree",
        paths: [path.text])
    }
    var entry = git_index_entry()
    // Git keeps the low 32 bits of each.
    entry.ctime.seconds = Int32(truncatingIfNeeded: state.st_ctim.tv_sec)
    entry.ctime.nanoseconds = UInt32(truncatingIfNeeded: state.st_ctim.tv_nsec)
    entry.mtime.seconds = Int32(truncatingIfNeeded: state.st_mtim.tv_sec)
    entry.mtime.nanoseconds = UInt32(truncatingIfNeeded: state.st_mtim.tv_nsec)
    entry.dev = UInt32(truncatingIfNeeded: state.st_dev)
    entry.ino = UInt32(truncatingIfNeeded: state.st_ino)
    entry.uid = state.st_uid
    entry.gid = state.st_gid
    entry.file_size = UInt32(truncatingIfNeeded: state.st_size)
    entry.mode = UInt32(GIT_FILEMODE_BLOB.rawValue)
    if let old = git_index_get_bypath(index.pointer, path.text, 0),
      old.pointee.mode == UInt32(GIT_FILEMODE_BLOB_EXECUTABLE.rawValue)
    {
      entry.mode = old.pointee.mode
    }
    entry.id = blob.oid
    try git("git_index_add") {
      path.text.withCString {
        entry.path = $0
        return git_index_add(index.pointer, &entry)
      }
    }
    try write(index)
  }

  /// Takes a file out of the index; one that is not there is no error.
  ///
  /// - Parameter path: The file.
  /// - Throws: ``GitError`` with code `locked` if another process is writing the index.
  package func unstage(_ path: RepositoryPath) throws(GitError) {
    _ = try requireWorkTree("git_index_remove")
    let index = try openIndex()
    guard git_index_get_bypath(index.pointer, path.text, 0) != nil else { return }
    try git("git_index_remove") { git_index_remove(index.pointer, path.text, 0) }
    try write(index)
  }

  /// The index as it is on the disk now.
  func openIndex() throws(GitError) -> GitHandle {
    let handle = handle
    let index = try GitHandle("git_repository_index", free: git_index_free) {
      git_repository_index(&$0, handle)
    }
    // Forced: the index is shared with the repository, and may hold a change that was not written.
    try git("git_index_read") { git_index_read(index.pointer, 1) }
    return index
  }

  private func write(_ index: borrowing GitHandle) throws(GitError) {
    let pointer = index.pointer
    do throws(GitError) {
      try git("git_index_write") { git_index_write(pointer) }
    } catch {
      var error = error
      if error.code == .locked {
        error.message =
          "the index is locked: another process is writing it, or was stopped while it did and left "
          + "the file \(gitFolder)index.lock"
      }
      throw error
    }
  }

  private static func isConflicted(
    _ path: RepositoryPath, in index: borrowing GitHandle
  ) -> Bool {
    (1...3).contains { git_index_get_bypath(index.pointer, path.text, $0) != nil }
  }

  /// The blob that git would store for a file of these bytes, or nil if it would refuse them.
  ///
  /// libgit2 runs its own line-end and ident filters only, never a program that the configuration
  /// names.
  private func filteredID(
    of bytes: [UInt8], at path: RepositoryPath
  ) throws(GitError) -> ObjectID? {
    var filters: OpaquePointer?
    try git("git_filter_list_load") {
      git_filter_list_load(
        &filters, handle, nil, path.text, GIT_FILTER_TO_ODB, GIT_FILTER_ALLOW_UNSAFE.rawValue)
    }
    guard let filters else { return nil }
    defer { git_filter_list_free(filters) }
    var buffer = git_buf()
    defer { git_buf_dispose(&buffer) }
    let status = bytes.withUnsafeBytes {
      git_filter_list_apply_to_buffer(
        &buffer, filters, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
    }
    guard status == 0, let start = buffer.ptr else { return nil }
    return try Self.blobID(of: Array(UnsafeRawBufferPointer(start: start, count: buffer.size)))
  }
}
