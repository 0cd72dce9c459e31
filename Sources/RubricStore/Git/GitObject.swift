internal import CLibGit2

/// What an object is.
package enum GitObjectKind: String, Hashable, Sendable {
  case commit, tree, blob, tag

  init?(_ type: git_object_t) {
    switch type {
    case GIT_OBJECT_COMMIT: self = .commit
    case GIT_OBJECT_TREE: self = .tree
    case GIT_OBJECT_BLOB: self = .blob
    case GIT_OBJECT_TAG: self = .tag
    default: return nil
    }
  }

  var type: git_object_t {
    switch self {
    case .commit: GIT_OBJECT_COMMIT
    case .tree: GIT_OBJECT_TREE
    case .blob: GIT_OBJECT_BLOB
    case .tag: GIT_OBJECT_TAG
    }
  }
}

extension GitRepository {
  /// Returns what an object is and how many bytes it has, without reading it.
  ///
  /// - Parameter id: A full id.
  /// - Returns: The kind and the size in bytes.
  /// - Throws: ``GitError`` with code `notFound`, or `corrupt` if the header cannot be read.
  package func objectHeader(_ id: ObjectID) throws(GitError) -> (kind: GitObjectKind, size: Int) {
    let database = try objectDatabase()
    var size = 0
    var type = GIT_OBJECT_INVALID
    var oid = id.oid
    do throws(GitError) {
      try git("git_odb_read_header") {
        git_odb_read_header(&size, &type, database.pointer, &oid)
      }
    } catch {
      throw Self.unreadable(id, error)
    }
    guard let kind = GitObjectKind(type), size >= 0 else {
      throw GitError(
        .corrupt, operation: "git_odb_read_header",
        message: "object \(id) is of no kind that git has", objects: [id])
    }
    return (kind, size)
  }

  /// Throws unless an object is of a kind and within a limit.
  func check(_ id: ObjectID, is kind: GitObjectKind, limit: Int) throws(GitError) {
    let header = try objectHeader(id)
    guard header.kind == kind else {
      // Damage can make one kind of another; only what is whole is told to be of the wrong one.
      if header.size <= GitLimits.treeBytes { _ = try Self.read(id, from: try objectDatabase()) }
      throw GitError(
        .wrongKind, operation: "git_odb_read_header",
        message: "object \(id) is a \(header.kind.rawValue), not a \(kind.rawValue)", objects: [id])
    }
    guard header.size <= limit else {
      throw GitError(
        .tooLarge, operation: "git_odb_read_header",
        message: "\(kind.rawValue) \(id) has \(header.size) bytes; the limit is \(limit)",
        objects: [id])
    }
  }

  /// Returns a blob's bytes, exactly as they are stored.
  ///
  /// - Parameters:
  ///   - id: A blob's id.
  ///   - limit: The most bytes that are read.
  /// - Returns: The bytes, whose hash was checked.
  /// - Throws: ``GitError`` with code `notFound`, `wrongKind`, `tooLarge` or `corrupt`.
  package func readBlob(_ id: ObjectID, limit: Int) throws(GitError) -> [UInt8] {
    try check(id, is: .blob, limit: limit)
    let database = try objectDatabase()
    return try Self.read(id, from: database)
  }

  /// Returns an object's bytes, exactly as they are stored.
  ///
  /// - Parameters:
  ///   - id: The object.
  ///   - kind: What it must be.
  ///   - limit: The most bytes that are read.
  /// - Returns: The bytes, whose hash was checked.
  /// - Throws: ``GitError`` with code `notFound`, `wrongKind`, `tooLarge` or `corrupt`.
  func bytes(of id: ObjectID, _ kind: GitObjectKind, limit: Int) throws(GitError) -> [UInt8] {
    try check(id, is: kind, limit: limit)
    return try Self.read(id, from: try objectDatabase())
  }

  /// Stores bytes as a blob, without any filter.
  ///
  /// Where an object of that content is there already, nothing is written and it is not looked at:
  /// see ``verify(_:)``.
  package func writeBlob(_ bytes: [UInt8]) throws(GitError) -> ObjectID {
    var oid = git_oid()
    try Self.writingObject("git_blob_create_from_buffer") {
      bytes.withUnsafeBytes {
        git_blob_create_from_buffer(&oid, handle, $0.baseAddress, $0.count)
      }
    }
    return ObjectID(oid)
  }

  /// Returns the id that bytes would have as a blob.
  package static func blobID(of bytes: [UInt8]) throws(GitError) -> ObjectID {
    try id(of: bytes, as: .blob)
  }

  /// Returns the id that bytes would have as an object of a kind.
  static func id(of bytes: [UInt8], as kind: GitObjectKind) throws(GitError) -> ObjectID {
    try GitLibrary.start()
    var oid = git_oid()
    try git("git_odb_hash") {
      bytes.withUnsafeBytes { git_odb_hash(&oid, $0.baseAddress, $0.count, kind.type) }
    }
    return ObjectID(oid)
  }

  /// Reads objects back from the disk and checks their hashes.
  ///
  /// git and libgit2 report success for an object that is there already without looking at it, also
  /// where it was cut short by a crash. So a commit's objects are verified before a reference moves.
  /// The repository's cache, which would answer for the disk, is left out.
  ///
  /// - Parameter ids: The objects.
  /// - Throws: ``GitError`` with code `notFound` or `corrupt` and the object's id.
  package func verify(_ ids: [ObjectID]) throws(GitError) {
    let folder = objectFolder
    let database = try GitHandle("git_odb_open", free: git_odb_free) { git_odb_open(&$0, folder) }
    try LooseObjectReader.install(in: database, objects: folder)
    for id in ids { _ = try Self.read(id, from: database) }
  }

  /// Reads one object; libgit2 checks its hash.
  private static func read(
    _ id: ObjectID, from database: borrowing GitHandle
  ) throws(GitError) -> [UInt8] {
    var oid = id.oid
    let database = database.pointer
    let object: GitHandle
    do throws(GitError) {
      object = try GitHandle("git_odb_read", free: git_odb_object_free) {
        git_odb_read(&$0, database, &oid)
      }
    } catch {
      throw unreadable(id, error)
    }
    let bytes = UnsafeRawBufferPointer(
      start: git_odb_object_data(object.pointer), count: git_odb_object_size(object.pointer))
    return Array(bytes)
  }

  /// Names the object in an error of reading it.
  ///
  /// Whatever libgit2 calls it, an object that is there and does not read is corrupt, unless the
  /// operating system refused to read it.
  static func unreadable(_ id: ObjectID, _ error: GitError) -> GitError {
    var error = error
    error.objects = [id]
    switch error.code {
    case .notFound: error.message = "there is no object \(id)"
    case .outOfMemory, .io: error.message = "object \(id) cannot be read: \(error.message)"
    default:
      error.code = .corrupt
      error.message = "object \(id) is corrupt: \(error.message)"
    }
    return error
  }
}
