import ArgumentParser
import RubricStore

struct Show: Performing {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case tree, yaml, json, prompt
  }

  static let configuration = CommandConfiguration(
    abstract: "Show a rubric: as a tree with shares, as its file, or as the judge sees it",
    discussion: """
      The tree shows what share of the reward each criterion has, its scale, gate and pin. A \
      criterion's share is its weight over the weights of its active siblings, times the share of \
      its group; where verdicts are summed, a weight counts times the width of the scale.
      """)

  @Argument(help: ArgumentHelp("What to show: RUBRIC[@REV]", valueName: "rubric@rev"))
  var name = ""

  @Option(name: [.short, .long], help: "tree, yaml (the file), json, or prompt")
  var format: Format = .tree

  @Option(help: "Only this criterion or group")
  var criterion: CriterionID?

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let store = try store.open()
    let pin = try store.pull(name)
    let format = output.json ? .json : format
    let chosen = try criterion.map { try pin.rubric.find($0) }
    switch format {
    case .tree: terminal.tree(pin, only: chosen)
    case .yaml:
      // One criterion has no file of its own.
      terminal.write(
        chosen.map { pin.rubric.canonicalText(of: $0) }
          ?? String(decoding: pin.text, as: UTF8.self))
    case .json:
      let json = chosen.map(\.json) ?? pin.rubric.json
      terminal.line(output.json ? json.jsonText : json.indentedText)
    case .prompt:
      let prompt = try pin.rubric.prompt(only: criterion)
      terminal.write(prompt.hasSuffix("\n") ? prompt : prompt + "\n")
    }
    return 0
  }
}

extension Rubric {
  /// Finds a criterion, or says which one was probably meant.
  func find(_ id: CriterionID) throws -> Criterion {
    var pending = criteria
    var names: [String] = []
    while let item = pending.popLast() {
      if item.id == id { return item }
      names.append(item.id.rawValue)
      pending.append(contentsOf: item.criteria)
    }
    throw InputError(
      "there is no criterion `\(id)` in `\(self.id)`",
      hint: Suggestion.didYouMean(id.rawValue, among: names.sorted()))
  }

  /// What the judge reads: of the whole rubric, or of one criterion.
  func prompt(only id: CriterionID?) throws -> String {
    guard let id else { return prompt() }
    _ = try find(id)
    guard let text = prompt(for: id) else {
      throw InputError(
        "the judge is not asked about `\(id)`",
        hint: "it is a group, or inactive; show the whole rubric instead")
    }
    return text
  }
}
