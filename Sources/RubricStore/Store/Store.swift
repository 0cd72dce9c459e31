internal import Synchronization

/// A git repository that holds rubrics, one file each: `rubrics/<id>.yaml`.
///
/// It is safe to use from several threads; calls wait for one another. Nothing but `git` is needed
/// to read, clone or push what it writes.
///
/// After `fork` open the store again in the child. The C interface, which lets no fork happen while a
/// call is under way, has no such rule.
///
/// - SeeAlso: SPEC.md §7.
public final class Store: Sendable {
  let repository: Mutex<GitRepository>
  let pins = Mutex(PinCache())
  /// Where pins are kept for other processes; nil where nobody asked for that.
  let pinFolder: PinFolder?

  /// The folder of HEAD and the index, absolute, with a slash at its end.
  public let gitFolder: String
  /// The work tree, absolute, with a slash at its end; nil for a bare repository.
  public let workTree: String?

  init(_ repository: consuming sending GitRepository, cache: PinFolder? = nil) {
    pinFolder = cache
    gitFolder = repository.gitFolder
    workTree = repository.workTree
    self.repository = Mutex(repository)
  }

  /// Has the repository to itself for as long as `body` runs.
  func inRepository<Result>(
    _ body: (borrowing GitRepository) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try repository.withLock { repository throws(StoreError) in try body(repository) }
  }

  /// Has the repository to itself for calls of git.
  func withGit<Result>(
    _ body: (borrowing GitRepository) throws(GitError) -> Result
  ) throws(StoreError) -> Result {
    try inRepository { repository throws(StoreError) in
      do throws(GitError) { return try body(repository) } catch { throw StoreError(error) }
    }
  }

  /// Opens the repository at `path`.
  ///
  /// - Parameters:
  ///   - path: A work tree, a folder in it, a `.git` folder, or a bare repository.
  ///   - discovering: Whether the folders above `path` are tried too, as git does.
  ///   - cache: A folder where what is pulled is kept for other processes: see ``PinFolder``. It is
  ///     made if it is not there; nil for none.
  /// - Returns: The store.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/notARepository``, or
  ///   ``StoreError/Code/refused`` for a repository of another owner that git's `safe.directory` does
  ///   not list, and for formats that this library does not know (SHA-256, reftable, partial clones).
  public static func open(
    _ path: String, discovering: Bool = true, cache: String? = nil
  ) throws(StoreError) -> Store {
    try PinFolder.check(cache)
    let repository: GitRepository
    do throws(GitError) {
      repository = try GitRepository.open(path, discover: discovering)
    } catch {
      var error = StoreError(error)
      if error.code == .notARepository {
        error.hint = "`rubricctl init` makes one"
      }
      throw error
    }
    return Store(repository, cache: try PinFolder.made(at: cache))
  }

  /// Creates a repository at `path`, or opens the one that is there and leaves it as it is.
  ///
  /// - Parameters:
  ///   - path: A folder; it and those above it are created where they are not there.
  ///   - bare: Whether a new repository is without a work tree.
  ///   - initialBranch: The branch that HEAD of a new repository names.
  ///   - cache: As of ``open(_:discovering:cache:)``.
  /// - Returns: The store, and whether the repository is new.
  /// - Throws: ``StoreError``.
  public static func create(
    _ path: String, bare: Bool = false, initialBranch: String = "main", cache: String? = nil
  ) throws(StoreError) -> (store: Store, isNew: Bool) {
    try PinFolder.check(cache)
    let repository: GitRepository
    do throws(GitError) {
      let branch = try ReferenceName.branch(initialBranch)
      repository = try GitRepository.create(path, bare: bare, initialBranch: branch)
    } catch {
      throw StoreError(error)
    }
    let isNew = repository.wasCreated
    return (Store(repository, cache: try PinFolder.made(at: cache)), isNew)
  }

  /// Whether the repository has no work tree.
  public var isBare: Bool { workTree == nil }

  /// Turns flushing to disk on or off, for every store of the process.
  ///
  /// On, as it is at first, a commit that was acknowledged survives a loss of power as far as the
  /// file system keeps its word. Off, a commit costs about a sixth.
  ///
  /// - Parameter isDurable: Whether objects and references are flushed.
  /// - Throws: ``StoreError`` if libgit2 cannot be initialised.
  public static func setDurable(_ isDurable: Bool) throws(StoreError) {
    do throws(GitError) { try GitLibrary.flushToDisk(isDurable) } catch { throw StoreError(error) }
  }

  /// The version of libgit2 in use.
  public static var libgit2Version: String { GitLibrary.version }
}

/// Where rubrics lie in a repository.
enum StorePath {
  static let folder = "rubrics"
  static let fileEnding = ".yaml"

  /// The rubric whose file a path is; nil for any other path.
  static func rubric(at path: String) -> RubricID? {
    guard path.hasPrefix(folder + "/"), path.hasSuffix(fileEnding) else { return nil }
    return RubricID(
      rawValue: String(path.dropFirst(folder.count + 1).dropLast(fileEnding.count)))
  }

  static func of(_ rubric: RubricID) throws(StoreError) -> RepositoryPath {
    do throws(GitError) {
      return try RepositoryPath("\(folder)/\(rubric)\(fileEnding)")
    } catch {
      throw StoreError(error)
    }
  }
}
