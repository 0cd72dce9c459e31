/// A rubric at a commit, as people write it: `essay@main~3`, `essay`, `@main`, `3f9c2ab`.
///
/// - SeeAlso: SPEC.md §7.3.
public struct RubricRevision: Hashable, Sendable {
  /// The rubric; nil where the repository's only one is meant.
  public var rubric: RubricID?
  /// The commit, in git's words.
  public var revision: String

  /// Creates a revision.
  public init(rubric: RubricID? = nil, revision: String = "HEAD") {
    self.rubric = rubric
    self.revision = revision
  }
}

extension RubricRevision {
  /// The commit that a record names as the version of its rubric.
  ///
  /// A judgement or a line of evidence says `RUBRIC@COMMIT`, as `rubricctl pull` prints it, or the
  /// commit alone.
  ///
  /// - Parameter record: What the record says.
  /// - Returns: What follows the first `@`, not looked up; the whole where nothing does.
  public static func commit(namedBy record: String) -> String {
    record.split(separator: "@", maxSplits: 1).last.map(String.init) ?? record
  }
}

extension Store {
  /// Reads `RUBRIC@REV`, `RUBRIC`, `@REV` or `REV`.
  ///
  /// A word without `@` is a rubric where HEAD holds one of that name, and a revision otherwise.
  ///
  /// - Parameter text: The word; empty for the only rubric at HEAD.
  /// - Returns: The rubric and the revision, neither looked up yet.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/invalidName``,
  ///   ``StoreError/Code/ambiguous`` for a word that is a rubric and a branch or tag, or
  ///   ``StoreError/Code/notFound`` for one that is neither.
  public func revision(_ text: String) throws(StoreError) -> RubricRevision {
    guard !text.isEmpty else { return RubricRevision() }
    if let at = text.firstIndex(of: "@") {
      let revision = String(text[text.index(after: at)...])
      let name = text[..<at]
      // `@{1}` and `main@{1}` are git's own.
      if revision.hasPrefix("{") { return RubricRevision(revision: text) }
      guard !name.isEmpty else {
        return RubricRevision(revision: revision.isEmpty ? "HEAD" : revision)
      }
      guard let rubric = RubricID(rawValue: String(name)) else {
        throw StoreError(
          .invalidName, "\(NodeReader.quote(String(name))) is no rubric id",
          hint: "an id is \(RubricID.rule)")
      }
      return RubricRevision(rubric: rubric, revision: revision.isEmpty ? "HEAD" : revision)
    }
    let known = try rubrics()
    let rubric = known.first { $0.rawValue == text }
    do throws(StoreError) {
      _ = try resolve(text)
    } catch {
      guard error.code == .notFound else { throw error }
      if let rubric { return RubricRevision(rubric: rubric) }
      let branches = try branches().map(\.name)
      let tags = try tags().map(\.name)
      throw StoreError(
        .notFound, "there is no rubric, branch, tag or commit \(quoted(text))",
        hint: Suggestion.didYouMean(text, among: known.map(\.rawValue) + branches + tags))
    }
    if let rubric {
      throw StoreError(
        .ambiguous, "`\(text)` is a rubric and a revision",
        hint: "write `\(rubric)@` for the rubric and `@\(text)` for the revision")
    }
    return RubricRevision(revision: text)
  }
}
