/// Finds the commits that some commits reach and others do not.
///
/// libgit2's walk gives too many where clocks were wrong: it stops looking for what is hidden as soon
/// as the times say so. This one looks on for a day more.
struct CommitDifference: ~Copyable {
  /// How wrong the clocks of committers may be, in seconds.
  private static let slack: Int64 = 86_400

  private struct Commit {
    var parents: [ObjectID]
    var seconds: Int64
    var isWanted: Bool
    var isHidden: Bool
  }

  private var commits: [ObjectID: Commit] = [:]
  private var queue = TimeQueue<ObjectID>()
  /// The oldest commit that was wanted and not hidden when it was met.
  private var oldestWanted = Int64.max

  mutating func find(
    from tips: [ObjectID], notFrom hidden: [ObjectID], in repository: borrowing GitRepository
  ) throws(GitError) -> [ObjectID] {
    for id in hidden { try mark(id, wanted: false, hidden: true, in: repository) }
    for id in tips { try mark(id, wanted: true, hidden: false, in: repository) }
    while let next = queue.nextSeconds, let id = queue.pop() {
      // The time of a hostile commit may be any number.
      let (limit, overflow) = oldestWanted.subtractingReportingOverflow(Self.slack)
      if oldestWanted == .max || (!overflow && next < limit) { break }
      guard let commit = commits[id] else { continue }
      for parent in commit.parents {
        do throws(GitError) {
          try mark(parent, wanted: commit.isWanted, hidden: commit.isHidden, in: repository)
        } catch {
          guard repository.isShallow, error.code == .notFound else { throw error }
        }
      }
    }
    return ordered()
  }

  /// Adds marks to a commit, and looks at it again if that changes them.
  private mutating func mark(
    _ id: ObjectID, wanted: Bool, hidden: Bool, in repository: borrowing GitRepository
  ) throws(GitError) {
    var commit: Commit
    if let known = commits[id] {
      if (known.isWanted || !wanted) && (known.isHidden || !hidden) { return }
      commit = known
    } else {
      let (parents, seconds) = try repository.links(of: id)
      commit = Commit(parents: parents, seconds: seconds, isWanted: false, isHidden: false)
    }
    commit.isWanted = commit.isWanted || wanted
    commit.isHidden = commit.isHidden || hidden
    commits[id] = commit
    if commit.isWanted, !commit.isHidden { oldestWanted = min(oldestWanted, commit.seconds) }
    queue.push(id, at: commit.seconds)
  }

  /// The commits that are wanted and not hidden, children before parents, and else the newest first.
  private func ordered() -> [ObjectID] {
    let found = commits.filter { $0.value.isWanted && !$0.value.isHidden }
    var children: [ObjectID: Int] = [:]
    for commit in found.values {
      for parent in commit.parents where found[parent] != nil { children[parent, default: 0] += 1 }
    }
    var ready = TimeQueue<ObjectID>()
    // Sorted, since a dictionary's order differs from run to run.
    for (id, commit) in found.sorted(by: { $0.key < $1.key }) where children[id] == nil {
      ready.push(id, at: commit.seconds)
    }
    var result: [ObjectID] = []
    while let id = ready.pop() {
      result.append(id)
      for parent in found[id]?.parents ?? [] {
        guard let count = children[parent] else { continue }
        children[parent] = count - 1
        if count == 1, let commit = found[parent] { ready.push(parent, at: commit.seconds) }
      }
    }
    return result
  }
}
