internal import CLibGit2

extension GitRepository {
  /// Returns the commit that a revision names, as `git rev-parse REVISION^{commit}` does.
  ///
  /// Hashes, unique prefixes of four digits or more, branches, tags, `main~3`, `HEAD^2`, `main@{1}`,
  /// what `git describe` prints, and the rest of gitrevisions(7) that libgit2 knows, but for searches
  /// of messages (`:/text`, `^{/text}`). A prefix that several objects share stands for the one commit
  /// or tag among them.
  ///
  /// - Parameter revision: The text, at most ``GitLimits/nameBytes`` long.
  /// - Returns: A commit's id.
  /// - Throws: ``GitError`` with code `notFound`, `invalid` if it is malformed, `ambiguous` with the
  ///   candidates in `objects`, or `wrongKind` if it names no commit.
  package func resolve(_ revision: String) throws(GitError) -> ObjectID {
    func refuse(_ reason: String) -> GitError {
      .invalid("git_revparse_single", "\(quoted(revision)) is not a revision: \(reason)")
    }
    guard !revision.isEmpty, revision.utf8.count <= GitLimits.nameBytes, !revision.holdsNUL else {
      throw refuse("it must have 1...\(GitLimits.nameBytes) bytes and no NUL")
    }
    guard revision.utf8.first != UInt8(ascii: ":"), !revision.contains("^{/") else {
      throw refuse("messages and the index are not searched for one")
    }
    // What comes before the first operator is looked up here and handed over as a full hash or the
    // name of a reference: libgit2 tries regular expressions on all else, and leaks at each.
    let operators = revision.utf8.indices.first { index in
      let rest = revision.utf8[index...]
      return [UInt8(ascii: "~"), UInt8(ascii: "^"), UInt8(ascii: ":")].contains(rest.first)
        || rest.starts(with: "@{".utf8)
    }
    let end = operators ?? revision.endIndex
    let base = String(decoding: revision.utf8[..<end], as: UTF8.self)
    let rest = String(decoding: revision.utf8[end...], as: UTF8.self)
    return try commit(named: try expanded(base) + rest, shown: revision)
  }

  /// Turns a prefix of a hash into the hash, and leaves the name of a reference as it is.
  private func expanded(_ base: String) throws(GitError) -> String {
    if base.isEmpty || base == "@" { return base }
    if let id = ObjectID(hex: base) {
      _ = try objectHeader(id)
      return base
    }
    if try isReference(base) { return base }
    let digits = base.utf8.split(separator: UInt8(ascii: "-")).last ?? base.utf8[...]
    // `v1-3-gabcdef` is what `git describe` makes of `abcdef`.
    let isDescription = digits.count < base.utf8.count && digits.first == UInt8(ascii: "g")
    let prefix = String(
      decoding: isDescription ? digits.dropFirst() : base.utf8[...], as: UTF8.self)
    guard (4..<ObjectID.digitCount).contains(prefix.utf8.count),
      prefix.utf8.allSatisfy({ ObjectID.nibble($0) != nil })
    else { throw Self.unknown(base) }
    return try object(withUniquePrefix: prefix).hex
  }

  private static func unknown(_ revision: String) -> GitError {
    GitError(
      .notFound, operation: "git_revparse_single",
      message: "there is no branch, tag or commit \(quoted(revision))")
  }

  /// Whether a name, short or full, stands for a reference.
  private func isReference(_ name: String) throws(GitError) -> Bool {
    let handle = handle
    do throws(GitError) {
      _ = try GitHandle("git_reference_dwim", free: git_reference_free) {
        git_reference_dwim(&$0, handle, name)
      }
      return true
    } catch {
      if error.code == .notFound { return false }
      throw Self.explain(error, name)
    }
  }

  /// The object of a prefix, or the commit or tag if there is one of them among several objects.
  private func object(withUniquePrefix prefix: String) throws(GitError) -> ObjectID {
    let database = try objectDatabase()
    let padding = String(repeating: "0", count: ObjectID.digitCount - prefix.utf8.count)
    var short = (ObjectID(hex: prefix + padding) ?? .zero).oid
    var found = git_oid()
    do throws(GitError) {
      try git("git_odb_exists_prefix") {
        git_odb_exists_prefix(&found, database.pointer, &short, prefix.utf8.count)
      }
      return ObjectID(found)
    } catch {
      if error.code == .notFound { throw Self.unknown(prefix) }
      guard error.code == .ambiguous else { throw error }
    }
    let candidates = try objects(withPrefix: prefix)
    let commits = candidates.filter { id in
      let kind = try? objectHeader(id).kind
      return kind == .commit || kind == .tag
    }
    if commits.count == 1, let only = commits.first { return only }
    let named = commits.isEmpty ? candidates : commits
    throw GitError(
      .ambiguous, operation: "git_odb_exists_prefix",
      message: "\(quoted(prefix)) is short for more than one object: "
        + named.map(\.hex).joined(separator: ", "), objects: named)
  }

  private func commit(named revision: String, shown: String) throws(GitError) -> ObjectID {
    let handle = handle
    let object: GitHandle
    do throws(GitError) {
      object = try GitHandle("git_revparse_single", free: git_object_free) {
        git_revparse_single(&$0, handle, revision)
      }
    } catch {
      throw Self.explain(error, shown)
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
        message: "\(quoted(shown)) names no commit: \(error.message)", category: error.category)
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
