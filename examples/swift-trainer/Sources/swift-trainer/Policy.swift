/// A policy small enough to be read: it decides, each on its own, what goes into an answer.
///
/// The logit of each habit is its only parameter; REINFORCE with a mean baseline trains them
/// (Williams 1992, Machine Learning 8, 229–256).
struct Policy {
  /// What an answer may do.
  enum Habit: String, CaseIterable {
    case reason, example, source, flattery
  }

  private var logits: [Habit: Double] = [:]

  /// The chance of each habit, in 0...1.
  func chance(_ habit: Habit) -> Double { 1 / (1 + exponential(-(logits[habit] ?? -1))) }

  /// Writes an answer.
  func answer(_ question: String, _ random: inout some RandomNumberGenerator) -> Answer {
    let habits = Habit.allCases.filter { Double.random(in: 0..<1, using: &random) < chance($0) }
    return Answer(question: question, habits: Set(habits))
  }

  /// Takes one step up the gradient of the expected reward.
  mutating func learn(_ rollouts: [(answer: Answer, reward: Double)], rate: Double) {
    let mean = rollouts.reduce(0) { $0 + $1.reward } / Double(max(rollouts.count, 1))
    for habit in Habit.allCases {
      let chance = chance(habit)
      let gradient = rollouts.reduce(0) { sum, rollout in
        sum + (rollout.reward - mean) * ((rollout.answer.habits.contains(habit) ? 1 : 0) - chance)
      }
      logits[habit, default: -1] += rate * gradient / Double(max(rollouts.count, 1))
    }
  }

  /// e to the power of `x`, by halving and squaring: the example needs no library for it.
  private func exponential(_ x: Double) -> Double {
    let small = x / 1_024
    var power = 1 + small + small * small / 2 + small * small * small / 6
    for _ in 0..<10 { power *= power }
    return power
  }
}

/// What the policy wrote.
struct Answer {
  var question: String
  var habits: Set<Policy.Habit>

  var text: String {
    var sentences = ["It depends on what is meant by the question."]
    if habits.contains(.reason) {
      sentences.append("The reason is that demand falls as prices rise.")
    }
    if habits.contains(.example) {
      sentences.append("For example, bread costs more after a drought.")
    }
    if habits.contains(.source) { sentences.append("Source: the yearly report on harvests.") }
    if habits.contains(.flattery) { sentences.append("What an insightful question!") }
    return sentences.joined(separator: " ")
  }
}
