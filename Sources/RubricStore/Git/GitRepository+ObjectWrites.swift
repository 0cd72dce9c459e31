extension GitRepository {
  /// How often a write of an object is tried.
  private static let writeAttempts = 16

  /// Runs a call that writes an object, again where it failed on the disk.
  ///
  /// `git repack -d` and `git gc` remove a folder of objects once it is empty, be it between the
  /// moment in which libgit2 makes that folder and the one in which it moves the object into it. The
  /// object is not there then, and its next write makes the folder anew.
  static func writingObject(
    _ operation: StaticString, _ call: () -> CInt
  ) throws(GitError) {
    for _ in 1..<writeAttempts {
      do throws(GitError) {
        try git(operation, call)
        return
      } catch {
        guard error.code == .io || error.code == .notFound else { throw error }
      }
    }
    try git(operation, call)
  }
}
