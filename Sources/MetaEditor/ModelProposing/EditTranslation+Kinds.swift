internal import RubricStore

// What each kind of edit comes to.
extension EditTranslation {
  func tighten(
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

  func relax(_ item: Criterion, _ numbers: [Int]) throws(Refusal) -> Edit.Change {
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

  func place(_ new: ModelEdit.LevelText, in scale: Scale) -> PlacedLevel {
    let values = scale.levels.map(\.value)
    let descends = (values.first ?? 0) > (values.last ?? 0)
    let before = values.last { descends ? $0 > new.value : $0 < new.value }
    return PlacedLevel(Level(value: new.value, text: new.text), follows: before)
  }

  mutating func add(_ new: ModelEdit.NewCriterion) throws(Refusal) -> Edit.Change {
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

  mutating func merge(
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

  mutating func split(
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
