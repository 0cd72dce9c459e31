import ArgumentParser
internal import Glibc
import MetaEditor
import RubricStore

struct LintCommand: Performing {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Look for what rubrics decay into when they are rewritten",
    discussion: """
      Finds levels out of order, labels leaked into every level, details of one sample in a rubric \
      for all, references to what the judge does not see, sentences and criteria that stand twice, and \
      scales and totals that words contradict. What is done about each is the policy's \
      (.rubric/policy.yaml, `lints`): refuse, warn or off.

      With evidence, names and passages are looked for in its rollouts, so that what comes from one of \
      them is told from what is general.

      The exit status is 1 if a finding is one to refuse.
      """)

  @Argument(
    help: ArgumentHelp(
      "Rubrics, RUBRIC@REV, or files, YAML or JSON; - for standard input; all of HEAD if left out",
      valueName: "rubric"))
  var names: [String] = []

  @Option(help: ArgumentHelp("Graded rollouts, JSON lines, of any version", valueName: "file"))
  var evidence: String?

  @Option(help: ArgumentHelp("A policy to use instead of the committed one", valueName: "file"))
  var policy: String?

  @Flag(help: "List the lints, with what is done about their findings")
  var list = false

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let given = try policy.map { file in
      try Policy(parsing: FileInput.read(file), file: file)
    }
    if list {
      show(try given ?? policyOfHead(), terminal)
      return 0
    }
    var (refused, warned) = (0, 0)
    for name in names.isEmpty ? try allNames() : names {
      let subject = try subject(name, given)
      let lints = Lint.all.filter { subject.policy.level(of: $0) != .off }
      let found = RubricLint.findings(
        in: subject.rubric, evidence: try gathered(for: subject.rubric), only: lints)
      for finding in found {
        let level = subject.policy.level(of: finding.lint)
        if level == .refuse { refused += 1 } else { warned += 1 }
        show(finding, level, of: subject, terminal)
      }
      if found.isEmpty, !output.json {
        terminal.line("\(subject.name): \(terminal.paint("no decay found", .good))")
      }
    }
    if !output.json, refused + warned > 0 {
      Terminal.writeError("\(refused) to refuse, \(warned) to warn of\n")
    }
    return refused > 0 ? 1 : 0
  }

  /// Every rubric of HEAD; where there is none, what says so.
  private func allNames() throws -> [String] {
    let ids = try store.open().rubrics()
    return ids.isEmpty ? [""] : ids.map { "\($0)@HEAD" }
  }

  /// What is looked through.
  private struct Subject {
    var name: String
    var rubric: Rubric
    var commit: ObjectID?
    var policy: Policy
  }

  private func subject(_ name: String, _ given: Policy?) throws -> Subject {
    // A file is meant where there is one; a revision may have slashes and points too.
    if name == "-" || isFile(name) || [".yaml", ".yml", ".json"].contains(where: name.hasSuffix) {
      let rubric = try Rubric(parsing: FileInput.read(name), file: name)
      return Subject(name: name, rubric: rubric, policy: try given ?? policyOfHead())
    }
    let store = try store.open()
    let pin = try store.pull(name)
    return Subject(
      name: "\(pin.rubric.id)@\(pin.commit.prefix(8))", rubric: pin.rubric, commit: pin.commit,
      policy: try given ?? store.policy(at: pin.commit).policy)
  }

  private func isFile(_ name: String) -> Bool {
    var status = stat()
    return !name.isEmpty && stat(name, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
  }

  /// The policy of the repository around, where there is one with a commit; else the defaults.
  private func policyOfHead() throws -> Policy {
    do throws(StoreError) {
      let store = try Store.open(".")
      guard let head = try store.head().commit else { return Policy() }
      return try store.policy(at: head).policy
    } catch {
      if error.code == .notARepository { return Policy() }
      throw error
    }
  }

  private func gathered(for rubric: Rubric) throws -> Evidence? {
    guard let evidence else { return nil }
    // Words are looked for, not verdicts: any version's rollouts will do.
    var gatherer = EvidenceGatherer(rubric: rubric) { _ in true }
    try FileInput.lines(evidence) { line, number in
      do throws(SyntaxError) {
        try gatherer.add(line: line, number: number)
      } catch {
        throw SyntaxError(file: evidence, findings: error.findings)
      }
    }
    return gatherer.gathered
  }

  private func show(_ policy: Policy, _ terminal: Terminal) {
    let width = Lint.all.map(\.name.count).max() ?? 0
    for lint in Lint.all {
      let level = policy.level(of: lint)
      if output.json {
        terminal.json([
          "lint": .string(lint.name), "level": .string(level.rawValue),
          "default": .string(lint.standard.rawValue), "about": .string(lint.about),
        ])
      } else {
        let gap = String(repeating: " ", count: width - lint.name.count)
        let pad = String(repeating: " ", count: 6 - level.rawValue.count)
        terminal.line(
          terminal.paint(lint.name, .id) + gap + "  \(level.rawValue)\(pad)  \(lint.about)")
      }
    }
  }

  private func show(
    _ finding: LintFinding, _ level: Policy.LintLevel, of subject: Subject, _ terminal: Terminal
  ) {
    if output.json {
      var line = JSONObject([
        ("rubric", .string(subject.rubric.id.rawValue)),
        ("commit", subject.commit.map { .string($0.hex) } ?? .null),
        ("file", subject.commit == nil ? .string(subject.name) : .null),
        ("level", .string(level.rawValue)),
      ])
      for member in finding.json.object?.members ?? [] { line[member.key] = member.value }
      terminal.json(.object(line))
      return
    }
    let word = terminal.paint(level.rawValue, level == .refuse ? .error : .warning)
    terminal.line(
      "\(subject.name): \(word): \(terminal.paint(finding.path, .id)): \(finding.message) "
        + terminal.paint("[\(finding.lint.name)]", .muted)
        + (finding.hint.map { " (\($0))" } ?? ""))
    if !finding.excerpt.isEmpty, !finding.message.contains(finding.excerpt) {
      terminal.line("  " + terminal.paint("“\(finding.excerpt)”", .muted))
    }
  }
}
