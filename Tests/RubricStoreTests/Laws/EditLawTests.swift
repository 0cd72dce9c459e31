import RubricStore
import Testing

@Suite struct EditLawTests {
  /// Law 1: the edits from one version to another lead from the one to the other.
  @Test func diffThenApplyGivesTheOther() throws {
    try forAll { make in
      let (old, new) = make.versions()
      let edits = try old.edits(to: new)
      let result = try old.applying(edits)
      try #require(result == new, "\(edits.map(\.json.jsonText))")
      try #require(result.canonicalText.isVerbatim(new.canonicalText))
      try #require(try new.edits(to: new).isEmpty)
      try #require(edits.isEmpty == (old == new))
    }
  }

  /// Law 2, for one edit of every kind.
  @Test(arguments: Edit.Operation.allCases)
  func inverseOfAnEditUndoesIt(_ operation: Edit.Operation) throws {
    var tried = 0
    try forAll(cases: max(1, Cases.count / 20)) { make in
      guard let (rubric, edit, result) = try make.edited(by: operation) else { return }
      tried += 1
      try #require(edit.operation == operation)
      let back = try result.applying([edit.inverted])
      try #require(back == rubric, "\(edit.json.jsonText)")
      try #require(back.canonicalText.isVerbatim(rubric.canonicalText))
      try #require(edit.inverted.inverted == edit)
    }
    #expect(tried > Cases.count / 40, "\(operation) could be made \(tried) times")
  }

  /// Law 2, for lists: the inverses in reverse order.
  @Test func inverseOfAListUndoesIt() throws {
    var seen: Set<Edit.Operation> = []
    try forAll { make in
      let start = make.rubric()
      var rubric = start
      var edits: [Edit] = []
      for _ in 0...make.random.below(8) {
        let operation = make.random.pick(Edit.Operation.allCases)
        guard let step = try make.edited(by: operation, from: rubric) else { continue }
        edits.append(step.edit)
        rubric = step.result
      }
      seen.formUnion(edits.map(\.operation))
      let settled = try start.settling(edits)
      try #require(settled.rubric == rubric)
      try #require(settled.edits == edits)
      try #require(try rubric.applying(edits.reversed().map(\.inverted)) == start)
    }
    #expect(seen.count == Edit.Operation.allCases.count || Cases.count < 2000)
  }

  /// Law 2, for what `diff` finds.
  @Test func inverseOfADiffUndoesIt() throws {
    try forAll { make in
      let (old, new) = make.versions()
      let edits = try old.edits(to: new)
      try #require(try new.applying(edits.reversed().map(\.inverted)) == old)
    }
  }

  /// Law 2, for edits that were made on an older version: settled, they undo what they did here.
  @Test func settledEditsCanBeUndone() throws {
    var rebased = 0
    try forAll { make in
      let (old, new) = make.versions()
      let operation = make.random.pick(Edit.Operation.allCases)
      guard let edit = try make.edited(by: operation, from: old)?.edit else { return }
      guard let made = try? new.settling([edit]) else { return }
      rebased += 1
      let back = try made.rubric.applying(made.edits.reversed().map(\.inverted))
      try #require(back == new, "\(edit.json.jsonText)")
    }
    #expect(rebased > Cases.count / 4)
  }

  /// Law 3: the parent and the edits as they were written give the child, byte by byte.
  @Test(arguments: ["json", "yaml"])
  func writtenEditsReplay(_ form: String) throws {
    try forAll { make in
      let (old, new) = make.versions()
      var edits = try old.edits(to: new)
      for index in edits.indices {
        edits[index].rationale = make.prose()
        edits[index].evidence = make.distinct(2) { $0.prose() }
      }
      let operation = make.random.pick(Edit.Operation.allCases)
      let step = try make.edited(by: operation, from: new)
      if let step { edits.append(step.edit) }
      let read = try EditTexts.read(EditTexts.write(edits, form), form)
      try #require(read == edits)
      let child = step?.result ?? new
      try #require(try old.applying(read).canonicalText.isVerbatim(child.canonicalText))
    }
  }

  /// Edits that carry criteria 64 deep are written and read too.
  @Test(arguments: ["json", "yaml"])
  func deepEditsAreReadBack(_ form: String) throws {
    try forAll(cases: 50) { make in
      var item = make.leaf()
      item.ext = Extensions(["deep": (1..<Limits.ext).reduce("x") { value, _ in [value] }])
      for _ in 1..<Limits.criterionDepth { item = make.group(of: [item]) }
      let edits = [
        Edit(.add(PlacedCriterion(item))), Edit(.remove(PlacedCriterion(item))),
        Edit(.split(before: [PlacedCriterion(item)], after: [PlacedCriterion(item)])),
      ]
      let read = try EditTexts.read(EditTexts.write(edits, form), form)
      try #require(read == edits)
    }
  }
}

extension RubricGenerator {
  /// Two versions of a rubric: the second may be changed a little, a lot, or not at all.
  mutating func versions() -> (old: Rubric, new: Rubric) {
    let old = rubric()
    var new = old
    for _ in 0..<random.pick([0, 1, 1, 1, 2, 4]) { new = mutant(of: new) }
    return (old, new)
  }
}

/// Lists of edits as text.
enum EditTexts {
  static func write(_ edits: [Edit], _ form: String) -> String {
    let list = JSONValue.array(edits.map(\.json))
    return form == "json" ? list.jsonText : YAMLEmitter.emit(["edits": list])
  }

  static func read(_ text: String, _ form: String) throws -> [Edit] {
    let (root, findings) =
      form == "json" ? JSONReader.read(Array(text.utf8)) : YAMLReader.read(Array(text.utf8))
    guard findings.isEmpty, let root else { throw SyntaxError(findings: findings) }
    var list = root
    if case .mapping(let entries, _) = root.content { list = entries[0].value }
    var reader = NodeReader()
    let edits = [Edit].read(list, &reader)
    guard reader.findings.isEmpty, let edits else { throw SyntaxError(findings: reader.findings) }
    return edits
  }
}
