internal import RubricStore

/// One run of a ``ModelProposer``: the steps in their order, and what they cost.
struct ModelRun {
  let proposer: ModelProposer
  let request: ProposalRequest
  let model: CountedModel
  /// What failed or was left out on the way, a sentence each.
  var refused: [String] = []
  var observations: [String] = []

  var settings: ModelProposer.Settings { proposer.settings }
  var rubric: Rubric { request.rubric }

  init(_ proposer: ModelProposer, _ request: ProposalRequest) {
    self.proposer = proposer
    self.request = request
    model = CountedModel(proposer.model)
  }

  mutating func proposal() async throws -> Proposal {
    var choices = RolloutSelection.choose(
      from: request.evidence.withoutHeldOut(request.policy.agreement.holdout),
      count: settings.prescreens ? Self.doubled(settings.rollouts) : settings.rollouts,
      sampling: settings.sampling, seed: settings.seed)
    if settings.prescreens { choices = try await prescreened(choices) }
    var rollouts = ShownRollout.shown(choices)
    observe(rollouts)
    try await analyse(&rollouts)
    let batches = Self.batches(rollouts, count: settings.refinements)
    let answers = try await refine(batches)
    try Task.checkCancellation()
    let merged = try await merge(answers, of: rollouts)
    return finish(merged, answers: answers, batches: batches)
  }

  private static func doubled(_ count: Int) -> Int {
    let (doubled, isOver) = count.multipliedReportingOverflow(by: 2)
    return isOver ? count : doubled
  }

  /// The rollouts dealt out, the most telling to different batches; no batch is empty.
  static func batches(_ rollouts: [ShownRollout], count: Int) -> [[ShownRollout]] {
    let count = max(1, min(count, rollouts.count))
    var batches: [[ShownRollout]] = Array(repeating: [], count: count)
    for (index, rollout) in rollouts.enumerated() { batches[index % count].append(rollout) }
    return batches
  }

  // MARK: Asking

  /// What came of one question: the value, or why there is none.
  typealias Outcome = Result<JSONValue, ProposerError>

  /// Asks several questions at once and returns what came of each, in their order.
  ///
  /// - Throws: `CancellationError`, and the first error where nothing was answered yet in this run
  ///   and nothing will be.
  func ask(
    _ questions: [Question]
  ) async throws -> [Outcome] {
    guard !questions.isEmpty else { return [] }
    (proposer.model as? ChatClient)?.expect(calls: questions.count)
    return try await withThrowingTaskGroup(of: (Int, Outcome).self) { group in
      for (index, question) in questions.enumerated() {
        group.addTask { (index, try await question.asked(of: model)) }
      }
      var outcomes: [Outcome?] = Array(repeating: nil, count: questions.count)
      while let (index, outcome) = try await group.next() {
        if case .failure(let error) = outcome, error.code != .unusable, !model.count.hasAnswers {
          // The first that comes back tells that there is no model: the others need not find out.
          group.cancelAll()
          throw error
        }
        outcomes[index] = outcome
      }
      try Task.checkCancellation()
      return outcomes.map {
        $0 ?? .failure(ProposerError(.unreachable, "the question was not asked"))
      }
    }
  }

  // MARK: Steps

  /// The rollouts whose grade looks wrong to the model first, cut to as many as are shown.
  private mutating func prescreened(
    _ choices: [RolloutSelection.Choice]
  ) async throws -> [RolloutSelection.Choice] {
    let page = PromptPage(rubric, settings)
    let outcomes = try await ask(
      choices.enumerated().map { index, choice in
        Question(
          purpose: "prescreen",
          messages: page.rollout(
            ShownRollout(choice: choice, alias: "this"), proposer.prompts.prescreen,
            schema: PrescreenVerdict.schema),
          schema: PrescreenVerdict.schema, settings, maxTokens: settings.maxTokens.prescreen,
          number: index)
      })
    tell(outcomes, of: "prescreen")
    let order = PrescreenVerdict.allCases
    let verdicts = outcomes.map { outcome in
      (try? outcome.get())?["verdict"]?.string.flatMap(PrescreenVerdict.init(rawValue:)) ?? .unsure
    }
    let counts = order.map { verdict in verdicts.count { $0 == verdict } }
    observations.append(
      "Of \(choices.count) rollouts that were looked through "
        + zip(order, counts).map { "\($1) looked \($0.rawValue)" }.joined(separator: ", "))
    let ranked = choices.indices.sorted { left, right in
      let places = [left, right].map { order.firstIndex(of: verdicts[$0]) ?? 0 }
      return (places[0], left) < (places[1], right)
    }
    return ranked.prefix(settings.rollouts).map { choices[$0] }
  }

