/// Where the notes of one reference lie, as git-notes(1) lays them out.
///
/// A note is a blob named by the hash of what it is about. Where there are many, the first two digits
/// become a folder, and again; git changes the depth as it likes, and reads any.
package struct NotesTree: Sendable {
  /// The blobs of each note; more than one only where two depths both have it.
  package private(set) var blobs: [ObjectID: [ObjectID]] = [:]

  fileprivate mutating func add(_ blob: ObjectID, for id: ObjectID) {
    blobs[id, default: []].append(blob)
  }
}

extension GitRepository {
  /// The name of the reference that holds notes of a kind.
  package static func notesReference(_ kind: String) throws(GitError) -> ReferenceName {
    try ReferenceName("refs/notes/" + kind)
  }

  /// Returns all notes in a tree; what is no note is passed over.
  ///
  /// - Parameter tree: The root of the notes.
  /// - Returns: The notes, not read.
  /// - Throws: ``GitError``.
  package func notes(inTree tree: ObjectID) throws(GitError) -> NotesTree {
    var notes = NotesTree()
    try collect(tree, under: [], into: &notes)
    return notes
  }

  /// It calls itself at most ``GitLimits/pathDepth`` deep.
  private func collect(
    _ tree: ObjectID, under prefix: [UInt8], into notes: inout NotesTree
  ) throws(GitError) {
    for entry in try entries(ofTree: tree) {
      let digits = prefix + entry.nameBytes
      guard entry.nameBytes.allSatisfy({ ObjectID.nibble($0) != nil }) else { continue }
      if entry.kind == .folder, entry.nameBytes.count == 2,
        digits.count <= 2 * GitLimits.pathDepth
      {
        try collect(entry.id, under: digits, into: &notes)
      } else if entry.isFile, let id = ObjectID(hex: String(decoding: digits, as: UTF8.self)) {
        notes.add(entry.id, for: id)
      }
    }
  }

  /// Finds the notes about one object, and where a new one would go.
  ///
  /// - Parameters:
  ///   - id: What the note is about.
  ///   - tree: The root of the notes; nil where there are none.
  /// - Returns: The paths and blobs that are there, the one nearest to the root first, and the path
  ///   for writing: the first of them, or else one as deep as the folders that are there.
  /// - Throws: ``GitError``.
  package func noteEntries(
    about id: ObjectID, inTree tree: ObjectID?
  ) throws(GitError) -> (found: [(path: RepositoryPath, blob: ObjectID)], path: RepositoryPath) {
    var found: [(path: RepositoryPath, blob: ObjectID)] = []
    var folder = ""
    var rest = Substring(id.hex)
    var next = tree
    var crowded = false
    var depth = 0
    while let tree = next, depth < GitLimits.pathDepth {
      next = nil
      let entries = try entries(ofTree: tree)
      // git begins folders where one would hold more than this many.
      crowded = entries.count > 256
      for entry in entries {
        if entry.isFile, entry.name == String(rest) {
          found.append((try RepositoryPath(folder + rest), entry.id))
        } else if entry.kind == .folder, entry.name == String(rest.prefix(2)), rest.count > 2 {
          next = entry.id
        } else if entry.kind == .folder, entry.nameBytes.count == 2 {
          // A sibling has one, so this level has folders.
          crowded = true
        }
      }
      if next != nil {
        folder += rest.prefix(2) + "/"
        rest = rest.dropFirst(2)
      }
      depth += 1
    }
    if let first = found.first { return (found, first.path) }
    if crowded, rest.count > 2 {
      folder += rest.prefix(2) + "/"
      rest = rest.dropFirst(2)
    }
    return ([], try RepositoryPath(folder + rest))
  }
}
