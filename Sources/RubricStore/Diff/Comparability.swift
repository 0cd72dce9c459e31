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
    let judged = other.judgedCriteria
    if judge.showsWholeRubric {
      if judgeView != other.judgeView { return .rejudge(judged.map(\.id)) }
    } else if !preamble.isVerbatim(other.preamble) || !postamble.isVerbatim(other.postamble) {
      return .rejudge(judged.map(\.id))
    } else {
      let before = Dictionary(
        judgedCriteria.map { ($0.id, $0.judgeView) }, uniquingKeysWith: { first, _ in first })
      let changed = judged.filter { before[$0.id] != .some($0.judgeView) }
      if !changed.isEmpty { return .rejudge(changed.map(\.id)) }
    }
    return scoringView == other.scoringView ? .cosmetic : .recompute
  }
}
