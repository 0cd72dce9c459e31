import RubricStore
import Testing

private func leaf(
  _ id: CriterionID, weight: Double = 1, negative credit: Criterion.Credit? = nil,
  scale: Scale = .binary
) -> Criterion {
  var leaf = Criterion(id: id, text: "Is it so?", weight: weight)
  leaf.scale = scale
  if let credit { (leaf.polarity, leaf.credit) = (.negative, credit) }
  return leaf
}

private func group(
  _ id: CriterionID, weight: Double = 1, _ rollup: Criterion.Rollup,
  _ criteria: [Criterion]
) -> Criterion {
  var group = Criterion(id: id, weight: weight)
  (group.rollup, group.criteria) = (rollup, criteria)
  return group
}

private func group(
  _ id: CriterionID, weight: Double = 1, _ criteria: [Criterion]
) -> Criterion {
  group(id, weight: weight, .weightedMean, criteria)
}

private func rubric(clip: Clip? = nil, _ criteria: [Criterion]) -> Rubric {
  rubric(.weightedMean, clip: clip, criteria)
}

private func rubric(
  _ method: Aggregation.Method, clip: Clip? = nil, _ criteria: [Criterion]
) -> Rubric {
  var rubric = Rubric(id: "r", criteria: criteria)
  rubric.aggregation.method = method
  rubric.aggregation.clip = clip
  return rubric
}

private func score(_ rubric: Rubric, _ verdicts: [CriterionID: Verdict]) -> Score {
  CompiledRubric(rubric).score(Judgement(rollout: "x", verdicts: verdicts))
}

private func reward(_ rubric: Rubric, _ values: [CriterionID: Double]) -> Double? {
  score(rubric, values.mapValues { .value($0) }).reward
}

private func isNear(_ value: Double?, _ expected: Double) -> Bool {
  value.map { ($0 - expected).magnitude <= 1e-12 } ?? false
}

private let zeroToTen = Scale.numeric(NumericRange(min: 0, max: 10, step: 1), levels: [])

@Suite("Rewards by hand")
struct ScoreTests {
  /// Weights 5, 3, 2, -4 with the first and the negative one met.
  private func four(
    _ method: Aggregation.Method, _ credit: Criterion.Credit, clip: Clip? = nil
  )
    -> Rubric
  {
    rubric(
      method, clip: clip,
      [
        leaf("a", weight: 5), leaf("b", weight: 3), leaf("c", weight: 2),
        leaf("d", weight: 4, negative: credit),
      ])
  }
  private let met: [CriterionID: Double] = ["a": 1, "b": 0, "c": 0, "d": 1]

  @Test("points over positive points")
  func pointsOverPositive() {
    #expect(isNear(reward(four(.pointsOverPositive, .penalty), met), 0.10))
    let worst: [CriterionID: Double] = ["a": 0, "b": 0, "c": 0, "d": 1]
    #expect(isNear(reward(four(.pointsOverPositive, .penalty), worst), -0.4))
    #expect(reward(four(.pointsOverPositive, .penalty, clip: .unit), worst) == 0)
    // An avoided criterion can earn, so that its weight is in the denominator.
    #expect(isNear(reward(four(.pointsOverPositive, .avoidance), met), 5.0 / 14))
  }

  @Test("weighted mean: a penalty's weight is in the denominator")
  func weightedMean() {
    #expect(isNear(reward(four(.weightedMean, .avoidance), met), 5.0 / 14))
    #expect(isNear(reward(four(.weightedMean, .penalty), met), 1.0 / 14))
    let all = ["a": 1.0, "b": 1, "c": 1, "d": 0] as [CriterionID: Double]
    #expect(isNear(reward(four(.weightedMean, .avoidance), all), 1))
    #expect(isNear(reward(four(.weightedMean, .penalty), all), 10.0 / 14))
  }

  @Test("Rubrics as Rewards: labels' weights, explicit aggregation")
  func rubricsAsRewards() {
    let criteria = [
      leaf("essential", weight: 1), leaf("important", weight: 0.7), leaf("optional", weight: 0.3),
      leaf("pitfall", weight: 0.8),
    ]
    let values: [CriterionID: Double] = [
      "essential": 1, "important": 1, "optional": 0, "pitfall": 1,
    ]
    #expect(isNear(reward(rubric(clip: .unit, criteria), values), 2.5 / 2.8))
  }

