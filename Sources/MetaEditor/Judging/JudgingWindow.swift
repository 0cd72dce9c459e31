internal import RubricStore

/// The rollouts of a stream that are being graded, in the order of the stream.
struct JudgingWindow {
  /// A call to make.
  struct Call: Sendable {
    /// The place of its rollout in the stream.
    var place: Int
    var call: JudgeCall
    var rollout: Rollout
  }

  private struct Slot {
    var task: JudgingTask
    var calls: [JudgeCall]
    /// How many of the calls were given out.
    var started = 0
    var outcomes: [JudgeOutcome] = []

    var isDone: Bool { outcomes.count == calls.count }
  }

  private var slots: [Int: Slot] = [:]
  /// The place of the first rollout that was not handed on.
  private var head = 0
  /// The place after the last one.
  private var tail = 0
  /// The first place that may have calls to give out.
  private var starting = 0
  /// The records that wait until the model has answered at all.
  private var held: [JudgedRollout] = []
  /// The most records that wait.
  private static let holding = 1_000
  /// How many rollouts may go without an answer; nil once one was answered.
  private var patience: Int?
  /// Whether the run was given up since the model cannot be reached.
  private(set) var isGivenUp = false

  init(patience: Int?) { self.patience = patience }

  /// The rollouts in memory, but for those that wait for the model to answer at all.
  var count: Int { tail - head }

  mutating func open(_ task: JudgingTask, _ calls: [JudgeCall]) {
    slots[tail] = Slot(task: task, calls: calls)
    tail += 1
  }

  /// The next call to make.
  mutating func nextCall() -> Call? {
    while starting < tail {
      if let slot = slots[starting], slot.started < slot.calls.count {
        slots[starting]?.started += 1
        return Call(
          place: starting, call: slot.calls[slot.started], rollout: slot.task.rollout)
      }
      starting += 1
    }
    return nil
  }

  mutating func take(_ outcome: JudgeOutcome, at place: Int) {
    slots[place]?.outcomes.append(outcome)
  }

  /// Hands on what is graded, as far as nothing before it is missing.
  mutating func handOn(by judge: Judge, to write: (JudgedRollout) throws -> Void) throws {
    while let slot = slots[head], slot.isDone {
      slots[head] = nil
      head += 1
      try hand(judge.record(of: slot.task, slot.outcomes, calls: slot.calls), to: write)
    }
  }

  /// Hands on all that is graded whole, where the run ends early.
  mutating func handOnRest(by judge: Judge, to write: (JudgedRollout) throws -> Void) throws {
    let rest = slots.filter { $0.value.isDone }.sorted { $0.key < $1.key }
    let records = rest.map {
      judge.record(of: $0.value.task, $0.value.outcomes, calls: $0.value.calls)
    }
    // Where nothing was answered, lines that say only so would look like judgements.
    for judged in held + records where judged.unreachable == nil { try write(judged) }
    held = []
  }

  /// Ends the stream.
  mutating func end(by judge: Judge, to write: (JudgedRollout) throws -> Void) throws {
    try handOn(by: judge, to: write)
    if patience != nil, let error = held.lazy.compactMap(\.unreachable).first { throw error }
    for judged in held { try write(judged) }
    held = []
  }

  private mutating func hand(
    _ judged: JudgedRollout, to write: (JudgedRollout) throws -> Void
  ) throws {
    guard let limit = patience else { return try write(judged) }
    // What needs no call says nothing of the model.
    if judged.calls == 0, held.isEmpty { return try write(judged) }
    held.append(judged)
    if judged.calls > 0 && judged.unreachable == nil || held.count > Self.holding {
      patience = nil
      for judged in held { try write(judged) }
      held = []
    } else if let error = judged.unreachable,
      held.count(where: { $0.unreachable != nil }) >= limit
    {
      isGivenUp = true
      throw error
    }
  }
}
