import ArgumentParser
import RubricStore

struct NoteCommand: Performing {
  static let configuration = CommandConfiguration(
    commandName: "note",
    abstract: "Record what was measured about a commit later, or show it",
    discussion: """
      Metrics are kept as git notes under refs/notes/rubric-metrics, a JSON line each, and change no \
      commit: `git notes --ref=rubric-metrics show REV` reads them too. Of several writers at once \
      none loses a line. `rubricctl log --metrics` shows them in columns.

      With RUBRIC@REV a metric is about that rubric, with REV about all that the commit holds. \
      Without --metric and --remove what is there is shown.

      git neither pushes nor fetches notes unless it is told to, and merges them by lines:
        git push origin refs/notes/rubric-metrics
        git fetch origin refs/notes/rubric-metrics:refs/notes/origin/rubric-metrics
        git notes --ref=rubric-metrics merge -s cat_sort_uniq origin/rubric-metrics

      Examples:
        rubricctl note main~3 --metric gold=0.71 --metric reward=0.8 --step 640
        rubricctl note essay@main --metric loss=1e-3 --message "after the fix"
        rubricctl note main~3
        rubricctl note main~3 --remove gold
      """)

  @Argument(help: ArgumentHelp("The commit: REV or RUBRIC@REV", valueName: "rev"))
  var name: String

  @Option(
    name: .customLong("metric"),
    help: ArgumentHelp("What was measured (can be repeated)", valueName: "name=value"))
  var metrics: [MetricArgument] = []

  @Option(
    name: .customLong("remove"),
    help: ArgumentHelp("Remove this metric from the commit (can be repeated)", valueName: "name"))
  var removed: [MetricName] = []

  @Option(help: "The step of the training at which it was measured")
  var step: Int?

  @Option(
    name: [.customShort("m"), .long], help: ArgumentHelp("What to know of it", valueName: "text"))
  var message: String?

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func validate() throws {
    if let step, step < 0 { throw ValidationError("--step takes 0 or more") }
    if metrics.isEmpty, step != nil || message != nil {
      throw ValidationError("--step and --message go with --metric")
    }
    if !metrics.isEmpty, !removed.isEmpty {
      throw ValidationError("--metric and --remove exclude each other")
    }
  }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let store = try store.open()
    let target = try store.noteTarget(name)
    if !metrics.isEmpty {
      let outcome = try store.note(
        metrics.map {
          Metric($0.name, $0.value, step: step, rubric: target.rubric, message: message)
        }, on: target.commit)
      report(outcome, "noted", terminal)
      try warnIfUnseen(target.commit, in: store)
      return 0
    }
    if !removed.isEmpty {
      let outcome = try store.removeMetrics(
        Set(removed), from: target.commit, of: target.rubric)
      guard outcome.count > 0 else {
        let known = Set(outcome.note.metrics.map(\.name.rawValue))
        let names = Suggestion.list(removed.map(\.rawValue), conjunction: "and")
        throw InputError(
          "\(target.commit.prefix(12)) has no metric \(names)",
          hint: Suggestion.didYouMean(removed[0].rawValue, among: known.sorted()))
      }
      report(outcome, "removed", terminal)
      return 0
    }
    let note = try store.notes(of: [target.commit])[target.commit] ?? CommitNote()
    if output.json {
      terminal.json(note.json(of: target.commit))
    } else if note.metrics.isEmpty, note.remarks.isEmpty {
      Terminal.writeError("nothing is noted about \(target.commit.prefix(12))\n")
    } else {
      terminal.show(note)
    }
    return 0
  }

  private func report(_ outcome: NoteOutcome, _ what: String, _ terminal: Terminal) {
    if output.json {
      var object = outcome.note.json(of: outcome.commit).object ?? JSONObject()
      object["notes"] = outcome.notes.map { .string($0.hex) } ?? .null
      object["changed"] = .integer(outcome.count)
      object["retries"] = .integer(outcome.retries)
      terminal.json(.object(object))
    } else if outcome.count == 0 {
      terminal.line("\(terminal.paint(outcome.commit.prefix(12), .commit)): it was noted already")
    } else {
      let metrics = outcome.count == 1 ? "1 metric" : "\(outcome.count) metrics"
      terminal.line(
        "\(terminal.paint(outcome.commit.prefix(12), .commit)): \(metrics) \(what)")
    }
  }

  /// A commit that changes no rubric is not in the log.
  private func warnIfUnseen(_ commit: ObjectID, in store: Store) throws {
    var seen: LogEntry?
    try store.log(from: commit.hex, LogFilter(limit: 1)) {
      seen = $0
      return false
    }
    guard let seen, seen.commit != commit else { return }
    Terminal.writeError(
      "warning: \(commit.prefix(12)) changes no rubric, so that `log` does not show it\n"
        + "hint: \(seen.commit.prefix(12)) is the last one up to it that does\n")
  }
}

/// `NAME=VALUE`.
struct MetricArgument: ExpressibleByArgument {
  var name: MetricName
  var value: Double

  init?(argument: String) {
    guard let equals = argument.firstIndex(of: "="),
      let name = MetricName(rawValue: String(argument[..<equals]))
    else { return nil }
    let text = argument[argument.index(after: equals)...]
    // Neither hexadecimal digits nor words.
    guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }), let value = Double(text),
      value.isFinite
    else { return nil }
    self.name = name
    self.value = value == 0 ? 0 : value
  }

  var defaultValueDescription: String { "\(name)=\(value)" }
}

extension MetricName: ExpressibleByArgument {
  /// Creates a name from a word of the command line.
  public init?(argument: String) { self.init(rawValue: argument) }
}

extension Store {
  /// The commit that a note is about, and the rubric where one was named.
  func noteTarget(_ name: String) throws -> (rubric: RubricID?, commit: ObjectID) {
    let revision = try revision(name)
    if let rubric = revision.rubric {
      return (rubric, try pull(rubric, at: revision.revision).commit)
    }
    return (nil, try resolve(revision.revision))
  }
}

extension Terminal {
  /// Shows what was noted about a commit, a line each.
  func show(_ note: CommitNote) {
    let names = note.metrics.map(\.name.rawValue.count).max() ?? 0
    let values = note.metrics.map(\.value.words)
    let width = values.map(\.count).max() ?? 0
    for (metric, value) in zip(note.metrics, values) {
      var parts: [String] = []
      if let step = metric.step { parts.append("step \(step)") }
      if let at = metric.json["at"]?.string { parts.append(at) }
      if let rubric = metric.rubric { parts.append(rubric.rawValue) }
      if let message = metric.message { parts.append(message.printable.replacing("\n", with: " ")) }
      let row =
        paint(metric.name.rawValue.rightPadded(to: names), .id) + "  "
        + paint(value.leftPadded(to: width), .number) + "  "
        + paint(parts.joined(separator: "  "), .muted)
      line(row.withoutTrailingSpaces)
    }
    for remark in note.remarks { line(remark.printable) }
  }
}
