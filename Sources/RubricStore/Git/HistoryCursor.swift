/// How far a walk through a history has come.
///
/// It is a value without a repository in it, so that a reader can give up the repository's lock
/// between two commits.
package struct HistoryCursor: Sendable {
  /// Whether only first parents are followed.
  package let firstParent: Bool
  private var queue = TimeQueue<CommitRecord>()
  private var seen: Set<ObjectID> = []
  /// An error of reading a parent, which comes after the commits that could be read.
  private var failure: GitError?

  init(firstParent: Bool) { self.firstParent = firstParent }

  mutating func add(_ id: ObjectID, in repository: borrowing GitRepository) throws(GitError) {
    guard seen.insert(id).inserted else { return }
    let commit = try repository.commit(id)
    queue.push(commit, at: commit.committer.seconds)
  }

  /// Takes the newest commit out and puts its parents in.
  mutating func next(in repository: borrowing GitRepository) throws(GitError) -> CommitRecord? {
    guard let commit = queue.pop() else {
      if let failure { throw failure }
      return nil
    }
    for parent in firstParent ? commit.parents.prefix(1) : commit.parents[...] {
      do throws(GitError) {
        try add(parent, in: repository)
      } catch {
        if repository.isShallow, error.code == .notFound { continue }
        failure = failure ?? error
      }
    }
    return commit
  }
}
