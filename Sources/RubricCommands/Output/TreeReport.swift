import RubricStore

extension Terminal {
  /// Shows a rubric as a tree with the share of each criterion.
  func tree(_ pin: Pin, only chosen: Criterion? = nil) {
    let rubric = pin.rubric
    let commit = paint("@" + pin.commit.prefix(12), .commit)
    line(
      paint(rubric.id.rawValue, .id) + commit
        + (rubric.title.isEmpty ? "" : "  \(rubric.title)"))
    let aggregation = rubric.aggregation
    let clip =
      aggregation.clip.map { "clipped to \($0.lower.words)…\($0.upper.words)" } ?? "not clipped"
    line(
      paint(
        "judge \(rubric.judge.mode.rawValue), reward \(aggregation.method.rawValue), \(clip), "
          + "missing \(aggregation.missing.rawValue), na \(aggregation.na.rawValue)", .muted))
    rows(
      rubric.criteria, share: 1, isSum: aggregation.method == .sum, only: chosen?.id, indent: "")
  }

  /// Shows siblings; with `only`, a criterion and what is in it, its share that of the whole.
  private func rows(
    _ siblings: [Criterion], share: Double?, isSum: Bool, only: CriterionID?, indent: String
  ) {
    let total = siblings.reduce(0.0) { $0 + ($1.status == .active ? $1.reach(isSum) : 0) }
    for (index, item) in siblings.enumerated() {
      let isLast = index == siblings.count - 1
      let own =
        item.status == .active && total > 0
        ? share.map { $0 * item.reach(isSum) / total } : nil
      if let only, item.id != only {
        rows(item.criteria, share: own, isSum: item.rollup == .sum, only: only, indent: indent)
        continue
      }
      let sign = item.polarity == .negative && item.credit == .penalty ? "-" : ""
      let percent = own.map { "\(sign)\($0.percent)" } ?? "–"
      var words = [paint(percent.padded(to: 7), .number), paint(item.id.rawValue, .id)]
      if !item.title.isEmpty {
        words.append(item.title)
      } else if !item.text.isEmpty {
        words.append(paint(item.text.excerpt, .muted))
      }
      if item.isGroup {
        words.append(paint("(\(item.rollup.rawValue))", .muted))
      } else {
        words.append(paint(item.scale.summary, .muted))
      }
      if item.polarity == .negative {
        words.append(paint("negative, \(item.credit.rawValue)", .removed))
      }
      if let gate = item.gate { words.append(paint("gate: \(gate.words)", .gate)) }
      if item.status != .active { words.append(paint(item.status.rawValue, .warning)) }
      if item.pinned { words.append(paint("pinned", .changed)) }
      line(indent + (isLast ? "└─ " : "├─ ") + words.joined(separator: "  "))
      rows(
        item.criteria, share: own, isSum: item.rollup == .sum, only: nil,
        indent: indent + (isLast ? "   " : "│  "))
    }
  }
}

extension Criterion {
  /// How far it can move its parent's value: its weight, and in a sum the width of its scale too.
  fileprivate func reach(_ isSum: Bool) -> Double {
    guard isSum else { return weight }
    guard isGroup else { return weight * (scale.bounds.map { $0.max - $0.min } ?? 0) }
    guard rollup == .sum else { return weight }
    return weight * criteria.reduce(0) { $0 + ($1.status == .active ? $1.reach(true) : 0) }
  }
}

extension Double {
  /// A share as a percentage with one decimal: `12.5%`.
  fileprivate var percent: String {
    let tenths = Int((self * 1_000).rounded())
    return "\(tenths / 10).\(tenths % 10)%"
  }
}

extension String {
  /// The beginning of the first line, where there is no title to show.
  fileprivate var excerpt: String {
    let line = prefix { !$0.isNewline }
    return line.count > 60 ? line.prefix(59) + "…" : String(line)
  }

  fileprivate func padded(to width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count)) + self
  }
}
