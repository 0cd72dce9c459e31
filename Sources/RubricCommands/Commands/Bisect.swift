import ArgumentParser
import RubricStore

struct Bisect: Performing {
  static let configuration = CommandConfiguration(
    abstract: "Find the meta-update that made a rubric bad, by trying versions",
    discussion: """
      Runs a command on versions of the rubric between a good and a bad commit, each time halving \
      what is left, as git bisect run does. Nothing is checked out, so a bare repository will do. \
      Only commits that change the rubric are tried, and no version twice.

      CMD runs under `sh -c`. It finds the rubric on standard input and in the file $RUBRIC_FILE \
      (canonical YAML), and its commit in $RUBRIC_COMMIT, its id in $RUBRIC_ID. What it prints goes to \
      standard error. It exits with 0 for good, 125 for one that cannot be told, 1 to 127 for bad; 128 \
      and more end the search.

      The exit status is 0 if the meta-update is found, else 2.

      Examples:
        rubricctl bisect --good v1 --bad main --run './judge-gold.sh "$RUBRIC_FILE"'
        rubricctl bisect essay --good main~20 --bad main --run \\
          'rubricctl score --verdicts gold.jsonl "essay@$RUBRIC_COMMIT" | ./agrees.py'
      """)

  @Argument(
    help: ArgumentHelp("The rubric; may be left out where there is one", valueName: "rubric"))
  var rubric: RubricID?

  @Option(help: ArgumentHelp("A commit that is good (can be repeated)", valueName: "rev"))
  var good: [String]

  @Option(help: ArgumentHelp("A commit that is bad", valueName: "rev"))
  var bad: String

  @Option(name: .customLong("run"), help: ArgumentHelp("The command that tells", valueName: "cmd"))
  var command: String

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func validate() throws {
    guard command.contains(where: { !$0.isWhitespace }) else {
      throw ValidationError("--run needs a command")
    }
  }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let store = try store.open()
    let bisection = try store.bisection(of: rubric, good: good, bad: bad)
    let trial = try ShellTrial(command)
    defer { trial.remove() }
    var search = BisectSearch(
      store: store, trial: trial, bisection: bisection, theme: terminal.theme)
    let outcome = try search.run()
    let found: LogEntry?
    if case .found(let commit) = outcome {
      found = try store.entry(of: bisection.rubric, at: commit)
    } else {
      found = nil
    }
    if output.json {
      terminal.json(search.json(outcome, found))
    } else {
      terminal.show(outcome, found, of: search.bisection)
    }
    if case .found = outcome { return 0 }
    terminal.flush()
    throw search.failure(outcome)
  }
}

/// A search that goes on by itself.
struct BisectSearch {
  private struct Test {
    var commit: ObjectID
    var verdict: Bisection.Verdict
    /// The exit status of the command; nil where there was nothing to run it on.
    var status: Int32?
  }

  let store: Store
  let trial: ShellTrial
  private(set) var bisection: Bisection
  let theme: Theme
  private var tests: [Test] = []

  init(store: Store, trial: ShellTrial, bisection: Bisection, theme: Theme) {
    self.store = store
    self.trial = trial
    self.bisection = bisection
    self.theme = theme
  }

  /// Tries versions until the end.
  mutating func run() throws -> Bisection.Outcome {
    while let commit = bisection.next {
      let count = bisection.remaining.count
      tell(
        bisection.isTryingMergeBase
          ? "a good commit is no ancestor of the bad one: the merge base comes first"
          : "\(count) candidates left, about \(bisection.estimate) "
            + (bisection.estimate == 1 ? "version to try" : "versions to try"))
      let subject = try store.headline(of: commit).subject.printable
      tell("trying \(commit.prefix(12)) \(subject)")
      let pin: Pin
      do throws(StoreError) {
        pin = try store.pull(bisection.rubric, commit: commit)
      } catch {
        guard error.code == .invalidDocument || error.code == .notFound else { throw error }
        tell("skipped: \(error.message)")
        note(commit, .skip, nil)
        continue
      }
      let status = try trial.run(on: pin)
      guard status < 128 else {
        throw InputError(
          "the command ended the search with status \(status) at \(commit.prefix(12))",
          hint: "0 is good, 125 cannot be told, 1 to 127 is bad")
      }
      // The shell's own answers where there is no command: then nothing is bad for it.
      if tests.isEmpty, status == 126 || status == 127 { try checkCommand(status) }
      let verdict: Bisection.Verdict = status == 0 ? .good : status == 125 ? .skip : .bad
      tell("\(verdict == .skip ? "skipped" : verdict.rawValue) (status \(status))")
      note(commit, verdict, status)
    }
    guard let outcome = bisection.outcome else {
      throw InputError("the search ended without an answer")
    }
    return outcome
  }

