internal import CLibGit2

/// A name in a tree.
package struct TreeEntry: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case file, executable, folder, symbolicLink, submodule
    /// A mode that git does not know.
    case unknown
  }

  /// The name's bytes, of any encoding.
  package var nameBytes: [UInt8]
  package var kind: Kind
  package var id: ObjectID

  /// The name, or nil if its bytes are not UTF-8.
  package var name: String? { String(validating: nameBytes, as: UTF8.self) }

  /// Whether it is a regular file.
  package var isFile: Bool { kind == .file || kind == .executable }

  /// Copies libgit2's entry.
  init?(_ entry: OpaquePointer?) {
    guard let entry, let name = git_tree_entry_name(entry), let id = git_tree_entry_id(entry)
    else { return nil }
    nameBytes = Array(UnsafeRawBufferPointer(start: name, count: Self.length(name)))
    kind = Kind(git_tree_entry_filemode(entry))
    self.id = ObjectID(id)
  }

  private static func length(_ text: UnsafePointer<CChar>) -> Int {
    var length = 0
    while text[length] != 0 { length += 1 }
    return length
  }
}

extension TreeEntry.Kind {
  init(_ mode: git_filemode_t) {
    switch mode {
    case GIT_FILEMODE_BLOB: self = .file
    case GIT_FILEMODE_BLOB_EXECUTABLE: self = .executable
    case GIT_FILEMODE_TREE: self = .folder
    case GIT_FILEMODE_LINK: self = .symbolicLink
    case GIT_FILEMODE_COMMIT: self = .submodule
    default: self = .unknown
    }
  }

  /// What an entry is called in an error.
  var phrase: String {
    switch self {
    case .file, .executable: "a file"
    case .folder: "a folder"
    case .symbolicLink: "a symbolic link"
    case .submodule: "a submodule"
    case .unknown: "of a mode that git does not know"
    }
  }
}

/// A change of one file in a tree.
package struct TreeEdit: Hashable, Sendable {
  package var path: RepositoryPath
  /// The new content, or nil to remove the file.
  package var blob: ObjectID?

  package init(path: RepositoryPath, blob: ObjectID?) {
    self.path = path
    self.blob = blob
  }
}
