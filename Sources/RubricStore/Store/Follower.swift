/// Watches a branch for new versions of a rubric.
///
/// ```swift
/// var follower = try store.follow("essay@main")
/// while training {
///   if let pin = try follower.next() { rubric = CompiledRubric(pin.rubric) }
/// }
/// ```
public struct Follower: Sendable {
  /// The rubric.
  public let rubric: RubricID
  /// The branch, as git names it to people: `main`, `origin/main`.
  public let branch: String
  private let store: Store
  private let reference: ReferenceName
  private var lastCommit: ObjectID?
  private var lastBlob: ObjectID?

  fileprivate init(
    _ rubric: RubricID, _ reference: ReferenceName, in store: Store, lastBlob: ObjectID?
  ) {
    self.rubric = rubric
    self.reference = reference
    self.store = store
    self.lastBlob = lastBlob
    branch = Self.shown(reference)
  }

  fileprivate static func shown(_ reference: ReferenceName) -> String {
    let remotes = "refs/remotes/"
    return reference.text.hasPrefix(remotes)
      ? String(reference.text.dropFirst(remotes.count)) : reference.short
  }

  /// Looks whether the branch holds another rubric than the last time.
  ///
  /// It does not wait. Of several commits since the last time the newest is told; one that left the
  /// rubric's file as it was is none. After an error it can be asked again.
  ///
  /// - Returns: The rubric as it is now; nil where it is what was told already.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/notFound`` if the branch is gone, or no
  ///   longer holds the rubric; otherwise as ``Store/pull(_:commit:)`` does.
  /// - Complexity: One reference read where the branch has not moved; where it has, the trees down
  ///   to the file; and a pull only where the file is another.
  public mutating func next() throws(StoreError) -> Pin? {
    let tip = try store.tip(of: reference)
    guard tip != lastCommit else { return nil }
    let blob = try store.blob(of: rubric, at: tip, on: branch)
    var pin: Pin?
    if blob != lastBlob { pin = try store.pull(rubric, commit: tip) }
    lastCommit = tip
    lastBlob = blob
    return pin
  }
}

extension Store {
  /// Follows a rubric on a branch.
  ///
  /// - Parameters:
  ///   - text: `RUBRIC@BRANCH`, as ``revision(_:)`` reads it; HEAD stands for the branch that is
  ///     checked out now. The only rubric of the branch need not be named.
  ///   - commit: A commit whose rubric is known to the caller and not told again; nil to begin with
  ///     what is there.
  /// - Returns: The follower.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/notFound`` for a branch, a rubric or a
  ///   commit that is not there, or ``StoreError/Code/invalidName`` for a revision that is no branch.
  public func follow(_ text: String, since commit: ObjectID? = nil) throws(StoreError) -> Follower {
    let revision = try revision(text)
    let reference = try branchReference(revision.revision)
    let tip = try tip(of: reference)
    let rubric = try revision.rubric.or { () throws(StoreError) in try onlyRubric(at: tip.hex) }
    let branch = Follower.shown(reference)
    _ = try blob(of: rubric, at: tip, on: branch)
    var known: ObjectID?
    if let commit { known = try blob(of: rubric, at: commit, on: nil) }
    return Follower(rubric, reference, in: self, lastBlob: known)
  }

  /// The commit that a branch holds.
  fileprivate func tip(of branch: ReferenceName) throws(StoreError) -> ObjectID {
    let tip = try withGit { repository throws(GitError) in try repository.follow(branch).object }
    guard let tip else {
      throw StoreError(.notFound, "there is no branch `\(Follower.shown(branch))` any more")
    }
    return tip
  }

  /// The blob of a rubric that is expected to be at a commit.
  fileprivate func blob(
    of rubric: RubricID, at commit: ObjectID, on branch: String?
  ) throws(StoreError) -> ObjectID {
    try inRepository { repository throws(StoreError) in
      let tree = try inGit { () throws(GitError) in try repository.commit(commit).tree }
      if let blob = try repository.blob(of: rubric, inTree: tree) { return blob }
      try repository.refuseUnfinished(commit)
      let place = branch.map { "on the branch `\($0)`, at \(commit.prefix(12))" }
      let names = try repository.rubrics(inTree: tree).map(\.id.rawValue)
      throw StoreError(
        .notFound, "there is no rubric `\(rubric)` \(place ?? "at \(commit.prefix(12))")",
        hint: Suggestion.didYouMean(rubric.rawValue, among: names))
    }
  }

  /// The branch that a revision names, of this repository or as it was fetched from another.
  private func branchReference(_ revision: String) throws(StoreError) -> ReferenceName {
    if revision == "HEAD" {
      let head = try withGit { repository throws(GitError) in try repository.head() }
      guard case .branch(let name, let tip) = head else {
        throw StoreError(
          .invalidName, "HEAD is at a commit, which does not move",
          hint: "name a branch: RUBRIC@BRANCH")
      }
      guard tip != nil else {
        throw StoreError(.unborn, "the branch `\(name.short)` has no commits yet")
      }
      return name
    }
    let found = try withGit { repository throws(GitError) -> ReferenceName? in
      for text in [revision, "refs/heads/" + revision, "refs/remotes/" + revision] {
        guard let name = try? ReferenceName(text), !name.isTag,
          try repository.follow(name).object != nil
        else { continue }
        return name
      }
      return nil
    }
    if let found { return found }
    // Told in the words of a revision that is not there.
    _ = try resolve(revision)
    throw StoreError(
      .invalidName, "\(quoted(revision)) is no branch, and nothing else moves",
      hint: "pull it; a branch can be followed")
  }
}
