import ArgumentParser
import RubricStore

extension Import {
  /// Imports the files as a history.
  func performSeries(_ terminal: Terminal) throws -> Int32 {
    let order = asGiven ? Array(files.indices) : SeriesOrder.byNumber(files)
    let named = order.map { files[$0] }
    let store = try dryRun ? Optional(try? store.open()).flatMap { $0 } : store.open()
    let known = try map.map { try SeriesMap(parsing: FileInput.read($0), name: $0) }
    let read = try named.map { Series.File(name: $0, text: try FileInput.read($0)) }
    // The id may only be known from the files, and the tip only by the id.
    let id = try series(of: read).id
    let revision = try store.map { try start($0) } ?? "HEAD"
    let series: Series
    if let store, try isThere(id, store, at: revision) {
      guard update else {
        throw InputError(
          "there is a rubric `\(id)` on `\(try branch ?? store.head().name)` already",
          hint: "choose another --id, or continue it with --update, which matches the first file "
            + "with the rubric as it is")
      }
      series = try self.series(
        of: read, map: known, tip: try store.pull(id, at: revision).rubric,
        used: try store.criterionIDs(everIn: id, at: revision))
    } else {
      series = try self.series(of: read, map: known)
    }
    if let writeMap { try FileInput.write(series.map.text, to: writeMap) }
    if !output.json {
      let words = asGiven ? "as given" : "in the order of their numbers"
      terminal.line("\(named.count == 1 ? "1 file" : "\(named.count) files"), \(words)")
      if let last = series.skipped.last {
        let name = SeriesMap.name(last)
        terminal.line(
          "\(series.id) is as \(name) has it"
            + (series.skipped.count > 1 ? "; skipped up to there" : ""))
      }
    }
    if !dryRun, let store { try makeBranch(store, terminal) }
    for step in series.steps {
      tellNotes(step, terminal)
      var outcome: CommitOutcome?
      if !dryRun, let store {
        let name = SeriesMap.name(step.name)
        outcome = try store.commit(
          step, rationale: message.map { "\($0) (\(name))" } ?? "import \(name)",
          proposer: MetaUpdate.Proposer(.import, name: name), to: branch)
      }
      terminal.show(step, outcome, order: asGiven ? "given" : "number", isJSON: output.json)
    }
    if series.steps.isEmpty, !output.json { terminal.line("nothing to import") }
    return 0
  }

  private func series(
    of files: [Series.File], map: SeriesMap? = nil, tip: Rubric? = nil,
    used: Set<CriterionID> = []
  ) throws -> Series {
    let foreign: ImportFormat? =
      switch format {
      case .mpo: .mpo
      case .paperbench: .paperbench
      case .rubric, nil: nil
      }
    return try Series(
      files, id: id, format: foreign, isDocument: format == .rubric, map: map ?? SeriesMap(),
      continuing: tip,
      usedIDs: used, repairIDs: repairIDs)
  }

  /// Where the series is put on: the branch, or HEAD, at which a new branch begins.
  private func start(_ store: Store) throws -> String {
    guard let branch, try store.branches().contains(where: { $0.name == branch }) else {
      return "HEAD"
    }
    return branch
  }

  /// Creates the branch that is named, where HEAD has a commit that it can start at.
  private func makeBranch(_ store: Store, _ terminal: Terminal) throws {
    guard let branch, try store.head().commit != nil,
      try !store.branches().contains(where: { $0.name == branch })
    else { return }
    let made = try store.createBranch(branch)
    if !output.json {
      terminal.line("Created branch \(branch) at \(terminal.paint(made.tip.prefix(12), .commit))")
    }
  }

  private func tellNotes(_ step: Series.Step, _ terminal: Terminal) {
    guard !output.json else { return }
    for note in step.notes {
      Terminal.writeError(terminal.paint("note:", .hint) + " \(step.name):\(note)\n")
    }
  }
}

extension SeriesMap {
  /// A file's name without folders.
  static func name(_ path: String) -> String {
    path == "-" ? "standard input" : String(path.split(separator: "/").last ?? "")
  }
}

extension Terminal {
  /// Shows a version of a series: how its criteria were matched, and the edits or the commit.
  fileprivate func show(
    _ step: Series.Step, _ outcome: CommitOutcome?, order: String, isJSON: Bool
  ) {
    if isJSON { return json(step.json(outcome, order: order)) }
    line()
    let kept = step.members.filter { $0.basis != nil }.count
    var words: [String] = []
    if step.edits == nil {
      words.append("created, \(step.members.count) criteria")
    } else {
      words.append("\(kept) kept")
      if step.members.count > kept { words.append("\(step.members.count - kept) added") }
      if !step.removed.isEmpty { words.append("\(step.removed.count) removed") }
    }
    line(paint(SeriesMap.name(step.name), .heading) + ": " + words.joined(separator: ", "))
    for member in step.members {
      let title = member.title.isEmpty ? "" : " “\(member.title)”"
      let place = "\(paint(member.id.rawValue, .id)) ← \(member.position)\(title)"
      if let basis = member.basis {
        line("  = \(place) " + paint("(\(basis.rawValue), \(member.score.percent))", .muted))
      } else {
        line("  " + paint("+", .added) + " \(place)")
      }
    }
    for criterion in step.removed {
      let title = criterion.title.isEmpty ? "" : " “\(criterion.title)”"
      line("  " + paint("-", .removed) + " \(paint(criterion.id.rawValue, .id))\(title)")
    }
    if let outcome {
      report(outcome, isJSON: false)
    } else if let edits = step.edits {
      if edits.isEmpty {
        line("no change")
      } else {
        if let sentence = step.comparability?.sentence { line(sentence) }
        show(edits)
      }
    }
  }
}

extension Double {
  /// A share as a whole number of percent.
  fileprivate var percent: String { "\(Int((self * 100).rounded())) %" }
}

extension Series.Step {
  fileprivate func json(_ outcome: CommitOutcome?, order: String) -> JSONValue {
    let matched = members.filter { $0.basis != nil }.map { member -> JSONValue in
      [
        "id": .string(member.id.rawValue), "position": .integer(member.position),
        "title": .string(member.title), "by": .string(member.basis?.rawValue ?? ""),
        "score": .number(member.score),
      ]
    }
    let added = members.filter { $0.basis == nil }.map { member -> JSONValue in
      [
        "id": .string(member.id.rawValue), "position": .integer(member.position),
        "title": .string(member.title),
      ]
    }
    return [
      "file": .string(name), "order": .string(order),
      "format": .string(format?.rawValue ?? "rubric"),
      "commit": outcome.map { .string($0.commit.hex) } ?? .null,
      "rubric": .string(rubric.id.rawValue),
      "kind": edits == nil ? "created" : "edited",
      "kept": .array(matched), "added": .array(added),
      "removed": .array(
        removed.map { ["id": .string($0.id.rawValue), "title": .string($0.title)] }),
      "edits": .array((outcome?.edits ?? edits ?? []).map(\.json)),
      "comparability": comparability.map { .string($0.word) } ?? .null,
      "rejudge": .array((comparability?.rejudged ?? []).map { .string($0.rawValue) }),
      "notes": .array(
        notes.map { note in
          [
            "line": note.line.map { .integer($0) } ?? .null,
            "criterion": note.criterion.map { .string($0.rawValue) } ?? .null,
            "message": .string(note.message),
          ]
        }),
    ]
  }
}
