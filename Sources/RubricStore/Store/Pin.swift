internal import Synchronization

/// A rubric by commit hash: never another than the hash says.
public struct Pin: Sendable {
  /// The commit that it was pulled from, in full.
  public let commit: ObjectID
  /// The rubric.
  public let rubric: Rubric
  /// The bytes of its file, in the layout that its authors gave it.
  public let text: [UInt8]
}

/// The rubrics that were pulled last, so that a pull of the same commit costs no read.
struct PinCache: Sendable {
  private struct Key: Hashable {
    var commit: ObjectID
    var rubric: RubricID
  }

  /// How many pins are kept.
  static let capacity = 256
  private var pins: [Key: Pin] = [:]

  subscript(commit: ObjectID, rubric: RubricID) -> Pin? {
    get { pins[Key(commit: commit, rubric: rubric)] }
    set {
      // A trainer pulls a few commits again and again; which one goes matters little.
      if pins.count >= Self.capacity, let first = pins.keys.first { pins[first] = nil }
      pins[Key(commit: commit, rubric: rubric)] = newValue
    }
  }
}

extension Store {
  /// Pulls a rubric, ready to judge and score with.
  ///
  /// - Parameters:
  ///   - rubric: The rubric; nil for the only one of the commit.
  ///   - revision: A full hash, a prefix, a branch, a tag, `main~3`; HEAD if left out.
  /// - Returns: The rubric with the full hash of the commit that it came from.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/notFound``,
  ///   ``StoreError/Code/ambiguous``, ``StoreError/Code/corrupt`` for bytes that do not match their
  ///   hash, or ``StoreError/Code/invalidDocument`` with all that is wrong.
  /// - Complexity: The first pull of a commit reads and parses; the next ones of the same commit
  ///   look it up.
  public func pull(
    _ rubric: RubricID? = nil, at revision: String = "HEAD"
  ) throws(StoreError) -> Pin {
    let commit = try ObjectID(hex: revision).or { () throws(StoreError) in try resolve(revision) }
    do throws(StoreError) {
      return try pull(rubric, commit: commit)
    } catch {
      // Told in the words of who asked.
      guard rubric == nil, error.code == .notFound, try rubrics(at: commit.hex).isEmpty else {
        throw error
      }
      _ = try onlyRubric(at: revision)
      throw error
    }
  }

  /// Pulls what `RUBRIC@REV` names.
  ///
  /// - Parameter text: As ``revision(_:)`` reads it.
  /// - Returns: The rubric with the full hash of its commit.
  /// - Throws: ``StoreError``, as ``pull(_:at:)`` and ``revision(_:)`` do.
  public func pull(_ text: String) throws(StoreError) -> Pin {
    let revision = try revision(text)
    return try pull(revision.rubric, at: revision.revision)
  }

  /// Pulls a rubric from a commit.
  ///
  /// - Parameters:
  ///   - rubric: The rubric; nil for the only one of the commit.
  ///   - commit: The commit.
  /// - Returns: The rubric.
  /// - Throws: ``StoreError``, as ``pull(_:at:)`` does.
  public func pull(_ rubric: RubricID?, commit: ObjectID) throws(StoreError) -> Pin {
    if rubric == nil { try refuseUnfinished(commit) }
    let rubric = try rubric.or { () throws(StoreError) in try onlyRubric(at: commit.hex) }
    if let pin = pins.withLock({ $0[commit, rubric] }) { return pin }
    if let pin = pinFolder?.kept(rubric, at: commit) {
      pins.withLock { $0[commit, rubric] = pin }
      return pin
    }
    let pin = try inRepository { repository throws(StoreError) in
      let tree = try inGit { () throws(GitError) in try repository.commit(commit).tree }
      guard let blob = try repository.blob(of: rubric, inTree: tree) else {
        try repository.refuseUnfinished(commit)
        let names = try repository.rubrics(inTree: tree).map(\.id.rawValue)
        throw StoreError(
          .notFound, "there is no rubric `\(rubric)` at \(commit.prefix(12))",
          hint: Suggestion.didYouMean(rubric.rawValue, among: names)
            ?? (names.isEmpty
              ? "the commit holds no rubrics"
              : "it holds \(Suggestion.list(Array(names.prefix(10)), conjunction: "and"))"))
      }
      let (bytes, source) = try repository.source(blob, of: rubric, at: commit)
      return Pin(commit: commit, rubric: source.rubric, text: bytes)
    }
    pins.withLock { $0[commit, rubric] = pin }
    keepInFolder(pin)
    return pin
  }

  private func refuseUnfinished(_ commit: ObjectID) throws(StoreError) {
    try inRepository { repository throws(StoreError) in try repository.refuseUnfinished(commit) }
  }
}

extension GitRepository {
  /// Throws for the commit of a kept merge, which holds no rubric yet.
  borrowing func refuseUnfinished(_ commit: ObjectID) throws(StoreError) {
    let message = try inGit { () throws(GitError) in try self.commit(commit).message }
    guard KeptMerge.isKept(message) else { return }
    let subject = message.prefix { $0 != "\n" }
    throw StoreError(
      .unfinishedMerge, "\(commit.prefix(12)) holds no rubric yet: “\(subject)”",
      hint: "`rubricctl conflicts` lists what is open; `rubricctl merge --continue` finishes it")
  }
}
