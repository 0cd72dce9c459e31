public import RubricStore

/// Grades rollouts by a rubric with a language model, as the rubric's judge contract says.
///
/// | mode | calls | template |
/// |---|---|---|
/// | `per_criterion` | one a criterion, which the model sees alone | `judge-criterion` |
/// | `one_call` | one for all criteria | `judge-rubric` |
/// | `plan_execute` | one, in which a plan comes before the verdicts | `judge-plan-execute` |
/// | `holistic` | one, with one verdict from 0 to 1 under the rubric's own id | `judge-holistic` |
///
/// A call that fails, an answer without a verdict and a verdict out of its scale are `error` verdicts
/// with the reason: never a number, and never a rollout that is lost.
///
/// - SeeAlso: SPEC.md §8 for what the model is shown, §17 for the rest.
public struct Judge: Sendable {
  /// How the model is asked.
  public struct Settings: Hashable, Sendable {
    /// The most tokens of an answer, 1 or more; nil for what the form of the answer needs.
    public var maxTokens: Int?
    /// How much chance there is in the answer, 0 or more.
    public var temperature: Double
    /// What chance starts from, for servers that heed it.
    public var seed: Int?
    /// The most calls that are under way at once, 1 or more.
    public var concurrency: Int

    /// Creates settings.
    public init(
      maxTokens: Int? = nil, temperature: Double = 0, seed: Int? = nil, concurrency: Int = 8
    ) {
      self.maxTokens = maxTokens
      self.temperature = temperature
      self.seed = seed
      self.concurrency = max(1, concurrency)
    }
  }

  /// The rubric that is graded by.
  public let rubric: Rubric
  /// The commit that it was pulled from.
  public let commit: ObjectID
  /// Who judges: the model's name, and what tells this way of asking from others.
  public let stamp: JudgeStamp
  /// How the model is asked.
  public let settings: Settings
  /// The template of the rubric's mode.
  public let template: PromptTemplates.Entry

  let model: any ChatModel
  let compiled: CompiledRubric
  /// The criteria that are judged; under `holistic` the one that stands for the rubric.
  let criteria: [Criterion]
  private let messages: MessageTemplate

  /// Creates a judge by a rubric that was pulled.
  ///
  /// - Parameters:
  ///   - pin: The rubric with its commit.
  ///   - model: The model that is asked.
  ///   - templates: What it is asked with.
  ///   - engine: What fills templates.
  ///   - settings: How it is asked.
  /// - Throws: ``ProposerError``, as ``init(_:commit:model:templates:engine:settings:)`` does.
  public init(
    _ pin: Pin, model: any ChatModel, templates: PromptTemplates, engine: any TemplateEngine,
    settings: Settings = Settings()
  ) throws(ProposerError) {
    try self.init(
      pin.rubric, commit: pin.commit, model: model, templates: templates, engine: engine,
      settings: settings)
  }

  /// Creates a judge.
  ///
  /// - Parameters:
  ///   - rubric: The rubric, valid.
  ///   - commit: The commit that it is at, which records name.
  ///   - model: The model that is asked.
  ///   - templates: What it is asked with.
  ///   - engine: What fills templates.
  ///   - settings: How it is asked.
  /// - Throws: ``ProposerError`` with code ``ProposerError/Code/invalidInput`` where the rubric names
  ///   another template than that of its mode, or the template cannot be read.
  public init(
    _ rubric: Rubric, commit: ObjectID, model: any ChatModel, templates: PromptTemplates,
    engine: any TemplateEngine, settings: Settings = Settings()
  ) throws(ProposerError) {
    self.rubric = rubric
    self.commit = commit
    self.model = model
    self.settings = settings
    let name = Self.templateName(for: rubric.judge.mode)
    messages = try templates.template(named: name, engine: engine)
    guard let entry = templates[name] else {
      throw ProposerError(.invalidInput, "there is no template `\(name)`")
    }
    guard Self.isTemplate(rubric.judge.template, entry) else {
      throw ProposerError(
        .invalidInput,
        "the rubric is to be judged with the template `\(rubric.judge.template)`, and `\(name)` "
          + "here has the version \(entry.shortVersion)",
        hint: "bring the template with `--templates` or in \(PromptTemplates.folder), or say which "
          + "is right with `rubricctl set-judge --template`")
    }
    template = entry
    compiled = CompiledRubric(rubric)
    if rubric.judge.mode == .holistic {
      var whole = Criterion(id: CriterionID(unchecked: rubric.id.rawValue))
      whole.scale = .numeric(NumericRange(min: 0, max: 1), levels: [])
      criteria = [whole]
    } else {
      criteria = rubric.judgedCriteria
    }
    stamp = JudgeStamp(
      model: model.name, prompt: templates.stamp(of: [name], settings: settings.stamped))
  }

