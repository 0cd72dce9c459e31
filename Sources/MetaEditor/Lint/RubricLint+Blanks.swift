internal import RubricStore

extension RubricLint {
  /// A criterion that is only a title, and levels without words among described ones.
  static func missingTexts(_ page: LintPage) -> [LintFinding] {
    var found: [LintFinding] = []
    let described = page.levels.filter { !$0.text.isEmpty || !$0.label.isEmpty }
    if page.text.isEmpty, described.isEmpty, page.lowerWhen.isEmpty {
      found.append(
        LintFinding(
          .missingText, page.id, "text", "the judge reads a title and nothing else",
          excerpt: page.criterion.title, hint: "say in words what is judged"))
    }
    guard !described.isEmpty else { return found }
    for level in page.levels
    where level.text.isEmpty && level.label.isEmpty && level.examples.isEmpty {
      let value = CanonicalNumber.text(level.value)
      found.append(
        LintFinding(
          .missingText, page.id, level.text.field,
          "level \(value) has no words, and others of the scale have", excerpt: value,
          hint: "say what earns it, or remove it"))
    }
    return found
  }

  /// Texts that are there and hold no word: what a model copies from a form.
  static func placeholders(_ page: LintPage) -> [LintFinding] {
    ([page.text] + page.levels.map(\.text) + page.lowerWhen).filter { text in
      text.raw.unicodeScalars.contains { !$0.properties.isWhitespace }
        && !text.tokens.contains { $0.kind == .word }
    }.map { text in
      LintFinding(
        .placeholder, page.id, text.field, "the text holds no word", excerpt: text.raw,
        hint: "say it in words, or leave it out")
    }
  }

  /// An active criterion that counts for nothing.
  static func zeroWeights(_ page: LintPage) -> [LintFinding] {
    guard page.isWeighed, page.criterion.weight == 0, page.criterion.status == .active,
      page.criterion.gate == nil
    else { return [] }
    return [
      LintFinding(
        .zeroWeight, page.id, "weight",
        "the criterion is active and weighs 0: the judge is asked, and the answer counts for nothing",
        excerpt: "0", hint: "make it `diagnostic` or `inactive`, or give it a weight")
    ]
  }
}
