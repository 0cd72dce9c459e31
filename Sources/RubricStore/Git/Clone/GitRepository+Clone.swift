internal import CLibGit2
internal import Glibc

extension GitRepository {
  /// Clones a repository with its branches, tags and notes.
  ///
  /// - Parameters:
  ///   - source: A path, `file://`, `https://`, `ssh://`, or `user@host:path`.
  ///   - path: Where it goes: a folder that is empty or not there.
  ///   - bare: Whether the clone is without a work tree.
  ///   - branch: The branch to check out; nil for the one that is checked out at the source.
  ///   - identity: Who reflogs name.
  /// - Returns: The clone.
  /// - Throws: ``GitError`` with code `exists`, `notARepository`, `transport`, `auth`, `unsupported`
  ///   for a shallow source, or `notFound` for a branch that is not there. Nothing of the clone is
  ///   left then.
  package static func clone(
    _ source: String, to path: String, bare: Bool, branch: ReferenceName?, identity: GitSignature
  ) throws(GitError) -> GitRepository {
    let source = try CloneSource(source)
    let folder = try CloneFolder(path)
    do throws(GitError) {
      try make(source, in: folder.workshop, bare: bare, branch: branch, identity: identity)
      try folder.keep()
    } catch {
      folder.discard()
      throw error
    }
    return try open(folder.path)
  }

  private static func make(
    _ source: CloneSource, in folder: String, bare: Bool, branch: ReferenceName?,
    identity: GitSignature
  ) throws(GitError) {
    let clone = try create(folder, bare: bare, initialBranch: try .branch("main"))
    let head: SourceHead
    switch source {
    case .folder(let path): head = try clone.copyAll(from: path, identity)
    case .server(let url):
      let remote = try clone.addOrigin(url)
      do throws(GitError) {
        head = try clone.fetchAll(remote)
      } catch {
        var error = error
        error.message =
          "\(CloneSource.shown(url)) cannot be cloned: "
          + CloneSource.hidingSecrets(of: url, in: error.message)
        throw error
      }
    }
    try clone.checkOutFirst(branch, head, identity)
  }

  /// Takes everything from a repository on this machine.
  private func copyAll(
    from path: String, _ identity: GitSignature
  ) throws(GitError) -> SourceHead {
    let source = try GitRepository.open(path)
    guard !source.isShallow else {
      throw GitError(
        .unsupported, operation: "git_clone",
        message: "\(quoted(path)) is a shallow clone, which lacks what a clone of it would need")
    }
    guard let resolved = realpath(path, nil) else { throw .system("realpath", path) }
    defer { free(resolved) }
    _ = try addOrigin(String(cString: resolved))
    var references: [(name: ReferenceName, id: ObjectID)] = []
    for pattern in ["refs/heads/*", "refs/tags/*", "refs/notes/*"] {
      for name in try source.names(matching: pattern) {
        if let id = try source.follow(name).object { references.append((name, id)) }
      }
    }
    var head = SourceHead()
    switch try source.head() {
    case .branch(let name, let tip): head = SourceHead(branch: name, commit: tip)
    case .detached(let id): head.commit = id
    }
    try source.pack(references.map(\.id) + (head.commit.map { [$0] } ?? []), into: objectFolder)
    for (name, id) in references {
      let kept = name.isBranch && !isBare ? try Self.remoteName(of: name) : name
      try moveReference(kept, to: id, expecting: nil, message: "clone", by: identity)
    }
    return head
  }

  private static func remoteName(of branch: ReferenceName) throws(GitError) -> ReferenceName {
    try ReferenceName("refs/remotes/\(origin)/\(branch.short)")
  }

  /// Makes HEAD and the work tree of a new clone what they are at the source.
  private func checkOutFirst(
    _ wanted: ReferenceName?, _ head: SourceHead, _ identity: GitSignature
  ) throws(GitError) {
    if let wanted { return try checkOutFirst(branch: wanted, mustExist: true, identity) }
    if let branch = head.branch, branch.isBranch {
      if !isBare, head.commit != nil {
        _ = try? symbolic("refs/remotes/\(Self.origin)/HEAD", Self.remoteName(of: branch).text)
      }
      return try checkOutFirst(branch: branch, mustExist: false, identity)
    }
    guard let commit = head.commit else { return }
    if !isBare { try checkOut(commit, from: nil) }
    var oid = commit.oid
    try git("git_repository_set_head_detached") { git_repository_set_head_detached(handle, &oid) }
  }

  private func checkOutFirst(
    branch: ReferenceName, mustExist: Bool, _ identity: GitSignature
  ) throws(GitError) {
    let source = isBare ? branch : try Self.remoteName(of: branch)
    if let tip = try follow(source).object {
      if !isBare {
        try moveReference(branch, to: tip, expecting: nil, message: "clone", by: identity)
        let reference = try openReference(branch)
        let upstream = "\(Self.origin)/\(branch.short)"
        try git("git_branch_set_upstream") { git_branch_set_upstream(reference.pointer, upstream) }
        try checkOut(tip, from: nil)
      }
    } else if mustExist {
      let names = try names(
        matching: isBare ? "refs/heads/*" : "refs/remotes/\(Self.origin)/*")
      let prefix = isBare ? "refs/heads/" : "refs/remotes/\(Self.origin)/"
      let shown = names.prefix(10).map { "`\($0.text.dropFirst(prefix.count))`" }
        .joined(separator: ", ")
      throw GitError(
        .notFound, operation: "git_clone",
        message: "the source has no branch `\(branch.short)`"
          + (shown.isEmpty ? "; it has none" : "; it has \(shown)"))
    }
    _ = try symbolic("HEAD", branch.text)
  }

  private func symbolic(_ name: String, _ target: String) throws(GitError) -> Bool {
    let handle = handle
    _ = try GitHandle("git_reference_symbolic_create", free: git_reference_free) {
      git_reference_symbolic_create(&$0, handle, name, target, 1, "clone")
    }
    return true
  }
}
