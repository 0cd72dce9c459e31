import ArgumentParser
import RubricStore

struct Pull: Performing {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case yaml, json, prompt, schema
  }

  static let configuration = CommandConfiguration(
    abstract: "Get a rubric by commit, as a trainer or a judge needs it",
    discussion: """
      The full hash of the commit goes to standard error, so that it can be kept beside the reward. \
      A pull by full hash gives the same bytes for ever.

      Examples:
        rubricctl pull essay@3f9c2ab -o rubric.yaml
        rubricctl pull essay@main --format prompt
        rubricctl pull --format schema
      """)

  @Argument(help: ArgumentHelp("What to pull: RUBRIC@REV", valueName: "rubric@rev"))
  var name = ""

  @Option(
    name: [.short, .long],
    help: "yaml (the canonical text), json, prompt (what the judge reads), schema (of its answer)")
  var format: Format = .yaml

  @Option(help: "Only this criterion, for prompt and schema")
  var criterion: CriterionID?

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("Write to this file", valueName: "file"))
  var file: String?

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func validate() throws {
    if output.json, format != .yaml, format != .json {
      throw ValidationError("--json is the document; --format \(format.rawValue) is another")
    }
    if criterion != nil, format != .prompt, format != .schema {
      throw ValidationError("--criterion goes with --format prompt or schema")
    }
  }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let pin = try store.open().pull(name)
    let text: String
    switch output.json ? .json : format {
    case .yaml: text = pin.rubric.canonicalText
    case .json:
      text = (output.json ? pin.rubric.json.jsonText : pin.rubric.json.indentedText) + "\n"
    case .prompt: text = try pin.rubric.prompt(only: criterion)
    case .schema:
      if let criterion {
        _ = try pin.rubric.find(criterion)
        guard let schema = pin.rubric.answerSchema(for: criterion) else {
          throw InputError("the judge is not asked about `\(criterion)`")
        }
        text = schema.indentedText + "\n"
      } else {
        text = pin.rubric.answerSchema().indentedText + "\n"
      }
    }
    if let file {
      try FileInput.write(text, to: file)
    } else {
      terminal.write(text.hasSuffix("\n") ? text : text + "\n")
    }
    terminal.flush()
    Terminal.writeError("\(pin.rubric.id)@\(pin.commit.hex)\n")
    return 0
  }
}
