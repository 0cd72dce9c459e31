/// How far back the scores of a rubric can be compared with those of one version.
///
/// - SeeAlso: SPEC.md §7.7.
public struct ComparableHistory: Sendable {
  /// A commit where that ends.
  public struct End: Sendable {
    /// The last commit, going back, whose scores can be compared: the one that changed what scores
    /// mean.
    public var commit: ObjectID
    /// A parent whose scores cannot; nil where the rubric was created, or a shallow clone ends.
    public var parent: ObjectID?
    /// What going from the parent's version to the one that was asked about means for scores.
    public var comparability: Comparability?
  }

  /// The rubric.
  public var rubric: RubricID
  /// The commit that was asked about.
  public var commit: ObjectID
  /// The commits whose scores can be compared with its, itself among them.
  public var commits: Set<ObjectID>
  /// Where each line of history ends; one where the history is a line.
  public var ends: [End]
}

extension Store {
  /// Returns how far back scores can be compared with those of a version.
  ///
  /// From a commit the walk goes on to each parent whose version is `identical` or `cosmetic` to the
  /// version that was asked about. So what it reaches is one piece: a version that was the same before
  /// and after a change that was taken back counts only since then.
  ///
  /// - Parameters:
  ///   - rubric: The rubric; nil for the only one of the commit.
  ///   - revision: The version; HEAD if left out.
  /// - Returns: The commits, and where the walk ended.
  /// - Throws: ``StoreError``, as ``pull(_:at:)`` does.
  /// - Complexity: One commit and its tree read for each that is passed, and each distinct file read
  ///   once.
  public func comparableHistory(
    of rubric: RubricID? = nil, at revision: String = "HEAD"
  ) throws(StoreError) -> ComparableHistory {
    let pin = try pull(rubric, at: revision)
    var known: [ObjectID: Comparability?] = [:]
    var commits: Set<ObjectID> = []
    var ends: [ComparableHistory.End] = []
    var waiting = [pin.commit]
    while let id = waiting.popLast() {
      guard commits.insert(id).inserted else { continue }
      let parents = try inRepository {
        repository throws(StoreError) -> [(id: ObjectID, comparability: Comparability?)] in
        let commit = try inGit { () throws(GitError) in try repository.commit(id) }
        var parents: [(id: ObjectID, comparability: Comparability?)] = []
        for parent in commit.parents {
          let tree: ObjectID
          do throws(GitError) {
            tree = try repository.commit(parent).tree
          } catch {
            guard repository.isShallow, error.code == .notFound else { throw StoreError(error) }
            continue
          }
          guard let blob = try repository.blob(of: pin.rubric.id, inTree: tree) else { continue }
          if known[blob] == nil {
            let version = try? repository.source(blob, of: pin.rubric.id, at: parent).source.rubric
            known[blob] = .some(version?.comparability(to: pin.rubric))
          }
          parents.append((parent, known[blob] ?? nil))
        }
        return parents
      }
      let comparable = parents.filter { $0.comparability?.isComparable ?? false }
      waiting += comparable.reversed().map(\.id)
      if comparable.isEmpty {
        ends.append(
          ComparableHistory.End(
            commit: id, parent: parents.first?.id, comparability: parents.first?.comparability))
      }
    }
    return ComparableHistory(
      rubric: pin.rubric.id, commit: pin.commit, commits: commits, ends: ends)
  }
}

extension Comparability {
  /// Whether scores from before and after can be compared as they stand.
  public var isComparable: Bool {
    switch self {
    case .identical, .cosmetic: true
    case .recompute, .rejudge, .incomparable: false
    }
  }
}
