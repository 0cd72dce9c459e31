import Foundation
import RubricStore
import Testing

@Suite struct BlameTests {
  /// Every kind of change in one line of history: the last one of each field is named.
  @Test func aLine() throws {
    var history = try HistoryBuilder()
    var rubric = try Sample.rubric()
    let root = try history.commit(rubric, [])
    let heavier = try history.update(
      &rubric, [root], [.reweight("flow", Delta(before: 3, after: 4))], because: "first")
    let lighter = try history.update(
      &rubric, [heavier], [.reweight("flow", Delta(before: 4, after: 2))], because: "second")
    let strict = try history.update(
      &rubric, [lighter],
      [
        .tighten(
          "flow",
          Delta(before: Strictness(), after: Strictness(lowerWhen: ["It is a title."]))),
        .rename("depth", Delta(before: "", after: "Depth")),
      ], because: "titles")
    let moved = try history.update(
      &rubric, [strict],
      [.move("depth", Delta(before: Place(parent: "content", follows: "facts"), after: Place()))])
    let preamble = try history.update(
      &rubric, [moved], [.setPreamble(Delta(before: rubric.preamble, after: "Be strict.\n"))])
    let tip = try history.update(&rubric, [preamble], [.unpin("facts")], because: "free")
    try history.finish(tip)
    let blame = try history.store.blame()
    #expect(blame.rubric == "essay" && blame.commit == tip)
    #expect(blame.criteria.map(\.criterion) == ["depth", "flow", "content", "facts"])
    #expect(blame.criteria.map(\.depth) == [0, 0, 0, 1])
    #expect(blame.commit("flow", .weight) == lighter)
    #expect(blame.line("flow", .weight)?.source.edit?.rationale == "second")
    #expect(blame.line("flow", .weight)?.value == 2)
    #expect(blame.line("flow", .lowerWhen)?.source.edit?.operation == .tighten)
    #expect(blame.commit("flow", .text) == root)
    #expect(blame.line("flow", .text)?.source.kind == .created)
    #expect(blame.line("flow", .text)?.source.edit == nil)
    #expect(blame.commit("depth", .title) == strict)
    #expect(blame.line("depth", .title)?.source.edit?.operation == .rename)
    #expect(blame.commit("depth", .place) == moved)
    #expect(blame.line("depth", .place)?.source.edit?.operation == .move)
    #expect(blame.commit("depth", .tags) == root)
    #expect(blame.commit("flow", .place) == root)
    #expect(blame.commit(nil, .preamble) == preamble)
    #expect(blame.commit("facts", .pinned) == tip)
    #expect(blame.criteria.allSatisfy { $0.created.commit == root })
    #expect(blame.document?.created.commit == root)
    #expect(blame.unreadable.isEmpty)
    // What is at its default is told where it was changed, and else not.
    let facts = try #require(blame.part("facts"))
    #expect(facts.notable.map(\.field) == [.text, .pinned])
    #expect(facts.lines.count == 16)
    #expect(try #require(blame.document).notable.map(\.field) == [.preamble])
    #expect(
      try #require(blame.part("depth")).notable.map(\.field) == [.place, .title, .text, .tags])
    // An older version is asked about as it was.
    let older = try history.store.blame("essay", at: heavier.hex, criterion: "flow")
    #expect(older.document == nil)
    #expect(older.criteria.map(\.criterion) == ["flow"])
    #expect(older.commit("flow", .weight) == heavier)
    let group = try history.store.blame(at: strict.hex, criterion: "content")
    #expect(group.criteria.map(\.criterion) == ["content", "facts", "depth"])
    let error = expectStoreError(.notFound) { _ = try history.store.blame(criterion: "flaw") }
    #expect(error?.hint == "did you mean `flow`?")
    #expect(try history.sandbox.fsck() == "")
  }

