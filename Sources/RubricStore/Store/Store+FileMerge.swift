extension Store {
  /// Returns the edits of two sides whose files are merged outside of the store.
  ///
  /// - Parameters:
  ///   - rubric: The rubric.
  ///   - ours: The commit of our side.
  ///   - ourText: Our file, as it is merged.
  ///   - theirs: The commit of their side.
  ///   - theirText: Their file, as it is merged.
  /// - Returns: The edits, oldest first; nil where the files are not those of the commits, so that the
  ///   merge is one of other commits.
  /// - Throws: ``StoreError``.
  public func histories(
    of rubric: RubricID, ours: ObjectID, _ ourText: [UInt8], theirs: ObjectID, _ theirText: [UInt8]
  ) throws(StoreError) -> (ours: [MergeConflict.Cause], theirs: [MergeConflict.Cause])? {
    try inRepository { repository throws(StoreError) in
      for (commit, text) in [(ours, ourText), (theirs, theirText)] {
        guard let blob = try repository.blob(of: rubric, at: commit).blob else { return nil }
        let bytes = try inGit { () throws(GitError) in
          try repository.readBlob(blob, limit: Limits.textBytes)
        }
        guard bytes == text else { return nil }
      }
      return (
        try repository.causes(from: ours, notFrom: theirs)[rubric] ?? [],
        try repository.causes(from: theirs, notFrom: ours)[rubric] ?? []
      )
    }
  }
}

/// A rubric's file that `git` has left in conflict in the work tree.
public struct UnmergedRubric: Sendable {
  /// The rubric, by the file's name.
  public var rubric: RubricID
  /// The file's path in the repository.
  public var path: String
  /// The merge of the three versions in the index, with what was settled so far.
  public var merge: FileMerge
  /// What was settled so far.
  public var settlements: Settlements
}

extension Store {
  /// Returns the rubrics that `git merge`, `git rebase` and the like have left in conflict, and that
  /// nobody has finished in the work tree.
  ///
  /// - Returns: The rubrics, ordered by id. One that only one side has is not among them, for there is
  ///   nothing to merge.
  /// - Throws: ``StoreError``.
  public func unmergedRubrics() throws(StoreError) -> [UnmergedRubric] {
    try unmerged().map(\.rubric)
  }

  /// Settles conflicts that `git` has left in the work tree, and writes the files anew.
  ///
  /// The index stays as it is: `git add` tells git that a file is finished.
  ///
  /// - Parameter settlements: How; one of a place that was settled before replaces that.
  /// - Returns: The rubrics as they are now.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/notFound`` where nothing is in conflict,
  ///   ``StoreError/Code/dirty`` where a file was changed by hand since,
  ///   ``StoreError/Code/unfitSettlement`` or ``StoreError/Code/nothingToSettle``.
  @discardableResult
  public func settleUnmerged(
    _ settlements: Settlements
  ) throws(StoreError) -> [UnmergedRubric] {
    var unmerged = try unmerged()
    guard !unmerged.isEmpty else {
      throw StoreError(.notFound, "no rubric in the work tree is in conflict")
    }
    var unused: [String: Int] = [:]
    let named = Set(settlements.places.map(\.place))
    for index in unmerged.indices {
      guard !unmerged[index].isEdited else {
        let path = unmerged[index].rubric.path
        throw StoreError(
          .dirty, "`\(path)` was changed by hand since the merge",
          hint: "finish it by hand, or bring the conflicts back with `git checkout --merge \(path)`"
        )
      }
      var combined = unmerged[index].rubric.settlements
      combined.places.removeAll { named.contains($0.place) }
      combined.places += settlements.places
      if !settlements.all.isEmpty { combined.all = settlements.all }
      let merge = try unmerged[index].merge(combined)
      for place in Set(merge.unusedSettlements) { unused[place, default: 0] += 1 }
      // A place of another rubric is not this file's to remember.
      let foreign = Set(merge.unusedSettlements)
      combined.places.removeAll { foreign.contains($0.place) }
      unmerged[index].rubric.settlements = combined
      unmerged[index].rubric.merge =
        foreign.isEmpty ? merge : try unmerged[index].merge(combined)
    }
    let never = settlements.places.map(\.place).filter { unused[$0] == unmerged.count }
    if let place = never.first {
      let known = unmerged.flatMap(\.rubric.merge.conflicts).map { "\($0.path)" }
      throw StoreError(
        .nothingToSettle, "there is nothing to settle at `\(place)`",
        hint: Suggestion.didYouMean(place, among: known)
          ?? (known.isEmpty
            ? "there are no conflicts"
            : "the conflicts are at "
              + Suggestion.list(Array(known.prefix(10)), conjunction: "and")))
    }
    for item in unmerged {
      try withGit { repository throws(GitError) in
        try repository.writeFile(RepositoryPath(item.rubric.path), item.rubric.merge.text)
      }
    }
    return unmerged.map(\.rubric)
  }

  /// A rubric in conflict with what it is merged from.
  private struct Unmerged {
    var rubric: UnmergedRubric
    var isEdited: Bool
    let base: [UInt8]?
    let ours: [UInt8]
    let theirs: [UInt8]
    var options: FileMergeOptions

    func merge(_ settlements: Settlements) throws(StoreError) -> FileMerge {
      var options = options
      options.settlements = settlements
      return try FileMerge(base: base, ours: ours, theirs: theirs, options)
    }
  }

  private func unmerged() throws(StoreError) -> [Unmerged] {
    let entries = try withGit { repository throws(GitError) in
      try repository.unmergedEntries()
    }
    guard !entries.isEmpty else { return [] }
    let sides = try? (ours: resolve("HEAD"), theirs: resolve("MERGE_HEAD"))
    var found: [Unmerged] = []
    for entry in entries {
      guard let id = StorePath.rubric(at: entry.path), let ourBlob = entry.ours,
        let theirBlob = entry.theirs,
        let file = try workTreeText(of: id), let unfinished = UnfinishedMerge(parsing: file)
      else { continue }
      func read(_ blob: ObjectID) throws(StoreError) -> [UInt8] {
        try withGit { repository throws(GitError) in
          try repository.readBlob(blob, limit: Limits.textBytes)
        }
      }
      let ours = try read(ourBlob)
      let theirs = try read(theirBlob)
      var base: [UInt8]?
      if let blob = entry.base { base = try read(blob) }
      var options = FileMergeOptions()
      options.path = entry.path
      if let sides,
        let histories = try histories(of: id, ours: sides.ours, ours, theirs: sides.theirs, theirs)
      {
        (options.ourHistory, options.theirHistory) = histories
      }
      options.settlements = unfinished.settlements
      let merge = try FileMerge(base: base, ours: ours, theirs: theirs, options)
      let document = UnfinishedMerge(parsing: merge.text)?.document ?? merge.text
      found.append(
        Unmerged(
          rubric: UnmergedRubric(
            rubric: id, path: entry.path, merge: merge, settlements: unfinished.settlements),
          isEdited: document.withoutReturns != unfinished.document.withoutReturns, base: base,
          ours: ours, theirs: theirs, options: options))
    }
    return found
  }
}

extension [UInt8] {
  /// The text as git stores it where it turns line ends.
  fileprivate var withoutReturns: [UInt8] { filter { $0 != 0x0D } }
}
