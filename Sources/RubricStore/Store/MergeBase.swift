/// The common ancestors of two commits, as one version of each rubric.
struct MergeBase {
  let commits: [ObjectID]

  /// Finds the best common ancestors.
  init(
    _ repository: borrowing GitRepository, _ ours: ObjectID, _ theirs: ObjectID
  ) throws(StoreError) {
    commits = try inGit { () throws(GitError) in try repository.mergeBases(ours, theirs) }
  }

  /// The blob of a rubric that all ancestors have; nil where they do not have one and the same.
  func blob(
    of rubric: RubricID, _ repository: borrowing GitRepository
  ) throws(StoreError) -> ObjectID? {
    var found: ObjectID?
    for (index, commit) in commits.enumerated() {
      let blob = try repository.blob(of: rubric, at: commit).blob
      guard index == 0 || blob == found else { return nil }
      found = blob
    }
    return found
  }

  /// The rubric that both sides started from: several ancestors are merged first.
  ///
  /// - Returns: Nil where no ancestor has it. It need not be valid as a whole.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/invalidDocument`` where an ancestor has it and
  ///   its fields cannot be read: without them a removal looks like an addition of the other side.
  /// - Complexity: Each set of ancestors is merged once at each depth.
  func rubric(
    _ rubric: RubricID, _ repository: borrowing GitRepository
  ) throws(StoreError) -> Rubric? {
    var known: [Ancestors: Rubric?] = [:]
    return try Self.virtual(rubric, Ancestors(commits, depth: 0), repository, &known)
  }

  /// Commits that are merged into one base, and how deep among bases of bases.
  private struct Ancestors: Hashable {
    let commits: [ObjectID]
    let depth: Int

    /// In the order of their hashes, so that it is one set whichever side is ours.
    init(_ commits: [ObjectID], depth: Int) {
      self.commits = commits.sorted()
      self.depth = depth
    }
  }

  private static func virtual(
    _ id: RubricID, _ ancestors: Ancestors, _ repository: borrowing GitRepository,
    _ known: inout [Ancestors: Rubric?]
  ) throws(StoreError) -> Rubric? {
    guard let first = ancestors.commits.first else { return nil }
    if let rubric = known[ancestors] { return rubric }
    var result = try repository.ancestor(id, at: first)
    if ancestors.depth < Limits.mergeBaseDepth {
      for commit in ancestors.commits.dropFirst() {
        guard let next = try repository.ancestor(id, at: commit) else { continue }
        guard let left = result else {
          result = next
          continue
        }
        let inner = try inGit { () throws(GitError) in try repository.mergeBases(first, commit) }
        let base = try virtual(
          id, Ancestors(inner, depth: ancestors.depth + 1), repository, &known)
        do throws(MergeError) {
          result = try Rubric.virtualBase(left, next, from: base)
        } catch {
          throw StoreError(error)
        }
      }
    }
    known[ancestors] = .some(result)
    return result
  }
}

extension GitRepository {
  /// A rubric of a commit, valid as a whole or not; nil where the commit does not have it.
  fileprivate borrowing func ancestor(
    _ rubric: RubricID, at commit: ObjectID
  ) throws(StoreError) -> Rubric? {
    guard let blob = try blob(of: rubric, at: commit).blob else { return nil }
    do throws(StoreError) {
      return try source(blob, of: rubric, at: commit).source.rubric
    } catch {
      guard error.code == .invalidDocument else { throw error }
      let bytes = try inGit { () throws(GitError) in
        try readBlob(blob, limit: Limits.textBytes)
      }
      let read =
        Rubric.unchecked(bytes)
        ?? UnfinishedMerge(parsing: bytes).flatMap { Rubric.unchecked($0.document) }
      if let read = read?.rubric, read.id == rubric, (try? CriterionTable(read.criteria)) != nil {
        return read
      }
      throw StoreError(
        .invalidDocument,
        "the rubric `\(rubric)` cannot be read at \(commit.prefix(12)), a common ancestor of what is"
          + " merged, and without it nothing tells a removal from an addition",
        hint:
          "merge the file by hand: `git merge --no-commit`, then look at what either side removed",
        findings: error.findings)
    }
  }
}

extension StoreError {
  init(_ error: MergeError) {
    self.init(.unfitSettlement, error.message, hint: error.hint)
    if [.differentRubrics, .duplicateID].contains(error.code) { code = .invalidDocument }
  }
}
