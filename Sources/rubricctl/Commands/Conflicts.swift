import ArgumentParser
import RubricStore

struct Conflicts: Performing {
  static let configuration = CommandConfiguration(
    abstract: "List the conflicts of a merge that was kept",
    discussion: """
      The exit status is 1 while there are conflicts.

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
    let kept = try store.open().keptMerge(into: into)
    if output.json {
      terminal.json(kept?.report ?? .null)
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

      Examples:
        rubricctl settle flow.weight=mean structure.text=theirs
        rubricctl settle --all ours
      """)

  @Argument(help: ArgumentHelp("What is settled and how", valueName: "place=rule"))
  var places: [String] = []

  @Option(help: ArgumentHelp("Settle wherever this rule fits", valueName: "rule"))
  var all: String?

  @Option(
    help: ArgumentHelp(
      "The branch that is merged into; the one that is checked out if left out",
      valueName: "branch"))
  var into: String?

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func validate() throws {
    if places.isEmpty, all == nil {
      throw ValidationError("say what to settle and how: `flow.weight=mean`, or --all RULE")
    }
  }

  func perform(_ terminal: Terminal) throws -> Int32 {
    var options = SettlementOptions()
    options.settle = places
    options.settleAll = all
    let kept = try store.open().settle(options.settlements, into: into)
    if output.json {
      terminal.json(kept.report)
    } else {
      terminal.show(kept)
    }
    return 0
  }
}
