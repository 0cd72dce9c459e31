import MetaEditor
import RubricStore
import Testing

/// Servers that do not understand all of the API.
@Suite struct ChatClientDialectTests {
  private let schema: JSONValue = ["type": "object", "properties": ["a": ["type": "integer"]]]

  private func client(_ transport: ScriptedTransport) throws -> ChatClient {
    ChatClient(
      endpoint: try ChatEndpoint(url: "http://model.test", model: "tiny"), transport: transport,
      clock: ManualClock())
  }

  @Test(arguments: [
    (400, "Unknown parameter: response_format"), (422, "json_schema is not supported"),
    (501, "no structured outputs here"), (500, "failed to parse grammar"),
    (400, "Invalid request"), (422, "extra fields not permitted"),
  ]) func asksWithoutASchemaWhereThereAreNone(_ status: Int, _ message: String) async throws {
    let transport = ScriptedTransport { request, _ in
      String(decoding: request.body, as: UTF8.self).contains(#""response_format""#)
        ? .error(status, message) : .chat("{}")
    }
    let client = try client(transport)
    _ = try await client.ask(.question("one", schema: schema))
    #expect(transport.bodies.count == 2)
    #expect(transport.bodies[1]["response_format"] == nil)
    let words = try #require(
      transport.bodies[1]["messages"]?.array?.last?["content"]?.string)
    #expect(words.hasPrefix("one\n"))
    #expect(words.contains(schema.jsonText))
    // It is learnt once.
    _ = try await client.ask(.question("two", schema: schema))
    #expect(transport.bodies.count == 3)
    #expect(transport.bodies[2]["response_format"] == nil)
    #expect(client.progress.retries == 1)
  }

  @Test func tellsTheFirstReasonWhereTheSchemaIsNotAtFault() async throws {
    let transport = ScriptedTransport(
      .error(400, "maximum context length is 100"), .error(400, "still too long"),
      .chat("{}"))
    let client = try client(transport)
    let error = await #expect(throws: ProposerError(.unreachable, "")) {
      try await client.ask(.question(schema: schema))
    }
    #expect(error?.message.hasSuffix("maximum context length is 100") == true)
    // The next one is asked with its schema again.
    _ = try await client.ask(.question(schema: schema))
    #expect(transport.bodies.map { $0["response_format"] != nil } == [true, false, true])
  }

  @Test func aRequestWithoutASchemaIsNotTriedAnotherWay() async throws {
    let transport = ScriptedTransport(.error(400, "response_format grammar"))
    await #expect(throws: ProposerError(.unreachable, "")) {
      try await client(transport).ask(.question())
    }
    #expect(transport.requests.count == 1)
  }

  @Test func learnsOtherNames() async throws {
    let transport = ScriptedTransport { request, _ in
      let body = String(decoding: request.body, as: UTF8.self)
      func refusal(_ parameter: String, _ message: String) -> TransportAnswer {
        let json: JSONValue = [
          "error": ["message": .string(message), "param": .string(parameter)]
        ]
        return .text(400, json.jsonText)
      }
      if body.contains(#""max_tokens""#) {
        return refusal("max_tokens", "Unsupported: use 'max_completion_tokens' instead.")
      }
      if body.contains(#""temperature""#) { return refusal("temperature", "Only 1 is supported.") }
      if body.contains(#""seed""#) { return refusal("seed", "Unknown.") }
      return .chat("ok")
    }
    let client = try client(transport)
    var request = ChatRequest.question(schema: schema)
    request.seed = 1
    #expect(try await client.ask(request).text == "ok")
    #expect(transport.requests.count == 4)
    #expect(transport.bodies[3]["max_completion_tokens"] == 50)
    #expect(transport.bodies[3]["response_format"] != nil)
    _ = try await client.ask(request)
    #expect(transport.requests.count == 5)
  }

  @Test func endsWithAServerThatAlwaysComplains() async throws {
    let transport = ScriptedTransport(
      .error(400, "max_completion_tokens response_format temperature seed"))
    await #expect(throws: ProposerError(.unreachable, "")) {
      try await client(transport).ask(.question(schema: schema))
    }
    #expect(transport.requests.count <= 5)
  }
}
