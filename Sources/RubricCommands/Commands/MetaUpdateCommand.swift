import ArgumentParser
import MetaEditor
import RubricStore

/// Who proposes.
enum ProposerKind: String, CaseIterable, ExpressibleByArgument {
  case stats, model
}

/// What it takes to propose edits.
struct ProposingOptions: ParsableArguments {
  @Option(help: "Who proposes: stats (no model is needed) or model (a meta-reward model)")
  var proposer: ProposerKind = .stats

  @Option(
    help: ArgumentHelp(
      "Hold the proposal to this policy instead of the repository's", valueName: "file"))
  var policy: String?

  @OptionGroup(title: "Evidence") var evidence: EvidenceOptions
  @OptionGroup(title: "Model") var endpoint: EndpointOptions
  @OptionGroup(title: "Templates") var templates: TemplateOptions
  @OptionGroup(title: "Proposing with a model") var model: ModelProposerOptions

  /// Proposes edits of a rubric, and has them reviewed.
  func propose(
    _ pin: Pin, in store: Store, _ terminal: Terminal
  ) throws -> (editor: MetaEditor, reviewed: ReviewedProposal) {
    let gathered = try evidence.gather(pin, in: store, terminal)
    let policy = try policy.map { try Policy(parsing: FileInput.read($0), file: $0) }
    switch proposer {
    case .stats:
      let editor = MetaEditor(store: store, proposer: StatisticalProposer(), policy: policy)
      return (editor, try waiting { try await editor.propose(gathered, on: pin) })
    case .model:
      let texts = try templates.load(from: store, at: pin.commit)
      let (model, seed) = (model, endpoint.seed)
      return try endpoint.asking { client, support in
        let proposer = try model.proposer(
          client: client, templates: texts, engine: support.templates, seed: seed)
        let editor = MetaEditor(store: store, proposer: proposer, policy: policy)
        return (editor, try await editor.propose(gathered, on: pin))
      }
    }
  }
}

struct Propose: Performing {
  static let configuration = CommandConfiguration(
    abstract: "Propose edits from graded rollouts, as a file for a person to review",
    discussion: """
      Reads evidence, JSON lines with one graded rollout each (`rubricctl schema evidence`), and writes \
      a proposal: typed edits with their rationales, and as comments what the review refused and why. \
      Change it as you like; `rubricctl apply FILE` commits it. Nothing is committed here.

        rubricctl propose essay --evidence graded.jsonl -o proposal.yaml
        rubricctl propose essay --evidence graded.jsonl --proposer model \
      --endpoint http://localhost:8000/v1 --model qwen2.5-72b
      """)

  @Argument(
    help: ArgumentHelp("The rubric that was graded by: RUBRIC@REV", valueName: "rubric@rev"))
  var name = ""

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("Write the proposal to this file", valueName: "file"))
  var file: String?

  @OptionGroup var proposing: ProposingOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }
  var asksModel: Bool { proposing.proposer == .model }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let store = try store.open()
    let pin = try store.pull(name)
    let reviewed = try proposing.propose(pin, in: store, terminal).reviewed
    if let file {
      try FileInput.write(reviewed.text, to: file)
      if !output.json {
        terminal.show(reviewed)
        terminal.line()
        terminal.line("`rubricctl apply \(file)` commits it.")
      }
    } else if !output.json {
      terminal.write(reviewed.text)
    }
    if output.json { terminal.json(reviewed.json) }
    return 0
  }
}

struct MetaUpdateCommand: Performing {
  static let configuration = CommandConfiguration(
    commandName: "meta-update",
    abstract: "Propose edits from graded rollouts, review them, and commit what passes",
    discussion: """
      One turn of the loop: the proposer looks at what the policy did and how the judge graded it, and \
      proposes typed edits; the review holds them to the laws, to the bounds of .rubric/policy.yaml \
      and to what the evidence says; what passes is one commit. Where nothing passes, a `no_change` \
      is committed with the reasons.

        rubricctl meta-update essay --evidence graded.jsonl
        rubricctl meta-update essay --evidence graded.jsonl --dry-run
        rubricctl meta-update essay --evidence graded.jsonl --proposer model \
      --endpoint http://localhost:8000/v1 --model qwen2.5-72b --transcript calls.jsonl
      """)

  @Argument(help: "The rubric; may be left out where there is one")
  var rubric: RubricID?

  @Option(help: "The branch to commit to; the one that is checked out if left out")
  var branch: String?

  @Flag(name: [.customShort("n"), .customLong("dry-run")], help: "Commit nothing")
  var dryRun = false

  @Flag(help: "Write the proposal as `propose` does, and commit nothing")
  var proposeOnly = false

  @OptionGroup var proposing: ProposingOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }
  var asksModel: Bool { proposing.proposer == .model }

  func validate() throws {
    if dryRun, proposeOnly {
      throw ValidationError("--dry-run shows and --propose-only writes; choose one")
    }
  }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let store = try store.open()
    let pin = try store.pull(rubric, at: branch ?? "HEAD")
    let (editor, reviewed) = try proposing.propose(pin, in: store, terminal)
    if proposeOnly {
      if output.json { terminal.json(reviewed.json) } else { terminal.write(reviewed.text) }
      return 0
    }
    if !output.json { terminal.show(reviewed) }
    guard !dryRun else {
      if output.json { terminal.json(reviewed.json) }
      return 0
    }
    let outcome = try editor.commit(reviewed, to: branch)
    if !output.json { terminal.line() }
    terminal.report(
      outcome, isJSON: output.json, extra: [("proposal", reviewed.json)])
    return 0
  }
}
