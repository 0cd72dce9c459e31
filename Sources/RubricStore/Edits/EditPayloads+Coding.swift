extension Place: Record {
  package static let recordName = "place"
  package init(blank: ()) { self.init() }
  package static let fields: [RecordField<Place>] = [
    .optional("parent", \.parent, default: nil, "The group; null at the top level."),
    .optional("follows", \.follows, default: nil, "The sibling before it; null if first."),
  ]
}

extension PlacedCriterion: Record {
  package static let recordName = "placed_criterion"
  package init(blank: ()) { self.init(Criterion(blank: ())) }
  package static let fields: [RecordField<PlacedCriterion>] = [
    .required("criterion", \.criterion, "The criterion, with all that is in it."),
    .optional("place", \.place, default: Place(), "Where it stands."),
  ]
}

extension PlacedLevel: Record {
  package static let recordName = "placed_level"
  package init(blank: ()) { self.init(Level(blank: ())) }
  package static let fields: [RecordField<PlacedLevel>] = [
    .required("level", \.level, "The level."),
    .optional("follows", \.follows, default: nil, "The value before it; null if first."),
  ]
}

extension PlacedExample: Record {
  package static let recordName = "placed_example"
  package init(blank: ()) { self.init(level: 0, text: "") }
  package static let fields: [RecordField<PlacedExample>] = [
    .required("level", \.level, "The value of the level."),
    .required("text", \.text, "The example."),
    .optional("follows", \.follows, default: nil, "The example before it; null if first."),
  ]
}

extension Wording: Record {
  package static let recordName = "wording"
  package init(blank: ()) { self.init() }
  package static let fields: [RecordField<Wording>] = [
    .optional("text", \.text, default: "", "What is judged, in words."),
    .optional("lower_when", \.lowerWhen, default: [], "Reasons to score lower."),
  ]
}

extension Strictness: Record {
  package static let recordName = "strictness"
  package init(blank: ()) { self.init() }
  package static let fields: [RecordField<Strictness>] = [
    .optional("lower_when", \.lowerWhen, default: [], "Reasons to score lower."),
    .optional("gate", \.gate, default: nil, "What the verdict must reach."),
    .optional("levels", \.levels, default: [], "The levels whose text is replaced."),
  ]
}

extension Strictness.LevelText: Record {
  package static let recordName = "level_text"
  package init(blank: ()) { self.init(value: 0, text: "") }
  package static let fields: [RecordField<Strictness.LevelText>] = [
    .required("value", \.value, "The level's value."),
    .required("text", \.text, "What earns it."),
  ]
}

extension Direction: Record {
  package static let recordName = "direction"
  package init(blank: ()) { self.init() }
  package static let fields: [RecordField<Direction>] = [
    .optional("polarity", \.polarity, default: .positive, "Whether meeting it is good or bad."),
    .optional("credit", \.credit, default: .penalty, "How a negative criterion counts."),
  ]
}
