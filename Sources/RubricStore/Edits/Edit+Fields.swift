/// A field that a version of a rubric can change, by the key that it has in the document.
public enum FieldName: String, CaseIterable, Hashable, Sendable {
  // Of a rubric and of a criterion.
  case title, ext
  /// The order of the criteria in a group, or at the top level.
  case criteria
  // Of a criterion.
  case text, weight
  /// Polarity and credit, which one edit changes together.
  case polarity
  case scale
  case lowerWhen = "lower_when"
  case gate, status, pinned, origin
  case appliesWhen = "applies_when"
  case tags, rollup
  /// The group that a criterion is in and where it stands there; it has no key in the document.
  case place
  // Of a rubric.
  case description, subject, judge, preamble, postamble, aggregation, budget
}

/// A field of a rubric, or of one of its criteria.
public struct FieldReference: Hashable, Sendable {
  /// The criterion; nil for a field of the rubric itself.
  public var criterion: CriterionID?
  /// The field.
  public var field: FieldName

  /// Creates a reference.
  public init(_ criterion: CriterionID?, _ field: FieldName) {
    self.criterion = criterion
    self.field = field
  }
}

extension Edit.Change {
  /// What the change is about: single fields, and criteria that come or go as a whole.
  public var extent: (fields: [FieldReference], added: [CriterionID], removed: [CriterionID]) {
    func one(
      _ id: CriterionID?, _ field: FieldName
    ) -> (
      fields: [FieldReference], added: [CriterionID], removed: [CriterionID]
    ) { ([FieldReference(id, field)], [], []) }
    switch self {
    case .add(let placed): return ([], placed.criterion.ids, [])
    case .remove(let placed): return ([], [], placed.criterion.ids)
    case .split(let before, let after), .mergeCriteria(let before, let after):
      return ([], after.flatMap(\.criterion.ids), before.flatMap(\.criterion.ids))
    case .move(let id, _): return one(id, .place)
    case .reorder(let id, _): return one(id, .criteria)
    case .rename(let id, _): return one(id, .title)
    case .reweight(let id, _): return one(id, .weight)
    case .rescale(let id, _), .addLevel(let id, _), .removeLevel(let id, _), .editLevel(let id, _),
      .addExample(let id, _), .removeExample(let id, _):
      return one(id, .scale)
    case .setGate(let id, _, _), .clearGate(let id, _): return one(id, .gate)
    case .setPolarity(let id, _): return one(id, .polarity)
    case .setRollup(let id, _): return one(id, .rollup)
    case .setAggregation: return one(nil, .aggregation)
    case .tighten(let id, let delta), .relax(let id, let delta):
      var fields: [FieldReference] = []
      if !delta.before.lowerWhen.isVerbatim(delta.after.lowerWhen) {
        fields.append(FieldReference(id, .lowerWhen))
      }
      if delta.before.gate != delta.after.gate { fields.append(FieldReference(id, .gate)) }
      if delta.before.levels != delta.after.levels { fields.append(FieldReference(id, .scale)) }
      return (fields, [], [])
    case .reword(let id, let delta):
      var fields: [FieldReference] = []
      if !delta.before.text.isVerbatim(delta.after.text) {
        fields.append(FieldReference(id, .text))
      }
      if !delta.before.lowerWhen.isVerbatim(delta.after.lowerWhen) {
        fields.append(FieldReference(id, .lowerWhen))
      }
      return (fields, [], [])
    case .activate(let id, _), .deactivate(let id, _): return one(id, .status)
    case .pin(let id), .unpin(let id): return one(id, .pinned)
    case .retag(let id, _): return one(id, .tags)
    case .setApplicability(let id, _): return one(id, .appliesWhen)
    case .setOrigin(let id, _): return one(id, .origin)
    case .setExt(let id, _): return one(id, .ext)
    case .setJudge: return one(nil, .judge)
    case .setPreamble: return one(nil, .preamble)
    case .setPostamble: return one(nil, .postamble)
    case .setDescription: return one(nil, .description)
    case .setSubject: return one(nil, .subject)
    case .setBudget: return one(nil, .budget)
    case .noChange: return ([], [], [])
    }
  }
}

extension Criterion {
  /// Its own id and those of all that is in it, in the order of the document.
  var ids: [CriterionID] { [id] + criteria.flatMap(\.ids) }
}
