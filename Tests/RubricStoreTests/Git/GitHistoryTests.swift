import RubricStore
import Testing

@Suite struct GitHistoryTests {
  private func walk(
    _ sandbox: GitSandbox, _ tips: [ObjectID], firstParent: Bool = false
  ) throws -> [String] {
    let repository = try sandbox.open()
    var cursor = try repository.history(from: tips, firstParent: firstParent)
    var ids: [String] = []
    while let commit = try repository.next(&cursor) { ids.append(commit.id.hex) }
    return ids
  }

  private func log(_ sandbox: GitSandbox, _ arguments: [String]) throws -> [String] {
    try sandbox.git(["log", "--format=%H"] + arguments).split(separator: "\n").map(String.init)
  }

  @Test func childrenComeBeforeParentsOfTheSameSecond() throws {
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    var ids: [ObjectID] = []
    for number in 0..<200 {
      ids.append(try repository.testCommit("\(number)", parents: ids.suffix(1).map { $0 }))
    }
    let tip = try #require(ids.last)
    let walked = try walk(sandbox, [tip])
    #expect(walked == ids.reversed().map(\.hex))
    #expect(walked == (try log(sandbox, [tip.hex])))
  }

  /// Histories of every shape, with times that collide and go backwards.
  ///
  /// libgit2's own counts and walks are wrong for 19, 21, 29, 158 and 160.
  @Test(arguments: Array(0..<12) + [19, 21, 29, 158, 160])
  func theOrderIsThatOfGitLog(_ seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed))
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    var ids: [ObjectID] = []
    for number in 0..<40 {
      var parents: [ObjectID] = []
      if number > 0 {
        for _ in 0..<(random.next() % 10 == 0 ? 0 : 1 + random.next() % 3) {
          let parent = ids[max(0, number - 1 - random.next() % 6)]
          if !parents.contains(parent) { parents.append(parent) }
        }
      }
      ids.append(
        try repository.testCommit(
          "\(number)", parents: parents, seconds: 1_700_000_000 + Int64(random.next() % 5)))
    }
    var parents: [ObjectID: [ObjectID]] = [:]
    for id in ids { parents[id] = try repository.commit(id).parents }
    let tips = ids.suffix(3).map { $0 }
    for (index, tip) in tips.enumerated() {
      try repository.move("tip\(index)", to: tip, expecting: nil)
    }
    let hexes = tips.map(\.hex)
    #expect(try walk(sandbox, tips) == log(sandbox, hexes), "seed \(seed)")
    #expect(try walk(sandbox, [tips[2]]) == log(sandbox, [hexes[2]]), "seed \(seed)")
    #expect(
      try walk(sandbox, [tips[2]], firstParent: true)
        == log(sandbox, ["--first-parent", hexes[2]]),
      "seed \(seed)")
    // What two commits have to do with each other, as git says.
    for (left, right) in [
      (ids[39], ids[38]), (ids[10], ids[39]), (ids[5], ids[5]), (ids[20], ids[30]),
    ] {
      let bases = Set(try repository.mergeBases(left, right).map(\.hex))
      let gits = (try? sandbox.git("merge-base", "--all", left.hex, right.hex)) ?? ""
      #expect(bases == Set(gits.split(separator: "\n").map(String.init)), "seed \(seed)")
      let counts = try repository.aheadBehind(local: left, upstream: right)
      let reached = (reach(left, parents), reach(right, parents))
      #expect(counts.ahead == reached.0.subtracting(reached.1).count, "seed \(seed)")
      #expect(counts.behind == reached.1.subtracting(reached.0).count, "seed \(seed)")
      let isAncestor = try repository.isAncestor(left, of: right)
      #expect(isAncestor == reached.1.contains(left), "seed \(seed)")
      let only = try repository.commits(reachableFrom: [left], notFrom: [right], limit: .max)
      // Not compared with `git rev-list`, which is itself misled by clocks that go backwards.
      #expect(Set(only) == reached.0.subtracting(reached.1), "seed \(seed)")
      for (position, id) in only.enumerated() {
        for parent in parents[id] ?? [] {
          #expect(only.firstIndex(of: parent).map { $0 > position } ?? true, "seed \(seed)")
        }
      }
    }
  }

  /// All commits that one reaches, itself too.
  private func reach(_ id: ObjectID, _ parents: [ObjectID: [ObjectID]]) -> Set<ObjectID> {
    var found: Set<ObjectID> = []
    var pending = [id]
    while let next = pending.popLast() {
      if found.insert(next).inserted { pending += parents[next] ?? [] }
    }
    return found
  }

  @Test func commitsThatOnlyOneSideHas() throws {
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    let root = try repository.testCommit("root")
    let one = try repository.testCommit("one", parents: [root])
    let two = try repository.testCommit("two", parents: [one])
    let other = try repository.testCommit("other", parents: [root])
    let unrelated = try repository.testCommit("unrelated")
    let only = try repository.commits(reachableFrom: [two], notFrom: [other], limit: 10)
    #expect(only == [two, one])
    let first = try repository.commits(reachableFrom: [two], notFrom: [other], limit: 1)
    #expect(first == [two])
    let base = try repository.mergeBase(two, other)
    #expect(base == root)
    let none = try repository.mergeBase(two, unrelated)
    #expect(none == nil)
    expectGitError(.notFound) { _ = try repository.mergeBase(two, .zero) }
    let tree = try repository.commit(two).tree
    expectGitError(.wrongKind) { _ = try repository.history(from: [tree]) }
  }

  @Test func aClockThatWasWrongHidesNothing() throws {
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    // `shared` was made by a clock that was hours fast; all after it by one that was right.
    let shared = try repository.testCommit("shared", seconds: 1_700_040_000)
    var right = shared
    for number in 0..<20 {
      right = try repository.testCommit(
        "right \(number)", parents: [right], seconds: 1_700_000_000 + Int64(number))
    }
    let left = try repository.testCommit("left", parents: [shared], seconds: 1_700_030_000)
    let only = try repository.commits(reachableFrom: [left], notFrom: [right], limit: .max)
    #expect(only == [left])
    let both = try repository.commits(reachableFrom: [left, right], notFrom: [shared], limit: .max)
    #expect(both.count == 21)
    let none = try repository.commits(reachableFrom: [shared], notFrom: [right], limit: .max)
    #expect(none == [])
    let all = try repository.commits(reachableFrom: [right], notFrom: [], limit: 3)
    #expect(all.first == right)
    #expect(all.count == 3)
  }

  @Test func whatCanBeReadComesBeforeTheError() throws {
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    let root = try repository.testCommit("root", seconds: 1)
    let one = try repository.testCommit("one", parents: [root], seconds: 2)
    let two = try repository.testCommit("two", parents: [one], seconds: 3)
    try sandbox.removeObject(root)
    let fresh = try sandbox.open()
    var cursor = try fresh.history(from: [two])
    let first = try fresh.next(&cursor)
    let second = try fresh.next(&cursor)
    #expect([first?.id, second?.id] == [two, one])
    let error = expectGitError(.notFound) { _ = try fresh.next(&cursor) }
    #expect(error?.objects == [root])
  }
}

/// A small generator, the same on every machine.
struct SplitMix {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func next() -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((value ^ (value >> 31)) >> 33)
  }
}
