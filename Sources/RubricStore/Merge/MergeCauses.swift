/// The edits of both sides by what they touch.
struct MergeCauses {
  /// The most causes that a conflict names for a side.
  static let limit = 20
  let ours: Side
  let theirs: Side

  init(ours: [MergeConflict.Cause], theirs: [MergeConflict.Cause]) {
    self.ours = Side(ours)
    self.theirs = Side(theirs)
  }

  /// The edits of one side, oldest first.
  struct Side {
    /// The criteria whose id was given to another meaning.
    private(set) var reused: Set<CriterionID> = []
    /// The criteria that were moved.
    private(set) var moved: Set<CriterionID> = []
    /// The edits that split a criterion, or merged it with others.
    private(set) var replacements: [CriterionID: Edit] = [:]
    private let history: [MergeConflict.Cause]
    private var byField: [FieldReference: [Int]] = [:]
    private var byCriterion: [CriterionID?: [Int]] = [:]
    private var byPresence: [CriterionID: [Int]] = [:]

    init(_ history: [MergeConflict.Cause]) {
      self.history = history
      var removed: [CriterionID: Criterion] = [:]
      for (index, cause) in history.enumerated() {
        let extent = cause.edit.change.extent
        if case .move(let id, _) = cause.edit.change { moved.insert(id) }
        for field in extent.fields {
          byField[field, default: []].append(index)
          byCriterion[field.criterion, default: []].append(index)
        }
        for id in Set(extent.added).union(extent.removed) {
          byCriterion[id, default: []].append(index)
          byPresence[id, default: []].append(index)
        }
        // A split or a merge that keeps an id keeps what it means.
        for new in cause.edit.change.comes {
          guard let old = removed.removeValue(forKey: new.id), !old.hasMeaning(of: new) else {
            continue
          }
          reused.insert(new.id)
        }
        let added = Set(extent.added)
        for old in cause.edit.change.goes {
          if !added.contains(old.id) { removed[old.id] = old }
          switch cause.edit.change {
          case .split, .mergeCriteria: replacements[old.id] = cause.edit
          default: break
          }
        }
      }
    }

    func causes(of conflict: MergeConflict, involved: [CriterionID]) -> [MergeConflict.Cause] {
      let (path, field) = (conflict.path, conflict.path.fieldName)
      var found: Set<Int> = []
      switch conflict.code {
      case .inconsistent, .idReused:
        found.formUnion(byCriterion[path.criterion] ?? [])
        for id in involved { found.formUnion(byCriterion[id] ?? []) }
        // What is not to be found here has to do with the rest.
        if found.isEmpty { found.formUnion(byCriterion[nil] ?? []) }
        if found.isEmpty { found.formUnion(history.indices) }
      default:
        if let field { found.formUnion(byField[FieldReference(path.criterion, field)] ?? []) }
        for id in involved {
          found.formUnion(byField[FieldReference(id, .place)] ?? [])
          found.formUnion(byPresence[id] ?? [])
        }
        if found.isEmpty || field == nil { found.formUnion(byCriterion[path.criterion] ?? []) }
      }
      return found.sorted().suffix(MergeCauses.limit).map { history[$0] }
    }
  }
}

extension Edit.Change {
  /// The criteria that it adds, with all that is in them.
  fileprivate var comes: [Criterion] {
    switch self {
    case .add(let placed): placed.criterion.withContents
    case .split(_, let after), .mergeCriteria(_, let after):
      after.flatMap { $0.criterion.withContents }
    default: []
    }
  }

  /// The criteria that it takes away, with all that is in them.
  fileprivate var goes: [Criterion] {
    switch self {
    case .remove(let placed): placed.criterion.withContents
    case .split(let before, _), .mergeCriteria(let before, _):
      before.flatMap { $0.criterion.withContents }
    default: []
    }
  }
}

extension Criterion {
  /// Itself and all that is in it.
  fileprivate var withContents: [Criterion] { [self] + criteria.flatMap(\.withContents) }

  /// Whether both ask the same: what was removed and has come back.
  func hasMeaning(of other: Criterion) -> Bool {
    title.isVerbatim(other.title) && text.isVerbatim(other.text)
  }
}
