internal import CLibGit2

extension GitRepository {
  /// Returns the entries of a tree, in git's order.
  ///
  /// - Parameter tree: A tree's id.
  /// - Returns: All entries, also those that nothing here can name.
  /// - Throws: ``GitError`` with code `notFound`, `wrongKind`, `tooLarge` or `corrupt`.
  package func entries(ofTree tree: ObjectID) throws(GitError) -> [TreeEntry] {
    let tree = try openTree(tree)
    let count = git_tree_entrycount(tree.pointer)
    var entries: [TreeEntry] = []
    entries.reserveCapacity(count)
    for index in 0..<count {
      if let entry = TreeEntry(git_tree_entry_byindex(tree.pointer, index)) {
        entries.append(entry)
      }
    }
    return entries
  }

  /// Returns the file or folder at a path, or nil if nothing is there.
  ///
  /// - Parameters:
  ///   - path: A path from the root.
  ///   - tree: The root's id.
  /// - Returns: A file's or folder's entry.
  /// - Throws: ``GitError`` with code `wrongKind` if the path leads to or through something else:
  ///   symbolic links are not followed, and submodules not entered.
  package func entry(at path: RepositoryPath, inTree tree: ObjectID) throws(GitError) -> TreeEntry?
  {
    var folder = tree
    for (depth, component) in path.components.enumerated() {
      guard let entry = try child(component, ofTree: folder) else { return nil }
      let isLast = depth == path.components.count - 1
      guard entry.kind == .folder || (isLast && entry.isFile) else {
        let shown = path.components[...depth].joined(separator: "/")
        throw GitError(
          .wrongKind, operation: "git_tree_entry_byname",
          message: "`\(shown)` is \(entry.kind.phrase) in tree \(tree)"
            + (isLast ? ", not a file" : ", not a folder"), objects: [tree])
      }
      if isLast { return entry }
      folder = entry.id
    }
    return nil
  }

  /// Writes the tree that follows from a tree by changing files, and keeps all else as it is.
  ///
  /// Folders are made as needed, and go when their last entry goes. A file that was executable stays
  /// so.
  ///
  /// - Parameters:
  ///   - base: The tree to start from; nil for an empty one.
  ///   - edits: The changes, one a path.
  /// - Returns: The new root, and all trees that were written, the root last.
  /// - Throws: ``GitError`` with code `wrongKind` if a path leads through or to something that is not
  ///   a folder or a file, `notFound` if a file to remove or a blob is not there, `invalid` if two
  ///   edits are of one path.
  package func writeTree(
    from base: ObjectID?, edits: [TreeEdit]
  ) throws(GitError) -> (root: ObjectID, written: [ObjectID]) {
    var written: [ObjectID] = []
    let steps = edits.map { Step(path: $0.path, depth: 0, blob: $0.blob) }
    if let root = try rewrite(base, steps, &written) { return (root, written) }
    let builder = try treeBuilder(from: nil)
    let root = try write(builder)
    return (root, [root])
  }

  /// An edit, seen from the folder at `depth`.
  private struct Step {
    var path: RepositoryPath
    var depth: Int
    var blob: ObjectID?

    var component: String { path.components[depth] }
    var isLeaf: Bool { depth == path.components.count - 1 }
  }

