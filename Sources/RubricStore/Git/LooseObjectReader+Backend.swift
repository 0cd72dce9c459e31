internal import CLibGit2

extension LooseObjectReader {
  /// libgit2's form of the reader: its functions, and behind them the reader itself.
  private struct Backend {
    // Must come first: libgit2 knows the address of this field only.
    var functions: git_odb_backend
    var reader: Unmanaged<LooseObjectReader>
  }

  /// Puts a reader between a database's packs and libgit2's own reader of loose objects.
  ///
  /// The database frees the reader. libgit2's own one goes on writing objects and listing them.
  static func install(
    in database: borrowing GitHandle, objects folder: String
  ) throws(GitError) {
    var functions = git_odb_backend()
    try git("git_odb_init_backend") {
      git_odb_init_backend(&functions, CUnsignedInt(GIT_ODB_BACKEND_VERSION))
    }
    functions.read = { out, size, type, backend, oid in
      guard let reader = LooseObjectReader.of(backend), let oid else { return GIT_ERROR.rawValue }
      return reader.deliver(ObjectID(oid), out, size, type, backend)
    }
    functions.read_prefix = { id, out, size, type, backend, oid, length in
      guard let reader = LooseObjectReader.of(backend), let oid else { return GIT_ERROR.rawValue }
      let found = reader.ids(withPrefix: ObjectID(oid).prefix(length))
      guard let only = found.first else { return GIT_ENOTFOUND.rawValue }
      guard found.count == 1 else { return GIT_EAMBIGUOUS.rawValue }
      id?.pointee = only.oid
      return reader.deliver(only, out, size, type, backend)
    }
    functions.read_header = { size, type, backend, oid in
      guard let reader = LooseObjectReader.of(backend), let oid else { return GIT_ERROR.rawValue }
      switch reader.header(of: ObjectID(oid)) {
      case .absent: return GIT_ENOTFOUND.rawValue
      case .unreadable(let reason): return LooseObjectReader.fail(reason)
      case .found(let header):
        size?.pointee = header.size
        type?.pointee = header.type
        return GIT_OK.rawValue
      }
    }
    // libgit2's own reader lists the same objects.
    functions.foreach = { _, _, _ in GIT_OK.rawValue }
    functions.free = { backend in
      guard let backend else { return }
      let whole = UnsafeMutableRawPointer(backend).assumingMemoryBound(to: Backend.self)
      whole.pointee.reader.release()
      whole.deinitialize(count: 1)
      whole.deallocate()
    }
    let whole = UnsafeMutablePointer<Backend>.allocate(capacity: 1)
    whole.initialize(
      to: Backend(
        functions: functions, reader: .passRetained(LooseObjectReader(objects: folder))))
    let backend = UnsafeMutableRawPointer(whole).assumingMemoryBound(to: git_odb_backend.self)
    do throws(GitError) {
      // As the packs' own priority, and added after them: a good copy in a pack comes first.
      let database = database.pointer
      try git("git_odb_add_backend") { git_odb_add_backend(database, backend, 2) }
    } catch {
      backend.pointee.free(backend)
      throw error
    }
  }

  private static func of(_ backend: UnsafeMutablePointer<git_odb_backend>?) -> LooseObjectReader? {
    guard let backend else { return nil }
    return UnsafeMutableRawPointer(backend).assumingMemoryBound(to: Backend.self)
      .pointee.reader.takeUnretainedValue()
  }

  /// Hands an object over in memory that libgit2 frees.
  private func deliver(
    _ id: ObjectID, _ out: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    _ size: UnsafeMutablePointer<Int>?, _ type: UnsafeMutablePointer<git_object_t>?,
    _ backend: UnsafeMutablePointer<git_odb_backend>?
  ) -> CInt {
    switch object(id) {
    case .absent: return GIT_ENOTFOUND.rawValue
    case .unreadable(let reason): return Self.fail(reason)
    case .found(let object):
      // A NUL follows, as in what libgit2 itself reads.
      let count = object.bytes.count
      guard let data = git_odb_backend_data_alloc(backend, count + 1) else {
        return GIT_ERROR.rawValue
      }
      object.bytes.withUnsafeBytes {
        if let start = $0.baseAddress { data.copyMemory(from: start, byteCount: count) }
      }
      data.storeBytes(of: 0, toByteOffset: count, as: UInt8.self)
      out?.pointee = data
      size?.pointee = count
      type?.pointee = object.type
      return GIT_OK.rawValue
    }
  }

  private static func fail(_ reason: String) -> CInt {
    git_error_set_str(CInt(GIT_ERROR_ODB.rawValue), reason)
    return GIT_ERROR.rawValue
  }
}
