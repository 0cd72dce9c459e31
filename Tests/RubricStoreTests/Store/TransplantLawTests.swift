import RubricStore
import Testing

@Suite struct TransplantLawTests {
  private static func numbered(_ edits: [Edit]) -> [NumberedEdit] {
    edits.enumerated().map { NumberedEdit(number: $0 + 1, edit: $1) }
  }

  private static func undone(_ edits: [Edit]) -> [NumberedEdit] {
    numbered(edits).reversed().map { NumberedEdit(number: $0.number, edit: $0.edit.inverted) }
  }

  @Test("all edits of a version, made on the one before it, give it; made on itself, nothing")
  func pickOntoParent() throws {
    var notes = 0
    try forAll { make in
      let (old, new) = make.versions()
      let edits = try old.edits(to: new)
      let picked = try old.transplanting(Self.numbered(edits))
      try #require(picked.rubric == new)
      try #require(picked.numbers == Array(edits.indices.map { $0 + 1 }))
      try #require(picked.notes.isEmpty, "\(picked.notes)")
      let again = try new.transplanting(Self.numbered(edits))
      try #require(again.rubric == new, "\(again.notes) \(edits.map(\.json.jsonText))")
      notes += again.notes.count
    }
    #expect(notes > 0)
  }

  @Test("the edits of a version, undone on it, give the one before, and undone again the version")
  func revertOfTip() throws {
    try forAll { make in
      let (old, new) = make.versions()
      let edits = try old.settling(try old.edits(to: new)).edits
      let reverted = try new.transplanting(Self.undone(edits))
      try #require(reverted.rubric.canonicalText.isVerbatim(old.canonicalText))
      let again = try reverted.rubric.transplanting(Self.undone(reverted.edits))
      try #require(again.rubric == new)
    }
  }

  @Test("a revert after edits of other fields is those edits alone")
  func revertBelowOthers() throws {
    var tried = 0
    try forAll { make in
      let start = make.rubric()
      let kinds = Edit.Operation.allCases
      guard let first = try make.edited(by: make.random.pick(kinds), from: start),
        let fields = first.edit.fieldsAlone,
        let second = try make.edited(by: make.random.pick(kinds), from: first.result),
        let others = second.edit.fieldsAlone, Set(fields).isDisjoint(with: others),
        let alone = try? start.applying([second.edit])
      else { return }
      tried += 1
      let reverted = try second.result.transplanting(Self.undone([first.edit]))
      try #require(reverted.rubric == alone, "\(first.edit.summary); \(second.edit.summary)")
    }
    #expect(tried > Cases.count / 5, "\(tried)")
  }

  /// Whatever is picked onto whatever: the result is valid, replays from what is recorded, and can be
  /// undone, or it is an error of the edits.
  @Test("what is made on another version replays and can be undone")
  func pickAnywhere() throws {
    var made = 0
    var last = 0
    try forAll { make in
      let (old, new) = make.versions()
      let (tip, edits) = (make.mutant(of: old), try old.edits(to: new))
      let chosen = Self.numbered(edits).filter { _ in make.random.chance(70) }
      let result: TransplantedEdits
      do throws(EditError) {
        result = try tip.transplanting(chosen)
      } catch {
        try #require(error.index.map { edits.indices.contains($0) } ?? true)
        try #require(!error.message.isEmpty)
        return
      }
      made += result.edits.isEmpty ? 0 : 1
      last += result.notes.count { $0.kind == .placedLast }
      try #require(result.rubric.findings.isEmpty)
      try #require(try tip.applying(result.edits) == result.rubric)
      try #require(
        try result.rubric.applying(result.edits.reversed().map(\.inverted)) == tip)
      try #require(Set(result.numbers).isSubset(of: Set(chosen.map(\.number))))
      try #require(result.numbers.count == result.edits.count)
    }
    #expect(made > Cases.count / 5, "\(made)")
    #expect(last > 0 || Cases.count < 500)
  }

  @Test("through the store: pick onto the parent, and revert of the tip")
  func throughTheStore() throws {
    try forAll(cases: max(1, min(20, Cases.count / 100))) { make in
      let sandbox = try GitSandbox(bare: true)
      let store = try sandbox.store()
      let (old, new) = make.versions()
      guard old != new else { return }
      try store.create(Array(old.canonicalText.utf8), author: Sample.author)
      try store.createBranch("other")
      let made = try store.replace(
        with: Array(new.canonicalText.utf8), rationale: make.prose(), author: Sample.author)
      let picked = try store.cherryPick(made.commit.hex, to: "other", author: Sample.author)
      try #require(try store.pull(old.id, at: "other").rubric == new)
      try #require(picked.update.edits.map(\.rationale) == made.edits.map(\.rationale))
      try store.revert("main", author: Sample.author)
      try #require(
        try store.pull(old.id).rubric.canonicalText.isVerbatim(old.canonicalText))
      let log = try store.log()
      try #require(log[0].source == ChangeSource(.reverts, made.commit))
      try #require(
        try store.log(from: "other")[0].source == ChangeSource(.picked, made.commit))
      try store.revert("main", author: Sample.author)
      try #require(try store.pull(old.id).rubric == new)
    }
  }
}

extension Edit {
  /// The fields that the edit changes, where it changes nothing else and no places.
  fileprivate var fieldsAlone: [FieldReference]? {
    let extent = change.extent
    guard extent.added.isEmpty, extent.removed.isEmpty, !extent.fields.isEmpty,
      !extent.fields.contains(where: { $0.field == .place || $0.field == .criteria })
    else { return nil }
    return extent.fields
  }
}
