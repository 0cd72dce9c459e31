internal import RubricStore

/// What stands behind a change that one or several refinements propose.
struct Backing: Sendable {
  /// The rollouts that they name, each once, in the order of the refinements.
  private(set) var rollouts: [String]
  /// The refinements, counted from 0, in order.
  private(set) var refinements: [Int]
  /// Why, each reason once, in the order of the refinements.
  private(set) var rationales: [String]
  /// Where it was proposed first: refinement, and number there.
  private(set) var first: (refinement: Int, number: Int)

  init(_ edit: ModelEdit, refinement: Int, number: Int) {
    rollouts = edit.evidence
    refinements = [refinement]
    rationales = edit.rationale.isEmpty ? [] : [edit.rationale]
    first = (refinement, number)
  }

  /// How many distinct rollouts back it.
  var support: Int { rollouts.count }

  /// Takes in what stands behind the same change elsewhere.
  mutating func unite(_ other: Backing) {
    for rollout in other.rollouts where !rollouts.contains(rollout) { rollouts.append(rollout) }
    refinements = Set(refinements + other.refinements).sorted()
    for rationale in other.rationales {
      let likeness = TextLikeness(rationale)
      if !rationales.contains(where: { TextLikeness($0).degree(to: likeness) == .same }) {
        rationales.append(rationale)
      }
    }
    if other.first < first { first = other.first }
  }

  /// Whether this is the stronger of two that clash: by support, by how many refinements agree, and
  /// between equals the earlier.
  func isStronger(than other: Backing) -> Bool {
    if support != other.support { return support > other.support }
    if refinements.count != other.refinements.count {
      return refinements.count > other.refinements.count
    }
    return first < other.first
  }

  /// The strength in words: "2 rollouts in 1 refinement".
  var text: String {
    let rollouts = support == 1 ? "1 rollout" : "\(support) rollouts"
    return rollouts + " in "
      + (refinements.count == 1 ? "1 refinement" : "\(refinements.count) refinements")
  }
}

/// The smallest change that can be united or clash with another: one field, or one item of a list.
struct EditAtom: Sendable {
  /// What it changes.
  enum Slot: Hashable {
    // Lists: several atoms of one slot may stand beside one another.
    case reason(CriterionID)
    case example(CriterionID, level: Double)
    case addition
    // Fields: one value of a slot stands.
    case droppedReason(CriterionID, Int)
    case levelText(CriterionID, Double)
    case newLevel(CriterionID, Double)
    case text(CriterionID)
    case weight(CriterionID)
    case gate(CriterionID)
    case status(CriterionID)
    // What takes a criterion out of the reward or replaces it.
    case removal(CriterionID)
    case merge([CriterionID])
    case split(CriterionID)

    /// Whether several atoms may stand beside one another.
    var isList: Bool {
      switch self {
      case .reason, .example, .addition: true
      default: false
      }
    }

    /// The slot in words, for what is refused.
    var text: String {
      switch self {
      case .reason(let id): "a reason to score `\(id)` lower"
      case .example(let id, let level):
        "an example of level \(CanonicalNumber.text(level)) of `\(id)`"
      case .addition: "a new criterion"
      case .droppedReason(let id, let number): "reason \(number) to score `\(id)` lower"
      case .levelText(let id, let value):
        "the text of level \(CanonicalNumber.text(value)) of `\(id)`"
      case .newLevel(let id, let value): "a level \(CanonicalNumber.text(value)) of `\(id)`"
      case .text(let id): "the text of `\(id)`"
      case .weight(let id): "the weight of `\(id)`"
      case .gate(let id): "the gate of `\(id)`"
      case .status(let id): "the status of `\(id)`"
      case .removal(let id): "the removal of `\(id)`"
      case .merge(let ids):
        "the merge of \(Suggestion.list(ids.map(\.rawValue), conjunction: "and"))"
      case .split(let id): "the split of `\(id)`"
      }
    }
  }

  /// What it becomes.
  enum Value {
    case text(String)
    /// A level's text that claims to be stricter.
    case stricterText(String)
    case number(Double)
    case gate(Gate?)
    case status(Criterion.Status)
    case new(ModelEdit.NewCriterion)
    case naming(ModelEdit.Naming)
    case parts([ModelEdit.Naming])
    case gone
  }

  let slot: Slot
  var value: Value
  var backing: Backing

  /// The texts that say what it is about; empty where it is no text.
  var text: String {
    switch value {
    case .text(let text), .stricterText(let text): text
    case .new(let new): new.naming.title + ". " + new.naming.text
    case .naming(let naming): naming.title + ". " + naming.text
    case .parts(let parts): parts.map { $0.title + ". " + $0.text }.joined(separator: "\n")
    case .number(let number): CanonicalNumber.text(number)
    case .gate(let gate): gate?.summary ?? "none"
    case .status(let status): status.rawValue
    case .gone: ""
    }
  }

  /// The criteria that it takes out of the reward or replaces; empty for any other.
  var replaced: [CriterionID] {
    switch (slot, value) {
    case (.removal(let id), _), (.split(let id), _): [id]
    case (.merge(let ids), _): ids
    case (.status(let id), .status(.inactive)): [id]
    default: []
    }
  }

  /// The criterion that it changes and leaves in place.
  var changed: CriterionID? {
    switch slot {
    case .reason(let id), .example(let id, _), .droppedReason(let id, _), .levelText(let id, _),
      .newLevel(let id, _), .text(let id), .weight(let id), .gate(let id):
      id
    case .status(let id): replaced.isEmpty ? id : nil
    case .addition, .removal, .merge, .split: nil
    }
  }
}

extension EditAtom {
  /// The atoms of an edit.
  static func atoms(of edit: ModelEdit, refinement: Int, number: Int) -> [EditAtom] {
    let backing = Backing(edit, refinement: refinement, number: number)
    func one(_ slot: Slot, _ value: Value) -> [EditAtom] {
      [EditAtom(slot: slot, value: value, backing: backing)]
    }
    switch edit.kind {
    case .tighten(let id, let reasons, let levels):
      return reasons.flatMap { one(.reason(id), .text($0)) }
        + levels.flatMap { one(.levelText(id, $0.value), .stricterText($0.text)) }
    case .relax(let id, let numbers):
      return Set(numbers).sorted().flatMap { one(.droppedReason(id, $0), .gone) }
    case .reword(let id, let text): return one(.text(id), .text(text))
    case .reweight(let id, let weight): return one(.weight(id), .number(weight))
    case .addLevel(let id, let level): return one(.newLevel(id, level.value), .text(level.text))
    case .editLevel(let id, let level): return one(.levelText(id, level.value), .text(level.text))
    case .addExample(let id, let level):
      return one(.example(id, level: level.value), .text(level.text))
    case .add(let new): return one(.addition, .new(new))
    case .remove(let id): return one(.removal(id), .gone)
    case .activate(let id): return one(.status(id), .status(.active))
    case .deactivate(let id, let status): return one(.status(id), .status(status))
    case .setGate(let id, let gate): return one(.gate(id), .gate(gate))
    case .clearGate(let id): return one(.gate(id), .gate(nil))
    case .merge(let ids, let naming): return one(.merge(Set(ids).sorted()), .naming(naming))
    case .split(let id, let parts): return one(.split(id), .parts(parts))
    case .noChange: return []
    }
  }
}
