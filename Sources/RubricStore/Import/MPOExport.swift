/// Writes a rubric as a Meta Policy Optimization text.
///
/// What the importer kept of the layout is used where it still says what the fields say, so that a
/// rubric that nobody edited gives its file again, and an edited one its new words.
package enum MPOExport {
  /// What stands between two items.
  static let standardGap = "\n\n"

  /// Writes `rubric`; fields that the format lacks (weights, gates, …) do not show.
  package static func text(_ rubric: Rubric) -> String {
    if let file = kept(rubric.ext, "file"), case let bytes = Array(file.utf8),
      let read = MPOReader.read(bytes, id: rubric.id).0?.rubric, saysTheSame(read, rubric)
    {
      return file
    }
    let isGuidelines = kept(rubric.ext, "form") == "guidelines" && rubric.criteria.count == 1
    let (open, close) =
      isGuidelines
      ? (MPOText.guidelinesStart, MPOText.guidelinesEnd) : (MPOText.itemStart, MPOText.itemEnd)
    var gaps: [String: String] = [:]
    for member in rubric.ext["mpo"]?["gaps"]?.object?.members ?? [] {
      gaps[member.key] = member.value.string
    }
    var text = head(of: rubric)
    for (index, criterion) in rubric.criteria.enumerated() {
      if index > 0 { text += gaps[criterion.id.rawValue] ?? standardGap }
      text += open + body(of: criterion) + close
    }
    return text + tail(of: rubric)
  }

  private static func saysTheSame(_ left: Rubric, _ right: Rubric) -> Bool {
    left.preamble.isVerbatim(right.preamble) && left.postamble.isVerbatim(right.postamble)
      && left.criteria.count == right.criteria.count
      && zip(left.criteria, right.criteria).allSatisfy { says($0, $1) }
  }

  private static func says(_ left: Criterion, _ right: Criterion) -> Bool {
    left.title.isVerbatim(right.title) && left.text.isVerbatim(right.text)
      && left.scale == right.scale && left.lowerWhen.isVerbatim(right.lowerWhen)
  }

  static func head(of rubric: Rubric) -> String {
    if let head = kept(rubric.ext, "head"),
      MPOText.words(of: head, without: MPOText.rubricStart).isVerbatim(rubric.preamble)
    {
      return head
    }
    if kept(rubric.ext, "form") == "guidelines" {
      return rubric.preamble.isEmpty ? "" : rubric.preamble + "\n\n"
    }
    return MPOText.rubricStart + "\n" + (rubric.preamble.isEmpty ? "" : rubric.preamble + "\n\n")
  }

  static func tail(of rubric: Rubric) -> String {
    if let tail = kept(rubric.ext, "tail"),
      MPOText.words(of: tail, without: MPOText.rubricEnd).isVerbatim(rubric.postamble)
    {
      return tail
    }
    let words = rubric.postamble.isEmpty ? "" : "\n" + rubric.postamble + "\n"
    return kept(rubric.ext, "form") == "guidelines"
      ? words : "\n" + words + MPOText.rubricEnd + "\n"
  }

  /// The body of the item that `criterion` is.
  static func body(of criterion: Criterion) -> String {
    if let raw = kept(criterion.ext, "raw"), isStill(MPOItem(raw), criterion) { return raw }
    var blocks: [String] = []
    if !criterion.text.isEmpty { blocks.append(criterion.text) }
    let levels = criterion.scale.levels
    if levels.contains(where: { $0.text.contains("\n") }) {
      blocks.append(levels.map(headed).joined(separator: "\n\n"))
    } else if !levels.isEmpty {
      blocks.append(levels.map(line).joined(separator: "\n"))
    }
    var body = heading(of: criterion) + blocks.joined(separator: "\n")
    if !criterion.lowerWhen.isEmpty {
      let reasons = criterion.lowerWhen.map { "- \($0)" }.joined(separator: "\n")
      body += "\n\nAssign lower scores when:\n" + reasons
    }
    return "\n" + body + "\n"
  }

  private static func heading(of criterion: Criterion) -> String {
    if let written = kept(criterion.ext, "heading"),
      let line = written.split(separator: "\n").first,
      let heading = MPOItem.heading(line)?.heading, isStill(heading, criterion)
    {
      return written
    }
    return criterion.title.isEmpty ? "" : "### \(criterion.title)\n"
  }

  private static func headed(_ level: Level) -> String {
    let value = CanonicalNumber.text(level.value)
    return "#### Criterion for Integer Score: **\(value)**\n"
      + ([level.text] + level.examples.map { "Example: \($0)" }).joined(separator: "\n")
  }

  private static func line(_ level: Level) -> String {
    let examples = level.examples.map { " (Example: \($0))" }.joined()
    return "- \(CanonicalNumber.text(level.value)): \(level.text)\(examples)"
  }

  /// Whether a heading still says what the criterion's fields say.
  private static func isStill(_ heading: MPOItem.Heading, _ criterion: Criterion) -> Bool {
    guard heading.title.isVerbatim(criterion.title) else { return false }
    if let slug = heading.slug, slug != criterion.id.rawValue, !isNumbered(criterion.id, slug) {
      return false
    }
    guard let range = heading.range, let bounds = criterion.scale.bounds else { return true }
    return range.min == bounds.min && range.max == bounds.max
  }

  /// Whether an id is a slug with the suffix that makes it distinct.
  private static func isNumbered(_ id: CriterionID, _ slug: String) -> Bool {
    id.rawValue.hasPrefix(slug + "-") && Int(id.rawValue.dropFirst(slug.count + 1)) != nil
  }

  /// Whether an item still says what the criterion's fields say.
  private static func isStill(_ item: MPOItem, _ criterion: Criterion) -> Bool {
    guard item.text.isVerbatim(criterion.text), item.levels == criterion.scale.levels,
      Set(item.lowerWhen.map(Verbatim.init)) == Set(criterion.lowerWhen.map(Verbatim.init))
    else { return false }
    guard let heading = item.heading else { return criterion.title.isEmpty }
    return isStill(heading, criterion)
  }

  private static func kept(_ ext: Extensions, _ key: String) -> String? {
    ext["mpo"]?[key]?.string
  }
}
