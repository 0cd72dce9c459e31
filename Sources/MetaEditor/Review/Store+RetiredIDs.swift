public import RubricStore

extension Store {
  /// Returns the ids that a rubric had in its history and has no more: no new criterion may have one,
  /// since history, blame and merges would take both for the same.
  ///
  /// - Parameters:
  ///   - rubric: The rubric.
  ///   - commit: The commit whose history counts.
  /// - Returns: The ids; none where the commit does not hold the rubric.
  /// - Throws: ``StoreError``. A commit whose change cannot be read retires nothing.
  /// - Complexity: One walk over the history, as a log of one rubric is.
  public func retiredIDs(
    of rubric: RubricID, at commit: ObjectID
  ) throws(StoreError) -> Set<CriterionID> {
    let head: Rubric
    do throws(StoreError) {
      head = try pull(rubric, commit: commit).rubric
    } catch {
      // What cannot be read must not let every id through.
      guard error.code == .notFound else { throw error }
      return []
    }
    var retired: Set<CriterionID> = []
    var removals: [ObjectID] = []
    try log(from: commit.hex, LogFilter(rubric: rubric)) { entry in
      for edit in entry.edits {
        switch edit.change {
        case .remove(let placed): placed.criterion.collectIDs(into: &retired)
        case .split(let before, _), .mergeCriteria(let before, _):
          for placed in before { placed.criterion.collectIDs(into: &retired) }
        default: break
        }
      }
      // A rubric that was removed as a whole, and made anew later.
      if entry.kind == .removed { removals += entry.parents }
      return true
    }
    for parent in removals {
      guard let old = try? pull(rubric, commit: parent).rubric else { continue }
      for criterion in old.criteria { criterion.collectIDs(into: &retired) }
    }
    var present: Set<CriterionID> = []
    for criterion in head.criteria { criterion.collectIDs(into: &present) }
    return retired.subtracting(present)
  }
}
