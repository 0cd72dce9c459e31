internal import RubricStore

/// The rubrics of the scenarios.
enum ScenarioRubrics {
  /// Criteria with the ids given, binary, each with words of its own.
  static func plain(_ ids: [CriterionID], named id: RubricID = "scenario") -> Rubric {
    var rubric = Rubric(id: id, title: "Scenario")
    rubric.criteria = ids.map(binary)
    rubric.aggregation.missing = .exclude
    return rubric
  }

  static func binary(_ id: CriterionID) -> Criterion {
    Criterion(id: id, title: id.rawValue, text: "Does the response show \(id)?")
  }

  static func levels(_ id: CriterionID) -> Criterion {
    var criterion = binary(id)
    criterion.scale = .levels(
      (0...4).map { Level(value: Double($0), text: "\(id): \($0) of 4.") })
    return criterion
  }

  static func numeric(_ id: CriterionID, max: Double = 5) -> Criterion {
    var criterion = binary(id)
    criterion.scale = .numeric(NumericRange(min: 0, max: max, step: 1), levels: [])
    return criterion
  }

  /// Levels, numbers and a vice, with a gate, in one rubric.
  static var mixed: Rubric {
    var rubric = plain([])
    var vice = binary("padding")
    vice.polarity = .negative
    vice.credit = .avoidance
    var gated = levels("honesty")
    gated.gate = Gate(min: 1)
    rubric.criteria = [binary("relevance"), levels("style"), numeric("depth"), vice, gated]
    return rubric
  }

  /// Groups in groups, one inactive, one pinned, one that takes the least of what is in it.
  static var nested: Rubric {
    var rubric = plain(["opening"])
    var inner = Criterion(id: "inner", title: "inner")
    inner.criteria = [levels("inner-a"), levels("inner-b")]
    inner.rollup = .min
    var outer = Criterion(id: "outer", title: "outer", weight: 2)
    outer.criteria = [binary("outer-a"), levels("outer-b"), inner]
    var resting = Criterion(id: "resting", title: "resting")
    resting.criteria = [binary("resting-a"), binary("resting-b")]
    resting.status = .inactive
    var kept = Criterion(id: "kept", title: "kept")
    kept.criteria = [binary("kept-a"), levels("kept-b")]
    kept.pinned = true
    var watched = levels("watched")
    watched.status = .diagnostic
    rubric.criteria += [outer, resting, kept, watched]
    return rubric
  }

  /// As Meta Policy Optimization's: points that are summed, no clip.
  static var summed: Rubric {
    var rubric = plain([])
    rubric.aggregation = Aggregation(method: .sum, clip: nil, missing: .exclude)
    rubric.criteria = ["structure", "depth", "style", "grammar"].map { numeric($0) }
    return rubric
  }
}

extension Rubric {
  /// The rubric with every criterion and group of the top level pinned.
  func pinned() -> Rubric {
    var rubric = self
    for index in rubric.criteria.indices { rubric.criteria[index].pinned = true }
    return rubric
  }
}
