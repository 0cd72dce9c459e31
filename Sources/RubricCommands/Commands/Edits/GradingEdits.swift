import ArgumentParser
import RubricStore

struct Tighten: EditCommand {
  static let configuration = CommandConfiguration(
    abstract: "Grade a criterion more strictly",
    discussion: """
      A tightening only adds reasons to score lower, sets or raises the gate, or replaces level \
      texts; it cannot change weights. That the new texts are stricter is your claim.

      Examples:
        rubricctl tighten flow --add-reason "a title" --because "titles pass"
        rubricctl tighten flow --gate 2:cap=0.4 --because "no flow, no essay"
        rubricctl tighten flow --level "5=No gaps." --because "all get 5"
      """)

  @Argument(help: "The criterion") var id: CriterionID

  @Option(help: ArgumentHelp("A reason to score lower (can be repeated)", valueName: "reason"))
  var addReason: [String] = []

  @Option(help: ArgumentHelp(stringLiteral: "Set or raise the gate: " + GateArgument.help))
  var gate: GateArgument?

  @Option(help: ArgumentHelp("Replace a level's text (can be repeated)", valueName: "value=text"))
  var level: [LevelArgument] = []

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard !addReason.isEmpty || gate != nil || !level.isEmpty else {
      throw ValidationError("give --add-reason, --gate or --level")
    }
  }

  func change(on rubric: Rubric) throws -> Edit.Change {
    let item = try rubric.find(id)
    let delta = try item.grading(
      reasons: addReason.isEmpty ? nil : item.lowerWhen + addReason,
      gate: gate.map { .some($0.gate) },
      levels: level)
    return .tighten(id, delta)
  }
}

struct Relax: EditCommand {
  static let configuration = CommandConfiguration(
    abstract: "Grade a criterion less strictly")

  @Argument(help: "The criterion") var id: CriterionID

  @Option(help: ArgumentHelp("A reason to take away (can be repeated)", valueName: "reason"))
  var removeReason: [String] = []

  @Option(help: ArgumentHelp(stringLiteral: "Lower the gate: " + GateArgument.help)) var gate:
    GateArgument?

  @Flag(help: "Take the gate away") var clearGate = false

  @Option(help: ArgumentHelp("Replace a level's text (can be repeated)", valueName: "value=text"))
  var level: [LevelArgument] = []

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard !removeReason.isEmpty || gate != nil || clearGate || !level.isEmpty else {
      throw ValidationError("give --remove-reason, --gate, --clear-gate or --level")
    }
    if clearGate, gate != nil {
      throw ValidationError("--gate and --clear-gate exclude each other")
    }
  }

  func change(on rubric: Rubric) throws -> Edit.Change {
    let item = try rubric.find(id)
    for reason in removeReason where !item.lowerWhen.contains(reason) {
      throw InputError(
        "`\(id)` has no reason “\(reason)”",
        hint: Suggestion.didYouMean(reason, among: item.lowerWhen))
    }
    let left = item.lowerWhen.filter { !removeReason.contains($0) }
    let gate: Gate?? = clearGate ? .some(nil) : gate.map { .some($0.gate) }
    let delta = try item.grading(
      reasons: removeReason.isEmpty ? nil : left, gate: gate, levels: level)
    return .relax(id, delta)
  }
}

struct Rescale: EditCommand {
  static let configuration = CommandConfiguration(
    abstract: "Give a criterion another scale",
    discussion: """
      Examples:
        rubricctl rescale flow 0-10 --stretch --because "more room at the top"
        rubricctl rescale tone levels --level "0=rude" --level "1=polite" --because "two cases"
      """)

  @Argument(help: "The criterion") var id: CriterionID

  @Argument(help: ArgumentHelp(stringLiteral: ScaleArgument.help)) var scale: ScaleArgument

  @Option(help: ArgumentHelp("A level of the new scale (can be repeated)", valueName: "value=text"))
  var level: [LevelArgument] = []

  @Flag(help: "Keep the levels, their values stretched to the new range") var stretch = false

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func validate() throws {
    if stretch, !level.isEmpty { throw ValidationError("--stretch and --level exclude each other") }
  }

  func change(on rubric: Rubric) throws -> Edit.Change {
    let item = try rubric.find(id)
    var levels = level.map { Level(value: $0.value, text: $0.text) }
    if stretch, let old = item.scale.bounds, let new = scale.scale?.bounds {
      levels = item.scale.levels.map { level in
        var level = level
        level.value = new.min + (level.value - old.min) / (old.max - old.min) * (new.max - new.min)
        return level
      }
    }
    let after: Scale
    switch scale.scale {
    case .numeric(let range, _)?: after = .numeric(range, levels: levels)
    case .binary?: after = .binary
    case .levels?, nil: after = .levels(levels)
    }
    return .rescale(id, Delta(before: item.scale, after: after))
  }
}

struct AddLevel: EditCommand {
  static let configuration = CommandConfiguration(
    commandName: "add-level",
    abstract: "Add a level to a scale")

