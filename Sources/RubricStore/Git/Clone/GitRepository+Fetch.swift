internal import CLibGit2
internal import Glibc

/// What a clone's source has for its HEAD.
struct SourceHead {
  /// The branch, which need not have a commit; nil where a commit is checked out.
  var branch: ReferenceName?
  /// The commit; nil where there is none.
  var commit: ObjectID?
}

extension GitRepository {
  /// The remote that a clone came from, as git calls it.
  static let origin = "origin"

  /// What a clone takes, as git's refspecs: branches, tags, and notes.
  static func cloneRefspecs(bare: Bool) -> [String] {
    [
      bare ? "+refs/heads/*:refs/heads/*" : "+refs/heads/*:refs/remotes/\(origin)/*",
      "+refs/tags/*:refs/tags/*", "+refs/notes/*:refs/notes/*",
    ]
  }

  /// Notes where a clone came from, so that `git fetch` and `git push` find it.
  func addOrigin(_ url: String) throws(GitError) -> GitHandle {
    let handle = handle
    // As git does it: what fetches into a bare repository would write over its own branches.
    let refspec = isBare ? nil : "+refs/heads/*:refs/remotes/\(Self.origin)/*"
    return try GitHandle("git_remote_create_with_fetchspec", free: git_remote_free) {
      git_remote_create_with_fetchspec(&$0, handle, Self.origin, url, refspec)
    }
  }

  /// Fetches everything from a server.
  ///
  /// - Parameter remote: The server.
  /// - Returns: What HEAD is there.
  /// - Throws: ``GitError`` with code `transport` or `auth`.
  func fetchAll(_ remote: borrowing GitHandle) throws(GitError) -> SourceHead {
    try TimedSocket.install()
    let answer = ServerAnswer()
    var options = git_fetch_options()
    try git("git_fetch_options_init") {
      git_fetch_options_init(&options, CUnsignedInt(GIT_FETCH_OPTIONS_VERSION))
    }
    options.update_fetchhead = 0
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
    answer.install(in: &options.callbacks)
    let pointer = remote.pointer
    let refspecs = Self.cloneRefspecs(bare: isBare)
    return try withExtendedLifetime(answer) { () throws(GitError) in
      do throws(GitError) {
        try git("git_remote_connect") {
          git_remote_connect(pointer, GIT_DIRECTION_FETCH, &options.callbacks, nil, nil)
        }
      } catch {
        throw Self.transportError(error, isAlways: true)
      }
      let head = try Self.head(of: pointer)
      do throws(GitError) {
        try git("git_remote_fetch") {
          refspecs.withGitStrings { git_remote_fetch(pointer, $0, &options, "clone") }
        }
      } catch {
        throw Self.transportError(error, isAlways: false)
      }
      return head
    }
  }

  private static func head(of remote: OpaquePointer) throws(GitError) -> SourceHead {
    var found: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
    var count = 0
    try git("git_remote_ls") { git_remote_ls(&found, &count, remote) }
    var head = SourceHead()
    for index in 0..<count {
      guard let entry = found?[index], let name = entry.pointee.name,
        String(cString: name) == "HEAD"
      else { continue }
      head.commit = ObjectID(entry.pointee.oid)
      if let target = entry.pointee.symref_target {
        head.branch = try? ReferenceName(String(cString: target))
      }
    }
    if head.branch == nil, head.commit != nil {
      // Servers of old do not tell the branch; libgit2 guesses as git does.
      var buffer = git_buf()
      defer { git_buf_dispose(&buffer) }
      let status = git_remote_default_branch(&buffer, remote)
      git_error_clear()
      if status == 0, let text = buffer.ptr {
        head.branch = try? ReferenceName(String(cString: text))
      }
    }
    return head
  }

  /// What failed is the server's, or the way to it, unless it is plainly the disk's or the data's.
  private static func transportError(_ error: GitError, isAlways: Bool) -> GitError {
    var error = error
    let classes = [GIT_ERROR_NET, GIT_ERROR_SSL, GIT_ERROR_SSH, GIT_ERROR_HTTP, GIT_ERROR_CALLBACK]
    if isAlways || classes.contains(where: { Int($0.rawValue) == error.category }) {
      error.code = error.code == .auth ? .auth : .transport
    }
    return error
  }
}

extension [String] {
  /// Lends the texts as libgit2 takes a list of them.
  fileprivate func withGitStrings<Result>(
    _ body: (UnsafePointer<git_strarray>) -> Result
  ) -> Result {
    var copies = map { UnsafeMutablePointer<CChar>?(strdup($0)) }
    defer { for copy in copies { free(copy) } }
    return copies.withUnsafeMutableBufferPointer { buffer in
      var strings = git_strarray(strings: buffer.baseAddress, count: buffer.count)
      return body(&strings)
    }
  }
}
