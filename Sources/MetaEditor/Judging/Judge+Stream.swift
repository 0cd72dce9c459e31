internal import RubricStore

extension Judge {
  /// How many rollouts may go without any answer at the start before the run is given up.
  static let patience = 3

  /// Grades a stream of rollouts, and hands the records on in the order of the stream.
  ///
  /// At most ``Settings/concurrency`` calls are under way, and few more rollouts than that are in
  /// memory. A record is handed on as soon as it and those before it are graded, whether or not there
  /// is a next rollout yet. Where the run ends early, what was graded whole is handed on first.
  ///
  /// - Parameters:
  ///   - next: Gives the next rollout, or nil at the end; it is not called again before it returned,
  ///     and is cancelled where the run ends early.
  ///   - write: Takes the next record.
  ///   - stopsWhereUnreachable: Whether the run is given up, with nothing handed on, where the first
  ///     three rollouts that the model is asked about (or all, if they are fewer) got no answer at all.
  /// - Throws: What `next` and `write` throw; `CancellationError`; ``ProposerError`` with code
  ///   ``ProposerError/Code/unreachable`` where the run is given up, or with another where every
  ///   further call would fail too, such as ``ProposerError/Code/exhausted``.
  public func judge(
    next: @escaping @Sendable () async throws -> JudgingTask?,
    write: (JudgedRollout) throws -> Void, stopsWhereUnreachable: Bool = true
  ) async throws {
    var window = JudgingWindow(patience: stopsWhereUnreachable ? Self.patience : nil)
    try await withThrowingTaskGroup(of: Event.self) { group in
      var failure: (any Error)?
      var inFlight = 0
      var isReading = false
      var isAtEnd = false
      while true {
        while failure == nil, inFlight < settings.concurrency, let call = window.nextCall() {
          inFlight += 1
          group.addTask { await answer(call) }
        }
        if failure == nil, !isReading, !isAtEnd, inFlight < settings.concurrency,
          window.count < 2 * settings.concurrency + 8
        {
          isReading = true
          group.addTask {
            do { return .task(.success(try await next())) } catch { return .task(.failure(error)) }
          }
        }
        // A call that is under way is paid for, and ends by itself; a reader may wait for ever.
        if inFlight == 0, failure != nil || !isReading { break }
        guard let event = try await group.next() else { break }
        do {
          switch event {
          case .answer(let place, let result):
            inFlight -= 1
            window.take(try result.get(), at: place)
          case .task(let result):
            isReading = false
            if let task = try result.get() {
              window.open(task, calls(for: task))
            } else {
              isAtEnd = true
            }
          }
          if failure == nil { try window.handOn(by: self, to: write) }
        } catch {
          failure = failure ?? error
        }
      }
      group.cancelAll()
      guard let failure else { return try window.end(by: self, to: write) }
      if !window.isGivenUp { try window.handOnRest(by: self, to: write) }
      throw failure
    }
  }

  /// Grades rollouts by all criteria.
  ///
  /// - Parameter rollouts: The rollouts.
  /// - Returns: The records, in the order of the rollouts.
  /// - Throws: ``ProposerError`` and `CancellationError`, as for a stream; the records are lost then.
  public func judge(_ rollouts: [Rollout]) async throws -> [GradedRollout] {
    let queue = TaskQueue(rollouts)
    var records: [GradedRollout] = []
    try await judge(next: { await queue.next() }, write: { records.append($0.record) })
    return records
  }

  private enum Event: Sendable {
    case answer(Int, Result<JudgeOutcome, any Error>)
    case task(Result<JudgingTask?, any Error>)
  }

  private func answer(_ call: JudgingWindow.Call) async -> Event {
    do {
      return .answer(call.place, .success(try await ask(call.call, about: call.rollout)))
    } catch {
      return .answer(call.place, .failure(error))
    }
  }

  /// The record of a rollout whose calls are all answered.
  func record(
    of task: JudgingTask, _ outcomes: [JudgeOutcome], calls: [JudgeCall]
  ) -> JudgedRollout {
    var verdicts = task.carried
    for outcome in outcomes { verdicts.merge(outcome.verdicts) { $1 } }
    var record = GradedRollout(
      task.rollout, rubric: "\(rubric.id)@\(commit.hex)", verdicts: verdicts, judge: stamp)
    record.reward = compiled.score(record.judgement).reward
    let answered = Set(outcomes.flatMap(\.verdicts.keys))
    let isUnreached = !outcomes.isEmpty && outcomes.allSatisfy { $0.unreachable != nil }
    return JudgedRollout(
      record: record, asked: criteria.map(\.id).filter(answered.contains), calls: calls.count,
      promptTokens: outcomes.reduce(0) { JudgingSummary.sum($0, $1.promptTokens) },
      completionTokens: outcomes.reduce(0) { JudgingSummary.sum($0, $1.completionTokens) },
      unreachable: isUnreached ? outcomes.last?.unreachable : nil)
  }
}

/// Rollouts that are given out one by one.
private actor TaskQueue {
  private var rest: ArraySlice<Rollout>

  init(_ rollouts: [Rollout]) { rest = rollouts[...] }

  func next() -> JudgingTask? { rest.popFirst().map { JudgingTask($0) } }
}
