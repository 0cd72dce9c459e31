import RubricStore
import Testing

/// Law 4: an edit on a rubric that has moved on fails with the field named; it never guesses.
@Suite struct StaleEditTests {
  @Test(arguments: Edit.Operation.allCases.filter { $0 != .noChange })
  func aChangedFieldIsNamed(_ operation: Edit.Operation) throws {
    var tried = 0
    try forAll(cases: max(1, Cases.count / 10)) { make in
      guard let step = try make.edited(by: operation) else { return }
      for (fields, changed) in make.disturbed(step.rubric, for: step.edit.change) {
        tried += 1
        do throws(EditError) {
          _ = try changed.applying([step.edit])
          Issue.record("applied: \(step.edit.json.jsonText)")
          throw EditError(.beforeMismatch, message: "applied")
        } catch {
          let codes: [EditError.Code] = [
            .beforeMismatch, .unknownCriterion, .unknownItem, .duplicateID,
          ]
          try #require(codes.contains(error.code), "\(error)")
          try #require(error.index == 0 && error.operation == operation)
          let field = error.field ?? ""
          try #require(
            fields.contains { field == $0 || field.hasPrefix($0 + "[") },
            "expected \(fields), got \(error.field ?? "none"): \(error)")
        }
      }
    }
    #expect(tried > Cases.count / 20, "\(operation) was tried \(tried) times")
  }

  /// What an edit does not touch may change under it.
  @Test func otherFieldsMayChange() throws {
    try forAll(cases: Cases.count / 4) { make in
      let rubric = make.plain(4)
      var changed = rubric
      changed.criteria[1].text = make.words()
      changed.criteria[0].tags = ["x"]
      changed.preamble = make.words()
      let edits = [
        Edit(.reweight("c1", Delta(before: 1, after: 7))),
        Edit(.reword("c1", Delta(before: Wording(), after: Wording(lowerWhen: ["it is short"])))),
        Edit(
          .move("c4", Delta(before: Place(follows: "c3"), after: Place(parent: nil, follows: "c1")))
        ),
        Edit(.setPostamble(Delta(before: "", after: "End."))),
      ]
      changed.criteria.swapAt(1, 2)
      let result = try changed.applying(edits)
      try #require(result.criteria.map(\.id) == ["c1", "c4", "c3", "c2"])
      try #require(result.criteria[0].weight == 7)
      try #require(result.criteria[0].lowerWhen == ["it is short"])
      try #require(result.criteria[0].text == "Judge part 1.")
    }
  }
}

