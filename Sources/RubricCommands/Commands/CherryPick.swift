import ArgumentParser
import RubricStore

struct CherryPick: Performing {
  static let configuration = CommandConfiguration(
    commandName: "cherry-pick",
    abstract: "Make the edits of a commit again on this branch, all or some",
    discussion: """
      Edits are made by id on the tip, one commit for each that is named, in order; the commit says \
      where they come from. An edit whose `before` is not what the tip holds is never guessed at: \
      the error names the field, and nothing is committed, of the other commits either.

      EDIT is a number as `log` counts them, a range, or the id of a criterion.

      Examples:
        rubricctl cherry-pick 3f9c2ab
        rubricctl cherry-pick 3f9c2ab:2
        rubricctl cherry-pick exp-b~2:1,3-4 exp-b:flow --dry-run
        rubricctl cherry-pick 7d01e22 --mainline 1   what a merge changed on its first parent
      """)

  @Argument(help: ArgumentHelp("The commits", valueName: "commit[:edit,…]"))
  var commits: [String]

  @OptionGroup var options: TransplantOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func perform(_ terminal: Terminal) throws -> Int32 {
    try terminal.transplant(
      .picked, commits, options, in: try store.open(), isJSON: output.json)
  }
}

struct Revert: Performing {
  static let configuration = CommandConfiguration(
    abstract: "Undo the edits of a commit, all or some, also under later commits",
    discussion: """
      The edits are inverted and made on the tip, the last one first; what later commits changed in \
      other criteria and other fields stays. Where a later commit changed the same field, nothing is \
      committed and the error names that commit. A revert can be reverted.

      EDIT is a number as `log` counts them, a range, or the id of a criterion.

      Examples:
        rubricctl revert HEAD
        rubricctl revert 3f9c2ab:flow -m "titles score high again"
        rubricctl revert 3f9c2ab:1,3 --dry-run
      """)

  @Argument(help: ArgumentHelp("The commits", valueName: "commit[:edit,…]"))
  var commits: [String]

  @OptionGroup var options: TransplantOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func perform(_ terminal: Terminal) throws -> Int32 {
    try terminal.transplant(
      .reverts, commits, options, in: try store.open(), isJSON: output.json)
  }
}

/// What `cherry-pick` and `revert` take.
struct TransplantOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The rubric, where a commit made with git changes several", valueName: "id"))
  var rubric: RubricID?

  @Option(
    name: .customShort("m"),
    help: ArgumentHelp("Why, in place of the original's words", valueName: "why"))
  var message: String?

  @Option(help: ArgumentHelp("The parent, from 1, that a merge is compared with", valueName: "n"))
  var mainline: Int?

  @Flag(
    name: [.customShort("n"), .customLong("dry-run")], help: "Only show what would be committed")
  var dryRun = false

  @Option(
    name: .customLong("as"),
    help: "Who proposes: human, meta or import; as in the original if left out")
  var author: EditAuthor?

  @Option(help: ArgumentHelp("The proposer's name: a model, a run", valueName: "name"))
  var by: String?

  @Option(help: "The branch to commit to; the one that is checked out if left out")
  var branch: String?

  func validate() throws {
    if let message, message.allSatisfy(\.isWhitespace) {
      throw ValidationError("-m needs a reason; leave it out for the original's")
    }
  }

  fileprivate var proposer: MetaUpdate.Proposer? {
    author == nil && by == nil ? nil : MetaUpdate.Proposer(author ?? .human, name: by ?? "")
  }
}

extension Terminal {
  fileprivate func transplant(
    _ kind: ChangeSource.Kind, _ commits: [String], _ options: TransplantOptions, in store: Store,
    isJSON: Bool
  ) throws -> Int32 {
    let transplants = try commits.map { text in
      Transplant(
        kind, try EditSelection(parsing: text), rubric: options.rubric, mainline: options.mainline,
        rationale: options.message, proposer: options.proposer)
    }
    // `HEAD~2` is another commit once the first is made.
    let pinned = try transplants.map { transplant in
      var transplant = transplant
      transplant.selection.revision = try store.resolve(transplant.selection.revision).hex
      return transplant
    }
    // All are tried before the first is committed.
    let previews = try store.preview(transplants, on: options.branch)
    guard !options.dryRun else {
      for preview in previews { show(preview, isJSON: isJSON) }
      return 0
    }
    for transplant in pinned {
      let outcome = try store.transplant(transplant, to: options.branch)
      guard let commit = outcome.commit else { continue }
      report(commit, isJSON: isJSON, extra: outcome.extra)
      tell(outcome.notes, isJSON: isJSON)
    }
    return 0
  }

  private func show(_ outcome: TransplantOutcome, isJSON: Bool) {
    if isJSON {
      json(
        .object(
          JSONObject(
            [
              ("commit", .null), ("rubric", .string(outcome.update.rubric.rawValue)),
              ("kind", .string(outcome.kind.rawValue)),
              ("edits", .array(outcome.update.edits.map(\.json))),
              ("comparability", outcome.comparability.map { .string($0.word) } ?? .null),
              (
                "rejudge",
                .array((outcome.comparability?.rejudged ?? []).map { .string($0.rawValue) })
              ),
            ] + outcome.extra)))
      return
    }
    let subject = outcome.update.rationale.split(separator: "\n").first.map(String.init) ?? ""
    line("\(outcome.update.rubric): \(subject)")
    if outcome.kind == .edited {
      if let sentence = outcome.comparability?.sentence { line(sentence) }
      line()
      show(outcome.update.edits)
    } else {
      line("\(outcome.update.rubric): \(outcome.kind.rawValue)")
    }
    tell(outcome.notes, isJSON: false)
  }

  private func tell(_ notes: [TransplantNote], isJSON: Bool) {
    guard !isJSON else { return }
    for note in notes {
      Terminal.writeError(theme.paint("note:", .hint) + " \(note.message)\n")
    }
  }
}

extension TransplantOutcome {
  /// The members of its JSON beside those of every commit.
  fileprivate var extra: [(String, JSONValue)] {
    [
      ("source", update.source?.json ?? .null),
      (
        "notes",
        .array(
          notes.map { note in
            [
              "kind": .string(note.kind.rawValue), "edit": .integer(note.edit),
              "criterion": note.criterion.map { .string($0.rawValue) } ?? .null,
              "message": .string(note.message),
            ]
          })
      ),
    ]
  }
}

extension ChangeSource {
  /// The source as a line of a log has it.
  var words: String {
    let numbers = edits.map(String.init).joined(separator: ",")
    return commit.prefix(12) + (edits.isEmpty ? "" : ":\(numbers)")
  }
}
