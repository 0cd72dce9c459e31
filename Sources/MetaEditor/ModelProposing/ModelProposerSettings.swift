public import RubricStore

extension ModelProposer {
  /// How a model is asked for edits.
  public struct Settings: Hashable, Sendable {
    /// The most rollouts that the model is shown, 1 or more.
    public var rollouts: Int
    /// How many times edits are asked for, each for other rollouts; 1 or more, and never more than
    /// there are rollouts to show.
    public var refinements: Int
    /// Whether the model first looks through twice as many rollouts, and those whose grade looks wrong
    /// to it are kept.
    public var prescreens: Bool
    /// Which rollouts are shown.
    public var sampling: Sampling
    /// The most edits that one refinement may propose, 1 or more.
    public var edits: Int
    /// The kinds of edit that may be proposed; those that ``RefinementSchema/operations`` does not
    /// have are never offered.
    public var operations: Set<Edit.Operation>
    /// Whether the model is asked which of several nearly alike wordings to keep; nil for where there
    /// are such from more than one refinement.
    public var merges: Bool?
    /// The most tokens of an answer, for each step, 1 or more.
    public var maxTokens: StepTokens
    /// How much chance there is in the answers, 0 or more.
    public var temperature: Double
    /// What the sampling of rollouts, and the model's chance where its server heeds it, start from.
    public var seed: Int
    /// The most Unicode scalars of a prompt and of a response, each, that the steps about one rollout
    /// show; from the middle of a longer one some are left out.
    public var shownCharacters: Int
    /// The same for a step that shows several rollouts at once.
    public var excerptCharacters: Int

    /// Creates settings.
    public init(
      rollouts: Int = 16, refinements: Int = 4, prescreens: Bool = false,
      sampling: Sampling = .informative, edits: Int = 6,
      operations: Set<Edit.Operation> = RefinementSchema.defaultOperations, merges: Bool? = nil,
      maxTokens: StepTokens = StepTokens(), temperature: Double = 0.2, seed: Int = 0,
      shownCharacters: Int = 6_000, excerptCharacters: Int = 1_500
    ) {
      self.rollouts = rollouts
      self.refinements = refinements
      self.prescreens = prescreens
      self.sampling = sampling
      self.edits = edits
      self.operations = operations
      self.merges = merges
      self.maxTokens = maxTokens
      self.temperature = temperature
      self.seed = seed
      self.shownCharacters = shownCharacters
      self.excerptCharacters = excerptCharacters
    }
  }

  /// Which rollouts a model is shown.
  public enum Sampling: String, CaseIterable, Hashable, Sendable {
    /// Any, by the seed.
    case random
    /// Those first from which there is something to learn; see SPEC.md §14.4.
    case informative
  }

  /// The most tokens of an answer, by step.
  public struct StepTokens: Hashable, Sendable {
    /// Of a prescreen, for one rollout.
    public var prescreen: Int
    /// Of an analysis, for one rollout.
    public var analysis: Int
    /// Of a refinement.
    public var refinement: Int
    /// Of the merging.
    public var merging: Int

    /// Creates bounds.
    public init(
      prescreen: Int = 256, analysis: Int = 1_024, refinement: Int = 2_048, merging: Int = 1_024
    ) {
      self.prescreen = prescreen
      self.analysis = analysis
      self.refinement = refinement
      self.merging = merging
    }
  }
}

extension ModelProposer.Settings {
  /// The settings as JSON, as a proposal's provenance holds them.
  var json: JSONValue {
    [
      "rollouts": .integer(rollouts), "refinements": .integer(refinements),
      "prescreen": .bool(prescreens), "sampling": .string(sampling.rawValue),
      "edits": .integer(edits),
      "operations": .array(operations.map(\.rawValue).sorted().map { .string($0) }),
      "merging": merges.map { .bool($0) } ?? "auto",
      "max_tokens": [
        "prescreen": .integer(maxTokens.prescreen), "analysis": .integer(maxTokens.analysis),
        "refinement": .integer(maxTokens.refinement), "merging": .integer(maxTokens.merging),
      ],
      "temperature": .decimal(temperature), "seed": .integer(seed),
      "shown_characters": .integer(shownCharacters),
      "excerpt_characters": .integer(excerptCharacters),
    ]
  }

  /// What is out of range, in a sentence; nil where nothing is.
  var fault: String? {
    for (name, value) in [
      ("rollouts", rollouts), ("refinements", refinements), ("edits", edits),
      ("max tokens of the prescreen", maxTokens.prescreen),
      ("max tokens of the analysis", maxTokens.analysis),
      ("max tokens of the refinement", maxTokens.refinement),
      ("max tokens of the merging", maxTokens.merging),
      ("characters shown", shownCharacters), ("characters of an excerpt", excerptCharacters),
    ] where value < 1 {
      return "the \(name) are \(value), expected 1 or more"
    }
    guard temperature >= 0, temperature.isFinite else {
      return "the temperature is \(CanonicalNumber.text(temperature)), expected 0 or more"
    }
    return nil
  }
}
