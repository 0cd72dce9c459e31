import ArgumentParser
import MetaEditor
import RubricStore

struct ReplayCommand: Performing {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Work out what the same verdicts earn under another version of a rubric",
    discussion: """
      Reads judgements, JSON lines as `score` reads them or evidence, and scores each under both \
      versions without asking the judge. What the judge would read otherwise under B cannot be \
      carried over: those pairs of rollout and criterion are counted, and written by --pairs, a \
      line each:
        {"rollout": "r1", "criterion": "flow", "rubric": "<commit of B>"}
      A rollout that waits for such a verdict has no reward under B, unless the rubric's own policy \
      for missing verdicts gives one. Verdicts that were given under B count as B's own; those of \
      other versions are counted apart.

      A..B is as in git: `A..` and `A` go up to HEAD, `..B` starts there.

      Examples:
        rubricctl replay main~5..main --verdicts graded.jsonl
        rubricctl replay essay@v1..exp-b --verdicts graded.jsonl --pairs again.jsonl
        rubricctl replay main~1 --verdicts graded.jsonl --rejudged answers.jsonl

      The exit status is 1 if a line could not be read; pairs that must be judged again are no \
      failure.
      """)

  @Argument(help: ArgumentHelp("The two versions: [RUBRIC@]A..B", valueName: "a..b"))
  var range: String

  @Option(help: ArgumentHelp("The verdicts, JSON lines; - for standard input", valueName: "file"))
  var verdicts: String

  @Option(
    help: ArgumentHelp(
      "Verdicts that the judge gave under B when it was asked again, JSON lines; kept in memory",
      valueName: "file"))
  var rejudged: String?

  @Option(
    help: ArgumentHelp("Write the pairs that must be judged again here", valueName: "file"))
  var pairs: String?

  @Option(help: ArgumentHelp("Show this many of the rollouts that moved most", valueName: "count"))
  var top = 10

  @Flag(
    help: """
      Take old verdicts to hold where they are still in scale; the rewards are estimates then
      """)
  var assumeHeld = false

  @Flag(help: "A JSON line for each rollout, and no report")
  var each = false

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func validate() throws {
    guard (0...10_000).contains(top) else {
      throw ValidationError("--top takes a number from 0 to 10000")
    }
    if verdicts == "-", rejudged == "-" {
      throw ValidationError("only one file can be standard input")
    }
  }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let store = try store.open()
    let range = try store.range(range)
    let origins = VersionOrigins(store: store, from: range.old, to: range.new)
    var replay = Replay(
      from: range.old.rubric, to: range.new.rubric,
      settings: Replay.Settings(top: top, assumesHeld: assumeHeld), origin: origins.origin)
    var reader = JudgementReader()
    var answers: [String: [CriterionID: Verdict]] = [:]
    if let rejudged {
      try reader.read(rejudged) { judgement in
        let stamp = judgement.rubric
        guard stamp.map({ origins.origin(of: $0, ifBoth: .after) == .after }) ?? true else {
          throw InputError(
            "`\(rejudged)` has verdicts that were given under `\(stamp ?? "")`",
            hint: "--rejudged takes verdicts under \(range.new.commit.prefix(12))")
        }
        answers[judgement.rollout, default: [:]].merge(
          judgement.verdicts.mapValues { Verdict($0.answer) }
        ) { $1 }
      }
    }
    var file: LineFile?
    if let pairs { file = try LineFile(pairs, besides: [verdicts, rejudged].compactMap { $0 }) }
    try reader.read(verdicts) { judgement in
      let again = answers[judgement.rollout] ?? [:]
      guard let replayed = replay.add(judgement, rejudged: again) else { return }
      if each { terminal.json(replayed.json) }
      guard let file else { return }
      for id in replayed.rejudge {
        try file.write([
          "rollout": .string(replayed.rollout), "criterion": .string(id.rawValue),
          "rubric": .string(range.new.commit.hex),
        ])
      }
    }
    try file?.close()
    let status: Int32 = reader.unread > 0 ? 1 : 0
    if each { return status }
    let report = replay.report
    if output.json {
      var object = JSONObject([
        ("rubric", .string(range.new.rubric.id.rawValue)),
        ("from", .string(range.old.commit.hex)), ("to", .string(range.new.commit.hex)),
      ])
      for member in report.json.object?.members ?? [] { object[member.key] = member.value }
      object["unread"] = .integer(reader.unread)
      terminal.json(.object(object))
    } else {
      terminal.show(report, of: range, assumesHeld: assumeHeld, pairsFile: pairs)
    }
    return status
  }
}

/// Reads judgements and tells which lines are none.
struct JudgementReader {
  private(set) var unread = 0

  mutating func read(_ path: String, _ body: (Judgement) throws -> Void) throws {
    try FileInput.lines(path) { line, number in
      guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { return }
      let judgement: Judgement
      do throws(SyntaxError) {
        judgement = try Judgement(parsing: line, lineNumber: number)
      } catch {
        unread += 1
        if unread <= 5, let finding = error.findings.first {
          Terminal.writeError(
            "warning: a line of `\(path)` is no judgement and is left out: \(finding)\n")
        } else if unread == 6 {
          Terminal.writeError("warning: more lines are no judgements\n")
        }
        return
      }
      try body(judgement)
    }
  }
}
