internal import RubricStore
internal import Synchronization

/// A model behind an OpenAI-compatible `/v1/chat/completions` endpoint: vLLM, SGLang, llama.cpp,
/// Ollama, or a hosted one.
///
/// - Any number of tasks may ask at once; ``Settings/concurrency`` of them are served at a time, in
///   the order in which they asked.
/// - What may pass is tried again, waiting longer each time, or as long as `Retry-After` says: the
///   statuses 408, 409, 425, 429 and 5xx but 501 and 505, a lost connection, a timeout, and an answer
///   that ends in the middle.
/// - A server that knows no JSON Schema is asked without one, with the schema in the prompt; likewise
///   one that wants `max_completion_tokens`, or no temperature or seed. That is learnt once.
/// - What no other request could do better closes the client: a key, a quota, an address or a model
///   that the server refuses, a redirect, or a server that has not answered a row of questions at all.
///
/// Its errors name the server and what it said. They hold no key.
///
/// - SeeAlso: SPEC.md §17.4.
public final class ChatClient: ChatModel {
  /// Where it asks.
  public let endpoint: ChatEndpoint
  /// How it asks.
  public let settings: Settings
  let transport: any ChatTransport
  let clock: any ChatClock
  private let report: (@Sendable (ChatProgress) -> Void)?
  private let transcript: (@Sendable (TranscriptEntry) -> Void)?
  let gate: CallGate
  private let state = Mutex(State())

  private struct State {
    var start: Duration?
    var progress = ChatProgress()
    var asked = 0
    var announced = 0
    var dialect = ChatDialect()
    /// Questions in a row that got no answer of any kind.
    var silent = 0
  }

  /// The model's name, as the endpoint has it.
  public var name: String { endpoint.model }

  /// Creates a client.
  ///
  /// - Parameters:
  ///   - endpoint: Where it asks.
  ///   - transport: Carries the requests: `HTTPTransport` of `ModelEndpoint`, or another.
  ///   - settings: How it asks.
  ///   - clock: What it knows of time.
  ///   - progress: Told whenever something has moved; from any task, so that a later call may tell
  ///     of an earlier state.
  ///   - transcript: Given every request with what came of it, from any task.
  public init(
    endpoint: ChatEndpoint, transport: any ChatTransport, settings: Settings = Settings(),
    clock: any ChatClock = SystemChatClock(),
    progress: (@Sendable (ChatProgress) -> Void)? = nil,
    transcript: (@Sendable (TranscriptEntry) -> Void)? = nil
  ) {
    self.endpoint = endpoint
    self.transport = transport
    self.settings = settings.bounded
    self.clock = clock
    report = progress
    self.transcript = transcript
    gate = CallGate(
      width: self.settings.concurrency, calls: settings.requests, tokens: settings.tokens)
  }

  /// Announces questions, so that the progress knows how many there will be.
  public func expect(calls: Int) {
    state.withLock { $0.announced += min(max(0, calls), 1 << 40) }
    tell()
  }

  /// How far it has come.
  public var progress: ChatProgress {
    let counts = gate.counts
    return state.withLock { state in
      var progress = state.progress
      progress.total = max(state.asked, state.announced)
      progress.requests = counts.requests
      progress.elapsed = state.start.map { clock.now - $0 } ?? .zero
      return progress
    }
  }

  /// Asks once, and waits for the answer; what is worth trying again has been tried again.
  ///
  /// - Throws: ``ProposerError`` with code ``ProposerError/Code/unreachable`` where no answer was to
  ///   be had, ``ProposerError/Code/exhausted`` where time, requests or tokens are used up,
  ///   ``ProposerError/Code/denied`` where nothing more is sent; or `CancellationError`.
  public func ask(_ request: ChatRequest) async throws -> ChatReply {
    try Task.checkCancellation()
    let call = state.withLock { state in
      state.start = state.start ?? clock.now
      state.asked += 1
      return state.asked
    }
    let request = settings.applied(to: request)
    let reserved = TokenEstimate.most(request)
    do {
      try await gate.enter(tokens: reserved)
      var exchange = ChatExchange(client: self, request: request, call: call)
      do {
        let reply = try await exchange.run()
        gate.leave(reserved: reserved, used: exchange.tokens)
        finish(isAnswered: true)
        return reply
      } catch {
        gate.leave(reserved: reserved, used: exchange.tokens)
        throw error
      }
    } catch {
      finish(isAnswered: false)
      throw error
    }
  }

  private func finish(isAnswered: Bool) {
    state.withLock { state in
      state.progress.done += 1
      if !isAnswered { state.progress.failed += 1 }
    }
    tell()
  }

  private func tell() { report?(progress) }
}

// MARK: - What an exchange needs to know

extension ChatClient {
  /// What is left of the time for everything; nil where there is no bound.
  var timeLeft: Duration? {
    guard let deadline = settings.deadline else { return nil }
    let start = state.withLock { $0.start } ?? clock.now
    return deadline - (clock.now - start)
  }

  /// What the server is known to understand.
  var dialect: ChatDialect { state.withLock { $0.dialect } }

  /// Remembers what the server does not understand.
  func learn(_ dialect: ChatDialect) { state.withLock { $0.dialect.narrow(to: dialect) } }

  /// Counts a request that is sent again.
  func countRetry() {
    state.withLock { $0.progress.retries += 1 }
    tell()
  }

  /// Counts the tokens of an answer.
  func count(promptTokens: Int, completionTokens: Int) {
    state.withLock { state in
      state.progress.promptTokens += promptTokens
      state.progress.completionTokens += completionTokens
    }
  }

  /// Notes whether the server has said anything; a row of silence closes the client.
  func note(isSilent: Bool, after error: ProposerError) {
    let row = state.withLock { state in
      state.silent = isSilent ? state.silent + 1 : 0
      return state.silent
    }
    guard isSilent, row >= max(3, settings.concurrency) else { return }
    gate.close(
      ProposerError(
        .denied,
        "gave up after \(row) questions in a row without an answer; the last: \(error.message)",
        hint: error.hint))
  }

  /// Notes that the server has answered.
  func noteAnswer() { state.withLock { $0.silent = 0 } }

  /// Writes to the transcript, without keys.
  func record(_ entry: @autoclosure () -> JSONValue) {
    guard let transcript else { return }
    transcript(TranscriptEntry(json: endpoint.secrets.scrubbed(entry())))
  }
}
