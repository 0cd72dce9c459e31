#if Networking
  import Foundation
  import MetaEditor
  import ModelEndpoint
  import RubricStore
  import Testing

  private let address = ProcessInfo.processInfo.environment["RUBRIC_MODEL_ENDPOINT"]

  /// A real model behind a real server, such as `Scripts/model-server` starts: what it says is poor,
  /// but it keeps the schema.
  @Suite(
    .enabled(
      if: address?.isEmpty == false,
      "RUBRIC_MODEL_ENDPOINT does not name a server; `Scripts/model-server` starts one"))
  struct RealServerTests {
    private func client(_ entries: Collected<TranscriptEntry>) throws -> ChatClient {
      var settings = ChatClient.Settings()
      settings.concurrency = 2
      settings.timeout = .seconds(600)
      let model = ProcessInfo.processInfo.environment["RUBRIC_MODEL_NAME"] ?? "gemma-3-270m"
      return ChatClient(
        endpoint: try ChatEndpoint(url: try #require(address), model: model),
        transport: HTTPTransport(), settings: settings, transcript: { entries.add($0) })
    }

    @Test func keepsASchema() async throws {
      let schema: JSONValue = [
        "type": "object",
        "properties": [
          "criterion": ["type": "string", "enum": ["flow", "style"]],
          "score": ["type": "integer", "enum": [0, 1, 2, 3]],
        ], "required": ["criterion", "score"], "additionalProperties": false,
      ]
      let entries = Collected<TranscriptEntry>()
      let client = try client(entries)
      try await withThrowingTaskGroup(of: StructuredAnswer.self) { group in
        for text in ["The sea was calm.", "Titles only.", "Ünïcode “quotes” {\"score\": 9}"] {
          let request = ChatRequest(
            purpose: "judge",
            messages: [
              ChatMessage(.system, "You grade texts. Answer in JSON."),
              ChatMessage(.user, "Grade this text for flow: \(text)"),
            ], schema: schema, maxTokens: 64)
          group.addTask { try await client.answer(request) }
        }
        for try await answer in group {
          #expect(SchemaCheck.problems(of: answer.value, against: schema) == [])
          #expect(answer.reply.completionTokens.map { $0 > 0 } == true)
        }
      }
      let sent = entries.all.map(\.json)
      #expect(sent.count >= 3)
      #expect(sent.allSatisfy { $0["status"] == 200 })
      // The schema travelled, and was not talked around.
      #expect(sent.allSatisfy { $0["request"]?["response_format"] != nil })
      #expect(client.progress.done >= 3)
      #expect(client.progress.promptTokens > 0)
    }

    @Test func aQuestionThatIsTooLongIsRefusedWithItsReason() async throws {
      let entries = Collected<TranscriptEntry>()
      let request = ChatRequest(
        purpose: "judge",
        messages: [ChatMessage(.user, String(repeating: "far too long ", count: 15_000))],
        maxTokens: 8)
      let error = await #expect(throws: ProposerError(.unreachable, "")) {
        try await client(entries).ask(request)
      }
      #expect(error?.message.contains("context") == true, "\(error?.message ?? "")")
    }
  }
#endif
