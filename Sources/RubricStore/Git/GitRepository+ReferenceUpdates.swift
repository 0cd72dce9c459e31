internal import CLibGit2

extension GitRepository {
  /// Moves a reference if it holds what is expected of it, in one step beside other processes.
  ///
  /// git's own lock file is held while the old value is compared and the new one written, so this is
  /// safe beside `git`. The reflogs of the reference and of HEAD are written where git would.
  ///
  /// - Parameters:
  ///   - name: A full name; HEAD and symbolic references are refused.
  ///   - target: The new value: of a branch a commit.
  ///   - expected: The value that it must have now; nil if it must not exist.
  ///   - message: The reflog's line.
  ///   - identity: Who the reflog names; the time is now's.
  /// - Throws: ``GitError`` with code `modified` if it holds something else, `locked` if its lock file
  ///   is there, `exists` if a name above or below it is in the way, `wrongKind` or `notFound` if the
  ///   target is not there or not for it.
  package func moveReference(
    _ name: ReferenceName, to target: ObjectID, expecting expected: ObjectID?, message: String,
    by identity: GitSignature
  ) throws(GitError) {
    guard name != .head else {
      throw .invalid("git_reference_create_matching", "HEAD is moved by switching")
    }
    if name.isBranch {
      try check(target, is: .commit, limit: .max)
    } else {
      _ = try objectHeader(target)
    }
    var new = target.oid
    // Not nil for "must not exist": nil compares nothing, and `force: 0` is not atomic.
    var old = (expected ?? .zero).oid
    let handle = handle
    let line = Self.oneLine(message)
    do throws(GitError) {
      try withReflogIdentity(identity) { () throws(GitError) in
        _ = try GitHandle("git_reference_create_matching", free: git_reference_free) {
          git_reference_create_matching(&$0, handle, name.text, &new, 1, &old, line)
        }
      }
    } catch {
      // libgit2 has a different code for each way to find this out.
      if let other = try nameInTheWay(of: name) {
        throw GitError(
          .exists, operation: error.operation,
          message: "`\(other)` is in the way of `\(name)`: one name cannot lie below the other")
      }
      throw Self.updateError(error, name, expected)
    }
  }

  /// A reference that lies above or below a name, so that the name cannot be one.
  private func nameInTheWay(of name: ReferenceName) throws(GitError) -> ReferenceName? {
    if let below = try names(matching: name.text + "/*").first { return below }
    let components = name.text.split(separator: "/")
    guard components.count > 3 else { return nil }
    for count in 3..<components.count {
      let above = try ReferenceName(components[..<count].joined(separator: "/"))
      if try reference(above) != nil { return above }
    }
    return nil
  }

  /// Removes a reference if it holds what is expected of it, and its reflog.
  ///
  /// libgit2 compares the value that it looked up with the current one under the lock.
  ///
  /// - Parameters:
  ///   - name: A full name; HEAD and symbolic references are refused.
  ///   - expected: The value that it must have now.
  /// - Throws: ``GitError`` with code `modified` or `locked`.
  package func deleteReference(
    _ name: ReferenceName, expecting expected: ObjectID
  ) throws(GitError) {
    guard name != .head else { throw .invalid("git_reference_delete", "HEAD cannot be deleted") }
    do throws(GitError) {
      let reference = try openReference(name)
      guard try Self.target(of: reference.pointer) == .object(expected) else {
        throw GitError(.modified, operation: "git_reference_delete", message: "")
      }
      try git("git_reference_delete") { git_reference_delete(reference.pointer) }
    } catch {
      throw Self.updateError(error, name, expected)
    }
  }

  /// Makes HEAD name a branch, which need not exist, if HEAD is what is expected.
  ///
  /// The work tree is left alone: see ``switchBranch(to:by:)``.
  ///
  /// - Parameters:
  ///   - branch: The branch.
  ///   - expected: What HEAD is now. The tip is not compared; of a detached HEAD nothing is.
  ///   - identity: Who the reflog names.
  /// - Throws: ``GitError`` with code `modified` or `locked`.
  package func setHead(
    to branch: ReferenceName, expecting expected: GitHead, by identity: GitSignature
  ) throws(GitError) {
    guard branch.isBranch else {
      throw .invalid("git_reference_symbolic_create_matching", "`\(branch)` is not a branch")
    }
    var current: String?
    let from: String
    switch expected {
    case .branch(let name, _):
      current = name.text
      from = name.short
    case .detached(let id): from = id.hex
    }
    // git reads this line again for `@{-1}`.
    let line = Self.oneLine("checkout: moving from \(from) to \(branch.short)")
    let handle = handle
    do throws(GitError) {
      try withReflogIdentity(identity) { () throws(GitError) in
        _ = try GitHandle("git_reference_symbolic_create_matching", free: git_reference_free) {
          git_reference_symbolic_create_matching(
            &$0, handle, "HEAD", branch.text, 1, current, line)
        }
      }
    } catch {
      throw Self.updateError(error, .head, nil)
    }
  }

  /// Stores an annotated tag's object; no reference is made.
  ///
  /// - Parameters:
  ///   - name: The tag.
  ///   - target: What is tagged.
  ///   - tagger: Who tags.
  ///   - message: Why; stored as it is.
  /// - Returns: The tag object's id, for ``moveReference(_:to:expecting:message:by:)``.
  /// - Throws: ``GitError``.
  package func writeTag(
    _ name: ReferenceName, target: ObjectID, tagger: GitSignature, message: String
  ) throws(GitError) -> ObjectID {
    guard name.isTag, !message.holdsNUL else {
      throw .invalid(
        "git_tag_annotation_create", "`\(name)` is not a tag, or its message holds a NUL")
    }
    let kind = try objectHeader(target).kind
    let signature = try tagger.handle()
    let handle = handle
    var targetOID = target.oid
    let object = try GitHandle("git_object_lookup", free: git_object_free) {
      git_object_lookup(&$0, handle, &targetOID, kind.type)
    }
    var oid = git_oid()
    try git("git_tag_annotation_create") {
      git_tag_annotation_create(
        &oid, handle, name.short, object.pointer, signature.pointer, message)
    }
    return ObjectID(oid)
  }

  /// Runs `body` while reflogs name `identity`.
  func withReflogIdentity(
    _ identity: GitSignature, _ body: () throws(GitError) -> Void
  ) throws(GitError) {
    try identity.validate()
    try git("git_repository_set_ident") {
      git_repository_set_ident(handle, identity.name, identity.email)
    }
    defer { _ = git_repository_set_ident(handle, nil, nil) }
    try body()
  }

  /// A reflog's line cannot hold line breaks.
  private static func oneLine(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
  }

  /// Says in one way that a reference is not as expected.
  private static func updateError(
    _ error: GitError, _ name: ReferenceName, _ expected: ObjectID?
  ) -> GitError {
    var error = error
    switch error.code {
    case .modified, .notFound:
      error.code = .modified
      error.message = "`\(name)` is not what it was"
      if let expected { error.message += ": it was at \(expected)" }
      if let expected { error.objects = [expected] }
    case .locked:
      error.message =
        "`\(name)` is locked: another process is writing it, or was stopped while it did "
        + "and left the file \(name).lock (\(error.message))"
    default: break
    }
    return error
  }
}
