import ArgumentParser
import MetaEditor
import RubricStore

/// How a model is asked for edits.
struct ModelProposerOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Show the model at most this many rollouts", valueName: "n"))
  var rollouts = ModelProposer.Settings().rollouts

  @Option(
    help: ArgumentHelp(
      "Ask for edits this many times, each for other rollouts, and unite them", valueName: "n"))
  var refinements = ModelProposer.Settings().refinements

  @Flag(help: "Have the model first look for rollouts whose grade looks wrong")
  var prescreen = false

  @Option(help: "Which rollouts are shown: informative (the suspicious first) or random")
  var sampling: ModelProposer.Sampling = .informative

  @Option(help: ArgumentHelp("The most edits of one refinement", valueName: "n"))
  var edits = ModelProposer.Settings().edits

  /// The proposer that asks `client`.
  func proposer(
    client: any ChatModel, templates: PromptTemplates, engine: any TemplateEngine, seed: Int?
  ) throws -> ModelProposer {
    var settings = ModelProposer.Settings(
      rollouts: rollouts, refinements: refinements, prescreens: prescreen, sampling: sampling,
      edits: edits)
    if let seed { settings.seed = seed }
    return try ModelProposer(
      model: client, templates: templates, engine: engine, settings: settings)
  }
}

extension ModelProposer.Sampling: ExpressibleByArgument {}
