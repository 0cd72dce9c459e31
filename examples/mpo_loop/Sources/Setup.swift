/// How the loop is run.
struct Setup: Sendable {
  /// How many seeds, counted from `firstSeed`.
  var seeds = 20
  var firstSeed: UInt64 = 1
  /// How many times the policy is updated.
  var updates = 400
  /// Responses in an update.
  var batch = 32
  /// Updates between two meta-updates.
  var interval = 20
  /// The share of responses that a person marks.
  var goldShare = 0.25
  /// The rubric that every arm starts from.
  var rubric = Array(StartRubric.text.utf8)
  var judge = Judge()
  var marker = Marker()
  var policy = WritingPolicy.Settings()

  /// The updates at the end over which the outcome is measured: a tenth.
  var lastUpdates: Int { max(1, updates / 10) }
}

/// What the policy is trained against.
enum Arm: Int, CaseIterable, Sendable {
  /// The rubric as it was at the start.
  case fixed
  /// The rubric as meta-updates change it, from what the policy did and some people's marks.
  case evolving
  /// The same without any marks.
  case unmarked

  var name: String {
    switch self {
    case .fixed: "fixed rubric"
    case .evolving: "evolving rubric"
    case .unmarked: "evolving, no marks"
    }
  }
}

/// What came of one arm with one seed.
struct Run: Sendable {
  var arm: Arm
  var seed: UInt64
  /// The mean reward of each update, under the rubric of its time.
  var rewards: [Double] = []
  /// The mean gold of each update, which nobody in the loop sees.
  var golds: [Double] = []
  /// How likely each move was at the end.
  var habits: [Double] = []
  /// What became of the rubric, a meta-update each.
  var steps: [Step] = []
  /// Where the store lies, if it is kept.
  var folder: String?

  /// A meta-update.
  struct Step: Sendable {
    var update: Int
    var commit: String
    var subject: String
    /// The edits on one line each, with their reasons.
    var edits: [(summary: String, rationale: String)]
    /// What was proposed and not made, with the reason.
    var refused: [String]
    /// What was found and led to no edit.
    var observations: [String]
  }

  /// The mean of the last `count` of `values`.
  static func end(_ values: [Double], _ count: Int) -> Double {
    let last = values.suffix(count)
    return last.isEmpty ? 0 : last.reduce(0, +) / Double(last.count)
  }
}
