/// What a call on a git repository failed with.
///
/// Two errors are equal if their codes are.
package struct GitError: Error, Sendable {
  package struct Code: RawRepresentable, Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
  }

  /// What kind of failure it is.
  package var code: Code
  /// The function that failed, libgit2's or the system's.
  package var operation: String
  /// What went wrong, in one sentence without a full stop.
  package var message: String
  /// libgit2's class of the error, 0 where the error is not libgit2's.
  package var category: Int
  /// The objects it is about: the corrupt one, or those that a prefix could mean.
  package var objects: [ObjectID]
  /// The paths it is about: those that a checkout would overwrite.
  package var paths: [String]

  package init(
    _ code: Code, operation: String, message: String, category: Int = 0,
    objects: [ObjectID] = [], paths: [String] = []
  ) {
    self.code = code
    self.operation = operation
    self.message = message
    self.category = category
    self.objects = objects
    self.paths = paths
  }
}

extension GitError: Equatable {
  package static func == (left: GitError, right: GitError) -> Bool { left.code == right.code }
}

extension GitError: CustomStringConvertible {
  package var description: String { "\(message) (\(operation): \(code.rawValue))" }
}

extension GitError.Code {
  /// An object, a reference, a path or a setting is not there.
  package static let notFound = Self(rawValue: "not_found")
  /// Something is in the way of what was to be created.
  package static let exists = Self(rawValue: "exists")
  /// A prefix stands for more than one object.
  package static let ambiguous = Self(rawValue: "ambiguous")
  /// A reference does not hold what the caller expected of it.
  package static let modified = Self(rawValue: "modified")
  /// Another process holds the lock file, or has left it behind.
  package static let locked = Self(rawValue: "locked")
  /// A name, a revision or another argument is malformed.
  package static let invalid = Self(rawValue: "invalid")
  /// Somebody else owns the repository, and `safe.directory` does not list it.
  package static let owner = Self(rawValue: "owner")
  /// HEAD names a branch without commits.
  package static let unborn = Self(rawValue: "unborn")
  /// There is no work tree.
  package static let bare = Self(rawValue: "bare")
  /// Local changes would be overwritten, or a merge is in progress.
  package static let conflict = Self(rawValue: "conflict")
  /// A server refused.
  package static let auth = Self(rawValue: "auth")
  /// A server could not be reached, or ended the conversation.
  package static let transport = Self(rawValue: "transport")
  /// The operating system refused.
  package static let io = Self(rawValue: "io")
  /// A stored object cannot be read, or its content is not what its id says.
  package static let corrupt = Self(rawValue: "corrupt")
  /// There is no repository at the path.
  package static let notARepository = Self(rawValue: "not_a_repository")
  /// The repository uses what this library does not know: SHA-256, reftable, partial clones.
  package static let unsupported = Self(rawValue: "unsupported")
  /// An object or a file is over its limit.
  package static let tooLarge = Self(rawValue: "too_large")
  /// An object, an entry or a file is of another kind than was asked for.
  package static let wrongKind = Self(rawValue: "wrong_kind")
  /// There was not enough memory.
  package static let outOfMemory = Self(rawValue: "out_of_memory")
  /// Anything else.
  package static let other = Self(rawValue: "other")
}
