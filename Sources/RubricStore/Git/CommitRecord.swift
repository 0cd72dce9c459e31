internal import CLibGit2

/// What a commit holds.
package struct CommitRecord: Hashable, Sendable {
  package var id: ObjectID
  package var tree: ObjectID
  /// The parents in order; none of a root commit.
  package var parents: [ObjectID]
  package var author: GitSignature
  package var committer: GitSignature
  /// The message's bytes, exactly.
  package var messageBytes: [UInt8]
  /// The message's encoding where the commit names one; none means UTF-8.
  package var encoding: String?

  /// The message; bytes that are not UTF-8 become U+FFFD.
  package var message: String { String(decoding: messageBytes, as: UTF8.self) }

  /// Copies libgit2's commit.
  init(_ id: ObjectID, _ commit: OpaquePointer) {
    self.id = id
    tree = git_commit_tree_id(commit).map { ObjectID($0) } ?? .zero
    parents = Self.parents(of: commit)
    author = GitSignature(git_commit_author(commit))
    committer = GitSignature(git_commit_committer(commit))
    messageBytes = git_commit_message_raw(commit).map { Array(String(cString: $0).utf8) } ?? []
    encoding = git_commit_message_encoding(commit).map { String(cString: $0) }
  }

  static func parents(of commit: OpaquePointer) -> [ObjectID] {
    (0..<git_commit_parentcount(commit)).compactMap { index in
      git_commit_parent_id(commit, index).map { ObjectID($0) }
    }
  }
}
