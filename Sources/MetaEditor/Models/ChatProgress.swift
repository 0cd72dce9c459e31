public import RubricStore

/// How far a ``ChatClient`` has come.
public struct ChatProgress: Hashable, Sendable {
  /// Questions that have been dealt with, answered or not.
  public internal(set) var done = 0
  /// Of those, how many came to nothing.
  public internal(set) var failed = 0
  /// All questions that are known of: those that were asked, or those that were announced where
  /// these are more.
  public internal(set) var total = 0
  /// Requests that were sent, tried again or not.
  public internal(set) var requests = 0
  /// Requests that were sent because one before them had come to nothing.
  public internal(set) var retries = 0
  /// Tokens of the questions, as the server counted them, or estimated where it does not.
  public internal(set) var promptTokens = 0
  /// Tokens of the answers, likewise.
  public internal(set) var completionTokens = 0
  /// How long ago the first question was asked.
  public internal(set) var elapsed = Duration.zero

  /// Creates the progress of a client that was asked nothing yet.
  public init() {}
}

/// One request and what came of it, for a transcript.
public struct TranscriptEntry: Sendable {
  /// The entry as JSON, without any key.
  ///
  /// It has `call`, `attempt`, `purpose`, `endpoint`, `model`, `status`, `milliseconds`, `request` (the
  /// body as it was sent), `schema` (the one that was asked for), `answer` (the body as JSON, or as text
  /// where it is none) and `error`.
  public var json: JSONValue
}

extension ProposerError.Code {
  /// The server turned a request down for a reason that holds for every other.
  ///
  /// That is the key, the quota, the address, or the model's name. Nothing more is sent then.
  public static let denied = ProposerError.Code("denied")
}
