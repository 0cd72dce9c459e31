import ArgumentParser
import RubricStore

struct Reweight: EditCommand {
  static let configuration = CommandConfiguration(
    abstract: "Give a criterion another weight")

  @Argument(help: "The criterion") var id: CriterionID

  @Argument(help: "The weight relative to its siblings, 0 or more") var weight: Double

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    .reweight(id, Delta(before: try rubric.find(id).weight, after: weight))
  }
}

struct SetPolarity: EditCommand {
  static let configuration = CommandConfiguration(
    commandName: "set-polarity",
    abstract: "Say whether meeting a criterion is good or bad")

  @Argument(help: "The criterion") var id: CriterionID

  @Argument(help: "positive or negative") var polarity: Criterion.Polarity

  @Option(help: "How a negative one counts: penalty (-w·x) or avoidance (w·(1-x))")
  var credit: Criterion.Credit?

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func validate() throws {
    if polarity == .positive, credit != nil {
      throw ValidationError("--credit is for a negative criterion")
    }
  }

  func change(on rubric: Rubric) throws -> Edit.Change {
    let item = try rubric.find(id)
    return .setPolarity(
      id,
      Delta(
        before: Direction(polarity: item.polarity, credit: item.credit),
        after: Direction(polarity: polarity, credit: credit ?? .penalty)))
  }
}

struct SetRollup: EditCommand {
  static let configuration = CommandConfiguration(
    commandName: "set-rollup",
    abstract: "Say how a group's criteria become its value")

  @Argument(help: "The criterion") var id: CriterionID

  @Argument(help: "weighted_mean, sum, min or max") var rollup: Criterion.Rollup

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    .setRollup(id, Delta(before: try rubric.find(id).rollup, after: rollup))
  }
}

struct SetAggregation: EditCommand {
  static let configuration = CommandConfiguration(
    commandName: "set-aggregation",
    abstract: "Say how verdicts at the top level become a reward")

  @Option(help: "weighted_mean, points_over_positive or sum") var method: Aggregation.Method?

  @Option(help: ArgumentHelp("The bounds of the reward: 0,1 or none", valueName: "low,high"))
  var clip: String?

  @Option(help: "What an absent or failed verdict does: error, exclude or worst")
  var missing: Aggregation.MissingPolicy?

  @Option(help: "What na does: exclude, zero or fail") var na: Aggregation.NotApplicablePolicy?

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard method != nil || clip != nil || missing != nil || na != nil else {
      throw ValidationError("give --method, --clip, --missing or --na")
    }
  }

  func change(on rubric: Rubric) throws -> Edit.Change {
    var after = rubric.aggregation
    after.method = method ?? after.method
    after.missing = missing ?? after.missing
    after.na = na ?? after.na
    if let clip {
      let numbers = clip.split(separator: ",").compactMap { Double($0) }
      guard clip == "none" || numbers.count == 2 else {
        throw InputError("`\(clip)` are no bounds", hint: "write --clip 0,1 or --clip none")
      }
      after.clip = clip == "none" ? nil : Clip(lower: numbers[0], upper: numbers[1])
    }
    return .setAggregation(Delta(before: rubric.aggregation, after: after))
  }
}

struct Activate: EditCommand {
  static let configuration = CommandConfiguration(
    abstract: "Judge a criterion and count it")

  @Argument(help: "The criterion") var id: CriterionID

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    .activate(id, Delta(before: try rubric.find(id).status, after: .active))
  }
}

struct Deactivate: EditCommand {
  static let configuration = CommandConfiguration(
    abstract: "Leave a criterion out, or only report it")

  @Argument(help: "The criterion") var id: CriterionID

  @Flag(help: "Judge and report it, without counting it") var diagnostic = false

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    .deactivate(
      id, Delta(before: try rubric.find(id).status, after: diagnostic ? .diagnostic : .inactive))
  }
}

extension Criterion.Polarity: ExpressibleByArgument {}
extension Criterion.Rollup: ExpressibleByArgument {}
extension Aggregation.Method: ExpressibleByArgument {}
extension Aggregation.MissingPolicy: ExpressibleByArgument {}
extension Aggregation.NotApplicablePolicy: ExpressibleByArgument {}
