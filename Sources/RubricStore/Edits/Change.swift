extension Edit {
  /// What an edit changes: a closed set of kinds, each with before and after.
  public enum Change: Sendable {
    /// Adds a criterion or a group with all that is in it; every id in it is new.
    case add(PlacedCriterion)
    /// Removes a criterion or a group with all that is in it.
    case remove(PlacedCriterion)
    /// Puts a criterion in another place.
    case move(CriterionID, Delta<Place>)
    /// Puts all criteria of a group, or of the top level (nil), in another order.
    case reorder(CriterionID?, Delta<[CriterionID]>)
    /// Gives a criterion, or the rubric (nil), another title.
    case rename(CriterionID?, Delta<String>)
    /// Gives a criterion another weight.
    case reweight(CriterionID, Delta<Double>)
    /// Gives a criterion another scale.
    case rescale(CriterionID, Delta<Scale>)
    /// Sets or replaces a gate.
    case setGate(CriterionID, before: Gate?, after: Gate)
    /// Removes a gate.
    case clearGate(CriterionID, before: Gate)
    /// Makes a criterion good or bad, and says how a bad one counts.
    case setPolarity(CriterionID, Delta<Direction>)
    /// Rolls a group up in another way.
    case setRollup(CriterionID, Delta<Criterion.Rollup>)
    /// Makes a reward in another way.
    case setAggregation(Delta<Aggregation>)
    /// Claims to make a criterion stricter; only adds reasons to score lower, raises the gate, or
    /// replaces level texts.
    case tighten(CriterionID, Delta<Strictness>)
    /// Claims to make a criterion less strict: the inverse of ``tighten(_:_:)``.
    case relax(CriterionID, Delta<Strictness>)
    /// Words a criterion in another way.
    case reword(CriterionID, Delta<Wording>)
    /// Adds a level to a scale.
    case addLevel(CriterionID, PlacedLevel)
    /// Removes a level from a scale.
    case removeLevel(CriterionID, PlacedLevel)
    /// Changes label, text or examples of a level, not its value.
    case editLevel(CriterionID, Delta<Level>)
    /// Adds an example to a level.
    case addExample(CriterionID, PlacedExample)
    /// Removes an example from a level.
    case removeExample(CriterionID, PlacedExample)
    /// Replaces one criterion by several.
    case split(before: [PlacedCriterion], after: [PlacedCriterion])
    /// Replaces several criteria by one.
    case mergeCriteria(before: [PlacedCriterion], after: [PlacedCriterion])
    /// Makes a criterion judged and counted.
    case activate(CriterionID, Delta<Criterion.Status>)
    /// Makes a criterion inactive or diagnostic.
    case deactivate(CriterionID, Delta<Criterion.Status>)
    /// Forbids the meta-editor to touch a criterion.
    case pin(CriterionID)
    /// Allows the meta-editor to touch a criterion.
    case unpin(CriterionID)
    /// Replaces the tags of a criterion.
    case retag(CriterionID, Delta<[String]>)
    /// Says anew when a criterion applies.
    case setApplicability(CriterionID, Delta<String>)
    /// Says anew where a criterion came from.
    case setOrigin(CriterionID, Delta<Criterion.Origin>)
    /// Replaces what a criterion, or the rubric (nil), keeps for others.
    case setExt(CriterionID?, Delta<Extensions>)
    /// Asks the judge in another way.
    case setJudge(Delta<JudgeContract>)
    /// Replaces the text before the criteria.
    case setPreamble(Delta<String>)
    /// Replaces the text after the criteria.
    case setPostamble(Delta<String>)
    /// Replaces the description for people.
    case setDescription(Delta<String>)
    /// Says anew what a judgement is about.
    case setSubject(Delta<Subject>)
    /// Sets other bounds.
    case setBudget(Delta<Budget>)
    /// Records that the rubric was looked at and left as it is.
    case noChange
  }

  /// The kind of a change, by the name that it has in JSON.
  public enum Operation: String, CaseIterable, Hashable, Sendable {
    // One case a kind of ``Change``, which says what each does.
    case add, remove, move, reorder, rename, reweight, rescale
    case setGate = "set_gate"
    case clearGate = "clear_gate"
    case setPolarity = "set_polarity"
    case setRollup = "set_rollup"
    case setAggregation = "set_aggregation"
    case tighten, relax, reword
    case addLevel = "add_level"
    case removeLevel = "remove_level"
    case editLevel = "edit_level"
    case addExample = "add_example"
    case removeExample = "remove_example"
    case split
    case mergeCriteria = "merge_criteria"
    case activate, deactivate, pin, unpin, retag
    case setApplicability = "set_applicability"
    case setOrigin = "set_origin"
    case setExt = "set_ext"
    case setJudge = "set_judge"
    case setPreamble = "set_preamble"
    case setPostamble = "set_postamble"
    case setDescription = "set_description"
    case setSubject = "set_subject"
    case setBudget = "set_budget"
    case noChange = "no_change"
  }
}
