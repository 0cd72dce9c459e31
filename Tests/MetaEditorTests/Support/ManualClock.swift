import MetaEditor
import Synchronization

/// A clock that moves only by what is slept, and sleeps no time at all.
final class ManualClock: ChatClock {
  private struct State {
    var now = Duration.zero
    var waits: [Duration] = []
  }

  private let state = Mutex(State())
  let start: Double

  /// Starts at a date, in seconds since 1970.
  init(date: Double = 1_700_000_000) { start = date }

  var now: Duration { state.withLock { $0.now } }
  var date: Double { start + Double(now.components.seconds) }

  /// What was slept, in order.
  var waits: [Duration] { state.withLock { $0.waits } }

  func sleep(for duration: Duration) async throws {
    try Task.checkCancellation()
    state.withLock { state in
      state.now += duration
      state.waits.append(duration)
    }
  }

  func advance(by duration: Duration) { state.withLock { $0.now += duration } }
}
