/// One version of a rubric, taken apart to be compared field by field.
struct BlameVersion: Sendable {
  let rubric: Rubric
  let table: CriterionTable

  init(_ rubric: Rubric) throws(StoreError) {
    self.rubric = rubric
    do throws(EditError) {
      table = try CriterionTable(rubric.criteria)
    } catch {
      throw StoreError(error)
    }
  }

  /// Whether it has a criterion; always for the rubric itself, nil.
  func has(_ id: CriterionID?) -> Bool { id.map { table.entries[$0] != nil } ?? true }
}

/// What going from one version to the next does to the order of siblings that both have.
///
/// - SeeAlso: SPEC.md §7.6.
struct OrderChange {
  /// The criteria that alone stand elsewhere among their siblings.
  private(set) var moved: Set<CriterionID> = []
  /// The groups, nil for the top level, in which more than one stands elsewhere.
  private(set) var reordered: Set<CriterionID?> = []

  init(from old: CriterionTable, to new: CriterionTable) {
    compare(nil, old.top, new.top)
    for id in new.entries.keys where old.entries[id] != nil {
      let children = new.children(of: id)
      if !children.isEmpty { compare(id, old.children(of: id), children) }
    }
  }

  private mutating func compare(
    _ group: CriterionID?, _ old: [CriterionID], _ new: [CriterionID]
  ) {
    guard old != new else { return }
    let rank = Dictionary(uniqueKeysWithValues: zip(new, 0...))
    let ranks = old.compactMap { rank[$0] }
    guard zip(ranks, ranks.dropFirst()).contains(where: { $0 > $1 }) else { return }
    if let one = Difference.onlyOneOutOfOrder(ranks) {
      moved.insert(new[one])
    } else {
      reordered.insert(group)
    }
  }
}

/// A version beside one of its parents'.
struct BlameComparison {
  let new: BlameVersion
  let old: BlameVersion
  private let order: OrderChange

  init(new: BlameVersion, old: BlameVersion) {
    self.new = new
    self.old = old
    order = OrderChange(from: old.table, to: new.table)
  }

  /// The fields of a criterion, or of the rubric (nil), that are the same in both.
  func same(_ fields: FieldSet, of id: CriterionID?) -> FieldSet {
    guard let id else {
      var differing = new.rubric.differences(from: old.rubric)
      if order.reordered.contains(nil) { differing.insert(.order) }
      return fields.subtracting(differing)
    }
    guard let after = new.table.entries[id], let before = old.table.entries[id] else { return [] }
    var differing = after.fields.differences(from: before.fields)
    if after.parent != before.parent || order.moved.contains(id) { differing.insert(.place) }
    if order.reordered.contains(id) { differing.insert(.order) }
    return fields.subtracting(differing)
  }

  /// The fields of a new criterion that are as they were in another one.
  func same(_ fields: FieldSet, of id: CriterionID, from source: CriterionID) -> FieldSet {
    guard let after = new.table.entries[id], let before = old.table.entries[source] else {
      return []
    }
    return fields.subtracting(.structure).subtracting(
      after.fields.differences(from: before.fields))
  }
}

/// The versions that were read last, so that each file is read once where the history is a line.
struct BlameVersions {
  /// How many are kept: enough for a commit, its parents and a file that goes back and forth.
  private static let capacity = 8
  private var kept: [(blob: ObjectID, version: BlameVersion?)] = []
  /// How many files were read.
  private(set) var reads = 0

  init(_ blob: ObjectID, _ version: BlameVersion) { kept = [(blob, version)] }

  /// Returns the version that a file holds; nil where it is not valid.
  mutating func version(
    _ blob: ObjectID, of rubric: RubricID, at commit: ObjectID,
    in repository: borrowing GitRepository, _ problem: (String) -> Void
  ) throws(StoreError) -> BlameVersion? {
    if let index = kept.firstIndex(where: { $0.blob == blob }) {
      let entry = kept.remove(at: index)
      kept.append(entry)
      if entry.version == nil { problem("the rubric `\(rubric)` is not valid") }
      return entry.version
    }
    reads += 1
    var version: BlameVersion?
    do throws(StoreError) {
      version = try BlameVersion(
        try repository.source(blob, of: rubric, at: commit).source.rubric)
    } catch {
      guard error.code == .invalidDocument || error.code == .tooLarge else { throw error }
      problem(error.description)
    }
    if kept.count == Self.capacity { kept.removeFirst() }
    kept.append((blob, version))
    return version
  }
}
