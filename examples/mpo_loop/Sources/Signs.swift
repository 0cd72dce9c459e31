/// What a judge takes as a sign that a criterion is met.
///
/// Each can be had without meeting it.
enum Sign: CaseIterable, Sendable {
  /// The question's words.
  case relevance
  /// "Because", "for example", "studies".
  case support
  /// Headings and lines.
  case order
  /// Many words.
  case detail
  /// Words that praise.
  case expertise
  /// Different words of content.
  case substance

  /// The words that call for it.
  private var words: [String] {
    switch self {
    case .relevance: ["question", "relevan", "on topic", "asked"]
    case .support: ["evidence", "support", "reasons and"]
    case .order: ["organi", "structur", "heading"]
    case .detail: ["thorough", "detail", "in depth", "develops"]
    case .expertise: ["expert", "polish", "impress"]
    case .substance: ["specific", "informative", "substance"]
    }
  }

  func isMeant(by text: String) -> Bool { words.contains { text.contains($0) } }

  /// How far it is there, 0 to 1.
  func degree(in reading: Reading) -> Double {
    switch self {
    case .relevance: (reading.coverage / 0.8).inUnit
    case .support: (Double(reading.markers) / 5).inUnit
    case .order:
      0.7 * (Double(reading.headings) / 3).inUnit + 0.3 * (Double(reading.lines) / 5).inUnit
    case .detail: (Double(reading.words) / 160).inUnit
    case .expertise: 0.25 + 0.75 * (Double(reading.praise) / 4).inUnit
    case .substance: (Double(reading.informative) / 32).inUnit
    }
  }
}

/// What a judge understands in a reason to score lower, and can check without knowing the answer.
enum Flaw: CaseIterable, Sendable {
  case copied, repeated, long, short, lines, headings, empty, praise, list

  /// The words that name it.
  private var words: [String] {
    switch self {
    case .long: ["too long", "length", "longer", "padding", "padded", "filler", "wordy", "verbose"]
    case .short: ["short", "a sentence or two", "brief"]
    case .copied: ["copie", "copy", "verbatim", "word for word", "words of the", "restat"]
    case .repeated: ["repeat", "repetit", "redundan", "said before", "again"]
    case .headings: ["heading", "title", "markup", "bullet", "format", "outline"]
    case .lines: ["many lines", "short lines", "line breaks", "into lines"]
    case .empty:
      ["says nothing", "empty", "vague", "hollow", "generic", "platitude", "unsupported"]
    case .praise: ["praise", "flatter", "boast", "calls itself", "self-"]
    case .list: ["keyword", "list of words", "stuff"]
    }
  }

  /// What a reason is about: the first of these flaws that its words name.
  init?(namedBy reason: String) {
    let flaw = Self.allCases.first { flaw in flaw.words.contains { reason.contains($0) } }
    guard let flaw else { return nil }
    self = flaw
  }

  /// How far it holds, 0 to 1.
  func degree(in reading: Reading) -> Double {
    switch self {
    case .long: ((Double(reading.words) - 120) / 100).inUnit
    case .short: ((60 - Double(reading.words)) / 60).inUnit
    case .copied: (reading.copied / 0.3).inUnit
    case .repeated: (reading.repeated / 0.3).inUnit
    // One heading for three sentences is taken as it should be.
    case .headings:
      reading.sentences == 0
        ? 0 : ((Double(reading.headings) / Double(reading.sentences) - 0.25) / 0.35).inUnit
    case .lines: ((Double(reading.lines) - 6) / 6).inUnit
    case .empty: (reading.empty / 0.6).inUnit
    case .praise: (Double(reading.praise) / 3).inUnit
    case .list: ((Double(reading.commas) - 3) / 4).inUnit
    }
  }
}
