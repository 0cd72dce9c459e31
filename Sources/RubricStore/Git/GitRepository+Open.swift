internal import CLibGit2

extension GitRepository {
  /// Opens the repository at `path`: a work tree's root, a `.git` folder, or a bare repository.
  ///
  /// The folder's owner and the repository's format are checked. The environment (`GIT_DIR` and the
  /// like) is not read.
  ///
  /// - Parameters:
  ///   - path: A folder.
  ///   - discover: Whether the folders above it are tried too, as git does.
  /// - Returns: The repository.
  /// - Throws: ``GitError`` with code `notARepository`, `owner`, or `unsupported`.
  package static func open(
    _ path: String, discover: Bool = false
  ) throws(GitError) -> GitRepository {
    try GitLibrary.start()
    guard !path.isEmpty, !path.holdsNUL else {
      throw .invalid("git_repository_open_ext", "\(quoted(path)) is not a path")
    }
    let flags = discover ? 0 : GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue
    var opened: OpaquePointer?
    do throws(GitError) {
      try git("git_repository_open_ext") { git_repository_open_ext(&opened, path, flags, nil) }
    } catch {
      throw try explain(error, opening: path, discover: discover)
    }
    guard let opened else {
      throw GitError(.other, operation: "git_repository_open_ext", message: "no repository")
    }
    let repository = GitRepository(owning: opened)
    try checkFormat(configuration: repository.commonFolder + "config")
    try repository.readLooseObjectsItself()
    return repository
  }

  /// Creates a repository at `path`, or opens the one that is there and leaves it as it is.
  ///
  /// - Parameters:
  ///   - path: A folder, which is created together with those above it.
  ///   - bare: Whether the new repository is without a work tree.
  ///   - initialBranch: What HEAD of a new repository names.
  /// - Returns: The repository; ``wasCreated`` says which of the two it was.
  /// - Throws: ``GitError``.
  package static func create(
    _ path: String, bare: Bool, initialBranch: ReferenceName
  ) throws(GitError) -> GitRepository {
    guard initialBranch.isBranch else {
      throw .invalid("git_repository_init_ext", "\(initialBranch) is not a branch")
    }
    do throws(GitError) {
      return try open(path)
    } catch {
      guard error.code == .notARepository else { throw error }
    }
    var options = git_repository_init_options()
    try git("git_repository_init_options_init") {
      git_repository_init_options_init(
        &options, CUnsignedInt(GIT_REPOSITORY_INIT_OPTIONS_VERSION))
    }
    // NO_REINIT: a repository that appears meanwhile must not be reset.
    options.flags = GIT_REPOSITORY_INIT_MKPATH.rawValue | GIT_REPOSITORY_INIT_NO_REINIT.rawValue
    if bare { options.flags |= GIT_REPOSITORY_INIT_BARE.rawValue }
    var created: OpaquePointer?
    try git("git_repository_init_ext") {
      initialBranch.text.withCString { head in
        options.initial_head = head
        return git_repository_init_ext(&created, path, &options)
      }
    }
    guard let created else {
      throw GitError(.other, operation: "git_repository_init_ext", message: "no repository")
    }
    let repository = GitRepository(owning: created, wasCreated: true)
    try repository.readLooseObjectsItself()
    return repository
  }

  /// Keeps libgit2 from reading loose objects: see ``LooseObjectReader``.
  private func readLooseObjectsItself() throws(GitError) {
    let database = try objectDatabase()
    try LooseObjectReader.install(in: database, objects: objectFolder)
  }

  /// The error to report where opening `path` failed with `error`.
  private static func explain(
    _ error: GitError, opening path: String, discover: Bool
  ) throws(GitError) -> GitError {
    var error = error
    switch error.code {
    case .notFound where error.category == Int(GIT_ERROR_CONFIG.rawValue), .owner:
      // libgit2 1.5 answers with its failure to find `safe.directory` in the configuration.
      error.code = .owner
      error.message =
        "somebody else owns the repository \(path); if you trust it, run: "
        + "git config --global --add safe.directory FOLDER"
    case .notFound:
      error.code = .notARepository
      error.message =
        discover
        ? "neither \(path) nor a folder above it is a git repository"
        : "\(path) is not a git repository"
    default:
      // libgit2 has no code for a format that it does not know: look for it.
      for folder in [path + "/.git", path] {
        try checkFormat(configuration: folder + "/config")
      }
    }
    return error
  }

  /// Throws `unsupported` if a repository's own configuration asks for more than is known here.
  ///
  /// libgit2 looks at extensions only from format version 1 on; git honours some in version 0 too.
  /// A file that is not there or cannot be read says nothing.
  static func checkFormat(configuration path: String) throws(GitError) {
    let configuration: GitConfiguration
    do throws(GitError) {
      configuration = try GitConfiguration(file: path)
    } catch {
      return
    }
    func refuse(_ what: String) -> GitError {
      GitError(
        .unsupported, operation: "git_repository_open_ext",
        message: "\(path) asks for \(what), which is not supported")
    }
    if let version = configuration.string("core.repositoryformatversion"),
      version != "0", version != "1"
    {
      throw refuse("repository format \(quoted(version))")
    }
    for (name, value) in try configuration.entries(startingWith: "extensions.") {
      let isKnown =
        switch name {
        case "extensions.noop", "extensions.worktreeconfig": true
        case "extensions.objectformat": value == "sha1"
        case "extensions.refstorage": value == "files"
        default: false
        }
      if !isKnown { throw refuse("\(quoted(name)) = \(quoted(value))") }
    }
    for (name, value) in try configuration.entries(
      startingWith: "remote.", endingWith: ".promisor")
    where value != "false" {
      throw refuse("\(quoted(name)), a partial clone")
    }
  }
}
