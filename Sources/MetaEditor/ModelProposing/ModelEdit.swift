internal import RubricStore

/// An edit as a model writes it down: without what the engine knows better.
struct ModelEdit: Hashable, Sendable {
  /// What it changes.
  enum Kind: Hashable, Sendable {
    case tighten(CriterionID, reasons: [String], levels: [LevelText])
    /// Takes reasons away, by their numbers, counted from 1.
    case relax(CriterionID, reasons: [Int])
    case reword(CriterionID, String)
    case reweight(CriterionID, Double)
    case addLevel(CriterionID, LevelText)
    case editLevel(CriterionID, LevelText)
    case addExample(CriterionID, LevelText)
    case add(NewCriterion)
    case remove(CriterionID)
    case activate(CriterionID)
    case deactivate(CriterionID, Criterion.Status)
    case setGate(CriterionID, Gate)
    case clearGate(CriterionID)
    case merge([CriterionID], Naming)
    case split(CriterionID, [Naming])
    case noChange
  }

  /// The text of a level, or an example of it.
  struct LevelText: Hashable, Sendable {
    var value: Double
    var text: String
  }

  /// What a new criterion is called and says.
  struct Naming: Hashable, Sendable {
    var title: String
    var text: String
  }

  /// A criterion that is to be added.
  struct NewCriterion: Hashable, Sendable {
    var naming: Naming
    var polarity: Criterion.Polarity
    var weight: Double
    var levels: [LevelText]
    var parent: CriterionID?
  }

  var kind: Kind
  /// Why, on one line.
  var rationale: String
  /// The rollouts that it names, each once, all of those that were shown.
  var evidence: [String]
}

/// An answer to a refinement, read.
struct RefinementAnswer: Sendable {
  /// What the model says as a whole, on one line.
  var summary = ""
  /// The edits that keep the form, with their numbers in the answer, counted from 1.
  var edits: [(number: Int, edit: ModelEdit)] = []
  /// Why others do not, a sentence each.
  var refused: [String] = []
  /// Whether it is a list of edits, be they right or wrong.
  var isUsable = false
}

extension RefinementSchema {
  /// What is wrong with an answer, a sentence each; for the one time that the model may mend it.
  func problems(of answer: JSONValue) -> [String] {
    if let fault = Self.shapeFault(of: answer) { return [fault] }
    var problems: [String] = []
    let items = answer["edits"]?.array ?? []
    if items.count > edits {
      problems.append("`edits` has \(items.count) items, expected \(edits) at most")
    }
    for (index, item) in items.prefix(edits).enumerated() {
      problems += self.problems(of: item, at: "edits[\(index + 1)]")
    }
    return problems
  }

  /// Reads an answer; an edit that does not keep the form is refused, and the others stand.
  func read(_ answer: JSONValue) -> RefinementAnswer {
    var read = RefinementAnswer()
    if let fault = Self.shapeFault(of: answer) {
      read.refused.append(fault)
      return read
    }
    read.isUsable = true
    read.summary = Excerpt.line(answer["summary"]?.string ?? "", limit: Bounds.summary)
    let items = answer["edits"]?.array ?? []
    for (index, item) in items.enumerated() {
      guard index < edits else {
        read.refused.append(
          "\(items.count - edits) edits beyond the \(edits) that one answer may have")
        break
      }
      let (kept, unknown) = withKnownEvidence(item)
      let problems = problems(of: kept, at: "")
      let name = Self.name(of: item, index)
      if !problems.isEmpty {
        read.refused.append("\(name): " + problems.prefix(3).joined(separator: "; "))
      } else if let edit = edit(from: kept) {
        read.edits.append((index + 1, edit))
        if !unknown.isEmpty {
          read.refused.append(
            "\(name): evidence "
              + Suggestion.list(unknown.prefix(3).map { Excerpt.line($0, limit: 40) })
              + " was not among the rollouts shown, and is left out")
        }
      } else {
        read.refused.append("\(name): it is not complete")
      }
    }
    return read
  }

  /// Why an answer is no list of edits at all.
  private static func shapeFault(of answer: JSONValue) -> String? {
    guard let object = answer.object else {
      return "the answer is no object with `summary` and `edits`"
    }
    guard answer["edits"]?.array != nil else {
      if ["criteria", "rubric", "schema"].contains(where: { object[$0] != nil }) {
        return "the answer is a rubric; edits are proposed, never a whole rubric"
      }
      return object["edits"] == nil
        ? "the answer has no `edits`" : "`edits` is no list"
    }
    return nil
  }

  /// What is wrong with one edit: by the form that it means, as far as that can be told.
  private func problems(of item: JSONValue, at path: String) -> [String] {
    let prefix = path.isEmpty ? "" : "\(path): "
    guard item.object != nil else { return ["\(prefix)the edit is no object"] }
    guard let word = item["op"]?.string else { return ["\(prefix)the edit has no `op`"] }
    var candidates = forms.filter { $0.operation.rawValue == word }
    guard !candidates.isEmpty else {
      let words = Set(forms.map(\.operation.rawValue)).sorted()
      return ["\(prefix)`op` is \(NodeReader.quote(word)), expected \(Suggestion.list(words))"]
    }
    if let id = item["id"]?.string {
      let about = candidates.filter { $0.ids.contains(id) }
      if !about.isEmpty { candidates = about }
    }
    let all = candidates.map { SchemaCheck.problems(of: item, against: $0.schema) }
    guard let best = all.min(by: { $0.count < $1.count }) else { return [] }
    return (best.isEmpty ? Self.emptyTexts(in: item, at: "") : best).map { prefix + $0 }
  }

