#if Networking
  import MetaEditor
  import ModelEndpoint
  import RubricStore
  import Testing

  /// The client over HTTP, against servers that misbehave.
  @Suite struct ChatClientServerTests {
    private static let schema: JSONValue = [
      "type": "object", "properties": ["score": ["type": "integer"]], "required": ["score"],
    ]

    private func client(
      _ server: ScriptedServer, clock: any ChatClock = ManualClock(),
      _ change: (inout ChatClient.Settings) -> Void = { _ in }
    ) throws -> ChatClient {
      var settings = ChatClient.Settings()
      change(&settings)
      return ChatClient(
        endpoint: try ChatEndpoint(url: server.url, model: "tiny", apiKey: "sk-1234567890"),
        transport: HTTPTransport(), settings: settings, clock: clock)
    }

    /// What a server does at first; then it answers well.
    private static let passing: [String: [ScriptedServer.Step]] = [
      "429": .answer(429, "{}", headers: ["Retry-After": "1"]),
      "500": .answer(500, "oh no", type: "text/plain"),
      "503 with a page": .answer(503, "<html><title>Down</title></html>", type: "text/html"),
      "says nothing": [.stall],
      "drips": .cut("{", missing: 1 << 20, then: .drip([0x20], everyMilliseconds: 20)),
      "cuts its body": .cut(#"{"choices":[{"message"#),
      "cuts its chunks": .chunked([#"{"choices":["#], isWhole: false, then: .close),
      "cuts what has no length": [
        .send(Array("HTTP/1.0 200 OK\r\n\r\n{\"choices\":[{\"mess".utf8)), .close,
      ],
      "closes in its header": [.send(Array("HTTP/1.1 200 OK\r\nContent-".utf8)), .close],
      "closes": [.close],
    ]

    @Test(arguments: passing.keys.sorted())
    func getsOverWhatPasses(_ name: String) async throws {
      let steps = try #require(Self.passing[name])
      let server = try ScriptedServer { request in
        request.number == 0 ? steps : .chat(#"{"score":4}"#)
      }
      let client = try client(server) { $0.timeout = .milliseconds(500) }
      let answer = try await client.answer(.question(schema: Self.schema))
      #expect(answer.value["score"] == 4)
      #expect(server.requests.count == 2)
      #expect(server.requests.map(\.body).first == server.requests.map(\.body).last)
      #expect(
        server.requests.allSatisfy { $0.headers["authorization"] == "Bearer sk-1234567890" })
      #expect(server.requests.allSatisfy { $0.path == "/v1/chat/completions" })
    }

    /// What does not pass, with what is said of it.
    private static let lasting: [String: (steps: [ScriptedServer.Step], says: String)] = [
      "says nothing": ([.stall], "did not answer within"),
      "cuts its body": (.cut("{"), "the connection was lost, tried 3 times"),
      "answers with a page": (
        .answer(200, "<html><title>Sign in</title></html>", type: "text/html"), "titled “Sign in”"
      ),
      "answers too much": (
        .answer(200, String(repeating: "x", count: 10 << 20)), "more than 8388608 bytes"
      ),
      "sends on": (
        .answer(307, "", headers: ["Location": "http://127.0.0.1:1/x"]),
        "redirects are not followed"
      ),
      "speaks something else": ([.send(Array("220 smtp\r\n".utf8)), .close], "is no HTTP"),
    ]

    @Test(arguments: lasting.keys.sorted())
    func saysWhatDoesNotPass(_ name: String) async throws {
      let (steps, words) = try #require(Self.lasting[name])
      let server = try ScriptedServer { _ in steps }
      let client = try client(server) {
        $0.timeout = .milliseconds(500)
        $0.retries = 2
      }
      let error = await #expect(throws: ProposerError.self) {
        try await client.answer(.question(schema: Self.schema))
      }
      let message = try #require(error?.message)
      #expect(message.contains(words), "\(message)")
      #expect(message.contains("127.0.0.1:"))
      #expect(!"\(error as Any)".contains("sk-"))
    }

    @Test func saysThatNobodyListens() async throws {
      let port = try ScriptedServer.closedPort()
      let client = ChatClient(
        endpoint: try ChatEndpoint(url: "http://127.0.0.1:\(port)", model: "m"),
        transport: HTTPTransport(), clock: ManualClock())
      let error = await #expect(throws: ProposerError(.unreachable, "")) {
        try await client.ask(.question())
      }
      #expect(
        error?.message
          == "the server at 127.0.0.1:\(port) cannot be reached: the connection was refused, tried "
          + "5 times")
    }

    @Test func aServerWithoutSchemasIsAskedWithout() async throws {
      let server = try ScriptedServer { request in
        request.json?["response_format"] != nil
          ? .answer(400, #"{"error":{"message":"response_format is not supported"}}"#)
          : .chat("```json\n{\"score\": 4}\n```")
      }
      let client = try client(server)
      for _ in 0..<2 {
        #expect(try await client.answer(.question(schema: Self.schema)).value["score"] == 4)
      }
      #expect(server.requests.count == 3)
    }

    @Test func anAnswerThatIgnoresTheSchemaIsSentBack() async throws {
      let server = try ScriptedServer { request in
        switch request.number {
        case 0: .chat("I would give it four points.")
        case 1: .chat("")
        default: .chat(#"{"score":4}"#)
        }
      }
      let client = try client(server)
      let error = await #expect(throws: ProposerError(.unusable, "")) {
        try await client.answer(.question(schema: Self.schema))
      }
      #expect(error?.message.contains("empty") == true)
      #expect(try await client.answer(.question(schema: Self.schema)).value["score"] == 4)
    }

    @Test func tenMegabytesOfTextAreNoAnswer() async throws {
      let text = String(repeating: "blah ", count: 2 << 20)
      let server = try ScriptedServer { request in
        request.number == 0 ? .chat(text) : .chat(#"{"score":1}"#)
      }
      let client = try client(server) { $0.bodyLimit = 16 << 20 }
      let answer = try await client.answer(.question(schema: Self.schema))
      #expect(answer.isRepaired)
      let second = try #require(server.requests.last?.body.count)
      #expect(second < 20_000)
    }

    @Test(arguments: [1, 4]) func theServerSeesNoMoreAtOnce(_ width: Int) async throws {
      // Each waits until as many as may come at once are there.
      let meeting = Meeting(of: width)
      let server = try ScriptedServer { _ in [.run { meeting.join() }] + .chat("x") }
      let client = try client(server, clock: SystemChatClock()) { $0.concurrency = width }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<(5 * width) {
          group.addTask { _ = try await client.ask(.question()) }
        }
        try await group.waitForAll()
      }
      #expect(server.mostAtOnce == width)
      #expect(server.requests.count == 5 * width)
    }

    @Test func theDeadlineHoldsForAll() async throws {
      let server = try ScriptedServer { _ in [.stall] }
      let client = try client(server, clock: SystemChatClock()) {
        $0.deadline = .milliseconds(400)
        $0.concurrency = 2
      }
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<10 {
          group.addTask {
            await #expect(throws: ProposerError(.exhausted, "")) {
              try await client.ask(.question())
            }
          }
        }
      }
      #expect(server.requests.count <= 4)
    }

    @Test func cancellationReachesWhatIsUnderWay() async throws {
      let hasArrived = Flag()
      let server = try ScriptedServer { _ in [.run { hasArrived.raise() }, .stall] }
      let client = try client(server)
      let task = Task {
        try await withThrowingTaskGroup(of: Void.self) { group in
          for _ in 0..<20 { group.addTask { _ = try await client.ask(.question()) } }
          try await group.waitForAll()
        }
      }
      await hasArrived.wait()
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(client.progress.done == 20)
      #expect(server.requests.count <= 8)
    }
  }
#endif
