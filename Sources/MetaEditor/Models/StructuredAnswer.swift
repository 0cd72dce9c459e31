public import RubricStore

/// An answer that was asked for as JSON, and is as it was asked for.
public struct StructuredAnswer: Sendable {
  /// The value, which keeps the schema.
  public var value: JSONValue
  /// The reply that it was in; its tokens are those of all rounds that were counted.
  public var reply: ChatReply
  /// Whether the model had to be told what was wrong with a first answer.
  public var isRepaired: Bool
}

extension ChatModel {
  /// Asks for JSON, and takes nothing that does not keep the request's schema.
  ///
  /// What is around the JSON is passed over: a byte order mark, the model's thoughts in `<think>`, a
  /// fence of Markdown, words before and after. An answer that is still wrong is sent back once with
  /// what is wrong with it.
  ///
  /// - Parameters:
  ///   - request: What is asked, with a schema that ``SchemaCheck`` understands.
  ///   - check: What is wrong with a value that keeps the schema, a sentence each; none if nothing is.
  /// - Returns: The value with its reply.
  /// - Throws: ``ProposerError`` with code ``ProposerError/Code/unusable`` and the reasons where both
  ///   answers are wrong, and what ``ask(_:)`` throws.
  public func answer(
    _ request: ChatRequest, check: (JSONValue) -> [String] = { _ in [] }
  ) async throws -> StructuredAnswer {
    let first = try await ask(request)
    let problems: [String]
    switch AnswerText.value(of: first, schema: request.schema, check: check) {
    case .value(let value): return StructuredAnswer(value: value, reply: first, isRepaired: false)
    case .problems(let found): problems = found
    }
    var second = try await ask(Self.repair(request, first, problems))
    second.promptTokens = Self.sum(first.promptTokens, second.promptTokens)
    second.completionTokens = Self.sum(first.completionTokens, second.completionTokens)
    switch AnswerText.value(of: second, schema: request.schema, check: check) {
    case .value(let value): return StructuredAnswer(value: value, reply: second, isRepaired: true)
    case .problems(let found):
      throw ProposerError(
        .unusable,
        "the model's answer cannot be used, also not the second one: "
          + found.joined(separator: "; "))
    }
  }

  private static func sum(_ left: Int?, _ right: Int?) -> Int? {
    guard left != nil || right != nil else { return nil }
    return min(left ?? 0, 1 << 40) + min(right ?? 0, 1 << 40)
  }

  /// The request with the wrong answer and what is wrong with it.
  private static func repair(
    _ request: ChatRequest, _ reply: ChatReply, _ problems: [String]
  ) -> ChatRequest {
    var repaired = request
    // Servers refuse an empty message.
    let said = reply.text.trimmed.isEmpty ? "(nothing)" : AnswerText.cut(reply.text, to: 8_192)
    repaired.messages.append(ChatMessage(.assistant, said))
    var words = "That answer cannot be used:\n"
    words += problems.map { "- \($0)" }.joined(separator: "\n")
    words += "\nAnswer again, with the whole JSON and nothing else."
    if reply.isCut { words += " Be shorter." }
    if let schema = request.schema?.jsonText, schema.utf8.count <= 16_384 {
      words += "\nIt keeps this JSON Schema:\n\(schema)"
    }
    repaired.messages.append(ChatMessage(.user, words))
    return repaired
  }
}
