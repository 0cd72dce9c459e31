import ArgumentParser
import RubricStore

struct BlameCommand: Performing {
  static let configuration = CommandConfiguration(
    commandName: "blame",
    abstract: "Show which commit, edit and rationale made each field what it is",
    discussion: """
      For every criterion: who created it, and what last changed each of its fields. Criteria are \
      followed by their id wherever they hang, through branches and merges, and through split and \
      merge-criteria into what they were made of. Fields at their default are left out, unless they \
      were changed since the criterion came. A hash that begins with ^ is where a shallow clone ends.

      Examples:
        rubricctl blame --criterion flow
        rubricctl blame essay@exp-b --all
        rubricctl blame --json | jq '.criterion, .fields[].change.rationale'
      """)

  @Argument(help: ArgumentHelp("Which version: RUBRIC[@REV]", valueName: "rubric@rev"))
  var name = ""

  @Option(help: "Only this criterion, and those in it")
  var criterion: CriterionID?

  @Flag(help: "Every field, also those that were never other than their default")
  var all = false

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let store = try store.open()
    let revision = try store.revision(name)
    let blame = try store.blame(
      revision.rubric, at: revision.revision, criterion: criterion)
    guard output.json else {
      terminal.show(blame, all: all)
      return 0
    }
    for part in [blame.document].compactMap({ $0 }) + blame.criteria {
      terminal.json(part.json(of: blame, all: all))
    }
    for version in blame.unreadable {
      Terminal.writeError(
        terminal.theme.paint("warning:", .warning)
          + " \(version.commit.prefix(12)) was passed over, its version is not valid\n")
    }
    return 0
  }
}
