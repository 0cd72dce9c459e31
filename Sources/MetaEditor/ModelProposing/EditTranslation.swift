internal import RubricStore

/// Why an edit that a model proposed is not made, in a sentence.
struct Refusal: Error, Equatable {
  var reason: String

  init(_ reason: String) { self.reason = reason }
}

/// Makes complete edits of what a model wrote down, each on the rubric as the ones before left it.
///
/// `before`, new ids, places and sums are worked out here. What comes out can be made on the rubric by
/// the meta-editor; what cannot is refused and changes nothing.
struct EditTranslation {
  /// The rubric with all edits made so far.
  private(set) var rubric: Rubric
  /// Ids that are or were in use.
  private var taken: Set<CriterionID>
  private var places: CriterionPlaces

  init(_ rubric: Rubric) {
    self.rubric = rubric
    places = CriterionPlaces(rubric)
    taken = Set(places.byID.keys)
  }

  /// Makes an edit.
  ///
  /// - Returns: It, complete.
  mutating func make(
    _ kind: ModelEdit.Kind, rationale: String = "", evidence: [String] = []
  ) throws(Refusal) -> Edit {
    let taken = taken
    do throws(Refusal) {
      let edit = Edit(try change(kind), rationale: rationale, evidence: evidence)
      let result: Rubric
      do throws(EditError) {
        result = try rubric.applying([edit], by: .meta)
      } catch {
        throw Refusal(Excerpt.line("\(error)", limit: 400))
      }
      guard result.judgedCriteria.contains(where: { $0.status == .active }) else {
        throw Refusal("nothing that counts would be left")
      }
      rubric = result
      places = CriterionPlaces(result)
      return edit
    } catch {
      self.taken = taken
      throw error
    }
  }

  private mutating func change(_ kind: ModelEdit.Kind) throws(Refusal) -> Edit.Change {
    switch kind {
    case .tighten(let id, let reasons, let levels):
      return try tighten(try item(id), reasons, levels)
    case .relax(let id, let numbers): return try relax(try item(id), numbers)
    case .reword(let id, let text):
      let item = try item(id)
      guard TextLikeness(item.text).normalised != TextLikeness(text).normalised else {
        throw Refusal("the text of `\(id)` is that already")
      }
      return .reword(id, Delta(before: Wording(text: item.text), after: Wording(text: text)))
    case .reweight(let id, let weight):
      let item = try item(id)
      guard item.weight != weight else {
        throw Refusal("the weight of `\(id)` is \(CanonicalNumber.text(weight)) already")
      }
      return .reweight(id, Delta(before: item.weight, after: weight))
    case .addLevel(let id, let level): return .addLevel(id, place(level, in: try item(id).scale))
    case .editLevel(let id, let new):
      let level = try level(new.value, of: try item(id))
      guard TextLikeness(level.text).normalised != TextLikeness(new.text).normalised else {
        throw Refusal("level \(CanonicalNumber.text(new.value)) of `\(id)` says that already")
      }
      var after = level
      after.text = new.text
      return .editLevel(id, Delta(before: level, after: after))
    case .addExample(let id, let new):
      let level = try level(new.value, of: try item(id))
      return .addExample(
        id, PlacedExample(level: new.value, text: new.text, follows: level.examples.last))
    case .add(let new): return try add(new)
    case .remove(let id):
      let item = try item(id)
      let place = try place(id)
      guard !item.isGroup else { throw Refusal("`\(id)` is a group") }
      guard places.siblings(of: place.parent) > 1 else {
        throw Refusal("`\(id)` is the only criterion of its group")
      }
      return .remove(PlacedCriterion(item, at: place))
    case .activate(let id):
      return .activate(id, Delta(before: try item(id).status, after: .active))
    case .deactivate(let id, let status):
      let item = try item(id)
      guard item.status != status else {
        throw Refusal("`\(id)` is \(status.rawValue) already")
      }
      return .deactivate(id, Delta(before: item.status, after: status))
    case .setGate(let id, let gate):
      let item = try item(id)
      guard item.gate != gate else { throw Refusal("`\(id)` has that gate already") }
      return .setGate(id, before: item.gate, after: gate)
    case .clearGate(let id):
      guard let gate = try item(id).gate else { throw Refusal("`\(id)` has no gate") }
      return .clearGate(id, before: gate)
    case .merge(let ids, let naming): return try merge(ids, naming)
    case .split(let id, let parts): return try split(try item(id), parts)
    case .noChange: return .noChange
    }
  }

  // MARK: What is there

