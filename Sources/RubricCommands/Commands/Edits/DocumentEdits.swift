import ArgumentParser
import RubricStore

struct PinCommand: EditCommand {
  static let configuration = CommandConfiguration(
    commandName: "pin",
    abstract: "Forbid the meta-editor to touch a criterion")

  @Argument(help: "The criterion") var id: CriterionID

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    guard try !rubric.find(id).pinned else { throw InputError("`\(id)` is pinned already") }
    return .pin(id)
  }
}

struct Unpin: EditCommand {
  static let configuration = CommandConfiguration(
    abstract: "Allow the meta-editor to touch a criterion")

  @Argument(help: "The criterion") var id: CriterionID

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    guard try rubric.find(id).pinned else { throw InputError("`\(id)` is not pinned") }
    return .unpin(id)
  }
}

struct Retag: EditCommand {
  static let configuration = CommandConfiguration(
    abstract: "Replace the tags of a criterion")

  @Argument(help: "The criterion") var id: CriterionID

  @Argument(help: "The tags; none to take all away") var tags: [String] = []

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    .retag(id, Delta(before: try rubric.find(id).tags, after: tags))
  }
}

struct SetOrigin: EditCommand {
  static let configuration = CommandConfiguration(
    commandName: "set-origin",
    abstract: "Say where a criterion came from")

  @Argument(help: "The criterion") var id: CriterionID

  @Argument(help: "seed, human, meta or import") var origin: Criterion.Origin

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    .setOrigin(id, Delta(before: try rubric.find(id).origin, after: origin))
  }
}

struct SetJudge: EditCommand {
  static let configuration = CommandConfiguration(
    commandName: "set-judge",
    abstract: "Say how the judge is asked")

  @Option(help: "per_criterion, one_call, holistic or plan_execute") var mode: JudgeContract.Mode?

  @Option(help: "The name or hash of the prompt template") var template: String?

  @Option(help: "The judge model") var model: String?

  @Option(name: .customLong("answer"), help: "reasoned (a reason, then the verdict) or value")
  var answer: JudgeContract.Output?

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard mode != nil || template != nil || model != nil || answer != nil else {
      throw ValidationError("give --mode, --template, --model or --answer")
    }
  }

  func change(on rubric: Rubric) throws -> Edit.Change {
    var after = rubric.judge
    after.mode = mode ?? after.mode
    after.template = template ?? after.template
    after.model = model ?? after.model
    after.output = answer ?? after.output
    return .setJudge(Delta(before: rubric.judge, after: after))
  }
}

struct SetPreamble: EditCommand {
  static let configuration = CommandConfiguration(
    commandName: "set-preamble",
    abstract: "Replace the text that the judge reads before the criteria")

  @OptionGroup var text: TextOptions

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    .setPreamble(Delta(before: rubric.preamble, after: try text.read()))
  }
}

struct SetPostamble: EditCommand {
  static let configuration = CommandConfiguration(
    commandName: "set-postamble",
    abstract: "Replace the text that the judge reads after the criteria")

  @OptionGroup var text: TextOptions

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    .setPostamble(Delta(before: rubric.postamble, after: try text.read()))
  }
}

struct SetDescription: EditCommand {
  static let configuration = CommandConfiguration(
    commandName: "set-description",
    abstract: "Replace the description, which no judge sees")

  @OptionGroup var text: TextOptions

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    .setDescription(Delta(before: rubric.description, after: try text.read()))
  }
}

struct SetSubject: EditCommand {
  static let configuration = CommandConfiguration(
    commandName: "set-subject",
    abstract: "Say what one judgement is about")

  @Argument(help: "global, cluster or instance") var granularity: Subject.Granularity

  @Option(help: "Which cluster or prompt") var key: String?

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    .setSubject(
      Delta(before: rubric.subject, after: Subject(granularity: granularity, key: key)))
  }
}

struct SetBudget: EditCommand {
  static let configuration = CommandConfiguration(
    commandName: "set-budget",
    abstract: "Set bounds that edits keep")

  @Option(help: "The most criteria that are judged; 0 for any number") var criteria: Int?

  @Option(help: "The deepest nesting; 0 for any") var depth: Int?

  @Option(help: "The most characters that the judge reads; 0 for any number") var characters: Int?

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard criteria != nil || depth != nil || characters != nil else {
      throw ValidationError("give --criteria, --depth or --characters")
    }
  }

  func change(on rubric: Rubric) throws -> Edit.Change {
    var after = rubric.budget
    if let criteria { after.criteria = criteria == 0 ? nil : criteria }
    if let depth { after.depth = depth == 0 ? nil : depth }
    if let characters { after.characters = characters == 0 ? nil : characters }
    return .setBudget(Delta(before: rubric.budget, after: after))
  }
}

struct NoChange: EditCommand {
  static let configuration = CommandConfiguration(
    commandName: "no-change",
    abstract: "Record that the rubric was looked at and left as it is")

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    .noChange
  }
}

/// A text, given or in a file.
struct TextOptions: ParsableArguments {
  @Argument(help: "The text; empty to take it away")
  var text: String?

  @Option(help: ArgumentHelp("Read the text from a file; - for standard input", valueName: "file"))
  var file: String?

  func validate() throws {
    guard (text == nil) != (file == nil) else { throw ValidationError("give a text or --file") }
  }

  func read() throws -> String {
    if let text { return text }
    return try file.map { try FileInput.text($0) } ?? ""
  }
}

extension Criterion.Origin: ExpressibleByArgument {}
extension JudgeContract.Mode: ExpressibleByArgument {}
extension JudgeContract.Output: ExpressibleByArgument {}
extension Subject.Granularity: ExpressibleByArgument {}
