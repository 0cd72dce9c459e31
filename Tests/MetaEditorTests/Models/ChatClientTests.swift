import MetaEditor
import RubricStore
import Testing

private let scored: JSONValue = [
  "type": "object", "properties": ["score": ["type": "integer", "minimum": 0, "maximum": 5]],
  "required": ["score"], "additionalProperties": false,
]

private func client(
  _ transport: ScriptedTransport, clock: ManualClock = ManualClock(),
  _ change: (inout ChatClient.Settings) -> Void = { _ in }
) throws -> ChatClient {
  var settings = ChatClient.Settings()
  change(&settings)
  return ChatClient(
    endpoint: try ChatEndpoint(url: "http://model.test:8000", model: "tiny"),
    transport: transport, settings: settings, clock: clock)
}

/// What a client says and does, without a network.
@Suite struct ChatClientTests {
  // MARK: The wire

  @Test func sendsWhatTheAPIAsksFor() async throws {
    let transport = ScriptedTransport(.chat("fine"))
    var request = ChatRequest.question(schema: scored, maxTokens: 50)
    request.seed = 9
    let reply = try await client(transport).ask(request)
    #expect(reply.text == "fine")
    #expect(reply.model == "served")
    #expect(!reply.isCut)
    #expect(reply.promptTokens == 7)
    #expect(reply.completionTokens == 3)
    let sent = try #require(transport.requests.first)
    #expect(sent.url == "http://model.test:8000/v1/chat/completions")
    #expect(sent.headers.contains { $0 == ("Content-Type", "application/json") })
    let expected: JSONValue = [
      "model": "tiny",
      "messages": [
        ["role": "system", "content": "Grade."], ["role": "user", "content": "How good?"],
      ], "max_tokens": 50, "temperature": 0.0, "seed": 9, "stream": false,
      "response_format": [
        "type": "json_schema",
        "json_schema": ["name": "judge", "strict": true, "schema": scored],
      ],
    ]
    #expect(transport.bodies == [expected])
  }

  @Test func settingsReplaceWhatTheRequestSays() async throws {
    let transport = ScriptedTransport(.chat("x"))
    _ = try await client(transport) {
      $0.temperature = 0.5
      $0.seed = 4
    }.ask(.question())
    #expect(transport.bodies.first?["temperature"] == 0.5)
    #expect(transport.bodies.first?["seed"] == 4)
    #expect(transport.bodies.first?["response_format"] == nil)
  }

  @Test func aTemperatureThatIsNoNumberIsLeftOut() async throws {
    let transport = ScriptedTransport(.chat("x"))
    _ = try await client(transport) { $0.temperature = .nan }.ask(.question())
    #expect(transport.bodies.first?["temperature"] == nil)
  }

