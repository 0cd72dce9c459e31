internal import RubricStore

/// Fills the templates of a ``ModelProposer``.
struct PromptPage {
  private let settings: ModelProposer.Settings
  private let rubric: Rubric
  private let shown: String
  private let scoring: String

  init(_ rubric: Rubric, _ settings: ModelProposer.Settings) {
    self.rubric = rubric
    self.settings = settings
    shown = rubric.prompt()
    let method = rubric.aggregation.method.rawValue.replacing("_", with: " ")
    scoring =
      (["The reward is the \(method) of the top level."]
      + Self.scoring(rubric.criteria, depth: 0, isPinned: false)).joined(separator: "\n")
  }

  /// A line for each criterion with what the judge does not see.
  private static func scoring(
    _ criteria: [Criterion], depth: Int, isPinned: Bool
  ) -> [String] {
    criteria.flatMap { item -> [String] in
      var facts = ["weight \(CanonicalNumber.text(item.weight))"]
      if item.isGroup {
        facts.insert("a group, \(item.rollup.rawValue.replacing("_", with: " "))", at: 0)
      } else {
        facts.append(item.scale.summary)
        if item.polarity == .negative {
          facts.append(
            item.credit == .penalty ? "negative: it costs" : "negative: avoiding it earns")
        }
        if let gate = item.gate { facts.append("gate: \(gate.summary)") }
        if !item.lowerWhen.isEmpty {
          facts.append("\(item.lowerWhen.count) reasons to score lower")
        }
      }
      if item.status != .active { facts.append(item.status.rawValue) }
      let isPinned = isPinned || item.pinned
      if isPinned { facts.append("PINNED, not to be touched") }
      var line =
        String(repeating: "  ", count: depth) + "- `\(item.id)`: " + facts.joined(separator: ", ")
      // The judge does not see it, so that it stands nowhere else.
      if item.status == .inactive {
        line += ": " + Excerpt.line("\(item.title) \(item.text)", limit: 200)
      }
      return [line] + scoring(item.criteria, depth: depth + 1, isPinned: isPinned)
    }
  }

  /// A question about one rollout.
  func rollout(
    _ rollout: ShownRollout, _ template: MessageTemplate, schema: JSONValue, whole: String? = nil
  ) -> [ChatMessage] {
    let texts = RolloutTexts(rollout, rubric, limit: settings.shownCharacters)
    let fence = DataFence(around: texts.all)
    var values = common(fence, schema)
    for member in texts.values(rollout, in: fence).members { values[member.key] = member.value }
    values["whole"] = whole.map { .string($0) }
    return template.messages(values)
  }

  /// A question for edits.
  func refinement(
    _ batch: [ShownRollout], _ request: ProposalRequest, _ schema: RefinementSchema,
    _ template: MessageTemplate
  ) -> [ChatMessage] {
    let texts = batch.map { RolloutTexts($0, rubric, limit: settings.excerptCharacters) }
    let history = request.history.prefix(20).map { "- " + Excerpt.line($0, limit: 300) }
      .joined(separator: "\n")
    let fence = DataFence(around: [history] + texts.flatMap(\.all))
    var values = common(fence, schema.json)
    values["rollouts"] = .array(zip(batch, texts).map { .object($1.values($0, in: fence)) })
    values["kinds"] = .array(
      schema.forms.map { ["form": .string($0.shown), "help": .string($0.help)] })
    values["bounds"] = .array(
      Self.bounds(request.policy, rubric).map { .string($0) })
    values["edits"] = .integer(schema.edits)
    if !history.isEmpty { values["history"] = .string(fence.fenced(history, as: "history")) }
    return template.messages(values)
  }

  /// A question about wordings that are nearly alike.
  static func merging(
    _ groups: [(name: String, about: String, wordings: String, known: String)],
    schema: JSONValue, _ template: MessageTemplate
  ) -> [ChatMessage] {
    let fence = DataFence(around: groups.flatMap { [$0.wordings, $0.known] })
    return template.messages([
      "fence": .string(fence.mark), "schema": .string(schema.jsonText),
      "groups": .array(
        groups.map { group in
          var values: JSONObject = [
            "name": .string(group.name), "about": .string(group.about),
            "wordings": .string(fence.fenced(group.wordings, as: "wordings")),
          ]
          if !group.known.isEmpty {
            values["known"] = .string(fence.fenced(group.known, as: "known"))
          }
          return .object(values)
        }),
    ])
  }

  private func common(_ fence: DataFence, _ schema: JSONValue) -> JSONObject {
    [
      "rubric": .string(shown), "scoring": .string(scoring), "fence": .string(fence.mark),
      "schema": .string(schema.jsonText),
    ]
  }

  /// What a proposal is held to, a sentence each.
  static func bounds(_ policy: Policy, _ rubric: Rubric) -> [String] {
    var bounds: [String] = []
    func tighter(_ one: Int?, _ other: Int?) -> Int? {
      guard let one, let other else { return one ?? other }
      return min(one, other)
    }
    if let ratio = policy.trustRegion.weightRatio {
      let text = CanonicalNumber.text(ratio)
      bounds.append(
        "A new weight is at most \(text) times the old one, and at least 1/\(text) of it.")
    }
    if let ratio = policy.trustRegion.scaleRatio {
      bounds.append(
        "The range of a scale grows by a factor of \(CanonicalNumber.text(ratio)) at most.")
    }
    if policy.trustRegion.meanReward != nil || policy.trustRegion.rankCorrelation != nil {
      bounds.append("Small steps: the rewards of most rollouts stay about where they are.")
    }
    let judged = rubric.judgedCriteria.count
    if let most = tighter(policy.budget.criteria, rubric.budget.criteria) {
      bounds.append("At most \(most) criteria are judged; there are \(judged) now.")
    }
    if let most = tighter(policy.budget.depth, rubric.budget.depth) {
      bounds.append("Criteria are nested at most \(most) deep.")
    }
    if let most = tighter(policy.budget.characters, rubric.budget.characters) {
      let now = rubric.prompt().unicodeScalars.count
      bounds.append(
        "The judge reads at most \(most) characters of the rubric; there are \(now) now.")
    }
    if policy.support.rollouts > 1 {
      bounds.append(
        "An edit needs \(policy.support.rollouts) rollouts behind it; those of other supervisors who "
          + "propose the same count, too.")
    }
    return bounds
  }
}

extension RefinementSchema.Form {
  /// The form as JSON with what goes where, for a model whose server does not enforce the schema.
  var shown: String { Self.shown(schema) }

  private static func shown(_ schema: JSONValue) -> String {
    if let words = schema["enum"]?.array {
      let shown = words.prefix(60).map { $0.string ?? $0.jsonText }.joined(separator: "|")
      let text = words.count > 60 ? shown + "|…" : shown
      return words.first?.string == nil ? text : "\"\(text)\""
    }
    switch schema["type"]?.string {
    case "object":
      let members = (schema["properties"]?.object?.members ?? []).map {
        "\"\($0.key)\": " + shown($0.value)
      }
      return "{" + members.joined(separator: ", ") + "}"
    case "array": return "[" + (schema["items"].map(shown) ?? "") + ", …]"
    // A model that only copies the form is found out by this.
    case "string": return "\"…\""
    case "integer": return "whole number"
    default: return "number"
    }
  }
}
