import ArgumentParser
internal import Glibc
import MetaEditor
import RubricStore

struct JudgeCommand: Performing {
  static let configuration = CommandConfiguration(
    commandName: "judge",
    abstract: "Grade rollouts by a rubric with a language model",
    discussion: """
      Reads JSON lines, one rollout a line:
        {"rollout": "r1", "prompt": "…", "response": "…"}
      asks the model as the rubric's judge contract says (a call a criterion, one call for all, one \
      verdict for all, or a plan first), and writes each with its verdicts, the reward, the rubric's \
      commit and the judge, in the order of the input, as soon as it is graded:
        {"rollout": "r1", …, "rubric": "<commit>", "verdicts": {"flow": {"value": 4, "reason": "…"}}, \
      "reward": 0.8, "judge": {"model": "…", "prompt": "…"}}
      A call that fails is an error verdict with its reason, never a number.

        rubricctl judge essay@HEAD --rollouts rollouts.jsonl --endpoint http://localhost:8000 \
      --model qwen2.5-7b -o evidence.jsonl

      With --pairs lines that were graded by another version are graded again only where `replay` says \
      so; verdicts that still hold are taken over.

      The exit status is 1 if every verdict that was asked for is an error, 2 if the model cannot be \
      reached or refuses.
      """)

  @Argument(help: ArgumentHelp("The rubric to grade by: RUBRIC@REV", valueName: "rubric@rev"))
  var name = ""

  @Option(help: ArgumentHelp("The rollouts, JSON lines; - for standard input", valueName: "file"))
  var rollouts: String

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("Write to this file and not to standard output", valueName: "file"))
  var file: String?

  @Flag(help: "Go on with the file of -o: rollouts that stand in it are not graded again")
  var resume = false

  @Option(
    help: ArgumentHelp(
      "Ask only about these pairs, JSON lines {\"rollout\", \"criterion\"}, and take over the other "
        + "verdicts of the lines of --rollouts", valueName: "file"))
  var pairs: String?

  @Option(help: ArgumentHelp("Grade at most so many rollouts", valueName: "n"))
  var limit: Int?

  @Option(
    help: ArgumentHelp(
      "The most tokens of an answer; what its form needs if left out", valueName: "n"))
  var maxTokens: Int?

  @Flag(
    name: [.customShort("n"), .customLong("dry-run")],
    help: "Only show what would be asked about the first rollout")
  var dryRun = false

  @OptionGroup(title: "Model") var endpoint: EndpointOptions
  @OptionGroup(title: "Prompts") var templates: TemplateOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }
  var asksModel: Bool { true }

  func validate() throws {
    guard limit ?? 1 >= 1 else { throw ValidationError("--limit is 1 or more") }
    guard maxTokens ?? 1 >= 1 else { throw ValidationError("--max-tokens is 1 or more") }
    guard !resume || file != nil else { throw ValidationError("--resume goes with -o FILE") }
    guard pairs == nil || pairs != "-" || rollouts != "-" else {
      throw ValidationError("standard input is either the pairs or the rollouts")
    }
  }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let store = try store.open()
    let pin = try store.pull(name)
    let templates = try templates.load(from: store, at: pin.commit)
    var settings = Judge.Settings()
    settings.maxTokens = maxTokens
    settings.temperature = endpoint.temperature ?? settings.temperature
    settings.seed = endpoint.seed
    settings.concurrency = endpoint.concurrency
    if dryRun { return try show(terminal, pin, templates, settings) }
    let pairs = try readPairs()
    let total = try countRollouts()
    let (path, file, resume, limit) = (rollouts, file, resume, limit)
    let (sets, id) = (settings, pin.rubric.id)
    return try endpoint.asking { client, support in
      let judge = try Judge(
        pin, model: client, templates: templates, engine: support.templates, settings: sets)
      Self.warn(of: judge)
      let rejudging = try pairs.map { pairs in
        try Rejudging(judge, pairs: pairs) { stamp in
          try? store.pull(id, at: RubricRevision.commit(namedBy: stamp)).rubric
        }
      }
      var done: [String: Int] = [:]
      let sink: EvidenceSink
      switch (file, resume) {
      case (nil, _), ("-"?, _): sink = .standardOutput
      case (let file?, false): sink = try .create(file)
      case (let file?, true):
        (sink, done) = try EvidenceSink.resume(file, commit: judge.commit, stamp: judge.stamp)
      }
      if let total {
        let new = max(0, total - done.values.reduce(0, +))
        let calls = min(new, limit ?? .max).multipliedReportingOverflow(by: judge.callsPerRollout)
        if !calls.overflow, pairs == nil { client.expect(calls: calls.partialValue) }
      }
      let input = try JudgingInput(path, rejudging: rejudging, done: done, limit: limit)
      var summary = JudgingSummary()
      do {
        try await judge.judge(
          next: { try await input.next() },
          write: { judged in
            try sink.append(judged.record)
            summary.add(judged)
          })
      } catch {
        if summary.rollouts > 0 { Terminal.writeError(summary.text(skipped: await input.skipped)) }
        throw error
      }
      Terminal.writeError(summary.text(skipped: await input.skipped))
      if let state = await input.state { Terminal.writeError(state.text) }
      return summary.asked > 0 && summary.failed == summary.asked ? 1 : 0
    }
  }

  private static func warn(of judge: Judge) {
    let wanted = judge.rubric.judge.model
    if !wanted.isEmpty, wanted != judge.stamp.model {
      Terminal.writeError(
        "warning: the rubric was written for the judge model `\(wanted)`, and `\(judge.stamp.model)` "
          + "is asked\n")
    }
  }

  private func readPairs() throws -> RejudgingPairs? {
    guard let path = pairs else { return nil }
    var pairs = RejudgingPairs()
    do {
      try FileInput.lines(path) { try pairs.add(line: $0, number: $1) }
    } catch var error as SyntaxError {
      error.file = path
      throw error
    }
    return pairs
  }

  /// The number of rollouts, of a file that can be read twice.
  private func countRollouts() throws -> Int? {
    var info = stat()
    guard rollouts != "-" else { return nil }
    guard stat(rollouts, &info) == 0 else { throw FileInput.failure(rollouts) }
    guard info.st_mode & S_IFMT == S_IFREG else { return nil }
    return try JudgingInput.count(in: rollouts, isGraded: pairs != nil)
  }

  /// Shows the requests about the first rollout.
  private func show(
    _ terminal: Terminal, _ pin: Pin, _ templates: PromptTemplates, _ settings: Judge.Settings
  ) throws -> Int32 {
    let judge = try Judge(
      pin, model: UnaskedModel(name: endpoint.model ?? Environment["RUBRICCTL_MODEL"] ?? ""),
      templates: templates, engine: try ModelPart.support().templates, settings: settings)
    let reader = try LineReader(rollouts)
    while let line = try reader.next() {
      guard !line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { continue }
      let requests = judge.requests(
        for: JudgingTask(try Rollout(parsing: line.bytes, lineNumber: line.number)))
      for (index, request) in requests.enumerated() {
        terminal.show(request, number: index + 1, of: requests.count, isJSON: output.json)
      }
      return 0
    }
    throw InputError("`\(rollouts)` holds no rollout")
  }
}

