internal import RubricStore

/// Unites the edits of several refinements into one proposal.
///
/// The same change is united, what clashes on one field is settled by support, what says the same in
/// other words stands once. All of it is worked out from the edits and their order alone, but for
/// wordings that are near one another: a model may be asked about them.
struct EditMerging {
  private let places: CriterionPlaces
  /// The changes that stand so far, in the order in which they were proposed first.
  var atoms: [EditAtom] = []
  /// What does not stand, a sentence each.
  private(set) var refused: [String] = []

  /// What the rubric's own criteria say.
  private let criteria: [(text: TextLikeness, place: String)]

  init(_ rubric: Rubric) {
    let places = CriterionPlaces(rubric)
    self.places = places
    criteria = places.order.compactMap { places.byID[$0]?.criterion }.map {
      (TextLikeness($0.title + ". " + $0.text), "`\($0.id)`: \($0.title). \($0.text)")
    }
  }

  /// Takes in an edit; edits come in the order of the refinements.
  mutating func add(_ edit: ModelEdit, refinement: Int, number: Int) {
    atoms += EditAtom.atoms(of: edit, refinement: refinement, number: number)
  }

  /// Unites and settles all that needs no question.
  mutating func settle() {
    uniteLists()
    settleFields()
    settleWeights()
    settleReplacements()
  }

  mutating func refuse(_ atom: EditAtom, _ why: String) {
    let text = atom.text.isEmpty ? "" : " “\(Excerpt.line(atom.text, limit: 120))”"
    refused.append("\(atom.slot.text)\(text), backed by \(atom.backing.text): \(why)")
  }

  // MARK: Lists

  /// What the rubric says already where an atom of a list would go, with where it stands.
  func known(_ atom: EditAtom) -> [(text: TextLikeness, place: String)] {
    switch atom.slot {
    case .reason(let id):
      let item = places.byID[id]?.criterion
      return (item?.lowerWhen ?? []).map { (TextLikeness($0), "`\(id)`: \($0)") }
    case .example(let id, let level):
      let levels = places.byID[id]?.criterion.scale.levels ?? []
      return (levels.first { $0.value == level }?.examples ?? [])
        .map { (TextLikeness($0), "`\(id)`: \($0)") }
    case .addition: return criteria
    default: return []
    }
  }

  /// Stands the strongest of those that say the same, and refuses what the rubric says already.
  private mutating func uniteLists() {
    var kept: [(atom: EditAtom, text: TextLikeness, order: Int)] = []
    let order = atoms.indices.filter { atoms[$0].slot.isList }.sorted {
      atoms[$0].backing.isStronger(than: atoms[$1].backing)
    }
    for index in order {
      let atom = atoms[index]
      let text = TextLikeness(atom.text)
      if let same = known(atom).first(where: { $0.text.degree(to: text) == .same }) {
        refuse(atom, "the rubric says it already, in \(Excerpt.line(same.place, limit: 120))")
      } else if let title = sameTitle(atom) {
        refuse(atom, "`\(title)` has that title already")
      } else if let same = kept.firstIndex(where: { other in
        other.atom.slot == atom.slot
          && (other.text.degree(to: text) == .same || Self.areOfOneTitle(other.atom, atom))
      }) {
        kept[same].atom.backing.unite(atom.backing)
      } else {
        kept.append((atom, text, index))
      }
    }
    let lists = kept.sorted { $0.order < $1.order }.map(\.atom)
    atoms = atoms.filter { !$0.slot.isList } + lists
  }

  /// The criterion that has the title of a new one.
  private func sameTitle(_ atom: EditAtom) -> CriterionID? {
    guard case .new(let new) = atom.value else { return nil }
    let title = TextLikeness(new.naming.title).normalised
    return places.order.first { id in
      let own = places.byID[id]?.criterion.title ?? ""
      return !own.isEmpty && TextLikeness(own).normalised == title
    }
  }

  private static func areOfOneTitle(_ one: EditAtom, _ other: EditAtom) -> Bool {
    guard case .new(let one) = one.value, case .new(let other) = other.value else { return false }
    return TextLikeness(one.naming.title).normalised == TextLikeness(other.naming.title).normalised
  }

  // MARK: Fields

  /// Lets one value of each field stand.
  private mutating func settleFields() {
    var standing: [EditAtom] = []
    var slots: [EditAtom.Slot: [EditAtom]] = [:]
    var order: [EditAtom.Slot] = []
    for atom in atoms {
      if atom.slot.isList {
        standing.append(atom)
      } else if slots[atom.slot] == nil {
        slots[atom.slot] = [atom]
        order.append(atom.slot)
      } else {
        slots[atom.slot]?.append(atom)
      }
    }
    for slot in order {
      let proposed = slots[slot] ?? []
      if case .weight = slot {
        standing += proposed
        continue
      }
      // First those that say the same are united, then the strongest stands.
      var united: [(atom: EditAtom, text: TextLikeness)] = []
      for atom in proposed {
        let text = TextLikeness(atom.text)
        if let same = united.firstIndex(where: { Self.areSame($0.atom, $0.text, atom, text) }) {
          united[same].atom.backing.unite(atom.backing)
        } else {
          united.append((atom, text))
        }
      }
      let ranked = united.map(\.atom).sorted { $0.backing.isStronger(than: $1.backing) }
      guard let strongest = ranked.first else { continue }
      standing.append(strongest)
      for atom in ranked.dropFirst() {
        refuse(
          atom,
          "“\(Excerpt.line(strongest.text, limit: 120))” is backed by "
            + strongest.backing.text)
      }
    }
    atoms = standing
  }