  /// Commits that record nothing, or what is not so: values decide, and edits are worked out.
  @Test func commitsThatRecordNothing() throws {
    var history = try HistoryBuilder()
    var rubric = try Sample.rubric()
    let root = try history.commit(rubric, [])
    rubric.criteria[0].weight = 5
    rubric.title = "An essay"
    let plain = try history.commit(rubric, [root], "heavier\n")
    let layout = try history.commit(
      text: "# said\n" + rubric.canonicalText, [plain], "a comment\n")
    rubric.criteria[0].weight = 6
    let lie = MetaUpdate(
      rubric: "essay",
      edits: [Edit(.rename("flow", Delta(before: "Flow", after: "x")), rationale: "a lie")])
    let liar = try history.commit(
      rubric, [layout], CommitMessage.text(lie, comparability: .cosmetic))
    let tip = try history.commit(rubric, [liar], "nothing\n")
    try history.finish(tip)
    let blame = try history.store.blame()
    #expect(blame.commit("flow", .weight) == liar)
    let weight = try #require(blame.line("flow", .weight))
    #expect(weight.source.edit?.change == .reweight("flow", Delta(before: 5, after: 6)))
    #expect(!weight.source.isRecorded)
    #expect(blame.commit("flow", .title) == root)
    let title = try #require(blame.line(nil, .title))
    #expect(title.source.commit == plain)
    #expect(title.source.edit?.change == .rename(nil, Delta(before: "", after: "An essay")))
    #expect(title.source.subject == "heavier")
    #expect(title.source.reason == "heavier")
    #expect(title.source.kind == .edited)
  }

