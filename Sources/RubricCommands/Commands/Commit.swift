import ArgumentParser
import RubricStore

struct Commit: Performing {
  static let configuration = CommandConfiguration(
    abstract: "Turn files that were edited by hand into typed edits, and commit them",
    discussion: """
      Compares each changed file in rubrics/ with the commit that is checked out, and commits the \
      edits that lead from the one to the other; the file is stored as it was written, comments and \
      all. A new file becomes a new rubric, a deleted one is removed. One commit a rubric.
      """)

  @Argument(help: ArgumentHelp("Only this rubric", valueName: "rubric"))
  var rubric: RubricID?

  @Option(
    name: .customShort("m"), help: ArgumentHelp("Why; the rationale of each edit", valueName: "why")
  )
  var message: String

  @Flag(
    name: [.customShort("n"), .customLong("dry-run")], help: "Only show what would be committed")
  var dryRun = false

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func validate() throws {
    guard message.contains(where: { !$0.isWhitespace }) else {
      throw ValidationError("-m needs a reason")
    }
  }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let store = try store.open()
    guard !store.isBare else {
      throw InputError(
        "the repository is bare, so that there are no files to commit",
        hint: "use the edit commands, or `rubricctl apply`")
    }
    let changes = try store.workTreeChanges().filter { rubric == nil || $0.rubric == rubric }
    guard !changes.isEmpty else {
      throw InputError(
        rubric.map { "`\($0)` is as it was committed" } ?? "nothing was changed in rubrics/",
        hint: "edit rubrics/ID.yaml, then commit; `rubricctl status` shows what differs")
    }
    // All are checked before the first is committed.
    for change in changes where change.kind != .deleted {
      guard let text = try store.workTreeText(of: change.rubric) else { continue }
      let file = "rubrics/\(change.rubric).yaml"
      let read = try Rubric(parsing: text, file: file)
      guard read.id == change.rubric else {
        throw InputError(
          "`\(file)` holds the rubric `\(read.id)`",
          hint: "a file is named by its rubric's id; rename the file or restore the id")
      }
    }
    for change in changes {
      switch change.kind {
      case .deleted:
        if dryRun {
          terminal.line("\(change.rubric): removed")
        } else {
          let outcome = try store.remove(
            change.rubric, rationale: message, isFromWorkTree: true)
          terminal.report(outcome, isJSON: output.json)
        }
      case .added, .modified:
        guard let text = try store.workTreeText(of: change.rubric) else { continue }
        try commit(text, change, store, terminal)
      }
    }
    return 0
  }

  private func commit(
    _ text: [UInt8], _ change: WorkTreeChange, _ store: Store, _ terminal: Terminal
  ) throws {
    if dryRun {
      guard change.kind == .modified else { return terminal.line("\(change.rubric): created") }
      let old = try store.pull(change.rubric).rubric
      let new = try Rubric(parsing: text)
      terminal.line("\(change.rubric): \(old.comparability(to: new).sentence)")
      terminal.show(try old.edits(to: new))
      return
    }
    let outcome =
      change.kind == .added
      ? try store.create(text, rationale: message, isFromWorkTree: true)
      : try store.replace(with: text, rationale: message, isFromWorkTree: true)
    terminal.report(outcome, isJSON: output.json)
  }
}
