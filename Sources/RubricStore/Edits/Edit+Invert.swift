extension Edit {
  /// The edit that undoes this one: `apply(e.inverted, apply(e, r)) == r`.
  ///
  /// It keeps the rationale and the evidence of what it undoes.
  public var inverted: Edit {
    Edit(change.inverted, rationale: rationale, evidence: evidence)
  }
}

extension Edit.Change {
  var inverted: Edit.Change {
    switch self {
    case .add(let placed): .remove(placed)
    case .remove(let placed): .add(placed)
    case .move(let id, let delta): .move(id, delta.inverted)
    case .reorder(let id, let delta): .reorder(id, delta.inverted)
    case .rename(let id, let delta): .rename(id, delta.inverted)
    case .reweight(let id, let delta): .reweight(id, delta.inverted)
    case .rescale(let id, let delta): .rescale(id, delta.inverted)
    case .setGate(let id, nil, let after): .clearGate(id, before: after)
    case .setGate(let id, let before?, let after): .setGate(id, before: after, after: before)
    case .clearGate(let id, let before): .setGate(id, before: nil, after: before)
    case .setPolarity(let id, let delta): .setPolarity(id, delta.inverted)
    case .setRollup(let id, let delta): .setRollup(id, delta.inverted)
    case .setAggregation(let delta): .setAggregation(delta.inverted)
    case .tighten(let id, let delta): .relax(id, delta.inverted)
    case .relax(let id, let delta): .tighten(id, delta.inverted)
    case .reword(let id, let delta): .reword(id, delta.inverted)
    case .addLevel(let id, let placed): .removeLevel(id, placed)
    case .removeLevel(let id, let placed): .addLevel(id, placed)
    case .editLevel(let id, let delta): .editLevel(id, delta.inverted)
    case .addExample(let id, let placed): .removeExample(id, placed)
    case .removeExample(let id, let placed): .addExample(id, placed)
    case .split(let before, let after): .mergeCriteria(before: after, after: before)
    case .mergeCriteria(let before, let after): .split(before: after, after: before)
    case .activate(let id, let delta), .deactivate(let id, let delta):
      delta.before == .active ? .activate(id, delta.inverted) : .deactivate(id, delta.inverted)
    case .pin(let id): .unpin(id)
    case .unpin(let id): .pin(id)
    case .retag(let id, let delta): .retag(id, delta.inverted)
    case .setApplicability(let id, let delta): .setApplicability(id, delta.inverted)
    case .setOrigin(let id, let delta): .setOrigin(id, delta.inverted)
    case .setExt(let id, let delta): .setExt(id, delta.inverted)
    case .setJudge(let delta): .setJudge(delta.inverted)
    case .setPreamble(let delta): .setPreamble(delta.inverted)
    case .setPostamble(let delta): .setPostamble(delta.inverted)
    case .setDescription(let delta): .setDescription(delta.inverted)
    case .setSubject(let delta): .setSubject(delta.inverted)
    case .setBudget(let delta): .setBudget(delta.inverted)
    case .noChange: .noChange
    }
  }
}