  @Argument(help: "The criterion") var id: CriterionID

  @Argument(help: "Its value") var value: Double

  @Argument(help: "What earns it") var text: String

  @Option(help: "A short name") var label = ""

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    let levels = try rubric.find(id).scale.levels
    // Levels that fall stay falling.
    let isFalling = levels.count > 1 && levels[0].value > levels[levels.count - 1].value
    let follows = levels.last { isFalling ? $0.value > value : $0.value < value }?.value
    return .addLevel(
      id, PlacedLevel(Level(value: value, label: label, text: text), follows: follows))
  }
}

struct RemoveLevel: EditCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove-level",
    abstract: "Remove a level from a scale")

  @Argument(help: "The criterion") var id: CriterionID

  @Argument(help: "Its value") var value: Double

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    let item = try rubric.find(id)
    let (index, level) = try item.level(value)
    let follows = index == 0 ? nil : item.scale.levels[index - 1].value
    return .removeLevel(id, PlacedLevel(level, follows: follows))
  }
}

struct EditLevel: EditCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit-level",
    abstract: "Change the text or the label of a level")

  @Argument(help: "The criterion") var id: CriterionID

  @Argument(help: "Its value") var value: Double

  @Option(help: "What earns it") var text: String?

  @Option(help: "A short name") var label: String?

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard text != nil || label != nil else { throw ValidationError("give --text or --label") }
  }

  func change(on rubric: Rubric) throws -> Edit.Change {
    let before = try rubric.find(id).level(value).level
    var after = before
    after.text = text ?? after.text
    after.label = label ?? after.label
    return .editLevel(id, Delta(before: before, after: after))
  }
}

struct AddExample: EditCommand {
  static let configuration = CommandConfiguration(
    commandName: "add-example",
    abstract: "Add an example to a level")

  @Argument(help: "The criterion") var id: CriterionID

  @Argument(help: "The value of the level") var value: Double

  @Argument(help: "The example") var text: String

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    let level = try rubric.find(id).level(value).level
    return .addExample(id, PlacedExample(level: value, text: text, follows: level.examples.last))
  }
}

struct RemoveExample: EditCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove-example",
    abstract: "Remove an example from a level")

  @Argument(help: "The criterion") var id: CriterionID

  @Argument(help: "The value of the level") var value: Double

  @Argument(help: "The example, as it stands") var text: String

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    let examples = try rubric.find(id).level(value).level.examples
    guard let index = examples.firstIndex(where: { $0.isVerbatim(text) }) else {
      throw InputError(
        "the level \(value.words) of `\(id)` has no such example",
        hint: Suggestion.didYouMean(text, among: examples))
    }
    return .removeExample(
      id, PlacedExample(level: value, text: text, follows: index == 0 ? nil : examples[index - 1]))
  }
}

struct SetGate: EditCommand {
  static let configuration = CommandConfiguration(
    commandName: "set-gate",
    abstract: "Set what a verdict must reach for the rest to count",
    discussion: """
      A verdict below the gate vetoes (the reward is the lowest that the rubric can give) or caps \
      the reward. Of a negative criterion the verdict is mirrored in its scale first: the gate asks \
      how well it was avoided.
      """)

  @Argument(help: "The criterion") var id: CriterionID

  @Argument(help: ArgumentHelp(stringLiteral: GateArgument.help)) var gate: GateArgument

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    .setGate(id, before: try rubric.find(id).gate, after: gate.gate)
  }
}

struct ClearGate: EditCommand {
  static let configuration = CommandConfiguration(
    commandName: "clear-gate",
    abstract: "Take a gate away")

  @Argument(help: "The criterion") var id: CriterionID

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    guard let gate = try rubric.find(id).gate else { throw InputError("`\(id)` has no gate") }
    return .clearGate(id, before: gate)
  }
}

struct SetApplicability: EditCommand {
  static let configuration = CommandConfiguration(
    commandName: "set-applicability",
    abstract: "Say when a criterion applies; otherwise the judge answers na")

  @Argument(help: "The criterion") var id: CriterionID

  @Argument(help: "When it applies; empty for always") var text: String

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    .setApplicability(id, Delta(before: try rubric.find(id).appliesWhen, after: text))
  }
}

extension Criterion {
  /// How strictly the criterion is graded, and is to be; parts that are nil stay as they are.
  fileprivate func grading(
    reasons: [String]?, gate: Gate??, levels: [LevelArgument]
  ) throws -> Delta<Strictness> {
    var before = Strictness()
    var after = Strictness()
    if let reasons {
      before.lowerWhen = lowerWhen
      after.lowerWhen = reasons
    }
    if let gate {
      before.gate = self.gate
      after.gate = gate
    }
    for level in levels {
      let old = try self.level(level.value).level
      before.levels.append(Strictness.LevelText(value: level.value, text: old.text))
      after.levels.append(Strictness.LevelText(value: level.value, text: level.text))
    }
    return Delta(before: before, after: after)
  }
}
