extension Editing {
  /// Makes one change, or throws and leaves a state that is not to be used.
  mutating func apply(_ change: Edit.Change) throws(EditError) {
    switch change {
    case .add(let placed): try table.add(placed.criterion, at: placed.place)
    case .remove(let placed): try remove(placed)
    case .move(let id, let delta): try move(id, delta)
    case .reorder(let parent, let delta): try reorder(parent, delta)
    case .rename(let id?, let delta): try set(\.title, "title", of: id, delta)
    case .rename(nil, let delta): try set(\.title, "title", delta)
    case .reweight(let id, let delta): try set(\.weight, "weight", of: id, delta)
    case .rescale(let id, let delta): try set(\.scale, "scale", of: id, delta)
    case .setGate(let id, let before, let after):
      try set(\.gate, "gate", of: id, Delta(before: before, after: after))
    case .clearGate(let id, let before):
      try set(\.gate, "gate", of: id, Delta(before: before, after: nil))
    case .setPolarity(let id, let delta): try set(\.direction, "polarity", of: id, delta)
    case .setRollup(let id, let delta): try set(\.rollup, "rollup", of: id, delta)
    case .setAggregation(let delta): try set(\.aggregation, "aggregation", delta)
    case .tighten(let id, let delta):
      try delta.checkTightens(id)
      try grade(id, delta)
    case .relax(let id, let delta):
      try delta.checkRelaxes(id)
      try grade(id, delta)
    case .reword(let id, let delta): try reword(id, delta)
    case .addLevel(let id, let placed): try addLevel(id, placed)
    case .removeLevel(let id, let placed): try removeLevel(id, placed)
    case .editLevel(let id, let delta): try editLevel(id, delta)
    case .addExample(let id, let placed): try addExample(id, placed)
    case .removeExample(let id, let placed): try removeExample(id, placed)
    case .split(let before, let after): try replace(before, after, isSplit: true)
    case .mergeCriteria(let before, let after): try replace(before, after, isSplit: false)
    case .activate(let id, let delta):
      guard delta.after == .active else {
        throw EditError(.invalidEdit, field: "status", message: "`activate` makes it `active`")
      }
      try set(\.status, "status", of: id, delta)
    case .deactivate(let id, let delta):
      guard delta.after != .active else {
        throw EditError(
          .invalidEdit, field: "status",
          message: "`deactivate` makes it `inactive` or `diagnostic`")
      }
      try set(\.status, "status", of: id, delta)
    case .pin(let id): try set(\.pinned, "pinned", of: id, Delta(before: false, after: true))
    case .unpin(let id): try set(\.pinned, "pinned", of: id, Delta(before: true, after: false))
    case .retag(let id, let delta): try set(\.tags, "tags", of: id, delta)
    case .setApplicability(let id, let delta):
      try set(\.appliesWhen, "applies_when", of: id, delta)
    case .setOrigin(let id, let delta): try set(\.origin, "origin", of: id, delta)
    case .setExt(let id?, let delta): try set(\.ext, "ext", of: id, delta)
    case .setExt(nil, let delta): try set(\.ext, "ext", delta)
    case .setJudge(let delta): try set(\.judge, "judge", delta)
    case .setPreamble(let delta): try set(\.preamble, "preamble", delta)
    case .setPostamble(let delta): try set(\.postamble, "postamble", delta)
    case .setDescription(let delta): try set(\.description, "description", delta)
    case .setSubject(let delta): try set(\.subject, "subject", delta)
    case .setBudget(let delta): try set(\.budget, "budget", delta)
    case .noChange: break
    }
  }

  /// Sets a field of a criterion.
  mutating func set<Value: NodeCodable>(
    _ path: WritableKeyPath<Criterion, Value>, _ field: String, of id: CriterionID,
    _ delta: Delta<Value>
  ) throws(EditError) {
    try expect(try criterion(id)[keyPath: path], delta.before, field, of: id)
    table.update(id) { $0[keyPath: path] = delta.after }
  }

