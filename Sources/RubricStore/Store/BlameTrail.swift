/// Fields of one criterion on their way back through history, all on the same path.
struct BlameTrail: Sendable {
  /// What the trail is of.
  struct Key: Hashable, Sendable {
    /// The criterion that was asked for; nil for the rubric.
    var criterion: CriterionID?
    /// The criterion that has the fields here: another one before a `split` or `merge_criteria`.
    var current: CriterionID?
    /// How they came from there to the criterion, the latest first.
    var origins: [Blame.Origin]
  }

  var key: Key
  var fields: FieldSet
}

/// What waits at one commit.
struct BlameTrails: Sendable {
  private(set) var trails: [BlameTrail] = []
  /// Where each trail is in the list; made when a second path comes in.
  private var index: [BlameTrail.Key: Int]?

  init(_ trails: [BlameTrail]) { self.trails = trails }

  /// Adds what comes by another path.
  mutating func join(_ others: [BlameTrail]) {
    guard !trails.isEmpty else {
      trails = others
      return
    }
    var index =
      index ?? Dictionary(uniqueKeysWithValues: zip(trails.map(\.key), 0...))
    for other in others {
      if let position = index[other.key] {
        trails[position].fields.formUnion(other.fields)
      } else {
        index[other.key] = trails.count
        trails.append(other)
      }
    }
    self.index = index
  }
}

/// The edits of one commit by what they touch.
struct BlameEdits {
  let edits: [Edit]
  let isRecorded: Bool
  private var byField: [FieldReference: Int] = [:]
  private var byAddition: [CriterionID: Int] = [:]
  /// The edits that put something in another order, by the group that it is in.
  private var byGroup: [CriterionID?: Int] = [:]

  init(_ edits: [Edit], isRecorded: Bool) {
    self.edits = edits
    self.isRecorded = isRecorded
    for (index, edit) in edits.enumerated() {
      let extent = edit.change.extent
      for field in extent.fields { byField[field] = index }
      for id in extent.added { byAddition[id] = index }
      switch edit.change {
      case .move(_, let delta): byGroup[delta.after.parent] = index
      case .reorder(let group, _): byGroup[group] = index
      default: break
      }
    }
  }

  /// The last edit that touched a field of a criterion, which is in the group `parent`.
  func edit(of id: CriterionID?, _ field: FieldName?, parent: CriterionID?) -> Edit? {
    var found: [Int?] = [id.flatMap { byAddition[$0] }]
    if let field { found.append(byField[FieldReference(id, field)]) }
    if let last = found.compactMap({ $0 }).max() { return edits[last] }
    // One that moved may have been told as its siblings' new order, and the other way round.
    switch field {
    case .place: return byGroup[parent].map { edits[$0] }
    case .criteria: return byGroup[id].map { edits[$0] }
    default: return nil
    }
  }

  /// The criteria that a criterion was made of, and how; none for one that was not.
  func sources(of id: CriterionID) -> (operation: Edit.Operation, ids: [CriterionID])? {
    guard let index = byAddition[id] else { return nil }
    switch edits[index].change {
    case .split(let before, _), .mergeCriteria(let before, _):
      return (edits[index].operation, before.map(\.criterion.id))
    default: return nil
    }
  }
}
