internal import Synchronization

/// Lets calls through: so many at once, in the order in which they came, while the budget lasts.
///
/// What a call may take of the tokens is set aside when it is let through and settled when it leaves.
/// A call that would fit once others have left waits; one that cannot fit any more is refused.
final class CallGate: Sendable {
  private struct Waiter {
    var tokens: Int
    var continuation: CheckedContinuation<Void, any Error>
  }

  private enum Place {
    /// It has its place in the order and is about to wait.
    case arriving
    case waiting(Waiter)
    case cancelled
  }

  private struct State {
    var next: UInt64 = 0
    /// No place before this one is taken.
    var head: UInt64 = 0
    var places: [UInt64: Place] = [:]
    var inFlight = 0
    var calls = 0
    var used = 0
    var reserved = 0
    var closed: ProposerError?
  }

  /// A waiter that may go on, with why not where it may not.
  private typealias Release = (continuation: CheckedContinuation<Void, any Error>, ProposerError?)

  private let width: Int
  private let maxCalls: Int?
  private let maxTokens: Int?
  private let state = Mutex(State())

  init(width: Int, calls: Int?, tokens: Int?) {
    self.width = max(1, width)
    maxCalls = calls
    maxTokens = tokens
  }

  /// Waits to be let through.
  ///
  /// Whoever was let through leaves.
  ///
  /// - Parameter tokens: The most that the call may take.
  /// - Throws: ``ProposerError`` where the budget is used up or the gate closed, `CancellationError`.
  func enter(tokens: Int) async throws {
    let place = state.withLock { state in
      defer { state.next += 1 }
      state.places[state.next] = .arriving
      return state.next
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let (released, isCancelled) = state.withLock { state -> ([Release], Bool) in
          if case .cancelled? = state.places[place] {
            state.places[place] = nil
            return (release(&state), true)
          }
          state.places[place] = .waiting(Waiter(tokens: tokens, continuation: continuation))
          return (release(&state), false)
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) }
        Self.resume(released)
      }
    } onCancel: {
      let (waiter, released) = state.withLock { state -> (Waiter?, [Release]) in
        switch state.places[place] {
        case .waiting(let waiter)?:
          state.places[place] = nil
          return (waiter, release(&state))
        case .arriving?:
          state.places[place] = .cancelled
          return (nil, [])
        case .cancelled?, nil: return (nil, [])
        }
      }
      waiter?.continuation.resume(throwing: CancellationError())
      Self.resume(released)
    }
  }

  /// Leaves.
  ///
  /// - Parameters:
  ///   - reserved: What was set aside on entering.
  ///   - used: What was taken of the tokens.
  func leave(reserved: Int, used: Int) {
    Self.resume(
      state.withLock { state in
        state.inFlight -= 1
        state.reserved -= reserved
        state.used += used
        return release(&state)
      })
  }

  /// Counts a further request of a call that was let through.
  ///
  /// - Throws: ``ProposerError`` where no more are allowed.
  func countRequest() throws(ProposerError) {
    let problem = state.withLock { state -> ProposerError? in
      if let problem = callProblem(state) { return problem }
      state.calls += 1
      return nil
    }
    if let problem { throw problem }
  }

  /// Lets nobody through any more.
  func close(_ error: ProposerError) {
    Self.resume(
      state.withLock { state in
        state.closed = state.closed ?? error
        return release(&state)
      })
  }

  /// Why it is closed.
  var closed: ProposerError? { state.withLock { $0.closed } }

  /// The requests that were let through, the calls that have not left, and those that wait.
  var counts: (requests: Int, inFlight: Int, waiting: Int) {
    state.withLock { ($0.calls, $0.inFlight, $0.places.count) }
  }

  /// Takes those out of the order who may go on or never can.
  private func release(_ state: inout State) -> [Release] {
    var released: [Release] = []
    while state.head < state.next {
      let waiter: Waiter
      switch state.places[state.head] {
      case nil:
        state.head += 1
        continue
      case .arriving?, .cancelled?: return released
      case .waiting(let first)?: waiter = first
      }
      let problem = state.closed ?? callProblem(state) ?? tokenProblem(state, waiter.tokens)
      if problem == nil {
        guard state.inFlight < width else { return released }
        if let maxTokens, state.used + state.reserved + waiter.tokens > maxTokens {
          return released
        }
        state.inFlight += 1
        state.calls += 1
        state.reserved += waiter.tokens
      }
      state.places[state.head] = nil
      state.head += 1
      released.append((waiter.continuation, problem))
    }
    return released
  }

  private static func resume(_ released: [Release]) {
    for (continuation, problem) in released {
      if let problem { continuation.resume(throwing: problem) } else { continuation.resume() }
    }
  }

  private func callProblem(_ state: State) -> ProposerError? {
    guard let maxCalls, state.calls >= maxCalls else { return nil }
    return ProposerError(
      .exhausted, "the \(maxCalls) requests that were allowed are used up",
      hint: "allow more with `--max-calls`")
  }

  private func tokenProblem(_ state: State, _ tokens: Int) -> ProposerError? {
    guard let maxTokens, state.used + tokens > maxTokens else { return nil }
    return ProposerError(
      .exhausted,
      "\(state.used) of the \(maxTokens) tokens that were allowed are used, and the next request "
        + "may take \(tokens)", hint: "allow more with `--max-tokens-total`")
  }
}
