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
    var count = 0
    for file in files {
      let findings = Rubric.findings(in: try FileInput.read(file))
      count += findings.count
      if output.json {
        terminal.json([
          "file": .string(file), "valid": .bool(findings.isEmpty),
          "findings": .array(findings.map(\.json)),
        ])
      } else if findings.isEmpty {
        terminal.line("\(file): \(terminal.paint("valid", .good))")
      } else {
        for finding in findings {
          terminal.line("\(file):\(finding.mark == nil ? " " : "")\(finding)")
        }
      }
    }
    if !output.json, count > 0 {
      Terminal.writeError("\(count) finding\(count == 1 ? "" : "s")\n")
    }
    return count > 0 ? 1 : 0
  }
}
