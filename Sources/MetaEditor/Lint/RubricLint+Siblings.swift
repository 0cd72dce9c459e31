internal import RubricStore

extension RubricLint {
  /// Criteria side by side with the same title, or with nearly the same words.
  static func nearDuplicates(_ book: LintBook) -> [LintFinding] {
    var found: [LintFinding] = []
    var families: [CriterionID?: [LintPage]] = [:]
    var order: [CriterionID?] = []
    for page in book.pages {
      if families[page.parent] == nil { order.append(page.parent) }
      families[page.parent, default: []].append(page)
    }
    for parent in order { found += nearDuplicates(families[parent] ?? []) }
    return found
  }

  private static func nearDuplicates(_ siblings: [LintPage]) -> [LintFinding] {
    guard siblings.count > 1 else { return [] }
    var found: [LintFinding] = []
    var titles: [String: CriterionID] = [:]
    // What several siblings say word for word is an instruction, not what they ask for.
    var shared: [String: Int] = [:]
    for page in siblings {
      for key in Set(page.texts.flatMap { text in text.sentences.map { text.key(of: $0) } }) {
        shared[key, default: 0] += 1
      }
    }
    let boilerplate = Set(shared.filter { $0.value > 1 }.keys)
    let compared = siblings.prefix(siblingLimit)
    let bags = compared.map { page in
      (
        whole: WordBag(page.asked), own: WordBag(page.asked, without: boilerplate),
        title: Set(page.title.tokens.map(\.word).filter(LintWords.isContent).map(LintWords.stem))
      )
    }
    for (index, page) in siblings.enumerated() {
      let title = page.title.key(of: page.title.tokens.indices)
      if !title.isEmpty {
        if let other = titles[title] {
          found.append(duplicate(page, of: other, "has the same title as"))
          continue
        }
        titles[title] = page.id
      }
      guard index < compared.count else { continue }
      let bag = bags[index]
      for other in 0..<index {
        let before = bags[other]
        let isCopy =
          bag.own.words.isEmpty && before.own.words.isEmpty
          && bag.whole.saysLike(before.whole, share: 1)
        // Kindred titles and kindred words together; words alone need more.
        let share = bag.title.isDisjoint(with: before.title) ? 0.9 : 0.5
        // A list of checks names the same things again and again, and asks something else of them.
        let isProse = bag.own.fixed.count < 2 && before.own.fixed.count < 2
        guard isCopy || (isProse && bag.own.saysLike(before.own, share: share)),
          !isTemplate(page, siblings[other])
        else { continue }
        found.append(duplicate(page, of: siblings[other].id, "asks for nearly the same as"))
        break
      }
    }
    return found
  }

  private static func duplicate(
    _ page: LintPage, of other: CriterionID, _ how: String
  ) -> LintFinding {
    LintFinding(
      .nearDuplicate, page.id, "", "the criterion \(how) `\(other)` beside it",
      excerpt: other.rawValue,
      hint: "merge them, or say what tells them apart")
  }

  /// Whether two texts are alike word for word but for a word or two in one place: the same asked of
  /// two things, as "on the training set" and "on the test set".
  private static func isTemplate(_ left: LintPage, _ right: LintPage) -> Bool {
    let a = left.text.tokens.map(\.word)
    let b = right.text.tokens.map(\.word)
    guard min(a.count, b.count) >= 6, a != b else { return false }
    let start = zip(a, b).prefix { $0 == $1 }.count
    let end = zip(a.reversed(), b.reversed()).prefix { $0 == $1 }.count
    let longest = max(a.count, b.count)
    return longest - min(start + end, longest) <= max(3, longest / 4)
  }
}

extension LintPage {
  /// The texts that say what is asked for: of the levels only the best, since the others grade it.
  fileprivate var asked: [LintText] {
    let best = levels.max { $0.value < $1.value }
    return [title, text] + lowerWhen + (text.isEmpty ? best.map { [$0.text] } ?? [] : [])
  }
}
