internal import RubricStore

/// An edit of the proposal, with what stands behind it.
struct AssembledEdit: Sendable {
  var edit: Edit
  var backing: Backing
}

/// Makes the edits of a proposal of the changes that stand.
struct EditAssembly {
  private(set) var edits: [AssembledEdit] = []
  /// What could not be made, a sentence each.
  private(set) var refused: [String] = []

  /// Makes the edits.
  ///
  /// - Parameters:
  ///   - atoms: The changes, none of which clash.
  ///   - rubric: The rubric that they are made on.
  ///   - limit: The most edits; the best backed stand.
  ///   - refinements: How many refinements there were.
  ///   - names: The rollouts' names by what stood for them; one without a name counts, and is not
  ///     named.
  init(
    _ atoms: [EditAtom], on rubric: Rubric, limit: Int?, refinements: Int, names: [String: String]
  ) {
    var drafts = Self.drafts(atoms, in: rubric)
    if let limit, drafts.count > limit {
      let ranked = drafts.indices.sorted {
        drafts[$0].backing.isStronger(than: drafts[$1].backing)
      }
      for index in ranked.dropFirst(max(0, limit)).sorted() {
        let draft = drafts[index]
        refused.append(
          "\(draft.word), backed by \(draft.backing.text): one update has \(limit) edits at most, "
            + "and others are better backed")
      }
      drafts = ranked.prefix(max(0, limit)).sorted().map { drafts[$0] }
    }
    var translation = EditTranslation(rubric)
    for draft in drafts {
      let rationale = Self.rationale(draft.backing, of: refinements)
      let evidence = draft.backing.rollouts.compactMap { names[$0] }
      do throws(Refusal) {
        let edit = try translation.make(draft.kind, rationale: rationale, evidence: evidence)
        edits.append(AssembledEdit(edit: edit, backing: draft.backing))
      } catch {
        refused.append("\(draft.word), backed by \(draft.backing.text): \(error.reason)")
      }
    }
  }

  private struct Draft {
    var kind: ModelEdit.Kind
    var backing: Backing
    /// What it is, in words.
    var word: String
  }

  /// Why an edit is made: the reasons that were given, and how many refinements gave them.
  static func rationale(_ backing: Backing, of refinements: Int) -> String {
    var text = backing.rationales.prefix(3).map { rationale in
      let last = rationale.unicodeScalars.last
      return last == "." || last == "!" || last == "?" ? rationale : rationale + "."
    }.joined(separator: " ")
    if text.isEmpty { text = "The model gave no reason." }
    guard refinements > 1 else { return text }
    return text + " (\(backing.refinements.count) of \(refinements) refinements)"
  }

  /// The edits that the changes add up to: by criterion in the order of the document, then what
  /// replaces criteria, then new ones.
  private static func drafts(_ atoms: [EditAtom], in rubric: Rubric) -> [Draft] {
    var drafts: [Draft] = []
    for id in CriterionPlaces(rubric).order {
      drafts += changes(of: id, atoms.filter { $0.changed == id })
    }
    for atom in atoms where atom.changed == nil {
      let kind: ModelEdit.Kind?
      switch (atom.slot, atom.value) {
      case (.removal(let id), _): kind = .remove(id)
      case (.status(let id), .status(let status)): kind = .deactivate(id, status)
      case (.merge(let ids), .naming(let naming)): kind = .merge(ids, naming)
      case (.split(let id), .parts(let parts)): kind = .split(id, parts)
      default: kind = nil
      }
      if let kind { drafts.append(Draft(kind: kind, backing: atom.backing, word: atom.slot.text)) }
    }
    for atom in atoms {
      guard case .new(let new) = atom.value else { continue }
      let title = Excerpt.line(new.naming.title, limit: 80)
      drafts.append(Draft(kind: .add(new), backing: atom.backing, word: "the new “\(title)”"))
    }
    return drafts
  }

  /// The edits of one criterion that stays.
  private static func changes(of id: CriterionID, _ atoms: [EditAtom]) -> [Draft] {
    guard !atoms.isEmpty else { return [] }
    var drafts: [Draft] = []
    /// Adds one edit for all atoms from which `part` takes something.
    func gather<Part>(
      _ part: (EditAtom) -> Part?, _ make: ([Part]) -> (kind: ModelEdit.Kind, word: String)
    ) {
      var parts: [Part] = []
      var backing: Backing?
      for atom in atoms {
        guard let found = part(atom) else { continue }
        parts.append(found)
        if backing == nil { backing = atom.backing } else { backing?.unite(atom.backing) }
      }
      guard let backing else { return }
      let (kind, word) = make(parts)
      drafts.append(Draft(kind: kind, backing: backing, word: word))
    }
    func each(_ kind: (EditAtom) -> ModelEdit.Kind?) {
      for atom in atoms {
        guard let kind = kind(atom) else { continue }
        drafts.append(Draft(kind: kind, backing: atom.backing, word: atom.slot.text))
      }
    }

    each { atom in
      if case (.text, .text(let text)) = (atom.slot, atom.value) { .reword(id, text) } else { nil }
    }
    // Numbers of reasons are those of the rubric as it was shown, so before any are added.
    gather {
      if case .droppedReason(_, let number) = $0.slot { number } else { nil }
    } _: {
      (.relax(id, reasons: $0), "the relaxation of `\(id)`")
    }
    each { atom in
      guard case (.newLevel(_, let value), .text(let text)) = (atom.slot, atom.value) else {
        return nil
      }
      return .addLevel(id, ModelEdit.LevelText(value: value, text: text))
    }
    gather { atom -> (reason: String?, level: ModelEdit.LevelText?)? in
      switch (atom.slot, atom.value) {
      case (.reason, .text(let text)): (text, nil)
      case (.levelText(_, let value), .stricterText(let text)):
        (nil, ModelEdit.LevelText(value: value, text: text))
      default: nil
      }
    } _: { parts in
      (
        .tighten(id, reasons: parts.compactMap(\.reason), levels: parts.compactMap(\.level)),
        "the tightening of `\(id)`"
      )
    }
    each { atom in
      switch (atom.slot, atom.value) {
      case (.levelText(_, let value), .text(let text)):
        .editLevel(id, ModelEdit.LevelText(value: value, text: text))
      case (.example(_, let value), .text(let text)):
        .addExample(id, ModelEdit.LevelText(value: value, text: text))
      default: nil
      }
    }
    each { atom in
      switch (atom.slot, atom.value) {
      case (.gate, .gate(let gate?)): .setGate(id, gate)
      case (.gate, .gate(nil)): .clearGate(id)
      case (.weight, .number(let weight)): .reweight(id, weight)
      case (.status, .status(.active)): .activate(id)
      case (.status, .status(let status)): .deactivate(id, status)
      default: nil
      }
    }
    return drafts
  }
}
