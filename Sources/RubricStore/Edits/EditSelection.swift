/// A commit, and which of its edits are meant, as people write it: `3f9c2ab`, `3f9c2ab:2`,
/// `main~3:1,3-4`, `3f9c2ab:flow`.
///
/// - SeeAlso: SPEC.md §7.9.
public struct EditSelection: Hashable, Sendable {
  /// One part of what is chosen.
  public enum Choice: Hashable, Sendable {
    /// Edits by number, counted from 1.
    case numbers(ClosedRange<Int>)
    /// Every edit that is about a criterion.
    case criterion(CriterionID)
  }

  /// The commit, in git's words.
  public var revision: String
  /// What is chosen; empty for all of its edits.
  public var choices: [Choice]

  /// Creates a selection.
  public init(_ revision: String, _ choices: [Choice] = []) {
    self.revision = revision
    self.choices = choices
  }

  /// Reads `COMMIT` or `COMMIT:EDIT,…`.
  ///
  /// An `EDIT` of digits is a number and one of digits, a dash and digits a range; everything else is
  /// the id of a criterion.
  ///
  /// - Parameter text: The word.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/invalidName``.
  public init(parsing text: String) throws(StoreError) {
    // `:/words` and `HEAD^{/words: more}` are git's own.
    let braces = text.lastIndex(of: "}").map { text.index(after: $0) } ?? text.startIndex
    guard let colon = text[braces...].lastIndex(of: ":"), colon > text.startIndex else {
      self.init(text)
      return
    }
    var choices: [Choice] = []
    for word in text[text.index(after: colon)...].split(
      separator: ",", omittingEmptySubsequences: false)
    {
      guard let choice = Self.choice(word) else {
        throw StoreError(
          .invalidName,
          "\(NodeReader.quote(String(word))) names no edit in \(NodeReader.quote(text))",
          hint: "write numbers counted from 1, ranges of them, or the id of a criterion: "
            + "`3f9c2ab:1,3-4`, `3f9c2ab:flow`")
      }
      choices.append(choice)
    }
    self.init(String(text[..<colon]), choices)
  }

  private static func choice(_ word: Substring) -> Choice? {
    func number(_ digits: Substring) -> Int? {
      guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        let value = Int(digits), value > 0
      else { return nil }
      return value
    }
    func isDigits(_ text: Substring) -> Bool {
      !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
    if isDigits(word) { return number(word).map { .numbers($0...$0) } }
    let ends = word.split(separator: "-", omittingEmptySubsequences: false)
    if ends.count == 2, isDigits(ends[0]), isDigits(ends[1]) {
      guard let first = number(ends[0]), let last = number(ends[1]), first <= last else {
        return nil
      }
      return .numbers(first...last)
    }
    return CriterionID(rawValue: String(word)).map { .criterion($0) }
  }

  /// The numbers of the chosen edits, counted from 1, rising, each once.
  ///
  /// - Parameter edits: The edits of the commit.
  /// - Returns: All numbers where nothing is chosen.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/notFound`` for a number or a criterion that
  ///   none of the edits has.
  public func numbers(in edits: [Edit]) throws(StoreError) -> [Int] {
    guard !choices.isEmpty else { return Array(edits.indices.map { $0 + 1 }) }
    var chosen = [Bool](repeating: false, count: edits.count)
    for choice in choices {
      switch choice {
      case .numbers(let range):
        guard range.upperBound <= edits.count else {
          throw StoreError(
            .notFound, "`\(revision)` has no edit \(range.upperBound)",
            hint: "it has \(edits.count == 1 ? "one edit" : "\(edits.count) edits"); "
              + "`rubricctl log -n 1 \(revision)` shows them in order")
        }
        for number in range { chosen[number - 1] = true }
      case .criterion(let id):
        let found = edits.indices.filter { edits[$0].touches(id) }
        guard !found.isEmpty else {
          let names = Set(edits.compactMap(\.target)).sorted().map(\.rawValue)
          throw StoreError(
            .notFound, "no edit of `\(revision)` is about `\(id)`",
            hint: Suggestion.didYouMean(id.rawValue, among: names)
              ?? (names.isEmpty
                ? nil
                : "they are about \(Suggestion.list(Array(names.prefix(10)), conjunction: "and"))"))
        }
        for index in found { chosen[index] = true }
      }
    }
    return chosen.indices.filter { chosen[$0] }.map { $0 + 1 }
  }
}

extension EditSelection: CustomStringConvertible {
  /// The selection as it is written.
  public var description: String {
    guard !choices.isEmpty else { return revision }
    let words = choices.map { choice in
      switch choice {
      case .numbers(let range) where range.count == 1: "\(range.lowerBound)"
      case .numbers(let range): "\(range.lowerBound)-\(range.upperBound)"
      case .criterion(let id): id.rawValue
      }
    }
    return "\(revision):\(words.joined(separator: ","))"
  }
}
