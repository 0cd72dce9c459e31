/// The message of a commit: words for people, then a block of trailers that `git
/// interpret-trailers --parse` reads.
///
/// - SeeAlso: SPEC.md §7.2.
package enum CommitMessage {
  static let rubricKey = "Rubric"
  static let kindKey = "Rubric-Change"
  static let proposerKey = "Rubric-Proposer"
  static let comparabilityKey = "Rubric-Comparability"
  static let settledKey = "Rubric-Settled"
  static let provenanceKey = "Rubric-Provenance"
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
    let lines = plain(update.rationale)
    let given = lines.first.map { Self.trimmed($0) } ?? ""
    let subject = given.isEmpty ? summary(of: update.edits, kind: kind) : given
    var text = "\(update.rubric): \(subject)\n"
    var body = lines.dropFirst()
    while body.first?.isEmpty == true { body.removeFirst() }
    while body.last?.isEmpty == true { body.removeLast() }
    if !body.isEmpty { text += "\n\(body.joined(separator: "\n"))\n" }
    let listed = update.edits.prefix(bullets)
    if !listed.isEmpty {
      text += "\n"
      for edit in listed {
        text += "- \(edit.summary)"
        let why = Self.trimmed(plain(edit.rationale).joined(separator: " "))
        text += why.isEmpty ? "\n" : ": \(why)\n"
      }
      if update.edits.count > bullets {
        text += "- and \(update.edits.count - bullets) more\n"
      }
    }
    text += "\n" + trailers(update.rubric, kind, update.proposer, comparability)
    if let source = update.source {
      text += "\(source.kind.trailerKey): \(source.trailerValue)\n"
    }
    if !update.provenance.isEmpty {
      text += "\(provenanceKey): \(JSONValue.object(update.provenance).jsonText)\n"
    }
    for edit in update.edits { text += "\(editKey): \(edit.written.jsonText)\n" }
    return text
  }

  /// The trailers of one rubric, without its edits.
  static func trailers(
    _ rubric: RubricID, _ kind: RecordedChange.Kind, _ proposer: MetaUpdate.Proposer,
    _ comparability: Comparability?
  ) -> String {
    var text = "\(rubricKey): \(rubric)\n"
    text += "\(kindKey): \(kind.rawValue)\n"
    text += "\(proposerKey): \(proposer.author.rawValue)"
    let name = trimmed(plain(proposer.name).joined(separator: " "))
    text += name.isEmpty ? "\n" : " \(name)\n"
    if let comparability {
      let words = [comparability.word] + comparability.rejudged.map(\.rawValue)
      text += "\(comparabilityKey): \(words.joined(separator: " "))\n"
    }
    return text
  }

  /// Reads the first record of a message; only a merge has more than one.
  ///
  /// - Returns: Nil for a message that records nothing about a rubric.
  /// - Throws: ``SyntaxError`` for one that does and cannot be read.
  package static func record(_ message: String) throws(SyntaxError) -> RecordedChange? {
    try records(message).first
  }

  /// Reads the trailers of a message: each `Rubric` begins the record of a rubric.
  ///
  /// - Returns: None for a message that records nothing about a rubric.
  /// - Throws: ``SyntaxError`` for one that does and cannot be read.
  package static func records(_ message: String) throws(SyntaxError) -> [RecordedChange] {
    let start = Array("\(rubricKey): ".utf8)
    var blocks: [[Substring.UTF8View]] = []
    for line in trailerLines(of: message) {
      if line.starts(with: start) {
        blocks.append([line])
      } else if !blocks.isEmpty {
        blocks[blocks.count - 1].append(line)
      }
    }
    var records: [RecordedChange] = []
    for block in blocks {
      if let record = try record(block) { records.append(record) }
    }
    return records
  }

  /// The lines of the last paragraph, in order.
  private static func trailerLines(of message: String) -> [Substring.UTF8View] {
    // By bytes: of Swift's characters a line break and a mark after it are one.
    var lines: [Substring.UTF8View] = []
    for line in message.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).reversed() {
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) {
        if lines.isEmpty { continue } else { break }
      }
      lines.append(line)
    }
    return lines.reversed()
  }

  private static func record(
    _ lines: [Substring.UTF8View]
  ) throws(SyntaxError) -> RecordedChange? {
    func values(_ key: String) -> [Substring] {
      let start = Array("\(key): ".utf8)
      return lines.compactMap { line in
        line.starts(with: start) ? Substring(line.dropFirst(start.count)) : nil
      }
    }
    guard let name = values(rubricKey).first, let rubric = RubricID(rawValue: String(name)) else {
      return nil
    }
    let edits = try read(editKey, values(editKey), as: Edit.self)
    let settled = try read(settledKey, values(settledKey), as: SettledConflict.self)
    let proposer = (values(proposerKey).first ?? "").split(separator: " ", maxSplits: 1)
    let words = (values(comparabilityKey).first ?? "").split(separator: " ")
    return RecordedChange(
      rubric: rubric,
      kind: values(kindKey).first.flatMap { RecordedChange.Kind(rawValue: String($0)) } ?? .edited,
      edits: edits,
      proposer: MetaUpdate.Proposer(
        proposer.first.flatMap { EditAuthor(rawValue: String($0)) } ?? .human,
        name: proposer.count > 1 ? String(proposer[1]) : ""),
      comparability: comparability(words), settled: settled,
      source: ChangeSource.Kind.allCases.lazy.compactMap { kind in
        values(kind.trailerKey).first.flatMap { ChangeSource(kind, trailerValue: $0) }
      }.first,
      provenance: provenance(values(provenanceKey).first))
  }

  /// What is no JSON object says nothing.
  private static func provenance(_ text: Substring?) -> JSONObject {
    guard let text, let value = try? JSONReader.parse(Array(text.utf8)) else { return JSONObject() }
    return value.object ?? JSONObject()
  }

  /// Reads trailers of one key, each a JSON text.
  private static func read<Value: NodeCodable>(
    _ key: String, _ lines: [Substring], as: Value.Type
  ) throws(SyntaxError) -> [Value] {
    var reader = NodeReader()
    var values: [Value] = []
    for (index, line) in lines.enumerated() {
      let (root, findings) = JSONReader.read(Array(line.utf8))
      guard let root else { throw SyntaxError(file: "\(key) \(index + 1)", findings: findings) }
      let list = key == editKey ? "edits" : "settled"
      let value = reader.inField(list) { $0.inItem(index) { Value.read(root, &$0) } }
      guard let value, findings.isEmpty, reader.findings.isEmpty else {
        throw SyntaxError(file: "\(key) \(index + 1)", findings: findings + reader.findings)
      }
      values.append(value)
    }
    return values
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
    case (.edited, 0), (.merged, 0): return "no change"
    case (.edited, 1), (.merged, 1): return edits[0].summary
    case (.edited, let count), (.merged, let count):
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

  /// The lines of a text that git's tools take for text: without control characters, without a line
  /// that they take for the start of a patch, and without one that would be read as a record.
  static func plain(_ text: String) -> [String] {
    var lines: [String.UnicodeScalarView] = [String.UnicodeScalarView()]
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": lines.append(String.UnicodeScalarView())
      case "\t": lines[lines.count - 1].append(scalar)
      case "\r": break
      default:
        lines[lines.count - 1].append(Validation.isForbidden(scalar) ? "\u{FFFD}" : scalar)
      }
    }
    return lines.map { guarded(String($0)) }
  }

  /// A line with a space before it where git would take it for the start of a patch, or a reader for
  /// a trailer of a record: `Rubric: …`, `Rubric-Edit: …`.
  static func guarded(_ line: String) -> String {
    if line.utf8.starts(with: "---".utf8) { return " \(line)" }
    let key = line.utf8.prefix { $0 != UInt8(ascii: ":") }
    let rest = line.utf8.dropFirst(key.count)
    guard rest.starts(with: ": ".utf8), key.starts(with: rubricKey.utf8) else { return line }
    let word = key.dropFirst(rubricKey.utf8.count)
    guard word.isEmpty || word.first == UInt8(ascii: "-") else { return line }
    return " \(line)"
  }

  /// The text without spaces and tabs at its ends.
  static func trimmed(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let first = scalars.firstIndex(where: { $0 != " " && $0 != "\t" }),
      let last = scalars.lastIndex(where: { $0 != " " && $0 != "\t" })
    else { return "" }
    return String(scalars[first...last])
  }
}
