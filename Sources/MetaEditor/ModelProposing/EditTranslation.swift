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
  private(set) var places: CriterionPlaces

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
        var reason = error.message
        if let hint = error.hint { reason += " (\(hint))" }
        for finding in error.findings.prefix(3) { reason += "; \(finding)" }
        throw Refusal(Excerpt.line(reason, limit: 400))
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
      let item = try item(id)
      guard item.status != .active else { throw Refusal("`\(id)` is active already") }
      return .activate(id, Delta(before: item.status, after: .active))
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

  func item(_ id: CriterionID) throws(Refusal) -> Criterion {
    guard let found = places.byID[id] else { throw Refusal("the rubric has no criterion `\(id)`") }
    return found.criterion
  }

  func place(_ id: CriterionID) throws(Refusal) -> Place {
    guard let found = places.byID[id] else { throw Refusal("the rubric has no criterion `\(id)`") }
    return found.place
  }

  func level(_ value: Double, of item: Criterion) throws(Refusal) -> Level {
    guard let level = item.scale.levels.first(where: { $0.value == value }) else {
      throw Refusal("`\(item.id)` has no level \(CanonicalNumber.text(value))")
    }
    return level
  }

  /// An id that nothing has or had, made from a title.
  mutating func newID(from title: String) throws(Refusal) -> CriterionID {
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
