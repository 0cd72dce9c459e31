import MetaEditor
import ModelEndpoint
import RubricStore
import Synchronization
import Testing

@Suite struct JudgeStreamTests {
  private static let good = #"{"reason": "a", "overall": 0.5}"#

  private func judge(_ model: ScriptedModel, concurrency: Int = 4) throws -> Judge {
    try Judge(
      try JudgeSample.rubric("holistic"), commit: try #require(JudgeSample.commit), model: model,
      templates: PromptTemplates(), engine: MustacheEngine(),
      settings: Judge.Settings(concurrency: concurrency))
  }

  /// The names of the rollouts that are handed on, and what ends the run.
  private func run(
    _ judge: Judge, _ rollouts: [Rollout], failingAt bad: Int? = nil
  ) async -> (names: [String], error: (any Error)?) {
    let next = Source(rollouts, failingAt: bad)
    var names: [String] = []
    do {
      try await judge.judge(
        next: { try await next.next() }, write: { names.append($0.record.rollout.name) })
    } catch {
      return (names, error)
    }
    return (names, nil)
  }

  @Test func recordsComeInTheOrderOfTheRolloutsWhateverAnswersFirst() async throws {
    // The answers of each four calls come last first.
    let gate = Gate(4)
    let model = ScriptedModel { _, _ in
      await gate.pass()
      return Self.good
    }
    let rollouts = JudgeSample.rollouts(40)
    let records = try await judge(model).judge(rollouts)
    #expect(records.map(\.rollout) == rollouts)
    #expect(model.requests.count == 40)
    #expect(model.mostAtOnce == 4)
  }

  @Test func littleIsReadAhead() async throws {
    let model = ScriptedModel { request, _ in
      // The first is slow, so that all others wait behind it.
      if request.text.contains("Essay 0.") { try await Task.sleep(for: .milliseconds(50)) }
      return Self.good
    }
    let ahead = Mutex((read: 0, written: 0, most: 0))
    let judge = try judge(model, concurrency: 3)
    try await judge.judge(
      next: {
        ahead.withLock { state in
          guard state.read < 500 else { return nil }
          state.read += 1
          state.most = max(state.most, state.read - state.written)
          let name = "\(state.read - 1)"
          return JudgingTask(Rollout(name: name, prompt: "p", response: "Essay \(name)."))
        }
      },
      write: { judged in
        ahead.withLock { state in
          #expect(judged.record.rollout.name == "\(state.written)")
          state.written += 1
        }
      })
    let state = ahead.withLock { $0 }
    #expect(state.written == 500)
    #expect(state.most <= 15)
    #expect(model.mostAtOnce <= 3)
  }

  @Test func aRecordIsHandedOnBeforeThereIsANextRollout() async throws {
    let model = ScriptedModel { _, _ in Self.good }
    let box = Mailbox()
    let rollouts = JudgeSample.rollouts(5)
    box.put(rollouts[0])
    var names: [String] = []
    // Each next rollout is only there once the record of the one before is.
    try await judge(model).judge(
      next: { await box.next() },
      write: { judged in
        names.append(judged.record.rollout.name)
        box.put(names.count < rollouts.count ? rollouts[names.count] : nil)
      })
    #expect(names == rollouts.map(\.name))
  }

  @Test func noRolloutsAreNoRun() async throws {
    let model = ScriptedModel { _, _ in Self.good }
    let (names, error) = await run(try judge(model), [])
    #expect(names.isEmpty && error == nil && model.requests.isEmpty)
  }

  @Test(arguments: [1, 2, 3, 50])
  func aModelThatNeverAnswersEndsTheRunWithNothingWritten(count: Int) async throws {
    let model = ScriptedModel { _, _ in throw ProposerError(.unreachable, "refused") }
    let (names, error) = await run(try judge(model, concurrency: 2), JudgeSample.rollouts(count))
    #expect(names.isEmpty)
    #expect(error as? ProposerError == ProposerError(.unreachable, ""))
    #expect(model.requests.count <= 6)
  }

  @Test func aModelThatFailsLaterCostsVerdictsAndNoRollout() async throws {
    let model = ScriptedModel { request, _ in
      if request.text.contains("Essay 1.") { return Self.good }
      throw ProposerError(.unreachable, "refused")
    }
    let rollouts = JudgeSample.rollouts(12)
    let (names, error) = await run(try judge(model, concurrency: 1), rollouts)
    #expect(error == nil)
    #expect(names == rollouts.map(\.name))
  }

