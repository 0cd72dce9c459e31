import ArgumentParser
internal import Glibc
import MetaEditor

/// Where a language model is asked, how, and at what expense.
struct EndpointOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "An OpenAI-compatible server: http://localhost:8000, https://host/v1; RUBRICCTL_ENDPOINT if "
        + "left out", valueName: "url"))
  var endpoint: String?

  @Option(
    help: ArgumentHelp(
      "The model's name on that server; RUBRICCTL_MODEL if left out", valueName: "name"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "The environment variable that holds the key; OPENAI_API_KEY if left out, which is only sent "
        + "over https or to this machine", valueName: "variable"))
  var apiKeyEnv: String?

  @Option(help: ArgumentHelp("The most requests at once", valueName: "n"))
  var concurrency = 8

  @Option(help: ArgumentHelp("How long one request may take", valueName: "seconds"))
  var timeout = 120.0

  @Option(help: ArgumentHelp("How long all requests may take together", valueName: "seconds"))
  var deadline: Double?

  @Option(help: ArgumentHelp("The most requests, those tried again among them", valueName: "n"))
  var maxCalls: Int?

  @Option(
    help: ArgumentHelp("The most tokens, of questions and answers together", valueName: "n"))
  var maxTokensTotal: Int?

  @Option(
    help: ArgumentHelp(
      "How often a request is tried again after 429, 5xx, a timeout or a lost connection",
      valueName: "n"))
  var retries = 4

  @Option(
    help: ArgumentHelp("The model's temperature; what suits the task if left out", valueName: "t"))
  var temperature: Double?

  @Option(
    help: ArgumentHelp("Where the model's chance starts, for servers that heed it", valueName: "n"))
  var seed: Int?

  @Option(
    help: ArgumentHelp(
      "Append every request and answer to this file, as JSON lines without keys; in a folder, to "
        + "transcript.jsonl", valueName: "file"))
  var transcript: String?

  @Flag(help: "Do not show progress")
  var quiet = false

  func validate() throws {
    guard concurrency >= 1 else { throw ValidationError("--concurrency is 1 or more") }
    guard retries >= 0 else { throw ValidationError("--retries is 0 or more") }
    for (name, seconds) in [("timeout", timeout), ("deadline", deadline ?? 1)] {
      guard seconds > 0, seconds <= 1e8 else {
        throw ValidationError("--\(name) is a number of seconds above 0")
      }
    }
    for (name, count) in [("max-calls", maxCalls), ("max-tokens-total", maxTokensTotal)] {
      guard count ?? 1 >= 1 else { throw ValidationError("--\(name) is 1 or more") }
    }
    if let temperature, !(0...10).contains(temperature) {
      throw ValidationError("--temperature is 0 or more")
    }
  }

  /// Asks models until `body` is done.
  ///
  /// The client that it is given shows progress on standard error and keeps a transcript where one is
  /// asked for. An interrupt cancels `body`.
  ///
  /// - Throws: What `body` throws; `InputError` where no model is named or the transcript cannot be
  ///   written; `ExitCode` 130 after an interrupt.
  func asking<Value: Sendable>(
    _ body:
      @escaping @Sendable (_ client: ChatClient, _ support: any ModelSupport) async throws ->
      Value
  ) throws -> Value {
    let support = try ModelPart.support()
    let log = try transcript.map { try TranscriptFile($0) }
    let line = quiet ? nil : ProgressLine()
    let client = ChatClient(
      endpoint: try chatEndpoint(), transport: support.transport, settings: settings,
      progress: { line?.show($0) }, transcript: log.map(\.writer))
    defer { line?.end(client.progress) }
    let value = try waiting { try await body(client, support) }
    try log?.check()
    return value
  }

  /// The endpoint that the options and the environment name.
  func chatEndpoint() throws -> ChatEndpoint {
    guard let url = endpoint ?? Environment["RUBRICCTL_ENDPOINT"], !url.isEmpty else {
      throw InputError(
        "no model's server is named",
        hint: "name it with `--endpoint http://localhost:8000`, or in RUBRICCTL_ENDPOINT")
    }
    guard let model = model ?? Environment["RUBRICCTL_MODEL"], !model.isEmpty else {
      throw InputError(
        "no model is named",
        hint:
          "name it with `--model NAME`, or in RUBRICCTL_MODEL; servers list theirs at /v1/models")
    }
    return try ChatEndpoint(url: url, model: model, apiKey: try key(for: url))
  }

  private func key(for url: String) throws -> String? {
    if let apiKeyEnv {
      guard let key = Environment[apiKeyEnv], !key.isEmpty else {
        throw InputError("the environment variable `\(apiKeyEnv)` is not set, or empty")
      }
      return key
    }
    // A key for one server must not go to another in the clear because it happens to be there.
    guard let key = Environment["OPENAI_API_KEY"], try ChatEndpoint.keepsSecrets(url: url) else {
      return nil
    }
    return key
  }

  private var settings: ChatClient.Settings {
    var settings = ChatClient.Settings()
    settings.concurrency = concurrency
    settings.timeout = .seconds(timeout)
    settings.deadline = deadline.map { .seconds($0) }
    settings.requests = maxCalls
    settings.tokens = maxTokensTotal
    settings.retries = retries
    settings.temperature = temperature
    settings.seed = seed
    return settings
  }
}
