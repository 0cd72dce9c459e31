import ArgumentParser
import RubricStore

struct Validate: Performing {
  static let configuration = CommandConfiguration(
    abstract: "Tell all that is wrong with rubric files",
    discussion: """
      Every finding is told, with line and column, what was found, what was expected, and what was \
      probably meant. The exit status is 1 if there is any.
      """)

  @Argument(
    help: ArgumentHelp("Rubric files, YAML or JSON; - for standard input", valueName: "file"))
  var files: [String]

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func perform(_ terminal: Terminal) throws -> Int32 {
    try terminal.findings(of: files, isJSON: output.json) { Rubric.findings(in: $0) }
  }
}
