import MetaEditor
import RubricStore
import Testing

/// A key goes to the server and nowhere else.
@Suite struct ChatSecretsTests {
  private static let key = "sk-very/secret+key=1234567890"
  private static let other = "tenant-secret-value"

  private func endpoint() throws -> ChatEndpoint {
    try ChatEndpoint(
      url: "https://model.test/v1?api-version=7&code=hidden", model: "tiny", apiKey: Self.key,
      extraHeaders: [(name: "api-key", value: Self.other)])
  }

  private func isClean(_ text: String) -> Bool {
    !text.contains(Self.key) && !text.contains(Self.other) && !text.contains("code=hidden")
      && !text.contains("secret+key")
  }

  @Test func isSentAsABearer() async throws {
    let transport = ScriptedTransport(.chat("x"))
    _ = try await ChatClient(endpoint: try endpoint(), transport: transport).ask(.question())
    let headers = try #require(transport.requests.first?.headers)
    #expect(headers.contains { $0 == ("Authorization", "Bearer \(Self.key)") })
    #expect(headers.contains { $0 == ("api-key", Self.other) })
  }

  @Test func isInNoDescription() async throws {
    let transport = ScriptedTransport(.chat("x"))
    let endpoint = try endpoint()
    let client = ChatClient(endpoint: endpoint, transport: transport)
    _ = try await client.ask(.question())
    let sent = try #require(transport.requests.first)
    var text = ""
    dump(endpoint, to: &text)
    dump(client, to: &text)
    dump(sent, to: &text)
    for value in [endpoint, client, sent] as [Any] {
      text += "\(value) \(String(reflecting: value)) \(String(describing: [value]))"
      text += "\(Mirror(reflecting: value).children.map { "\($0)" })"
    }
    #expect(isClean(text), "\(text)")
  }

  @Test func isInNoTranscriptAndNoError() async throws {
    // A server that says what it was sent, in every way.
    let echo: JSONValue = [
      "error": [
        "message": .string("bad key \(Self.key) and \(Self.other)"), Self.key: 1,
        "list": [.string(Self.key)],
      ]
    ]
    let answers: [TransportAnswer] = [
      .text(400, echo.jsonText), .text(401, "key: \(Self.key)"),
      .text(500, "<html>\(Self.other)</html>"),
      .chat("your key is \(Self.key)"),
      .text(
        200,
        #"{"choices":[{"message":{"content":"\#(Self.key.split(separator: "/").joined(separator: #"\/"#))"}}]}"#
      ),
    ]
    for answer in answers {
      let entries = Collected<TranscriptEntry>()
      var settings = ChatClient.Settings()
      settings.retries = 0
      let client = ChatClient(
        endpoint: try endpoint(), transport: ScriptedTransport(answer), settings: settings,
        clock: ManualClock(), transcript: { entries.add($0) })
      var said = ""
      do {
        // What the model says is the caller's; only what is shown is looked at.
        _ = try await client.ask(.question("my key is \(Self.key)"))
      } catch {
        said = "\(error)"
        dump(error, to: &said)
      }
      #expect(isClean(said), "\(said)")
      #expect(entries.all.count == 1)
      for entry in entries.all {
        #expect(isClean(entry.json.jsonText), "\(entry.json.jsonText)")
        #expect(entry.json.jsonText.contains("[key]"))
      }
    }
  }

  @Test func isInNoErrorOfATransport() async throws {
    let transport = ScriptedTransport { _, _ in
      throw TransportError.connection("cannot send \(Self.key)")
    }
    var settings = ChatClient.Settings()
    settings.retries = 0
    let client = ChatClient(endpoint: try endpoint(), transport: transport, settings: settings)
    let error = await #expect(throws: ProposerError.self) { try await client.ask(.question()) }
    #expect(error.map { isClean("\($0)") } == true)
  }

  @Test func aPlaceholderIsNoSecret() async throws {
    let entries = Collected<TranscriptEntry>()
    let client = ChatClient(
      endpoint: try ChatEndpoint(url: "http://model.test", model: "m", apiKey: "x"),
      transport: ScriptedTransport(.chat("an example")), transcript: { entries.add($0) })
    _ = try await client.ask(.question())
    #expect(entries.all.first?.json.jsonText.contains("an example") == true)
  }

  // MARK: Transcripts

  @Test func aTranscriptHasEveryRequest() async throws {
    let entries = Collected<TranscriptEntry>()
    let clock = ManualClock()
    let transport = ScriptedTransport { _, number in
      clock.advance(by: .milliseconds(1_250))
      if number == 0 { throw TransportError.deadline(.seconds(120)) }
      return number == 1 ? .text(503, "busy") : .chat("fine")
    }
    let schema: JSONValue = ["type": "object"]
    let client = ChatClient(
      endpoint: try endpoint(), transport: transport, clock: clock,
      transcript: { entries.add($0) })
    _ = try await client.ask(.question(schema: schema))
    let all = entries.all.map(\.json)
    #expect(all.map { $0["call"] } == [1, 1, 1])
    #expect(all.map { $0["attempt"] } == [1, 2, 3])
    #expect(all.map { $0["status"] } == [.some(.null), 503, 200])
    #expect(all.map { $0["milliseconds"] } == [1250, 1250, 1250])
    #expect(all.allSatisfy { $0["purpose"] == "judge" && $0["schema"] == schema })
    #expect(all.allSatisfy { $0["endpoint"] == "https://model.test/v1/chat/completions" })
    #expect(all.map { $0["request"] } == transport.bodies.map(Optional.some))
    #expect(all[0]["answer"] == .some(.null))
    #expect(all[0]["error"]?.string?.contains("within 120 s") == true)
    #expect(all[1]["answer"] == "busy")
    #expect(all[2]["answer"]?["model"] == "served")
    #expect(all[2]["error"] == .some(.null))
  }
}
