/// What shows, without a repository, that a rubric is the one of a commit: the bytes of the commit, of
/// the trees down to the rubric's file, and of the file.
///
/// Each names the next by its hash, so that the commit's hash vouches for all.
struct PinProof: Sendable {
  let commit: ObjectID
  let rubric: RubricID
  var commitBytes: [UInt8]
  /// The root.
  var rootBytes: [UInt8]
  /// The folder of rubrics.
  var folderBytes: [UInt8]
  /// The file.
  var text: [UInt8]

  /// Whether the bytes are what the commit's hash says.
  func holds() throws(GitError) -> Bool {
    guard try GitRepository.id(of: commitBytes, as: .commit) == commit,
      let root = Self.tree(ofCommit: commitBytes),
      try GitRepository.id(of: rootBytes, as: .tree) == root,
      let folder = TreeBytes(rootBytes)?[StorePath.folder], folder.isFolder,
      try GitRepository.id(of: folderBytes, as: .tree) == folder.id,
      let file = TreeBytes(folderBytes)?[rubric.rawValue + StorePath.fileEnding], file.isFile
    else { return false }
    return try GitRepository.blobID(of: text) == file.id
  }

  /// The root tree that a commit's first line names.
  static func tree(ofCommit bytes: [UInt8]) -> ObjectID? {
    let start = "tree ".utf8.count
    let end = start + ObjectID.digitCount
    guard bytes.starts(with: "tree ".utf8), bytes.count > end, bytes[end] == UInt8(ascii: "\n")
    else { return nil }
    return ObjectID(hex: String(decoding: bytes[start..<end], as: UTF8.self))
  }

  /// The commit's message.
  var message: String {
    let end = commitBytes.firstRange(of: [UInt8(ascii: "\n"), UInt8(ascii: "\n")])?.upperBound
    return String(decoding: commitBytes[(end ?? commitBytes.endIndex)...], as: UTF8.self)
  }

  /// The rubrics that the commit holds.
  var rubrics: [RubricID] {
    (TreeBytes(folderBytes)?.entries ?? []).compactMap { entry in
      guard entry.isFile, let name = String(validating: entry.name, as: UTF8.self),
        name.hasSuffix(StorePath.fileEnding)
      else { return nil }
      return RubricID(rawValue: String(name.dropLast(StorePath.fileEnding.utf8.count)))
    }
  }
}

/// A tree as it is stored.
struct TreeBytes {
  struct Entry {
    var mode: [UInt8]
    var name: [UInt8]
    var id: ObjectID

    var isFolder: Bool { mode.elementsEqual("40000".utf8) }
    /// Whether it is a regular file, executable or not.
    var isFile: Bool { ["100644", "100755", "100664"].contains { mode.elementsEqual($0.utf8) } }
  }

  private(set) var entries: [Entry] = []

  /// Reads a tree; nil where the bytes are none.
  init?(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      guard let space = rest.firstIndex(of: UInt8(ascii: " ")),
        let end = rest[space...].firstIndex(of: 0), rest.endIndex - end > ObjectID.byteCount,
        let id = ObjectID(bytes: rest[(end + 1)...].prefix(ObjectID.byteCount))
      else { return nil }
      entries.append(
        Entry(mode: Array(rest[..<space]), name: Array(rest[(space + 1)..<end]), id: id))
      rest = rest[(end + 1 + ObjectID.byteCount)...]
    }
  }

  /// The only entry of a name; nil where there is none, or more than one.
  subscript(name: String) -> Entry? {
    let found = entries.filter { $0.name.elementsEqual(name.utf8) }
    return found.count == 1 ? found.first : nil
  }
}
