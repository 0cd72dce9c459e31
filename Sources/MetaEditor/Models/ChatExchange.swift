internal import RubricStore

/// One question to a model, with all that is tried until it is answered or given up.
struct ChatExchange {
  private let client: ChatClient
  private let request: ChatRequest
  /// The question's number, from 1.
  private let call: Int
  /// Requests that were sent.
  private var sent = 0
  /// Requests that failed and count as tries.
  private var attempt = 0
  /// Tokens that were taken.
  private(set) var tokens = 0
  /// What the server said to a request with a schema, while it is tried without.
  private var refusedSchema: ChatFailure?
  private var dialect = ChatDialect()

  init(client: ChatClient, request: ChatRequest, call: Int) {
    self.client = client
    self.request = request
    self.call = call
  }

  /// Asks until there is an answer.
  mutating func run() async throws -> ChatReply {
    dialect = client.dialect
    while true {
      let failure: ChatFailure
      switch try await send() {
      case .reply(let reply):
        client.noteAnswer()
        if refusedSchema != nil { client.learn(dialect) }
        return reply
      case .failure(let found): failure = found
      }
      if failure.status != nil { client.noteAnswer() }
      if let adapted = failure.adapted(dialect, hasSchema: request.schema != nil) {
        dialect = adapted.dialect
        if adapted.isSure { client.learn(dialect) } else { refusedSchema = failure }
        try client.gate.countRequest()
        client.countRetry()
        continue
      }
      // Without its schema it was refused as well, so the schema was not why.
      try await wait(after: failure.isTransient ? failure : refusedSchema ?? failure)
    }
  }

  /// Waits before the next try.
  ///
  /// - Throws: ``ProposerError`` where there is none.
  private mutating func wait(after failure: ChatFailure) async throws {
    attempt += 1
    guard failure.isTransient, attempt <= client.settings.retries else {
      throw ended(failure)
    }
    let wait = client.settings.wait(
      afterAttempt: attempt, asked: failure.wait, chance: chance)
    if let asked = failure.wait, asked > client.settings.longestWait {
      throw ended(failure, "; it asks to wait \(asked.words), which is longer than is waited")
    }
    if let left = client.timeLeft, wait >= left {
      throw ProposerError(
        .exhausted,
        "the time that was allowed does not last for another try; "
          + client.endpoint.secrets.scrubbed(failure.sentence(host: client.endpoint.host)),
        hint: "allow more with `--deadline`")
    }
    try await client.clock.sleep(for: wait)
    try client.gate.countRequest()
    client.countRetry()
  }

  /// The error that the question ends with.
  private func ended(_ failure: ChatFailure, _ more: String = "") -> ProposerError {
    let tries = sent > 1 && failure.isTransient ? ", tried \(sent) times" : ""
    let sentence = failure.sentence(host: client.endpoint.host) + tries + more
    let error = ProposerError(
      failure.isFinal ? .denied : .unreachable, client.endpoint.secrets.scrubbed(sentence),
      hint: failure.hint)
    if failure.isFinal { client.gate.close(error) }
    if failure.status == nil { client.note(isSilent: failure.isSilence, after: error) }
    return error
  }

  /// A number that the question decides, so that questions do not wait in step.
  private var chance: UInt64 {
    var hash = FNV1a()
    for message in request.messages { hash.update(message.content.utf8) }
    return hash.value
  }

  /// Sends the request once.
  private mutating func send() async throws -> ChatOutcome {
    var deadline = client.settings.timeout
    if let left = client.timeLeft {
      guard left > .zero else {
        throw ProposerError(
          .exhausted, "the \((client.settings.deadline ?? .zero).words) that were allowed are over",
          hint: "allow more with `--deadline`")
      }
      deadline = min(deadline, left)
    }
    if let closed = client.gate.closed { throw closed }
    let body = ChatWire.body(of: request, model: client.endpoint.model, in: dialect)
    let started = client.clock.now
    sent += 1
    let outcome: ChatOutcome
    var status: Int?
    var raw: [UInt8] = []
    do {
      let answer = try await client.transport.post(
        TransportRequest(
          url: client.endpoint.url, headers: client.endpoint.headers,
          body: Array(body.jsonText.utf8), deadline: deadline,
          bodyLimit: client.settings.bodyLimit))
      status = answer.status
      raw = answer.body
      outcome = ChatWire.read(answer, date: client.clock.date)
    } catch is CancellationError {
      record(body, started, nil, [], "cancelled")
      throw CancellationError()
    } catch let error as ProposerError {
      // The transport itself does not work.
      record(body, started, nil, [], error.message)
      client.gate.close(error)
      throw error
    } catch {
      outcome = .failure(ChatFailure(error, timeout: deadline))
    }
    switch outcome {
    case .reply(let reply):
      let prompt = reply.promptTokens ?? TokenEstimate.prompt(request)
      let completion = reply.completionTokens ?? TokenEstimate.tokens(of: reply.text)
      tokens += prompt + completion
      client.count(promptTokens: prompt, completionTokens: completion)
      record(body, started, status, raw, nil)
    case .failure(let failure):
      if failure.mayHaveTakenTokens {
        let prompt = TokenEstimate.prompt(request)
        tokens += prompt
        client.count(promptTokens: prompt, completionTokens: 0)
      }
      record(body, started, status, raw, failure.sentence(host: client.endpoint.host))
    }
    return outcome
  }

  private func record(
    _ body: JSONValue, _ started: Duration, _ status: Int?, _ raw: [UInt8], _ error: String?
  ) {
    client.record(
      [
        "call": .integer(call), "attempt": .integer(sent), "purpose": .string(request.purpose),
        "endpoint": .string(client.endpoint.shownURL), "model": .string(client.endpoint.model),
        "status": status.map { .integer($0) } ?? .null,
        "milliseconds": .integer((client.clock.now - started).inMilliseconds),
        "request": body, "schema": request.schema ?? .null,
        "answer": ChatWire.shown(raw), "error": error.map { .string($0) } ?? .null,
      ])
  }
}

/// What tokens cost before the server has counted them: four characters each, as SPEC.md has it for
/// budgets.
enum TokenEstimate {
  static func tokens(of text: String) -> Int { (text.unicodeScalars.count + 3) / 4 }

  /// The tokens of a question.
  static func prompt(_ request: ChatRequest) -> Int {
    let schema = request.schema.map { tokens(of: $0.jsonText) } ?? 0
    return request.messages.reduce(schema) { $0 + tokens(of: $1.content) + 4 }
  }

  /// The most that a question with its answer takes.
  static func most(_ request: ChatRequest) -> Int { prompt(request) + request.maxTokens }
}
