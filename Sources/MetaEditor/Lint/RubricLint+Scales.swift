internal import RubricStore

extension RubricLint {
  /// Numbers in a title, a text or a level that are not those of the scale.
  static func scaleMismatches(_ page: LintPage) -> [LintFinding] {
    guard let bounds = page.criterion.scale.bounds else { return [] }
    var found: [LintFinding] = []
    let weight = page.criterion.weight
    let tops = [bounds.max, weight * bounds.max, weight, bounds.max - bounds.min]
    let actual = "\(CanonicalNumber.text(bounds.min)) to \(CanonicalNumber.text(bounds.max))"
    func isActual(_ mention: Mention) -> Bool {
      guard let low = mention.low else { return tops.contains(mention.high) }
      return low == bounds.min && mention.high == bounds.max
    }
    for (text, mentions) in [
      (page.title, Mention.inTitle(page.title)), (page.text, Mention.inText(page.text)),
    ] {
      // Where one of several is right, the others are about something else.
      guard let wrong = mentions.first(where: { !isActual($0) }),
        !mentions.contains(where: isActual)
      else { continue }
      found.append(
        LintFinding(
          .scaleMismatch, page.id, text.field,
          "“\(wrong.words)” is not the scale, which goes from \(actual)", excerpt: wrong.words,
          hint: "change the words, or the scale"))
    }
    for level in page.levels {
      for text in [level.label, level.text] {
        guard let mention = Mention.atStart(text), mention.high != level.value else { continue }
        found.append(
          LintFinding(
            .scaleMismatch, page.id, text.field,
            "“\(mention.words)” stands at level \(CanonicalNumber.text(level.value))",
            excerpt: mention.words, hint: "change the words, or the value"))
        break
      }
    }
    return found
  }

  /// A total in the words around the criteria that nothing adds up to.
  static func wrongTotals(_ book: LintBook) -> [LintFinding] {
    let counted = book.pages.filter {
      $0.criterion.status == .active && $0.criterion.polarity == .positive
    }
    let tops = counted.compactMap { $0.criterion.scale.bounds?.max }
    guard !tops.isEmpty, tops.count == counted.count else { return [] }
    let weights = counted.map(\.criterion.weight)
    let points = zip(tops, weights).reduce(0) { $0 + $1.0 * $1.1 }
    var right: Set<Double> = Set(tops + [tops.reduce(0, +), points, weights.reduce(0, +)])
    right.insert(Double(counted.count))
    if let clip = book.rubric.aggregation.clip { right.insert(clip.upper) }
    var found: [LintFinding] = []
    for text in book.frame {
      for mention in Mention.totals(text) where !right.contains(mention.high) {
        let sum = CanonicalNumber.text(tops.reduce(0, +))
        found.append(
          LintFinding(
            .wrongTotal, nil, text.field,
            "“\(mention.words)” is no total of the criteria, whose scales add up to \(sum)"
              + (points == tops.reduce(0, +)
                ? "" : " and with their weights to \(CanonicalNumber.text(points))"),
            excerpt: mention.words, hint: "leave totals out of the words; the engine keeps the sums"
          ))
      }
    }
    return found
  }
}

/// A scale that words name: its ends, or its highest value alone.
private struct Mention {
  var low: Double?
  var high: Double
  var words: String

  private static let units: Set<String> = ["points", "point", "pts", "pt", "marks", "mark"]

  /// "(10 points)", "(0-5)", "out of 10".
  static func inTitle(_ text: LintText) -> [Mention] {
    let tokens = text.tokens
    var found: [Mention] = []
    for index in tokens.indices {
      guard let number = tokens[index].number else { continue }
      let next = index + 1 < tokens.count ? tokens[index + 1].word : ""
      let before = index > 0 ? tokens[index - 1].word : ""
      let isOpen = before == "(" || before == "["
      if ["-", "to"].contains(next), index + 2 < tokens.count, let high = tokens[index + 2].number,
        number < high
      {
        let after = index + 3 < tokens.count ? tokens[index + 3].word : ""
        // A year stands in brackets too.
        if (isOpen && high <= 100 && [")", "]"].contains(after)) || units.contains(after)
          || after == "scale"
        {
          found.append(Mention(low: number, high: high, words: text.excerpt(index..<index + 3)))
        }
      } else if units.contains(next), !["-", "to"].contains(before) {
        found.append(Mention(low: nil, high: number, words: text.excerpt(index..<index + 2)))
      } else if before == "of", index > 1, tokens[index - 2].word == "out" {
        found.append(Mention(low: nil, high: number, words: text.excerpt(index - 2..<index + 1)))
      }
    }
    return found
  }

