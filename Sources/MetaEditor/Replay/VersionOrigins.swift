package import RubricStore

/// Which of two versions a judge read.
package struct VersionOrigins: Sendable {
  let store: Store
  let old: Pin
  let new: Pin

  /// Tells the versions of two pins of one rubric apart.
  package init(store: Store, from old: Pin, to new: Pin) {
    (self.store, self.old, self.new) = (store, old, new)
  }

  /// The version that a judgement's `rubric` stands for; the older where it is as good as either.
  package func origin(of stamp: String) -> Replay.Origin { origin(of: stamp, ifBoth: .before) }

  /// The version that a judgement's `rubric` stands for.
  ///
  /// - Parameters:
  ///   - stamp: `RUBRIC@COMMIT`, as `pull` prints it, or a commit.
  ///   - preferred: What it stands for where it is as good as either.
  /// - Returns: Which version the judge read, as far as it matters to its verdicts.
  package func origin(of stamp: String, ifBoth preferred: Replay.Origin) -> Replay.Origin {
    let commit = RubricRevision.commit(namedBy: stamp)
    var isOld = commit == old.commit.hex
    var isNew = commit == new.commit.hex
    if !isOld || !isNew, let made = try? store.pull(new.rubric.id, at: commit) {
      if !isNew { isOld = isOld || made.rubric.asksLike(old.rubric) }
      if !isOld || preferred == .after { isNew = isNew || made.rubric.asksLike(new.rubric) }
    }
    if isOld, isNew { return preferred }
    return isOld ? .before : isNew ? .after : .other
  }
}
