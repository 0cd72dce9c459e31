import RubricStore

/// A log with what was measured later, in columns.
struct MetricTable {
  private struct Column {
    var name: MetricName
    var cells: [String]
    var width: Int
  }

  private let entries: [LogEntry]
  /// The latest of each metric at each entry.
  private let latest: [[MetricName: Metric]]
  private let columns: [Column]

  /// Lays a log out.
  ///
  /// - Parameters:
  ///   - entries: The entries, newest first.
  ///   - notes: What was noted about their commits.
  ///   - names: The metrics that are shown, in this order; all where none are named.
  init(_ entries: [LogEntry], _ notes: [ObjectID: CommitNote], names: [MetricName]) {
    self.entries = entries
    let latest = entries.map { notes[$0.commit]?.latest(of: $0.rubric) ?? [:] }
    self.latest = latest
    let all = names.isEmpty ? Set(latest.flatMap(\.keys)).sorted() : names
    columns = all.map { name in
      let values = latest.map { $0[name]?.value }
      let decimals = values.compactMap { $0?.decimals(atMost: 4) }.max() ?? 0
      let cells = values.map { $0.map { $0.shown(decimals) } ?? "" }
      let width = max(name.rawValue.count, cells.map(\.count).max() ?? 0)
      return Column(name: name, cells: cells, width: width)
    }
  }

  /// The metrics of an entry, as `log --json` has them.
  func json(at index: Int) -> JSONValue {
    latest[index].json(of: columns.map(\.name))
  }

  /// Shows how each metric went, and then the entries with their values.
  func show(on terminal: Terminal) {
    let plot = Plot.current
    let names = columns.map(\.name.rawValue.count).max() ?? 0
    for column in columns {
      // Oldest first, as time goes.
      let values = latest.reversed().map { $0[column.name]?.value }
      let known = values.compactMap { $0 }
      let range =
        known.count > 1 ? "  \(known[0].short) → \(known[known.count - 1].short)" : ""
      terminal.line(
        terminal.paint(column.name.rawValue.rightPadded(to: names), .id) + "  "
          + plot.line(values, width: 60) + terminal.paint(range, .muted))
    }
    guard !entries.isEmpty else { return }
    if columns.isEmpty {
      Terminal.writeError("no metric is noted about these commits; `rubricctl note` records one\n")
    } else {
      terminal.line()
      let heading = columns.map { $0.name.rawValue.leftPadded(to: $0.width) }
      terminal.line(
        terminal.paint(
          (["commit".rightPadded(to: 12)] + heading).joined(separator: "  "), .heading))
    }
    let none = plot.isUnicode ? "·" : "."
    for (index, entry) in entries.enumerated() {
      let cells = columns.map { column in
        let cell = column.cells[index]
        return terminal.paint(
          (cell.isEmpty ? none : cell).leftPadded(to: column.width),
          cell.isEmpty ? .muted : .number)
      }
      terminal.line(
        ([terminal.paint(entry.commit.prefix(12), .commit)] + cells
          + [entry.subject.printable + terminal.comparability(of: entry)])
          .joined(separator: "  "))
    }
  }
}

extension Double {
  /// The number in a column of so many decimals, or as it is where those would hide it.
  fileprivate func shown(_ decimals: Int) -> String {
    let text = fixed(decimals)
    return self != 0 && magnitude < 1e-3 ? words : text
  }

  /// The number with at most four decimals.
  fileprivate var short: String { shown(decimals(atMost: 4)) }
}
