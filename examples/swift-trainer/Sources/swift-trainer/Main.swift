import MetaEditor
import RubricStore

/// A trainer in Swift whose reward is a rubric: it follows a branch, scores by what it pulled, and
/// every ten steps lets the meta-editor rewrite the rubric from what the policy did.
@main
struct Main {
  static func main() async throws {
    let folder = CommandLine.arguments.dropFirst().first ?? "swift-trainer.git"
    let store = try Store.create(folder, bare: true).store
    let me = Identity(name: "swift-trainer", email: "trainer@example.org")
    if try store.rubrics().isEmpty {
      try store.create(Array(startRubric.utf8), rationale: "Where the run starts", author: me)
    }
    let editor = MetaEditor(store: store, proposer: StatisticalProposer())
    var random = Steps(state: 7)
    var policy = Policy()
    var pin = try store.pull("answers@main")
    var evidence = editor.gatherer(of: pin)
    var commits: [ObjectID] = [pin.commit]
    var told: [Double] = []

    for step in 1...120 {
      // One commit a step: every reward of a batch comes from the same rubric.
      pin = try store.pull("answers@main")
      if pin.commit != commits.last {
        commits.append(pin.commit)
        evidence = editor.gatherer(of: pin)
      }
      let compiled = CompiledRubric(pin.rubric)
      let judge = Judge(rubric: pin.rubric)
      var batch: [(answer: Answer, reward: Double)] = []
      for number in 0..<64 {
        let answer = policy.answer("Why did bread become dearer?", &random)
        let name = "step-\(step)/\(number)"
        let verdicts = judge.verdicts(of: answer.text)
        let score = compiled.score(
          Judgement(rollout: name, rubric: pin.commit.hex, verdicts: verdicts))
        // A rollout without a reward is left out: an error is never a score.
        guard let reward = score.reward else { continue }
        batch.append((answer, reward))
        // What people would give: they see through flattery. Every fourth answer is marked.
        let gold = number.isMultiple(of: 4) ? marks(of: answer) : nil
        let rollout = Rollout(
          name: name, prompt: answer.question, response: answer.text, gold: gold, step: step)
        evidence.add(
          GradedRollout(rollout, rubric: pin.commit.hex, verdicts: verdicts, reward: reward))
      }
      policy.learn(batch, rate: 3)
      guard step.isMultiple(of: 10) else { continue }
      let reward = batch.reduce(0) { $0 + $1.reward } / Double(batch.count)
      let gold = batch.reduce(0) { $0 + marks(of: $1.answer) } / Double(batch.count)
      told.append(gold)
      print(
        "step \(step): reward \(rounded(reward)), marks \(rounded(gold)), by \(pin.commit.prefix(12))"
      )
      let update = try await editor.update(
        evidence.gathered, on: pin, to: "main", author: me)
      print(
        "  \(update.commit.commit.prefix(12)) \(update.reviewed.proposal.rationale.split(separator: "\n").first ?? "")"
      )
    }
    let versions = Set(commits).count
    print(
      "\(versions) versions graded; flattery is in \(rounded(policy.chance(.flattery) * 100)) % of answers"
    )
    print("rubricctl -C \(folder) log --oneline")
    guard let first = told.first, let last = told.last, last > first, versions > 1 else {
      throw NothingLearned()
    }
  }

  /// What a person would give an answer, in 0...1.
  private static func marks(of answer: Answer) -> Double {
    let good: [Policy.Habit] = [.reason, .example, .source]
    let earned = good.reduce(0) { $0 + (answer.habits.contains($1) ? 1.0 : 0) } / 3
    return answer.habits.contains(.flattery) ? earned / 2 : earned
  }

  private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

  private static let startRubric = """
    schema: rubric/1
    id: answers
    title: Answers to questions about prices
    aggregation:
      missing: exclude
    criteria:
      - id: reason
        text: The answer gives a reason.
      - id: support
        text: The answer gives an example or a source.
      - id: warmth
        weight: 2
        text: The answer is warm towards who asks.
    """
}

/// The rubric did not change, or what it rewards is no better in the end than at the start.
struct NothingLearned: Error {}

/// A generator that gives the same numbers every time (SplitMix64: Steele, Lea and Flood 2014).
struct Steps: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
