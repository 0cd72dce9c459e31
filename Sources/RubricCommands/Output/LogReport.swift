import RubricStore

extension Terminal {
  /// Shows an entry of a log.
  ///
  /// - Parameters:
  ///   - entry: The entry.
  ///   - isShort: Whether it takes one line.
  ///   - showsMerged: Whether the edits that a merge brought are shown.
  func show(_ entry: LogEntry, isShort: Bool, showsMerged: Bool = false) {
    if isShort {
      line(
        paint(entry.commit.prefix(12), .commit) + " " + entry.subject.printable
          + comparability(of: entry))
      return
    }
    line(paint("commit \(entry.commit.hex)", .commit))
    line("Author: \(entry.author.name.printable) <\(entry.author.email.printable)>")
    line("Date:   \(entry.author.date)")
    if entry.proposer.author != .human || !entry.proposer.name.isEmpty {
      line("By:     \(entry.proposer.author.rawValue) \(entry.proposer.name.printable)")
    }
    if case .integer(let count)? = entry.provenance["evidence"]?["rollouts"] {
      let digest = entry.provenance["evidence"]?["sha256"]?.string?.prefix(12) ?? ""
      line(
        "On:     \(count == 1 ? "1 rollout" : "\(count) rollouts")"
          + (digest.isEmpty ? "" : ", sha256 \(digest.description.printable)"))
    }
    if let source = entry.source {
      line((source.kind == .picked ? "Picked: " : "Reverts: ") + paint(source.words, .commit))
    }
    line()
    line("    \(entry.subject.printable)")
    if entry.kind != .edited {
      line("    " + paint("\(entry.rubric): \(entry.kind.rawValue)", .muted))
    }
    if let problem = entry.problem {
      let words = problem.replacing("\n", with: "\n    ")
      line("    " + paint("the change cannot be read: \(words)", .error))
    } else if !entry.isRecorded {
      line("    " + paint("made with git; edits worked out", .muted))
    }
    for settled in entry.settled { show(settled, indent: "    ") }
    if !entry.edits.isEmpty {
      line()
      if entry.kind == .merged, !showsMerged {
        // They stand with the commits that were merged.
        let count = entry.edits.count
        let brought = count == 1 ? "1 edit" : "\(count) edits"
        line("    " + paint("brought \(brought); --first-parent shows them", .muted))
      } else {
        show(entry.edits, indent: "    ")
      }
    }
    if let comparability = entry.comparability, [.edited, .merged].contains(entry.kind) {
      line()
      line("    \(comparability.sentence)")
    }
  }
}

extension Terminal {
  /// What an entry means for scores, in a word after a blank; nothing where that is not known.
  func comparability(of entry: LogEntry) -> String {
    entry.comparability.map { paint(" (\($0.short))", .muted) } ?? ""
  }

  /// Shows a merge that changed no rubric itself.
  func show(_ merge: CommitHeadline, isShort: Bool) {
    if isShort {
      return line(paint(merge.commit.prefix(12), .commit) + " " + merge.subject.printable)
    }
    line(paint("commit \(merge.commit.hex)", .commit))
    if merge.parents.count > 1 {
      line("Merge:  \(merge.parents.map { $0.prefix(12) }.joined(separator: " "))")
    }
    line("Author: \(merge.author.name.printable) <\(merge.author.email.printable)>")
    line("Date:   \(merge.author.date)")
    line()
    line("    \(merge.subject.printable)")
  }

  /// Tells how far back scores can be compared.
  func show(
    _ history: ComparableHistory, in store: Store, isJSON: Bool, after count: Int
  ) throws {
    let ends = try history.ends.map { (end: $0, headline: try store.headline(of: $0.commit)) }
    if isJSON {
      return json([
        "rubric": .string(history.rubric.rawValue), "commit": .string(history.commit.hex),
        "comparableSince": .array(
          ends.map { end, headline in
            [
              "commit": .string(end.commit.hex), "subject": .string(headline.subject),
              "date": .string(headline.author.date),
              "parent": end.parent.map { .string($0.hex) } ?? .null,
              "comparability": end.comparability.map { .string($0.word) } ?? .null,
              "rejudge": .array((end.comparability?.rejudged ?? []).map { .string($0.rawValue) }),
            ]
          }),
      ])
    }
    if count > 0 { line() }
    for (end, headline) in ends {
      let since = paint(end.commit.prefix(12), .commit)
      line(
        end.commit == history.commit
          ? "No earlier scores can be compared with those of \(since)."
          : "Scores since \(since) can be compared with those of \(history.commit.prefix(12)).")
      line(
        "  \(headline.author.date.prefix(10))  \(headline.subject.printable)"
          + (end.comparability.map { paint(" (\($0.short))", .muted) } ?? ""))
      if end.parent == nil {
        line("The rubric begins there.")
      } else if let parent = end.parent, end.commit != history.commit {
        line("Those of \(parent.prefix(12)), before it, cannot.")
      }
    }
  }
}

extension String {
  /// The text without what a terminal would obey: commits are made by anybody.
  var printable: String {
    var scalars = UnicodeScalarView()
    for scalar in unicodeScalars {
      let isControl = scalar.properties.generalCategory == .control && scalar != "\t"
      scalars.append(isControl ? "\u{FFFD}" : scalar)
    }
    return String(scalars)
  }
}

extension Comparability {
  /// The word, with the ids where they are few.
  fileprivate var short: String {
    switch rejudged.count {
    case 0: word
    case 1...3: "\(word) \(rejudged.map(\.rawValue).joined(separator: " "))"
    default: "\(word) \(rejudged.count) criteria"
    }
  }
}
