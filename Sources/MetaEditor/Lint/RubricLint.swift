public import RubricStore

/// Looks for what rubrics decay into when they are rewritten again and again.
///
/// Every lint prefers to miss something over a false alarm. Words are looked for in English; what rests
/// on numbers, repetition and evidence knows no language. Inactive criteria are not looked at, since no
/// judge reads them.
public enum RubricLint {
  /// Returns what lints find in a rubric.
  ///
  /// - Parameters:
  ///   - rubric: The rubric.
  ///   - evidence: Rollouts, of any version, so that what is taken from one of them is told apart from
  ///     what is general.
  ///   - lints: Those that are run.
  /// - Returns: The findings, in the order of the document and then of the lints.
  /// - Complexity: O(*n*) in the texts of rubric and evidence, and in the pairs of criteria that stand
  ///   side by side, up to ``siblingLimit``.
  public static func findings(
    in rubric: Rubric, evidence: Evidence? = nil, only lints: [Lint] = Lint.all
  ) -> [LintFinding] {
    let phrases = evidence.map(EvidencePhrases.init)
    if lints.contains(.frozenSample) { phrases?.prepare(rubric, []) }
    return findings(in: rubric, phrases: phrases, only: lints)
  }

  /// The most criteria side by side that are compared pair by pair.
  public static let siblingLimit = 500

  static func findings(
    in rubric: Rubric, phrases: EvidencePhrases?, only lints: [Lint]
  ) -> [LintFinding] {
    let book = LintBook(rubric)
    var found: [LintFinding] = []
    for lint in lints {
      switch lint {
      case .levelsOutOfOrder: for page in book.pages { found += levelsOutOfOrder(page) }
      case .sameLevels: for page in book.pages { found += sameLevels(page) }
      case .frozenSample: found += frozenSamples(book, phrases)
      case .leakedLabel: for page in book.pages { found += leakedLabels(page) }
      case .unseenReference: found += unseenReferences(book)
      case .duplicatedSentence: found += duplicatedSentences(book)
      case .nearDuplicate: found += nearDuplicates(book)
      case .scaleMismatch: for page in book.pages { found += scaleMismatches(page) }
      case .wrongTotal: found += wrongTotals(book)
      case .missingText: for page in book.pages { found += missingTexts(page) }
      case .placeholder: for page in book.pages { found += placeholders(page) }
      case .repeatedReason: for page in book.pages { found += repeatedReasons(page) }
      case .zeroWeight: for page in book.pages { found += zeroWeights(page) }
      default: break
      }
    }
    // In the order of the document; texts of the rubric itself come last.
    let places = Dictionary(
      book.pages.enumerated().map { ($0.element.id, $0.offset) }
    ) { first, _ in first }
    return found.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      return (a.criterion.flatMap { places[$0] } ?? .max, left.offset)
        < (b.criterion.flatMap { places[$0] } ?? .max, right.offset)
    }.map(\.element)
  }
}

extension Lint {
  /// Whether a lint is the one of a `case`.
  static func ~= (pattern: Lint, value: Lint) -> Bool { pattern == value }
}
