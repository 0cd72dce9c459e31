/// The bounds on what is read from a repository.
package enum GitLimits {
  /// The largest commit or tag object, in bytes.
  package static let commitBytes = 64 * 1024 * 1024
  /// The largest tree object, in bytes.
  package static let treeBytes = 64 * 1024 * 1024
  /// The longest revision, reference name or path, in bytes.
  package static let nameBytes = 1024
  /// The longest component of a reference name or path, in bytes; `.lock` must fit a file name too.
  package static let componentBytes = 240
  /// The most components of a path.
  package static let pathDepth = 16
  /// The most symbolic references that are followed from one name.
  package static let symbolicDepth = 5
  /// The most tags that are followed from one tag to what it tags.
  package static let tagDepth = 16
  /// The most objects that are named where a prefix is ambiguous.
  package static let candidates = 16
  /// The most paths that are named where a checkout is refused.
  package static let conflicts = 1_000
}