  @Test(arguments: [
    (#"{"choices":[{"finish_reason":"length","message":{"content":"ab"}}]}"#, "ab", true),
    (
      #"{"choices":[{"message":{"content":[{"type":"text","text":"a"},{"text":"b"}]}}]}"#, "ab",
      false
    ),
    (#"{"choices":[{"message":{"content":null,"refusal":"no"}}]}"#, "no", false),
    (#"{"choices":[{"message":{"content":null}}]}"#, "", false),
    (#"{"choices":[{"message":{"content":"a\u0000b"}}]}"#, "a\u{FFFD}b", false),
    (#"{"choices":[{}],"usage":{"prompt_tokens":-1,"completion_tokens":9e99}}"#, "", false),
  ]) func readsAnswersOfManyServers(_ body: String, _ text: String, _ isCut: Bool) async throws {
    let reply = try await client(ScriptedTransport(.text(200, body))).ask(.question())
    #expect(reply.text == text)
    #expect(reply.isCut == isCut)
    #expect(reply.promptTokens == nil)
  }

  // MARK: Trying again

  @Test(arguments: [408, 409, 425, 429, 500, 502, 503, 504, 529])
  func triesAgain(_ status: Int) async throws {
    let transport = ScriptedTransport(
      .error(status, "busy"), .error(status, "busy"), .chat("there"))
    let clock = ManualClock()
    let client = try client(transport, clock: clock)
    #expect(try await client.ask(.question()).text == "there")
    #expect(transport.requests.count == 3)
    // Half to all of half a second, then of a second.
    #expect(clock.waits.count == 2)
    #expect((.milliseconds(250)...(.milliseconds(500))).contains(clock.waits[0]))
    #expect((.milliseconds(500)...(.milliseconds(1_000))).contains(clock.waits[1]))
    #expect(client.progress.retries == 2)
    #expect(client.progress.requests == 3)
  }

  @Test func waitsTheSameWithTheSameSeed() async throws {
    func waits(_ seed: UInt64, _ question: String) async throws -> [Duration] {
      let clock = ManualClock()
      let client = try client(ScriptedTransport(.error(500, "")), clock: clock) {
        $0.jitterSeed = seed
      }
      await #expect(throws: ProposerError(.unreachable, "")) {
        try await client.ask(.question(question))
      }
      return clock.waits
    }
    let first = try await waits(1, "a")
    #expect(first.count == 4)
    #expect(try await waits(1, "a") == first)
    #expect(try await waits(2, "a") != first)
    #expect(try await waits(1, "b") != first)
  }

  @Test func neverWaitsLongerThanAllowed() async throws {
    let clock = ManualClock()
    let client = try client(ScriptedTransport(.error(500, "")), clock: clock) {
      $0.retries = 100
      $0.longestWait = .seconds(3)
    }
    await #expect(throws: ProposerError(.unreachable, "")) { try await client.ask(.question()) }
    #expect(clock.waits.count == 100)
    #expect(clock.waits.allSatisfy { $0 <= .seconds(3) })
  }

  private static let waits: [(headers: [String: String], seconds: Double)] = [
    (["retry-after": "7"], 7), (["retry-after": "Tue, 14 Nov 2023 22:13:29 GMT"], 9),
    (["retry-after-ms": "2500", "retry-after": "60"], 2.5),
  ]

  @Test(arguments: waits) func waitsAsLongAsItIsAsked(
    _ headers: [String: String], _ seconds: Double
  ) async throws {
    let clock = ManualClock(date: 1_700_000_000)
    let client = try client(
      ScriptedTransport(.error(429, "slowly", headers: headers), .chat("ok")), clock: clock)
    _ = try await client.ask(.question())
    let wait = try #require(clock.waits.first)
    #expect(wait >= .seconds(seconds))
    #expect(wait <= .seconds(seconds + 0.25))
    #expect(clock.waits.count == 1)
  }

  @Test func givesUpAWaitThatIsTooLong() async throws {
    let clock = ManualClock()
    let transport = ScriptedTransport(.error(429, "slowly", headers: ["retry-after": "3600"]))
    let error = await #expect(throws: ProposerError(.unreachable, "")) {
      try await client(transport, clock: clock).ask(.question())
    }
    #expect(error?.message.contains("3600 s") == true)
    #expect(clock.waits.isEmpty)
    #expect(transport.requests.count == 1)
  }

  @Test(arguments: [400, 403, 405, 413, 422, 501, 505])
  func doesNotTryAgain(_ status: Int) async throws {
    let transport = ScriptedTransport(.error(status, "The context is too long."))
    let error = await #expect(throws: ProposerError(.unreachable, "")) {
      try await client(transport).ask(.question())
    }
    #expect(
      error?.message
        == "the server at model.test:8000 answered \(status): The context is too long.")
    #expect(transport.requests.count == 1)
  }

  @Test func heedsAServerThatSaysItIsInVain() async throws {
    let transport = ScriptedTransport(
      .error(500, "never", headers: ["x-should-retry": "false"]))
    await #expect(throws: ProposerError(.unreachable, "")) {
      try await client(transport).ask(.question())
    }
    #expect(transport.requests.count == 1)
  }