  private mutating func note(_ commit: ObjectID, _ verdict: Bisection.Verdict, _ status: Int32?) {
    tests.append(Test(commit: commit, verdict: verdict, status: status))
    bisection.tell(verdict, of: commit)
  }

  /// Runs the command on a good version, which it must not find bad for want of a command.
  private func checkCommand(_ status: Int32) throws {
    guard let good = bisection.good.first,
      let pin = try? store.pull(bisection.rubric, commit: good)
    else { return }
    let again = try trial.run(on: pin)
    guard again == 126 || again == 127 else { return }
    throw InputError(
      "the command cannot be run: `sh` says \(again) for the good \(good.prefix(12)) too",
      hint: again == 127 ? "no such command; is it on the PATH?" : "it is not executable")
  }

  private func tell(_ text: String) {
    Terminal.writeError(theme.paint("bisect:", .hint) + " \(text)\n")
  }

  /// Why nothing was found.
  func failure(_ outcome: Bisection.Outcome) -> InputError {
    switch outcome {
    case .found(let commit): InputError("found \(commit.hex)")
    case .skipped(let ids):
      InputError(
        "only versions that cannot be told are left: the first bad meta-update is one of "
          + "\(ids.count)", hint: "let the command answer other than 125 for one of them")
    case .badMergeBase(let id):
      InputError(
        "the merge base \(id.prefix(12)) is bad: what is good was mended on its own line",
        hint: "choose a good commit from which the bad one came")
    case .sameVersion(let id):
      InputError(
        "`\(bisection.rubric)` at the bad \(id.prefix(12)) is the version of a good commit",
        hint: "nothing changed it in between; is something else to blame?")
    }
  }

  func json(_ outcome: Bisection.Outcome, _ entry: LogEntry?) -> JSONValue {
    let word: JSONValue
    var commit: JSONValue = .null
    var candidates: [ObjectID] = []
    switch outcome {
    case .found(let id): (word, commit, candidates) = ("found", .string(id.hex), [id])
    case .skipped(let ids): (word, candidates) = ("skipped", ids)
    case .badMergeBase(let id): (word, commit) = ("bad_merge_base", .string(id.hex))
    case .sameVersion(let id): (word, commit) = ("same_version", .string(id.hex))
    }
    return [
      "rubric": .string(bisection.rubric.rawValue),
      "good": .array(bisection.good.map { .string($0.hex) }), "bad": .string(bisection.bad.hex),
      "outcome": word, "commit": commit,
      "candidates": .array(candidates.map { .string($0.hex) }),
      "tests": .array(
        tests.map {
          [
            "commit": .string($0.commit.hex), "verdict": .string($0.verdict.rawValue),
            "status": $0.status.map { .integer(Int($0)) } ?? .null,
          ]
        }), "entry": entry?.json ?? .null,
    ]
  }
}

extension Terminal {
  fileprivate func show(
    _ outcome: Bisection.Outcome, _ entry: LogEntry?, of bisection: Bisection
  ) {
    switch outcome {
    case .found(let commit):
      line("\(paint(commit.hex, .commit)) is the first bad meta-update")
      for base in bisection.skippedBases {
        line(
          paint("if \(base.prefix(12)), a merge base that could not be told, is good", .warning))
      }
      if let entry {
        line()
        show(entry, isShort: false, showsMerged: true)
      }
    case .skipped(let ids): for id in ids { line(paint(id.hex, .commit)) }
    case .badMergeBase, .sameVersion: break
    }
  }
}
