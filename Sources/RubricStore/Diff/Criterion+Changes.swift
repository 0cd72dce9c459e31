extension Criterion {
  /// The changes of a criterion's own fields, in the order of the document.
  func changes(to other: Criterion) -> [Edit.Change] {
    var changes: [Edit.Change] = []
    if !title.isVerbatim(other.title) {
      changes.append(.rename(id, Delta(before: title, after: other.title)))
    }
    changes += wordingChanges(to: other)
    if weight != other.weight {
      changes.append(.reweight(id, Delta(before: weight, after: other.weight)))
    }
    if direction != other.direction {
      changes.append(.setPolarity(id, Delta(before: direction, after: other.direction)))
    }
    if scale != other.scale { changes += scaleChanges(to: other) }
    if gate != other.gate {
      if let after = other.gate {
        changes.append(.setGate(id, before: gate, after: after))
      } else if let before = gate {
        changes.append(.clearGate(id, before: before))
      }
    }
    if status != other.status {
      let delta = Delta(before: status, after: other.status)
      changes.append(other.status == .active ? .activate(id, delta) : .deactivate(id, delta))
    }
    if pinned != other.pinned { changes.append(other.pinned ? .pin(id) : .unpin(id)) }
    if origin != other.origin {
      changes.append(.setOrigin(id, Delta(before: origin, after: other.origin)))
    }
    if !appliesWhen.isVerbatim(other.appliesWhen) {
      changes.append(.setApplicability(id, Delta(before: appliesWhen, after: other.appliesWhen)))
    }
    if !tags.isVerbatim(other.tags) {
      changes.append(.retag(id, Delta(before: tags, after: other.tags)))
    }
    if rollup != other.rollup {
      changes.append(.setRollup(id, Delta(before: rollup, after: other.rollup)))
    }
    if ext != other.ext { changes.append(.setExt(id, Delta(before: ext, after: other.ext))) }
    return changes
  }

  private func wordingChanges(to other: Criterion) -> [Edit.Change] {
    let isTextSame = text.isVerbatim(other.text)
    if lowerWhen.isVerbatim(other.lowerWhen) {
      guard !isTextSame else { return [] }
      return [
        .reword(
          id, Delta(before: Wording(text: text), after: Wording(text: other.text)))
      ]
    }
    let reasons = Delta(
      before: Strictness(lowerWhen: lowerWhen), after: Strictness(lowerWhen: other.lowerWhen))
    let isAdded = lowerWhen.isSubsequence(of: other.lowerWhen)
    let isTakenAway = other.lowerWhen.isSubsequence(of: lowerWhen)
    guard isAdded || isTakenAway else {
      // Alike texts are left out, since an edit carries what it touches.
      return [
        .reword(
          id,
          Delta(
            before: Wording(text: isTextSame ? "" : text, lowerWhen: lowerWhen),
            after: Wording(text: isTextSame ? "" : other.text, lowerWhen: other.lowerWhen)))
      ]
    }
    var changes: [Edit.Change] = []
    if !isTextSame {
      changes.append(
        .reword(id, Delta(before: Wording(text: text), after: Wording(text: other.text))))
    }
    changes.append(isAdded ? .tighten(id, reasons) : .relax(id, reasons))
    return changes
  }

  /// Level by level where values were only added or only taken away; otherwise one `rescale`.
  private func scaleChanges(to other: Criterion) -> [Edit.Change] {
    let rescale = Edit.Change.rescale(id, Delta(before: scale, after: other.scale))
    switch (scale, other.scale) {
    case (.levels, .levels): break
    case (.numeric(let left, _), .numeric(let right, _)):
      guard left == right else { return [rescale] }
    default: return [rescale]
    }
    let (old, new) = (scale.levels, other.scale.levels)
    let (oldValues, newValues) = (old.map(\.value), new.map(\.value))
    let oldSet = Set(oldValues)
    let newSet = Set(newValues)
    guard
      oldValues == newValues.filter(oldSet.contains)
        || newValues == oldValues.filter(newSet.contains),
      oldSet.isSubset(of: newSet) || newSet.isSubset(of: oldSet)
    else { return [rescale] }
    var changes: [Edit.Change] = []
    // Last first: what each one follows is then still there, and there again when it is put back.
    for (index, level) in old.enumerated().reversed() where !newSet.contains(level.value) {
      let follows = index == 0 ? nil : old[index - 1].value
      changes.append(.removeLevel(id, PlacedLevel(level, follows: follows)))
    }
    for (index, level) in new.enumerated() where !oldSet.contains(level.value) {
      let follows = index == 0 ? nil : new[index - 1].value
      changes.append(.addLevel(id, PlacedLevel(level, follows: follows)))
    }
    for before in old {
      guard let after = new.first(where: { $0.value == before.value }), before != after else {
        continue
      }
      changes += levelChanges(before, after)
    }
    return changes
  }

  private func levelChanges(_ before: Level, _ after: Level) -> [Edit.Change] {
    let whole = [Edit.Change.editLevel(id, Delta(before: before, after: after))]
    guard before.label.isVerbatim(after.label), before.text.isVerbatim(after.text) else {
      return whole
    }
    let isAdded = before.examples.isSubsequence(of: after.examples)
    guard isAdded || after.examples.isSubsequence(of: before.examples) else { return whole }
    let (fewer, more) =
      isAdded ? (before.examples, after.examples) : (after.examples, before.examples)
    var placed: [PlacedExample] = []
    for (index, text) in more.enumerated() where !fewer.contains(where: { $0.isVerbatim(text) }) {
      placed.append(
        PlacedExample(
          level: before.value, text: text, follows: index == 0 ? nil : more[index - 1]))
    }
    return isAdded
      ? placed.map { .addExample(id, $0) } : placed.reversed().map { .removeExample(id, $0) }
  }
}