  /// Each field goes its own way through merges, an octopus and a criss-cross among them.
  @Test func merges() throws {
    var history = try HistoryBuilder()
    let base = try Sample.rubric()
    func weights(_ flow: Double, _ facts: Double, _ depth: Double) -> Rubric {
      var rubric = base
      rubric.criteria[0].weight = flow
      rubric.criteria[1].criteria[0].weight = facts
      rubric.criteria[1].criteria[1].weight = depth
      return rubric
    }
    let root = try history.commit(weights(3, 1, 1), [])
    let left = try history.commit(weights(4, 1, 1), [root])
    let right = try history.commit(weights(3, 2, 1), [root])
    let crossed = try history.commit(weights(4, 2, 1), [left, right])
    let other = try history.commit(weights(4, 2, 1), [right, left])
    let changed = try history.commit(weights(4, 2, 5), [crossed])
    let doubled = try history.commit(weights(8, 2, 1), [other])
    // Neither side has 6: the merge itself settled it.
    let settled = try history.commit(weights(6, 2, 5), [changed, doubled])
    let third = try history.commit(weights(3, 1, 9), [root])
    let octopus = try history.commit(weights(6, 2, 9), [settled, right, third])
    try history.finish(octopus)
    let blame = try history.store.blame()
    #expect(blame.commit("flow", .weight) == settled)
    #expect(
      blame.line("flow", .weight)?.source.edit?.change
        == .reweight("flow", Delta(before: 4, after: 6)))
    #expect(blame.commit("facts", .weight) == right)
    #expect(blame.commit("depth", .weight) == third)
    let before = try history.store.blame(at: changed.hex)
    #expect(before.commit("flow", .weight) == left)
    #expect(before.commit("facts", .weight) == right)
    #expect(before.commit("depth", .weight) == changed)
    #expect(before.criteria.allSatisfy { $0.created.commit == root })
  }

  @Test func criteriaThatWereSplitAndMerged() throws {
    var history = try HistoryBuilder()
    var rubric = try Sample.rubric()
    let root = try history.commit(rubric, [])
    let heavier = try history.update(
      &rubric, [root], [.reweight("facts", Delta(before: 1, after: 4))])
    let free = try history.update(&rubric, [heavier], [.unpin("facts")])
    var facts = rubric.criteria[1].criteria[0]
    var claims = facts
    claims.id = "claims"
    claims.text = "Its claims are true."
    var sources = facts
    sources.id = "sources"
    sources.weight = 1
    let split = try history.update(
      &rubric, [free],
      [
        .split(
          before: [PlacedCriterion(facts, at: Place(parent: "content"))],
          after: [
            PlacedCriterion(claims, at: Place(parent: "content")),
            PlacedCriterion(sources, at: Place(parent: "content", follows: "claims")),
          ])
      ], because: "two things")
    let later = try history.update(
      &rubric, [split], [.reweight("sources", Delta(before: 1, after: 7))])
    sources.weight = 7
    var backing = sources
    backing.id = "backing"
    let merged = try history.update(
      &rubric, [later],
      [
        .mergeCriteria(
          before: [
            PlacedCriterion(claims, at: Place(parent: "content")),
            PlacedCriterion(sources, at: Place(parent: "content", follows: "claims")),
          ], after: [PlacedCriterion(backing, at: Place(parent: "content"))])
      ], because: "one thing")
    try history.finish(merged)
    let atSplit = try history.store.blame(at: later.hex)
    // `claims` took its weight from `facts`, whose weight was set before.
    let weight = try #require(atSplit.line("claims", .weight))
    #expect(weight.source.commit == heavier)
    #expect(
      weight.origins == [Blame.Origin(criterion: "facts", operation: .split, commit: split)])
    #expect(atSplit.commit("claims", .text) == split)
    #expect(atSplit.line("claims", .text)?.source.edit?.operation == .split)
    #expect(atSplit.line("claims", .text)?.origins == [])
    #expect(atSplit.commit("sources", .text) == root)
    #expect(atSplit.commit("sources", .weight) == later)
    #expect(atSplit.part("claims")?.created.commit == split)
    #expect(atSplit.part("claims")?.created.edit?.rationale == "two things")
    #expect(atSplit.commit("claims", .place) == split)
    let atMerge = try history.store.blame()
    #expect(atMerge.commit("backing", .weight) == later)
    #expect(
      atMerge.line("backing", .weight)?.origins
        == [Blame.Origin(criterion: "sources", operation: .mergeCriteria, commit: merged)])
    #expect(atMerge.commit("backing", .text) == root)
    #expect(
      atMerge.line("backing", .text)?.origins.map(\.criterion) == ["sources", "facts"])
    #expect(atMerge.part("backing")?.created.commit == merged)
    facts.weight = 4
    // The log goes the same way.
    func log(_ id: CriterionID, _ operations: Set<Edit.Operation> = []) throws -> [ObjectID] {
      try history.store.log(LogFilter(criterion: id, operations: operations)).map(\.commit)
    }
    #expect(try log("backing") == [merged, later, split, free, heavier, root])
    #expect(try log("backing", [.reweight]) == [later, heavier])
    #expect(try log("flow") == [root])
    #expect(
      try history.store.log(from: later.hex, LogFilter(criterion: "claims")).map(\.commit)
        == [split, free, heavier, root])
  }

  /// A group that was put around others moved them and changed nothing else.
  @Test func aGroupAroundOthers() throws {
    var history = try HistoryBuilder()
    var rubric = try Sample.rubric()
    let root = try history.commit(rubric, [])
    var flow = rubric.criteria[0]
    var group = Criterion(id: "form", title: "Form")
    group.criteria = [flow]
    rubric.criteria[0] = group
    let wrapped = try history.commit(rubric, [root])
    flow.weight = 9
    rubric.criteria[0].criteria[0] = flow
    let tip = try history.commit(rubric, [wrapped])
    try history.finish(tip)
    let blame = try history.store.blame()
    #expect(blame.commit("flow", .place) == wrapped)
    #expect(blame.line("flow", .place)?.source.edit?.operation == .move)
    #expect(blame.line("flow", .place)?.value == ["parent": "form"])
    #expect(blame.commit("flow", .text) == root)
    #expect(blame.part("flow")?.created.commit == root)
    #expect(blame.part("form")?.created.commit == wrapped)
    #expect(blame.part("form")?.created.edit?.operation == .add)
    #expect(blame.commit("flow", .weight) == tip)
  }

  /// The order of a group is one field; a criterion that alone stands elsewhere has moved.
  @Test func order() throws {
    var history = try HistoryBuilder()
    var rubric = Rubric(
      id: "essay", criteria: ["a", "b", "c", "d"].map { Criterion(id: $0, text: "Text.") })
    func put(_ ids: [CriterionID]) {
      rubric.criteria = ids.map { id in
        rubric.criteria.first { $0.id == id } ?? Criterion(id: id, text: "Text.")
      }
    }
    let root = try history.commit(rubric, [])
    put(["b", "c", "d", "a"])
    let moved = try history.commit(rubric, [root])
    put(["d", "c", "b", "a"])
    let reordered = try history.commit(rubric, [moved])
    put(["d", "x", "c", "b", "a"])
    let added = try history.commit(rubric, [reordered])
    try history.finish(added)
    let blame = try history.store.blame()
    #expect(blame.commit("a", .place) == moved)
    #expect(["b", "c", "d"].allSatisfy { blame.commit($0, .place) == root })
    #expect(blame.commit(nil, .criteria) == reordered)
    #expect(blame.line(nil, .criteria)?.source.edit?.operation == .reorder)
    #expect(blame.commit("x", .place) == added)
    #expect(try #require(blame.document).notable.map(\.field) == [.criteria])
  }

  /// An id that was removed and came back begins anew, and so does a rubric.
  @Test func whatCameBack() throws {
    var history = try HistoryBuilder()
    let rubric = try Sample.rubric()
    var without = rubric
    without.criteria.removeFirst()
    let root = try history.commit(rubric, [])
    let removed = try history.commit(without, [root])
    let back = try history.commit(rubric, [removed])
    let gone = try history.commit(text: nil, [back])
    let again = try history.commit(rubric, [gone])
    let blame = try history.store.blame(at: back.hex)
    #expect(blame.part("flow")?.created.commit == back)
    #expect(blame.commit("flow", .text) == back)
    #expect(blame.line("flow", .text)?.source.edit?.operation == .add)
    #expect(blame.commit("facts", .text) == root)
    let anew = try history.store.blame(at: again.hex)
    #expect(anew.criteria.allSatisfy { $0.created.commit == again })
    #expect(anew.document?.created.kind == .created)
    expectStoreError(.notFound) { _ = try history.store.blame("essay", at: gone.hex) }
  }

  /// A version that is not valid is passed over, on every way.
  @Test func versionsThatAreNotValid() throws {
    var history = try HistoryBuilder()
    var rubric = try Sample.rubric()
    let root = try history.commit(rubric, [])
    let broken = try history.commit(text: "schema: [\n", [root])
    let other = try history.commit(text: "id: essay\n", [broken])
    rubric.criteria[0].weight = 8
    let mended = try history.commit(rubric, [other])
    let blame = try history.store.blame(at: mended.hex)
    #expect(blame.commit("flow", .weight) == mended)
    #expect(
      blame.line("flow", .weight)?.source.edit?.change
        == .reweight("flow", Delta(before: 3, after: 8)))
    #expect(blame.commit("flow", .text) == root)
    #expect(Set(blame.unreadable.map(\.commit)) == [broken, other])
    expectStoreError(.invalidDocument) { _ = try history.store.blame("essay", at: broken.hex) }
  }

  /// Where a shallow clone ends, only what the last commit records is sure.
  @Test func aShallowClone() throws {
    var history = try HistoryBuilder()
    var rubric = try Sample.rubric()
    let root = try history.commit(rubric, [])
    let first = try history.update(
      &rubric, [root], [.reweight("flow", Delta(before: 3, after: 4))])
    let second = try history.update(
      &rubric, [first], [.reweight("depth", Delta(before: 1, after: 4))])
    try history.finish(second)
    let path = history.sandbox.folder + "/shallow"
    try history.sandbox.git(
      "clone", "-q", "--depth=2", "--bare", "file://" + history.sandbox.path, path)
    let blame = try Store.open(path).blame()
    #expect(blame.commit("depth", .weight) == second)
    let weight = try #require(blame.line("flow", .weight))
    #expect(weight.source.commit == first)
    #expect(!weight.source.isBoundary)
    let text = try #require(blame.line("flow", .text))
    #expect(text.source.commit == first)
    #expect(text.source.isBoundary)
    #expect(blame.part("flow")?.created.isBoundary == true)
    // Behind a version that is not valid too.
    let broken = try history.commit(text: "schema: [\n", [second])
    let mended = try history.commit(rubric, [broken])
    try history.finish(mended)
    let shorter = history.sandbox.folder + "/shorter"
    try history.sandbox.git(
      "clone", "-q", "--depth=2", "--bare", "file://" + history.sandbox.path, shorter)
    let unsure = try Store.open(shorter).blame()
    #expect(unsure.unreadable.map(\.commit) == [broken])
    #expect(unsure.line("flow", .text)?.source.commit == mended)
    #expect(unsure.line("flow", .text)?.source.isBoundary == true)
  }

  /// Files are read once each, and not at all where they are the same.
  @Test func cost() throws {
    var history = try HistoryBuilder()
    var rubric = try Sample.rubric()
    var tip = try history.commit(rubric, [])
    for round in 1...40 {
      rubric.criteria[0].weight = Double(round + 10)
      tip = try history.commit(rubric, [tip])
      // Commits of other things.
      for _ in 0..<3 { tip = try history.commit(rubric, [tip]) }
    }
    try history.finish(tip)
    let all = try history.store.countedBlame()
    #expect(all.reads == 40)
    // Nothing is left to look for after the first change but one.
    rubric.criteria = [Criterion(id: "new", text: "New.")]
    tip = try history.commit(rubric, [tip])
    rubric.criteria[0].weight = 2
    tip = try history.commit(rubric, [tip])
    try history.finish(tip)
    #expect(try history.store.countedBlame(criterion: "new").reads == 2)
    #expect(try history.store.blame(criterion: "new").commit("new", .weight) == tip)
  }
}
