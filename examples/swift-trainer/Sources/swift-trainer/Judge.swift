import RubricStore

/// A judge that looks for words, so that the example needs no model.
///
/// It grades what the rubric asks about, criterion by criterion: one that it does not know is an
/// error, which the rubric's own policy decides about. Where a criterion has reasons to score lower,
/// words that only please are one.
struct Judge {
  var rubric: Rubric

  func verdicts(of text: String) -> [CriterionID: Verdict] {
    rubric.judgedCriteria.reduce(into: [:]) { verdicts, criterion in
      guard let words = Self.signs[criterion.id] else {
        verdicts[criterion.id] = .error("the judge has no sign for it")
        return
      }
      let isMet = words.contains { text.contains($0) }
      let isPadded = !criterion.lowerWhen.isEmpty && text.contains("insightful")
      verdicts[criterion.id] = .value(isMet && !isPadded ? 1 : 0)
    }
  }

  private static let signs: [CriterionID: [String]] = [
    "reason": ["reason is"], "support": ["For example", "Source:"],
    "warmth": ["insightful", "thank you"],
  ]
}
