/// What the difference of two versions of a rubric means for scores made under them.
///
/// - SeeAlso: SPEC.md §5.4.
public enum Comparability: Hashable, Sendable {
  /// The same document.
  case identical
  /// Scores are the same: nothing that the judge sees or that makes the reward has changed.
  case cosmetic
  /// The same verdicts may earn another reward: score again, without asking the judge.
  case recompute
  /// The judge must be asked again about these criteria, in the order of the new document.
  case rejudge([CriterionID])
  /// The judge is asked in another way, or about something else: nothing can be carried over.
  case incomparable

  /// The word for it: `rejudge`.
  public var word: String {
    switch self {
    case .identical: "identical"
    case .cosmetic: "cosmetic"
    case .recompute: "recompute"
    case .rejudge: "rejudge"
    case .incomparable: "incomparable"
    }
  }

  /// The criteria that the judge must be asked about again; none where it need not be, or where
  /// nothing can be carried over.
  public var rejudged: [CriterionID] {
    if case .rejudge(let ids) = self { ids } else { [] }
  }

  /// What it means, in a sentence.
  public var sentence: String {
    switch self {
    case .identical: return "The two versions are identical."
    case .cosmetic:
      return "Scores before and after are comparable: nothing that the judge sees or that makes "
        + "the reward has changed."
    case .recompute:
      return "Scores before and after are not comparable as they stand: the same verdicts may earn "
        + "another reward. Score them again; the judge need not be asked."
    case .rejudge(let ids):
      let names =
        ids.count <= 6
        ? Suggestion.list(ids.map(\.rawValue), conjunction: "and")
        : ids.prefix(5).map { "`\($0)`" }.joined(separator: ", ") + " and \(ids.count - 5) more"
      return "Scores before and after are not comparable: the judge must be asked again about "
        + names + "."
    case .incomparable:
      return "Scores before and after are not comparable: the judge is asked in another way, so "
        + "that no verdict can be carried over."
    }
  }
}

extension Rubric {
  /// What going from this version to `other` means for scores.
  ///
  /// Wording is never taken for the same: a model reads it.
  ///
  /// - Complexity: O(*n*) in the size of both.
  public func comparability(to other: Rubric) -> Comparability {
    if self == other { return .identical }
    guard id == other.id, judge == other.judge, subject == other.subject else {
      return .incomparable
    }
    if judge.showsWholeRubric {
      guard isJudgedLike(other) else { return .rejudge(other.judgedCriteria.map(\.id)) }
    } else if !preamble.isVerbatim(other.preamble) || !postamble.isVerbatim(other.postamble) {
      return .rejudge(other.judgedCriteria.map(\.id))
    } else {
      var rejudging = Rejudging(from: criteria)
      rejudging.compare(criteria, other.criteria)
      if !rejudging.changed.isEmpty { return .rejudge(rejudging.changed) }
    }
    return isScoredLike(other) ? .cosmetic : .recompute
  }
}

/// The work of finding the criteria that must be judged again where each is judged alone.
private struct Rejudging {
  /// The criteria that must be, in the new order.
  private(set) var changed: [CriterionID] = []
  private let old: [Criterion]
  /// The old criteria that were judged, once one is looked for that does not stand where it stood.
  private var judged: [CriterionID: Criterion]?

  init(from old: [Criterion]) { self.old = old }

  /// Compares siblings, paired as they stand where that is right; `before` holds none that lie in an
  /// inactive group.
  mutating func compare(_ before: [Criterion], _ after: [Criterion]) {
    var next = 0
    for position in after.indices {
      let id = after[position].id
      if next + 1 < before.count, before[next].id != id, before[next + 1].id == id { next += 1 }
      let isPaired = next < before.count && before[next].id == id
      defer { if isPaired { next += 1 } }
      guard after[position].status != .inactive else { continue }
      if after[position].isGroup {
        let isOpen = isPaired && before[next].status != .inactive
        compare(isOpen ? before[next].criteria : [], after[position].criteria)
      } else if isPaired {
        let wasJudged = before[next].status != .inactive && !before[next].isGroup
        if !wasJudged || !before[next].isJudgedLike(after[position]) { changed.append(id) }
      } else if !(found(id)?.isJudgedLike(after[position]) ?? false) {
        changed.append(id)
      }
    }
  }

  private mutating func found(_ id: CriterionID) -> Criterion? {
    if let judged { return judged[id] }
    let judged = Dictionary(
      Rubric(id: "", criteria: old).judgedCriteria.map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first })
    self.judged = judged
    return judged[id]
  }
}
