import MetaEditor
import ModelEndpoint
import RubricStore
import Synchronization
import Testing

/// A model whose answers a test writes; it keeps what it was asked.
final class ScriptedEditor: ChatModel {
  typealias Script = @Sendable (ChatRequest, _ number: Int) async throws -> String

  let name = "scripted"
  private let script: Script
  private let state = Mutex<(asked: [ChatRequest], counts: [String: Int])>(([], [:]))

  /// - Parameter script: The answer to a request, and its number among those of its purpose and seed.
  init(_ script: @escaping Script) { self.script = script }

  var asked: [ChatRequest] { state.withLock { $0.asked } }

  func asked(_ purpose: String) -> [ChatRequest] { asked.filter { $0.purpose == purpose } }

  func ask(_ request: ChatRequest) async throws -> ChatReply {
    let number = state.withLock { state in
      state.asked.append(request)
      let key = "\(request.purpose) \(request.seed ?? -1)"
      state.counts[key, default: 0] += 1
      return (state.counts[key] ?? 1) - 1
    }
    let text = try await script(request, number)
    return ChatReply(text: text, model: "scripted-1", promptTokens: 100, completionTokens: 10)
  }

  /// A model that finds nothing in rollouts and answers the refinements in their order.
  static func refining(_ refinements: [String]) -> ScriptedEditor {
    ScriptedEditor { request, _ in
      switch request.purpose {
      case "analysis": #"{"findings":[]}"#
      case "prescreen": #"{"reason":"","verdict":"fair"}"#
      case "refinement": refinements[(request.seed ?? 0) % refinements.count]
      default: throw ProposerError(.unusable, "no answer to \(request.purpose) was written")
      }
    }
  }
}

/// What tests of the proposer share.
enum Proposing {
  /// A rubric with a bit of everything.
  static let text = """
    schema: rubric/1
    id: essay
    title: Essays
    criteria:
      - id: thesis
        title: Thesis
        text: The essay states what it argues for.
        weight: 2
        scale:
          levels:
            - {value: 0, text: No thesis.}
            - {value: 1, text: A vague thesis.}
            - {value: 2, text: A clear thesis.}
        lower_when:
          - The thesis stands only in the last sentence.
          - The thesis repeats the question.
      - id: evidence
        title: Evidence
        text: Each claim is backed by evidence.
        weight: 3
        scale:
          numeric: {min: 0, max: 10, step: 1}
      - id: safety
        title: Safety
        text: Nothing in it puts people in danger.
        pinned: true
        gate: {min: 1, effect: veto}
      - id: style
        title: Style
        criteria:
          - id: flow
            title: Flow
            text: Paragraphs follow from one another and sentences are joined.
            lower_when: [Sentences do not connect.]
          - id: grammar
            title: Grammar
            text: Grammar and spelling are right.
          - id: padding
            title: Padding
            text: It repeats itself to be long.
            polarity: negative
      - id: house
        title: House rules
        pinned: true
        criteria:
          - id: language
            text: It is in English.
          - id: length
            text: It has at least 100 words.
      - id: charm
        title: Charm
        text: It is a pleasure to read.
        status: inactive

    """

  static func rubric(_ text: String = text) throws -> Rubric {
    try Rubric(parsing: Array(text.utf8))
  }

  static let commit = ObjectID(hex: String(repeating: "a", count: 40))

  /// Rollouts `r0`… with rewards that rise with their numbers.
  static func evidence(
    _ rubric: Rubric, count: Int = 40,
    change: (inout GradedRollout, Int) -> Void = { _, _ in }
  ) -> Evidence {
    var gatherer = EvidenceGatherer(rubric: rubric) { $0 == "abc" }
    for number in 0..<count {
      var verdicts: [CriterionID: Verdict] = [:]
      let share = count == 1 ? 1 : Double(number) / Double(count - 1)
      for criterion in rubric.judgedCriteria {
        switch criterion.scale {
        case .binary: verdicts[criterion.id] = .value(share > 0.5 ? 1 : 0)
        case .levels(let levels):
          let index = Int((share * Double(levels.count - 1)).rounded())
          verdicts[criterion.id] = .value(levels[index].value)
        case .numeric(let range, _):
          verdicts[criterion.id] = .value((range.min + share * (range.max - range.min)).rounded())
        }
      }
      verdicts["safety"] = .value(1)
      var record = GradedRollout(
        Rollout(
          name: "r\(number)", prompt: "Write about tea \(number).",
          response: "Tea number \(number) is a drink. It is warm and has been for \(number) years."),
        rubric: "abc", verdicts: verdicts)
      change(&record, number)
      gatherer.add(record)
    }
    return gatherer.gathered
  }

  static func request(
    _ rubric: Rubric, _ evidence: Evidence? = nil, policy: Policy = Policy(), history: [String] = []
  ) throws -> ProposalRequest {
    ProposalRequest(
      rubric: rubric, commit: try #require(commit), evidence: evidence ?? self.evidence(rubric),
      policy: policy, history: history)
  }

  /// Runs a proposer with a model, four rollouts for each of `refinements` refinements.
  static func propose(
    _ model: any ChatModel, on rubric: Rubric? = nil, evidence: Evidence? = nil,
    refinements: Int = 1, policy: Policy = Policy(), history: [String] = [],
    change: (inout ModelProposer.Settings) -> Void = { _ in }
  ) async throws -> Proposal {
    var settings = ModelProposer.Settings(rollouts: 4 * refinements, refinements: refinements)
    change(&settings)
    let rubric = try rubric ?? self.rubric()
    let proposer = try ModelProposer(model: model, engine: MustacheEngine(), settings: settings)
    return try await proposer.propose(
      try request(rubric, evidence, policy: policy, history: history))
  }

  /// Checks that the meta-editor can make the edits of a proposal, and returns what comes out.
  static func applied(_ proposal: Proposal, to rubric: Rubric) throws -> Rubric {
    try rubric.applying(proposal.edits.map(\.edit), by: .meta)
  }

  /// The rollouts that a refinement was shown.
  static func shown(_ request: ChatRequest) -> [String] {
    let text = request.messages.map(\.content).joined()
    return text.split(separator: "\n").filter { $0.hasPrefix("## Rollout ") }
      .map { String($0.dropFirst(11)) }
  }

  /// Evidence as JSON: the first `count` of the rollouts that a request shows.
  static func names(_ request: ChatRequest, _ count: Int = 4) -> String {
    "[" + shown(request).prefix(count).map { "\"\($0)\"" }.joined(separator: ",") + "]"
  }
}
