internal import RubricStore
internal import Synchronization

/// One question to the model, with the form of its answer.
struct Question: Sendable {
  let request: ChatRequest
  /// What is wrong with an answer, a sentence each.
  private let check: @Sendable (JSONValue) -> [String]

  /// Creates a question; `number` is its own in its step, counted from 0, for chance of its own.
  init(
    purpose: String, messages: [ChatMessage], schema: JSONValue,
    _ settings: ModelProposer.Settings, maxTokens: Int, number: Int,
    check: (@Sendable (JSONValue) -> [String])? = nil
  ) {
    request = ChatRequest(
      purpose: purpose, messages: messages, schema: schema, maxTokens: maxTokens,
      temperature: settings.temperature, seed: (settings.seed &+ number) & 0x7fff_ffff)
    self.check = check ?? { SchemaCheck.problems(of: $0, against: schema) }
  }

  /// Asks, with one round in which the model may mend its answer.
  ///
  /// - Returns: The value; where it still does not keep the form as it stands, so that what is right in
  ///   it can be used.
  /// - Throws: `CancellationError`.
  func asked(of model: any ChatModel) async throws -> Result<JSONValue, ProposerError> {
    let seen = SeenAnswers(model, schema: request.schema)
    var plain = request
    // The schema goes with the request; what is wrong is told by the form that an edit means.
    plain.schema = nil
    do {
      let answer = try await seen.answer(plain) { value in
        seen.note(value)
        return check(value)
      }
      return .success(answer.value)
    } catch let error as ProposerError {
      if error.code == .unusable, let value = seen.only { return .success(value) }
      return .failure(error)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      // Another's model may throw what it likes.
      return .failure(
        ProposerError(.unreachable, "the model failed: \(Excerpt.line("\(error)", limit: 200))"))
    }
  }
}

/// Asks with a schema, and keeps the values that an answer held.
private final class SeenAnswers: ChatModel {
  private let model: any ChatModel
  private let schema: JSONValue?
  private let values = Mutex<[JSONValue]>([])

  init(_ model: any ChatModel, schema: JSONValue?) {
    self.model = model
    self.schema = schema
  }

  var name: String { model.name }

  /// The one value of the last answer; nil where there was none, or it cannot be told which was meant.
  var only: JSONValue? {
    values.withLock { values in
      guard let first = values.first, values.allSatisfy({ $0 == first }) else { return nil }
      return first
    }
  }

  func note(_ value: JSONValue) { values.withLock { $0.append(value) } }

  func ask(_ request: ChatRequest) async throws -> ChatReply {
    var request = request
    request.schema = schema
    let reply = try await model.ask(request)
    values.withLock { $0 = [] }
    return reply
  }
}