/// A model that is named and not asked.
private struct UnaskedModel: ChatModel {
  let name: String

  func ask(_ request: ChatRequest) async throws -> ChatReply {
    throw ProposerError(.unreachable, "no model is asked")
  }
}

extension Terminal {
  fileprivate func show(_ request: ChatRequest, number: Int, of count: Int, isJSON: Bool) {
    guard !isJSON else {
      return json([
        "purpose": .string(request.purpose),
        "messages": .array(
          request.messages.map {
            ["role": .string($0.role.rawValue), "content": .string($0.content)]
          }),
        "schema": request.schema ?? .null, "maxTokens": .integer(request.maxTokens),
        "temperature": .decimal(request.temperature),
        "seed": request.seed.map { .integer($0) } ?? .null,
      ])
    }
    line(paint("call \(number) of \(count)", .heading) + ", at most \(request.maxTokens) tokens")
    for message in request.messages {
      line()
      line(paint("[\(message.role.rawValue)]", .muted))
      line(message.content)
    }
    if let schema = request.schema {
      line()
      line(paint("[schema]", .muted))
      line(schema.jsonText)
    }
    if number < count { line() }
  }
}

extension JudgingSummary {
  /// The summary for people, on lines of its own.
  fileprivate func text(skipped: Int) -> String {
    func counted(_ count: Int, _ noun: String) -> String {
      "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
    var text = "graded \(counted(rollouts, "rollout")) with \(counted(calls, "call"))"
    if promptTokens > 0 || completionTokens > 0 {
      text += ", \(promptTokens) tokens read and \(completionTokens) written"
    }
    if skipped > 0 { text += "; \(skipped) stood there already" }
    text += "\n"
    if failed > 0 {
      let worst = errors.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      text += "warning: \(failed) of \(counted(asked, "verdict")) "
      text += failed == 1 ? "is an error: " : "are errors: "
      text += worst.prefix(5).map { "\($0.key) \($0.value)" }.joined(separator: ", ")
      text += worst.count > 5 ? ", …\n" : "\n"
    }
    if withoutReward > 0 {
      text += "warning: \(counted(withoutReward, "rollout")) without a reward\n"
    }
    return text
  }
}

extension Rejudging {
  /// What became of the verdicts that were there, for people.
  fileprivate var text: String {
    var text = "took over \(carried) verdict\(carried == 1 ? "" : "s")\n"
    if left > 0 {
      text +=
        "warning: \(left) verdict\(left == 1 ? " is" : "s are") left out, neither in the pairs nor "
        + "comparable\n"
    }
    if !unknownVersions.isEmpty {
      text +=
        "warning: the repository does not have "
        + unknownVersions.sorted().prefix(3).map { "`\($0.prefix(12))`" }.joined(separator: ", ")
        + "; nothing was taken over from there\n"
    }
    if unstamped > 0 { text += "warning: \(unstamped) lines do not say who judged them\n" }
    if !waiting.isEmpty {
      text +=
        "warning: \(waiting.count) rollout\(waiting.count == 1 ? "" : "s") of the pairs did not come by: "
        + waiting.sorted().prefix(3).joined(separator: ", ") + (waiting.count > 3 ? ", …\n" : "\n")
    }
    return text
  }
}
