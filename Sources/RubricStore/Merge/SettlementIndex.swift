/// The settlements of a merge by place, and which of them were needed.
struct SettlementIndex {
  private struct Entry {
    var rule: Settlement.Rule
    var place: Verbatim<String>
    /// Whether the place names its rubric.
    var isFull: Bool
  }

  private typealias Key = Verbatim<String>
  private var fields: [CriterionID?: [Key: Entry]] = [:]
  private var criteria: [CriterionID: Entry] = [:]
  private var patterns: [Key: Settlement.Rule] = [:]
  private let all: [Settlement.Rule]
  private let places: [Key]
  private var used: Set<Key> = []
  /// Whether there are none.
  let isEmpty: Bool

  init(
    _ settlements: Settlements, of rubric: RubricID, isCriterion: (CriterionID) -> Bool
  ) {
    all = settlements.all
    isEmpty = settlements.isEmpty
    places = settlements.places.map { Key(wrappedValue: $0.place) }
    for settlement in settlements.places {
      let key = Key(wrappedValue: settlement.place)
      guard !settlement.isGeneral else {
        patterns[key] = settlement.rule
        continue
      }
      let (paths, isFull) = Self.readings(settlement.place, of: rubric, isCriterion)
      let entry = Entry(rule: settlement.rule, place: key, isFull: isFull)
      for path in paths { insert(entry, at: path) }
    }
  }

  /// The places of settlements that nothing needed, in their order.
  var unused: [String] { places.filter { !used.contains($0) }.map(\.wrappedValue) }

  /// Whether a settlement names a field of this criterion, or of the rubric.
  func hasPlaces(in criterion: CriterionID?) -> Bool { fields[criterion] != nil }

  /// The settlement of exactly this place.
  mutating func specific(_ path: MergePath) -> Settlement.Rule? {
    let entry: Entry? =
      if let field = path.field {
        fields[path.criterion]?[Key(wrappedValue: field)]
      } else {
        path.criterion.flatMap { criteria[$0] }
      }
    guard let entry else { return nil }
    used.insert(entry.place)
    return entry.rule
  }

  /// The settlements that are for more than this place, the nearest first.
  func general(_ path: MergePath) -> [(key: String?, rule: Settlement.Rule)] {
    guard !isEmpty else { return [] }
    var found: [(key: String?, rule: Settlement.Rule)] = []
    if path.criterion != nil, let field = path.field, !patterns.isEmpty {
      for key in ["\(path.rubric)/*.\(field)", "*.\(field)"] {
        if let rule = patterns[Key(wrappedValue: key)] { found.append((key, rule)) }
      }
    }
    return found + all.map { (nil, $0) }
  }

  mutating func use(_ key: String?) {
    if let key { used.insert(Key(wrappedValue: key)) }
  }

  private mutating func insert(_ entry: Entry, at path: (criterion: CriterionID?, field: String?)) {
    func isNearer(_ other: Entry?) -> Bool { !(other?.isFull ?? false) || entry.isFull }
    if let field = path.field {
      let key = Key(wrappedValue: field)
      if isNearer(fields[path.criterion]?[key]) {
        fields[path.criterion, default: [:]][key] = entry
      }
    } else if let criterion = path.criterion, isNearer(criteria[criterion]) {
      criteria[criterion] = entry
    }
  }

  /// What a place names: with its rubric in front, or else a field of the rubric, or else a criterion.
  ///
  /// Where the ids `a` and `a.text` both exist, `a.text` is the one or a field of the other.
  private static func readings(
    _ place: String, of rubric: RubricID, _ isCriterion: (CriterionID) -> Bool
  ) -> (paths: [(criterion: CriterionID?, field: String?)], isFull: Bool) {
    let bytes = Array(place.utf8)
    let name = Array(rubric.rawValue.utf8)
    func text(_ slice: some Sequence<UInt8>) -> String {
      String(decoding: Array(slice), as: UTF8.self)
    }
    /// Whether the first key of a field is one of those.
    func isField(_ field: ArraySlice<UInt8>, of keys: Set<String>) -> Bool {
      keys.contains(text(field.prefix { $0 != UInt8(ascii: ".") }))
    }
    func inCriteria(_ rest: ArraySlice<UInt8>) -> [(criterion: CriterionID?, field: String?)] {
      var found: [(criterion: CriterionID?, field: String?)] = []
      func known(_ slice: ArraySlice<UInt8>) -> CriterionID? {
        guard slice.count <= Limits.idBytes else { return nil }
        return CriterionID(rawValue: text(slice)).flatMap { isCriterion($0) ? $0 : nil }
      }
      if let id = known(rest) { found.append((id, nil)) }
      for index in rest.indices where rest[index] == UInt8(ascii: ".") {
        let field = rest[(index + 1)...]
        guard isField(field, of: MergePath.criterionKeys), let id = known(rest[..<index]) else {
          continue
        }
        found.append((id, text(field)))
      }
      return found
    }
    if bytes.starts(with: name), bytes.count > name.count {
      let rest = bytes[(name.count + 1)...]
      switch bytes[name.count] {
      case UInt8(ascii: "/"): return (inCriteria(rest), true)
      case UInt8(ascii: ".") where isField(rest, of: MergePath.rubricKeys):
        return ([(nil, text(rest))], true)
      default: break
      }
    }
    if isField(bytes[...], of: MergePath.rubricKeys) { return ([(nil, place)], false) }
    return (inCriteria(bytes[...]), false)
  }
}

extension MergePath {
  /// The keys that the path of a criterion's field can begin with.
  static let criterionKeys = Set(Criterion.fields.map(\.key) + ["parent"]).subtracting(["id"])
  /// The keys that the path of a rubric's own field can begin with.
  static let rubricKeys = Set(Rubric.fields.map(\.key)).subtracting(["id", "schema"])
}