  /// Sets a field of the rubric.
  private mutating func set<Value: NodeCodable>(
    _ path: WritableKeyPath<Rubric, Value>, _ field: String, _ delta: Delta<Value>
  ) throws(EditError) {
    try expect(rubric[keyPath: path], delta.before, field, of: nil)
    rubric[keyPath: path] = delta.after
  }

  private mutating func remove(_ placed: PlacedCriterion) throws(EditError) {
    let id = placed.criterion.id
    _ = try criterion(id)
    try expect(table.parent(of: id), placed.place.parent, "parent", of: id)
    if let found = table.assembled(id), found != placed.criterion {
      throw EditError(
        .beforeMismatch, criterion: id,
        field: found.firstDifference(from: placed.criterion),
        message: "`\(id)` has changed since the edit was made",
        hint: "make the edit anew on the rubric as it is now")
    }
    table.remove(id)
  }

  private mutating func move(_ id: CriterionID, _ delta: Delta<Place>) throws(EditError) {
    _ = try criterion(id)
    // The sibling before it may have come and gone; what it followed is kept for undoing.
    try expect(table.parent(of: id), delta.before.parent, "parent", of: id)
    if delta.after.follows == id {
      throw EditError(
        .invalidEdit, field: "follows", message: "`\(id)` cannot follow itself")
    }
    try table.move(id, to: delta.after)
  }

  private mutating func reorder(
    _ parent: CriterionID?, _ delta: Delta<[CriterionID]>
  ) throws(EditError) {
    if let parent { _ = try criterion(parent) }
    try expect(table.children(of: parent), delta.before, "criteria", of: parent)
    guard delta.after.sorted() == delta.before.sorted() else {
      throw EditError(
        .invalidEdit, field: "criteria",
        message: "a `reorder` names the same criteria before and after, each once",
        hint: "use `add`, `remove` or `move` for others")
    }
    table.setChildren(of: parent, delta.after)
  }

  private mutating func replace(
    _ before: [PlacedCriterion], _ after: [PlacedCriterion], isSplit: Bool
  ) throws(EditError) {
    let (one, many) = isSplit ? (before, after) : (after, before)
    guard one.count == 1, many.count >= 2 else {
      throw EditError(
        .invalidEdit,
        message: isSplit
          ? "a `split` replaces one criterion by two or more"
          : "a `merge_criteria` replaces two or more criteria by one")
    }
    if let group = (before + after).first(where: \.criterion.isGroup) {
      throw EditError(
        .invalidEdit, criterion: group.criterion.id,
        message: "`\(group.criterion.id)` is a group, and only criteria that are judged are "
          + "split and merged", hint: "move, add and remove the criteria of the group instead")
    }
    // Checked against the places before the first is taken away.
    for placed in before {
      let id = placed.criterion.id
      _ = try criterion(id)
      try expect(table.parent(of: id), placed.place.parent, "parent", of: id)
    }
    for placed in before { try remove(placed) }
    for placed in after { try table.add(placed.criterion, at: placed.place) }
    if let group = after.first(where: { table.hasChildren($0.criterion.id) }) {
      let id = group.criterion.id
      throw EditError(
        .invalidEdit, criterion: id, field: "parent",
        message: "`\(id)` would hold another of the new criteria",
        hint: "place the criteria beside one another, and `move` them afterwards")
    }
  }
}

extension Criterion {
  /// Polarity and credit as one value.
  var direction: Direction {
    get { Direction(polarity: polarity, credit: credit) }
    set {
      polarity = newValue.polarity
      credit = newValue.credit
    }
  }

  /// The key of the first field, in the document's order, that is written differently.
  func firstDifference(from other: Criterion) -> String? {
    Criterion.fields.first { $0.write(self) != $0.write(other) }?.key
  }
}