  @Test(arguments: [
    #"{"error":{"message":"why"}}"#, #"{"error":"why"}"#, #"{"message":"why"}"#,
    #"{"detail":"why"}"#, #""why""#, "why", " why\n\n",
  ]) func tellsWhatTheServerSays(_ body: String) async throws {
    let error = await #expect(throws: ProposerError.self) {
      try await client(ScriptedTransport(.text(400, body))).ask(.question())
    }
    #expect(error?.message == "the server at model.test:8000 answered 400: why")
  }

  @Test func cutsWhatTheServerSays() async throws {
    let long = String(repeating: "wörd \u{7}", count: 100_000)
    let error = await #expect(throws: ProposerError.self) {
      try await client(ScriptedTransport(.text(400, long))).ask(.question())
    }
    let message = try #require(error?.message)
    #expect(message.unicodeScalars.count < 400)
    #expect(message.hasSuffix("[…]"))
    #expect(!message.contains("\u{7}"))
  }

  @Test func tellsOfAWebPage() async throws {
    let page =
      "<!DOCTYPE html><html><head><title>Bad\n gateway</title></head><body>no</body></html>"
    let transport = ScriptedTransport(.text(200, page, headers: ["content-type": "text/html"]))
    let error = await #expect(throws: ProposerError(.unreachable, "")) {
      try await client(transport).ask(.question())
    }
    #expect(error?.message.contains("a web page titled “Bad gateway”") == true)
    #expect(error?.hint != nil)
    #expect(transport.requests.count == 1)
    let behind = ScriptedTransport(.text(502, page), .chat("ok"))
    #expect(try await client(behind).ask(.question()).text == "ok")
  }

  @Test(arguments: ["", #"{"choices":[{"message":{"cont"#, "upstream timed out"])
  func triesAgainWhatIsNoJSON(_ body: String) async throws {
    let transport = ScriptedTransport(.text(200, body), .chat("ok"))
    #expect(try await client(transport).ask(.question()).text == "ok")
  }

  @Test func findsAnErrorInsideAnAnswer() async throws {
    let transport = ScriptedTransport(
      .text(200, #"{"error":{"code":429,"message":"busy"}}"#), .chat("ok"))
    #expect(try await client(transport).ask(.question()).text == "ok")
    let odd = ScriptedTransport(.text(200, #"{"result":"hello"}"#))
    let error = await #expect(throws: ProposerError(.unreachable, "")) {
      try await client(odd).ask(.question())
    }
    #expect(error?.message.contains("without a choice") == true)
    #expect(odd.requests.count == 1)
  }

  @Test func triesAgainAfterALostConnection() async throws {
    let transport = ScriptedTransport { _, number in
      switch number {
      case 0: throw TransportError.connection("the connection was lost")
      case 1: throw TransportError.deadline(.seconds(120))
      default: return .chat("ok")
      }
    }
    #expect(try await client(transport).ask(.question()).text == "ok")
  }

  @Test func doesNotTryAgainWhatIsTooLarge() async throws {
    let transport = ScriptedTransport { request, _ in
      throw TransportError.tooLarge(limit: request.bodyLimit)
    }
    let error = await #expect(throws: ProposerError(.unreachable, "")) {
      try await client(transport) { $0.bodyLimit = 1_000 }.ask(.question())
    }
    #expect(error?.message.contains("more than 1000 bytes") == true)
    #expect(transport.requests.count == 1)
  }

  // MARK: What closes a client

  @Test(arguments: [301, 307, 401, 402, 404])
  func sendsNothingMoreOnceItIsDenied(_ status: Int) async throws {
    let transport = ScriptedTransport(
      .error(status, "no", headers: ["location": "https://u:p@other.test/v1?key=k"]))
    let client = try client(transport)
    let first = await #expect(throws: ProposerError(.denied, "")) {
      try await client.ask(.question())
    }
    #expect(first?.message.contains("\(status)") == true)
    #expect(first?.message.contains("u:p") == false)
    #expect(first?.message.contains("key=") == false)
    if status < 400 { #expect(first?.message.contains("other.test/v1") == true) }
    let second = await #expect(throws: ProposerError(.denied, "")) {
      try await client.ask(.question("another"))
    }
    #expect(second?.message == first?.message)
    #expect(transport.requests.count == 1)
  }

  @Test func aQuotaThatIsUsedUpIsNotWaitedFor() async throws {
    let transport = ScriptedTransport(
      .text(429, #"{"error":{"message":"pay","code":"insufficient_quota"}}"#))
    await #expect(throws: ProposerError(.denied, "")) {
      try await client(transport).ask(.question())
    }
    #expect(transport.requests.count == 1)
  }

  @Test func givesUpAServerThatIsGone() async throws {
    let transport = ScriptedTransport { _, _ in throw TransportError.connection("refused") }
    let client = try client(transport) {
      $0.retries = 1
      $0.concurrency = 2
    }
    for _ in 0..<3 {
      await #expect(throws: ProposerError(.unreachable, "")) { try await client.ask(.question()) }
    }
    #expect(transport.requests.count == 6)
    let error = await #expect(throws: ProposerError(.denied, "")) {
      try await client.ask(.question())
    }
    #expect(error?.message.contains("3 questions in a row") == true)
    #expect(transport.requests.count == 6)
  }

  @Test func anAnswerOfAnyKindShowsThatItIsNotGone() async throws {
    let transport = ScriptedTransport { _, number in
      if number % 3 == 2 { return .error(400, "bad") }
      throw TransportError.connection("refused")
    }
    let client = try client(transport) {
      $0.retries = 0
      $0.concurrency = 1
    }
    for _ in 0..<12 {
      await #expect(throws: ProposerError(.unreachable, "")) { try await client.ask(.question()) }
    }
    #expect(transport.requests.count == 12)
  }

  @Test func aTransportThatCannotWorkIsToldOfOnce() async throws {
    let transport = ScriptedTransport { _, _ in throw ProposerError(.denied, "no libcurl") }
    let client = try client(transport)
    for _ in 0..<2 {
      let error = await #expect(throws: ProposerError(.denied, "")) {
        try await client.ask(.question())
      }
      #expect(error?.message == "no libcurl")
    }
    #expect(transport.requests.count == 1)
  }
}
