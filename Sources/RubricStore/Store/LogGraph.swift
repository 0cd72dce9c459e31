/// The commits of a log and how they hang together.
public struct LogGraph: Sendable {
  /// A commit.
  public struct Node: Hashable, Sendable {
    /// The commit.
    public var commit: ObjectID
    /// The nearest ancestors that are in the graph, by parent, each once.
    public var parents: [ObjectID]
    /// The rubrics whose entries are wanted; none for a merge that is only there since lines meet.
    public var rubrics: [RubricID]
  }

  /// The commits, each before its ancestors, and those of a line together.
  public var nodes: [Node]
}

extension LogGraph {
  /// What is known of a commit before it is decided what is shown.
  struct Record {
    var parents: [ObjectID]
    var rubrics: [RubricID]
  }

  /// Leaves out what does not change a wanted rubric, and joins what is left.
  ///
  /// - Parameters:
  ///   - tip: Where the graph starts.
  ///   - records: All commits that the tip reaches.
  ///   - isSimplified: Whether a merge without entries goes where one side holds the other.
  init(from tip: ObjectID, _ records: [ObjectID: Record], isSimplified: Bool) {
    let order = Self.order(from: tip, records)
    var position: [ObjectID: Int] = [:]
    for (index, id) in order.enumerated() { position[id] = index }
    // What stands for a commit: itself where it is shown.
    var targets: [ObjectID: [ObjectID]] = [:]
    var shown: [ObjectID: [ObjectID]] = [:]
    var nodes: [Node] = []
    for id in order.reversed() {
      guard let record = records[id] else { continue }
      var parents: [ObjectID] = []
      for parent in record.parents.flatMap({ targets[$0] ?? [] }) where !parents.contains(parent) {
        parents.append(parent)
      }
      if isSimplified, parents.count > 1 {
        parents = Self.heads(of: parents, parents: shown, position: position)
      }
      if !record.rubrics.isEmpty || parents.count > 1 {
        shown[id] = parents
        targets[id] = [id]
        nodes.append(Node(commit: id, parents: parents, rubrics: record.rubrics))
      } else {
        targets[id] = parents
      }
    }
    self.nodes = nodes.reversed()
  }

  /// Children before parents; where lines meet, the last parent's line comes first, as in git.
  private static func order(
    from tip: ObjectID, _ records: [ObjectID: Record]
  ) -> [ObjectID] {
    var children: [ObjectID: Int] = [tip: 0]
    var found = [tip]
    var next = 0
    while next < found.count {
      let parents = records[found[next]]?.parents ?? []
      next += 1
      for parent in Set(parents) where records[parent] != nil {
        if children[parent] == nil { found.append(parent) }
        children[parent, default: 0] += 1
      }
    }
    var order: [ObjectID] = []
    var ready = [tip]
    while let id = ready.popLast() {
      order.append(id)
      var seen: Set<ObjectID> = []
      for parent in records[id]?.parents ?? [] where seen.insert(parent).inserted {
        guard let count = children[parent] else { continue }
        children[parent] = count - 1
        if count == 1 { ready.append(parent) }
      }
    }
    return order
  }

  /// Those of some commits that no other of them reaches.
  private static func heads(
    of commits: [ObjectID], parents: [ObjectID: [ObjectID]], position: [ObjectID: Int]
  ) -> [ObjectID] {
    let last = commits.compactMap { position[$0] }.max() ?? 0
    var reached: Set<ObjectID> = []
    var waiting = commits.flatMap { parents[$0] ?? [] }
    while let id = waiting.popLast() {
      // Beyond the oldest of them there is none to find.
      guard position[id] ?? .max <= last, reached.insert(id).inserted else { continue }
      waiting += parents[id] ?? []
    }
    return commits.filter { !reached.contains($0) }
  }
}

extension Store {
  /// Returns the commits of a log and how they hang together, each before its ancestors.
  ///
  /// A commit is in the graph if it has an entry that the filter lets through, or if lines of such
  /// commits meet in it. With a filter, a merge of a line with one that holds it already is left out.
  ///
  /// - Parameters:
  ///   - revision: Where to start; HEAD if left out.
  ///   - filter: Which entries are wanted; its limit does not count here.
  ///   - firstParent: Whether only first parents are followed.
  /// - Returns: The graph. ``entries(of:)`` has the entries of a commit in it.
  /// - Throws: ``StoreError``.
  /// - Complexity: The whole history is walked before there is an answer, as for `git log --graph`.
  public func logGraph(
    from revision: String = "HEAD", _ filter: LogFilter = LogFilter(), firstParent: Bool = false
  ) throws(StoreError) -> LogGraph {
    let tip = try resolve(revision)
    var records: [ObjectID: LogGraph.Record] = [:]
    try walk(from: tip, filter, firstParent: firstParent, derives: false) { commit, entries in
      records[commit.id] = LogGraph.Record(
        parents: firstParent ? Array(commit.parents.prefix(1)) : commit.parents,
        rubrics: entries.map(\.rubric))
      return true
    }
    let isFiltered = filter.isAboutEdits || filter.rubric != nil || filter.commits != nil
    return LogGraph(from: tip, records, isSimplified: isFiltered)
  }

  /// Returns what a commit did to rubrics.
  ///
  /// - Parameters:
  ///   - commit: The commit.
  ///   - firstParent: Whether only first parents are followed, so that no other commit tells what a
  ///     merge took over from a side.
  /// - Returns: An entry for each rubric that it changed; unless `firstParent`, none for one that a
  ///   merge took from a side as it was.
  /// - Throws: ``StoreError``.
  public func entries(
    of commit: ObjectID, firstParent: Bool = false
  ) throws(StoreError) -> [LogEntry] {
    try inRepository { repository throws(StoreError) in
      let commit = try inGit { () throws(GitError) in try repository.commit(commit) }
      return try repository.entries(of: commit, takenOver: firstParent)
    }
  }

  /// Returns who made a commit, and the first line of its message.
  ///
  /// - Parameter commit: The commit.
  /// - Returns: What does not depend on any rubric.
  /// - Throws: ``StoreError``.
  public func headline(of commit: ObjectID) throws(StoreError) -> CommitHeadline {
    try inRepository { repository throws(StoreError) in
      let record = try inGit { () throws(GitError) in try repository.commit(commit) }
      return CommitHeadline(
        commit: record.id, parents: record.parents, author: Identity(record.author),
        subject: record.subject)
    }
  }
}

/// What a commit says of itself, whatever it does to rubrics.
public struct CommitHeadline: Hashable, Sendable {
  /// The commit.
  public var commit: ObjectID
  /// Its parents, the first one first.
  public var parents: [ObjectID]
  /// Who made the change.
  public var author: Identity
  /// The message's first line.
  public var subject: String
}

extension Identity {
  init(_ signature: GitSignature) {
    self.init(
      name: signature.name, email: signature.email, seconds: signature.seconds,
      offsetMinutes: signature.offsetMinutes)
  }
}

extension CommitRecord {
  /// The message's first line.
  var subject: String { String(Substring(message.utf8.prefix { $0 != 0x0A })) }
}
