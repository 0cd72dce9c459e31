internal import CLibGit2
internal import Synchronization

/// libgit2 itself, which is initialised once a process and never shut down.
package enum GitLibrary {
  private static let started: Result<Void, GitError> = {
    // Not through `git`: before this call libgit2 has no place for an error, and reading it crashes.
    guard git_libgit2_init() > 0 else {
      return .failure(
        GitError(.other, operation: "git_libgit2_init", message: "libgit2 cannot be initialised"))
    }
    do throws(GitError) {
      // Process-wide: whoever else uses libgit2 in this process flushes too.
      try git("git_libgit2_opts") { rubricstore_git_set_fsync(1) }
      return .success(())
    } catch {
      return .failure(error)
    }
  }()

  /// Initialises libgit2 at the first call; it costs some milliseconds, so nobody pays who needs no git.
  ///
  /// Objects and references are flushed to disk from then on.
  static func start() throws(GitError) { try started.get() }

  private static let flushing = Atomic<Bool>(true)

  /// Whether what is written is flushed to disk.
  static var flushesToDisk: Bool { flushing.load(ordering: .relaxed) }

  /// Turns flushing to disk on or off, for the whole process.
  package static func flushToDisk(_ enabled: Bool) throws(GitError) {
    try start()
    try git("git_libgit2_opts") { rubricstore_git_set_fsync(enabled ? 1 : 0) }
    flushing.store(enabled, ordering: .relaxed)
  }

  /// libgit2's version, for example `1.5.1`.
  package static var version: String {
    var major: CInt = 0
    var minor: CInt = 0
    var revision: CInt = 0
    _ = git_libgit2_version(&major, &minor, &revision)
    return "\(major).\(minor).\(revision)"
  }
}
