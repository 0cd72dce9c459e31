internal import CLibGit2

extension GitRepository {
  /// Returns the commit that a revision names, as `git rev-parse REVISION^{commit}` does.
  ///
  /// Hashes, unique prefixes of four digits or more, branches, tags, `main~3`, `HEAD^2`, `main@{1}`
  /// and the rest of gitrevisions(7) that libgit2 knows. A prefix that several objects share stands
  /// for the one commit or tag among them.
  ///
  /// - Parameter revision: The text, at most ``GitLimits/nameBytes`` long.
  /// - Returns: A commit's id.
  /// - Throws: ``GitError`` with code `notFound`, `invalid` if it is malformed, `ambiguous` with the
  ///   candidates in `objects`, or `wrongKind` if it names no commit.
  package func resolve(_ revision: String) throws(GitError) -> ObjectID {
    guard !revision.isEmpty, revision.utf8.count <= GitLimits.nameBytes, !revision.holdsNUL else {
      throw .invalid(
        "git_revparse_single",
        "\(quoted(revision)) is not a revision: it must have "
          + "1...\(GitLimits.nameBytes) bytes and no NUL")
    }
    do throws(GitError) {
      return try commit(named: revision)
    } catch {
      guard error.code == .ambiguous else { throw error }
      let digits = revision.utf8.prefix { ObjectID.nibble($0) != nil }
      let prefix = String(decoding: digits, as: UTF8.self)
      let candidates = try objects(withPrefix: prefix)
      let commits = candidates.filter { id in
        let kind = try? objectHeader(id).kind
        return kind == .commit || kind == .tag
      }
      if commits.count == 1, let only = commits.first {
        return try commit(
          named: only.hex
            + String(decoding: revision.utf8.dropFirst(prefix.utf8.count), as: UTF8.self))
      }
      throw GitError(
        .ambiguous, operation: error.operation,
        message: "\(quoted(prefix)) is short for more than one object: "
          + (commits.isEmpty ? candidates : commits).map(\.hex).joined(separator: ", "),
        objects: commits.isEmpty ? candidates : commits)
    }
  }

  private func commit(named revision: String) throws(GitError) -> ObjectID {
    let handle = handle
    let object: GitHandle
    do throws(GitError) {
      object = try GitHandle("git_revparse_single", free: git_object_free) {
        git_revparse_single(&$0, handle, revision)
      }
    } catch {
      throw Self.explain(error, revision)
    }
    do throws(GitError) {
      let named = object.pointer
      let commit = try GitHandle("git_object_peel", free: git_object_free) {
        git_object_peel(&$0, named, GIT_OBJECT_COMMIT)
      }
      guard let oid = git_object_id(commit.pointer) else {
        throw GitError(.other, operation: "git_object_id", message: "an object has no id")
      }
      return ObjectID(oid)
    } catch {
      throw GitError(
        .wrongKind, operation: error.operation,
        message: "\(quoted(revision)) names no commit: \(error.message)", category: error.category)
    }
  }

  private static func explain(_ error: GitError, _ revision: String) -> GitError {
    var error = error
    switch error.code {
    case .notFound: error.message = "there is no revision \(quoted(revision)): \(error.message)"
    case .invalid, .other:
      error.code = .invalid
      error.message = "\(quoted(revision)) is not a revision: \(error.message)"
    case .wrongKind: error.message = "\(quoted(revision)) names no commit: \(error.message)"
    default: break
    }
    return error
  }

  /// Returns the first objects whose ids start with the digits given, in order, at most
  /// ``GitLimits/candidates`` of the commits and tags before the others.
  ///
  /// - Parameter prefix: 4...40 hexadecimal digits.
  /// - Returns: The ids; none if there is no such object.
  /// - Throws: ``GitError`` with code `invalid` if it is not such a prefix.
  /// - Complexity: Linear in the number of all objects of the repository.
  package func objects(withPrefix prefix: String) throws(GitError) -> [ObjectID] {
    let digits = prefix.utf8.compactMap { ObjectID.nibble($0) }
    guard digits.count == prefix.utf8.count, (4...ObjectID.digitCount).contains(digits.count) else {
      throw .invalid("git_odb_foreach", "\(quoted(prefix)) is not 4...40 hexadecimal digits")
    }
    let database = try objectDatabase()
    let search = PrefixSearch(digits)
    try git("git_odb_foreach") {
      git_odb_foreach(
        database.pointer,
        { oid, payload in
          guard let oid, let payload else { return 0 }
          return Unmanaged<PrefixSearch>.fromOpaque(payload).takeUnretainedValue().visit(oid)
        }, Unmanaged.passUnretained(search).toOpaque())
    }
    return withExtendedLifetime(search) {
      // An object may be loose and in a pack.
      let found = Set(search.found).sorted()
      let commits = found.filter { id in
        let kind = try? objectHeader(id).kind
        return kind == .commit || kind == .tag
      }
      return Array((commits + found.filter { !commits.contains($0) }).prefix(GitLimits.candidates))
    }
  }
}

/// Collects the ids that start with some digits.
private final class PrefixSearch {
  private let digits: [UInt8]
  private(set) var found: [ObjectID] = []

  init(_ digits: [UInt8]) { self.digits = digits }

  func visit(_ oid: UnsafePointer<git_oid>) -> CInt {
    let matches = withUnsafeBytes(of: oid.pointee.id) { bytes in
      digits.enumerated().allSatisfy { index, digit in
        let byte = bytes[index / 2]
        return digit == (index.isMultiple(of: 2) ? byte >> 4 : byte & 15)
      }
    }
    // More than a few share four digits only in a repository of millions of objects.
    if matches, found.count < 4096 { found.append(ObjectID(oid)) }
    return 0
  }
}