  private func item(_ id: CriterionID) throws(Refusal) -> Criterion {
    guard let found = places.byID[id] else { throw Refusal("the rubric has no criterion `\(id)`") }
    return found.criterion
  }

  private func place(_ id: CriterionID) throws(Refusal) -> Place {
    guard let found = places.byID[id] else { throw Refusal("the rubric has no criterion `\(id)`") }
    return found.place
  }

  private func level(_ value: Double, of item: Criterion) throws(Refusal) -> Level {
    guard let level = item.scale.levels.first(where: { $0.value == value }) else {
      throw Refusal("`\(item.id)` has no level \(CanonicalNumber.text(value))")
    }
    return level
  }

  /// An id that nothing has or had, made from a title.
  private mutating func newID(from title: String) throws(Refusal) -> CriterionID {
    let base = CriterionID.made(from: title)?.rawValue ?? "criterion"
    var number = 1
    while number < 10_000 {
      let id = CriterionID(rawValue: number == 1 ? base : "\(base)-\(number)")
      if let id, !taken.contains(id) {
        taken.insert(id)
        return id
      }
      number += 1
    }
    throw Refusal("there are too many criteria whose ids begin with `\(base)`")
  }

  // MARK: Kinds

  private func tighten(
    _ item: Criterion, _ reasons: [String], _ levels: [ModelEdit.LevelText]
  ) throws(Refusal) -> Edit.Change {
    var before = Strictness()
    var after = Strictness()
    var known = item.lowerWhen.map(TextLikeness.init)
    var added: [String] = []
    for reason in reasons {
      let likeness = TextLikeness(reason)
      if known.contains(where: { $0.degree(to: likeness) == .same }) { continue }
      known.append(likeness)
      added.append(reason)
    }
    if !added.isEmpty {
      before.lowerWhen = item.lowerWhen
      after.lowerWhen = item.lowerWhen + added
    }
    for new in levels where !after.levels.contains(where: { $0.value == new.value }) {
      let old = try level(new.value, of: item)
      guard TextLikeness(old.text).normalised != TextLikeness(new.text).normalised else { continue }
      before.levels.append(Strictness.LevelText(value: new.value, text: old.text))
      after.levels.append(Strictness.LevelText(value: new.value, text: new.text))
    }
    guard !after.lowerWhen.isEmpty || !after.levels.isEmpty else {
      throw Refusal("`\(item.id)` says all of that already")
    }
    return .tighten(item.id, Delta(before: before, after: after))
  }

  private func relax(_ item: Criterion, _ numbers: [Int]) throws(Refusal) -> Edit.Change {
    for number in numbers where !item.lowerWhen.indices.contains(number - 1) {
      throw Refusal(
        "`\(item.id)` has \(item.lowerWhen.count) reasons to score lower, and none numbered "
          + "\(number)")
    }
    let gone = Set(numbers)
    let rest = item.lowerWhen.enumerated().filter { !gone.contains($0.offset + 1) }.map(\.element)
    return .relax(
      item.id,
      Delta(before: Strictness(lowerWhen: item.lowerWhen), after: Strictness(lowerWhen: rest)))
  }

  private func place(_ new: ModelEdit.LevelText, in scale: Scale) -> PlacedLevel {
    let values = scale.levels.map(\.value)
    let descends = (values.first ?? 0) > (values.last ?? 0)
    let before = values.last { descends ? $0 > new.value : $0 < new.value }
    return PlacedLevel(Level(value: new.value, text: new.text), follows: before)
  }

  private mutating func add(_ new: ModelEdit.NewCriterion) throws(Refusal) -> Edit.Change {
    if let parent = new.parent {
      guard try item(parent).isGroup else { throw Refusal("`\(parent)` is no group") }
    }
    var criterion = Criterion(
      id: try newID(from: new.naming.title), title: new.naming.title, text: new.naming.text,
      weight: new.weight)
    criterion.polarity = new.polarity
    criterion.origin = .meta
    switch new.levels.count {
    case 0: break
    case 1: throw Refusal("a scale has two levels or more, or none for yes and no")
    default:
      criterion.scale = .levels(
        new.levels.sorted { $0.value < $1.value }.map { Level(value: $0.value, text: $0.text) })
    }
    return .add(
      PlacedCriterion(
        criterion, at: Place(parent: new.parent, follows: places.last(of: new.parent))))
  }

