public import RubricStore

extension Judge {
  /// How many rollouts in a row may go without any answer at the start before the run is given up.
  static let patience = 3

  /// Grades a stream of rollouts, and hands the records on in the order of the stream.
  ///
  /// At most ``Settings/concurrency`` calls are under way, and few more rollouts than that are in
  /// memory. Where the run ends early, what was graded whole is handed on first.
  ///
  /// - Parameters:
  ///   - next: Gives the next rollout, or nil at the end.
  ///   - write: Takes the next record.
  ///   - stopsWhereUnreachable: Whether the run is given up, with nothing handed on, where the first
  ///     three rollouts that the model is asked about (or all, if they are fewer) got no answer at all.
  /// - Throws: What `next` and `write` throw; `CancellationError`; ``ProposerError`` with code
  ///   ``ProposerError/Code/unreachable`` where the run is given up, or with another where every
  ///   further call would fail too, such as ``ProposerError/Code/exhausted``.
  public func judge(
    next: () async throws -> JudgingTask?, write: (JudgedRollout) throws -> Void,
    stopsWhereUnreachable: Bool = true
  ) async throws {
    var window = JudgingWindow(patience: stopsWhereUnreachable ? Self.patience : nil)
    try await withTaskGroup(of: JudgingWindow.Answer.self) { group in
      var failure: (any Error)?
      var inFlight = 0
      var isAtEnd = false
      run: while true {
        do {
          while failure == nil, inFlight < settings.concurrency {
            if let (place, call, rollout) = window.nextCall() {
              inFlight += 1
              group.addTask {
                do {
                  return (place, .success(try await ask(call, about: rollout)))
                } catch {
                  return (place, .failure(error))
                }
              }
            } else if !isAtEnd, window.count < 2 * settings.concurrency + 8 {
              try Task.checkCancellation()
              guard let task = try await next() else {
                isAtEnd = true
                continue
              }
              window.open(task, calls(for: task))
              try window.handOn(by: self, to: write)
            } else {
              break
            }
          }
        } catch {
          failure = failure ?? error
        }
        guard inFlight > 0, let (place, answer) = await group.next() else { break run }
        inFlight -= 1
        do {
          window.take(try answer.get(), at: place)
          if failure == nil { try window.handOn(by: self, to: write) }
        } catch {
          // The calls that are under way are paid for; they end by themselves.
          failure = failure ?? error
        }
      }
      if let failure {
        if !window.isGivenUp { try window.handOnRest(by: self, to: write) }
        throw failure
      }
      try window.end(by: self, to: write)
    }
  }

  /// The record of a rollout whose calls are all answered.
  func record(
    of task: JudgingTask, _ outcomes: [JudgeOutcome], calls: [JudgeCall]
  ) -> JudgedRollout {
    var verdicts = task.carried
    for outcome in outcomes { verdicts.merge(outcome.verdicts) { $1 } }
    var record = GradedRollout(
      task.rollout, rubric: commit.hex, verdicts: verdicts, judge: stamp)
    record.reward = compiled.score(record.judgement).reward
    let answered = Set(outcomes.flatMap(\.verdicts.keys))
    let isUnreached = !outcomes.isEmpty && outcomes.allSatisfy { $0.unreachable != nil }
    return JudgedRollout(
      record: record, asked: criteria.map(\.id).filter(answered.contains), calls: calls.count,
      promptTokens: outcomes.reduce(0) { $0 &+ $1.promptTokens },
      completionTokens: outcomes.reduce(0) { $0 &+ $1.completionTokens },
      unreachable: isUnreached ? outcomes.last?.unreachable : nil)
  }
}
