public import RubricStore

/// A language model that is asked in messages.
///
/// ``ChatClient`` is one behind an endpoint; a test or an embedder may bring another.
public protocol ChatModel: Sendable {
  /// The model's name, as it is recorded.
  var name: String { get }

  /// Asks once, and waits for the answer; what is worth trying again has been tried again.
  ///
  /// - Throws: ``ProposerError`` with code ``ProposerError/Code/unreachable`` or
  ///   ``ProposerError/Code/exhausted``, or `CancellationError`.
  func ask(_ request: ChatRequest) async throws -> ChatReply
}

/// One message of a chat.
public struct ChatMessage: Hashable, Sendable {
  /// Who speaks.
  public enum Role: String, Hashable, Sendable { case system, user, assistant }

  /// Who speaks.
  public var role: Role
  /// What is said.
  public var content: String

  /// Creates a message.
  public init(_ role: Role, _ content: String) {
    self.role = role
    self.content = content
  }
}

/// What a model is asked.
public struct ChatRequest: Sendable {
  /// What the request is for, one word: `judge`, `analysis`.
  ///
  /// It names the entry of the transcript.
  public var purpose: String
  /// The chat so far.
  public var messages: [ChatMessage]
  /// The JSON Schema that the answer shall keep; nil for free text.
  public var schema: JSONValue?
  /// The most tokens of the answer, 1 or more.
  public var maxTokens: Int
  /// How much chance there is in the answer, 0 or more.
  public var temperature: Double
  /// What chance starts from, for servers that heed it; nil for the server's own.
  public var seed: Int?

  /// Creates a request.
  public init(
    purpose: String, messages: [ChatMessage], schema: JSONValue? = nil, maxTokens: Int = 1_024,
    temperature: Double = 0, seed: Int? = nil
  ) {
    self.purpose = purpose
    self.messages = messages
    self.schema = schema
    self.maxTokens = maxTokens
    self.temperature = temperature
    self.seed = seed
  }
}

/// What a model answered.
public struct ChatReply: Sendable {
  /// The text, as it came.
  public var text: String
  /// The model that the server says it is.
  public var model: String
  /// Whether the answer was cut at the most tokens.
  public var isCut: Bool
  /// Tokens of the question, where the server counts them.
  public var promptTokens: Int?
  /// Tokens of the answer, where the server counts them.
  public var completionTokens: Int?

  /// Creates a reply.
  public init(
    text: String, model: String, isCut: Bool = false, promptTokens: Int? = nil,
    completionTokens: Int? = nil
  ) {
    self.text = text
    self.model = model
    self.isCut = isCut
    self.promptTokens = promptTokens
    self.completionTokens = completionTokens
  }
}
