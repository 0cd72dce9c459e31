internal import RubricStore

/// The words of a text, to tell whether two texts say the same as far as words tell it.
///
/// Words are runs of letters and digits in lower case without a plural's `s`; words that stand in
/// every text are left out. A text that denies is never like one that does not: `cites no source` and
/// `cites a source` differ in one small word.
struct TextLikeness: Hashable, Sendable {
  /// The distinct words that say what the text is about.
  let words: Set<String>
  /// Whether it denies something.
  let denies: Bool
  /// All words in their order: alike exactly where only case, spacing and punctuation differ.
  let normalised: String

  init(_ text: String) {
    let all = SeriesWords.words(text)
    normalised = all.joined(separator: " ")
    denies = all.contains(where: Self.denials.contains)
    let telling = all.filter { !Self.common.contains($0) && !Self.denials.contains($0) }
    words = Set((telling.isEmpty ? all : telling).map(Self.stem))
  }

  /// How much two texts have in common.
  enum Degree: Int, Comparable {
    /// Not enough to tell.
    case apart
    /// Perhaps the same: worth a question.
    case near
    /// The same in other words, or one of them with more.
    case same

    static func < (left: Degree, right: Degree) -> Bool { left.rawValue < right.rawValue }
  }

  /// The least share of common words among all words (Jaccard) for two texts to be the same.
  static let sameShare = 0.75
  /// The least share of the shorter text's words in the longer one for the same, from four words on.
  static let containedShare = 0.9
  /// The least share of common words among all words for two texts to be near.
  static let nearShare = 0.4

  /// Compares with another text.
  func degree(to other: TextLikeness) -> Degree {
    if normalised == other.normalised { return .same }
    guard denies == other.denies, !words.isEmpty, !other.words.isEmpty else { return .apart }
    let common = Double(words.intersection(other.words).count)
    let share = common / Double(words.union(other.words).count)
    let shorter = min(words.count, other.words.count)
    if share >= Self.sameShare { return .same }
    if shorter >= 4, common / Double(shorter) >= Self.containedShare { return .same }
    return share >= Self.nearShare ? .near : .apart
  }

  /// How many words both have.
  func common(with other: TextLikeness) -> Int { words.intersection(other.words).count }

  private static func stem(_ word: String) -> String {
    word.utf8.count > 3 && word.hasSuffix("s") && !word.hasSuffix("ss")
      ? String(word.dropLast()) : word
  }

  private static let denials: Set<String> = [
    "not", "no", "never", "without", "none", "nor", "cannot", "lacks", "lack", "lacking", "missing",
    "absent", "fails", "fail", "dont", "doesnt", "isnt", "arent", "cant", "wont",
  ]

  /// English words that say nothing of what a text is about.
  private static let common: Set<String> = [
    "a", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "do", "does",
    "for", "from", "has", "have", "how", "if", "in", "into", "is", "it", "its", "may", "of", "on",
    "or", "other", "should", "so", "some", "such", "than", "that", "the", "their", "them", "there",
    "these", "they", "this", "those", "to", "was", "were", "when", "where", "which", "while", "who",
    "will", "with", "you", "your", "response", "answer", "text",
  ]
}
