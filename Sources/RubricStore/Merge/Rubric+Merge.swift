/// One of the two versions that are merged.
public struct MergeSide: Sendable {
  /// The version.
  public var rubric: Rubric
  /// The edits that led from the base to it, oldest first; empty where they are not known.
  ///
  /// They tell whose edits and rationales are behind a conflict, and whether an id was given to
  /// another criterion, which two documents alone do not show.
  public var history: [MergeConflict.Cause]

  /// Creates a side.
  public init(_ rubric: Rubric, history: [MergeConflict.Cause] = []) {
    self.rubric = rubric
    self.history = history
  }
}

/// What a merge gave.
public struct MergeResult: Sendable {
  /// The merged rubric: valid where there are no conflicts, and otherwise with our side's value at
  /// each of them.
  public var rubric: Rubric
  /// What is not settled, ordered by place.
  public var conflicts: [MergeConflict]
  /// What was settled, and how, ordered by place.
  public var settled: [SettledConflict]
  /// What merged cleanly and is worth a look.
  public var notes: [MergeNote]
  /// The places of settlements that nothing needed.
  public var unusedSettlements: [String]

  /// Whether the rubric can be committed.
  public var isClean: Bool { conflicts.isEmpty }
}

extension Rubric {
  /// Merges two versions of a rubric that come from one base.
  ///
  /// By id and field by field, over the whole document; lists are ordered sets. The same change on
  /// both sides is no conflict. The result does not depend on which side is ours, but for the values
  /// that stand at conflicts. The whole is validated afterwards.
  ///
  /// - Parameters:
  ///   - base: The version that both come from; nil where there is none, so that all is new.
  ///   - ours: Our side.
  ///   - theirs: Their side.
  ///   - settlements: How conflicts are to be settled.
  /// - Returns: The merged rubric and the conflicts that are left.
  /// - Throws: ``MergeError`` for versions of different rubrics, for an id that stands twice, and for
  ///   a settlement of one place that does not fit there. A rule for many places is passed over where
  ///   it does not fit.
  /// - Complexity: O(*n*) in the size of the three, and O(*k* log *k*) for a group of *k* criteria
  ///   that changed its order.
  /// - SeeAlso: SPEC.md §12.
  public static func merge(
    base: Rubric?, ours: MergeSide, theirs: MergeSide, settlements: Settlements = Settlements()
  ) throws(MergeError) -> MergeResult {
    try merge(base: base, ours: ours, theirs: theirs, settlements: settlements, preferred: .ours)
  }

  static func merge(
    base: Rubric?, ours: MergeSide, theirs: MergeSide, settlements: Settlements = Settlements(),
    preferred: MergePreference
  ) throws(MergeError) -> MergeResult {
    let id = ours.rubric.id
    for other in [base, theirs.rubric] {
      guard let other, other.id != id else { continue }
      throw MergeError(
        .differentRubrics, "`\(id)` and `\(other.id)` are two rubrics, and an id is for ever",
        hint: "merge versions of one rubric")
    }
    var merging = try Merging(
      base: base ?? Rubric(id: id), ours: ours, theirs: theirs, settlements: settlements,
      preferred: preferred)
    return try merging.run()
  }

  /// The base of a merge that has several: they are merged first, and what they do not agree on stays
  /// as it was before them; what both added, and not the same, is left out.
  ///
  /// - Parameters:
  ///   - left: One base.
  ///   - right: Another.
  ///   - base: The base of those two; nil where they have none.
  /// - Returns: The base to merge with. It need not be valid.
  /// - Throws: ``MergeError`` for versions of different rubrics, and for an id that stands twice.
  /// - SeeAlso: SPEC.md §12.5.
  package static func virtualBase(
    _ left: Rubric, _ right: Rubric, from base: Rubric?
  ) throws(MergeError) -> Rubric {
    try merge(base: base, ours: MergeSide(left), theirs: MergeSide(right), preferred: .base).rubric
  }
}
