internal import RubricStore

/// A rollout as a model is shown it.
struct ShownRollout: Sendable {
  let choice: RolloutSelection.Choice
  /// The word that stands for it in prompts and answers: its name, where that is a plain word.
  let alias: String
  /// What was found in it.
  var findings: [AnalysisAnswer.Finding] = []

  var record: GradedRollout { choice.rollout.record }
  /// Its own name, on one line.
  var name: String { Excerpt.line(record.rollout.name, limit: 200) }

  /// Its own name, where it can stand in a commit's message as it is: on one line.
  var recordable: String? {
    let name = record.rollout.name
    return Excerpt.line(name, limit: 500).isVerbatim(name) ? name : nil
  }

  /// The rollouts with words that are short, plain and distinct: a name may hold anything.
  static func shown(_ choices: [RolloutSelection.Choice]) -> [ShownRollout] {
    var taken = Set(choices.map(\.rollout.record.rollout.name).filter(isPlain))
    var number = 0
    return choices.map { choice in
      let name = choice.rollout.record.rollout.name
      guard !isPlain(name) else { return ShownRollout(choice: choice, alias: name) }
      var alias: String
      repeat {
        number += 1
        alias = "rollout-\(number)"
      } while !taken.insert(alias).inserted
      return ShownRollout(choice: choice, alias: alias)
    }
  }

  private static func isPlain(_ name: String) -> Bool {
    (1...48).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ":"),
          UInt8(ascii: "/"), UInt8(ascii: "#"), UInt8(ascii: "@"), UInt8(ascii: "+"):
          true
        default: false
        }
      }
  }

  /// Reward and trusted score, in a sentence or two.
  var grade: String {
    var text: String
    if let reward = choice.rollout.reward {
      text = "Its reward is \(Self.show(reward))\(Self.show(rank: choice.rewardRank))."
    } else {
      let reason = choice.rollout.score.unscorable.first.map { ": " + $0.code.rawValue } ?? ""
      text = "It has no reward\(reason)."
    }
    if let gold = choice.rollout.gold {
      text += " Its trusted score is \(Self.show(gold))\(Self.show(rank: choice.goldRank))."
    }
    return text
  }

  private static func show(rank: Double?) -> String {
    rank.map { ", above that of \(Int(($0 * 100).rounded(.down))) % of the rollouts" } ?? ""
  }

  private static func show(_ value: Double) -> String {
    guard value.magnitude < 1e12 else { return CanonicalNumber.text(value) }
    return CanonicalNumber.text((value * 1_000).rounded() / 1_000)
  }

  /// What the judge said, a line for each criterion in the order of the rubric.
  func verdicts(_ rubric: Rubric, limit: Int) -> String {
    var ids = rubric.judgedCriteria.map(\.id)
    // One verdict for everything stands under the rubric's own id.
    if rubric.judge.mode == .holistic { ids = [CriterionID(unchecked: rubric.id.rawValue)] }
    let lines = ids.map { id -> String in
      guard let verdict = record.verdicts[id] else { return "\(id): no verdict" }
      var line = "\(id): "
      switch verdict.answer {
      case .value(let value): line += CanonicalNumber.text(value)
      case .notApplicable: line += "does not apply"
      case .error(let cause): line += "the judge failed: " + Excerpt.line(cause, limit: 120)
      }
      if let reason = verdict.reason { line += " — " + Excerpt.line(reason, limit: limit) }
      return line
    }
    return lines.joined(separator: "\n")
  }
}

/// The texts of others in one rollout, as they go into a prompt.
struct RolloutTexts: Sendable {
  let verdicts: String
  let prompt: String
  let response: String
  let findings: String

  init(_ shown: ShownRollout, _ rubric: Rubric, limit: Int) {
    verdicts = shown.verdicts(rubric, limit: max(80, limit / 10))
    prompt = Excerpt.of(shown.record.rollout.prompt, limit: limit)
    response = Excerpt.of(shown.record.rollout.response, limit: limit)
    findings = shown.findings.filter { $0.problem != .fine }.map(\.line).joined(separator: "\n")
  }

  var all: [String] { [verdicts, prompt, response, findings] }

  /// The values of a rollout's placeholders.
  func values(_ shown: ShownRollout, in fence: DataFence) -> JSONObject {
    var values: JSONObject = [
      "name": .string(shown.alias), "grade": .string(shown.grade),
      "why": .string(shown.choice.reason.text),
      "verdicts": .string(fence.fenced(verdicts, as: "verdicts")),
      "prompt": .string(fence.fenced(prompt, as: "prompt")),
      "response": .string(fence.fenced(response, as: "response")),
    ]
    if !findings.isEmpty {
      values["findings"] = .string(fence.fenced(findings, as: "findings"))
    }
    return values
  }
}