  /// Lets the model look at each rollout, and keeps with it what was found.
  private mutating func analyse(_ rollouts: inout [ShownRollout]) async throws {
    let page = PromptPage(rubric, settings)
    let form = AnalysisForm(rubric)
    let outcomes = try await ask(
      rollouts.enumerated().map { index, rollout in
        Question(
          purpose: "analysis",
          messages: page.rollout(
            rollout, proposer.prompts.analysis, schema: form.schema, whole: form.whole),
          schema: form.schema, settings, maxTokens: settings.maxTokens.analysis, number: index)
      })
    tell(outcomes, of: "analysis")
    var invented = 0
    for (index, outcome) in outcomes.enumerated() {
      guard let value = try? outcome.get() else { continue }
      let answer = AnalysisAnswer(value, form: form, of: rollouts[index].record)
      rollouts[index].findings = answer.findings
      invented += answer.inventedQuotes
    }
    if invented > 0 {
      observations.append(
        "\(invented) quotes of the analysis stand in no response, and were left out")
    }
    observe(findings: rollouts)
  }

  /// Asks for edits, once for each batch.
  private mutating func refine(_ batches: [[ShownRollout]]) async throws -> [RefinementAnswer] {
    let page = PromptPage(rubric, settings)
    let schemas = batches.map { batch in
      RefinementSchema(
        rubric: rubric, rollouts: batch.map(\.alias), edits: settings.edits,
        operations: settings.operations.union([.noChange]))
    }
    let questions = zip(batches, schemas).enumerated().map { index, pair in
      Question(
        purpose: "refinement",
        messages: page.refinement(pair.0, request, pair.1, proposer.prompts.refinement),
        schema: pair.1.json, settings, maxTokens: settings.maxTokens.refinement, number: index,
        check: pair.1.problems)
    }
    let outcomes = try await ask(questions)
    tell(outcomes, of: "refinement")
    var answers: [RefinementAnswer] = []
    for (outcome, schema) in zip(outcomes, schemas) {
      guard let value = try? outcome.get() else {
        answers.append(RefinementAnswer())
        continue
      }
      answers.append(schema.read(value))
    }
    for (index, answer) in answers.enumerated() {
      refused += answer.refused.map { "Refinement \(index + 1), \($0)" }
    }
    if let error = outcomes.compactMap({ $0.failure }).first,
      outcomes.allSatisfy({ $0.failure != nil })
    {
      throw error
    }
    if !answers.contains(where: \.isUsable) {
      throw ProposerError(
        .unusable,
        "none of \(answers.count) refinements is a list of edits: "
          + (refused.last ?? "they are empty"),
        hint: "a larger model keeps the form; the transcript has what this one wrote")
    }
    return answers
  }

  /// Tells what failed of a step, each reason once.
  private mutating func tell(_ outcomes: [Outcome], of step: String) {
    var reasons: [(text: String, count: Int)] = []
    for error in outcomes.compactMap(\.failure) {
      let text = Excerpt.line(error.message, limit: 300)
      if let index = reasons.firstIndex(where: { $0.text == text }) {
        reasons[index].count += 1
      } else {
        reasons.append((text, 1))
      }
    }
    for (text, count) in reasons {
      refused.append("\(count) of \(outcomes.count) questions (\(step)) came to nothing: \(text)")
    }
  }
}

extension Result {
  /// The error, where there is one.
  var failure: Failure? {
    if case .failure(let error) = self { error } else { nil }
  }
}