  @Test("Meta Policy Optimization: a raw sum, and deductions that deduct")
  func rawSum() {
    let criteria = [
      leaf("flow", scale: zeroToTen), leaf("facts", scale: zeroToTen),
      leaf("deductions", negative: .penalty, scale: zeroToTen),
    ]
    #expect(reward(rubric(.sum, criteria), ["flow": 7, "facts": 10, "deductions": 4]) == 13)
    var mirrored = criteria
    mirrored[2].credit = .avoidance
    #expect(reward(rubric(.sum, mirrored), ["flow": 7, "facts": 10, "deductions": 4]) == 23)
  }

  @Test("a sum in a mean takes verdicts as they are, a mean in a sum normalises them")
  func contexts() {
    let five = Scale.numeric(NumericRange(min: 1, max: 5, step: 1), levels: [])
    let sumInMean = rubric([
      leaf("a", scale: five), group("g", .sum, [leaf("b", scale: five), leaf("c", scale: five)]),
    ])
    #expect(isNear(reward(sumInMean, ["a": 3, "b": 2, "c": 4]), (0.5 + 6) / 2))
    let meanInSum = rubric(
      .sum,
      [
        leaf("a", scale: five),
        group("g", weight: 2, [leaf("b", scale: five), leaf("c", scale: five)]),
      ])
    #expect(isNear(reward(meanInSum, ["a": 3, "b": 2, "c": 4]), 3 + 2 * ((0.25 + 0.75) / 2)))
  }

  @Test("min and max take the least and the greatest, whatever the weights")
  func extremes() {
    func of(_ rollup: Criterion.Rollup) -> Rubric {
      rubric([
        group(
          "g", rollup,
          [leaf("a", weight: 9, scale: zeroToTen), leaf("b", weight: 0, scale: zeroToTen)])
      ])
    }
    #expect(reward(of(.min), ["a": 8, "b": 3]) == 0.3)
    #expect(reward(of(.max), ["a": 8, "b": 3]) == 0.8)
  }

  @Test("an inactive criterion and an inactive group do not count, whatever is said of them")
  func inactive() {
    var off = leaf("b", weight: 100)
    off.status = .inactive
    var offGroup = group("g", weight: 100, [leaf("c")])
    offGroup.status = .inactive
    let rubric = rubric([leaf("a"), off, offGroup])
    #expect(reward(rubric, ["a": 1]) == 1)
    #expect(reward(rubric, ["a": 1, "b": 0, "c": 0]) == 1)
    let explanation = CompiledRubric(rubric).explain(
      Judgement(rollout: "x", verdicts: ["a": .value(1), "c": .value(0), "b": .value(7)]))
    #expect(explanation.ignored == ["b", "c"])
    #expect(explanation.score.reward == 1)
  }

  @Test("a diagnostic criterion is reported and does not count; missing, it is only reported")
  func diagnostic() {
    var watched = leaf("b", weight: 100)
    watched.status = .diagnostic
    let compiled = CompiledRubric(rubric([leaf("a"), watched]))
    let explained = compiled.explain(
      Judgement(rollout: "x", verdicts: ["a": .value(1), "b": .value(0)]))
    #expect(explained.score.reward == 1)
    #expect(explained.contributions[1].value == 0)
    #expect(explained.contributions[1].contribution == nil)
    #expect(explained.contributions[1].treatment == .diagnostic)
    let missing = compiled.explain(Judgement(rollout: "x", verdicts: ["a": .value(1)]))
    #expect(missing.score.reward == 1)
    #expect(missing.missing.map(\.id) == ["b"])
    #expect(missing.missing.map(\.cause) == [.missing])
    #expect(missing.missing.map(\.treatment) == [.diagnostic])
  }

  @Test("PaperBench's nested means, over the published tree", .enabled(if: SharedData.isThere))
  func paperBench() throws {
    let tree = try SharedData.json("paperbench/bam.json")
    var random = RandomSource(seed: 11)
    var values: [CriterionID: Double] = [:]
    func build(_ node: JSONValue) throws -> Criterion {
      let id = try #require(CriterionID(rawValue: node["id"]?.string ?? ""))
      var criterion = Criterion(id: id, text: node["requirements"]?.string ?? "")
      if case .integer(let weight) = node["weight"] { criterion.weight = Double(weight) }
      criterion.criteria = try (node["sub_tasks"]?.array ?? []).map(build)
      if !criterion.isGroup { values[id] = random.pick([0, 1]) }
      return criterion
    }
    /// The mean as the paper defines it, straight from the raw tree.
    func expected(_ node: JSONValue) -> Double {
      let children = node["sub_tasks"]?.array ?? []
      if children.isEmpty {
        return values[CriterionID(rawValue: node["id"]?.string ?? "") ?? ""] ?? .nan
      }
      var total = 0.0
      var weights = 0.0
      for child in children {
        guard case .integer(let weight) = child["weight"] else { return .nan }
        total += Double(weight) * expected(child)
        weights += Double(weight)
      }
      return total / weights
    }
    let root = try build(tree)
    #expect(values.count == 789)
    #expect(reward(rubric(clip: .unit, [root]), values) == expected(tree))
    #expect(expected(tree) > 0.2 && expected(tree) < 0.8)
  }
}

