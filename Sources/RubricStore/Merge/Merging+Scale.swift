extension Merging {
  /// Merges a scale: its range as one field, its levels by value.
  mutating func mergedScale(
    _ old: Criterion?, _ left: Criterion, _ right: Criterion
  ) throws(MergeError) -> Scale {
    let place = path(left.id, "scale")
    let (base, ours, theirs) = (old?.scale, left.scale, right.scale)
    let isClean = ours == theirs || base == theirs || base == ours
    let hasPlaces = settlements.hasPlaces(in: left.id)
    if isClean, !hasPlaces { return base == ours ? theirs : ours }
    guard let base, settlements.specific(place) == nil else {
      let clash = self.clash(of: base, ours, theirs, left.id, isClean: isClean)
      return try merged(place, base, ours, theirs, isSame: ==, clash: clash)
    }
    let (byUs, byThem) = (ours.isRescaled(from: base), theirs.isRescaled(from: base))
    guard byUs || byThem else { return try mergedLevels(left.id, base, ours, theirs) }
    let clash = self.clash(of: base, ours, theirs, left.id, isClean: isClean)
    return try merged(place, base, ours, theirs, isSame: ==, clash: clash)
  }

  /// Levels that were written for one range mean something else in another.
  private func clash(
    of base: Scale?, _ ours: Scale, _ theirs: Scale, _ id: CriterionID, isClean: Bool
  ) -> Clash? {
    guard let base, !isClean else { return nil }
    let (byUs, byThem) = (ours.isRescaled(from: base), theirs.isRescaled(from: base))
    guard byUs != byThem else { return nil }
    return Clash(
      code: .inconsistent,
      message: (byUs ? "our side" : "their side")
        + " rescaled `\(id)` (\(base.summary) to \((byUs ? ours : theirs).summary)), and "
        + (byUs ? "their side" : "our side") + " changed levels of the old scale")
  }

  /// A gate that was set for one scale or polarity means something else with another.
  mutating func mergedGate(
    _ old: Criterion?, _ left: Criterion, _ right: Criterion
  ) throws(MergeError) -> Gate? {
    let strictest = left.gate.strictest(with: right.gate)
    // Of two gates on two scales neither is the stricter.
    let isOneScale = left.isGated(like: right)
    return try merged(
      path(left.id, "gate"), old.map(\.gate), left.gate, right.gate, isSame: ==,
      clash: old.flatMap { gateClash($0, left, right) }, rules: [.strictest]
    ) { $0 == .strictest && isOneScale ? .some(strictest) : nil }
  }

  private func gateClash(_ old: Criterion, _ left: Criterion, _ right: Criterion) -> Clash? {
    guard !left.isGated(like: right) else { return nil }
    for (gater, other, who, by) in [
      (left, right, "our side", "their side"), (right, left, "their side", "our side"),
    ] {
      // What takes a gate away holds on every scale.
      guard gater.gate != old.gate, other.gate == old.gate, gater.gate != nil,
        !other.isGated(like: old)
      else { continue }
      let what = other.polarity == old.polarity ? "scale" : "polarity"
      return Clash(
        code: .inconsistent,
        message: "\(by) changed the \(what) of `\(old.id)`, and \(who) set its gate for another",
        isForced: true)
    }
    return nil
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
    let sorted = try order(
      path(id, "scale.levels"),
      Orders(
        base: values, ours: ours.levels.map(\.value), theirs: theirs.levels.map(\.value),
        kept: Set(kept.keys), precedes: isFalling ? (>) : (<)),
      message: "both sides put the levels of `\(id)` in another order", involved: [])
    return base.with(levels: sorted.compactMap { kept[$0] })
  }

  /// Merges a level that both sides have.
  ///
  /// - Returns: Nil for one that a base of several has not agreed on.
  private mutating func mergedLevel(
    _ place: MergePath, _ old: Level?, _ ours: Level, _ theirs: Level
  ) throws(MergeError) -> Level? {
    if old == nil, ours != theirs, preferred == .base { return nil }
    if old == nil || settlements.specific(place) != nil {
      let clash = Clash(
        code: .bothAdded,
        message: "both sides added level \(CanonicalNumber.text(ours.value)) of "
          + "`\(place.criterion?.rawValue ?? "")`, and not the same one")
      return try merged(place, old, ours, theirs, isSame: ==, clash: old == nil ? clash : nil)
    }
    if ours == theirs, !settlements.hasPlaces(in: place.criterion) { return ours }
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
  /// Whether the same number means something else than it did: another kind, another range, or
  /// other levels with other ends.
  ///
  /// Levels that are only added, or only removed, leave the others what they are; but where that
  /// gives the scale another end, and the level that was or has become the end reads otherwise, a
  /// longer or shorter scale has been written.
  func isRescaled(from old: Scale) -> Bool {
    switch (old, self) {
    case (.binary, .binary): return false
    case (.numeric(let before, _), .numeric(let after, _)): return before != after
    case (.levels(let before), .levels(let after)):
      let (old, new) = (Set(before.map(\.value)), Set(after.map(\.value)))
      guard let oldMin = old.min(), let newMin = new.min(), let oldMax = old.max(),
        let newMax = new.max(), oldMin != newMin || oldMax != newMax
      else { return false }
      guard old.isSubset(of: new) || new.isSubset(of: old) else { return true }
      func readsOtherwise(_ value: Double) -> Bool {
        guard let old = before.first(where: { $0.value == value }),
          let new = after.first(where: { $0.value == value })
        else { return false }
        return !old.text.isVerbatim(new.text)
      }
      return oldMin != newMin && readsOtherwise(max(oldMin, newMin))
        || oldMax != newMax && readsOtherwise(min(oldMax, newMax))
    default: return true
    }
  }
}

extension Criterion {
  /// Whether a gate means the same on both.
  fileprivate func isGated(like other: Criterion) -> Bool {
    polarity == other.polarity && !scale.isRescaled(from: other.scale)
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
