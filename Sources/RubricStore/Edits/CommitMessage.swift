/// The message of a commit: words for people, then a block of trailers that `git
/// interpret-trailers --parse` reads.
///
/// - SeeAlso: SPEC.md §7.2.
package enum CommitMessage {
  static let rubricKey = "Rubric"
  static let kindKey = "Rubric-Change"
  static let proposerKey = "Rubric-Proposer"
  static let comparabilityKey = "Rubric-Comparability"
  static let editKey = "Rubric-Edit"
  /// The most edits that the part for people lists.
  static let bullets = 50

  /// The message of a meta-update.
  ///
  /// - Parameters:
  ///   - update: The edits as they were made.
  ///   - kind: How the commit changes the rubric.
  ///   - comparability: What it means for scores; nil for a rubric that is created.
  /// - Returns: The message, its last paragraph the trailers.
  package static func text(
    _ update: MetaUpdate, kind: RecordedChange.Kind = .edited, comparability: Comparability?
  ) -> String {
    let lines = plain(update.rationale).split(
      separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    let given = lines.first.map { $0.trimmingSpaces() } ?? ""
    let subject = given.isEmpty ? summary(of: update.edits, kind: kind) : given
    var text = "\(update.rubric): \(subject)\n"
    let body = lines.count > 1 ? lines[1].trimmingNewlines() : ""
    if !body.isEmpty { text += "\n\(body)\n" }
    let listed = update.edits.prefix(bullets)
    if !listed.isEmpty {
      text += "\n"
      for edit in listed {
        text += "- \(edit.summary)"
        let why = plain(edit.rationale).split(separator: "\n").joined(separator: " ")
          .trimmingSpaces()
        text += why.isEmpty ? "\n" : ": \(why)\n"
      }
      if update.edits.count > bullets {
        text += "- and \(update.edits.count - bullets) more\n"
      }
    }
    text += "\n\(rubricKey): \(update.rubric)\n"
    text += "\(kindKey): \(kind.rawValue)\n"
    text += "\(proposerKey): \(update.proposer.author.rawValue)"
    let name = plain(update.proposer.name).replacing("\n", with: " ").trimmingSpaces()
    text += name.isEmpty ? "\n" : " \(name)\n"
    if let comparability {
      text += "\(comparabilityKey): "
      text +=
        ([comparability.word] + comparability.rejudged.map(\.rawValue)).joined(separator: " ")
      text += "\n"
    }
    for edit in update.edits { text += "\(editKey): \(edit.written.jsonText)\n" }
    return text
  }

  /// Reads the trailers of a message.
  ///
  /// - Returns: Nil for a message that records nothing about a rubric.
  /// - Throws: ``SyntaxError`` for one that does and cannot be read.
  package static func record(_ message: String) throws(SyntaxError) -> RecordedChange? {
    var lines: [Substring] = []
    for line in message.split(separator: "\n", omittingEmptySubsequences: false).reversed() {
      if line.allSatisfy({ $0 == " " || $0 == "\r" }) {
        if lines.isEmpty { continue } else { break }
      }
      lines.append(line)
    }
    func values(_ key: String) -> [Substring] {
      lines.reversed().compactMap { line in
        line.hasPrefix("\(key): ") ? line.dropFirst(key.utf8.count + 2) : nil
      }
    }
    guard let name = values(rubricKey).first, let rubric = RubricID(rawValue: String(name)) else {
      return nil
    }
    var reader = NodeReader()
    var edits: [Edit] = []
    for (index, line) in values(editKey).enumerated() {
      let (root, findings) = JSONReader.read(Array(line.utf8))
      guard let root else { throw SyntaxError(file: "\(editKey) \(index + 1)", findings: findings) }
      let edit = reader.inField("edits") { $0.inItem(index) { Edit.read(root, &$0) } }
      guard let edit, findings.isEmpty, reader.findings.isEmpty else {
        throw SyntaxError(
          file: "\(editKey) \(index + 1)", findings: findings + reader.findings)
      }
      edits.append(edit)
    }
    let proposer = (values(proposerKey).first ?? "").split(separator: " ", maxSplits: 1)
    let words = (values(comparabilityKey).first ?? "").split(separator: " ")
    return RecordedChange(
      rubric: rubric,
      kind: values(kindKey).first.flatMap { RecordedChange.Kind(rawValue: String($0)) } ?? .edited,
      edits: edits,
      proposer: MetaUpdate.Proposer(
        proposer.first.flatMap { EditAuthor(rawValue: String($0)) } ?? .human,
        name: proposer.count > 1 ? String(proposer[1]) : ""),
      comparability: comparability(words))
  }

  private static func comparability(_ words: [Substring]) -> Comparability? {
    switch words.first {
    case "identical": .identical
    case "cosmetic": .cosmetic
    case "recompute": .recompute
    case "rejudge": .rejudge(words.dropFirst().compactMap { CriterionID(rawValue: String($0)) })
    case "incomparable": .incomparable
    default: nil
    }
  }

  /// What the edits do, in a line.
  private static func summary(of edits: [Edit], kind: RecordedChange.Kind) -> String {
    switch (kind, edits.count) {
    case (.created, _): return "create"
    case (.removed, _): return "remove"
    case (.edited, 0): return "no change"
    case (.edited, 1): return edits[0].summary
    case (.edited, let count):
      var words: [String] = []
      var counts: [String: Int] = [:]
      for edit in edits {
        let word = edit.operation.rawValue.replacing("_", with: " ")
        if counts.updateValue((counts[word] ?? 0) + 1, forKey: word) == nil { words.append(word) }
      }
      let parts = words.prefix(3).map { word in
        (counts[word] ?? 0) > 1 ? "\(counts[word] ?? 0) × \(word)" : word
      }
      return "\(count) edits (\(parts.joined(separator: ", "))\(words.count > 3 ? ", …" : ""))"
    }
  }

  /// Text that git's tools take for text: no control characters, and no line that they take for the
  /// start of a patch.
  private static func plain(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n", "\t": scalars.append(scalar)
      case "\r": break
      default: scalars.append(Validation.isForbidden(scalar) ? "\u{FFFD}" : scalar)
      }
    }
    return String(scalars).split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix("---") ? " \($0)" : String($0) }.joined(separator: "\n")
  }
}

extension StringProtocol {
  /// The text without spaces and tabs at its ends.
  fileprivate func trimmingSpaces() -> String { trimming { $0 == " " || $0 == "\t" } }

  /// The text without line breaks at its ends.
  fileprivate func trimmingNewlines() -> String { trimming { $0 == "\n" } }

  private func trimming(_ isTrimmed: (Character) -> Bool) -> String {
    guard let first = firstIndex(where: { !isTrimmed($0) }),
      let last = lastIndex(where: { !isTrimmed($0) })
    else { return "" }
    return String(self[first...last])
  }
}
