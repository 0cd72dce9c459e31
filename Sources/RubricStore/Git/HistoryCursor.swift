/// How far a walk through a history has come.
///
/// It is a value without a repository in it, so that a reader can give up the repository's lock
/// between two commits.
package struct HistoryCursor: Sendable {
  /// Whether only first parents are followed.
  package let firstParent: Bool
  private var heap: [Item] = []
  private var seen: Set<ObjectID> = []
  private var added = 0
  /// An error of reading a parent, which comes after the commits that could be read.
  private var failure: GitError?

  private struct Item: Sendable {
    var commit: CommitRecord
    /// How many came before, so that equal times keep their order.
    var order: Int

    func precedes(_ other: Item) -> Bool {
      let mine = commit.committer.seconds
      let others = other.commit.committer.seconds
      return mine == others ? order < other.order : mine > others
    }
  }

  init(firstParent: Bool) { self.firstParent = firstParent }

  mutating func add(_ id: ObjectID, in repository: borrowing GitRepository) throws(GitError) {
    guard seen.insert(id).inserted else { return }
    push(Item(commit: try repository.commit(id), order: added))
    added += 1
  }

  /// Takes the newest commit out and puts its parents in.
  mutating func next(in repository: borrowing GitRepository) throws(GitError) -> CommitRecord? {
    guard let item = pop() else {
      if let failure { throw failure }
      return nil
    }
    let parents = firstParent ? item.commit.parents.prefix(1) : item.commit.parents[...]
    for parent in parents {
      do throws(GitError) {
        try add(parent, in: repository)
      } catch {
        if repository.isShallow, error.code == .notFound { continue }
        failure = failure ?? error
      }
    }
    return item.commit
  }

  private mutating func push(_ item: Item) {
    heap.append(item)
    var index = heap.count - 1
    while index > 0 {
      let parent = (index - 1) / 2
      guard heap[index].precedes(heap[parent]) else { break }
      heap.swapAt(index, parent)
      index = parent
    }
  }

  private mutating func pop() -> Item? {
    guard let last = heap.popLast() else { return nil }
    guard let first = heap.first else { return last }
    heap[0] = last
    var index = 0
    while true {
      var best = index
      for child in [2 * index + 1, 2 * index + 2] where child < heap.count {
        if heap[child].precedes(heap[best]) { best = child }
      }
      if best == index { return first }
      heap.swapAt(index, best)
      index = best
    }
  }
}
