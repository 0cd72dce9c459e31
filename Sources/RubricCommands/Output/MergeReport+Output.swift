import RubricStore

extension Terminal {
  /// Tells what a merge did, or would do.
  func show(_ report: MergeReport, isDryRun: Bool) {
    let would = isDryRun ? "would be " : ""
    if report.kind == .upToDate {
      line("\(report.branch) has all of \(report.revision) already.")
      return
    }
    for merge in report.rubrics { show(merge, report) }
    switch report.kind {
    case .upToDate: break
    case .fastForward:
      line(
        "\(report.branch) \(isDryRun ? "would be" : "is") moved to "
          + "\(paint(report.theirs.prefix(12), .commit)) (fast-forward).")
    case .merged:
      if let commit = report.commit {
        line(
          "[\(report.branch) \(paint(commit.prefix(12), .commit))] Merge \(report.revision) into "
            + report.branch)
      } else {
        line("\(report.revision) \(would)merged into \(report.branch).")
      }
    case .conflicts:
      let count = report.conflicts.count
      line(
        "Nothing was committed: \(count == 1 ? "1 conflict is" : "\(count) conflicts are") open.")
      if report.isKept {
        Terminal.writeError(
          theme.paint("hint:", .hint) + " the merge is kept; `rubricctl settle PLACE=RULE`, then "
            + "`rubricctl merge --continue`\n")
      } else if !isDryRun {
        Terminal.writeError(
          theme.paint("hint:", .hint)
            + " settle them with --settle PLACE=RULE, or --keep the merge and settle them one by "
            + "one\n")
      }
    }
    if let note = report.workTreeNote {
      Terminal.writeError(theme.paint("warning:", .warning) + " \(note)\n")
    }
  }

  private func show(_ merge: RubricMerge, _ report: MergeReport) {
    line(paint("\(merge.rubric)", .heading))
    show(merge.ourChange, merge.ourEdits, by: report.branch)
    show(merge.theirChange, merge.theirEdits, by: report.revision)
    for settled in merge.settled { show(settled) }
    for note in merge.notes {
      line("  " + paint("note", .warning) + " \(note.path): \(note.message)")
    }
    for conflict in merge.conflicts { show(conflict) }
    if let since = merge.sinceOurs {
      line("  Since \(report.branch): \(since.sentence)")
    }
    if let since = merge.sinceTheirs {
      line("  Since \(report.revision): \(since.sentence)")
    }
    line()
  }

  private func show(_ change: RubricMerge.SideChange, _ edits: [Edit], by side: String) {
    let most = 10
    guard change == .edited, !edits.isEmpty else {
      line("  \(side): " + (change == .edited ? "layout only" : change.rawValue))
      return
    }
    line("  \(side): \(edits.count == 1 ? "1 edit" : "\(edits.count) edits")")
    for edit in edits.prefix(most) {
      let why = edit.rationale.isEmpty ? "" : paint(": " + edit.rationale.oneLine(60), .muted)
      line("    \(edit.summary)\(why)")
    }
    if edits.count > most { line("    and \(edits.count - most) more") }
  }

  /// Shows what was settled.
  func show(_ settled: SettledConflict, indent: String = "  ") {
    line(
      indent + paint("settled", .good) + " \(settled.path) by \(settled.rule.name ?? "a value"): "
        + settled.result.short)
  }

  /// Shows a conflict, who made its sides, and what settles it.
  func show(_ conflict: MergeConflict) {
    line(
      "  " + paint("conflict", .error) + " \(paint("\(conflict.path)", .id)): \(conflict.message)")
    for (name, value) in [
      ("base", conflict.base), ("ours", conflict.ours), ("theirs", conflict.theirs),
    ] where value != nil || name != "base" || !conflict.isWhole {
      let label = name + String(repeating: " ", count: 7 - name.count)
      line("    \(paint(label, .muted))\(value.short)")
      let causes =
        name == "ours" ? conflict.ourCauses : name == "theirs" ? conflict.theirCauses : []
      for cause in causes.suffix(3) {
        let commit = cause.commit.map { paint(String($0.prefix(12)), .commit) + " " } ?? ""
        let why = cause.edit.rationale.isEmpty ? "" : ": " + cause.edit.rationale.oneLine(60)
        line("           \(commit)\(cause.edit.summary)\(paint(why, .muted))")
      }
    }
    let rules = conflict.rules.compactMap(\.name) + (conflict.takesValue ? ["VALUE"] : [])
    if !rules.isEmpty {
      line("    \(paint("settle", .hint)) \(conflict.path)=\(rules.joined(separator: "|"))")
    }
  }

  /// Shows a merge that waits to be finished.
  func show(_ kept: KeptMerge) {
    line(paint("Merge of \(kept.revision) into \(kept.branch)", .heading))
    for settlement in kept.settlements.places {
      line("  " + paint("settled", .good) + " \(settlement.place)=\(settlement.rule.words)")
    }
    for all in kept.settlements.all {
      line("  " + paint("settled", .good) + " wherever it fits: \(all.words)")
    }
    for conflict in kept.conflicts { show(conflict) }
    if kept.conflicts.isEmpty {
      line("No conflict is open; `rubricctl merge --continue` commits the merge.")
    } else {
      let count = kept.conflicts.count
      line(count == 1 ? "1 conflict is open." : "\(count) conflicts are open.")
    }
  }
}

extension MergeConflict {
  /// Whether it is about a criterion or rubric as a whole.
  fileprivate var isWhole: Bool { path.field == nil }
}

extension Settlement.Rule {
  fileprivate var words: String {
    if case .value(let value) = self { value.jsonText } else { name ?? "" }
  }
}

extension JSONValue? {
  /// A value on one line, cut where it is long; a criterion by its title or text.
  fileprivate var short: String {
    guard let self else { return "not there" }
    switch self {
    case .null: return "not set"
    case .string(let text): return text.isEmpty ? "empty" : text.oneLine(100)
    case .object(let object):
      if object["id"] != nil, let words = object["title"]?.string ?? object["text"]?.string {
        return "“\(words.oneLine(80))”"
      }
      return self.jsonText.oneLine(100)
    default: return self.jsonText.oneLine(100)
    }
  }
}

extension String {
  /// The text on one line, without what a terminal would obey, cut after `count` characters.
  func oneLine(_ count: Int) -> String {
    var shown = ""
    for scalar in unicodeScalars.prefix(count) {
      let isControl = scalar.properties.generalCategory == .control
      shown.unicodeScalars.append(
        scalar == "\n" || scalar == "\t" ? " " : isControl ? "\u{FFFD}" : scalar)
    }
    return unicodeScalars.count > count ? shown + "…" : shown
  }
}
