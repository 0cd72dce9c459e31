internal import RubricStore

extension RubricLint {
  /// Words about what the judge is not shown: other versions and rollouts, cases by number, weights,
  /// trusted answers, and, where it sees one criterion alone, the others.
  static func unseenReferences(_ book: LintBook) -> [LintFinding] {
    var found: [LintFinding] = []
    let isAlone = !book.rubric.judge.showsWholeRubric
    // A template may show what the rubric does not.
    let reasons = Reason.always + (book.rubric.judge.template.isEmpty ? Reason.untemplated : [])
    let others = isAlone ? Set(book.pages.map(\.id.rawValue)) : []
    for page in book.pages {
      for text in page.texts where !text.isEmpty {
        // A title may well number its criterion.
        let asked = text.field == "title" ? reasons : reasons + (isAlone ? Reason.alone : [])
        if let finding = reference(in: text, of: page.id, asked) {
          found.append(finding)
        } else if isAlone, let finding = otherID(in: text, of: page, others) {
          found.append(finding)
        }
      }
    }
    for text in book.frame where !text.isEmpty {
      if let finding = reference(in: text, of: nil, reasons) { found.append(finding) }
    }
    return found
  }

  private static func reference(
    in text: LintText, of id: CriterionID?, _ reasons: [Reason]
  ) -> LintFinding? {
    for sentence in text.sentences {
      for reason in reasons {
        for phrase in reason.phrases {
          guard let range = phrase.first(in: text, sentence) else { continue }
          return LintFinding(
            .unseenReference, id, text.field,
            "“\(text.excerpt(range))” refers to \(reason.what), which the judge does not see",
            excerpt: text.excerpt(range), hint: "say what is meant in so many words")
        }
      }
    }
    return nil
  }

  /// Another criterion by its id: in backquotes, or beside the word criterion.
  private static func otherID(
    in text: LintText, of page: LintPage, _ ids: Set<String>
  ) -> LintFinding? {
    func finding(_ id: String) -> LintFinding {
      LintFinding(
        .unseenReference, page.id, text.field,
        "`\(id)` is another criterion, and the judge sees this one alone", excerpt: id,
        hint: "say what is meant in so many words")
    }
    var rest = Substring(text.raw)
    while let start = rest.firstIndex(of: "`") {
      let inner = rest[rest.index(after: start)...]
      guard let end = inner.firstIndex(of: "`") else { break }
      let id = String(inner[..<end])
      if id != page.id.rawValue, ids.contains(id) { return finding(id) }
      rest = inner[inner.index(after: end)...]
    }
    guard text.field != "title" else { return nil }
    let tokens = text.tokens
    for index in tokens.indices where tokens[index].word == "criterion" {
      for beside in [index - 1, index + 1] where tokens.indices.contains(beside) {
        let word = tokens[beside].word
        if tokens[beside].kind == .word, word.count >= 3, word != page.id.rawValue,
          ids.contains(word), !LintWords.stop.contains(word)
        {
          return finding(word)
        }
      }
    }
    return nil
  }
}

/// Phrases for one thing that a judge does not see.
private struct Reason {
  var what: String
  var phrases: [Phrase]

  init(_ what: String, _ patterns: [String]) {
    self.what = what
    phrases = patterns.map(Phrase.init)
  }

  static let always: [Reason] = [
    Reason(
      "a case by its number",
      [
        "case|example|sample|rollout|response|essay|output|submission|candidate|student # <n>",
        "evaluation case <n>", "rollout <n>",
        "[ evaluation|test|grading? case|example|sample|rollout|response|essay <n> ]",
      ]),
    Reason(
      "another version of the rubric",
      [
        "previous|prior|earlier|old|former|original|last rubric|rubrics",
        "previous|prior|earlier|former|last|original version|versions|iteration|iterations|round|revision "
          + "of the|this|our rubric|criterion|criteria|scale",
        "previous|prior|earlier|past|last iteration|iterations|refinement|refinements",
      ]),
    Reason(
      "gradings that were made before",
      [
        "previous|prior|earlier|past underestimation|underestimations|overestimation|overestimations"
          + "|misgrading|misgradings|gradings|verdicts|rewards|judgements|judgments",
        "previous|prior|earlier|past patterns|pattern|tendency|tendencies of only? "
          + "assigning|giving|scoring|awarding|grading",
        "previous|prior|earlier|past mistakes|errors|leniency|harshness in|of|when grading|scoring|judging",
      ]),
    Reason(
      "other rollouts",
      [
        "than|unlike|among the|all|most|any? other|others|remaining|competing "
          + "rollouts|responses|samples|essays|outputs|submissions|candidates|completions|rollout"
          + "|response|essay|submission|candidate|completion",
        "compared|relative|comparison|comparable to|with the|all|most|any? other|remaining|competing "
          + "rollouts|responses|samples|essays|outputs|submissions|candidates|completions",
        "other|remaining rollouts|rollout",
      ]),
    Reason(
      "weights",
      [
        "weight|weights|weighting of|for this|the|each|that|another|every|other|all criterion|criteria",
        "criterion|criteria weight|weights|weighting",
        "<n> % of the|a|your? total|final|overall|whole|entire score|grade|mark|reward|points",
        "points of|from criterion|criteria <n>",
      ]),
  ]

  static let untemplated: [Reason] = [
    Reason(
      "a trusted answer",
      [
        "the|a|given|provided reference answer|solution|response",
        "gold|golden standard? answer|answers|label|labels|score|scores|rating|ratings|verdict",
        "ground truth score|scores|verdict|verdicts|rating|ratings|label for", "the answer key",
      ])
  ]

  static let alone: [Reason] = [
    Reason(
      "another criterion",
      [
        "other|previous|preceding|next|earlier|remaining|first|second|third criterion|criteria",
        "criterion|criteria above|below", "above|below criterion|criteria",
        "of|in|from|under|by|see|per criterion|item # <n>",
        "of|in|from|under|by|see|per criterion <n>",
      ])
  ]
}
