import ArgumentParser
import RubricStore

struct Apply: Performing {
  static let configuration = CommandConfiguration(
    abstract: "Make many edits at once, all or none, in one commit",
    discussion: """
      The file is YAML or JSON: a list of edits, or a mapping of `rationale` and `edits`. An edit \
      may leave `before` out; it is then what the rubric holds. `rubricctl schema edits` has every \
      form.

        rationale: Titles alone scored 5 of 6
        edits:
          - op: tighten
            id: flow
            after: {lower_when: [The text is only a title.]}
            because: four in five rollouts are titles
          - op: reweight
            id: style
            after: 0.5
            because: it follows length

      What `propose` writes is such a file, with a head that says who proposed it and on what \
      evidence; change its edits as you like. They are then made as that proposer's, which may not \
      touch what is pinned; --as human says that they are yours.
      """)

  @Argument(help: "The file; - for standard input")
  var file: String

  @Option(help: ArgumentHelp("The rubric; may be left out where there is one", valueName: "id"))
  var rubric: RubricID?

  @Option(
    name: .customShort("m"),
    help: ArgumentHelp("Why, as a whole; the file's rationale if left out", valueName: "why"))
  var message: String?

  @Flag(
    name: [.customShort("n"), .customLong("dry-run")], help: "Only show what would be committed")
  var dryRun = false

  @OptionGroup(title: "Author") var author: AuthorOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let bytes = try FileInput.read(file)
    let store = try store.open()
    let pin = try store.pull(
      rubric ?? ProposalHead(peekingAt: bytes).rubric, at: author.branch ?? "HEAD")
    let list = try EditList(parsing: bytes, for: pin.rubric, file: file)
    let update = MetaUpdate(
      rubric: pin.rubric.id, edits: list.edits, rationale: message ?? list.rationale,
      proposer: author.proposer(of: list.head), provenance: list.head.provenance(of: list.edits))
    if let base = list.head.base, base != pin.commit,
      try store.pull(pin.rubric.id, commit: base).rubric != pin.rubric
    {
      Terminal.writeError(
        terminal.theme.paint("warning:", .warning)
          + " proposed for \(base.prefix(12)), and the rubric has changed since: what the review "
          + "measured is of that version\n")
    }
    return try terminal.commit(
      update, on: pin, in: store, branch: author.branch, dryRun: dryRun, isJSON: output.json)
  }
}

/// Who makes an edit, and where it goes.
struct AuthorOptions: ParsableArguments {
  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      "Who proposes: human, meta (may not touch what is pinned) or import; human if left out",
      valueName: "author"))
  var author: EditAuthor?

  @Option(help: ArgumentHelp("The proposer's name: a model, a run", valueName: "name"))
  var by = ""

  @Option(help: "The branch to commit to; the one that is checked out if left out")
  var branch: String?

  var proposer: MetaUpdate.Proposer { MetaUpdate.Proposer(author ?? .human, name: by) }

  /// Who proposes edits that a file says somebody proposed.
  func proposer(of head: ProposalHead) -> MetaUpdate.Proposer {
    guard let proposer = head.proposer else { return self.proposer }
    return MetaUpdate.Proposer(author ?? proposer.author, name: by.isEmpty ? proposer.name : by)
  }
}

extension EditAuthor: ExpressibleByArgument {}

extension Terminal {
  /// Commits edits, or shows what they would do.
  func commit(
    _ update: MetaUpdate, on pin: Pin, in store: Store, branch: String?, dryRun: Bool,
    isJSON: Bool
  ) throws -> Int32 {
    guard dryRun else {
      report(try store.commit(update, to: branch), isJSON: isJSON)
      return 0
    }
    let result = try pin.rubric.applying(update.edits, by: update.proposer.author)
    let preview = CommitPreview(
      update.edits, on: pin.rubric, at: pin.commit, giving: result)
    if isJSON {
      json(preview.json)
    } else {
      line(preview.comparability.sentence)
      line()
      show(update.edits)
    }
    return 0
  }
}
