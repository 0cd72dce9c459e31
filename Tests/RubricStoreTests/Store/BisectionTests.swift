import RubricStore
import Testing

@Suite struct BisectionTests {
  private static func version(_ weight: Int) throws -> Rubric {
    var rubric = try Sample.rubric()
    rubric.criteria[0].weight = Double(weight)
    return rubric
  }

  /// Goes on to the end, and returns it with the commits that were tried.
  private static func run(
    _ bisection: Bisection, _ verdict: (ObjectID) -> Bisection.Verdict
  ) throws -> (outcome: Bisection.Outcome, tried: [ObjectID]) {
    var bisection = bisection
    var tried: [ObjectID] = []
    while let next = bisection.next {
      try #require(!tried.contains(next), "tried twice")
      tried.append(next)
      bisection.tell(verdict(next), of: next)
    }
    return (try #require(bisection.outcome), tried)
  }

  @Test func aLine() throws {
    var history = try HistoryBuilder()
    var commits: [ObjectID] = []
    for index in 0..<64 {
      let parents = commits.last.map { [$0] } ?? []
      commits.append(try history.commit(try Self.version(index + 1), parents))
      // Commits that leave the rubric as it is are no candidates.
      commits.append(try history.commit(try Self.version(index + 1), [commits[2 * index]]))
    }
    try history.finish(commits[127])
    for index in 1..<64 {
      let bisection = try history.store.bisection(good: [commits[0].hex], bad: "main")
      #expect(bisection.remaining.count == 63)
      let (outcome, tried) = try Self.run(bisection) { id in
        (commits.firstIndex(of: id) ?? 0) >= 2 * index ? .bad : .good
      }
      #expect(outcome == .found(commits[2 * index]))
      #expect(tried.count <= 6)
      #expect(tried.allSatisfy { (commits.firstIndex(of: $0) ?? 1) % 2 == 0 })
    }
  }

  /// Bad is what comes from one commit: that commit is found in any history.
  @Test func randomHistories() throws {
    try forAll(cases: min(Cases.count, 40)) { generator in
      var history = try HistoryBuilder()
      var commits: [ObjectID] = []
      var ancestors: [Set<Int>] = []
      let count = 4 + generator.random.below(24)
      for index in 0..<count {
        var parents: Set<Int> = []
        if index > 0 {
          parents.insert(generator.random.chance(50) ? index - 1 : generator.random.below(index))
          while generator.random.chance(30) { parents.insert(generator.random.below(index)) }
        }
        commits.append(
          try history.commit(
            try Self.version(index + 1), parents.sorted().map { commits[$0] }))
        ancestors.append(parents.reduce(into: [index]) { $0.formUnion(ancestors[$1]) })
      }
      let reached = ancestors[count - 1].sorted()
      let culprit = generator.random.pick(reached.filter { $0 > 0 } + [count - 1])
      let good = reached.filter { !ancestors[$0].contains(culprit) }
      try #require(!good.isEmpty)
      let start = generator.random.pick(good)
      let skips = Set(
        reached.filter { $0 != culprit && generator.random.chance(15) })
      let bisection = try history.store.bisection(
        good: [commits[start].hex], bad: commits[count - 1].hex)
      let (outcome, tried) = try Self.run(bisection) { id in
        let index = commits.firstIndex(of: id) ?? 0
        if skips.contains(index) { return .skip }
        return ancestors[index].contains(culprit) ? .bad : .good
      }
      switch outcome {
      case .found(let id): try #require(id == commits[culprit])
      case .skipped(let ids):
        try #require(ids.contains(commits[culprit]))
        try #require(
          ids.allSatisfy { id in
            let index = commits.firstIndex(of: id) ?? 0
            return skips.contains(index) || ancestors[index].contains(culprit)
          })
      default: Issue.record("\(outcome)")
      }
      try #require(tried.count < reached.count)
    }
  }

  @Test func goodThatIsNoAncestor() throws {
    var history = try HistoryBuilder()
    let root = try history.commit(try Self.version(1), [])
    let base = try history.commit(try Self.version(2), [root])
    let good = try history.commit(try Self.version(3), [base])
    let first = try history.commit(try Self.version(4), [base])
    let bad = try history.commit(try Self.version(5), [first])
    let bisection = try history.store.bisection(good: [good.hex], bad: bad.hex)
    #expect(bisection.isTryingMergeBase)
    #expect(bisection.next == base)
    var mended = bisection
    mended.tell(.bad, of: base)
    #expect(mended.outcome == .badMergeBase(base))
    #expect(mended.next == nil)
    var usual = bisection
    usual.tell(.good, of: base)
    #expect(usual.next == first)
    usual.tell(.bad, of: first)
    #expect(usual.outcome == .found(first))
    var skipped = bisection
    skipped.tell(.skip, of: base)
    skipped.tell(.good, of: first)
    #expect(skipped.outcome == .found(bad))
    #expect(skipped.skippedBases == [base])
    // Several good ones leave less to look at.
    let both = try history.store.bisection(good: [good.hex, first.hex], bad: bad.hex)
    #expect(both.remaining == [bad])
    // Nothing in common, the wrong way round, the same.
    let alone = try history.commit(try Self.version(9), [])
    for (good, bad) in [(alone, bad), (bad, first), (bad, bad)] {
      expectStoreError(.refused) {
        _ = try history.store.bisection(good: [good.hex], bad: bad.hex)
      }
    }
    expectStoreError(.refused) { _ = try history.store.bisection(good: [], bad: bad.hex) }
    expectStoreError(.notFound) {
      _ = try history.store.bisection(of: "esay", good: [root.hex], bad: bad.hex)
    }
  }

  @Test func versionsThatComeBack() throws {
    var history = try HistoryBuilder()
    let good = try history.commit(try Self.version(1), [])
    let other = try history.commit(try Self.version(2), [good])
    let back = try history.commit(try Self.version(1), [other])
    #expect(
      try history.store.bisection(good: [good.hex], bad: back.hex).outcome
        == .sameVersion(back))
    let same = try history.commit(try Self.version(1), [good])
    #expect(
      try history.store.bisection(good: [good.hex], bad: same.hex).outcome
        == .sameVersion(same))
    // What was good before is good again, without a run.
    let third = try history.commit(try Self.version(3), [back])
    let bisection = try history.store.bisection(good: [good.hex], bad: third.hex)
    #expect(bisection.outcome == .found(third))
    // A merge that took the bad side's version is not to blame, the side is.
    let side = try history.commit(try Self.version(7), [good])
    let merge = try history.commit(try Self.version(7), [back, side])
    let found = try Self.run(try history.store.bisection(good: [good.hex], bad: merge.hex)) { _ in
      .bad
    }
    #expect(found.outcome == .found(side))
    let entry = try #require(try history.store.entry(of: "essay", at: merge))
    #expect(entry.edits.map(\.operation) == [.reweight])
  }
}
