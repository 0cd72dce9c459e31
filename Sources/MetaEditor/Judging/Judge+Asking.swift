internal import RubricStore
internal import Synchronization

/// What one call of the judge came to.
struct JudgeOutcome: Sendable {
  var verdicts: [CriterionID: Verdict]
  var promptTokens = 0
  var completionTokens = 0
  /// Why the model could not be reached, where it could not.
  var unreachable: ProposerError?
}

extension Judge {
  /// Grades one rollout by all criteria, one call after the other.
  ///
  /// - Parameter rollout: The rollout.
  /// - Returns: The record; a call that failed is an `error` verdict in it.
  /// - Throws: `CancellationError`, and ``ProposerError`` where every further call would fail too.
  public func judge(_ rollout: Rollout) async throws -> GradedRollout {
    var outcomes: [JudgeOutcome] = []
    let task = JudgingTask(rollout)
    let calls = calls(for: task)
    for call in calls { outcomes.append(try await ask(call, about: rollout)) }
    return record(of: task, outcomes, calls: calls).record
  }

  /// Asks once, and once more where the answer is not as it must be.
  func ask(_ call: JudgeCall, about rollout: Rollout) async throws -> JudgeOutcome {
    let listener = Listener(model)
    var outcome: JudgeOutcome
    do {
      let answer = try await listener.answer(request(call, about: rollout)) {
        read($0, call).problems
      }
      outcome = JudgeOutcome(verdicts: read(answer.value, call).verdicts)
    } catch let error as CancellationError {
      throw error
    } catch let error as ProposerError where error.code == .unusable {
      // What can be used of it is used; what cannot is an error each.
      let best = best(of: listener.replies.withLock { $0 }, call)
      outcome = best.map { JudgeOutcome(verdicts: $0.verdicts) } ?? failure(call, error.message)
    } catch let error as ProposerError where error.code == .unreachable {
      outcome = failure(call, error.message)
      outcome.unreachable = error
    } catch let error as ProposerError {
      throw error
    } catch {
      outcome = failure(call, "\(error)")
    }
    for reply in listener.replies.withLock({ $0 }) {
      outcome.promptTokens = JudgingSummary.sum(outcome.promptTokens, reply.promptTokens ?? 0)
      outcome.completionTokens = JudgingSummary.sum(
        outcome.completionTokens, reply.completionTokens ?? 0)
    }
    return outcome
  }

  /// Of answers that do not keep the schema, what the one with the most verdicts says, the later of
  /// equals; nil where none has a verdict.
  private func best(of replies: [ChatReply], _ call: JudgeCall) -> JudgeAnswer? {
    var best: JudgeAnswer?
    for reply in replies.reversed() {
      let found = AnswerText.value(of: reply, schema: nil) { value in
        read(value, call).hasVerdict ? [] : ["it has no verdict"]
      }
      guard case .value(let value) = found else { continue }
      let answer = read(value, call)
      if best.map({ answer.problems.count < $0.problems.count }) ?? true { best = answer }
    }
    return best
  }

  private func read(_ answer: JSONValue, _ call: JudgeCall) -> JudgeAnswer {
    switch call {
    case .one(let criterion): JudgeAnswer(answer, about: criterion)
    case .all: JudgeAnswer(answer, about: criteria, mode: rubric.judge.mode)
    }
  }

  private func failure(_ call: JudgeCall, _ reason: String) -> JudgeOutcome {
    let failed: [Criterion] =
      switch call {
      case .one(let criterion): [criterion]
      case .all: criteria
      }
    let cause = AnswerText.cut(reason, to: 1_000)
    return JudgeOutcome(
      verdicts: Dictionary(failed.map { ($0.id, .error(cause)) }) { first, _ in first })
  }
}

/// A model whose replies are kept, so that what is wrong only in part is not lost.
private final class Listener: ChatModel {
  let model: any ChatModel
  let replies = Mutex<[ChatReply]>([])

  init(_ model: any ChatModel) { self.model = model }

  var name: String { model.name }

  func ask(_ request: ChatRequest) async throws -> ChatReply {
    let reply = try await model.ask(request)
    replies.withLock { $0.append(reply) }
    return reply
  }
}
