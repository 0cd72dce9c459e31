/// Makes a rubric of a Meta Policy Optimization text.
///
/// Every item becomes a criterion; the reward is the sum of the verdicts in their own scales, and one
/// call shows the judge all items in order. Text around the items becomes preamble and postamble:
/// that system dropped it, so that the judge never read it.
enum MPOReader {
  static func read(_ bytes: [UInt8], id: RubricID) -> (ImportResult?, [Finding]) {
    let check = TextCheck(bytes, breaks: .json)
    guard check.findings.isEmpty else { return (nil, check.findings) }
    let text = lineFeeds(bytes[check.start...])
    let (pieces, findings) = MPOText.cut(text)
    guard findings.isEmpty else { return (nil, findings) }
    var reading = Reading(rubric: Rubric(id: id), pieces: pieces)
    reading.readItems()
    reading.readSurroundings()
    keepFile(bytes, &reading)
    let notes = reading.notes.enumerated().sorted {
      ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset)
    }
    return (ImportResult(rubric: reading.rubric, notes: notes.map(\.element)), [])
  }

  /// The text with every line break as a line feed.
  private static func lineFeeds(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var previous: UInt8 = 0
    for byte in bytes {
      if byte == 0x0D {
        text.append(0x0A)
      } else if byte != 0x0A || previous != 0x0D {
        text.append(byte)
      }
      previous = byte
    }
    return text
  }

  /// Keeps the whole file where the pieces do not give it again: other line breaks, a byte order mark.
  private static func keepFile(_ bytes: [UInt8], _ reading: inout Reading) {
    guard !Array(MPOExport.text(reading.rubric).utf8).elementsEqual(bytes) else { return }
    var kept = reading.rubric.ext["mpo"]?.object ?? JSONObject()
    kept["file"] = .string(String(decoding: bytes, as: UTF8.self))
    reading.rubric.ext = Extensions([("mpo", .object(kept))].asObject)
    reading.notes.append(
      ImportNote(
        line: nil, criterion: nil,
        message: "line breaks were made line feeds; the file as it was is kept in ext.mpo.file"))
  }

  /// What reading a text has come to.
  private struct Reading {
    var rubric: Rubric
    let pieces: MPOText
    var notes: [ImportNote] = []
    private var lastSuffix: [CriterionID: Int] = [:]

    init(rubric: Rubric, pieces: MPOText) {
      self.rubric = rubric
      self.pieces = pieces
      self.rubric.judge.mode = .oneCall
      self.rubric.aggregation = Aggregation(method: .sum, clip: nil)
    }

    mutating func note(_ line: Int, _ criterion: CriterionID?, _ message: String) {
      notes.append(ImportNote(line: line, criterion: criterion, message: message))
    }

    mutating func readItems() {
      for (index, item) in pieces.items.enumerated() {
        rubric.criteria.append(criterion(item, number: index + 1))
      }
    }

    private mutating func criterion(_ piece: MPOText.Item, number: Int) -> Criterion {
      let item = MPOItem(piece.body)
      let title = item.heading?.title ?? ""
      let wanted =
        item.heading?.slug.flatMap { CriterionID(rawValue: $0) } ?? CriterionID.made(from: title)
        ?? CriterionID(unchecked: "criterion-\(number)")
      var criterion = Criterion(id: distinct(wanted), title: title, text: item.text)
      criterion.origin = .import
      criterion.lowerWhen = item.lowerWhen.distinct
      criterion.scale = scale(item, piece, criterion.id)
      readDeduction(&criterion, piece.line)
      if item.movedText {
        note(piece.line, criterion.id, "text that stood after the levels now stands before them")
      }
      keepLayout(of: &criterion, item, piece.body)
      return criterion
    }

    private mutating func scale(
      _ item: MPOItem, _ piece: MPOText.Item, _ id: CriterionID
    ) -> Scale {
      let range = item.heading?.range ?? (item.levels.isEmpty ? named(in: item) : nil)
      if !item.levels.isEmpty {
        let levels = Scale.levels(item.levels)
        guard let range, let bounds = levels.bounds,
          range.min < bounds.min || range.max > bounds.max
        else { return levels }
        let wide = NumericRange(
          min: min(range.min, bounds.min), max: max(range.max, bounds.max), step: range.step)
        guard item.levels.allSatisfy({ wide.contains($0.value) }) else { return levels }
        note(piece.line, id, "the title's range is wider than the levels; values between count too")
        return .numeric(wide, levels: item.levels)
      }
      if let range { return .numeric(range, levels: []) }
      note(
        piece.line, id,
        "no scale is named; it is scored from 0 to 5 in whole steps, as MPO's judge does"
      )
      return .numeric(MPOScale.standard, levels: [])
    }

    private func named(in item: MPOItem) -> NumericRange? { MPOScale.range(inWords: item.text) }

    private mutating func readDeduction(_ criterion: inout Criterion, _ line: Int) {
      let title = criterion.title.lowercased()
      guard
        title.hasPrefix("deduct") || title.hasPrefix("penalt") || title.hasPrefix("point deduct")
      else { return }
      if let bounds = criterion.scale.bounds, bounds.max <= 0 {
        return note(
          line, criterion.id, "its scores are negative as they are, so that it stays positive")
      }
      criterion.polarity = .negative
      note(line, criterion.id, "read as negative, so that it costs points; MPO itself adds them")
    }

    private mutating func distinct(_ wanted: CriterionID) -> CriterionID {
      guard let last = lastSuffix[wanted] else {
        lastSuffix[wanted] = 1
        return wanted
      }
      var suffix = last + 1
      while lastSuffix[CriterionID(unchecked: "\(wanted)-\(suffix)")] != nil { suffix += 1 }
      lastSuffix[wanted] = suffix
      return distinct(CriterionID(unchecked: "\(wanted)-\(suffix)"))
    }

    /// Keeps what the fields do not say of how an item is written.
    private func keepLayout(of criterion: inout Criterion, _ item: MPOItem, _ body: String) {
      var kept = JSONObject()
      if let heading = item.heading, heading.written != "### \(heading.title)\n" {
        kept["heading"] = .string(heading.written)
        criterion.ext = Extensions([("mpo", .object(kept))].asObject)
      }
      if MPOExport.body(of: criterion) != body {
        kept["raw"] = .string(body)
        criterion.ext = Extensions([("mpo", .object(kept))].asObject)
      }
    }

    mutating func readSurroundings() {
      rubric.preamble = MPOText.words(of: pieces.head, without: MPOText.rubricStart)
      rubric.postamble = MPOText.words(of: pieces.tail, without: MPOText.rubricEnd)
      var kept = JSONObject()
      if pieces.isGuidelines { kept["form"] = "guidelines" }
      var gaps = JSONObject()
      for (index, gap) in pieces.gaps.enumerated() where gap != MPOExport.standardGap {
        let id = rubric.criteria[index + 1].id
        gaps.append(id.rawValue, .string(gap))
        guard !gap.trimmed.isEmpty else { continue }
        note(
          pieces.items[index + 1].line, id,
          "text between the items is not shown to the judge; it is kept in ext.mpo.gaps")
      }
      if !gaps.isEmpty { kept["gaps"] = .object(gaps) }
      rubric.ext = Extensions([("mpo", .object(kept))].asObject)
      if MPOExport.head(of: rubric) != pieces.head { kept["head"] = .string(pieces.head) }
      if MPOExport.tail(of: rubric) != pieces.tail { kept["tail"] = .string(pieces.tail) }
      rubric.ext = Extensions(kept.isEmpty ? JSONObject() : [("mpo", .object(kept))].asObject)
      if !rubric.postamble.isEmpty {
        note(
          pieces.tailLine, nil,
          "the text after the items became the postamble, which the judge reads")
      }
      if !rubric.preamble.isEmpty {
        note(1, nil, "the text before the items became the preamble, which the judge reads")
      }
    }
  }
}

extension [(String, JSONValue)] {
  var asObject: JSONObject { JSONObject(self) }
}

extension [String] {
  /// The items without repetitions.
  var distinct: [String] {
    var seen: Set<Verbatim<String>> = []
    return filter { seen.insert(Verbatim(wrappedValue: $0)).inserted }
  }
}
