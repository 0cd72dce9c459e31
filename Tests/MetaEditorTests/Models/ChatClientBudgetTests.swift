import MetaEditor
import RubricStore
import Testing

/// Budgets, deadlines, order and cancellation.
@Suite struct ChatClientBudgetTests {
  private func client(
    _ transport: ScriptedTransport, clock: any ChatClock = ManualClock(),
    progress: (@Sendable (ChatProgress) -> Void)? = nil,
    _ change: (inout ChatClient.Settings) -> Void
  ) throws -> ChatClient {
    var settings = ChatClient.Settings()
    change(&settings)
    return ChatClient(
      endpoint: try ChatEndpoint(url: "http://model.test", model: "tiny"), transport: transport,
      settings: settings, clock: clock, progress: progress)
  }

  @Test func sendsNoMoreThanIsAllowed() async throws {
    let transport = ScriptedTransport(.chat("x"))
    let client = try client(transport) { $0.requests = 3 }
    for _ in 0..<3 { _ = try await client.ask(.question()) }
    let error = await #expect(throws: ProposerError(.exhausted, "")) {
      try await client.ask(.question())
    }
    #expect(error?.message == "the 3 requests that were allowed are used up")
    #expect(transport.requests.count == 3)
  }

  @Test func retriesCountAsRequests() async throws {
    let transport = ScriptedTransport(.error(500, "x"))
    let client = try client(transport) { $0.requests = 2 }
    await #expect(throws: ProposerError(.exhausted, "")) { try await client.ask(.question()) }
    #expect(transport.requests.count == 2)
  }

  @Test func takesNoMoreTokensThanAreAllowed() async throws {
    // 4 + 6 and 3 + 4 for what is asked, 50 for the answer: 65, of which 40 are then taken.
    let transport = ScriptedTransport(.chat("x", promptTokens: 30, completionTokens: 10))
    let client = try client(transport) { $0.tokens = 150 }
    for _ in 0..<3 { _ = try await client.ask(.question(maxTokens: 50)) }
    let error = await #expect(throws: ProposerError(.exhausted, "")) {
      try await client.ask(.question(maxTokens: 50))
    }
    #expect(error?.message.hasPrefix("120 of the 150 tokens that were allowed are used") == true)
    #expect(transport.requests.count == 3)
    #expect(client.progress.promptTokens == 90)
    #expect(client.progress.completionTokens == 30)
  }

  @Test func countsTokensItselfWhereTheServerDoesNot() async throws {
    let transport = ScriptedTransport(
      .chat(String(repeating: "word", count: 20), promptTokens: nil))
    let client = try client(transport) { _ in }
    _ = try await client.ask(.question("12345678"))
    // "Grade." and "12345678" at four characters a token, and four for each message.
    #expect(client.progress.promptTokens == 2 + 4 + 2 + 4)
    #expect(client.progress.completionTokens == 20)
  }

  @Test func waitsForTokensThatOthersMayLeave() async throws {
    let transport = ScriptedTransport(.chat("x", promptTokens: 1, completionTokens: 1))
    let client = try client(transport) {
      $0.tokens = 100
      $0.concurrency = 8
    }
    // One question at a time fits, and all of them in the end.
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<16 { group.addTask { _ = try await client.ask(.question(maxTokens: 50)) } }
      try await group.waitForAll()
    }
    #expect(transport.requests.count == 16)
  }

  @Test func aRequestThatCannotFitIsRefusedWhileOthersRun() async throws {
    let begun = Flag()
    let goOn = Flag()
    let transport = ScriptedTransport { _, _ in
      begun.raise()
      await goOn.wait()
      return .chat("x")
    }
    let client = try client(transport) {
      $0.tokens = 100
      $0.concurrency = 1
    }
    let first = Task { try await client.ask(.question(maxTokens: 10)) }
    await begun.wait()
    await #expect(throws: ProposerError(.exhausted, "")) {
      try await client.ask(.question(maxTokens: 1_000_000_000))
    }
    goOn.raise()
    _ = try await first.value
  }

  @Test func theLargestNumbersDoNotOverflow() async throws {
    let body =
      #"{"choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":9223372036854775807,"completion_tokens":9223372036854775807}}"#
    let client = try client(ScriptedTransport(.text(200, body))) {
      $0.tokens = .max
      $0.requests = .max
      $0.concurrency = .max
      $0.retries = .max
      $0.timeout = .seconds(Int64.max)
      $0.deadline = .seconds(Int64.max)
      $0.longestWait = .seconds(Int64.max)
      $0.firstWait = .seconds(Int64.max)
      $0.bodyLimit = .max
    }
    for _ in 0..<3 { _ = try await client.ask(.question(maxTokens: .max)) }
    client.expect(calls: .max)
    client.expect(calls: .max)
    #expect(client.progress.done == 3)
  }

  // MARK: Time

  @Test func eachRequestHasTheTimeThatIsLeft() async throws {
    let clock = ManualClock()
    let transport = ScriptedTransport { _, number in
      clock.advance(by: .seconds(40))
      return number == 0 ? .chat("x") : .error(500, "x")
    }
    let client = try client(transport, clock: clock) {
      $0.timeout = .seconds(60)
      $0.deadline = .seconds(90)
    }
    _ = try await client.ask(.question())
    let error = await #expect(throws: ProposerError(.exhausted, "")) {
      try await client.ask(.question())
    }
    #expect(transport.requests[0].deadline == .seconds(60))
    #expect(transport.requests[1].deadline == .seconds(50))
    #expect(transport.requests.last.map { $0.deadline < .seconds(10) } == true)
    #expect(error?.message.contains("allowed") == true)
    #expect(clock.now <= .seconds(130))
    let sent = transport.requests.count
    await #expect(throws: ProposerError(.exhausted, "")) { try await client.ask(.question()) }
    #expect(transport.requests.count == sent)
  }

  @Test func doesNotWaitPastTheDeadline() async throws {
    let clock = ManualClock()
    let transport = ScriptedTransport(.error(429, "x", headers: ["retry-after": "30"]))
    let client = try client(transport, clock: clock) { $0.deadline = .seconds(20) }
    await #expect(throws: ProposerError(.exhausted, "")) { try await client.ask(.question()) }
    #expect(clock.waits.isEmpty)
  }

  // MARK: Order

  @Test(arguments: [1, 3, 8]) func asksNoMoreAtOnceThanIsAllowed(_ width: Int) async throws {
    let now = Collected<Int>()
    let gone = Collected<Int>()
    let transport = ScriptedTransport { _, number in
      now.add(number)
      #expect(now.all.count - gone.all.count <= width)
      for _ in 0..<10 { await Task.yield() }
      gone.add(number)
      return .chat("x")
    }
    let client = try client(transport) { $0.concurrency = width }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<100 { group.addTask { _ = try await client.ask(.question()) } }
      try await group.waitForAll()
    }
    #expect(transport.requests.count == 100)
    #expect(client.progress.done == 100)
  }

  // MARK: Cancellation

  @Test func aCancelledQuestionLeavesItsPlace() async throws {
    let begun = Flag()
    let goOn = Flag()
    let transport = ScriptedTransport { _, number in
      if number == 0 {
        begun.raise()
        await goOn.wait()
      }
      return .chat("x")
    }
    let client = try client(transport) { $0.concurrency = 1 }
    let first = Task { try await client.ask(.question("first")) }
    await begun.wait()
    let second = Task { try await client.ask(.question("second")) }
    let third = Task { try await client.ask(.question("third")) }
    while client.progress.total < 3 { await Task.yield() }
    second.cancel()
    await #expect(throws: CancellationError.self) { try await second.value }
    goOn.raise()
    _ = try await first.value
    _ = try await third.value
    #expect(transport.requests.count == 2)
    #expect(client.progress.done == 3)
    #expect(client.progress.failed == 1)
  }

  @Test func aCancelledWaitEnds() async throws {
    let asked = Flag()
    let transport = ScriptedTransport { _, _ in
      asked.raise()
      return .error(429, "x", headers: ["retry-after": "59"])
    }
    let client = try client(transport, clock: SystemChatClock()) { _ in }
    let task = Task { try await client.ask(.question()) }
    await asked.wait()
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(transport.requests.count == 1)
  }

  @Test func survivesAnyOrderOfCancellations() async throws {
    let transport = ScriptedTransport { _, number in
      for _ in 0..<(number % 5) { await Task.yield() }
      try Task.checkCancellation()
      return number % 7 == 0 ? .error(500, "x") : .chat("x", promptTokens: 1, completionTokens: 1)
    }
    let client = try client(transport) {
      $0.concurrency = 3
      $0.tokens = 1_000_000
    }
    var random = TestRandom()
    var tasks: [(task: Task<Void, any Error>, isCancelled: Bool)] = []
    for _ in 0..<400 {
      let task = Task { _ = try await client.ask(.question()) }
      let isCancelled = Int.random(in: 0..<3, using: &random) == 0
      if isCancelled {
        for _ in 0..<Int.random(in: 0..<8, using: &random) { await Task.yield() }
        task.cancel()
      }
      tasks.append((task, isCancelled))
    }
    for (task, isCancelled) in tasks {
      switch await task.result {
      case .success: continue
      case .failure(let error):
        #expect(isCancelled && error is CancellationError, "seed \(TestRandom.seed): \(error)")
      }
    }
    // All places are free again.
    #expect(client.progress.done == client.progress.total)
    _ = try await client.ask(.question())
  }

  // MARK: Progress

  @Test func tellsHowFarItIs() async throws {
    let told = Collected<ChatProgress>()
    let transport = ScriptedTransport { _, number in
      number == 1 ? .error(500, "x") : number == 3 ? .error(400, "x") : .chat("x")
    }
    let clock = ManualClock()
    let client = try client(transport, clock: clock, progress: { told.add($0) }) { _ in }
    client.expect(calls: 5)
    _ = try await client.ask(.question())
    _ = try await client.ask(.question())
    await #expect(throws: ProposerError.self) { try await client.ask(.question()) }
    let last = try #require(told.all.last)
    #expect(last == client.progress)
    #expect(last.done == 3)
    #expect(last.failed == 1)
    #expect(last.total == 5)
    #expect(last.requests == 4)
    #expect(last.retries == 1)
    #expect(last.promptTokens == 14)
    #expect(last.completionTokens == 6)
    #expect(last.elapsed == clock.now)
    #expect(told.all.first?.done == 0)
  }
}
