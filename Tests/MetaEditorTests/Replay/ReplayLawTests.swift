import Foundation
import MetaEditor
import RubricStore
import Testing

/// Laws of a replay over random rubrics and verdicts.
@Suite struct ReplayLawTests {
  /// `RUBRIC_SEED` and `RUBRIC_CASES` choose what is tried.
  private func forAll(_ body: (inout ReplaySource) throws -> Void) throws {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["RUBRIC_CASES"].flatMap { Int($0) } ?? 300
    let first = environment["RUBRIC_SEED"].flatMap { UInt64($0) } ?? 20_260_101
    for index in 0..<count {
      let seed = first &+ UInt64(index)
      var source = ReplaySource(seed: seed)
      do { try body(&source) } catch {
        Issue.record("RUBRIC_SEED=\(seed) RUBRIC_CASES=1 runs this case alone")
        throw error
      }
    }
  }

  /// From a version to itself nothing changes.
  @Test func aVersionAgainstItself() throws {
    try forAll { source in
      let rubric = source.rubric()
      var replay = Replay(from: rubric, to: rubric)
      let compiled = CompiledRubric(rubric)
      for index in 0..<20 {
        let judgement = source.judgement(of: rubric, "r\(index)")
        let rollout = try replay.adding(judgement)
        try #require(rollout.before == compiled.score(judgement).reward)
        try #require(rollout.after == rollout.before && rollout.rejudge.isEmpty)
      }
      let report = replay.report
      try #require(report.same == report.replayed && report.rose + report.fell == 0)
      try #require(report.pairs == 0 && report.moved.isEmpty && report.shifts == nil)
      try #require(report.unscorableBefore == report.unscorableAfter)
      if report.replayed > 0 { try #require(report.meanShift?.value == 0) }
      if let correlation = report.rankCorrelation { try #require(correlation.value > 1 - 1e-12) }
    }
  }

  /// Where nothing need be judged again, a replay is scoring twice.
  @Test func recomputingIsScoringTwice() throws {
    var recomputed = 0
    try forAll { source in
      let old = source.rubric()
      let new = source.reweighted(old)
      let comparability = old.comparability(to: new)
      try #require(comparability.rejudged.isEmpty && comparability != .incomparable)
      recomputed += comparability == .recompute ? 1 : 0
      var replay = Replay(from: old, to: new, settings: Replay.Settings(top: 3))
      let (before, after) = (CompiledRubric(old), CompiledRubric(new))
      let judged = Set(new.judgedCriteria.map(\.id))
      var pairs: [(name: String, before: Double, after: Double)] = []
      for index in 0..<40 {
        let judgement = source.judgement(of: old, "r\(index)")
        let rollout = try replay.adding(judgement)
        var carried = judgement
        carried.verdicts = carried.verdicts.filter { judged.contains($0.key) }
        try #require(rollout.before == before.score(judgement).reward)
        try #require(rollout.after == after.score(carried).reward)
        if let left = rollout.before, let right = rollout.after {
          pairs.append((judgement.rollout, left, right))
        }
      }
      let report = replay.report
      try #require(report.count == 40 && report.replayed == pairs.count && report.pairs == 0)
      try #require(report.rose + report.fell + report.same == pairs.count)
      guard !pairs.isEmpty else { return }
      let shifts = pairs.map { $0.after - $0.before }
      let mean = shifts.reduce(0, +) / Double(pairs.count)
      let size = 1 + (shifts.map(\.magnitude).max() ?? 0)
      try #require((try #require(report.meanShift).value - mean).magnitude < 1e-9 * size)
      try #require(report.worstShift?.magnitude == shifts.map(\.magnitude).max())
      try #require(report.moved.count == min(3, report.rose + report.fell))
      let distances = report.moved.compactMap { $0.shift?.magnitude }
      try #require(distances == distances.sorted(by: >))
      try #require(
        distances == Array(shifts.map(\.magnitude).sorted(by: >).prefix(distances.count)))
      for histogram in [report.before, report.after] {
        let histogram = try #require(histogram)
        try #require(histogram.counts.reduce(0, +) == pairs.count)
        try #require(histogram.counts.count + 1 == histogram.edges.count)
        try #require(zip(histogram.edges, histogram.edges.dropFirst()).allSatisfy { $0 < $1 })
        try #require(histogram.counts.count <= 14)
      }
      try #require((report.shifts?.counts ?? []).reduce(0, +) == report.rose + report.fell)
    }
    #expect(recomputed > 0)
  }

  /// The order of the rollouts changes nothing but the rounding of means, also where only a sample
  /// of them fits.
  @Test func orderDoesNotMatter() throws {
    try forAll { source in
      let old = source.rubric()
      let new = source.reweighted(old)
      let judgements = (0..<60).map { source.judgement(of: old, "r\($0)") }
      let settings = Replay.Settings(sample: 20, top: 5)
      var replay = Replay(from: old, to: new, settings: settings)
      var other = Replay(from: old, to: new, settings: settings)
      for judgement in judgements { replay.add(judgement) }
      for judgement in judgements.shuffled(using: &source) { other.add(judgement) }
      let (left, right) = (replay.report, other.report)
      try #require(left.sampled == min(20, left.replayed))
      try #require(left.moved == right.moved)
      try #require(left.rankCorrelation == right.rankCorrelation)
      try #require(left.shifts == right.shifts && left.before == right.before)
      try #require(left.unscorableAfter == right.unscorableAfter && left.same == right.same)
    }
  }

  /// Known values: ranks with ties, Fisher's interval, Student's t.
  @Test func statistics() throws {
    var criterion = Criterion(id: "a", text: "?")
    criterion.scale = .numeric(NumericRange(min: 0, max: 100), levels: [])
    var old = Rubric(id: "r", criteria: [criterion])
    criterion.id = "b"
    old.aggregation.method = .sum
    old.aggregation.clip = nil
    var new = old
    old.criteria.append(criterion)
    new.criteria.append(criterion)
    old.criteria[1].weight = 0
    new.criteria[0].weight = 0
    // The reward before is a's verdict, the one after b's.
    var replay = Replay(from: old, to: new)
    let pairs: [(Double, Double)] = [(1, 2), (2, 1), (3, 4), (4, 3), (5, 5), (5, 9)]
    for (index, pair) in pairs.enumerated() {
      replay.add(
        Judgement(rollout: "r\(index)", verdicts: ["a": .value(pair.0), "b": .value(pair.1)]))
    }
    let report = replay.report
    // Ranks 1 2 3 4 5.5 5.5 and 2 1 4 3 5 6: Σ(x-3.5)(y-3.5) = 15, Σ(x-3.5)² = 17,
    // Σ(y-3.5)² = 17.5.
    let expected = 15 / (17.0 * 17.5).squareRoot()
    let correlation = try #require(report.rankCorrelation)
    #expect((correlation.value - expected).magnitude < 1e-12)
    // Shifts 1 -1 1 -1 0 4: mean 2/3, variance 52/15; t with 5 degrees is 2.570582.
    let shift = try #require(report.meanShift)
    #expect((shift.value - 2.0 / 3).magnitude < 1e-12)
    let reach = 2.570582 * (52.0 / 15 / 6).squareRoot()
    #expect((shift.upper - shift.value - reach).magnitude < 0.005)
    #expect(report.rose == 3 && report.fell == 2 && report.same == 1)
    // 1 to 9 in at most 12 bins of a round width.
    #expect(report.before?.edges == (1...9).map(Double.init))
    #expect(report.before?.counts == [1, 1, 1, 1, 2, 0, 0, 0])
    #expect(report.after?.counts == [1, 1, 1, 1, 1, 0, 0, 1])
    #expect(report.shifts?.edges == [-1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4])
  }

  /// Few rollouts have no interval, and equal rewards no correlation.
  @Test func fewRollouts() throws {
    let rubric = Rubric(id: "r", criteria: [Criterion(id: "a", text: "?")])
    var replay = Replay(from: rubric, to: rubric)
    #expect(replay.report.meanShift == nil && replay.report.json["moved"] == [])
    for index in 0..<4 {
      replay.add(Judgement(rollout: "\(index)", verdicts: ["a": .value(1)]))
    }
    let report = replay.report
    #expect(report.meanShift?.value == 0)
    #expect(report.meanShift?.lower == -.infinity && report.meanShift?.upper == .infinity)
    #expect(report.json["meanShift"] == ["value": 0, "lower": .null, "upper": .null])
    #expect(report.rankCorrelation == nil)
    #expect(report.before?.counts == [4] && report.shifts == nil)
  }
}

/// SplitMix64, and rubrics and verdicts made with it.
private struct ReplaySource: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  mutating func rubric() -> Rubric {
    var criteria: [Criterion] = []
    for index in 0...below(6) {
      var criterion = Criterion(
        id: CriterionID(rawValue: "c\(index)") ?? "c", text: "Part \(index)?",
        weight: Double(1 + below(5)))
      switch below(3) {
      case 0: break
      case 1:
        criterion.scale = .numeric(
          NumericRange(min: 0, max: Double(1 + below(9)), step: 1), levels: [])
      default: criterion.scale = .levels((0...2).map { Level(value: Double($0), text: "\($0)") })
      }
      if chance(30) { criterion.polarity = .negative }
      if chance(20) { criterion.gate = Gate(min: criterion.scale.bounds?.max ?? 1) }
      if chance(10) { criterion.status = .diagnostic }
      if chance(20), let last = criteria.popLast() {
        var group = Criterion(id: CriterionID(rawValue: "g\(index)") ?? "g", text: "")
        group.criteria = [last, criterion]
        criteria.append(group)
      } else {
        criteria.append(criterion)
      }
    }
    var rubric = Rubric(id: "r", criteria: criteria)
    rubric.aggregation.method = [.weightedMean, .pointsOverPositive, .sum][below(3)]
    rubric.aggregation.missing = [.error, .exclude, .worst][below(3)]
    if chance(30) { rubric.aggregation.clip = nil }
    return rubric
  }

  /// Another version that asks nothing else, or less.
  mutating func reweighted(_ rubric: Rubric) -> Rubric {
    var new = rubric
    for index in new.criteria.indices where chance(60) {
      new.criteria[index].weight = Double(below(5))
    }
    if chance(30) { new.aggregation.method = .sum }
    if chance(30) { new.aggregation.na = .zero }
    if chance(30), new.criteria.count > 1 { new.criteria.remove(at: below(new.criteria.count)) }
    return new
  }

  mutating func judgement(of rubric: Rubric, _ name: String) -> Judgement {
    var verdicts: [CriterionID: Verdict] = [:]
    for criterion in rubric.judgedCriteria {
      switch below(20) {
      case 0: continue
      case 1: verdicts[criterion.id] = .notApplicable
      case 2: verdicts[criterion.id] = .error("timeout")
      default:
        let top = Int(criterion.scale.bounds?.max ?? 1)
        verdicts[criterion.id] = .value(Double(below(top + 1)))
      }
    }
    return Judgement(rollout: name, verdicts: verdicts)
  }
}
