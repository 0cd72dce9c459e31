import RubricStore

extension RubricGenerator {
  /// A change of a kind that can be made on a rubric, with the places that it finds there.
  ///
  /// The result of making it may still be invalid: an only criterion removed, a gate outside a new
  /// scale. Nil where the rubric has nothing to make it on.
  mutating func change(_ operation: Edit.Operation, of rubric: Rubric) -> Edit.Change? {
    switch operation {
    case .add, .remove, .move, .reorder, .split, .mergeCriteria:
      structuralChange(operation, of: rubric)
    case .addLevel, .removeLevel, .editLevel, .addExample, .removeExample:
      levelChange(operation, of: rubric)
    case .setAggregation, .setJudge, .setPreamble, .setPostamble, .setDescription, .setSubject,
      .setBudget, .noChange:
      rubricChange(operation, of: rubric)
    default: fieldChange(operation, of: rubric)
    }
  }

  private mutating func rubricChange(
    _ operation: Edit.Operation, of rubric: Rubric
  ) -> Edit.Change? {
    switch operation {
    case .setAggregation:
      .setAggregation(Delta(before: rubric.aggregation, after: aggregation()))
    case .setJudge: .setJudge(Delta(before: rubric.judge, after: judge()))
    case .setPreamble: .setPreamble(Delta(before: rubric.preamble, after: prose()))
    case .setPostamble: .setPostamble(Delta(before: rubric.postamble, after: prose()))
    case .setDescription: .setDescription(Delta(before: rubric.description, after: prose()))
    case .setSubject: .setSubject(Delta(before: rubric.subject, after: subject()))
    case .setBudget: .setBudget(Delta(before: rubric.budget, after: budget()))
    default: .noChange
    }
  }

  private mutating func fieldChange(
    _ operation: Edit.Operation, of rubric: Rubric
  ) -> Edit.Change? {
    guard let item = target(of: operation, in: rubric) else {
      return operation == .rename ? .rename(nil, Delta(before: rubric.title, after: line())) : nil
    }
    let id = item.id
    switch operation {
    case .rename:
      if random.chance(20) { return .rename(nil, Delta(before: rubric.title, after: line())) }
      return .rename(id, Delta(before: item.title, after: random.chance(30) ? "" : line()))
    case .reweight: return .reweight(id, Delta(before: item.weight, after: weight()))
    case .rescale: return .rescale(id, Delta(before: item.scale, after: scale()))
    case .setGate: return .setGate(id, before: item.gate, after: gate(for: item.scale))
    case .clearGate: return item.gate.map { .clearGate(id, before: $0) }
    case .setPolarity:
      var after = item
      change(.direction, of: &after)
      return .setPolarity(
        id,
        Delta(
          before: Direction(polarity: item.polarity, credit: item.credit),
          after: Direction(polarity: after.polarity, credit: after.credit)))
    case .setRollup:
      return .setRollup(
        id, Delta(before: item.rollup, after: random.pick(Criterion.Rollup.allCases)))
    case .tighten: return tightening(of: item).map { .tighten(id, $0) }
    case .relax: return relaxation(of: item).map { .relax(id, $0) }
    case .reword:
      let isWhole = random.chance(50)
      return .reword(
        id,
        Delta(
          before: Wording(text: item.text, lowerWhen: isWhole ? item.lowerWhen : []),
          after: Wording(text: prose(), lowerWhen: isWhole ? reasons() : [])))
    case .activate: return .activate(id, Delta(before: item.status, after: .active))
    case .deactivate:
      return .deactivate(
        id, Delta(before: item.status, after: random.pick([.inactive, .diagnostic])))
    case .pin: return .pin(id)
    case .unpin: return .unpin(id)
    case .retag: return .retag(id, Delta(before: item.tags, after: distinct(3) { $0.line() }))
    case .setApplicability:
      return .setApplicability(id, Delta(before: item.appliesWhen, after: prose()))
    case .setOrigin:
      return .setOrigin(
        id, Delta(before: item.origin, after: random.pick(Criterion.Origin.allCases)))
    case .setExt:
      if random.chance(30) { return .setExt(nil, Delta(before: rubric.ext, after: extensions())) }
      return .setExt(id, Delta(before: item.ext, after: extensions()))
    default: return nil
    }
  }

  /// A criterion that a change of a field can be made on.
  private mutating func target(
    of operation: Edit.Operation, in rubric: Rubric
  ) -> Criterion? {
    let fitting = rubric.paths.map { rubric[$0] }.filter { item in
      switch operation {
      case .setGate: !item.isGroup && item.status != .inactive
      case .clearGate: item.gate != nil
      case .rescale, .setPolarity, .tighten, .relax, .setApplicability: !item.isGroup
      case .setRollup: item.isGroup
      case .activate: item.status != .active
      case .pin: !item.pinned
      case .unpin: item.pinned
      default: true
      }
    }
    return fitting.isEmpty ? nil : random.pick(fitting)
  }

  /// Adds reasons, raises a gate or replaces level texts; nil where it would do nothing.
  private mutating func tightening(of item: Criterion) -> Delta<Strictness>? {
    var delta = Delta(before: Strictness(), after: Strictness())
    if random.chance(70) {
      delta.before.lowerWhen = item.lowerWhen
      delta.after.lowerWhen = item.lowerWhen
      for reason in reasons() where !item.lowerWhen.contains(where: { $0.isVerbatim(reason) }) {
        let index = random.below(delta.after.lowerWhen.count + 1)
        delta.after.lowerWhen.insert(reason, at: index)
      }
    }
    if random.chance(30), item.status != .inactive, let bounds = item.scale.bounds {
      delta.before.gate = item.gate
      delta.after.gate = Gate(min: bounds.max)
    }
    if random.chance(50) {
      for level in item.scale.levels where random.chance(50) {
        delta.before.levels.append(.init(value: level.value, text: level.text))
        delta.after.levels.append(.init(value: level.value, text: prose()))
      }
    }
    return delta.before == delta.after ? nil : delta
  }

  /// Takes reasons away, lowers or clears a gate, or replaces level texts.
  private mutating func relaxation(of item: Criterion) -> Delta<Strictness>? {
    var delta = Delta(before: Strictness(), after: Strictness())
    delta.before.lowerWhen = item.lowerWhen
    delta.after.lowerWhen = item.lowerWhen.filter { _ in random.chance(50) }
    if item.gate != nil, random.chance(50) {
      delta.before.gate = item.gate
      if let gate = item.gate, random.chance(50), let bounds = item.scale.bounds {
        delta.after.gate = Gate(
          min: (gate.min + bounds.min) / 2, effect: gate.effect, cap: gate.cap)
      }
    }
    for level in item.scale.levels where random.chance(30) {
      delta.before.levels.append(.init(value: level.value, text: level.text))
      delta.after.levels.append(.init(value: level.value, text: prose()))
    }
    return delta.before == delta.after ? nil : delta
  }
}