  /// Texts without a word: small models copy the `…` of the form.
  private static func emptyTexts(in value: JSONValue, at path: String) -> [String] {
    switch value {
    case .object(let object):
      object.members.flatMap { member in
        emptyTexts(in: member.value, at: path.isEmpty ? member.key : "\(path).\(member.key)")
      }
    case .array(let items):
      items.enumerated().flatMap { emptyTexts(in: $1, at: "\(path)[\($0)]") }
    // A name that was shown may be anything.
    case .string(let text) where !path.hasPrefix("evidence") && SeriesWords.words(text).isEmpty:
      ["`\(path)` has no word"]
    default: []
    }
  }

  /// The edit without evidence that was not shown, or stands twice.
  private func withKnownEvidence(_ item: JSONValue) -> (item: JSONValue, unknown: [String]) {
    guard var object = item.object, let names = item["evidence"]?.array?.map(\.string),
      !names.contains(nil)
    else { return (item, []) }
    var known: [String] = []
    var unknown: [String] = []
    for name in names.compactMap({ $0 }) {
      if rollouts.contains(name) {
        if !known.contains(name) { known.append(name) }
      } else {
        unknown.append(name)
      }
    }
    object["evidence"] = .array(known.map { .string($0) })
    return (.object(object), unknown)
  }

  private static func name(of item: JSONValue, _ index: Int) -> String {
    var name = "edit \(index + 1)"
    if let word = item["op"]?.string {
      name += ", " + Excerpt.line(word, limit: 20)
      if let id = item["id"]?.string { name += " of `\(Excerpt.line(id, limit: 60))`" }
    }
    return name
  }

  /// The edit that a checked object says; nil where something is missing after all.
  private func edit(from item: JSONValue) -> ModelEdit? {
    guard let word = item["op"]?.string, let operation = Edit.Operation(rawValue: word) else {
      return nil
    }
    let kind: ModelEdit.Kind?
    if let id = item["id"]?.string.flatMap(CriterionID.init(rawValue:)) {
      kind = Self.kind(operation, id, item)
    } else {
      kind = Self.kind(operation, item)
    }
    guard let kind else { return nil }
    return ModelEdit(
      kind: kind,
      rationale: Excerpt.line(item["rationale"]?.string ?? "", limit: Bounds.rationale),
      evidence: item["evidence"]?.array?.compactMap(\.string) ?? [])
  }

  private static func kind(
    _ operation: Edit.Operation, _ id: CriterionID, _ item: JSONValue
  ) -> ModelEdit.Kind? {
    let text = item["text"]?.string?.trimmedOfBlanks
    func level(_ key: String) -> ModelEdit.LevelText? {
      guard let value = item[key]?.double, let text else { return nil }
      return ModelEdit.LevelText(value: value, text: text)
    }
    switch operation {
    case .tighten:
      return .tighten(
        id, reasons: item["lower_when"]?.array?.compactMap { $0.string?.trimmedOfBlanks } ?? [],
        levels: levels(item["levels"]))
    case .relax:
      return .relax(
        id,
        reasons: item["reasons"]?.array?.compactMap { $0.double.flatMap { Int(exactly: $0) } } ?? []
      )
    case .reword: return text.map { .reword(id, $0) }
    case .reweight: return item["weight"]?.double.map { .reweight(id, $0) }
    case .addLevel: return level("value").map { .addLevel(id, $0) }
    case .editLevel: return level("level").map { .editLevel(id, $0) }
    case .addExample: return level("level").map { .addExample(id, $0) }
    case .remove: return .remove(id)
    case .activate: return .activate(id)
    case .deactivate:
      return item["status"]?.string.flatMap(Criterion.Status.init(rawValue:)).map {
        .deactivate(id, $0)
      }
    case .setGate:
      guard let least = item["min"]?.double else { return nil }
      let cap = item["cap"]?.double
      return .setGate(id, Gate(min: least, effect: cap == nil ? .veto : .cap, cap: cap))
    case .clearGate: return .clearGate(id)
    case .split: return .split(id, item["parts"]?.array?.compactMap(naming) ?? [])
    default: return nil
    }
  }

  private static func kind(_ operation: Edit.Operation, _ item: JSONValue) -> ModelEdit.Kind? {
    switch operation {
    case .noChange: return .noChange
    case .add:
      guard let naming = naming(item), let weight = item["weight"]?.double,
        let polarity = item["polarity"]?.string.flatMap(Criterion.Polarity.init(rawValue:))
      else { return nil }
      return .add(
        ModelEdit.NewCriterion(
          naming: naming, polarity: polarity, weight: weight, levels: levels(item["levels"]),
          parent: item["parent"]?.string.flatMap(CriterionID.init(rawValue:))))
    case .mergeCriteria:
      let ids = item["ids"]?.array?.compactMap { $0.string.flatMap(CriterionID.init(rawValue:)) }
      guard let ids, let naming = naming(item) else { return nil }
      return .merge(ids, naming)
    default: return nil
    }
  }

  private static func naming(_ item: JSONValue) -> ModelEdit.Naming? {
    guard let title = item["title"]?.string, let text = item["text"]?.string?.trimmedOfBlanks else {
      return nil
    }
    return ModelEdit.Naming(title: Excerpt.line(title, limit: Bounds.title), text: text)
  }

  private static func levels(_ list: JSONValue?) -> [ModelEdit.LevelText] {
    (list?.array ?? []).compactMap { item in
      guard let value = item["value"]?.double, let text = item["text"]?.string else { return nil }
      return ModelEdit.LevelText(value: value, text: text.trimmedOfBlanks)
    }
  }
}

extension JSONValue {
  /// The number, where the value is one.
  var double: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }
}
