/// The common ancestors of two commits, as one version of each rubric.
struct MergeBase {
  let commits: [ObjectID]
  /// The depth to which merges of merges are followed; git's own histories seldom reach three.
  private static let depth = 16

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
  /// - Returns: Nil where there is none, or none that can be read.
  func rubric(
    _ rubric: RubricID, _ repository: borrowing GitRepository
  ) throws(StoreError) -> Rubric? {
    try Self.virtual(rubric, commits, repository, depth: 0)
  }

  private static func virtual(
    _ id: RubricID, _ commits: [ObjectID], _ repository: borrowing GitRepository, depth: Int
  ) throws(StoreError) -> Rubric? {
    guard let first = commits.first else { return nil }
    var result = try repository.readableRubric(id, at: first)
    guard depth < Self.depth else { return result }
    for commit in commits.dropFirst() {
      guard let next = try repository.readableRubric(id, at: commit) else { continue }
      guard let left = result else {
        result = next
        continue
      }
      let inner = try inGit { () throws(GitError) in try repository.mergeBases(first, commit) }
      let base = try virtual(id, inner, repository, depth: depth + 1)
      do throws(MergeError) {
        result = try Rubric.virtualBase(left, next, from: base)
      } catch {
        throw StoreError(error)
      }
    }
    return result
  }
}

extension GitRepository {
  /// A rubric of a commit; nil where it is not there or not valid.
  fileprivate borrowing func readableRubric(
    _ rubric: RubricID, at commit: ObjectID
  ) throws(StoreError) -> Rubric? {
    guard let blob = try blob(of: rubric, at: commit).blob else { return nil }
    do throws(StoreError) {
      return try source(blob, of: rubric, at: commit).source.rubric
    } catch {
      guard error.code == .invalidDocument else { throw error }
      return nil
    }
  }
}

extension StoreError {
  init(_ error: MergeError) {
    self.init(.unfitSettlement, error.message, hint: error.hint)
    if [.differentRubrics, .duplicateID].contains(error.code) { code = .invalidDocument }
  }
}
