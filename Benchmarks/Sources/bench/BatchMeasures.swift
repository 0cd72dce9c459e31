import CFloor
import RubricStore

/// What scoring 1,024 rollouts of 40 criteria costs.
struct BatchMeasures {
  static let rollouts = 1_024
  static let criteria = 40
  private static let work = "batch"
  private static let floor = "a loop of sums in C"

  static var summary: String {
    "\(rollouts) rollouts of \(criteria) criteria, their verdicts in one array; the floor adds up "
      + "weighted verdicts row by row, and checks nothing"
  }

  func measures() -> [Measure] {
    var random = Random(seed: 5)
    let weights = (0..<Self.criteria).map { _ in Double(Int.random(in: 1...50, using: &random)) / 10
    }
    let binary = rubric(weights) { _ in }
    let numeric = rubric(weights) {
      $0.scale = .numeric(NumericRange(min: 0, max: 10, step: 1), levels: [])
    }
    var grouped = binary
    grouped.criteria = stride(from: 0, to: Self.criteria, by: 8).map { start in
      var group = Criterion(id: CriterionID(rawValue: "g\(start)") ?? "g")
      group.criteria = Array(binary.criteria[start..<min(start + 8, Self.criteria)])
      return group
    }
    var excluding = binary
    excluding.aggregation.missing = .exclude
    let cells = Self.rollouts * Self.criteria
    let flags = (0..<cells).map { _ in Bool.random(using: &random) ? 1.0 : 0 }
    let grades = (0..<cells).map { _ in Double(Int.random(in: 0...10, using: &random)) }
    let gaps = flags.enumerated().map { $0.offset % (10 * Self.criteria) == 3 ? .nan : $0.element }
    var sums = [Double](repeating: 0, count: Self.rollouts)
    return [
      Measure(Self.work, Self.floor) {
        floor_weighted_sums(flags, weights, Self.rollouts, Self.criteria, &sums)
        return sums[3] > 0 ? 1 : 0
      },
      measure("binary", binary, flags),
      measure("0 to 10", numeric, grades),
      measure("binary, a verdict missing in a tenth", excluding, gaps),
      measure("binary, in groups of 8", grouped, flags),
    ]
  }

  private func measure(_ name: String, _ rubric: Rubric, _ verdicts: [Double]) -> Measure {
    let plan = BatchPlan(CompiledRubric(rubric))
    var rewards: [Double] = []
    return Measure(Self.work, name, against: Self.floor) {
      plan.score(verdicts, into: &rewards)
      return rewards.count
    }
  }

  private func rubric(_ weights: [Double], _ change: (inout Criterion) -> Void) -> Rubric {
    var rubric = Rubric(id: "batch")
    rubric.criteria = weights.enumerated().map { index, weight in
      var criterion = Criterion(id: CriterionID(rawValue: "c\(index)") ?? "c", weight: weight)
      change(&criterion)
      return criterion
    }
    return rubric
  }
}
