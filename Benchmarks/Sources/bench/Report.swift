/// What was measured, as a table for people.
struct Report {
  /// A rubric and what was measured on it, in order.
  struct Section {
    let title: String
    let summary: String
    let samples: [Sample]
  }

  var sections: [Section] = []
  /// What was left out, and why.
  var skipped: [String] = []

  /// The tables in Markdown.
  var markdown: String {
    var text = ""
    for section in sections {
      text += "## \(section.title)\n\n\(section.summary)\n\n"
      text += Self.table(rows(of: section))
      text += "\n"
    }
    for reason in skipped { text += "Skipped: \(reason).\n\n" }
    return text
  }

  private func rows(of section: Section) -> [[String]] {
    let byName = Dictionary(
      section.samples.map { ($0.measure.name, $0) }, uniquingKeysWith: { first, _ in first })
    var rows = [["what", "median", "spread", "ratio", "to", "reach"]]
    for sample in section.samples {
      let measure = sample.measure
      var row = [measure.name, Self.time(sample.median), "±\(Self.percent(sample.spread))"]
      if let name = measure.against, let other = byName[name] {
        let ratio = sample.ratio(to: other)
        row += ["\(Self.short(ratio))", name]
        row.append(
          measure.reach.map { "≤ \(Self.short($0)): \(ratio <= $0 ? "met" : "not met")" } ?? "")
      } else {
        row += ["", "", ""]
      }
      rows.append(row)
    }
    return rows
  }

  private static func table(_ rows: [[String]]) -> String {
    guard let header = rows.first else { return "" }
    let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    func line(_ cells: [String]) -> String {
      let padded = zip(cells, widths).enumerated().map { column, cell in
        let blank = String(repeating: " ", count: cell.1 - cell.0.count)
        return isNumber(column) ? blank + cell.0 : cell.0 + blank
      }
      return "| " + padded.joined(separator: " | ") + " |\n"
    }
    func isNumber(_ column: Int) -> Bool { (1...3).contains(column) }
    let rule = widths.enumerated().map { column, width in
      isNumber(column)
        ? String(repeating: "-", count: max(1, width - 1)) + ":"
        : String(repeating: "-", count: width)
    }
    return line(header) + line(rule) + rows.dropFirst().map(line).joined()
  }

  private static func time(_ seconds: Double) -> String {
    seconds < 1e-3 ? "\(short(seconds * 1e6)) µs" : "\(short(seconds * 1e3)) ms"
  }

  private static func percent(_ part: Double) -> String { "\(short(part * 100)) %" }

  /// A number to three digits.
  private static func short(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "0" }
    var scale = 1.0
    while value.magnitude * scale < 100, scale < 1e6 { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() && rounded.magnitude < 1e15
      ? "\(Int(rounded))" : "\(rounded)"
  }
}
