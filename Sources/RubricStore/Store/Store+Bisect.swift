extension Store {
  /// Starts the search for the meta-update that made a rubric bad.
  ///
  /// Candidates are the commits that `bad` reaches and no `good` one does, and whose version of the
  /// rubric is none of their parents'. Where a good commit is no ancestor of the bad one their merge
  /// bases are tried first, as git does.
  ///
  /// - Parameters:
  ///   - rubric: The rubric; nil for the only one at `bad`.
  ///   - good: Revisions that are good, at least one.
  ///   - bad: A revision that is bad.
  /// - Returns: The search, which may be over already.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/notFound``, also where `bad` does not have
  ///   the rubric, or ``StoreError/Code/refused`` where `bad` is an ancestor of a good commit, or has
  ///   no history in common with it.
  /// - Complexity: One commit and its tree read for each between good and bad; no rubric is parsed.
  public func bisection(
    of rubric: RubricID? = nil, good: [String], bad: String
  ) throws(StoreError) -> Bisection {
    let badCommit = try resolve(bad)
    let rubric = try rubric.or { () throws(StoreError) in try onlyRubric(at: bad) }
    var goodCommits: [ObjectID] = []
    for revision in good { goodCommits.append(try resolve(revision)) }
    let goods = goodCommits
    guard !goods.isEmpty else {
      throw StoreError(.refused, "a search needs a good commit to start from")
    }
    return try inRepository { repository throws(StoreError) in
      for (id, name) in zip(goods, good) where try repository.reaches(id, badCommit) {
        throw StoreError(
          .refused,
          id == badCommit
            ? "`\(name)` and `\(bad)` are the same commit"
            : "the bad commit `\(bad)` is an ancestor of the good one, `\(name)`",
          hint: "`--good` is the older one, from before it went bad; were they exchanged?")
      }
      let here = try repository.blob(of: rubric, at: badCommit)
      guard let badBlob = here.blob else {
        let names = try repository.rubrics(inTree: here.commit.tree).map(\.id.rawValue)
        throw StoreError(
          .notFound, "there is no rubric `\(rubric)` at `\(bad)`",
          hint: Suggestion.didYouMean(rubric.rawValue, among: names))
      }
      var bases: [(commit: ObjectID, blob: ObjectID?)] = []
      for (id, name) in zip(goods, good) where try !repository.reaches(badCommit, id) {
        let found = try inGit { () throws(GitError) in try repository.mergeBases(badCommit, id) }
        guard !found.isEmpty else {
          throw StoreError(
            .refused, "`\(name)` and `\(bad)` have no history in common",
            hint: "choose a good commit from which the bad one came")
        }
        for base in found
        where !goods.contains(base) && !bases.contains(where: { $0.commit == base }) {
          bases.append((base, try repository.blob(of: rubric, at: base).blob))
        }
      }
      return try repository.bisection(
        of: rubric, good: goods, bad: badCommit, badBlob: badBlob, bases: bases)
    }
  }

  /// Returns what a commit did to one rubric, compared with its first parent where it records nothing.
  ///
  /// - Parameters:
  ///   - rubric: The rubric.
  ///   - commit: The commit.
  /// - Returns: The entry; nil where the commit leaves the rubric as its first parent has it.
  /// - Throws: ``StoreError``.
  public func entry(
    of rubric: RubricID, at commit: ObjectID
  ) throws(StoreError) -> LogEntry? {
    try inRepository { repository throws(StoreError) in
      let commit = try inGit { () throws(GitError) in try repository.commit(commit) }
      return try repository.entries(of: commit, takenOver: true).first { $0.rubric == rubric }
    }
  }
}

extension GitRepository {
  /// Whether a commit is another's descendant, or that commit itself.
  fileprivate borrowing func reaches(
    _ commit: ObjectID, _ ancestor: ObjectID
  ) throws(StoreError) -> Bool {
    try inGit { () throws(GitError) in try isAncestor(ancestor, of: commit) }
  }

  /// A commit, and the blob of a rubric in it; nil where it has none.
  borrowing func blob(
    of rubric: RubricID, at id: ObjectID
  ) throws(StoreError) -> (commit: CommitRecord, blob: ObjectID?) {
    let commit = try inGit { () throws(GitError) in try self.commit(id) }
    return (commit, try blob(of: rubric, inTree: commit.tree))
  }

  fileprivate borrowing func bisection(
    of rubric: RubricID, good: [ObjectID], bad: ObjectID, badBlob: ObjectID,
    bases: [(commit: ObjectID, blob: ObjectID?)]
  ) throws(StoreError) -> Bisection {
    let all = try inGit { () throws(GitError) in
      try commits(reachableFrom: [bad], notFrom: good, limit: .max)
    }
    let inside = Set(all)
    var blobs: [ObjectID: ObjectID?] = [:]
    // What stands for a commit: itself where it changes the rubric, nil where it is as good was.
    var targets: [ObjectID: ObjectID] = [:]
    var candidates: [ObjectID: Bisection.Candidate] = [:]
    for id in all.reversed() {
      let (commit, blob) = try self.blob(of: rubric, at: id)
      blobs[id] = .some(blob)
      var outside = false
      var same: ObjectID?
      for parent in commit.parents {
        if !inside.contains(parent), blobs[parent] == nil {
          do throws(StoreError) {
            blobs[parent] = .some(try self.blob(of: rubric, at: parent).blob)
          } catch {
            guard isShallow, error.code == .notFound else { throw error }
            continue
          }
        }
        guard let other = blobs[parent], other == blob else { continue }
        if inside.contains(parent) {
          same = same ?? parent
        } else {
          outside = true
        }
      }
      let insiders = commit.parents.filter(inside.contains)
      if let same {
        targets[id] = targets[same]
      } else if outside, insiders.isEmpty {
        // The version of a good commit, or of one before it.
        targets[id] = nil
      } else {
        var parents: [ObjectID] = []
        for parent in insiders.compactMap({ targets[$0] }) where !parents.contains(parent) {
          parents.append(parent)
        }
        targets[id] = id
        candidates[id] = Bisection.Candidate(parents: parents, blob: blob)
      }
    }
    var goodBlobs: [ObjectID?] = []
    for id in good { goodBlobs.append(try self.blob(of: rubric, at: id).blob) }
    return Bisection(
      rubric, bad: bad, good: good, bases: bases, goodBlobs: goodBlobs, badBlob: badBlob,
      first: targets[bad], candidates: candidates, order: all.filter { candidates[$0] != nil })
  }
}