  /// The name of the template that a mode is asked with.
  public static func templateName(for mode: JudgeContract.Mode) -> String {
    switch mode {
    case .perCriterion: "judge-criterion"
    case .oneCall: "judge-rubric"
    case .holistic: "judge-holistic"
    case .planExecute: "judge-plan-execute"
    }
  }

  /// Whether what a rubric calls its template is this one: nothing, the name, eight digits or more of
  /// the version, or `NAME@VERSION`.
  private static func isTemplate(_ called: String, _ entry: PromptTemplates.Entry) -> Bool {
    if called.isEmpty || called == entry.kind.name { return true }
    var version = Substring(called)
    if called.hasPrefix(entry.kind.name + "@") {
      version = called.dropFirst(entry.kind.name.count + 1)
    }
    return version.utf8.count >= 8 && entry.version.hasPrefix(version.lowercased())
  }

  /// The number of calls that grading one rollout by all criteria takes.
  public var callsPerRollout: Int { rubric.judge.mode == .perCriterion ? criteria.count : 1 }

  /// Returns what the model is asked about a rollout, call by call.
  ///
  /// - Parameter task: The rollout, and which of its verdicts are asked for.
  /// - Returns: The requests; none where nothing is asked for.
  public func requests(for task: JudgingTask) -> [ChatRequest] {
    calls(for: task).map { request($0, about: task.rollout) }
  }

  func calls(for task: JudgingTask) -> [JudgeCall] {
    let asked = task.criteria.map { ids in criteria.filter { ids.contains($0.id) } } ?? criteria
    guard !asked.isEmpty else { return [] }
    // One call shows all criteria, and its verdicts belong together.
    return rubric.judge.mode == .perCriterion ? asked.map { .one($0) } : [.all]
  }

  func request(_ call: JudgeCall, about rollout: Rollout) -> ChatRequest {
    let fence = DataFence(around: [rollout.prompt, rollout.response])
    var values: JSONObject = [
      "prompt": .string(fence.fenced(rollout.prompt, as: "prompt")),
      "response": .string(fence.fenced(rollout.response, as: "response")),
      "fence": .string(fence.mark), "reasoned": .bool(rubric.judge.output == .reasoned),
    ]
    let schema: JSONValue
    switch call {
    case .one(let criterion):
      schema = rubric.answerSchema(for: criterion.id) ?? ["type": "object"]
      values["rubric"] = .string(rubric.prompt(for: criterion.id) ?? "")
      values["criterion"] = .string(criterion.id.rawValue)
    case .all:
      schema = rubric.answerSchema()
      values["rubric"] = .string(rubric.prompt())
      values["criteria"] = .array(criteria.map { ["id": .string($0.id.rawValue)] })
    }
    values["schema"] = .string(schema.jsonText)
    return ChatRequest(
      purpose: "judge", messages: messages.messages(values), schema: schema,
      maxTokens: settings.maxTokens ?? answerTokens(call), temperature: settings.temperature,
      seed: settings.seed)
  }

  /// The most tokens of an answer where nothing else is said: room for a reason of a paragraph a
  /// criterion, and for a plan.
  private func answerTokens(_ call: JudgeCall) -> Int {
    let isReasoned = rubric.judge.output == .reasoned
    guard case .all = call, rubric.judge.mode != .holistic else { return isReasoned ? 1_024 : 64 }
    let plan = rubric.judge.mode == .planExecute ? 1_024 : 0
    let each = isReasoned ? 192 : 24
    return min(16_384, plan + 256 + each * min(criteria.count, 1_000))
  }
}

/// One call of the judge.
enum JudgeCall: Sendable {
  /// About one criterion.
  case one(Criterion)
  /// About all of them.
  case all
}

extension Judge.Settings {
  /// What moves the answers, for the stamp.
  fileprivate var stamped: JSONObject {
    [
      "max_tokens": maxTokens.map { .integer($0) } ?? .null,
      "seed": seed.map { .integer($0) } ?? .null, "temperature": .decimal(temperature),
    ]
  }
}