@Suite("Verdicts that are not numbers")
struct PolicyTests {
  private func three(
    missing: Aggregation.MissingPolicy = .error, na: Aggregation.NotApplicablePolicy = .exclude,
    clip: Clip? = nil
  ) -> Rubric {
    var three = rubric(
      clip: clip,
      [leaf("a"), leaf("b", weight: 2, scale: zeroToTen), leaf("c", negative: .penalty)])
    three.aggregation.missing = missing
    three.aggregation.na = na
    return three
  }

  @Test("na: left out with its weight, worth nothing with it, or no reward")
  func notApplicable() {
    let verdicts: [CriterionID: Verdict] = ["a": .value(1), "b": .notApplicable, "c": .value(0)]
    #expect(score(three(), verdicts).reward == 0.5)
    #expect(score(three(na: .zero), verdicts).reward == 0.25)
    let refused = score(three(na: .fail), verdicts)
    #expect(refused.reward == nil)
    #expect(refused.unscorable.map(\.code) == [.notApplicable])
  }

  @Test(
    "missing or failed: no reward, left out, or the least",
    arguments: [nil, Verdict.error("timeout")])
  func missing(_ verdict: Verdict?) {
    var verdicts: [CriterionID: Verdict] = ["a": .value(1), "b": .value(10)]
    verdicts["c"] = verdict
    let refused = score(three(), verdicts)
    #expect(refused.reward == nil)
    #expect(refused.raw == nil)
    #expect(refused.unscorable.map(\.criterion) == ["c"])
    #expect(refused.unscorable.map(\.code) == [verdict == nil ? .missing : .judgeError])
    #expect(score(three(missing: .exclude), verdicts).reward == 1)
    // The negative criterion's worst is that it holds: no free pass.
    #expect(score(three(missing: .worst), verdicts).reward == 0.5)
  }

