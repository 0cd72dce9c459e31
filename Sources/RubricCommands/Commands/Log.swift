import ArgumentParser
import RubricStore

struct Log: Performing {
  static let configuration = CommandConfiguration(
    abstract: "Show what changed, why, who changed it, and what that means for scores",
    discussion: """
      One entry a commit, the newest first. Commits that were made with git alone are compared with \
      their parents. --json gives one object a line.

      --metrics adds what was measured later (`rubricctl note`): the latest value at each commit in a \
      column for each metric, and how they went from the oldest commit shown to the newest.

      --criterion goes on with what the criterion was made of by split or merge-criteria. With \
      --criterion or --op a merge counts by what it did itself, not by what it took over from a side.

      Examples:
        rubricctl log --criterion flow
        rubricctl log --op tighten --op relax -n 5
        rubricctl log essay@exp-b --oneline
        rubricctl log --graph --oneline
        rubricctl log --since-comparable
        rubricctl log --metrics
        rubricctl log --metric gold --metric reward -n 40
      """)

  @Argument(
    help: ArgumentHelp("Which rubric, and where to start: RUBRIC[@REV]", valueName: "rubric@rev"))
  var name = ""

  @Option(help: "Only commits that changed this criterion")
  var criterion: CriterionID?

  @Option(name: .customLong("op"), help: "Only commits with an edit of this kind (can be repeated)")
  var operations: [Edit.Operation] = []

  @Option(
    name: .customShort("n"), help: ArgumentHelp("At most this many entries", valueName: "count"))
  var limit: Int?

  @Flag(help: "One line an entry")
  var oneline = false

  @Flag(help: "Follow only the first parent of merges")
  var firstParent = false

  @Flag(help: "Draw how the commits hang together; merges are shown too")
  var graph = false

  @Flag(
    help: """
      Only what came after the last commit that changed what scores mean, and which one that is
      """)
  var sinceComparable = false

  @Flag(help: "One line an entry, with columns for what was measured later")
  var metrics = false

  @Option(
    name: .customLong("metric"),
    help: ArgumentHelp("Only these metrics (can be repeated)", valueName: "name"))
  var metricNames: [MetricName] = []

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  private var showsMetrics: Bool { metrics || !metricNames.isEmpty }

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("-n takes 0 or more") }
    if graph, showsMetrics { throw ValidationError("--graph and --metrics exclude each other") }
    if graph, output.json { throw ValidationError("--graph and --json exclude each other") }
  }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let store = try store.open()
    let start = try start(in: store)
    if let rubric = start.rubric, try !store.isKnown(rubric, from: start.revision) {
      let names = try store.rubrics(at: start.revision).map(\.rawValue)
      throw InputError(
        "there is no rubric `\(rubric)`", hint: Suggestion.didYouMean(rubric.rawValue, among: names)
      )
    }
    var filter = LogFilter(
      rubric: start.rubric, criterion: criterion, operations: Set(operations), limit: limit)
    var history: ComparableHistory?
    if sinceComparable {
      let found = try store.comparableHistory(of: start.rubric, at: start.revision)
      filter.rubric = found.rubric
      filter.commits = found.commits.subtracting(found.ends.map(\.commit))
      history = found
    }
    let count =
      graph
      ? try draw(filter, from: start, in: store, terminal)
      : showsMetrics
        ? try tabulate(filter, from: start, in: store, terminal)
        : try list(filter, from: start, in: store, terminal)
    if let history { try terminal.show(history, in: store, isJSON: output.json, after: count) }
    if count == 0, let criterion, let pin = try? store.pull(start.rubric, at: start.revision) {
      _ = try pin.rubric.find(criterion)
    }
    return 0
  }

  /// Shows the entries one after the other, and returns how many there are.
  private func list(
    _ filter: LogFilter, from start: RubricRevision, in store: Store, _ terminal: Terminal
  ) throws -> Int {
    var count = 0
    try store.log(from: start.revision, filter, firstParent: firstParent) { entry in
      if output.json {
        terminal.json(entry.json)
      } else {
        if count > 0, !oneline { terminal.line() }
        terminal.show(entry, isShort: oneline, showsMerged: firstParent)
      }
      count += 1
      return true
    }
    return count
  }

  /// Shows the entries with what was measured later, and returns how many there are.
  private func tabulate(
    _ filter: LogFilter, from start: RubricRevision, in store: Store, _ terminal: Terminal
  ) throws -> Int {
    var entries: [LogEntry] = []
    try store.log(from: start.revision, filter, firstParent: firstParent) {
      entries.append($0)
      return true
    }
    let table = MetricTable(
      entries, try store.notes(of: entries.map(\.commit)), names: metricNames)
    guard output.json else {
      table.show(on: terminal)
      return entries.count
    }
    for (index, entry) in entries.enumerated() {
      var object = entry.json.object ?? JSONObject()
      object["metrics"] = table.json(at: index)
      terminal.json(.object(object))
    }
    return entries.count
  }

  /// Draws the graph with the entries beside it, and returns how many commits there are.
  private func draw(
    _ filter: LogFilter, from start: RubricRevision, in store: Store, _ terminal: Terminal
  ) throws -> Int {
    var drawing = GraphDrawing()
    let nodes = try store.logGraph(from: start.revision, filter, firstParent: firstParent).nodes
      .prefix(limit ?? .max)
    for (index, node) in nodes.enumerated() {
      let rows = drawing.place(node.commit, parents: node.parents)
      let isSpaced = !oneline && index < nodes.count - 1
      try terminal.draw(rows, isSpaced: isSpaced) {
        let entries =
          node.rubrics.isEmpty
          ? []
          : try store.entries(of: node.commit, firstParent: firstParent).filter {
            node.rubrics.contains($0.rubric)
          }
        if entries.isEmpty {
          terminal.show(try store.headline(of: node.commit), isShort: oneline)
        }
        for (number, entry) in entries.enumerated() {
          if number > 0, !oneline { terminal.line() }
          terminal.show(entry, isShort: oneline, showsMerged: firstParent)
        }
      }
    }
    return nodes.count
  }

  /// Where to start; a word that names nothing at HEAD may be a rubric that was there.
  private func start(in store: Store) throws -> RubricRevision {
    do throws(StoreError) {
      return try store.revision(name)
    } catch {
      guard error.code == .notFound, let rubric = RubricID(rawValue: name),
        try store.head().commit != nil, try store.isKnown(rubric, from: "HEAD")
      else { throw error }
      return RubricRevision(rubric: rubric)
    }
  }
}

extension Store {
  /// Whether a rubric is there, or was.
  fileprivate func isKnown(_ rubric: RubricID, from revision: String) throws -> Bool {
    if try rubrics(at: revision).contains(rubric) { return true }
    var isKnown = false
    try log(from: revision, LogFilter(rubric: rubric, limit: 1)) { _ in
      isKnown = true
      return false
    }
    return isKnown
  }
}

extension Edit.Operation: ExpressibleByArgument {
  /// Creates a kind from a word of the command line, with dashes or underscores.
  public init?(argument: String) {
    self.init(rawValue: argument.replacing("-", with: "_"))
  }
}
