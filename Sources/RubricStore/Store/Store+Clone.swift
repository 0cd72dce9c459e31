extension Store {
  /// Clones a repository with its branches, its tags, and the notes on its commits.
  ///
  /// As with `git clone`, the branches of the source are `origin/…` in the clone, and the one that is
  /// checked out is a branch of its own; in a bare clone they are all its own. Nobody is asked for a
  /// password: over ssh the keys of `ssh-agent` are offered, over https what the URL has.
  ///
  /// - Parameters:
  ///   - source: A path, `file://`, `https://`, `ssh://`, or `user@host:path`.
  ///   - path: Where it goes: a folder that is empty or not there.
  ///   - bare: Whether the clone is without a work tree.
  ///   - branch: The branch to check out; nil for the one that is checked out at the source.
  ///   - cache: As of ``open(_:discovering:cache:)``.
  /// - Returns: The store.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/transport`` if a server cannot be reached or
  ///   refuses, ``StoreError/Code/exists`` if the folder is not empty,
  ///   ``StoreError/Code/notARepository``, ``StoreError/Code/notFound`` for a branch that is not
  ///   there, ``StoreError/Code/corrupt``, or ``StoreError/Code/refused`` for a source that is shallow
  ///   or of a format that is not known. What was made until then is removed.
  public static func clone(
    from source: String, to path: String, bare: Bool = false, branch: String? = nil,
    cache: String? = nil
  ) throws(StoreError) -> Store {
    try PinFolder.check(cache)
    let repository: GitRepository
    do throws(GitError) {
      repository = try GitRepository.clone(
        source, to: path, bare: bare,
        branch: try branch.map { name throws(GitError) in try .branch(name) },
        identity: Identity(name: "rubricctl", email: "rubricctl").signature())
    } catch {
      throw StoreError(error)
    }
    // After all else: it may lie in the clone, and is not left behind by one that fails.
    return Store(repository, cache: try PinFolder.made(at: cache))
  }
}