  private mutating func merge(
    _ ids: [CriterionID], _ naming: ModelEdit.Naming
  ) throws(Refusal) -> Edit.Change {
    let ids = places.order.filter { Set(ids).contains($0) }
    guard ids.count >= 2, let first = ids.first else {
      throw Refusal("a merge names two criteria or more")
    }
    var before: [PlacedCriterion] = []
    for id in ids { before.append(PlacedCriterion(try item(id), at: try place(id))) }
    var merged = try item(first)
    for other in before.dropFirst() {
      try Self.checkAlike(merged, other.criterion)
      guard other.place.parent == before[0].place.parent else {
        throw Refusal("`\(first)` and `\(other.criterion.id)` lie in different groups")
      }
      merged.weight += other.criterion.weight
      for reason in other.criterion.lowerWhen {
        let likeness = TextLikeness(reason)
        if !merged.lowerWhen.contains(where: { TextLikeness($0).degree(to: likeness) == .same }) {
          merged.lowerWhen.append(reason)
        }
      }
      merged.tags += other.criterion.tags.filter { !merged.tags.contains($0) }
    }
    merged.id = try newID(from: naming.title)
    merged.title = naming.title
    merged.text = naming.text
    merged.origin = .meta
    var place = before[0].place
    while let follows = place.follows, ids.contains(follows) {
      place.follows = places.byID[follows]?.place.follows
    }
    return .mergeCriteria(before: before, after: [PlacedCriterion(merged, at: place)])
  }

  /// Throws where one criterion cannot stand for both.
  private static func checkAlike(_ one: Criterion, _ other: Criterion) throws(Refusal) {
    let differing: String? =
      if one.scale.bounds?.min != other.scale.bounds?.min
        || one.scale.bounds?.max != other.scale.bounds?.max
      {
        "scales"
      } else if one.polarity != other.polarity || one.credit != other.credit {
        "polarities"
      } else if one.status != other.status {
        "statuses"
      } else if !one.appliesWhen.isVerbatim(other.appliesWhen) {
        "conditions"
      } else {
        nil
      }
    if let differing {
      throw Refusal("`\(one.id)` and `\(other.id)` have different \(differing)")
    }
    for item in [one, other] where item.gate != nil {
      throw Refusal("`\(item.id)` has a gate, which a merge would lose")
    }
  }

  private mutating func split(
    _ item: Criterion, _ parts: [ModelEdit.Naming]
  ) throws(Refusal) -> Edit.Change {
    guard parts.count >= 2 else { throw Refusal("a split has two parts or more") }
    let likenesses = parts.map { TextLikeness($0.title + " " + $0.text) }
    for (index, likeness) in likenesses.enumerated() {
      if likenesses[..<index].contains(where: { $0.degree(to: likeness) == .same }) {
        throw Refusal("two parts of `\(item.id)` ask for the same")
      }
    }
    var place = try place(item.id)
    let before = PlacedCriterion(item, at: place)
    var after: [PlacedCriterion] = []
    for part in parts {
      var criterion = item
      criterion.id = try newID(from: part.title)
      criterion.title = part.title
      criterion.text = part.text
      criterion.weight = item.weight / Double(parts.count)
      criterion.lowerWhen = []
      criterion.origin = .meta
      after.append(PlacedCriterion(criterion, at: place))
      place.follows = criterion.id
    }
    // Each reason goes with the part that has most words of it: none may be lost on the way.
    for reason in item.lowerWhen {
      let likeness = TextLikeness(reason)
      let shares = likenesses.map { $0.common(with: likeness) }
      let best = shares.indices.max { (shares[$0], $1) < (shares[$1], $0) } ?? 0
      after[best].criterion.lowerWhen.append(reason)
    }
    return .split(before: [before], after: after)
  }
}

/// The criteria of a rubric by id, with where they stand.
struct CriterionPlaces {
  private(set) var byID: [CriterionID: (criterion: Criterion, place: Place)] = [:]
  /// All ids, in the order of the document.
  private(set) var order: [CriterionID] = []
  private var children: [CriterionID?: [CriterionID]] = [:]

  init(_ rubric: Rubric) { collect(rubric.criteria, in: nil) }

  private mutating func collect(_ criteria: [Criterion], in parent: CriterionID?) {
    var place = Place(parent: parent)
    for criterion in criteria {
      byID[criterion.id] = (criterion, place)
      order.append(criterion.id)
      collect(criterion.criteria, in: criterion.id)
      place.follows = criterion.id
    }
    children[parent] = criteria.map(\.id)
  }

  /// How many criteria a group, or the top level, holds.
  func siblings(of parent: CriterionID?) -> Int { children[parent]?.count ?? 0 }

  /// The last criterion of a group, or of the top level.
  func last(of parent: CriterionID?) -> CriterionID? { children[parent]?.last }
}
