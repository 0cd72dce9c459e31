internal import RubricStore
internal import Synchronization

/// Passes requests on to a model and keeps count of them.
final class CountedModel: ChatModel {
  /// What was asked so far.
  struct Count: Sendable {
    /// Answers by what they were for.
    var calls: [String: Int] = [:]
    /// Requests without an answer by what they were for.
    var failures: [String: Int] = [:]
    /// The models that the server said it is.
    var models: Set<String> = []
    var promptTokens = 0
    var completionTokens = 0
    /// Answers that came without a count of tokens.
    var uncounted = 0

    /// Whether any answer came.
    var hasAnswers: Bool { !calls.isEmpty }
  }

  private let model: any ChatModel
  private let state = Mutex(Count())

  init(_ model: any ChatModel) { self.model = model }

  var name: String { model.name }
  var count: Count { state.withLock { $0 } }

  func ask(_ request: ChatRequest) async throws -> ChatReply {
    let reply: ChatReply
    do {
      reply = try await model.ask(request)
    } catch {
      state.withLock { $0.failures[request.purpose, default: 0] += 1 }
      throw error
    }
    state.withLock { count in
      count.calls[request.purpose, default: 0] += 1
      count.models.insert(Excerpt.line(reply.model, limit: 120))
      // What a server says is not trusted to be small.
      let tokens = [reply.promptTokens, reply.completionTokens].map { max(0, $0 ?? 0) }
      count.promptTokens = Self.sum(count.promptTokens, tokens[0])
      count.completionTokens = Self.sum(count.completionTokens, tokens[1])
      if reply.completionTokens == nil { count.uncounted += 1 }
    }
    return reply
  }

  private static func sum(_ one: Int, _ other: Int) -> Int {
    let (sum, isOver) = one.addingReportingOverflow(other)
    return isOver ? .max : sum
  }
}

extension CountedModel.Count {
  /// The count as JSON, as a proposal's provenance holds it.
  var json: JSONObject {
    func sorted(_ counts: [String: Int]) -> JSONValue {
      .object(
        JSONObject(counts.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.integer($0.value)) }))
    }
    var json: JSONObject = [
      "models": .array(models.sorted().map { .string($0) }), "calls": sorted(calls),
    ]
    if !failures.isEmpty { json["failed_calls"] = sorted(failures) }
    json["tokens"] = ["prompt": .integer(promptTokens), "completion": .integer(completionTokens)]
    if uncounted > 0 { json["calls_without_token_counts"] = .integer(uncounted) }
    return json
  }
}
