internal import RubricStore

/// Proposes what a language model finds by looking at graded rollouts.
///
/// The steps are those of Meta Policy Optimization, as typed edits: optionally the model says of each
/// rollout whether its grade looks right (*prescreen*); of each it says what it shows about the rubric
/// (*analysis*); several times, for other rollouts each, it proposes edits under a schema whose `enum`s
/// are the rubric's own ids (*refinement*); what it proposed is united (*merging*), with one more
/// question where wordings are nearly alike.
///
/// The model writes edits and never a rubric: `before`, new ids, places, sums and order are worked out
/// here, and what cannot be made on the rubric is refused with the reason while the rest stands. All
/// of a rollout is shown as data, so that what it says can at most become an edit that the form allows.
/// Given the same answers the proposal is the same, in whatever order they come.
///
/// - SeeAlso: SPEC.md §14.4.
public struct ModelProposer: Proposer {
  /// How the model is asked.
  public let settings: Settings
  let model: any ChatModel
  let templates: PromptTemplates
  let prompts: Prompts

  /// The templates, ready to be filled.
  struct Prompts: Sendable {
    static let names = ["prescreen", "analysis", "refinement", "merging"]
    let prescreen: MessageTemplate
    let analysis: MessageTemplate
    let refinement: MessageTemplate
    let merging: MessageTemplate
  }

  /// Creates a proposer.
  ///
  /// - Parameters:
  ///   - model: The model that is asked.
  ///   - templates: What it is asked with: `prescreen`, `analysis`, `refinement` and `merging`.
  ///   - engine: What fills the templates.
  ///   - settings: How it is asked.
  /// - Throws: ``ProposerError`` with code ``ProposerError/Code/invalidInput`` for a setting that is out
  ///   of range and for a template that cannot be read.
  public init(
    model: any ChatModel, templates: PromptTemplates = PromptTemplates(),
    engine: any TemplateEngine, settings: Settings = Settings()
  ) throws(ProposerError) {
    if let fault = settings.fault { throw ProposerError(.invalidInput, fault) }
    self.model = model
    self.templates = templates
    self.settings = settings
    prompts = Prompts(
      prescreen: try templates.template(named: "prescreen", engine: engine),
      analysis: try templates.template(named: "analysis", engine: engine),
      refinement: try templates.template(named: "refinement", engine: engine),
      merging: try templates.template(named: "merging", engine: engine))
  }

  /// The proposer's version and the model that was asked for: `model/1 qwen2.5-72b`.
  public var name: String { "model/1 " + Excerpt.line(model.name, limit: 120) }

  /// Proposes edits.
  ///
  /// A rubric whose evidence has fewer rollouts than the policy asks for is left alone, and the model
  /// is not asked. A question that fails is told among what is refused, and the rest goes on.
  ///
  /// - Parameter request: The rubric, the evidence, and the bounds that the proposal will be held to.
  /// - Returns: The proposal; without edits where nothing should change or nothing that the model
  ///   wrote can be made, with the reasons.
  /// - Throws: ``ProposerError`` where no refinement came to anything, or `CancellationError`.
  public func propose(_ request: ProposalRequest) async throws -> Proposal {
    try Task.checkCancellation()
    let evidence = request.evidence
    let least = max(1, request.policy.evidence.rollouts)
    guard evidence.count >= least, !evidence.sample.isEmpty else {
      return Proposal(
        rationale:
          "No change: \(evidence.count) rollouts were graded under this rubric, and it takes "
          + "\(least) to propose anything",
        provenance: ["model": .string(model.name), "settings": settings.json])
    }
    var run = ModelRun(self, request)
    return try await run.proposal()
  }
}
