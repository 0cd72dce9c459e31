import RubricStore

extension RandomSource {
  fileprivate mutating func chance(_ one: Int, in many: Int) -> Bool { below(many) < one }
}

/// Makes plain rubrics whose scoring varies in every way, and judgements of them.
struct JudgementGenerator {
  var random: RandomSource
  private var count = 0

  init(seed: UInt64) { random = RandomSource(seed: seed) }

  mutating func rubric() -> Rubric {
    count = 0
    var rubric = Rubric(id: "generated")
    rubric.aggregation = Aggregation(
      method: random.pick(Aggregation.Method.allCases),
      clip: random.pick([.unit, nil, Clip(lower: -1, upper: 2)]),
      missing: random.pick(Aggregation.MissingPolicy.allCases),
      na: random.pick(Aggregation.NotApplicablePolicy.allCases))
    rubric.criteria = siblings(depth: 1, clip: rubric.aggregation.clip)
    var first = leaf(clip: rubric.aggregation.clip)
    first.status = .active
    first.polarity = .positive
    first.credit = .penalty
    rubric.criteria.insert(first, at: 0)
    return rubric
  }

  private mutating func siblings(depth: Int, clip: Clip?) -> [Criterion] {
    (0..<Int.random(in: 1...4, using: &random)).map { _ in
      guard depth < 4, random.chance(1, in: 3) else { return leaf(clip: clip) }
      var group = Criterion(id: nextID(), weight: weight())
      group.rollup = random.pick(Criterion.Rollup.allCases)
      if random.chance(1, in: 12) { group.status = .inactive }
      group.criteria = siblings(depth: depth + 1, clip: clip)
      return group
    }
  }

  private mutating func leaf(clip: Clip?) -> Criterion {
    var leaf = Criterion(id: nextID(), text: "Is it so?", weight: weight())
    leaf.scale = scale()
    leaf.status = random.pick([.active, .active, .active, .active, .diagnostic, .inactive])
    if random.chance(2, in: 5) {
      leaf.polarity = .negative
      leaf.credit = random.pick(Criterion.Credit.allCases)
    }
    if leaf.status != .inactive, random.chance(1, in: 6), let bounds = leaf.scale.bounds {
      let min = random.pick([bounds.min, bounds.max, (bounds.min + bounds.max) / 2])
      let cap = random.pick([clip?.lower ?? -2, 0.25, 0.5, clip?.upper ?? 3])
      leaf.gate = random.chance(1, in: 2) ? Gate(min: min) : Gate(min: min, effect: .cap, cap: cap)
    }
    return leaf
  }

  private mutating func nextID() -> CriterionID {
    count += 1
    return CriterionID(rawValue: "c\(count)") ?? "c"
  }

  private mutating func weight() -> Double {
    random.pick([1, 1, 2, 0.5, 3, 0.1, 0.7, Double.random(in: 0.01...10, using: &random)])
  }

  private mutating func scale() -> Scale {
    switch Int.random(in: 0..<5, using: &random) {
    case 0, 1: .binary
    case 2: .levels([5, 3, 1, 0, -2].shuffled(using: &random).prefix(3).map { Level(value: $0) })
    case 3: .numeric(NumericRange(min: 0, max: 1, step: 0.1), levels: [])
    default: .numeric(NumericRange(min: -3, max: 7), levels: [])
    }
  }

  /// A judgement of `rubric`, mostly complete.
  mutating func judgement(of rubric: Rubric) -> Judgement {
    var judgement = Judgement(rollout: "r", verdicts: [:])
    for leaf in leaves(rubric.criteria) where !random.chance(1, in: 20) {
      judgement.verdicts[leaf.id] =
        switch Int.random(in: 0..<20, using: &random) {
        case 0: .notApplicable
        case 1: .error("timeout")
        default: .value(value(in: leaf.scale))
        }
    }
    return judgement
  }

  mutating func value(in scale: Scale) -> Double {
    switch scale {
    case .binary: random.pick([0, 1])
    case .levels(let levels): random.pick(levels).value
    case .numeric(let range, _):
      if let step = range.step {
        range.min + step * Double(Int.random(in: 0...10, using: &random))
      } else {
        Double.random(in: range.min...range.max, using: &random)
      }
    }
  }

  func leaves(_ criteria: [Criterion]) -> [Criterion] {
    criteria.flatMap { $0.isGroup ? leaves($0.criteria) : [$0] }
  }
}
