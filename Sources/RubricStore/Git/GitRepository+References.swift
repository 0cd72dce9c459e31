internal import CLibGit2

extension GitRepository {
  /// Returns a reference, or nil if there is none of that name.
  ///
  /// - Parameter name: A full name.
  /// - Returns: The reference, not followed.
  /// - Throws: ``GitError`` if the file cannot be read, or names a reference that is refused.
  package func reference(_ name: ReferenceName) throws(GitError) -> GitReference? {
    let reference: GitHandle
    do throws(GitError) {
      reference = try openReference(name)
    } catch {
      if error.code == .notFound { return nil }
      throw error
    }
    return try GitReference(name: name, target: Self.target(of: reference.pointer))
  }

  /// Follows a reference to the object it comes to, or returns nil if that is nothing.
  ///
  /// - Parameter name: A full name.
  /// - Returns: The last reference's name, and its object; no object where it does not exist.
  /// - Throws: ``GitError`` with code `invalid` if more references than
  ///   ``GitLimits/symbolicDepth`` follow on each other.
  package func follow(
    _ name: ReferenceName
  ) throws(GitError) -> (name: ReferenceName, object: ObjectID?) {
    var current = name
    for _ in 0...GitLimits.symbolicDepth {
      guard let reference = try reference(current) else { return (current, nil) }
      switch reference.target {
      case .object(let id): return (current, id)
      case .reference(let next): current = next
      }
    }
    throw .invalid(
      "git_reference_resolve", "`\(name)` leads over too many symbolic references to \(current)")
  }

  /// Returns what is checked out.
  ///
  /// - Returns: The branch, also one without commits, or the commit.
  /// - Throws: ``GitError``.
  package func head() throws(GitError) -> GitHead {
    guard let head = try reference(.head) else {
      throw GitError(
        .corrupt, operation: "git_reference_lookup", message: "\(gitFolder) has no HEAD")
    }
    switch head.target {
    case .object(let id): return .detached(id)
    case .reference(let name):
      let end = try follow(name)
      return .branch(end.name, tip: end.object)
    }
  }

  /// Returns the local branches that have commits, ordered by the bytes of their names.
  ///
  /// Branches whose names are refused here (see ``ReferenceName``) are left out.
  package func branches() throws(GitError) -> [GitBranch] {
    var branches: [GitBranch] = []
    for name in try names(matching: "refs/heads/*") {
      if let tip = try follow(name).object { branches.append(GitBranch(name: name, tip: tip)) }
    }
    return branches
  }

  /// Returns the tags, ordered by the bytes of their names.
  ///
  /// Tags whose names are refused here (see ``ReferenceName``) are left out.
  package func tags() throws(GitError) -> [GitTag] {
    var tags: [GitTag] = []
    for name in try names(matching: "refs/tags/*") {
      if let target = try follow(name).object { tags.append(tag(name, target)) }
    }
    return tags
  }

  /// Whether a branch is checked out here or in a linked work tree.
  package func isCheckedOut(_ branch: ReferenceName) throws(GitError) -> Bool {
    let reference: GitHandle
    do throws(GitError) {
      reference = try openReference(branch)
    } catch {
      guard error.code == .notFound else { throw error }
      return try !isBare && head() == .branch(branch, tip: nil)
    }
    return try Self.isCheckedOut(reference)
  }

  private static func isCheckedOut(_ branch: borrowing GitHandle) throws(GitError) -> Bool {
    let branch = branch.pointer
    return try git("git_branch_is_checked_out") { git_branch_is_checked_out(branch) } == 1
  }

  /// Returns the names that match a pattern of git's kind.
  func names(matching pattern: String) throws(GitError) -> [ReferenceName] {
    let handle = handle
    let iterator = try GitHandle(
      "git_reference_iterator_glob_new", free: git_reference_iterator_free
    ) { git_reference_iterator_glob_new(&$0, handle, pattern) }
    var names: [ReferenceName] = []
    while true {
      var text: UnsafePointer<CChar>?
      let status = git_reference_next_name(&text, iterator.pointer)
      if status == GIT_ITEROVER.rawValue { break }
      try git("git_reference_next_name") { status }
      // Checking a name calls libgit2, so the text is copied first.
      guard let text, let copy = String(validatingCString: text),
        let name = try? ReferenceName(copy)
      else { continue }
      names.append(name)
    }
    return names.sorted { $0.text.utf8.lexicographicallyPrecedes($1.text.utf8) }
  }

  /// Reads a tag; what cannot be read of it is left out, so that one bad tag does not hide the others.
  private func tag(_ name: ReferenceName, _ target: ObjectID) -> GitTag {
    var result = GitTag(name: name, target: target)
    var id = target
    for depth in 0...GitLimits.tagDepth {
      guard let kind = try? objectHeader(id).kind else { return result }
      guard kind == .tag else {
        if kind == .commit { result.commit = id }
        return result
      }
      guard let annotation = try? readAnnotation(id) else { return result }
      if depth == 0 { result.annotation = annotation.words }
      id = annotation.target
    }
    return result
  }

  private func readAnnotation(
    _ id: ObjectID
  ) throws(GitError) -> (words: GitTag.Annotation, target: ObjectID) {
    try check(id, is: .tag, limit: GitLimits.commitBytes)
    let handle = handle
    var oid = id.oid
    let tag = try GitHandle("git_tag_lookup", free: git_tag_free) {
      git_tag_lookup(&$0, handle, &oid)
    }
    let message = git_tag_message(tag.pointer).map { String(cString: $0) } ?? ""
    let tagger = git_tag_tagger(tag.pointer).map { GitSignature($0) }
    let target = git_tag_target_id(tag.pointer).map { ObjectID($0) } ?? .zero
    return (GitTag.Annotation(id: id, tagger: tagger, message: message), target)
  }

  func openReference(_ name: ReferenceName) throws(GitError) -> GitHandle {
    let handle = handle
    return try GitHandle("git_reference_lookup", free: git_reference_free) {
      git_reference_lookup(&$0, handle, name.text)
    }
  }

  static func target(of reference: OpaquePointer) throws(GitError) -> GitReference.Target {
    if let oid = git_reference_target(reference) { return .object(ObjectID(oid)) }
    guard let text = git_reference_symbolic_target(reference),
      let copy = String(validatingCString: text)
    else {
      throw GitError(
        .corrupt, operation: "git_reference_lookup", message: "a reference names nothing")
    }
    return .reference(try ReferenceName(copy))
  }
}
