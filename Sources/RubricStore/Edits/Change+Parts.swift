extension Edit.Change {
  /// A change as four parts: the form that it has in JSON.
  struct Parts: Sendable {
    var operation: Edit.Operation
    var target: CriterionID?
    var before: JSONValue?
    var after: JSONValue?

    init(
      _ operation: Edit.Operation, _ target: CriterionID?, before: JSONValue? = nil,
      after: JSONValue? = nil
    ) {
      self.operation = operation
      self.target = target
      self.before = before
      self.after = after
    }

    init(
      _ operation: Edit.Operation, _ target: CriterionID?, _ delta: Delta<some NodeCodable>
    ) {
      self.init(
        operation, target, before: delta.before.written, after: delta.after.written)
    }
  }

  var parts: Parts {
    switch self {
    case .add(let placed): Parts(.add, placed.criterion.id, after: placed.written)
    case .remove(let placed): Parts(.remove, placed.criterion.id, before: placed.written)
    case .move(let id, let delta): Parts(.move, id, delta)
    case .reorder(let id, let delta): Parts(.reorder, id, delta)
    case .rename(let id, let delta): Parts(.rename, id, delta)
    case .reweight(let id, let delta): Parts(.reweight, id, delta)
    case .rescale(let id, let delta): Parts(.rescale, id, delta)
    case .setGate(let id, let before, let after):
      Parts(.setGate, id, before: before.written, after: after.written)
    case .clearGate(let id, let before): Parts(.clearGate, id, before: before.written)
    case .setPolarity(let id, let delta): Parts(.setPolarity, id, delta)
    case .setRollup(let id, let delta): Parts(.setRollup, id, delta)
    case .setAggregation(let delta): Parts(.setAggregation, nil, delta)
    case .tighten(let id, let delta): Parts(.tighten, id, delta)
    case .relax(let id, let delta): Parts(.relax, id, delta)
    case .reword(let id, let delta): Parts(.reword, id, delta)
    case .addLevel(let id, let placed): Parts(.addLevel, id, after: placed.written)
    case .removeLevel(let id, let placed): Parts(.removeLevel, id, before: placed.written)
    case .editLevel(let id, let delta): Parts(.editLevel, id, delta)
    case .addExample(let id, let placed): Parts(.addExample, id, after: placed.written)
    case .removeExample(let id, let placed): Parts(.removeExample, id, before: placed.written)
    case .split(let before, let after):
      Parts(
        .split, before.first?.criterion.id, before: before.written, after: after.written)
    case .mergeCriteria(let before, let after):
      Parts(
        .mergeCriteria, after.first?.criterion.id, before: before.written, after: after.written)
    case .activate(let id, let delta): Parts(.activate, id, delta)
    case .deactivate(let id, let delta): Parts(.deactivate, id, delta)
    case .pin(let id): Parts(.pin, id)
    case .unpin(let id): Parts(.unpin, id)
    case .retag(let id, let delta): Parts(.retag, id, delta)
    case .setApplicability(let id, let delta): Parts(.setApplicability, id, delta)
    case .setOrigin(let id, let delta): Parts(.setOrigin, id, delta)
    case .setExt(let id, let delta): Parts(.setExt, id, delta)
    case .setJudge(let delta): Parts(.setJudge, nil, delta)
    case .setPreamble(let delta): Parts(.setPreamble, nil, delta)
    case .setPostamble(let delta): Parts(.setPostamble, nil, delta)
    case .setDescription(let delta): Parts(.setDescription, nil, delta)
    case .setSubject(let delta): Parts(.setSubject, nil, delta)
    case .setBudget(let delta): Parts(.setBudget, nil, delta)
    case .noChange: Parts(.noChange, nil)
    }
  }
}

extension Edit.Change: Hashable {
  /// Whether both are written the same, byte by byte.
  public static func == (left: Self, right: Self) -> Bool {
    let (left, right) = (left.parts, right.parts)
    return left.operation == right.operation && left.target == right.target
      && left.before == right.before && left.after == right.after
  }

  /// Feeds what is written to `hasher`.
  public func hash(into hasher: inout Hasher) {
    let parts = parts
    hasher.combine(parts.operation)
    hasher.combine(parts.target)
    hasher.combine(parts.before)
    hasher.combine(parts.after)
  }
}