  private static func areSame(
    _ one: EditAtom, _ oneText: TextLikeness, _ other: EditAtom, _ otherText: TextLikeness
  ) -> Bool {
    switch (one.value, other.value) {
    case (.text, .text), (.stricterText, .stricterText), (.text, .stricterText),
      (.stricterText, .text):
      oneText.degree(to: otherText) == .same
    // Which criteria are merged or split is the change; how the result is called comes with it.
    case (.naming, .naming), (.gone, .gone): true
    case (.parts(let one), .parts(let other)):
      one.count == other.count && oneText.degree(to: otherText) == .same
    case (.gate(let one), .gate(let other)): one == other
    case (.status(let one), .status(let other)): one == other
    default: false
    }
  }

  /// Takes the median of the weights that are proposed for a criterion, each counted by its support.
  private mutating func settleWeights() {
    var proposed: [CriterionID: [EditAtom]] = [:]
    var order: [CriterionID] = []
    atoms.removeAll { atom in
      guard case .weight(let id) = atom.slot else { return false }
      if proposed[id] == nil { order.append(id) }
      proposed[id, default: []].append(atom)
      return true
    }
    for id in order {
      let all = proposed[id] ?? []
      guard let old = places.byID[id]?.criterion.weight, let first = all.first else { continue }
      let weights = all.compactMap { atom -> (value: Double, support: Int)? in
        guard case .number(let value) = atom.value else { return nil }
        return (value, atom.backing.support)
      }
      let median = Self.median(weights, near: old)
      // Those that pull the same way back it.
      let agreeing = all.filter { Self.sign(of: $0, from: old) == Self.sign(median - old) }
      for atom in all where Self.sign(of: atom, from: old) != Self.sign(median - old) {
        refuse(atom, "others pull the other way, and the median is \(CanonicalNumber.text(median))")
      }
      guard median != old, var atom = agreeing.first else {
        if all.count > 1, median == old, agreeing.count == all.count {
          refuse(first, "the weight is that already")
        }
        continue
      }
      for other in agreeing.dropFirst() { atom.backing.unite(other.backing) }
      atom.value = .number(median)
      atoms.append(atom)
    }
  }

  /// The least value that at least half of the support is at or below; between two that are equally
  /// in the middle the one nearer to `old`, and of those equally near the less.
  static func median(_ weights: [(value: Double, support: Int)], near old: Double) -> Double {
    let counts = weights.allSatisfy { $0.support == 0 } ? weights.map { ($0.value, 1) } : weights
    let sorted = counts.filter { $0.1 > 0 }.sorted { $0.0 < $1.0 }
    let total = sorted.reduce(0) { $0 + $1.1 }
    var below = 0
    for (index, (value, support)) in sorted.enumerated() {
      below += support
      if 2 * below > total { return value }
      if 2 * below == total, index + 1 < sorted.count {
        let next = sorted[index + 1].0
        return (next - old).magnitude < (value - old).magnitude ? next : value
      }
    }
    return sorted.last?.0 ?? old
  }

  private static func sign(_ difference: Double) -> Int {
    difference > 0 ? 1 : difference < 0 ? -1 : 0
  }

  private static func sign(of atom: EditAtom, from old: Double) -> Int {
    if case .number(let value) = atom.value { sign(value - old) } else { 0 }
  }

  // MARK: Replacements

  /// Settles what takes criteria away against what changes them, and against one another.
  private mutating func settleReplacements() {
    let order = atoms.indices.filter { !atoms[$0].replaced.isEmpty }.sorted {
      atoms[$0].backing.isStronger(than: atoms[$1].backing)
    }
    var gone: [CriterionID: Int] = [:]
    var fallen: Set<Int> = []
    for index in order {
      let atom = atoms[index]
      if let other = atom.replaced.lazy.compactMap({ gone[$0] }).first {
        refuse(
          atom, "\(atoms[other].slot.text) is backed by \(atoms[other].backing.text)")
        fallen.insert(index)
        continue
      }
      let changes = atoms.indices.filter { number in
        !fallen.contains(number) && atoms[number].changed.map(atom.replaced.contains) == true
      }
      if var others = changes.first.map({ atoms[$0].backing }) {
        for change in changes.dropFirst() { others.unite(atoms[change].backing) }
        guard atom.backing.isStronger(than: others) else {
          refuse(atom, "changes of it are backed by \(others.text)")
          fallen.insert(index)
          continue
        }
      }
      for change in changes {
        refuse(atoms[change], "\(atom.slot.text) is backed by \(atom.backing.text)")
        fallen.insert(change)
      }
      for id in atom.replaced { gone[id] = index }
    }
    atoms = atoms.indices.filter { !fallen.contains($0) }.map { atoms[$0] }
  }
}
