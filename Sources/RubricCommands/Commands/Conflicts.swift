import ArgumentParser
import RubricStore

struct Conflicts: Performing {
  static let configuration = CommandConfiguration(
    abstract: "List the conflicts of a merge that was kept",
    discussion: """
      The exit status is 1 while there are conflicts. Where no merge is kept, those that git has left \
      in the work tree are listed (see `rubricctl install-git-drivers`).

      Example:
        rubricctl merge exp-b --keep; rubricctl conflicts
      """)

  @Option(
    help: ArgumentHelp(
      "The branch that is merged into; the one that is checked out if left out",
      valueName: "branch"))
  var into: String?

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let repository = try store.open()
    // In the middle of `git rebase` no branch is checked out, and no merge is kept for it.
    let isBranch = try into != nil || repository.head().isBranch
    let kept = isBranch ? try repository.keptMerge(into: into) : nil
    if kept == nil, into == nil, case let unmerged = try repository.unmergedRubrics(),
      !unmerged.isEmpty
    {
      terminal.report(unmerged, isJSON: output.json)
      return 1
    }
    if output.json {
      terminal.json(kept?.json ?? .null)
    } else if let kept {
      terminal.show(kept)
    } else {
      terminal.line("No merge waits to be finished.")
    }
    return kept?.conflicts.isEmpty ?? true ? 0 : 1
  }
}

struct Settle: Performing {
  static let configuration = CommandConfiguration(
    abstract: "Settle conflicts of a merge that was kept",
    discussion: """
      PLACE=RULE as for `rubricctl merge --settle`. A place that was settled before is settled anew.
      Where no merge is kept, the conflicts that git has left in the work tree are settled, and their \
      files written anew; `git add` then tells git.

      Examples:
        rubricctl settle flow.weight=mean structure.text=theirs
        rubricctl settle --all ours
      """)

  @Argument(help: ArgumentHelp("What is settled and how", valueName: "place=rule"))
  var places: [String] = []

  @Option(help: ArgumentHelp("Settle wherever this rule fits (can be repeated)", valueName: "rule"))
  var all: [String] = []

  @Option(
    help: ArgumentHelp(
      "The branch that is merged into; the one that is checked out if left out",
      valueName: "branch"))
  var into: String?

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func validate() throws {
    if places.isEmpty, all.isEmpty {
      throw ValidationError("say what to settle and how: `flow.weight=mean`, or --all RULE")
    }
  }

  func perform(_ terminal: Terminal) throws -> Int32 {
    var options = SettlementOptions()
    options.settle = places
    options.settleAll = all
    let repository = try store.open()
    if into == nil, try !repository.head().isBranch || repository.keptMerge() == nil,
      try !repository.unmergedRubrics().isEmpty
    {
      terminal.report(
        try repository.settleUnmerged(options.settlements), isJSON: output.json)
      return 0
    }
    let kept = try repository.settle(options.settlements, into: into)
    if output.json {
      terminal.json(kept.json)
    } else {
      terminal.show(kept)
    }
    return 0
  }
}