extension RubricGenerator {
  /// Rubrics on which a change can no longer be made, each with the fields that may be named.
  fileprivate mutating func disturbed(
    _ rubric: Rubric, for change: Edit.Change
  ) -> [(fields: [String], rubric: Rubric)] {
    var result: [([String], Rubric)] = []
    func add(_ fields: String..., body: (inout Rubric) -> Void) {
      var changed = rubric
      body(&changed)
      if changed != rubric { result.append((fields, changed)) }
    }
    func item(_ id: CriterionID, _ fields: String..., body: (inout Criterion) -> Void) {
      guard let path = rubric.path(of: id) else { return }
      var changed = rubric
      body(&changed[path])
      if changed != rubric { result.append((fields, changed)) }
      var without = rubric
      _ = without.remove(at: path)
      result.append((["", "parent"], without))
    }
    func placed(_ placed: PlacedCriterion) {
      let id = placed.criterion.id
      item(id, "weight") { $0.weight += 1 }
      item(id, "text") { $0.text += "." }
      item(id, "criteria") { $0.criteria.append(Criterion(id: "late", text: "Late.")) }
      add("parent") { elsewhere(id, &$0) }
    }
    func elsewhere(_ id: CriterionID, _ rubric: inout Rubric) {
      guard let path = rubric.path(of: id) else { return }
      let moved = rubric.remove(at: path)
      var group = Criterion(id: "elsewhere")
      group.criteria = [moved]
      rubric.criteria.append(group)
    }
    func taken(_ criterion: Criterion) {
      add("id") { $0.criteria.append(Criterion(id: criterion.id, text: "Taken.")) }
    }
    switch change {
    case .add(let new):
      taken(new.criterion)
      if let parent = new.place.parent, let path = rubric.path(of: parent) {
        add("parent") { _ = $0.remove(at: path) }
      }
      if let follows = new.place.follows { add("follows") { elsewhere(follows, &$0) } }
    case .remove(let old): placed(old)
    case .split(let before, let after), .mergeCriteria(let before, let after):
      for old in before { placed(old) }
      for new in after where !before.contains(where: { $0.criterion.id == new.criterion.id }) {
        taken(new.criterion)
      }
    case .move(let id, _):
      item(id) { _ in }
      add("parent") { elsewhere(id, &$0) }
    case .reorder(let parent, _):
      let path = parent.flatMap { rubric.path(of: $0) } ?? []
      add("criteria") { $0.withChildren(at: path) { $0.append(Criterion(id: "late")) } }
      add("criteria") { $0.withChildren(at: path) { $0.reverse() } }
    case .rename(let id?, _): item(id, "title") { $0.title += "!" }
    case .rename(nil, _): add("title") { $0.title += "!" }
    case .reweight(let id, _): item(id, "weight") { $0.weight += 1 + $0.weight }
    case .rescale(let id, _):
      item(id, "scale") {
        $0.scale = .numeric(NumericRange(min: 3, max: 33), levels: $0.scale.levels)
      }
    case .setGate(let id, _, _), .clearGate(let id, _):
      item(id, "gate") { $0.gate = Gate(min: ($0.gate?.min ?? 0) + 1) }
    case .setPolarity(let id, _):
      item(id, "polarity") { $0.polarity = $0.polarity == .positive ? .negative : .positive }
    case .setRollup(let id, _): item(id, "rollup") { $0.rollup = $0.rollup == .max ? .min : .max }
    case .tighten(let id, let delta), .relax(let id, let delta):
      if !delta.before.lowerWhen.isVerbatim(delta.after.lowerWhen) {
        item(id, "lower_when") { $0.lowerWhen.append("a new reason") }
      }
      if delta.before.gate != delta.after.gate {
        item(id, "gate") { $0.gate = Gate(min: ($0.gate?.min ?? 0) + 0.25) }
      }
      for level in delta.before.levels {
        item(id, "levels") { $0.changeLevel(level.value) { $0.text += "." } }
      }
    case .reword(let id, let delta):
      if !delta.before.text.isVerbatim(delta.after.text) { item(id, "text") { $0.text += " " } }
      if !delta.before.lowerWhen.isVerbatim(delta.after.lowerWhen) {
        item(id, "lower_when") { $0.lowerWhen.append("a new reason") }
      }
    case .addLevel(let id, let new):
      item(id, "levels") { $0.scale = $0.scale.with(levels: $0.scale.levels + [new.level]) }
      if let follows = new.follows {
        item(id, "levels") { item in
          item.scale = item.scale.with(levels: item.scale.levels.filter { $0.value != follows })
        }
      }
    case .removeLevel(let id, let old): staleLevel(id, old.level.value)
    case .editLevel(let id, let delta): staleLevel(id, delta.before.value)
    case .addExample(let id, let new):
      item(id, "examples") { $0.changeLevel(new.level) { $0.examples.append(new.text) } }
      if new.follows != nil {
        item(id, "examples") { $0.changeLevel(new.level) { $0.examples = [] } }
      }
    case .removeExample(let id, let old):
      item(id, "examples") { $0.changeLevel(old.level) { $0.examples = [] } }
    case .activate(let id, let delta), .deactivate(let id, let delta):
      item(id, "status") { $0.status = delta.before == .inactive ? .diagnostic : .inactive }
    case .pin(let id), .unpin(let id): item(id, "pinned") { $0.pinned.toggle() }
    case .retag(let id, _): item(id, "tags") { $0.tags.append("a new tag") }
    case .setApplicability(let id, _): item(id, "applies_when") { $0.appliesWhen += "." }
    case .setOrigin(let id, _):
      item(id, "origin") { $0.origin = $0.origin == .seed ? .meta : .seed }
    case .setExt(let id?, _): item(id, "ext") { $0.ext = Extensions(["a new key": 1]) }
    case .setExt(nil, _): add("ext") { $0.ext = Extensions(["a new key": 1]) }
    case .setAggregation: add("aggregation") { $0.aggregation.clip = Clip(lower: -7, upper: 7) }
    case .setJudge: add("judge") { $0.judge.model += "-2" }
    case .setPreamble: add("preamble") { $0.preamble += " " }
    case .setPostamble: add("postamble") { $0.postamble += "\u{301}" }
    case .setDescription: add("description") { $0.description += "\n" }
    case .setSubject: add("subject") { $0.subject = Subject(granularity: .cluster, key: "late") }
    case .setBudget: add("budget") { $0.budget.depth = ($0.budget.depth ?? 64) + 1 }
    case .noChange: break
    }
    return result

    func staleLevel(_ id: CriterionID, _ value: Double) {
      item(id, "levels") { $0.changeLevel(value) { $0.text += "." } }
      item(id, "levels") { $0.changeLevel(value) { $0.examples.append("a new example") } }
      item(id, "levels") { item in
        item.scale = item.scale.with(levels: item.scale.levels.filter { $0.value != value })
      }
    }
  }
}

extension Criterion {
  fileprivate mutating func changeLevel(_ value: Double, _ body: (inout Level) -> Void) {
    var levels = scale.levels
    for index in levels.indices where levels[index].value == value { body(&levels[index]) }
    scale = scale.with(levels: levels)
  }
}
