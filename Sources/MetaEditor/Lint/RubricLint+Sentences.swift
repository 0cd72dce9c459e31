internal import RubricStore

extension RubricLint {
  /// The fewest words of a sentence that is looked for again in the same text.
  private static let shortest = 4
  /// The fewest words of a sentence that is looked for in other criteria.
  private static let shortestElsewhere = 8

  /// A sentence twice in one text or beside it in the same criterion, in every level, or in some
  /// criteria that the judge sees at once.
  static func duplicatedSentences(_ book: LintBook) -> [LintFinding] {
    var found: [LintFinding] = []
    for page in book.pages { found += duplicates(in: page) }
    for text in book.frame {
      found += repeats(in: [text], of: nil)
    }
    if book.rubric.judge.showsWholeRubric { found += acrossCriteria(book.pages) }
    return found
  }

  private static func duplicates(in page: LintPage) -> [LintFinding] {
    // Reasons beside the text; each level is read for itself, since levels are alike in part.
    var found = repeats(in: [page.text, page.appliesWhen] + page.lowerWhen, of: page.id)
    for level in page.levels { found += repeats(in: [level.text], of: page.id) }
    return found + inEveryLevel(page)
  }

  /// Sentences that stand twice in texts which are read together.
  private static func repeats(in texts: [LintText], of id: CriterionID?) -> [LintFinding] {
    var found: [LintFinding] = []
    var seen: [String: String] = [:]
    for text in texts {
      for sentence in text.sentences where text.wordCount(of: sentence) >= shortest {
        let key = text.key(of: sentence)
        guard let first = seen.updateValue(text.field, forKey: key) else { continue }
        found.append(
          LintFinding(
            .duplicatedSentence, id, text.field,
            "the sentence stands twice"
              + (first == text.field ? " in the text" : ", the first time in `\(first)`"),
            excerpt: text.excerpt(sentence), hint: "keep one of them"))
      }
    }
    return found
  }

  private static func inEveryLevel(_ page: LintPage) -> [LintFinding] {
    let texts = page.levels.map(\.text)
    guard texts.count >= 3, texts.allSatisfy({ !$0.isEmpty }) else { return [] }
    let keys = texts.map { text in Set(text.sentences.map { text.key(of: $0) }) }
    return texts[0].sentences.filter { sentence in
      let key = texts[0].key(of: sentence)
      // A level that says nothing else is told as the same as another.
      return texts[0].wordCount(of: sentence) >= shortest && keys.allSatisfy { $0.contains(key) }
        && texts.contains { $0.sentences.count > 1 }
    }.prefix(1).map { sentence in
      LintFinding(
        .duplicatedSentence, page.id, texts[0].field,
        "the sentence stands in all \(texts.count) levels, so that it tells none apart",
        excerpt: texts[0].excerpt(sentence),
        hint: "what holds at every level belongs in the criterion's text")
    }
  }

  /// A long sentence in some criteria and not in most: what most have is an instruction to the judge.
  private static func acrossCriteria(_ pages: [LintPage]) -> [LintFinding] {
    guard pages.count >= 3 else { return [] }
    struct Place {
      var page: Int
      var text: LintText
      var sentence: Range<Int>
    }
    var places: [String: [Place]] = [:]
    for (index, page) in pages.enumerated() {
      for text in [page.text] + page.levels.map(\.text) + page.lowerWhen {
        for sentence in text.sentences where text.wordCount(of: sentence) >= shortestElsewhere {
          let key = text.key(of: sentence)
          if places[key]?.last?.page != index {
            places[key, default: []].append(Place(page: index, text: text, sentence: sentence))
          }
        }
      }
    }
    var found: [LintFinding] = []
    for (_, list) in places where list.count >= 2 && list.count * 2 <= pages.count {
      guard let first = list.first else { continue }
      for place in list.dropFirst() {
        found.append(
          LintFinding(
            .duplicatedSentence, pages[place.page].id, place.text.field,
            "the sentence stands in `\(pages[first.page].id)` too, and the judge reads both",
            excerpt: place.text.excerpt(place.sentence),
            hint: "ask for a thing in one criterion"))
      }
    }
    return found.sorted { ($0.path, $0.excerpt) < ($1.path, $1.excerpt) }
  }

  /// Reasons to score lower that say nearly the same.
  static func repeatedReasons(_ page: LintPage) -> [LintFinding] {
    var found: [LintFinding] = []
    let reasons = page.lowerWhen.prefix(siblingLimit)
    let bags = reasons.map { WordBag([$0]) }
    for (index, bag) in bags.enumerated() {
      guard let other = bags[..<index].firstIndex(where: { $0.saysLike(bag, share: 0.8) }) else {
        continue
      }
      found.append(
        LintFinding(
          .repeatedReason, page.id, reasons[index].field,
          "the reason says nearly the same as `\(reasons[other].field)`",
          excerpt: reasons[index].excerpt(reasons[index].tokens.indices), hint: "keep one of them"))
    }
    return found
  }
}
