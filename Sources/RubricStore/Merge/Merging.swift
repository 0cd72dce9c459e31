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

  /// The criteria of the result, each with its group, nil at the top level.
  var parents: [CriterionID: CriterionID?] = [:]
  /// Criteria of the result that are taken as a whole, their fields not merged.
  var whole: [CriterionID: Criterion] = [:]

  init(
    base: Rubric, ours: MergeSide, theirs: MergeSide, settlements: Settlements,
    preferred: MergePreference
  ) throws(MergeError) {
    self.base = base
    self.ours = ours.rubric
    self.theirs = theirs.rubric
    self.preferred = preferred
    self.settlements = SettlementIndex(settlements)
    causes = MergeCauses(ours: ours.history, theirs: theirs.history)
    do throws(EditError) {
      baseTable = try CriterionTable(base.criteria)
      ourTable = try CriterionTable(ours.rubric.criteria)
      theirTable = try CriterionTable(theirs.rubric.criteria)
    } catch {
      throw MergeError(.duplicateID, error.message, hint: error.hint)
    }
  }

  mutating func run() throws(MergeError) -> MergeResult {
    var result = Rubric(id: ours.id)
    try mergeFields(into: &result)
    try mergePresence()
    try mergeParents()
    try keepGroups()
    try breakCycles()
    let children = try mergeOrders()
    var fields: [CriterionID: Criterion] = [:]
    fields.reserveCapacity(parents.count)
    for id in parents.keys { fields[id] = try mergedFields(of: id) }
    result.criteria = assemble(nil, children, fields)
    if conflicts.isEmpty { checkWhole(result) }
    if conflicts.isEmpty { noteShares(in: result) }
    let unused = settlements.unused
    return MergeResult(
      rubric: result, conflicts: conflicts.sorted { $0.path < $1.path },
      settled: settled.sorted { $0.path < $1.path }, notes: notes.sorted { $0.path < $1.path },
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
  mutating func add(_ conflict: MergeConflict) {
    var conflict = conflict
    let causes = causes.of(conflict)
    conflict.ourCauses = causes.ours
    conflict.theirCauses = causes.theirs
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

/// The edits of both sides by what they touch.
struct MergeCauses {
  private struct Side {
    var byField: [FieldReference: [MergeConflict.Cause]] = [:]
    var byCriterion: [CriterionID?: [MergeConflict.Cause]] = [:]
    var reused: Set<CriterionID> = []

    init(_ history: [MergeConflict.Cause]) {
      var removed: Set<CriterionID> = []
      for cause in history {
        let extent = cause.edit.change.extent
        for field in extent.fields {
          byField[field, default: []].append(cause)
          byCriterion[field.criterion, default: []].append(cause)
        }
        for id in Set(extent.added).union(extent.removed) {
          byCriterion[id, default: []].append(cause)
        }
        // A split or a merge that keeps an id keeps what it means.
        reused.formUnion(removed.intersection(extent.added))
        removed.formUnion(Set(extent.removed).subtracting(extent.added))
      }
    }

    func causes(_ path: MergePath, wide: Bool) -> [MergeConflict.Cause] {
      if let field = path.fieldName, !wide {
        let found = byField[FieldReference(path.criterion, field)] ?? []
        if !found.isEmpty { return found }
      }
      return byCriterion[path.criterion] ?? []
    }
  }

  /// The most causes that a conflict names for a side.
  static let limit = 20
  private let ours: Side
  private let theirs: Side

  init(ours: [MergeConflict.Cause], theirs: [MergeConflict.Cause]) {
    self.ours = Side(ours)
    self.theirs = Side(theirs)
  }

  /// The criteria whose id a side gave to another meaning.
  var reusedByUs: Set<CriterionID> { ours.reused }
  var reusedByThem: Set<CriterionID> { theirs.reused }

  func of(
    _ conflict: MergeConflict
  ) -> (ours: [MergeConflict.Cause], theirs: [MergeConflict.Cause]) {
    let isWide = [.inconsistent, .idReused].contains(conflict.code)
    func causes(_ side: Side) -> [MergeConflict.Cause] {
      Array(side.causes(conflict.path, wide: isWide).suffix(Self.limit))
    }
    return (causes(ours), causes(theirs))
  }
}

extension SettlementIndex {
  /// The places that nothing needed, in their order.
  fileprivate var unused: [String] { places.filter { !used.contains($0) } }
}
