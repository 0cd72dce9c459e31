import RubricStore

/// The fields of a rubric that may change from one version to the next, `criteria` apart.
enum RubricField: CaseIterable {
  case title, description, subject, judge, preamble, postamble, aggregation, budget, ext
}

/// The fields of a criterion, its id and its criteria apart.
enum CriterionField: CaseIterable {
  case title, text, weight, direction, scale, lowerWhen, gate, status, pinned, origin, appliesWhen
  case tags, rollup, ext
}

extension RubricGenerator {
  /// Gives a field a random value, which may be the one it has.
  mutating func change(_ field: RubricField, of rubric: inout Rubric) {
    switch field {
    case .title: rubric.title = random.chance(20) ? "" : line()
    case .description: rubric.description = prose()
    case .subject: rubric.subject = subject()
    case .judge: rubric.judge = judge()
    case .preamble: rubric.preamble = prose()
    case .postamble: rubric.postamble = prose()
    case .aggregation: rubric.aggregation = aggregation()
    case .budget: rubric.budget = budget()
    case .ext: rubric.ext = random.chance(20) ? Extensions() : extensions()
    }
  }

  /// Gives a field a random value, which may be the one it has; the criterion may need mending.
  mutating func change(_ field: CriterionField, of item: inout Criterion) {
    switch field {
    case .title: item.title = random.chance(20) ? "" : line()
    case .text: item.text = prose()
    case .weight: item.weight = weight()
    case .direction:
      item.polarity = random.pick(Criterion.Polarity.allCases)
      item.credit = item.polarity == .negative ? random.pick(Criterion.Credit.allCases) : .penalty
    case .scale: item.scale = scale()
    case .lowerWhen: item.lowerWhen = reasons()
    case .gate: item.gate = random.chance(30) ? nil : gate(for: item.scale)
    case .status:
      item.status = random.chance(40) ? .active : random.pick(Criterion.Status.allCases)
    case .pinned: item.pinned = random.chance(50)
    case .origin: item.origin = random.pick(Criterion.Origin.allCases)
    case .appliesWhen: item.appliesWhen = prose()
    case .tags: item.tags = distinct(3) { $0.line() }
    case .rollup: item.rollup = random.pick(Criterion.Rollup.allCases)
    case .ext: item.ext = random.chance(20) ? Extensions() : extensions()
    }
  }

  /// Reasons to score lower.
  mutating func reasons() -> [String] { distinct(4) { $0.words() } }

  mutating func subject() -> Subject {
    let granularity = random.pick(Subject.Granularity.allCases)
    return Subject(granularity: granularity, key: granularity == .global ? nil : line())
  }

  mutating func judge() -> JudgeContract {
    JudgeContract(
      mode: random.pick(JudgeContract.Mode.allCases), template: random.chance(50) ? "" : line(),
      model: random.chance(50) ? "" : line(), output: random.pick(JudgeContract.Output.allCases))
  }

  mutating func aggregation() -> Aggregation {
    let lower = random.pick([-1, 0, -100, 0.25, -1e12])
    return Aggregation(
      method: random.pick(Aggregation.Method.allCases),
      clip: random.pick([
        nil, .unit, Clip(lower: lower, upper: lower + 1 + Double(random.below(9))),
      ]),
      missing: random.pick(Aggregation.MissingPolicy.allCases),
      na: random.pick(Aggregation.NotApplicablePolicy.allCases))
  }

  /// Bounds that mending raises to what the rubric needs.
  mutating func budget() -> Budget {
    Budget(
      criteria: random.chance(50) ? nil : 1 + random.below(20),
      depth: random.chance(50) ? nil : 1 + random.below(70),
      characters: random.chance(50) ? nil : random.pick([1, 4_000, 1_000_000_000_000]))
  }

  mutating func scale() -> Scale {
    switch random.below(4) {
    case 0: return .binary
    case 1:
      var values: [Double] = [0, 1]
      while values.count < 2 + random.below(5) || Set(values).count < 2 {
        let value = number()
        if !values.contains(value) { values.append(value) }
      }
      if values.count > 2, random.chance(30) { values.removeFirst() }
      return .levels(values.shuffled(using: &random).map { level($0) })
    case 2:
      let min = random.pick([0, 1, -1, 0.1, 1.0 / 3, -1e12, 999_999_999_990])
      let max = min + random.pick([1, 5, 10, 0.5])
      let values = [min, max, (min + max) / 2].prefix(random.below(4))
      return .numeric(NumericRange(min: min, max: max), levels: values.map { level($0) })
    default:
      let min = random.pick([0, 1, -5, 0.1])
      let step = random.pick([1, 0.5, 0.1, 0.25])
      let count = 1 + random.below(10)
      let values = (0...count).map { min + Double($0) * step }
      return .numeric(
        NumericRange(min: min, max: min + Double(count) * step, step: step),
        levels: values.filter { _ in random.chance(30) }.shuffled(using: &random).map { level($0) })
    }
  }

  mutating func level(_ value: Double) -> Level {
    Level(
      value: value, label: random.chance(50) ? "" : line(), text: random.chance(20) ? "" : prose(),
      examples: random.chance(60) ? [] : distinct(3) { $0.words() })
  }

  mutating func gate(for scale: Scale) -> Gate {
    let bounds = scale.bounds ?? (0, 1)
    let min = random.pick([bounds.min, bounds.max, (bounds.min + bounds.max) / 2])
    return random.chance(50)
      ? Gate(min: min) : Gate(min: min, effect: .cap, cap: random.pick([0, 0.5, 1]))
  }
}
