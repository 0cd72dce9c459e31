internal import RubricStore

extension RubricLint {
  /// Levels that are listed up and down, labels that contradict their values, and a level that denies
  /// what a lower one affirms.
  static func levelsOutOfOrder(_ page: LintPage) -> [LintFinding] {
    guard page.levels.count > 1 else { return [] }
    return listedOutOfOrder(page) + labelsOutOfOrder(page) + deniedByBetter(page)
  }

  private static func listedOutOfOrder(_ page: LintPage) -> [LintFinding] {
    let values = page.levels.map(\.value)
    guard values != values.sorted(), values != values.sorted(by: >) else { return [] }
    let list = values.prefix(12).map(CanonicalNumber.text).joined(separator: ", ")
    return [
      LintFinding(
        .levelsOutOfOrder, page.id, "scale.levels",
        "the levels are listed neither upwards nor downwards: \(list)", excerpt: list,
        hint: "the judge reads them in this order")
    ]
  }

  private static func labelsOutOfOrder(_ page: LintPage) -> [LintFinding] {
    // A high verdict on a negative criterion may well be called poor.
    guard page.criterion.polarity == .positive else { return [] }
    let ranked = page.levels.compactMap { level -> (level: LintPage.LevelTexts, rank: Int)? in
      guard level.label.tokens.count == 1,
        let rank = LintWords.ladder[level.label.tokens[0].word]
      else { return nil }
      return (level, rank)
    }.sorted { $0.level.value < $1.level.value }
    for (lower, higher) in zip(ranked, ranked.dropFirst()) where lower.rank > higher.rank {
      return [
        LintFinding(
          .levelsOutOfOrder, page.id, higher.level.label.field,
          "level \(CanonicalNumber.text(higher.level.value)) is called "
            + "“\(higher.level.label.raw)”, and level \(CanonicalNumber.text(lower.level.value)) "
            + "below it “\(lower.level.label.raw)”",
          excerpt: "\(lower.level.label.raw) < \(higher.level.label.raw)",
          hint: "exchange the labels, or the values")
      ]
    }
    return []
  }

  /// "Addresses counterarguments" at 0 and "does not address any counterarguments" at 1.
  private static func deniedByBetter(_ page: LintPage) -> [LintFinding] {
    guard page.criterion.polarity == .positive else { return [] }
    let levels = page.levels.sorted { $0.value < $1.value }
      .map { (level: $0, claims: Claims($0.text)) }
    var found: [LintFinding] = []
    for (lower, higher) in zip(levels, levels.dropFirst()) {
      guard
        let claim = higher.claims.denied.first(where: { denied in
          !lower.claims.denied.contains { $0.deed == denied.deed }
            && !higher.claims.affirmed.contains { $0.deed == denied.deed }
            && lower.claims.affirmed.contains {
              $0.deed == denied.deed && !$0.objects.isDisjoint(with: denied.objects)
            }
        })
      else { continue }
      let (low, high) = (lower.level.value, higher.level.value)
      found.append(
        LintFinding(
          .levelsOutOfOrder, page.id, higher.level.text.field,
          "level \(CanonicalNumber.text(high)) says “\(claim.words)”, and level "
            + "\(CanonicalNumber.text(low)) below it says that this is done",
          excerpt: claim.words, hint: "exchange the texts, or the values"))
    }
    return found
  }

  /// Two levels with the same text, or the same example.
  static func sameLevels(_ page: LintPage) -> [LintFinding] {
    var found: [LintFinding] = []
    var texts: [String: Double] = [:]
    var examples: [String: Double] = [:]
    func words(_ text: LintText) -> String { text.key(of: text.tokens.indices) }
    for level in page.levels {
      let value = CanonicalNumber.text(level.value)
      let text = words(level.text)
      if !text.isEmpty {
        if let other = texts[text] {
          found.append(
            LintFinding(
              .sameLevels, page.id, level.text.field,
              "level \(value) says the same as level \(CanonicalNumber.text(other))",
              excerpt: level.text.excerpt(level.text.tokens.indices),
              hint: "say what tells them apart, or remove one"))
        } else {
          texts[text] = level.value
        }
      }
      for example in level.examples {
        let key = words(example)
        guard !key.isEmpty else { continue }
        if let other = examples[key], other != level.value {
          found.append(
            LintFinding(
              .sameLevels, page.id, example.field,
              "the example of level \(value) is one of level \(CanonicalNumber.text(other)) too",
              excerpt: example.excerpt(example.tokens.indices),
              hint: "keep it at the level that it earns"))
        } else {
          examples[key] = level.value
        }
      }
    }
    return found
  }
}

/// What a level says that is done, and what it says that is not.
private struct Claims {
  struct Claim {
    /// The verb's plain form.
    var deed: String
    /// What it is done to: stems of the words after it.
    var objects: Set<String>
    var words: String
  }

  var affirmed: [Claim] = []
  var denied: [Claim] = []

  init(_ text: LintText) {
    for sentence in text.sentences {
      for index in sentence {
        guard let deed = LintWords.deeds[text.tokens[index].word] else { continue }
        let clause = Self.clause(text, from: index + 1, to: sentence.upperBound)
        let words = text.tokens[clause].map(\.word)
        // "Does not contain errors" is praise.
        guard !words.contains(where: LintWords.faults.contains) else { continue }
        let objects = Set(words.filter(LintWords.isContent).map(LintWords.stem))
        guard !objects.isEmpty else { continue }
        let before = max(sentence.lowerBound, index - 4)..<index
        let lead = text.tokens[before].map(\.word)
        let claim = { (start: Int) in
          Claim(deed: deed, objects: objects, words: text.excerpt(start..<clause.upperBound))
        }
        if let start = Self.denial(lead) {
          // "Does not address all of them" leaves some.
          let between = lead[start...].contains(where: LintWords.whole.contains)
          if !between, !words.contains(where: LintWords.whole.contains) {
            denied.append(claim(before.lowerBound + start))
          }
        } else if !lead.contains(where: Self.attempts.contains) {
          affirmed.append(claim(index))
        }
      }
    }
  }

  private static let attempts: Set<String> = [
    "attempt", "attempts", "attempted", "try", "tries", "tried", "hardly", "barely", "scarcely",
    "rarely", "seldom", "if", "should", "must", "could", "lacks", "lack", "lacking", "instead",
    "without", "unable", "never", "neither", "nor",
  ]

  /// Where a denial begins in the words before a verb: "does not", "fails to".
  private static func denial(_ lead: [String]) -> Int? {
    for start in lead.indices {
      let rest = lead[start...]
      switch lead[start] {
      case "does", "do", "did":
        if rest.dropFirst().first == "not" { return start }
      case "fails", "fail", "failed", "failing":
        if rest.dropFirst().first == "to" { return start }
      default: break
      }
    }
    return nil
  }

  /// The words of a verb's own clause, ten at most.
  private static func clause(_ text: LintText, from start: Int, to end: Int) -> Range<Int> {
    var index = start
    while index < end, index - start < 10 {
      let token = text.tokens[index]
      if token.kind == .mark, [",", ";", ":", "(", "."].contains(token.text) { break }
      if ["but", "and", "yet", "although", "though", "however", "while"].contains(token.word) {
        break
      }
      index += 1
    }
    return start..<index
  }
}
