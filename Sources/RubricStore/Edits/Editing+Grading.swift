extension Editing {
  /// Makes a tightening or a relaxation whose claim has been checked.
  mutating func grade(_ id: CriterionID, _ delta: Delta<Strictness>) throws(EditError) {
    let (before, after) = (delta.before, delta.after)
    var item = try criterion(id)
    if !before.lowerWhen.isVerbatim(after.lowerWhen) {
      try expect(item.lowerWhen, before.lowerWhen, "lower_when", of: id)
      item.lowerWhen = after.lowerWhen
    }
    if before.gate != after.gate {
      try expect(item.gate, before.gate, "gate", of: id)
      item.gate = after.gate
    }
    var levels = item.scale.levels
    for (old, new) in zip(before.levels, after.levels) {
      guard let index = levels.firstIndex(where: { $0.value == old.value }) else {
        throw unknownLevel(old.value, id)
      }
      try expect(
        levels[index].text, old.text, "levels[\(CanonicalNumber.text(old.value))].text", of: id)
      levels[index].text = new.text
    }
    item.scale = item.scale.with(levels: levels)
    table.update(id) { $0 = item }
  }

  mutating func reword(_ id: CriterionID, _ delta: Delta<Wording>) throws(EditError) {
    var item = try criterion(id)
    if !delta.before.text.isVerbatim(delta.after.text) {
      try expect(item.text, delta.before.text, "text", of: id)
      item.text = delta.after.text
    }
    if !delta.before.lowerWhen.isVerbatim(delta.after.lowerWhen) {
      try expect(item.lowerWhen, delta.before.lowerWhen, "lower_when", of: id)
      item.lowerWhen = delta.after.lowerWhen
    }
    table.update(id) { $0 = item }
  }

  mutating func addLevel(_ id: CriterionID, _ placed: PlacedLevel) throws(EditError) {
    let item = try criterion(id)
    guard item.scale != .binary else {
      throw EditError(
        .invalidEdit, field: "scale", message: "`\(id)` is binary and has no levels",
        hint: "`rescale` it to levels first")
    }
    var levels = item.scale.levels
    guard !levels.contains(where: { $0.value == placed.level.value }) else {
      throw EditError(
        .unknownItem, field: "levels",
        message: "the scale has a level \(CanonicalNumber.text(placed.level.value)) already",
        hint: "use `edit_level`")
    }
    var index = 0
    if let follows = placed.follows {
      guard let position = levels.firstIndex(where: { $0.value == follows }) else {
        throw unknownLevel(follows, id)
      }
      index = position + 1
    }
    levels.insert(placed.level, at: index)
    table.update(id) { $0.scale = item.scale.with(levels: levels) }
  }

  mutating func removeLevel(_ id: CriterionID, _ placed: PlacedLevel) throws(EditError) {
    let item = try criterion(id)
    var levels = item.scale.levels
    guard let index = levels.firstIndex(where: { $0.value == placed.level.value }) else {
      throw unknownLevel(placed.level.value, id)
    }
    try expect(
      levels[index], placed.level, "levels[\(CanonicalNumber.text(placed.level.value))]", of: id)
    levels.remove(at: index)
    table.update(id) { $0.scale = item.scale.with(levels: levels) }
  }

  mutating func editLevel(_ id: CriterionID, _ delta: Delta<Level>) throws(EditError) {
    guard delta.before.value == delta.after.value else {
      throw EditError(
        .invalidEdit, field: "levels", message: "an `edit_level` keeps the level's value",
        hint: "`rescale` to change values")
    }
    try updateLevel(delta.before.value, of: id) { (editing, level, field) throws(EditError) in
      try editing.expect(level, delta.before, field, of: id)
      level = delta.after
    }
  }

  mutating func addExample(_ id: CriterionID, _ placed: PlacedExample) throws(EditError) {
    try updateLevel(placed.level, of: id) { (_, level, _) throws(EditError) in
      guard !level.examples.contains(where: { $0.isVerbatim(placed.text) }) else {
        throw EditError(
          .unknownItem, field: "examples", message: "the level has that example already")
      }
      var index = 0
      if let follows = placed.follows {
        guard let position = level.examples.firstIndex(where: { $0.isVerbatim(follows) }) else {
          throw EditError(
            .unknownItem, field: "examples",
            message: "the level has no example \(NodeReader.quote(follows)) to follow")
        }
        index = position + 1
      }
      level.examples.insert(placed.text, at: index)
    }
  }

  mutating func removeExample(_ id: CriterionID, _ placed: PlacedExample) throws(EditError) {
    try updateLevel(placed.level, of: id) { (_, level, _) throws(EditError) in
      guard let index = level.examples.firstIndex(where: { $0.isVerbatim(placed.text) }) else {
        throw EditError(
          .unknownItem, field: "examples",
          message: "the level has no example \(NodeReader.quote(placed.text))")
      }
      level.examples.remove(at: index)
    }
  }

  private mutating func updateLevel(
    _ value: Double, of id: CriterionID,
    _ body: (Editing, inout Level, String) throws(EditError) -> Void
  ) throws(EditError) {
    let item = try criterion(id)
    var levels = item.scale.levels
    guard let index = levels.firstIndex(where: { $0.value == value }) else {
      throw unknownLevel(value, id)
    }
    try body(self, &levels[index], "levels[\(CanonicalNumber.text(value))]")
    table.update(id) { $0.scale = item.scale.with(levels: levels) }
  }

  private func unknownLevel(_ value: Double, _ id: CriterionID) -> EditError {
    let values = table.fields(of: id)?.scale.levels.map { CanonicalNumber.text($0.value) } ?? []
    return EditError(
      .unknownItem, criterion: id, field: "levels",
      message: "the scale has no level \(CanonicalNumber.text(value))",
      hint: values.isEmpty ? nil : "it has \(Suggestion.list(values, conjunction: "and"))")
  }
}

