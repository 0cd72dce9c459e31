internal import RubricStore

extension Reviewing {
  /// How much new criteria take of what their siblings count for.
  ///
  /// No verdict tells what a new criterion will do, so that its weight is all there is to bound: side
  /// by side, the weights of what is new may come to that of what it replaces, times the ratio, and
  /// of what stays, times the ratio less one. So what stays keeps its share but for the ratio.
  func checkNewcomers(_ result: Rubric) -> ReviewCheck? {
    guard let bound = policy.trustRegion.weightRatio else { return nil }
    var known: Set<CriterionID> = []
    rubric.criteria.forEach { $0.collectIDs(into: &known) }
    var after: Set<CriterionID> = []
    result.criteria.forEach { $0.collectIDs(into: &after) }
    var worst: (id: CriterionID, ratio: Double)?
    func look(_ siblings: [Criterion], before: [Criterion]?) {
      // What stands in a new group counts through the group.
      if let before {
        let new = siblings.filter { !known.contains($0.id) && $0.status == .active }
        let old = before.filter { $0.status == .active }
        let staying = old.filter { after.contains($0.id) }.reduce(0) { $0 + $1.weight }
        let leaving = old.filter { !after.contains($0.id) }.reduce(0) { $0 + $1.weight }
        let sum = new.reduce(0) { $0 + $1.weight }
        let ratio = (sum + staying) / (staying + leaving)
        if sum > 0, let first = new.max(by: { $0.weight < $1.weight }),
          ratio.isNaN || ratio > worst?.ratio ?? 1
        {
          worst = (first.id, ratio.isNaN ? .infinity : ratio)
        }
      }
      for sibling in siblings where sibling.isGroup {
        look(sibling.criteria, before: rubric.children(of: sibling.id))
      }
    }
    look(result.criteria, before: rubric.criteria)
    guard let worst else { return nil }
    return ReviewCheck(
      "trust_region.new_weights", Self.exceeds(worst.ratio, bound) ? .failed : .passed,
      measured: worst.ratio, bound: bound,
      sentence:
        "with `\(worst.id)` the weights beside it come to \(Self.show(worst.ratio)) times what "
        + "they were, at most \(Self.show(bound)) allowed",
      hint: Self.exceeds(worst.ratio, bound) ? "give what is new less weight" : nil)
  }

  /// Whether a gate that stops some rollouts, or that may be what keeps them off, is opened.
  func checkGates(_ result: Rubric) -> ReviewCheck? {
    guard policy.trustRegion.keepsGates else { return nil }
    var now: [CriterionID: Criterion] = [:]
    for criterion in result.judgedCriteria { now[criterion.id] = criterion }
    for criterion in rubric.judgedCriteria {
      guard let gate = criterion.gate else { continue }
      let kept = now[criterion.id]?.gate
      let isOpened: Bool =
        switch kept {
        case nil: true
        case let kept?:
          kept.min < gate.min || (gate.effect == .veto && kept.effect == .cap)
            || (kept.effect == .cap && gate.effect == .cap && (kept.cap ?? 0) > (gate.cap ?? 0))
        }
      // A scale of another width moves the gate with it.
      guard isOpened,
        kept == nil
          || now[criterion.id]?.scale.bounds.map({ [$0.min, $0.max] })
            == criterion.scale.bounds.map({ [$0.min, $0.max] })
      else { continue }
      let tally = evidence.tallies[criterion.id] ?? VerdictTally()
      let share = tally.values > 0 ? Double(tally.belowGate) / Double(tally.values) : 0
      guard share < Self.firesAlways else { continue }
      return ReviewCheck(
        "trust_region.gates", .failed, measured: share, bound: Self.firesAlways,
        sentence:
          "the gate of `\(criterion.id)` would be \(kept == nil ? "gone" : "opened"); it stops "
          + "\(tally.belowGate) of \(Self.count(tally.values, "rollout")), and may be what keeps the rest",
        hint: "a person may open it; `trust_region.gates: allow` lets meta-updates")
    }
    return ReviewCheck(
      "trust_region.gates", .passed, sentence: "no gate is opened that lets rollouts through")
  }

  /// The share of rollouts that a gate stops from which on it tells nothing apart.
  static let firesAlways = 0.9
}

extension Rubric {
  /// What is in a group; nil for a criterion, and for an id that the rubric does not have.
  fileprivate func children(of id: CriterionID) -> [Criterion]? {
    func find(_ criteria: [Criterion]) -> Criterion? {
      for criterion in criteria {
        if criterion.id == id { return criterion }
        if let found = find(criterion.criteria) { return found }
      }
      return nil
    }
    guard let group = find(criteria), group.isGroup else { return nil }
    return group.criteria
  }
}
