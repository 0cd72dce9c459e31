extension Merging {
  /// Merges a scale: its range as one field, its levels by value.
  mutating func mergedScale(
    _ old: Criterion?, _ left: Criterion, _ right: Criterion
  ) throws(MergeError) -> Scale {
    let place = path(left.id, "scale")
    let (base, ours, theirs) = (old?.scale, left.scale, right.scale)
    if ours == theirs || base == theirs || base == ours || base == nil {
      return try merged(place, base, ours, theirs, isSame: ==)
    }
    guard let base else { return ours }
    if settlements.specific(place) != nil {
      return try merged(place, base, ours, theirs, isSame: ==)
    }
    let (byUs, byThem) = (ours.isRescaled(from: base), theirs.isRescaled(from: base))
    if byUs, byThem { return try merged(place, base, ours, theirs, isSame: ==) }
    if byUs || byThem {
      // Levels that were written for one range mean something else in another.
      let pending = PendingConflict(
        code: .inconsistent, path: place,
        values: MergeValues(base: base.written, ours: ours.written, theirs: theirs.written),
        message: (byUs ? "our side" : "their side")
          + " rescaled `\(left.id)` (\(base.summary) to \((byUs ? ours : theirs).summary)), and "
          + (byUs ? "their side" : "our side") + " changed levels of the old scale",
        rules: [.ours, .theirs, .base], takesValue: true)
      return try scale(pending, base, ours, theirs)
    }
    return try mergedLevels(left.id, base, ours, theirs)
  }

  /// Settles a conflict of whole scales.
  private mutating func scale(
    _ pending: PendingConflict, _ base: Scale, _ ours: Scale, _ theirs: Scale
  ) throws(MergeError) -> Scale {
    try settle(
      pending,
      choose: { rule in
        switch rule {
        case .ours: ours
        case .theirs: theirs
        case .base: base
        default: nil
        }
      }, written: { $0.written }) ?? preference(base, ours, theirs)
  }

  /// A gate that was set on one scale means something else on another.
  mutating func mergedGate(
    _ old: Criterion?, _ left: Criterion, _ right: Criterion
  ) throws(MergeError) -> Gate? {
    let place = path(left.id, "gate")
    let strictest = left.gate.strictest(with: right.gate)
    let (rescaledByUs, rescaledByThem) = (
      old.map { left.scale.isRescaled(from: $0.scale) } ?? false,
      old.map { right.scale.isRescaled(from: $0.scale) } ?? false
    )
    let (gatedByUs, gatedByThem) = (old?.gate != left.gate, old?.gate != right.gate)
    // What takes a gate away holds on every scale.
    if let old, left.scale != right.scale,
      rescaledByUs && gatedByThem && !gatedByUs && right.gate != nil
        || rescaledByThem && gatedByUs && !gatedByThem && left.gate != nil
    {
      let pending = PendingConflict(
        code: .inconsistent, path: place,
        values: MergeValues(
          base: old.gate.written, ours: left.gate.written, theirs: right.gate.written),
        message: (gatedByThem ? "our side" : "their side") + " rescaled `\(left.id)`, and "
          + (gatedByThem ? "their side" : "our side") + " set its gate on the old scale",
        rules: [.ours, .theirs, .base], takesValue: true)
      return try settle(
        pending,
        choose: { rule -> Gate?? in
          switch rule {
          case .ours: .some(left.gate)
          case .theirs: .some(right.gate)
          case .base: .some(old.gate)
          case .value(let json): try? Gate?.settled(json, at: place)
          default: nil
          }
        }, written: { $0.written }) ?? preference(old.gate, left.gate, right.gate)
    }
    return try merged(
      place, old.map(\.gate), left.gate, right.gate, isSame: ==, rules: [.strictest]
    ) { $0 == .strictest ? .some(strictest) : nil }
  }

  private mutating func mergedLevels(
    _ id: CriterionID, _ base: Scale, _ ours: Scale, _ theirs: Scale
  ) throws(MergeError) -> Scale {
    func byValue(_ scale: Scale) -> [Double: Level] {
      Dictionary(scale.levels.map { ($0.value, $0) }, uniquingKeysWith: { first, _ in first })
    }
    let (old, left, right) = (byValue(base), byValue(ours), byValue(theirs))
    var kept: [Double: Level] = [:]
    for value in Set(left.keys).union(right.keys).sorted() {
      let key = "scale.\(CanonicalNumber.text(value))"
      switch (left[value], right[value]) {
      case (let ours?, let theirs?):
        kept[value] = try mergedLevel(path(id, key), old[value], ours, theirs)
      case (let level?, nil), (nil, let level?):
        let isOurs = left[value] != nil
        guard let before = old[value] else {
          kept[value] = level
          continue
        }
        guard before != level else { continue }
        let pending = PendingConflict(
          code: .changedAndRemoved, path: path(id, key),
          values: MergeValues(
            base: before.written, ours: isOurs ? level.written : nil,
            theirs: isOurs ? nil : level.written),
          message: (isOurs ? "our side" : "their side") + " changed level "
            + "\(CanonicalNumber.text(value)) of `\(id)`, and "
            + (isOurs ? "their side" : "our side") + " removed it",
          rules: [.ours, .theirs], takesValue: false)
        let isKept = try settle(
          pending, choose: { ($0 == .ours) == isOurs }, written: { $0 ? level.written : nil })
        if isKept ?? true { kept[value] = preferred == .base && isKept == nil ? before : level }
      case (nil, nil): break
      }
    }
    let values = base.levels.map(\.value)
    let isFalling = values.count > 1 && zip(values, values.dropFirst()).allSatisfy { $0 > $1 }
    let order = OrderMerge(
      base: values, ours: ours.levels.map(\.value), theirs: theirs.levels.map(\.value),
      kept: Set(kept.keys), preferred: preferred, isSorted: true, precedes: isFalling ? (>) : (<))
    var sorted = order.order
    if order.isConflict {
      sorted = try merged(
        path(id, "scale.levels"), Optional(values), ours.levels.map(\.value),
        theirs.levels.map(\.value), isSame: ==)
      if Set(sorted) != Set(kept.keys) || sorted.count != kept.count { sorted = order.order }
    }
    return base.with(levels: sorted.compactMap { kept[$0] })
  }

  private mutating func mergedLevel(
    _ place: MergePath, _ old: Level?, _ ours: Level, _ theirs: Level
  ) throws(MergeError) -> Level {
    if old == nil || settlements.specific(place) != nil {
      return try merged(place, old, ours, theirs, isSame: ==)
    }
    if ours == theirs { return ours }
    func inner(_ key: String) -> MergePath {
      MergePath(place.rubric, place.criterion, "\(place.field ?? "").\(key)")
    }
    var level = ours
    level.label = try text(inner("label"), old?.label, ours.label, theirs.label)
    level.text = try text(inner("text"), old?.text, ours.text, theirs.text)
    level.examples = try list(
      inner("examples"), old?.examples, ours.examples, theirs.examples, rules: [.union])
    return level
  }
}

extension Scale {
  /// Whether the same number means something else than it did: another kind, other ends of a range,
  /// or other levels with other ends.
  ///
  /// Levels that are only added, or only removed, leave the others what they are.
  func isRescaled(from old: Scale) -> Bool {
    switch (old, self) {
    case (.binary, .binary): return false
    case (.numeric(let before, _), .numeric(let after, _)): return before != after
    case (.levels(let before), .levels(let after)):
      let (old, new) = (Set(before.map(\.value)), Set(after.map(\.value)))
      if old.isSubset(of: new) || new.isSubset(of: old) { return false }
      return old.min() != new.min() || old.max() != new.max()
    default: return true
    }
  }
}

extension Gate? {
  /// A gate that lets nothing pass that either of two would stop.
  fileprivate func strictest(with other: Gate?) -> Gate? {
    guard let self else { return other }
    guard let other else { return self }
    let floor = Swift.max(self.min, other.min)
    guard self.effect == .cap, other.effect == .cap else { return Gate(min: floor) }
    let caps = [self.cap, other.cap].compactMap { $0 }
    return Gate(min: floor, effect: .cap, cap: caps.min())
  }
}
