import RubricStore
import Testing

@Suite struct StoreHistoryTests {
  private static func weighted(_ flow: Double, _ depth: Double = 1) throws -> Rubric {
    var rubric = try Sample.rubric()
    rubric.criteria[0].weight = flow
    rubric.criteria[1].criteria[1].weight = depth
    return rubric
  }

  /// A merge counts by what it did itself: what it took over is told by the side that did it.
  @Test func filtersAndMerges() throws {
    var history = try HistoryBuilder()
    let root = try history.commit(try Self.weighted(3), [])
    let left = try history.commit(try Self.weighted(4), [root])
    let right = try history.commit(try Self.weighted(3, 5), [root])
    let clean = try history.commit(try Self.weighted(4, 5), [left, right])
    let one = try history.commit(try Self.weighted(6, 5), [clean])
    let two = try history.commit(try Self.weighted(8, 5), [clean])
    let settled = try history.commit(try Self.weighted(7, 5), [one, two])
    try history.finish(settled)
    func log(_ filter: LogFilter, firstParent: Bool = false) throws -> Set<ObjectID> {
      var found: Set<ObjectID> = []
      try history.store.log(filter, firstParent: firstParent) {
        found.insert($0.commit)
        return true
      }
      return found
    }
    #expect(try log(LogFilter()) == [root, left, right, clean, one, two, settled])
    #expect(try log(LogFilter(operations: [.reweight])) == [left, right, one, two, settled])
    #expect(try log(LogFilter(criterion: "depth")) == [root, right])
    #expect(try log(LogFilter(criterion: "flow")) == [root, left, one, two, settled])
    #expect(try log(LogFilter(criterion: "flow", operations: [.tighten])).isEmpty)
    // Along first parents nobody else tells it.
    #expect(try log(LogFilter(criterion: "depth"), firstParent: true) == [root, clean])
    #expect(try log(LogFilter(commits: [one, root])) == [one, root])
  }

  @Test func graphs() throws {
    var history = try HistoryBuilder()
    let root = try history.commit(try Self.weighted(3), [])
    let left = try history.commit(try Self.weighted(4), [root])
    let same = try history.commit(try Self.weighted(4), [left])
    let right = try history.commit(try Self.weighted(3, 5), [root])
    let clean = try history.commit(try Self.weighted(4, 5), [same, right])
    let ahead = try history.commit(try Self.weighted(9, 5), [clean])
    let forced = try history.commit(try Self.weighted(9, 5), [clean, ahead])
    try history.finish(forced)
    func graph(_ filter: LogFilter) throws -> [ObjectID: [ObjectID]] {
      let nodes = try history.store.logGraph(filter).nodes
      return Dictionary(uniqueKeysWithValues: nodes.map { ($0.commit, $0.parents) })
    }
    #expect(
      try graph(LogFilter()) == [
        forced: [clean, ahead], ahead: [clean], clean: [left, right], left: [root], right: [root],
        root: [],
      ])
    // Filtered, a merge that joins nothing is left out, and lines are drawn past what is not shown.
    #expect(
      try graph(LogFilter(rubric: "essay")) == [
        ahead: [clean], clean: [left, right], left: [root], right: [root], root: [],
      ])
    #expect(
      try graph(LogFilter(criterion: "flow")) == [ahead: [left], left: [root], root: []])
    #expect(
      try graph(LogFilter(operations: [.reweight])) == [
        ahead: [clean], clean: [left, right], left: [], right: [],
      ])
    let order = try history.store.logGraph().nodes.map(\.commit)
    #expect(order == [forced, ahead, clean, right, left, root])
    #expect(try history.store.entries(of: clean).count == 1)
    #expect(try history.store.entries(of: forced).isEmpty)
    #expect(try history.store.headline(of: forced).subject == "by git")
  }

  @Test func comparableHistories() throws {
    var history = try HistoryBuilder()
    var rubric = try Self.weighted(3)
    let root = try history.commit(rubric, [])
    rubric.description = "For people."
    let described = try history.commit(rubric, [root])
    rubric.criteria[0].weight = 7
    let heavier = try history.commit(rubric, [described])
    rubric.criteria[0].tags = ["a"]
    let tagged = try history.commit(rubric, [heavier])
    var other = rubric
    other.criteria[0].text = "Another text."
    let side = try history.commit(other, [heavier])
    let merge = try history.commit(rubric, [tagged, side])
    try history.finish(merge)
    let found = try history.store.comparableHistory()
    #expect(found.rubric == "essay" && found.commit == merge)
    #expect(found.commits == [merge, tagged, heavier])
    #expect(found.ends.map(\.commit) == [heavier])
    #expect(found.ends.map(\.parent) == [described])
    #expect(found.ends.map(\.comparability) == [.recompute])
    let older = try history.store.comparableHistory(at: described.hex)
    #expect(older.commits == [described, root])
    #expect(older.ends.map(\.commit) == [root])
    #expect(older.ends.map(\.parent) == [nil])
    // A change that was taken back still stands between.
    rubric.criteria[0].weight = 3
    let lighter = try history.commit(rubric, [merge])
    #expect(try history.store.comparableHistory(at: lighter.hex).commits == [lighter])
  }
}
