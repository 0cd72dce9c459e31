import MetaEditor
import RubricStore
import Synchronization

/// A model that says what a function says, and remembers what it was asked.
final class ScriptedModel: ChatModel {
  let name: String
  private let say: @Sendable (ChatRequest, _ number: Int) async throws -> String
  private let state = Mutex<(requests: [ChatRequest], inFlight: Int, most: Int)>(([], 0, 0))

  /// Creates a model; `say` is its answer to a request, which are numbered from 0 on.
  init(
    _ name: String = "scripted",
    _ say: @escaping @Sendable (ChatRequest, Int) async throws -> String
  ) {
    self.name = name
    self.say = say
  }

  /// What was asked, in the order in which it came.
  var requests: [ChatRequest] { state.withLock { $0.requests } }
  /// The most requests that were under way at once.
  var mostAtOnce: Int { state.withLock { $0.most } }

  func ask(_ request: ChatRequest) async throws -> ChatReply {
    let number = state.withLock { state in
      state.requests.append(request)
      state.inFlight += 1
      state.most = max(state.most, state.inFlight)
      return state.requests.count - 1
    }
    defer { state.withLock { $0.inFlight -= 1 } }
    let text = try await say(request, number)
    return ChatReply(text: text, model: name, promptTokens: 10, completionTokens: 2)
  }
}

extension ChatRequest {
  /// All that is said, one message after the other.
  var text: String { messages.map(\.content).joined(separator: "\n") }

  /// Whether it is sent since a first answer was wrong.
  var isRepair: Bool { messages.contains { $0.role == .assistant } }
}

/// What the tests of the judge work with.
enum JudgeSample {
  static let commit = ObjectID(hex: String(repeating: "ab", count: 20))

  /// A rubric with a criterion of each scale, of which one may not apply and one is inactive.
  static func rubric(_ mode: String, output: String = "reasoned") throws -> Rubric {
    try Rubric(
      parsing: """
        schema: rubric/1
        id: essay
        judge: {mode: \(mode), output: \(output)}
        preamble: Be strict.
        criteria:
          - id: flow
            text: Does it flow?
            scale: {numeric: {min: 0, max: 5, step: 1}}
          - id: style
            text: How is its style?
            scale: {levels: [{value: 0, text: bad}, {value: 2, text: good}]}
          - {id: facts, text: Are its claims backed?, applies_when: it makes claims}
          - {id: old, text: Never asked., status: inactive}
        """)
  }

  static let rollout = Rollout(name: "r1", prompt: "Write.", response: "An essay.")

  static func rollouts(_ count: Int) -> [Rollout] {
    (0..<count).map { Rollout(name: "r\($0)", prompt: "Write \($0).", response: "Essay \($0).") }
  }
}
