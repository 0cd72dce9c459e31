public import RubricStore

/// Carries requests to a model's server.
///
/// `ModelEndpoint` has one over HTTP; an embedder may bring its own.
public protocol ChatTransport: Sendable {
  /// Posts a JSON body and returns what came back, whatever its status.
  ///
  /// - Parameter request: Where to, with what, until when.
  /// - Returns: The answer, its body whole.
  /// - Throws: ``TransportError``, or `CancellationError` promptly after the task is cancelled.
  func post(_ request: TransportRequest) async throws -> TransportAnswer
}

/// One request to a model's server.
public struct TransportRequest: Sendable {
  /// The address, `http` or `https`.
  public var url: String
  /// Header fields, without those that the transport sets itself (length, host).
  public var headers: [(name: String, value: String)]
  /// The JSON body.
  public var body: [UInt8]
  /// How long the exchange may take from start to the last byte; it holds to the millisecond's order.
  public var deadline: Duration
  /// The most bytes of a body that are read before the exchange is given up.
  public var bodyLimit: Int

  /// Creates a request.
  public init(
    url: String, headers: [(name: String, value: String)] = [], body: [UInt8],
    deadline: Duration, bodyLimit: Int = 8 << 20
  ) {
    self.url = url
    self.headers = headers
    self.body = body
    self.deadline = deadline
    self.bodyLimit = bodyLimit
  }
}

/// What a server answered.
public struct TransportAnswer: Sendable {
  /// The HTTP status.
  public var status: Int
  /// The header fields, their names in lower case.
  public var headers: [String: String]
  /// The body.
  public var body: [UInt8]

  /// Creates an answer.
  public init(status: Int, headers: [String: String] = [:], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// Why an exchange came to nothing.
public enum TransportError: Error, Equatable, Sendable {
  /// The deadline passed.
  case deadline(Duration)
  /// The body is larger than was asked for.
  case tooLarge(limit: Int)
  /// There is no such server, it refused, or the connection was lost; with the system's words.
  case connection(String)
  /// The address is none.
  case invalidAddress(String)
}

/// What fills the placeholders of prompts.
public protocol TemplateEngine: Sendable {
  /// Reads a template.
  ///
  /// - Parameters:
  ///   - text: The template, with mustache placeholders; nothing is escaped.
  ///   - name: Its name, for messages.
  /// - Returns: What renders it.
  /// - Throws: ``ProposerError`` with code ``ProposerError/Code/invalidInput``.
  func template(_ text: String, name: String) throws -> any PromptTemplate
}

/// A template that was read.
public protocol PromptTemplate: Sendable {
  /// Fills the placeholders.
  ///
  /// - Parameter values: By name; objects are sections, lists repeat theirs.
  /// - Returns: The text.
  func render(_ values: JSONObject) -> String
}

/// What it takes to ask models: how to reach them, and how to write to them.
public protocol ModelSupport: Sendable {
  /// Carries requests.
  var transport: any ChatTransport { get }
  /// Fills templates.
  var templates: any TemplateEngine { get }
}