  private static let about: Set<String> = [
    "score", "scores", "scale", "rating", "rate", "grade", "integer", "number",
  ]
  private static let adjusting: Set<String> = [
    "deduct", "subtract", "add", "bonus", "penalty", "minus", "award", "lower", "reduce", "example",
    "sub", "subscore", "each", "words", "sentences", "paragraphs", "percent", "years",
  ]

  /// "a score from 0 to 5", "on a 1-10 scale": sentences that say what the verdict may be.
  static func inText(_ text: LintText) -> [Mention] {
    var found: [Mention] = []
    for sentence in text.sentences {
      let words = Set(text.tokens[sentence].map(\.word))
      guard !words.isDisjoint(with: about), words.isDisjoint(with: adjusting) else { continue }
      // Quotes and emphasis stand around numbers; a remark in brackets may follow one.
      let indices = sentence.filter {
        text.tokens[$0].kind != .mark || text.tokens[$0].text == "-" || text.tokens[$0].text == "("
          || text.tokens[$0].text == ")"
      }
      var at = 0
      while at < indices.count {
        defer { at += 1 }
        guard let low = text.tokens[indices[at]].number else { continue }
        let lead = at > 0 ? text.tokens[indices[at - 1]].word : ""
        guard let end = skipRemark(text, indices, at + 1), end + 1 < indices.count,
          ["to", "-", "and"].contains(text.tokens[indices[end]].word),
          let high = text.tokens[indices[end + 1]].number, low < high
        else { continue }
        let joint = text.tokens[indices[end]].word
        let tail = end + 2 < indices.count ? text.tokens[indices[end + 2]].word : ""
        guard
          (lead == "from" && joint != "and") || (lead == "between" && joint == "and")
            || (["of", "scale", "score"].contains(lead) && joint != "and"
              && words.contains("scale"))
            || (joint == "-" && ["scale", "range"].contains(tail))
        else { continue }
        found.append(
          Mention(low: low, high: high, words: text.excerpt(indices[at]..<indices[end + 1] + 1)))
      }
    }
    return found
  }

  /// The position after "(worst quality)", or the same where there is no remark.
  private static func skipRemark(_ text: LintText, _ indices: [Int], _ start: Int) -> Int? {
    guard start < indices.count else { return nil }
    guard text.tokens[indices[start]].text == "(" else { return start }
    for at in start..<min(start + 8, indices.count) where text.tokens[indices[at]].text == ")" {
      return at + 1
    }
    return nil
  }

  /// "Score 3: …" at the beginning of a level.
  static func atStart(_ text: LintText) -> Mention? {
    let tokens = text.tokens
    guard let first = tokens.first, ["score", "level", "grade"].contains(first.word) else {
      return nil
    }
    let index = tokens.count > 1 && tokens[1].word == "point" ? 2 : 1
    guard index < tokens.count, let value = tokens[index].number else { return nil }
    let next = index + 1 < tokens.count ? tokens[index + 1].word : ":"
    // "Scores 1-2" and "Level 3 of a game" are something else.
    guard [":", ".", "-", ")", "is"].contains(next),
      !(next == "-" && index + 2 < tokens.count && tokens[index + 2].kind == .number)
    else { return nil }
    return Mention(low: nil, high: value, words: text.excerpt(0..<index + 1))
  }

  /// "out of 100 points in total", "the scores add up to 100".
  static func totals(_ text: LintText) -> [Mention] {
    var found: [Mention] = []
    for sentence in text.sentences {
      let words = Set(text.tokens[sentence].map(\.word))
      let isTotal = !words.isDisjoint(with: ["total", "overall", "totals", "sum", "maximum"])
      for phrase in isTotal ? totalPhrases + sumPhrases : sumPhrases {
        guard let range = phrase.first(in: text, sentence),
          let number = text.tokens[range].lazy.compactMap(\.number).first
        else { continue }
        found.append(Mention(low: nil, high: number, words: text.excerpt(range)))
        break
      }
    }
    return found
  }

  private static let totalPhrases = [
    "out of <n>", "total|maximum|overall score|points|total|mark|grade? of|is|: <n>",
    "maximum|total of? <n> points|marks|pts", "<n> points|marks|pts in? total",
  ].map(Phrase.init)
  private static let sumPhrases = [
    "add|adds|adding|sum|sums|summing up? to <n>",
    "total|totals|totaling|totalling <n> points|marks|pts",
  ].map(Phrase.init)
}
