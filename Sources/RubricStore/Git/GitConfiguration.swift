internal import CLibGit2

/// A configuration at one moment.
struct GitConfiguration: ~Copyable {
  private let handle: GitHandle

  /// Reads one file, and what it includes; a file that is not there is an empty one.
  init(file: String) throws(GitError) {
    handle = try GitHandle("git_config_open_ondisk", free: git_config_free) {
      git_config_open_ondisk(&$0, file)
    }
  }

  /// Reads the repository's configuration with the user's and the system's under it.
  init(_ repository: borrowing GitRepository) throws(GitError) {
    let repository = repository.handle
    handle = try GitHandle("git_repository_config_snapshot", free: git_config_free) {
      git_repository_config_snapshot(&$0, repository)
    }
  }

  /// The last value of a setting, or nil if there is none.
  func string(_ name: String) -> String? {
    guard !name.holdsNUL else { return nil }
    var buffer = git_buf()
    defer { git_buf_dispose(&buffer) }
    let status = git_config_get_string_buf(&buffer, handle.pointer, name)
    git_error_clear()
    guard status == 0, let text = buffer.ptr else { return nil }
    return String(cString: text)
  }

  /// The settings whose names start and end so; names are in lower case but for their middle parts.
  ///
  /// libgit2's iterator over a regular expression leaks some 20 KB a setting (1.5 with PCRE2).
  func entries(
    startingWith prefix: String, endingWith suffix: String = ""
  ) throws(GitError) -> [(name: String, value: String)] {
    let handle = handle.pointer
    let iterator = try GitHandle("git_config_iterator_new", free: git_config_iterator_free) {
      git_config_iterator_new(&$0, handle)
    }
    var found: [(name: String, value: String)] = []
    var entry: UnsafeMutablePointer<git_config_entry>?
    while git_config_next(&entry, iterator.pointer) == 0, let entry {
      let name = String(cString: entry.pointee.name)
      guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { continue }
      found.append((name, entry.pointee.value.map { String(cString: $0) } ?? "true"))
    }
    git_error_clear()
    return found
  }
}

extension GitRepository {
  /// A setting's last value, the repository's own before the user's before the system's.
  package func configuration(_ name: String) throws(GitError) -> String? {
    try GitConfiguration(self).string(name)
  }

  /// `user.name` and `user.email`, each nil where it is not set or empty.
  package func configuredIdentity() throws(GitError) -> (name: String?, email: String?) {
    let configuration = try GitConfiguration(self)
    func value(_ name: String) -> String? {
      guard let text = configuration.string(name), !text.isEmpty else { return nil }
      return text
    }
    return (value("user.name"), value("user.email"))
  }
}