  @Test("all reasons are given, in the order of the document, and never a number")
  func reasons() {
    let result = score(
      three(), ["zeta": .value(1), "b": .value(3.5), "alpha": .value(1), "a": .error("HTTP 500")])
    #expect(result.reward == nil)
    #expect(
      result.unscorable.map(\.description) == [
        "a: the judge failed (HTTP 500), and the rubric's missing policy is error",
        "b: the verdict is 3.5; expected a number from 0 to 10 in steps of 1",
        "c: no verdict, and the rubric's missing policy is error",
        "alpha: the rubric has no such criterion", "zeta: the rubric has no such criterion",
      ])
  }

  @Test(
    "a value that the scale does not admit is refused under every policy",
    arguments: [-1, 11, 0.5, .nan, .infinity, -.infinity, 1e300])
  func outOfScale(_ value: Double) {
    let result = score(
      three(missing: .exclude), ["a": .value(1), "b": .value(value), "c": .value(0)])
    #expect(result.reward == nil)
    #expect(result.unscorable.map(\.code) == [.invalidValue])
  }

  @Test("a level that is not there and a half met criterion are refused")
  func notALevel() {
    let levels = Scale.levels([Level(value: 0), Level(value: 2), Level(value: 5)])
    let graded = rubric([leaf("a", scale: levels), leaf("b")])
    #expect(reward(graded, ["a": 2, "b": 1]) == 0.7)
    #expect(
      score(graded, ["a": .value(3), "b": .value(0.5)]).unscorable.map(\.description) == [
        "a: the verdict is 3; expected one of 0, 2, 5", "b: the verdict is 0.5; expected 0 or 1",
      ])
  }

  @Test("a verdict for a group is refused")
  func groupVerdict() {
    let nested = rubric([group("g", [leaf("a")])])
    #expect(
      score(nested, ["g": .value(1), "a": .value(1)]).unscorable.map(\.description) == [
        "g: a group is not judged; judge the criteria in it"
      ])
  }

  @Test("nothing left to count: no reward; in a group: the group is left out")
  func nothingCounts() {
    let single = rubric([group("g", [leaf("a"), leaf("b")]), leaf("c", weight: 3)])
    let without = score(single, ["a": .notApplicable, "b": .notApplicable, "c": .value(1)])
    #expect(without.reward == 1)
    let nothing = score(
      single, ["a": .notApplicable, "b": .notApplicable, "c": .notApplicable])
    #expect(nothing.reward == nil)
    #expect(nothing.unscorable.map(\.code) == [.zeroDenominator])
    for method in Aggregation.Method.allCases {
      let empty = score(rubric(method, [leaf("a")]), ["a": .notApplicable])
      #expect(empty.unscorable.map(\.code) == [.zeroDenominator])
    }
    let penalties = rubric(.pointsOverPositive, [leaf("a", negative: .penalty)])
    #expect(score(penalties, ["a": .value(0)]).unscorable.map(\.code) == [.zeroDenominator])
    let weightless = rubric([leaf("a", weight: 0)])
    #expect(score(weightless, ["a": .value(1)]).unscorable.map(\.code) == [.zeroDenominator])
  }

  @Test("a rubric that is not valid scores nothing, and does not trap")
  func invalidRubric() {
    let bad: [Criterion] = [
      leaf("a", weight: -1), leaf("a", weight: .nan), leaf("a", weight: .infinity),
      leaf("a", scale: .levels([])), leaf("a", scale: .levels([Level(value: 1)])),
      leaf("a", scale: .numeric(NumericRange(min: 1, max: 1), levels: [])),
      leaf("a", scale: .numeric(NumericRange(min: 0, max: .infinity), levels: [])),
      leaf("a", scale: .numeric(NumericRange(min: 0, max: 1, step: 0.4), levels: [])),
      leaf(
        "a",
        scale: .numeric(
          NumericRange(min: -.greatestFiniteMagnitude, max: .greatestFiniteMagnitude), levels: [])),
    ]
    for criterion in bad {
      let result = score(rubric([criterion]), ["a": .value(1)])
      #expect(result.reward == nil)
      #expect(result.unscorable.contains { $0.code == .invalidRubric })
    }
    #expect(reward(rubric([leaf("a"), leaf("a")]), ["a": 1]) == nil)
    #expect(reward(rubric([]), [:]) == nil)
    #expect(reward(rubric(clip: Clip(lower: 1, upper: 0), [leaf("a")]), ["a": 1]) == nil)
    let huge = rubric(
      .sum,
      [leaf("a", weight: .greatestFiniteMagnitude), leaf("b", weight: .greatestFiniteMagnitude)])
    #expect(score(huge, ["a": .value(1), "b": .value(1)]).unscorable.map(\.code) == [.notFinite])
  }
}

@Suite("Gates")
struct GateTests {
  private func gated(
    _ gate: Gate, clip: Clip? = .unit, method: Aggregation.Method = .weightedMean,
    _ change: (inout Criterion) -> Void = { _ in }
  ) -> Rubric {
    var safe = leaf("safe", scale: zeroToTen)
    safe.gate = gate
    change(&safe)
    return rubric(method, clip: clip, [leaf("a", weight: 3, scale: zeroToTen), safe])
  }

