extension Edit {
  /// The edit on one line, for people: "reweight `flow` 1 → 2".
  public var summary: String {
    let word = operation.rawValue.replacing("_", with: " ")
    switch change {
    case .add(let placed):
      let parent = placed.place.parent.map { " to `\($0)`" } ?? ""
      let size = placed.criterion.count
      return "add `\(placed.criterion.id)`\(parent)" + (size > 1 ? " (\(size) criteria)" : "")
    case .remove(let placed):
      let size = placed.criterion.count
      return "remove `\(placed.criterion.id)`" + (size > 1 ? " (\(size) criteria)" : "")
    case .move(let id, let delta):
      if delta.before.parent == delta.after.parent {
        return "move `\(id)` "
          + (delta.after.follows.map { "after `\($0)`" } ?? "to the front")
      }
      return "move `\(id)` to " + (delta.after.parent.map { "`\($0)`" } ?? "the top level")
    case .reorder(let parent, let delta):
      return "reorder \(delta.after.count) criteria"
        + (parent.map { " of `\($0)`" } ?? "")
    case .rename(let id, let delta):
      return "rename \(Self.name(id)) \(Self.cut(delta.before)) → \(Self.cut(delta.after))"
    case .reweight(let id, let delta):
      return "reweight `\(id)` \(CanonicalNumber.text(delta.before)) → "
        + CanonicalNumber.text(delta.after)
    case .rescale(let id, let delta):
      return "rescale `\(id)` \(delta.before.summary) → \(delta.after.summary)"
    case .setGate(let id, _, let gate): return "set gate of `\(id)`: \(gate.summary)"
    case .clearGate(let id, let gate): return "clear gate of `\(id)`: \(gate.summary)"
    case .setPolarity(let id, let delta):
      return "set polarity of `\(id)`: \(delta.before.summary) → \(delta.after.summary)"
    case .setRollup(let id, let delta):
      return "set rollup of `\(id)`: \(delta.before.rawValue) → \(delta.after.rawValue)"
    case .addLevel(let id, let placed), .removeLevel(let id, let placed):
      return "\(word) \(CanonicalNumber.text(placed.level.value)) of `\(id)`"
    case .editLevel(let id, let delta):
      return "edit level \(CanonicalNumber.text(delta.before.value)) of `\(id)`"
    case .addExample(let id, let placed), .removeExample(let id, let placed):
      return "\(word) of `\(id)`, level \(CanonicalNumber.text(placed.level))"
    case .split(let before, let after):
      return "split \(Self.names(before)) into \(Self.names(after))"
    case .mergeCriteria(let before, let after):
      return "merge \(Self.names(before)) into \(Self.names(after))"
    case .activate(let id, let delta), .deactivate(let id, let delta):
      return "\(word) `\(id)`: \(delta.before.rawValue) → \(delta.after.rawValue)"
    case .setOrigin(let id, let delta):
      return "set origin of `\(id)`: \(delta.before.rawValue) → \(delta.after.rawValue)"
    case .setAggregation(let delta):
      return "set aggregation: \(delta.before.method.rawValue) → \(delta.after.method.rawValue)"
    case .setExt(let id, _): return "set ext of \(Self.name(id))"
    case .tighten(let id, _), .relax(let id, _), .reword(let id, _), .pin(let id), .unpin(let id),
      .retag(let id, _), .setApplicability(let id, _):
      return "\(word) `\(id)`"
    case .setJudge, .setPreamble, .setPostamble, .setDescription, .setSubject, .setBudget:
      return word
    case .noChange: return "no change"
    }
  }

  private static func name(_ id: CriterionID?) -> String { id.map { "`\($0)`" } ?? "the rubric" }

  private static func names(_ placed: [PlacedCriterion]) -> String {
    Suggestion.list(placed.map(\.criterion.id.rawValue), conjunction: "and")
  }

  private static func cut(_ text: String) -> String {
    "“\(text.count > 40 ? text.prefix(39) + "…" : text[...])”"
  }
}

extension Criterion {
  /// How many criteria and groups it is, itself included.
  package var count: Int { criteria.reduce(1) { $0 + $1.count } }
}

extension Scale {
  /// The scale in a few words: "levels 0–5".
  package var summary: String {
    guard let bounds else { return "an invalid scale" }
    let range = "\(CanonicalNumber.text(bounds.min))–\(CanonicalNumber.text(bounds.max))"
    switch self {
    case .binary: return "binary"
    case .levels(let levels): return "\(levels.count) levels \(range)"
    case .numeric(let numeric, _):
      let steps = numeric.step.map { $0 == 1 ? "" : " in steps of \(CanonicalNumber.text($0))" }
      return range + (steps ?? ", any number")
    }
  }
}

extension Gate {
  /// The gate in a few words: "below 2, the reward is at most 0.4".
  package var summary: String {
    switch effect {
    case .veto: "below \(CanonicalNumber.text(min)), veto"
    case .cap: "below \(CanonicalNumber.text(min)), at most \(CanonicalNumber.text(cap ?? 0))"
    }
  }
}

extension Direction {
  /// The direction in a word or two: "negative (avoidance)".
  package var summary: String {
    polarity == .positive ? "positive" : "negative (\(credit.rawValue))"
  }
}
