#if Networking
  import MetaEditor
  import ModelEndpoint
  import RubricStore
  import Synchronization
  import Testing

  @Suite struct HTTPTransportTests {
    private func request(
      _ server: ScriptedServer, deadline: Duration = .seconds(30), bodyLimit: Int = 8 << 20,
      body: String = "{}"
    ) -> TransportRequest {
      TransportRequest(
        url: server.url + "/v1/chat/completions",
        headers: [(name: "Content-Type", value: "application/json"), (name: "X-One", value: "1")],
        body: Array(body.utf8), deadline: deadline, bodyLimit: bodyLimit)
    }

    @Test func sendsWhatItIsGivenAndReturnsWhatComesBack() async throws {
      let server = try ScriptedServer { _ in
        .answer(200, #"{"a":"é"}"#, headers: ["X-Thing": "Two", "Set-Cookie": "a=b"])
      }
      let transport = HTTPTransport()
      for _ in 0..<2 {
        let answer = try await transport.post(request(server, body: #"{"b":"ü"}"#))
        #expect(answer.status == 200)
        #expect(answer.headers["x-thing"] == "Two")
        #expect(answer.headers["content-type"] == "application/json")
        #expect(String(decoding: answer.body, as: UTF8.self) == #"{"a":"é"}"#)
      }
      #expect(server.requests.count == 2)
      for sent in server.requests {
        #expect(sent.method == "POST")
        #expect(sent.path == "/v1/chat/completions")
        #expect(sent.headers["x-one"] == "1")
        #expect(sent.headers["content-type"] == "application/json")
        #expect(sent.headers["cookie"] == nil)
        #expect(sent.headers["expect"] == nil)
        #expect(String(decoding: sent.body, as: UTF8.self) == #"{"b":"ü"}"#)
      }
    }

    @Test(arguments: [201, 204, 400, 401, 403, 404, 407, 418, 429, 500, 503])
    func returnsEveryStatus(_ status: Int) async throws {
      let server = try ScriptedServer { _ in
        status == 204
          ? [.send(Array("HTTP/1.1 204 No Content\r\n\r\n".utf8))]
          : .answer(
            status, "why",
            headers: [
              "WWW-Authenticate": #"Basic realm="x""#, "Proxy-Authenticate": "Basic",
              "Retry-After": "7",
            ])
      }
      let answer = try await HTTPTransport().post(request(server))
      #expect(answer.status == status)
      #expect(String(decoding: answer.body, as: UTF8.self) == (status == 204 ? "" : "why"))
      #expect(answer.headers["retry-after"] == (status == 204 ? nil : "7"))
      #expect(server.requests.count == 1)
    }

    @Test func returnsA401ThatWantsABearer() async throws {
      let server = try ScriptedServer { _ in
        .answer(401, "{}", headers: ["WWW-Authenticate": "Bearer"])
      }
      #expect(try await HTTPTransport().post(request(server)).status == 401)
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func followsNoRedirect(_ status: Int) async throws {
      let other = try ScriptedServer { _ in .answer(200, "{}") }
      let place = other.url + "/v1"
      let server = try ScriptedServer { _ in
        .answer(status, "moved", headers: ["Location": place])
      }
      let answer = try await HTTPTransport().post(request(server))
      #expect(answer.status == status)
      #expect(answer.headers["location"] == place)
      #expect(other.requests.isEmpty)
      #expect(server.requests.count == 1)
    }

    // MARK: Bodies

    @Test func readsChunks() async throws {
      let server = try ScriptedServer { _ in .chunked(["{\"a\"", ":1", "}"]) }
      let answer = try await HTTPTransport().post(request(server))
      #expect(String(decoding: answer.body, as: UTF8.self) == #"{"a":1}"#)
    }

    @Test func readsABodyThatTheConnectionEnds() async throws {
      let server = try ScriptedServer { _ in
        [.send(Array("HTTP/1.0 200 OK\r\n\r\n{\"a\":1}".utf8)), .close]
      }
      let answer = try await HTTPTransport().post(request(server))
      #expect(String(decoding: answer.body, as: UTF8.self) == #"{"a":1}"#)
    }

    @Test func readsAHeaderThatComesSlowly() async throws {
      let server = try ScriptedServer { _ in
        let bytes = [ScriptedServer.Step].head(200, length: 2) + Array("{}".utf8)
        return bytes.flatMap { [.send([$0]), .pause(milliseconds: 1)] }
      }
      #expect(try await HTTPTransport().post(request(server)).body == Array("{}".utf8))
    }

    @Test func carriesTenMegabytesBothWays() async throws {
      let text = String(repeating: "0123456789", count: 1 << 20)
      let server = try ScriptedServer { request in
        .answer(200, String(decoding: request.body, as: UTF8.self))
      }
      let answer = try await HTTPTransport().post(
        request(server, bodyLimit: text.utf8.count, body: text))
      #expect(answer.body == Array(text.utf8))
    }

    @Test func givesUpABodyThatSaysItIsTooLarge() async throws {
      let server = try ScriptedServer { _ in
        [.send([ScriptedServer.Step].head(200, length: 1 << 30)), .stall]
      }
      await #expect(throws: TransportError.tooLarge(limit: 1_000)) {
        try await HTTPTransport().post(request(server, bodyLimit: 1_000))
      }
    }

    @Test func givesUpABodyThatGrowsTooLarge() async throws {
      let start = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
      let chunk = Array(("400\r\n" + String(repeating: "x", count: 1_024) + "\r\n").utf8)
      let server = try ScriptedServer { _ in
        [.send(start), .drip(chunk, everyMilliseconds: 0)]
      }
      await #expect(throws: TransportError.tooLarge(limit: 100_000)) {
        try await HTTPTransport().post(request(server, bodyLimit: 100_000))
      }
    }

    @Test func takesABodyOfTheVeryLimit() async throws {
      let server = try ScriptedServer { _ in .answer(200, "12345678") }
      #expect(try await HTTPTransport().post(request(server, bodyLimit: 8)).body.count == 8)
      await #expect(throws: TransportError.tooLarge(limit: 7)) {
        try await HTTPTransport().post(request(server, bodyLimit: 7))
      }
    }

    // MARK: Failures

    private static let lost: [String: [ScriptedServer.Step]] = [
      "closed at once": [.close],
      "no HTTP": [.send(Array("hello\r\n\r\n".utf8)), .close],
      "closed in the header": [.send(Array("HTTP/1.1 200 OK\r\nContent-".utf8)), .close],
      "closed in the body": .cut(#"{"choices":["#),
      "closed between chunks": .chunked(["{"], isWhole: false, then: .close),
      "closed in a chunk": [
        .send(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc".utf8)), .close,
      ],
    ]

    @Test(arguments: lost.keys.sorted())
    func saysThatTheConnectionWasLost(_ name: String) async throws {
      let steps = try #require(Self.lost[name])
      let server = try ScriptedServer { _ in steps }
      let error = await #expect(throws: TransportError.self) {
        try await HTTPTransport().post(request(server))
      }
      guard case .connection(let words)? = error else {
        Issue.record("\(name): \(String(describing: error))")
        return
      }
      #expect(!words.isEmpty)
    }

    @Test func saysThatNobodyListens() async throws {
      let port = try ScriptedServer.closedPort()
      let error = await #expect(throws: TransportError.self) {
        try await HTTPTransport().post(
          TransportRequest(
            url: "http://127.0.0.1:\(port)/v1", body: [], deadline: .seconds(30)))
      }
      #expect(error == .connection("the connection was refused"))
    }

    @Test(arguments: ["", "x", "ftp://127.0.0.1/", "http://", "http:///v1", "/v1", "http://a b/"])
    func refusesWhatIsNoAddress(_ url: String) async throws {
      await #expect(throws: TransportError.invalidAddress(url)) {
        try await HTTPTransport().post(
          TransportRequest(url: url, body: [], deadline: .seconds(30)))
      }
    }

    // MARK: Time

    private static let slow: [String: [ScriptedServer.Step]] = [
      "says nothing": [.stall],
      "stops in the header": [.send(Array("HTTP/1.1 200 OK\r\nConten".utf8)), .stall],
      "stops in the body": .cut("{", then: .stall),
      "drips its header": [
        .send(Array("HTTP/1.1 200 OK\r\n".utf8)),
        .drip(Array("X-Thing: 1\r\n".utf8), everyMilliseconds: 20),
      ],
      "drips its body": .cut("{", missing: 1 << 20, then: .drip([0x20], everyMilliseconds: 20)),
    ]

    @Test(arguments: slow.keys.sorted())
    func endsAtTheDeadline(_ name: String) async throws {
      let steps = try #require(Self.slow[name])
      let server = try ScriptedServer { _ in steps }
      await #expect(throws: TransportError.deadline(.milliseconds(300))) {
        try await HTTPTransport().post(request(server, deadline: .milliseconds(300)))
      }
    }

    @Test func aDeadlineBelowASecondIsNone() async throws {
      let server = try ScriptedServer { _ in [.pause(milliseconds: 5)] + .answer(200, "{}") }
      #expect(
        try await HTTPTransport().post(request(server, deadline: .milliseconds(900))).status == 200)
      await #expect(throws: TransportError.deadline(.zero)) {
        try await HTTPTransport().post(request(server, deadline: .zero))
      }
    }

    @Test func endsWhenItIsCancelled() async throws {
      let hasArrived = Flag()
      let server = try ScriptedServer { _ in [.run { hasArrived.raise() }, .stall] }
      let sent = request(server, deadline: .seconds(600))
      let transport = HTTPTransport()
      let task = Task { try await transport.post(sent) }
      await hasArrived.wait()
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      // It goes on working for others.
      let good = try ScriptedServer { _ in .answer(200, "{}") }
      #expect(try await transport.post(request(good)).status == 200)
    }

    @Test func sendsNothingWhenItIsCancelledBefore() async throws {
      let server = try ScriptedServer { _ in .answer(200, "{}") }
      let sent = request(server)
      let task = Task {
        while !Task.isCancelled { await Task.yield() }
        return try await HTTPTransport().post(sent)
      }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(server.requests.isEmpty)
    }

    // MARK: Load

    @Test func keepsExchangesApart() async throws {
      let server = try ScriptedServer { request in
        .answer(200, String(decoding: request.body, as: UTF8.self))
      }
      let transport = HTTPTransport()
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<400 {
          let sent = request(server, body: "\(number)")
          group.addTask {
            try await transport.post(sent).body == Array("\(number)".utf8)
          }
        }
        for try await isOwn in group { #expect(isOwn) }
      }
      #expect(server.requests.count == 400)
    }

    @Test func survivesCancellationAtAnyMoment() async throws {
      let server = try ScriptedServer { request in
        switch request.number % 4 {
        case 0: [.pause(milliseconds: request.number % 7)] + .answer(200, "{}")
        case 1: .chunked(["{", "}"])
        case 2: [.close]
        default: .cut("{", then: .stall)
        }
      }
      let transport = HTTPTransport()
      var random = TestRandom()
      let waits = (0..<300).map { _ in Int.random(in: 0..<12, using: &random) }
      let ended = await withTaskGroup(of: Bool.self) { group in
        for wait in waits {
          let sent = request(server, deadline: .milliseconds(200))
          group.addTask {
            let task = Task { try await transport.post(sent) }
            try? await Task.sleep(for: .milliseconds(wait))
            if wait < 10 { task.cancel() }
            switch await task.result {
            case .success(let answer): return answer.status == 200
            case .failure(let error): return error is CancellationError || error is TransportError
            }
          }
        }
        return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(ended == 300, "seed \(TestRandom.seed)")
      let good = try ScriptedServer { _ in .answer(200, "{}") }
      #expect(try await transport.post(request(good)).status == 200)
    }
  }
#endif
