internal import RubricStore

extension RubricLint {
  /// What is one sample's own in a rubric for all.
  ///
  /// With evidence: names and runs of six words that stand in one sample, or in two or three of many. Without:
  /// addresses, and two names or a name and a number in one level or reason.
  static func frozenSamples(_ book: LintBook, _ phrases: EvidencePhrases?) -> [LintFinding] {
    guard book.rubric.subject.granularity == .global else { return [] }
    var found: [LintFinding] = []
    // What several criteria name is what the rubric is about.
    var spread: [String: Int] = [:]
    for page in book.pages {
      for name in Set(page.texts.flatMap(ProperNames.all)) { spread[name, default: 0] += 1 }
    }
    let topics = Set(spread.filter { $0.value > 2 }.keys)
    for page in book.pages {
      for text in page.texts where !text.isEmpty {
        if let phrases, phrases.canTell {
          if let finding = ownWords(text, of: page.id, topics, phrases) { found.append(finding) }
        } else if let finding = particulars(text, of: page) {
          found.append(finding)
        }
      }
    }
    return found
  }

  private static func ownWords(
    _ text: LintText, of id: CriterionID, _ topics: Set<String>, _ phrases: EvidencePhrases
  ) -> LintFinding? {
    let runs = SampleRun.all(in: text)
    let hits = phrases.hits(runs)
    let own = runs.filter { run in
      guard let hit = hits[run.hash], hit.samples <= phrases.few else { return false }
      return !run.range.isEmpty
        || (!topics.contains(run.words) && phrases.isName(run.words, in: hit))
    }
    guard let first = own.first, let hit = hits[first.hash] else { return nil }
    // Runs that overlap are one passage.
    var words = first.words
    if !first.range.isEmpty {
      var range = first.range
      for run in own where !run.range.isEmpty && run.range.lowerBound <= range.upperBound {
        range = range.lowerBound..<max(range.upperBound, run.range.upperBound)
      }
      words = PlainWords(text.raw).text(range)
    }
    let rollouts = phrases.names(of: hit)
    let names = rollouts.map { NodeReader.quote($0) }.joined(separator: ", ")
    return LintFinding(
      .frozenSample, id, text.field,
      "“\(words.prefix(120))” is from \(hit.samples == 1 ? "one sample" : "\(hit.samples) samples") "
        + "of the evidence (\(names)), and the rubric is for all",
      excerpt: String(words.prefix(120)), hint: "say what is general about it",
      rollouts: rollouts)
  }

  private static func particulars(_ text: LintText, of page: LintPage) -> LintFinding? {
    func finding(_ what: String, _ excerpt: String) -> LintFinding {
      LintFinding(
        .frozenSample, page.id, text.field,
        "“\(excerpt)” \(what), and the rubric is for all", excerpt: excerpt,
        hint: "say what is general about it")
    }
    if let address = text.raw.split(whereSeparator: \.isWhitespace)
      .first(where: { $0.hasPrefix("http://") || $0.hasPrefix("https://") || $0.hasPrefix("www.") })
    {
      return finding("is an address", String(address.prefix(80)))
    }
    // An example may well be of one sample, and a text may name what the task is about.
    guard text.field.hasPrefix("lower_when") || text.field.hasSuffix(".text") else { return nil }
    let general = page.generalWords
    let names = ProperNames.all(in: text).filter { name in
      !name.split(separator: " ").allSatisfy { general.contains($0.lowercased()) }
    }
    guard let first = names.first else { return nil }
    if names.count > 1 { return finding("names particulars", "\(first)”, “\(names[1])") }
    let years = text.tokens.filter { token in
      (token.number.map {
        (1_000...2_100).contains($0) && $0.truncatingRemainder(dividingBy: 50) != 0
      }
        ?? false)
    }
    return years.first.map { finding("names particulars", "\(first)”, “\($0.text)") }
  }
}

extension LintPage {
  /// Words that say what the criterion is about: those of title and text, and of every level.
  fileprivate var generalWords: Set<String> {
    var words = Set([title, text, appliesWhen].flatMap { $0.tokens.map(\.word) })
    guard let first = levels.first, levels.count > 2 else { return words }
    var common = Set(first.text.tokens.map(\.word))
    for level in levels.dropFirst() { common.formIntersection(level.text.tokens.map(\.word)) }
    words.formUnion(common)
    return words
  }
}

/// Names in a text: runs of capitalised words inside sentences.
enum ProperNames {
  /// The names, distinct, in order; of up to four words each.
  static func all(in text: LintText) -> [String] {
    var names: [String] = []
    for sentence in text.sentences {
      let tokens = text.tokens[sentence]
      guard !text.isHeading(sentence) else { continue }
      var run: [LintToken] = []
      func end() {
        let own = run.filter { !LintWords.commonNames.contains($0.word) }
        if !own.isEmpty, run.count <= 4 {
          let name = run.map { $0.text.hasSuffix("'s") ? String($0.text.dropLast(2)) : $0.text }
            .joined(separator: " ")
          if !names.contains(name) { names.append(name) }
        }
        run = []
      }
      for token in tokens {
        let isName =
          token.isCapital && !token.opens && token.text.count > 1
          && !LintWords.labels.contains(token.word) && !LintWords.rubric.contains(token.word)
          && !(token.isUpper && LintWords.stop.contains(token.word))
        if isName { run.append(token) } else { end() }
      }
      end()
    }
    return names
  }
}
