internal import RubricStore

/// What verdicts that were given under one version of a rubric are worth under another.
struct Carry {
  /// The verdicts that hold under the other version, and what is open.
  struct Result {
    var judgement: Judgement
    /// What the judge must be asked again, in the order of the document.
    var waiting: [CriterionID]
    /// How many verdicts were taken to hold although they must be given again.
    var held: Int
    /// Whether no verdict can be carried over and not all were given again.
    var isNothing: Bool
  }

  let comparability: Comparability
  /// What the judge must be asked again, in the order of the document.
  private let stale: [CriterionID]
  /// The verdicts that say nothing under the other version: stale, or on what it no longer has.
  private let dropped: Set<CriterionID>
  /// The new scales of stale criteria whose scale has the ends that it had.
  private let kept: [CriterionID: Scale]

  init(from source: Rubric, to target: Rubric) {
    let comparability = source.comparability(to: target)
    self.comparability = comparability
    switch comparability {
    case .identical, .cosmetic, .recompute: stale = []
    case .rejudge(let ids): stale = target.judge.mode == .holistic ? target.askedIDs : ids
    case .incomparable: stale = target.askedIDs
    }
    let old = source.leaves
    let new = target.leaves
    dropped = Set(stale).union(old.keys.filter { new[$0] == nil })
    var kept: [CriterionID: Scale] = [:]
    if case .rejudge = comparability {
      for id in stale {
        guard let before = old[id]?.bounds, let scale = new[id], let after = scale.bounds,
          before == after
        else { continue }
        kept[id] = scale
      }
    }
    self.kept = kept
  }

  func carry(
    _ verdicts: [CriterionID: Verdict], rejudged: [CriterionID: Verdict], assumesHeld: Bool
  ) -> Result {
    let isIncomparable = comparability == .incomparable
    var result = Result(
      judgement: Judgement(rollout: "", verdicts: isIncomparable ? [:] : verdicts), waiting: [],
      held: 0, isNothing: false)
    if !isIncomparable { for id in dropped { result.judgement.verdicts[id] = nil } }
    for id in stale {
      if let verdict = rejudged[id] {
        result.judgement.verdicts[id] = verdict
        guard case .error = verdict.answer else { continue }
      }
      result.waiting.append(id)
      guard assumesHeld, let scale = kept[id], let verdict = verdicts[id] else { continue }
      switch verdict.answer {
      case .value(let value) where scale.admits(value): break
      case .notApplicable: break
      case .value, .error: continue
      }
      result.judgement.verdicts[id] = verdict
      result.held += 1
    }
    result.isNothing = isIncomparable && !result.waiting.isEmpty
    return result
  }
}

extension Rubric {
  /// The scales of all criteria that are no groups, or of the one verdict on the whole.
  fileprivate var leaves: [CriterionID: Scale] {
    guard judge.mode != .holistic else {
      let unit = Scale.numeric(NumericRange(min: 0, max: 1), levels: [])
      return Dictionary(askedIDs.map { ($0, unit) }) { first, _ in first }
    }
    var leaves: [CriterionID: Scale] = [:]
    var waiting = criteria
    while let criterion = waiting.popLast() {
      if criterion.isGroup {
        waiting += criterion.criteria
      } else {
        leaves[criterion.id] = criterion.scale
      }
    }
    return leaves
  }
}

extension Scale {
  /// Whether `value` is a verdict of the scale.
  fileprivate func admits(_ value: Double) -> Bool {
    switch self {
    case .binary: value == 0 || value == 1
    case .levels(let levels): levels.contains { $0.value == value }
    case .numeric(let range, _): range.contains(value)
    }
  }
}
