extension Store {
  /// Goes through history, newest first, and calls `body` for every commit with the entries of it
  /// that a filter lets through, often none.
  ///
  /// Unless it `derives`, edits that no commit records are worked out only where the filter asks for
  /// them.
  func walk(
    from start: ObjectID, _ filter: LogFilter, firstParent: Bool, derives: Bool = true,
    _ body: (CommitRecord, [LogEntry]) -> Bool
  ) throws(StoreError) {
    var cursor = try inRepository { repository throws(StoreError) in
      try inGit { () throws(GitError) in
        try repository.history(from: [start], firstParent: firstParent)
      }
    }
    var sieve = LogSieve(filter, firstParent: firstParent)
    var left = filter.commits?.count ?? .max
    while left > 0 {
      // The lock is given up between two commits, so that a long log does not stop a writer.
      let step = try inRepository {
        repository throws(StoreError) -> (commit: CommitRecord, entries: [LogEntry])? in
        let commit = try inGit { () throws(GitError) in try repository.next(&cursor) }
        guard let commit else { return nil }
        let entries = try repository.entries(
          of: commit, derives: derives || filter.isAboutEdits, takenOver: firstParent)
        return (commit, try sieve.pass(entries, of: commit, in: repository))
      }
      guard let step else { return }
      if filter.commits?.contains(step.commit.id) ?? false { left -= 1 }
      guard body(step.commit, step.entries) else { return }
    }
  }
}

/// Lets the entries through that a filter asks for, and follows a criterion into those that it was
/// made of.
struct LogSieve {
  private struct Followed: Hashable {
    var rubric: RubricID
    var criterion: CriterionID
  }

  private let filter: LogFilter
  private let firstParent: Bool
  /// The criteria that are followed besides the filter's, by the commit where that begins.
  private var followed: [ObjectID: Set<Followed>] = [:]

  init(_ filter: LogFilter, firstParent: Bool) {
    self.filter = filter
    self.firstParent = firstParent
  }

  mutating func pass(
    _ entries: [LogEntry], of commit: CommitRecord, in repository: borrowing GitRepository
  ) throws(StoreError) -> [LogEntry] {
    if let commits = filter.commits, !commits.contains(commit.id) { return [] }
    var here = followed.removeValue(forKey: commit.id) ?? []
    var passed: [LogEntry] = []
    for entry in entries where filter.rubric == nil || entry.rubric == filter.rubric {
      var wanted = Set(here.filter { $0.rubric == entry.rubric }.map(\.criterion))
      if let criterion = filter.criterion { wanted.insert(criterion) }
      if try includes(entry, wanted, of: commit, in: repository) { passed.append(entry) }
      guard filter.criterion != nil else { continue }
      for source in entry.edits.reversed().flatMap({ $0.sources(of: &wanted) }) {
        here.insert(Followed(rubric: entry.rubric, criterion: source))
      }
    }
    if !here.isEmpty {
      for parent in firstParent ? commit.parents.prefix(1) : commit.parents[...] {
        followed[parent, default: []].formUnion(here)
      }
    }
    return passed
  }

  private func includes(
    _ entry: LogEntry, _ wanted: Set<CriterionID>, of commit: CommitRecord,
    in repository: borrowing GitRepository
  ) throws(StoreError) -> Bool {
    guard filter.isAboutEdits else { return true }
    if entry.kind == .created, filter.operations.isEmpty, filter.criterion != nil {
      // The rubric's beginning is that of every criterion in it.
      guard let blob = try repository.blob(of: entry.rubric, inTree: commit.tree),
        let rubric = try? repository.source(blob, of: entry.rubric, at: commit.id).source.rubric
      else { return false }
      return rubric.criteria.contains { $0.holds(anyOf: wanted) }
    }
    // One edit has to be all that is asked for.
    func answers(_ edits: [Edit]) -> Bool {
      edits.contains { edit in
        (wanted.isEmpty || wanted.contains { edit.touches($0) })
          && (filter.operations.isEmpty || filter.operations.contains(edit.operation))
      }
    }
    // A conflict that was settled is what a merge did, whichever side it was settled for.
    if entry.kind == .merged, filter.operations.isEmpty,
      entry.settled.contains(where: { $0.path.criterion.map(wanted.contains) ?? false })
    {
      return true
    }
    guard answers(entry.edits) else { return false }
    guard !firstParent, commit.parents.count > 1 else { return true }
    return answers(try repository.ownEdits(of: entry, commit))
  }
}

extension Edit {
  /// The criteria that one of `wanted` was made of, which are wanted from then on.
  fileprivate func sources(of wanted: inout Set<CriterionID>) -> [CriterionID] {
    switch change {
    case .split(let before, let after), .mergeCriteria(let before, let after):
      guard after.contains(where: { wanted.contains($0.criterion.id) }) else { return [] }
      let ids = before.map(\.criterion.id)
      wanted.formUnion(ids)
      return ids
    default: return []
    }
  }
}

extension Criterion {
  /// Whether it is one of some criteria, or has one in it.
  fileprivate func holds(anyOf ids: Set<CriterionID>) -> Bool {
    ids.contains(id) || criteria.contains { $0.holds(anyOf: ids) }
  }
}

extension GitRepository {
  /// The edits of a merge that no side made: those of fields that differ from every parent's.
  ///
  /// What a merge took over from a side is told by the commits of that side.
  borrowing func ownEdits(
    of entry: LogEntry, _ commit: CommitRecord
  ) throws(StoreError) -> [Edit] {
    guard let blob = try blob(of: entry.rubric, inTree: commit.tree),
      let rubric = try? source(blob, of: entry.rubric, at: commit.id).source.rubric
    else { return entry.edits }
    var edits = entry.edits
    for id in commit.parents.dropFirst() where !edits.isEmpty {
      let tree: ObjectID
      do throws(GitError) {
        tree = try self.commit(id).tree
      } catch {
        guard isShallow, error.code == .notFound else { throw StoreError(error) }
        continue
      }
      guard let other = try self.blob(of: entry.rubric, inTree: tree) else { continue }
      if other == blob { return [] }
      guard let parent = try? source(other, of: entry.rubric, at: id).source.rubric,
        let changes = try? parent.edits(to: rubric)
      else { continue }
      let extents = changes.map(\.change.extent)
      let fields = Set(extents.flatMap(\.fields))
      let added = Set(extents.flatMap(\.added))
      let removed = Set(extents.flatMap(\.removed))
      edits = edits.filter { edit in
        let extent = edit.change.extent
        return extent.fields.contains(where: fields.contains)
          || extent.added.contains(where: added.contains)
          || extent.removed.contains(where: removed.contains)
          || (extent.fields.isEmpty && extent.added.isEmpty && extent.removed.isEmpty)
      }
    }
    return edits
  }
}