  @Test("a veto lowers the reward to the clip's lower bound, a cap to its cap")
  func effects() {
    let veto = gated(Gate(min: 5))
    #expect(reward(veto, ["a": 10, "safe": 5]) == 0.875)
    #expect(reward(veto, ["a": 10, "safe": 4]) == 0)
    #expect(
      reward(gated(Gate(min: 5), clip: Clip(lower: -1, upper: 1)), ["a": 10, "safe": 4]) == -1)
    let cap = gated(Gate(min: 5, effect: .cap, cap: 0.2))
    #expect(reward(cap, ["a": 10, "safe": 4]) == 0.2)
    #expect(reward(cap, ["a": 0, "safe": 4]) == 0.1)
  }

  @Test("without a clip a veto gives the lowest reward that the rubric has")
  func floor() {
    let sum = gated(Gate(min: 5), clip: nil, method: .sum) { $0.polarity = .negative }
    // safe is mirrored for its gate: 6 is a 4.
    #expect(reward(sum, ["a": 10, "safe": 6]) == -10)
    #expect(reward(sum, ["a": 10, "safe": 5]) == 25)
  }

  @Test("a negative criterion's gate looks at the mirrored verdict")
  func mirrored() {
    let veto = gated(Gate(min: 8)) { $0.polarity = .negative }
    #expect(reward(veto, ["a": 10, "safe": 2]) != 0)
    #expect(reward(veto, ["a": 10, "safe": 3]) == 0)
  }

  @Test("a step of 0.1 has no exact double, and 0.3 still passes a gate of 0.3")
  func tolerance() {
    let veto = gated(Gate(min: 0.3)) {
      $0.scale = .numeric(NumericRange(min: 0, max: 1, step: 0.1), levels: [])
      $0.polarity = .negative
    }
    // 1 - 0.7 is 0.30000000000000004 and 0 + 1 - 0.7 may lie on either side.
    #expect(reward(veto, ["a": 10, "safe": 0.7]) != 0)
    #expect(reward(veto, ["a": 10, "safe": 0.1 * 7]) != 0)
    #expect(reward(veto, ["a": 10, "safe": 0.8]) == 0)
  }

  @Test("a gate that sees no verdict does not fire, and says so")
  func unknown() {
    for (policy, verdict) in [
      (Aggregation.MissingPolicy.exclude, nil), (.error, Verdict.notApplicable),
    ] {
      var rubric = gated(Gate(min: 5))
      rubric.aggregation.missing = policy
      var judgement = Judgement(rollout: "x", verdicts: ["a": .value(10)])
      judgement.verdicts["safe"] = verdict
      let explained = CompiledRubric(rubric).explain(judgement)
      #expect(explained.score.reward == 1)
      #expect(explained.gates.map(\.id) == ["safe"])
      #expect(explained.gates.allSatisfy { $0.value == nil && $0.limit == 0 && !$0.fired })
    }
    var worst = gated(Gate(min: 5))
    worst.aggregation.missing = .worst
    #expect(reward(worst, ["a": 10]) == 0)
  }

  @Test("a gate on a diagnostic criterion holds, and its verdict must be there")
  func diagnostic() {
    let rubric = gated(Gate(min: 5)) { $0.status = .diagnostic }
    #expect(reward(rubric, ["a": 10, "safe": 5]) == 1)
    #expect(reward(rubric, ["a": 10, "safe": 0]) == 0)
    #expect(score(rubric, ["a": .value(10)]).unscorable.map(\.code) == [.missing])
  }

  @Test("several gates: the strictest holds")
  func several() {
    var second = leaf("b")
    second.gate = Gate(min: 1, effect: .cap, cap: 0.3)
    var rubric = gated(Gate(min: 5, effect: .cap, cap: 0.6))
    rubric.criteria.append(second)
    #expect(reward(rubric, ["a": 10, "safe": 0, "b": 1]) == 0.6)
    #expect(reward(rubric, ["a": 10, "safe": 0, "b": 0]) == 0.3)
  }
}

@Suite("One overall verdict")
struct HolisticTests {
  private func holistic(_ change: (inout Rubric) -> Void = { _ in }) -> Rubric {
    var gatedLeaf = leaf("a")
    gatedLeaf.gate = Gate(min: 1)
    var holistic = rubric(clip: .unit, [gatedLeaf, leaf("b", weight: -1)])
    holistic.judge.mode = .holistic
    change(&holistic)
    return holistic
  }

  @Test(
    "the reward is the verdict under the rubric's id, clipped; gates and criteria do not matter")
  func value() {
    #expect(reward(holistic(), ["r": 0.75]) == 0.75)
    #expect(
      reward(holistic { $0.aggregation.clip = Clip(lower: 0, upper: 0.5) }, ["r": 0.75]) == 0.5)
    #expect(score(holistic(), ["r": .value(1.5)]).unscorable.map(\.code) == [.invalidValue])
    let unknown = score(holistic(), ["r": .value(1), "a": .value(1)])
    #expect(unknown.unscorable.map(\.code) == [.unknownCriterion])
    let explained = CompiledRubric(holistic()).explain(
      Judgement(rollout: "x", verdicts: ["r": .value(1)]))
    #expect(explained.contributions.isEmpty && explained.gates.isEmpty)
  }

  @Test("the policies are the same")
  func policies() {
    #expect(score(holistic(), [:]).unscorable.map(\.code) == [.missing])
    #expect(score(holistic(), ["r": .error("x")]).unscorable.map(\.code) == [.judgeError])
    #expect(reward(holistic { $0.aggregation.missing = .worst }, [:]) == 0)
    #expect(
      score(holistic { $0.aggregation.missing = .exclude }, [:]).unscorable.map(\.code) == [
        .zeroDenominator
      ])
    #expect(score(holistic(), ["r": .notApplicable]).unscorable.map(\.code) == [.zeroDenominator])
    #expect(score(holistic { $0.aggregation.na = .zero }, ["r": .notApplicable]).reward == 0)
    #expect(
      score(holistic { $0.aggregation.na = .fail }, ["r": .notApplicable]).unscorable.map(\.code)
        == [.notApplicable])
  }
}
