import RubricStore

/// Makes valid rubrics with everything in them that code could get wrong, from a seed.
///
/// ``rubric()`` makes one, ``mutant(of:)`` another version of one, ``change(_:of:)`` one valid edit.
/// The ids that it makes are new to all rubrics that it made before.
struct RubricGenerator {
  var random: RandomSource
  private var idCount = 0
  private var awkwardIDs = Self.allAwkwardIDs

  init(seed: UInt64) { random = RandomSource(seed: seed) }

  /// Ids that look like something else: numbers, words of YAML, fields of the document.
  private static let allAwkwardIDs: [CriterionID] = [
    "no", "null", "true", "1", "1.5", "1e3", "012", "0x1f", "2001-01-01", "criteria", "scale",
    "weight", "id", "ext", "a.b", "a.b.c", "a--b", "x_y-z.0", "y", "a",
  ]

  /// A valid rubric: mostly small, sometimes with a hundred criteria, sometimes 64 deep.
  mutating func rubric() -> Rubric {
    var rubric = Rubric(id: random.chance(90) ? "essay" : "no")
    fillRubricFields(&rubric)
    switch random.below(100) {
    case 0: rubric.criteria = [chain(of: 2 + random.below(Limits.criterionDepth - 1))]
    case 1: rubric.criteria = [chain(of: Limits.criterionDepth)] + siblings(depth: 1, count: 3)
    case 2: rubric.criteria = siblings(depth: 3, count: 20)
    case 3...9: rubric.criteria = siblings(depth: 5, count: 3)
    default: rubric.criteria = siblings(depth: 2, count: 4)
    }
    rubric.mend()
    return rubric
  }

  /// A rubric without groups, its `count` criteria alike but for id, text and weight.
  func plain(_ count: Int) -> Rubric {
    Rubric(
      id: "plain", title: "Plain",
      criteria: (1...count).map {
        Criterion(
          id: CriterionID(unchecked: "c\($0)"), text: "Judge part \($0).", weight: Double($0))
      })
  }

  /// Gives every field of the rubric but its id and criteria a value, often the default.
  mutating func fillRubricFields(_ rubric: inout Rubric) {
    for field in RubricField.allCases where random.chance(35) { change(field, of: &rubric) }
  }

  /// An id that no rubric of this generator has.
  mutating func id() -> CriterionID {
    if !awkwardIDs.isEmpty, random.chance(15) {
      return awkwardIDs.remove(at: random.below(awkwardIDs.count))
    }
    idCount += 1
    let stem = random.pick(["c", "c", "c", "flow-", "group.", "a_"])
    if random.chance(2) {
      let number = "\(idCount)"
      return CriterionID(
        unchecked: String(repeating: "l", count: Limits.idBytes - number.count) + number)
    }
    return CriterionID(unchecked: "\(stem)\(idCount)")
  }

  /// Up to `count` siblings, at least one, groups among them where `depth` allows.
  mutating func siblings(depth: Int, count: Int) -> [Criterion] {
    (0...random.below(count)).map { _ in
      depth > 1 && random.chance(30)
        ? group(of: siblings(depth: depth - 1, count: count)) : leaf()
    }
  }

  /// A criterion that is judged.
  mutating func leaf() -> Criterion {
    var item = Criterion(id: id(), text: words(), weight: weight())
    for field in CriterionField.allCases where random.chance(30) { change(field, of: &item) }
    item.mendFields(clip: nil)
    return item
  }

  /// A group.
  mutating func group(of criteria: [Criterion]) -> Criterion {
    var item = leaf()
    item.criteria = criteria
    item.mendFields(clip: nil)
    if random.chance(40) { item.rollup = random.pick(Criterion.Rollup.allCases) }
    return item
  }

  /// Groups inside one another, with a criterion inside the last.
  private mutating func chain(of depth: Int) -> Criterion {
    var item = leaf()
    for _ in 1..<max(depth, 2) {
      var inner = [item]
      if random.chance(10) { inner.append(leaf()) }
      item = group(of: inner)
    }
    return item
  }
}
