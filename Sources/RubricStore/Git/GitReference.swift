internal import CLibGit2

/// A reference and what it holds.
package struct GitReference: Hashable, Sendable {
  package enum Target: Hashable, Sendable {
    case object(ObjectID)
    /// Another reference, which need not exist.
    case reference(ReferenceName)
  }

  package var name: ReferenceName
  package var target: Target
}

/// What is checked out.
package enum GitHead: Hashable, Sendable {
  /// A branch; without a tip it has no commits yet.
  case branch(ReferenceName, tip: ObjectID?)
  /// A commit, and no branch.
  case detached(ObjectID)

  /// The commit, unless there is none yet.
  package var commit: ObjectID? {
    switch self {
    case .branch(_, let tip): tip
    case .detached(let id): id
    }
  }
}

/// A branch and its newest commit.
package struct GitBranch: Hashable, Sendable {
  package var name: ReferenceName
  package var tip: ObjectID
}

/// A tag and what it tags.
package struct GitTag: Hashable, Sendable {
  /// The words of an annotated tag.
  package struct Annotation: Hashable, Sendable {
    package var id: ObjectID
    /// Who tagged; nil in very old tags.
    package var tagger: GitSignature?
    package var message: String
  }

  package var name: ReferenceName
  /// What the reference holds.
  package var target: ObjectID
  /// The commit that it comes to, or nil if it comes to something else, or to nothing.
  package var commit: ObjectID?
  /// The outermost annotation; nil for a lightweight tag.
  package var annotation: Annotation?
}
