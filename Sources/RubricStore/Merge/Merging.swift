/// The work of merging two versions of a rubric.
///
/// First which criteria there are and in which groups, then their order, then field by field, then
/// the whole.
struct Merging {
  let base: Rubric
  let ours: Rubric
  let theirs: Rubric
  let baseTable: CriterionTable
  let ourTable: CriterionTable
  let theirTable: CriterionTable
  let preferred: MergePreference
  let causes: MergeCauses
  var settlements: SettlementIndex
  private(set) var conflicts: [MergeConflict] = []
  private(set) var settled: [SettledConflict] = []
  private(set) var notes: [MergeNote] = []

  /// The criteria of both sides, by id.
  var order: [CriterionID] = []
  /// The criteria that both sides did something to.
  var changedByBoth: [CriterionID] = []
  /// The criteria of the result, each with its group, nil at the top level.
  var parents: [CriterionID: CriterionID?] = [:]
  /// Criteria of the result that are taken as a whole, their fields not merged.
  var whole: [CriterionID: Criterion] = [:]
  /// Criteria that a settlement took away.
  var gone: Set<CriterionID> = []
  /// Groups that a settlement keeps away.
  var closed: Set<CriterionID> = []
  /// Criteria of one id and two meanings, and whether ours was taken.
  var replaced: [CriterionID: Bool] = [:]
  /// How each side changed the order of a group, as far as it was asked for.
  var movedWithin: [MovedKey: MovedWithin] = [:]

  init(
    base: Rubric, ours: MergeSide, theirs: MergeSide, settlements: Settlements,
    preferred: MergePreference
  ) throws(MergeError) {
    self.base = base
    self.ours = ours.rubric
    self.theirs = theirs.rubric
    self.preferred = preferred
    causes = MergeCauses(ours: ours.history, theirs: theirs.history)
    let tables: [CriterionTable]
    do throws(EditError) {
      tables = [
        try CriterionTable(base.criteria), try CriterionTable(ours.rubric.criteria),
        try CriterionTable(theirs.rubric.criteria),
      ]
    } catch {
      throw MergeError(.duplicateID, error.message, hint: error.hint)
    }
    (baseTable, ourTable, theirTable) = (tables[0], tables[1], tables[2])
    self.settlements = SettlementIndex(settlements, of: ours.rubric.id) { id in
      tables.contains { $0.entries[id] != nil }
    }
  }

  mutating func run() throws(MergeError) -> MergeResult {
    var result = Rubric(id: ours.id)
    try mergeFields(into: &result)
    try mergePresence()
    try mergeParents()
    replaceContents()
    try keepGroups()
    try breakCycles()
    try fillGroups()
    let children = try mergeOrders()
    var fields: [CriterionID: Criterion] = [:]
    fields.reserveCapacity(parents.count)
    for id in order where parents[id] != nil { fields[id] = try mergedFields(of: id) }
    result.criteria = assemble(nil, children, fields)
    // A base that is itself a merge need not be valid, and nobody reads its notes.
    if preferred != .base, conflicts.isEmpty { checkWhole(result) }
    if preferred != .base, conflicts.isEmpty { noteMeanings(in: result) }
    let unused = settlements.unused
    return MergeResult(
      rubric: result, conflicts: conflicts.sorted { $0.path < $1.path },
      settled: settled.sorted { $0.path < $1.path }, notes: notes.sorted(by: MergeNote.precedes),
      unusedSettlements: unused)
  }

  private func assemble(
    _ parent: CriterionID?, _ children: [CriterionID?: [CriterionID]],
    _ fields: [CriterionID: Criterion]
  ) -> [Criterion] {
    (children[parent] ?? []).compactMap { id in
      guard var criterion = fields[id] else { return nil }
      if children[id] != nil { criterion.criteria = assemble(id, children, fields) }
      return criterion
    }
  }

  func path(_ criterion: CriterionID? = nil, _ field: String? = nil) -> MergePath {
    MergePath(ours.id, criterion, field)
  }

  /// Adds a note.
  mutating func note(_ code: MergeNote.Code, _ path: MergePath, _ message: String) {
    notes.append(MergeNote(code: code, path: path, message: message))
  }

  /// Adds a conflict that nothing settles.
  ///
  /// - Parameters:
  ///   - conflict: The conflict, its causes not known yet.
  ///   - involved: The criteria, besides the one it is about, that have a part in it.
  mutating func add(_ conflict: MergeConflict, involved: [CriterionID] = []) {
    var conflict = conflict
    conflict.ourCauses = causes.ours.causes(of: conflict, involved: involved)
    conflict.theirCauses = causes.theirs.causes(of: conflict, involved: involved)
    conflicts.append(conflict)
  }

  mutating func record(
    _ path: MergePath, _ code: MergeConflict.Code?, _ rule: Settlement.Rule,
    _ values: MergeValues, _ result: JSONValue?
  ) {
    settled.append(
      SettledConflict(
        path: path, code: code, rule: rule, base: values.base, ours: values.ours,
        theirs: values.theirs, result: result))
  }
}

/// The three values of a place, as they are written.
struct MergeValues {
  var base: JSONValue?
  var ours: JSONValue?
  var theirs: JSONValue?
}
