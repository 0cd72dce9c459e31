internal import Glibc

/// What a ``ChatClient`` knows of time.
///
/// Tests bring their own.
public protocol ChatClock: Sendable {
  /// How long ago some fixed moment was; it never goes back.
  var now: Duration { get }
  /// Seconds since 1970, for dates that a server sends.
  var date: Double { get }
  /// Waits.
  ///
  /// - Throws: `CancellationError` promptly after the task is cancelled.
  func sleep(for duration: Duration) async throws
}

/// The machine's clocks.
public struct SystemChatClock: ChatClock {
  private static let start = ContinuousClock.now

  /// Creates a clock.
  public init() {}

  /// How long ago the program first asked.
  public var now: Duration { ContinuousClock.now - Self.start }

  /// Seconds since 1970.
  public var date: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Waits.
  public func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}

extension Duration {
  /// The duration in seconds.
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }

  /// Whole milliseconds, rounded down.
  var inMilliseconds: Int {
    let (seconds, attoseconds) = components
    let (product, isOver) = seconds.multipliedReportingOverflow(by: 1_000)
    return isOver ? .max : Int(product) + Int(attoseconds / 1_000_000_000_000_000)
  }

  /// `2 s` or `0.25 s`.
  var words: String {
    let milliseconds = inMilliseconds
    return milliseconds % 1_000 == 0
      ? "\(milliseconds / 1_000) s" : "\(Double(milliseconds) / 1_000) s"
  }
}
