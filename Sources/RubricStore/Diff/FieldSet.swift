/// A set of fields, and of whether a criterion is there at all, in one word.
struct FieldSet: OptionSet, Hashable, Sendable {
  let rawValue: UInt32

  init(rawValue: UInt32) { self.rawValue = rawValue }

  init(_ field: FieldName) { rawValue = 1 << (Self.bits[field] ?? 31) }

  private static let bits: [FieldName: UInt32] = Dictionary(
    uniqueKeysWithValues: zip(FieldName.allCases, 0...))

  /// That it is there.
  static let presence = FieldSet(rawValue: 1 << 30)
  static let place = FieldSet(.place)
  static let order = FieldSet(.criteria)

  /// The fields that a criterion and its place have, in the order of the document, place first.
  static let ofCriterion: [FieldName] = [
    .place, .title, .text, .weight, .polarity, .scale, .lowerWhen, .gate, .status, .pinned, .origin,
    .appliesWhen, .tags, .rollup, .criteria, .ext,
  ]

  /// The fields of a rubric, in the order of the document.
  static let ofRubric: [FieldName] = [
    .title, .description, .subject, .judge, .preamble, .aggregation, .budget, .criteria, .postamble,
    .ext,
  ]

  static let allOfCriterion = FieldSet(ofCriterion.map { FieldSet($0) }).union(.presence)
  static let allOfRubric = FieldSet(ofRubric.map { FieldSet($0) }).union(.presence)
  /// What tells where a criterion is and not what it says.
  static let structure: FieldSet = [.presence, .place, .order]

  /// The names of the fields that are in it.
  var names: [FieldName] { FieldName.allCases.filter { contains(FieldSet($0)) } }
}

extension Criterion {
  /// The fields that differ, but for the criteria in it.
  func differences(from other: Criterion) -> FieldSet {
    var fields: FieldSet = []
    func compare(_ field: FieldName, _ isSame: Bool) {
      if !isSame { fields.insert(FieldSet(field)) }
    }
    compare(.title, title.isVerbatim(other.title))
    compare(.text, text.isVerbatim(other.text))
    compare(.weight, weight == other.weight)
    compare(.polarity, direction == other.direction)
    compare(.scale, scale == other.scale)
    compare(.lowerWhen, lowerWhen.isVerbatim(other.lowerWhen))
    compare(.gate, gate == other.gate)
    compare(.status, status == other.status)
    compare(.pinned, pinned == other.pinned)
    compare(.origin, origin == other.origin)
    compare(.appliesWhen, appliesWhen.isVerbatim(other.appliesWhen))
    compare(.tags, tags.isVerbatim(other.tags))
    compare(.rollup, rollup == other.rollup)
    compare(.ext, ext == other.ext)
    return fields
  }

  /// The criterion without the criteria in it.
  var withoutCriteria: Criterion {
    var copy = self
    copy.criteria = []
    return copy
  }
}

extension Rubric {
  /// The fields that differ, but for the criteria.
  func differences(from other: Rubric) -> FieldSet {
    var fields: FieldSet = []
    func compare(_ field: FieldName, _ isSame: Bool) {
      if !isSame { fields.insert(FieldSet(field)) }
    }
    compare(.title, title.isVerbatim(other.title))
    compare(.description, description.isVerbatim(other.description))
    compare(.subject, subject == other.subject)
    compare(.judge, judge == other.judge)
    compare(.preamble, preamble.isVerbatim(other.preamble))
    compare(.postamble, postamble.isVerbatim(other.postamble))
    compare(.aggregation, aggregation == other.aggregation)
    compare(.budget, budget == other.budget)
    compare(.ext, ext == other.ext)
    return fields
  }
}
