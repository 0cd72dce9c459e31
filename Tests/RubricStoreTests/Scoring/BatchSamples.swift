import RubricStore
import Testing

/// Rollouts as a batch holds them, laid out in memory in some way.
struct BatchSample {
  var rollouts: Int
  var columns: [CompiledRubric.Column]
  var verdicts: [[Double]] = []
  var mask: [UInt8]?

  /// The judgement of one rollout, as it would be scored alone.
  func judgement(_ rollout: Int) -> Judgement {
    var judgement = Judgement(rollout: "r", verdicts: [:])
    for (index, column) in columns.enumerated() {
      let verdict = verdicts[rollout][index]
      switch mask?[rollout * columns.count + index] ?? 0 {
      case 0: judgement.verdicts[column.id] = verdict.isNaN ? nil : .value(verdict)
      case 1: judgement.verdicts[column.id] = .notApplicable
      case 2: judgement.verdicts[column.id] = .error("timeout")
      default: break
      }
    }
    return judgement
  }

  /// What a batch came to.
  struct Scores {
    var rewards: [Double]
    var reasons: [UInt8]
    var contributions: [Double]
  }

  /// Scores the batch with verdicts `row` and `column` bytes apart, from an odd address if `shift` is.
  func scores(
    _ plan: BatchPlan, row: Int, column: Int, shift: Int = 0, plainly: Bool
  ) throws -> Scores {
    let outer = row * max(rollouts - 1, 0)
    let inner = column * max(columns.count - 1, 0)
    let size = outer.magnitude + inner.magnitude + 64
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(size), alignment: 16)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0xFF)
    let first = shift - min(outer, 0) - min(inner, 0)
    for rollout in 0..<rollouts {
      for criterion in columns.indices {
        memory.storeBytes(
          of: verdicts[rollout][criterion],
          toByteOffset: first + rollout * row + criterion * column, as: Double.self)
      }
    }
    var rewards = Array(repeating: -77.0, count: rollouts)
    var reasons = Array(repeating: UInt8(99), count: rollouts)
    var contributions = Array(repeating: -77.0, count: rollouts * columns.count)
    func run(_ mask: UnsafePointer<UInt8>?) throws {
      let table = try #require(
        VerdictTable(
          rollouts: rollouts, criteria: columns.count,
          verdicts: UnsafeRawPointer(memory.baseAddress)?.advanced(by: first), row: row,
          column: column, mask: mask))
      rewards.withUnsafeMutableBytes { rewards in
        reasons.withUnsafeMutableBufferPointer { reasons in
          contributions.withUnsafeMutableBytes { contributions in
            guard let place = rewards.baseAddress else { return }
            plan.score(
              table,
              into: ScoreTable(
                rewards: place, reasons: reasons.baseAddress,
                contributions: contributions.baseAddress),
              plainly: plainly)
          }
        }
      }
    }
    if let mask {
      try mask.withUnsafeBufferPointer { try run($0.baseAddress) }
    } else {
      try run(nil)
    }
    return Scores(rewards: rewards, reasons: reasons, contributions: contributions)
  }
}

/// The numbers that the C ABI gives to the codes of reasons.
let reasonNumbers: [String: UInt8] = [
  "missing": 1, "judge_error": 2, "not_applicable": 3, "invalid_value": 4, "zero_denominator": 5,
  "not_finite": 6, "invalid_rubric": 7,
]

/// Whether two numbers have the same bits; any NaN is like another.
func areSame(_ left: Double, _ right: Double) -> Bool {
  left.bitPattern == right.bitPattern || (left.isNaN && right.isNaN)
}

/// Holds a batch against scoring its rollouts one by one.
func requireLikeOneByOne(
  _ scores: BatchSample.Scores, _ sample: BatchSample, _ compiled: CompiledRubric, _ comment: String
) throws {
  for rollout in 0..<sample.rollouts {
    let explained = compiled.explain(sample.judgement(rollout))
    let score = explained.score
    let place = "rollout \(rollout): \(comment)"
    try #require(
      areSame(scores.rewards[rollout], score.reward ?? .nan),
      "\(place): \(scores.rewards[rollout]), alone \(score)")
    let reason = score.unscorable.first.map { reasonNumbers[$0.code.rawValue] ?? 98 } ?? 0
    try #require(scores.reasons[rollout] == reason, "\(place): \(score)")
    let parts = Dictionary(
      explained.contributions.map { ($0.id, $0.contribution) }, uniquingKeysWith: { $1 })
    for (index, column) in sample.columns.enumerated() {
      let whole = compiled.columns.count == 1 && explained.contributions.isEmpty
      let expected = whole ? score.raw : parts[column.id] ?? nil
      let found = scores.contributions[rollout * sample.columns.count + index]
      try #require(areSame(found, expected ?? .nan), "\(place), \(column.id): \(found)")
    }
  }
}
