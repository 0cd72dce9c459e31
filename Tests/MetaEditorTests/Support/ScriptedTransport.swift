import MetaEditor
import RubricStore
import Synchronization

/// A transport without a network: what comes back is what a test says.
final class ScriptedTransport: ChatTransport {
  private let script:
    @Sendable (_ request: TransportRequest, _ number: Int) async throws ->
      TransportAnswer
  private let sent = Mutex<[TransportRequest]>([])

  init(
    _ script:
      @escaping @Sendable (_ request: TransportRequest, _ number: Int) async throws ->
      TransportAnswer
  ) {
    self.script = script
  }

  /// Answers in turn; the last one again and again.
  convenience init(_ answers: TransportAnswer...) {
    self.init { _, number in answers[min(number, answers.count - 1)] }
  }

  var requests: [TransportRequest] { sent.withLock { $0 } }

  /// The bodies of the requests.
  var bodies: [JSONValue] {
    requests.compactMap { try? JSONValue(parsing: String(decoding: $0.body, as: UTF8.self)) }
  }

  func post(_ request: TransportRequest) async throws -> TransportAnswer {
    let number = sent.withLock { sent in
      sent.append(request)
      return sent.count - 1
    }
    return try await script(request, number)
  }
}

extension TransportAnswer {
  static func chat(
    _ text: String, finish: String = "stop", promptTokens: Int? = 7, completionTokens: Int = 3
  ) -> TransportAnswer {
    TransportAnswer(
      status: 200, headers: ["content-type": "application/json"],
      body: Array(
        [ScriptedServer.Step].chatBody(text, finish, promptTokens, completionTokens).utf8))
  }

  static func error(
    _ status: Int, _ message: String, headers: [String: String] = [:]
  )
    -> TransportAnswer
  {
    let body: JSONValue = ["error": ["message": .string(message)]]
    return TransportAnswer(status: status, headers: headers, body: Array(body.jsonText.utf8))
  }

  static func text(
    _ status: Int, _ text: String, headers: [String: String] = [:]
  )
    -> TransportAnswer
  {
    TransportAnswer(status: status, headers: headers, body: Array(text.utf8))
  }
}

extension ChatRequest {
  /// A short question.
  static func question(
    _ text: String = "How good?", schema: JSONValue? = nil, maxTokens: Int = 50
  )
    -> ChatRequest
  {
    ChatRequest(
      purpose: "judge", messages: [ChatMessage(.system, "Grade."), ChatMessage(.user, text)],
      schema: schema, maxTokens: maxTokens)
  }
}

/// Keeps what it is given.
final class Collected<Value: Sendable>: Sendable {
  private let values = Mutex<[Value]>([])

  var all: [Value] { values.withLock { $0 } }

  func add(_ value: Value) { values.withLock { $0.append(value) } }
}