  /// Returns the new id of a folder, or nil if it has become empty.
  ///
  /// It calls itself at most `GitLimits.pathDepth` deep.
  private func rewrite(
    _ base: ObjectID?, _ steps: [Step], _ written: inout [ObjectID]
  ) throws(GitError) -> ObjectID? {
    var groups: [[UInt8]: [Step]] = [:]
    var order: [[UInt8]] = []
    for step in steps {
      let name = Array(step.component.utf8)
      if groups[name] == nil { order.append(name) }
      groups[name, default: []].append(step)
    }
    let builder = try treeBuilder(from: base)
    for name in order {
      guard let group = groups[name], let first = group.first else { continue }
      let existing = TreeEntry(git_treebuilder_get(builder.pointer, first.component))
      guard group.count == 1 || !group.contains(where: \.isLeaf) else {
        throw .invalid("git_treebuilder_insert", "two edits are of the path `\(first.path)`")
      }
      if first.isLeaf {
        try set(first, over: existing, in: builder)
      } else {
        if let existing, existing.kind != .folder { throw Self.inTheWay(first, existing) }
        let deeper = group.map { Step(path: $0.path, depth: $0.depth + 1, blob: $0.blob) }
        if let folder = try rewrite(existing?.id, deeper, &written) {
          try insert(first.component, folder, GIT_FILEMODE_TREE, in: builder)
        } else if existing != nil {
          try remove(first.component, from: builder)
        }
      }
    }
    guard git_treebuilder_entrycount(builder.pointer) > 0 else { return nil }
    let id = try write(builder)
    written.append(id)
    return id
  }

  private func set(
    _ step: Step, over existing: TreeEntry?, in builder: borrowing GitHandle
  ) throws(GitError) {
    if let existing, !existing.isFile { throw Self.inTheWay(step, existing) }
    guard let blob = step.blob else {
      guard existing != nil else {
        throw GitError(
          .notFound, operation: "git_treebuilder_remove", message: "there is no file `\(step.path)`"
        )
      }
      return try remove(step.component, from: builder)
    }
    try check(blob, is: .blob, limit: .max)
    let mode = existing?.kind == .executable ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB
    try insert(step.component, blob, mode, in: builder)
  }

  private static func inTheWay(_ step: Step, _ entry: TreeEntry) -> GitError {
    let shown = step.path.components[...step.depth].joined(separator: "/")
    return GitError(
      .wrongKind, operation: "git_treebuilder_insert",
      message: "`\(shown)` is \(entry.kind.phrase), not \(step.isLeaf ? "a file" : "a folder")",
      paths: [shown])
  }

  private func insert(
    _ name: String, _ id: ObjectID, _ mode: git_filemode_t, in builder: borrowing GitHandle
  ) throws(GitError) {
    var oid = id.oid
    let builder = builder.pointer
    try git("git_treebuilder_insert") {
      git_treebuilder_insert(nil, builder, name, &oid, mode)
    }
  }

  private func remove(_ name: String, from builder: borrowing GitHandle) throws(GitError) {
    let builder = builder.pointer
    try git("git_treebuilder_remove") { git_treebuilder_remove(builder, name) }
  }

  private func write(_ builder: borrowing GitHandle) throws(GitError) -> ObjectID {
    var oid = git_oid()
    let builder = builder.pointer
    try Self.writingObject("git_treebuilder_write") { git_treebuilder_write(&oid, builder) }
    return ObjectID(oid)
  }

  private func treeBuilder(from base: ObjectID?) throws(GitError) -> GitHandle {
    let handle = handle
    guard let base else {
      return try GitHandle("git_treebuilder_new", free: git_treebuilder_free) {
        git_treebuilder_new(&$0, handle, nil)
      }
    }
    let tree = try openTree(base)
    let source = tree.pointer
    return try GitHandle("git_treebuilder_new", free: git_treebuilder_free) {
      git_treebuilder_new(&$0, handle, source)
    }
  }

  private func child(_ name: String, ofTree tree: ObjectID) throws(GitError) -> TreeEntry? {
    let tree = try openTree(tree)
    return TreeEntry(git_tree_entry_byname(tree.pointer, name))
  }

  func openTree(_ id: ObjectID) throws(GitError) -> GitHandle {
    try check(id, is: .tree, limit: GitLimits.treeBytes)
    let handle = handle
    var oid = id.oid
    do throws(GitError) {
      return try GitHandle("git_tree_lookup", free: git_tree_free) {
        git_tree_lookup(&$0, handle, &oid)
      }
    } catch {
      throw Self.unreadable(id, error)
    }
  }
}
