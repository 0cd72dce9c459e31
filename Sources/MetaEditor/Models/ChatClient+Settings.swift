extension ChatClient {
  /// How a client asks.
  public struct Settings: Hashable, Sendable {
    /// The most requests at once, 1 or more.
    public var concurrency = 8
    /// How long one request may take from its first byte to the answer's last.
    public var timeout: Duration = .seconds(120)
    /// How long everything may take, from the first question on; nil for any time.
    public var deadline: Duration?
    /// The most requests that are sent, those that are tried again among them; nil for any number.
    public var requests: Int?
    /// The most tokens, of questions and answers together; nil for any number.
    ///
    /// A request is sent only
    /// if its question, estimated at four characters a token, and its longest answer fit; what it
    /// took is then counted as the server says.
    public var tokens: Int?
    /// How often a request is tried again, 0 or more.
    public var retries = 4
    /// The wait before the first retry; each further one waits twice as long as the one before it.
    ///
    /// Between half and all of a wait is waited, as chance has it.
    public var firstWait: Duration = .milliseconds(500)
    /// The longest wait before a retry.
    ///
    /// A server that asks for a longer one is given up.
    public var longestWait: Duration = .seconds(60)
    /// What the chance in the waits starts from.
    public var jitterSeed: UInt64 = 0
    /// The temperature of all requests; nil for what each says.
    public var temperature: Double?
    /// The seed of all requests; nil for what each says.
    public var seed: Int?
    /// The most bytes that are read of an answer.
    public var bodyLimit = 8 << 20

    /// Creates settings with everything at its default.
    public init() {}

    /// The settings within bounds that cannot overflow.
    var bounded: Settings {
      var settings = self
      let longest = Duration.seconds(1_000_000_000)
      settings.concurrency = min(max(1, concurrency), 10_000)
      settings.timeout = min(max(.milliseconds(1), timeout), longest)
      settings.deadline = deadline.map { min(max(.zero, $0), longest) }
      settings.retries = min(max(0, retries), 1_000)
      settings.firstWait = min(max(.zero, firstWait), longest)
      settings.longestWait = min(max(.zero, longestWait), longest)
      settings.bodyLimit = max(1, bodyLimit)
      return settings
    }

    /// The request as it is sent under these settings.
    func applied(to request: ChatRequest) -> ChatRequest {
      var request = request
      request.temperature = temperature ?? request.temperature
      request.seed = seed ?? request.seed
      request.maxTokens = min(max(1, request.maxTokens), 100_000_000)
      return request
    }

    /// How long to wait before trying again.
    ///
    /// - Parameters:
    ///   - attempt: How often it was tried, 1 or more.
    ///   - asked: What the server asked for.
    ///   - chance: A number that differs between requests.
    /// - Returns: No less than the server asked for; else between half and all of the wait that has
    ///   doubled since the first.
    func wait(afterAttempt attempt: Int, asked: Duration?, chance: UInt64) -> Duration {
      var random = SplitMix64(seed: jitterSeed ^ chance &+ UInt64(clamping: attempt))
      let share = random.unit()
      if let asked, asked > .zero {
        // Not all at the same moment; but never before it.
        return asked + .milliseconds(250) * share
      }
      let doublings = min(attempt - 1, 40)
      let full = min(firstWait.inSeconds * Double(1 << max(0, doublings)), longestWait.inSeconds)
      return .seconds(full * (0.5 + 0.5 * share))
    }
  }
}
