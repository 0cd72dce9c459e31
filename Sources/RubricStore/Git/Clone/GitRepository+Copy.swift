internal import CLibGit2

extension GitRepository {
  /// Packs all that some objects lead to into a file of another repository.
  ///
  /// Between folders libgit2's own transport would read the source with its own reader of loose
  /// objects, which ``LooseObjectReader`` keeps it from. Here every object is read by the repository
  /// itself, and its hash checked.
  ///
  /// - Parameters:
  ///   - roots: Commits, tags, and what else references hold.
  ///   - objects: The folder of the other repository's objects.
  /// - Throws: ``GitError`` with code `notFound` or `corrupt` for what is not whole.
  /// - Complexity: All objects once.
  func pack(_ roots: [ObjectID], into objects: String) throws(GitError) {
    let handle = handle
    let builder = try GitHandle("git_packbuilder_new", free: git_packbuilder_free) {
      git_packbuilder_new(&$0, handle)
    }
    var seen: Set<ObjectID> = []
    // Not by recursion, as in libgit2: a hostile tree may be of any depth.
    var pending: [(id: ObjectID, name: String?)] = roots.map { ($0, nil) }
    while let (id, name) = pending.popLast() {
      guard seen.insert(id).inserted else { continue }
      switch try objectHeader(id).kind {
      case .commit:
        let commit = try commit(id)
        pending.append((commit.tree, nil))
        for parent in commit.parents { pending.append((parent, nil)) }
      case .tree:
        for entry in try entries(ofTree: id) where entry.kind != .submodule {
          pending.append((entry.id, entry.name))
        }
      case .tag: pending.append((try tagTarget(id), nil))
      case .blob: break
      }
      var oid = id.oid
      let builder = builder.pointer
      do throws(GitError) {
        try git("git_packbuilder_insert") { git_packbuilder_insert(builder, &oid, name) }
      } catch {
        throw Self.unreadable(id, error)
      }
    }
    guard !seen.isEmpty else { return }
    let pointer = builder.pointer
    do throws(GitError) {
      try git("git_packbuilder_write") {
        git_packbuilder_write(pointer, objects + "/pack", 0, nil, nil)
      }
    } catch {
      var error = error
      // Blobs are read now, and libgit2 has no code for one that does not read.
      if error.category == Int(GIT_ERROR_ODB.rawValue) { error.code = .corrupt }
      throw error
    }
  }

  /// What a tag's object tags.
  private func tagTarget(_ id: ObjectID) throws(GitError) -> ObjectID {
    try check(id, is: .tag, limit: GitLimits.commitBytes)
    let handle = handle
    var oid = id.oid
    do throws(GitError) {
      let tag = try GitHandle("git_tag_lookup", free: git_tag_free) {
        git_tag_lookup(&$0, handle, &oid)
      }
      return git_tag_target_id(tag.pointer).map { ObjectID($0) } ?? .zero
    } catch {
      throw Self.unreadable(id, error)
    }
  }
}
