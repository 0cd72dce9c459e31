internal import RubricStore

extension RubricLint {
  /// A tag, a quotation or a label in capitals that stands in every level, and not in what the criterion
  /// is about: it tells no level from another, and tells the judge an answer.
  static func leakedLabels(_ page: LintPage) -> [LintFinding] {
    guard page.levels.count > 1 else { return [] }
    let levels = page.levels.map { level in [level.text] + level.examples }
    guard levels.allSatisfy({ texts in texts.contains { !$0.isEmpty } }) else { return [] }
    var common = Marks(levels[0])
    for texts in levels.dropFirst() { common.keep(Marks(texts)) }
    common.drop(Marks([page.title, page.text, page.appliesWhen]))
    // One finding a criterion: the most telling of what the levels share.
    guard let label = common.all.max(by: { ($0.rank, $1.text) < ($1.rank, $0.text) }) else {
      return []
    }
    let holder =
      page.levels[0].text.raw.contains(label.text)
      ? page.levels[0].text : (levels[0].first { $0.raw.contains(label.text) } ?? levels[0][0])
    return [
      LintFinding(
        .leakedLabel, page.id, holder.field,
        "\(NodeReader.quote(label.text)) stands in all \(page.levels.count) levels, so that it tells "
          + "none apart", excerpt: label.text,
        hint: "what holds at every level belongs in the criterion's text; an answer belongs nowhere"
      )
    ]
  }

  /// What catches the eye in texts.
  private struct Marks {
    struct Mark: Hashable {
      var text: String
      /// How telling it is: a tag before a quotation before a word in capitals.
      var rank: Int
    }

    private(set) var all: Set<Mark> = []

    init(_ texts: [LintText]) {
      for text in texts where !text.isEmpty {
        tags(in: text.raw)
        for pair: (Character, Character) in [("\"", "\""), ("\u{201C}", "\u{201D}"), ("`", "`")] {
          quotations(in: text.raw, pair.0, pair.1)
        }
        for token in text.tokens where token.isUpper {
          let isLabel = LintWords.labels.contains(token.word) && token.text.count >= 2
          if isLabel || token.text.count >= 5 { all.insert(Mark(text: token.text, rank: 0)) }
        }
      }
    }

    mutating func keep(_ other: Marks) { all.formIntersection(other.all) }

    mutating func drop(_ others: Marks) {
      all.subtract(others.all)
      // A label is about the criterion too where it names it in other letters or quotes.
      let known = Set(others.all.map { $0.text.lowercased() })
      all = all.filter { !known.contains($0.text.lowercased()) }
    }

    /// `<verdict>RIGHT</verdict>`, and `<verdict>` alone.
    private mutating func tags(in raw: String) {
      var rest = Substring(raw)
      while let open = rest.firstIndex(of: "<") {
        rest = rest[open...]
        guard let close = rest.firstIndex(of: ">") else { return }
        let name = rest[rest.index(after: open)..<close]
        rest = rest[rest.index(after: close)...]
        guard let first = name.first, first.isLetter, name.count <= 40, !name.contains("\n") else {
          continue
        }
        all.insert(Mark(text: "<\(name)>", rank: 2))
        let ending = "</\(name)>"
        let inner = rest.prefix(60)
        if let end = inner.firstRange(of: ending) {
          all.insert(Mark(text: "<\(name)>\(inner[..<end.lowerBound])\(ending)", rank: 3))
        }
      }
    }

    private mutating func quotations(in raw: String, _ open: Character, _ close: Character) {
      var rest = Substring(raw)
      while let start = rest.firstIndex(of: open) {
        let inner = rest[rest.index(after: start)...]
        guard let end = inner.firstIndex(of: close) else { return }
        let text = inner[..<end]
        if text.count >= 2, text.count <= 80, !text.contains("\n") {
          all.insert(Mark(text: String(text), rank: 1))
        }
        rest = inner[inner.index(after: end)...]
      }
    }
  }
}