  @Test func whatIsGradedWholeIsHandedOnWhereTheRunEndsEarly() async throws {
    let rubric = try JudgeSample.rubric("per_criterion")
    let model = ScriptedModel { request, number in
      if number >= 10 { throw ProposerError(.exhausted, "over") }
      return request.text.contains("flow?")
        ? #"{"reason": "a", "verdict": 1}"# : #"{"reason": "a", "verdict": 0}"#
    }
    let judge = try Judge(
      rubric, commit: try #require(JudgeSample.commit), model: model, templates: PromptTemplates(),
      engine: MustacheEngine(), settings: Judge.Settings(concurrency: 2))
    let (names, error) = await run(judge, JudgeSample.rollouts(20))
    #expect(error as? ProposerError == ProposerError(.exhausted, ""))
    // Ten calls are three rollouts and a third of one.
    #expect(names == ["r0", "r1", "r2"])
  }

  @Test func aLineThatCannotBeReadEndsTheRunAfterThoseBeforeIt() async throws {
    let model = ScriptedModel { _, _ in Self.good }
    let (names, error) = await run(
      try judge(model), JudgeSample.rollouts(20), failingAt: 7)
    #expect(error is Source.Failure)
    #expect(names == (0..<7).map { "r\($0)" })
  }

  @Test func whatCannotBeWrittenEndsTheRun() async throws {
    struct Full: Error {}
    let model = ScriptedModel { _, _ in Self.good }
    let source = Source(JudgeSample.rollouts(100))
    var written = 0
    let judge = try judge(model)
    await #expect(throws: Full.self) {
      try await judge.judge(
        next: { try await source.next() },
        write: { _ in
          written += 1
          if written == 3 { throw Full() }
        })
    }
    #expect(model.requests.count < 40)
  }

  @Test func cancellingHandsOnWhatIsGraded() async throws {
    let (started, signal) = AsyncStream.makeStream(of: Void.self)
    let model = ScriptedModel { request, _ in
      if request.text.contains("Essay 3.") {
        signal.yield()
        try await Task.sleep(for: .seconds(3_600))
      }
      return Self.good
    }
    let judge = try judge(model, concurrency: 2)
    let task = Task { await run(judge, JudgeSample.rollouts(1_000)) }
    for await _ in started { break }
    task.cancel()
    let (names, error) = await task.value
    #expect(error is CancellationError)
    #expect(names.starts(with: ["r0", "r1", "r2"]))
    #expect(!names.contains("r3"))
    #expect(names == names.sorted { Int($0.dropFirst()) ?? 0 < Int($1.dropFirst()) ?? 0 })
  }

  @Test func whatIsCountedAddsUp() async throws {
    let model = ScriptedModel { request, _ in
      if request.text.contains("Essay 2.") { return "nonsense" }
      return Self.good
    }
    let source = Source(JudgeSample.rollouts(4))
    var summary = JudgingSummary()
    try await judge(model).judge(next: { try await source.next() }, write: { summary.add($0) })
    #expect(summary.rollouts == 4 && summary.calls == 4)
    #expect(summary.asked == 4 && summary.failed == 1)
    #expect(summary.errors == ["essay": 1] && summary.withoutReward == 1)
    // A call was asked twice, and both are paid for.
    #expect(summary.promptTokens == 50 && summary.completionTokens == 10)
  }
}

/// Gives rollouts out one by one.
private actor Source {
  struct Failure: Error {}
  private var rest: ArraySlice<Rollout>
  private let bad: Int?
  private var count = 0

  init(_ rollouts: [Rollout], failingAt bad: Int? = nil) {
    rest = rollouts[...]
    self.bad = bad
  }

  func next() throws -> JudgingTask? {
    if count == bad { throw Failure() }
    count += 1
    return rest.popFirst().map { JudgingTask($0) }
  }
}

/// Gives out what comes by and by; nil ends it.
private final class Mailbox: Sendable {
  private let state = Mutex<
    (rollouts: [Rollout?], waiting: CheckedContinuation<Rollout?, Never>?)
  >(([], nil))

  func put(_ rollout: Rollout?) {
    let waiting = state.withLock { state in
      defer { state.waiting = nil }
      if state.waiting == nil { state.rollouts.append(rollout) }
      return state.waiting
    }
    waiting?.resume(returning: rollout)
  }

  func next() async -> JudgingTask? {
    let rollout = await withCheckedContinuation { continuation in
      let first: Rollout?? = state.withLock { state in
        guard !state.rollouts.isEmpty else {
          state.waiting = continuation
          return nil
        }
        return state.rollouts.removeFirst()
      }
      if let first { continuation.resume(returning: first) }
    }
    return rollout.map { JudgingTask($0) }
  }
}

/// Lets so many calls in before it lets them go, the last one first.
private actor Gate {
  private let count: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ count: Int) { self.count = count }

  func pass() async {
    await withCheckedContinuation { continuation in
      waiting.append(continuation)
      guard waiting.count == count else { return }
      for continuation in waiting.reversed() { continuation.resume() }
      waiting = []
    }
  }
}