extension Delta<Strictness> {
  /// Throws unless the change only adds reasons to score lower, raises the gate, or replaces the
  /// text of levels; that the new level texts are stricter is the author's claim.
  func checkTightens(_ id: CriterionID) throws(EditError) {
    if let fault = fault {
      throw EditError(
        .invalidEdit, criterion: id, field: fault.rawValue,
        message: "a tightening " + fault.tightening, hint: "use `relax`, `reword` or `set_gate`")
    }
  }

  /// Throws unless the way back is a tightening.
  func checkRelaxes(_ id: CriterionID) throws(EditError) {
    if let fault = inverted.fault {
      throw EditError(
        .invalidEdit, criterion: id, field: fault.rawValue,
        message: "a relaxation " + fault.relaxation, hint: "use `tighten`, `reword` or `set_gate`")
    }
  }

  /// The first part that does more than a tightening may.
  private var fault: GradingFault? {
    guard before.lowerWhen.isSubsequence(of: after.lowerWhen) else { return .reasons }
    if before.gate != after.gate {
      guard let after = after.gate, before.gate.map({ after.isStricter(than: $0) }) ?? true else {
        return .gate
      }
    }
    let values = before.levels.map(\.value)
    guard values == after.levels.map(\.value), Set(values).count == values.count else {
      return .levels
    }
    let isSame =
      before.lowerWhen.isVerbatim(after.lowerWhen) && before.gate == after.gate
      && before.levels == after.levels
    return isSame ? .nothing : nil
  }
}

/// The field of a change of strictness that does not keep to its claim.
private enum GradingFault: String {
  case reasons = "lower_when"
  case gate, levels
  case nothing = ""

  var tightening: String {
    switch self {
    case .reasons: "keeps all reasons to score lower, and adds some"
    case .gate: "sets a gate or raises it, and a veto is stricter than a cap"
    case .levels: "names the same levels before and after, each once"
    case .nothing: "changes something"
    }
  }

  var relaxation: String {
    switch self {
    case .reasons: "takes reasons to score lower away, and adds none"
    case .gate: "clears a gate or lowers it, and a veto is stricter than a cap"
    case .levels, .nothing: tightening
    }
  }
}

extension Gate {
  /// Whether every verdict that this gate passes passes `other`, and failing costs no less.
  func isStricter(than other: Gate) -> Bool {
    guard min >= other.min else { return false }
    switch (other.effect, effect) {
    case (_, .veto): return true
    case (.veto, .cap): return false
    case (.cap, .cap): return (cap ?? 0) <= (other.cap ?? 0)
    }
  }
}

extension [String] {
  /// Whether all items stand in `other`, byte by byte, in the same order.
  func isSubsequence(of other: [String]) -> Bool {
    var rest = other[...]
    for item in self {
      guard let index = rest.firstIndex(where: { $0.isVerbatim(item) }) else { return false }
      rest = rest[(index + 1)...]
    }
    return true
  }
}
