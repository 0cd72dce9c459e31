import RubricStore
import Testing

@Suite struct SeriesMatchingTests {
  private static func criteria(_ items: (title: String, text: String)...) -> [Criterion] {
    items.enumerated().map { index, item in
      Criterion(
        id: CriterionID(stringLiteral: "c\(index)"), title: item.title, text: item.text)
    }
  }

  private static func words(_ matching: SeriesMatching) -> [String] {
    matching.pairs.map { "\($0.old)-\($0.new) \($0.basis.rawValue)" }
  }

  @Test(
    "titles are compared without what versions add to them",
    arguments: [
      ("Flow", "flow"), ("Flow", "Flow (10 points)"), ("Flow", "2. **Flow** [0-10 points]:"),
      ("Flow (5 points)", "Criterion 3: Flow - 10 pts"), ("Flow (0 to 5)", "Flow (out of 10)"),
      ("The author's voice", "The Author’s Voice"), ("Fluß", "FLUß (max 3)"),
      ("思路", "思路 (5 points)"),
    ])
  func titles(_ old: String, _ new: String) {
    let matching = SeriesMatching(
      Self.criteria((old, "Do ideas follow?")), Self.criteria((new, "Something else entirely.")))
    #expect(Self.words(matching) == ["0-0 title"])
  }

  @Test(
    "titles that say more are other titles",
    arguments: [
      ("Flow", "Flow (of ideas)"), ("Part 1", "Part 2"), ("1", "2"), ("Flow", "Flower"),
      ("Step 2 (draft)", "Step 2 (final)"),
    ])
  func otherTitles(_ old: String, _ new: String) {
    let matching = SeriesMatching(
      Self.criteria((old, "Do ideas follow?")), Self.criteria((new, "Something else entirely.")))
    #expect(matching.pairs.isEmpty)
  }

  @Test("a title counts before its place and before its words")
  func titleFirst() {
    let old = Self.criteria(
      ("Flow", "Do sentences lead on?"), ("Style", "Are the words exact and chosen well?"))
    let new = Self.criteria(
      ("Style", "Do sentences lead on?"), ("Flow", "Are the words exact and chosen well?"))
    #expect(Self.words(SeriesMatching(old, new)) == ["1-0 title", "0-1 title"])
  }

  @Test("criteria of one title are told apart by their words, and none is matched twice")
  func duplicates() {
    let old = Self.criteria(
      ("Style", "Are the words exact?"), ("Style", "Is the tone kind?"), ("Style", "Is it short?"))
    let new = Self.criteria(
      ("Style", "Is it short enough?"), ("Style", "Are the words exact and plain?"))
    #expect(Self.words(SeriesMatching(old, new)) == ["2-0 title", "0-1 title"])
    // As many as there are on both sides, also where nothing is alike; the nearest places first.
    let bare = Self.criteria(("Style", ""), ("Style", ""))
    #expect(Self.words(SeriesMatching(old, bare)).count == 2)
    #expect(Self.words(SeriesMatching(bare, bare)) == ["0-0 title", "1-1 title"])
  }

  @Test("without titles the words tell; what is not alike is not matched")
  func untitled() {
    let old = Self.criteria(
      ("", "Does each paragraph lead to the next paragraph?"),
      ("", "Are claims backed by sources that the reader can check?"),
      ("", "Is the spelling right?"))
    let new = Self.criteria(
      ("", "Are all claims backed by named sources that a reader can check at once?"),
      ("", "Does it greet the reader with a joke?"),
      ("", "Does each paragraph lead to the next one? A list of headings has no paragraph."))
    let matching = SeriesMatching(old, new)
    #expect(Self.words(matching) == ["1-0 words", "0-2 words"])
    #expect(matching.pairs.allSatisfy { $0.score >= SeriesMatching.threshold && $0.score <= 1 })
    #expect(SeriesMatching([], new).pairs.isEmpty)
    #expect(SeriesMatching(old, []).pairs.isEmpty)
    #expect(SeriesMatching(Self.criteria(("", "")), Self.criteria(("", ""))).pairs.isEmpty)
  }

  @Test("what is known counts first, and what is said to be gone or new stays alone")
  func known() {
    let old = Self.criteria(("Flow", "One."), ("Style", "Two."), ("Tone", "Three."))
    let new = Self.criteria(("Flow", "One."), ("Style", "Two."), ("Tone", "Three."))
    let matching = SeriesMatching(
      old, new,
      known: [
        SeriesMatching.Pair(old: 0, new: 1, basis: .map),
        SeriesMatching.Pair(old: 0, new: 2, basis: .map),
        SeriesMatching.Pair(old: 9, new: 9, basis: .map),
      ], isNew: [0], isGone: [2])
    #expect(Self.words(matching) == ["0-1 map"])
  }

  @Test("for versions at random: no one twice, the same from either side and in any order")
  func laws() throws {
    var matched = 0
    try forAll { make in
      let (old, new) = make.versions()
      let (left, right) = (make.retold(old.criteria), make.retold(new.criteria))
      let matching = SeriesMatching(left, right)
      matched += matching.pairs.count
      try #require(Set(matching.pairs.map(\.old)).count == matching.pairs.count)
      try #require(Set(matching.pairs.map(\.new)).count == matching.pairs.count)
      try #require(matching.pairs.allSatisfy { (0...1).contains($0.score) })
      let back = SeriesMatching(right, left)
      try #require(
        Set(back.pairs.map { [$0.new, $0.old] }) == Set(matching.pairs.map { [$0.old, $0.new] }))
      try #require(
        Set(back.pairs.map(\.score)) == Set(matching.pairs.map(\.score)))
      // Any other order gives the same, criterion by criterion; those that say the same may differ.
      var (leftOrder, rightOrder) = (Array(left.indices), Array(right.indices))
      leftOrder.shuffle(using: &make.random)
      rightOrder.shuffle(using: &make.random)
      let shuffled = SeriesMatching(leftOrder.map { left[$0] }, rightOrder.map { right[$0] })
      // Numbers and common words are left out where criteria are compared, and said all the same.
      func said(_ item: Criterion) -> String { SeriesWords(item).content }
      let found = shuffled.pairs.map {
        [said(left[leftOrder[$0.old]]), said(right[rightOrder[$0.new]])]
      }
      let expected = matching.pairs.map { [said(left[$0.old]), said(right[$0.new])] }
      try #require(found.count == expected.count)
      try #require(
        Set(found) == Set(expected), "\(Set(found).symmetricDifference(Set(expected)))")
    }
    #expect(matched > Cases.count)
  }

  @Test("documents of thousands of criteria, alike or not, are matched whole")
  func large() {
    func version(_ count: Int, _ text: (Int) -> String) -> [Criterion] {
      (0..<count).map {
        Criterion(id: CriterionID(stringLiteral: "c\($0)"), title: "", text: text($0))
      }
    }
    let old = version(4_000) { "Has the paper's claim \($0)x been shown by experiment \($0)y?" }
    let new = version(4_000) {
      "Has the claim \(3_999 - $0)x of the paper been shown by experiment \(3_999 - $0)y, twice?"
    }
    let matching = SeriesMatching(old, new)
    #expect(matching.pairs.count == 4_000)
    #expect(matching.pairs.allSatisfy { $0.old == 3_999 - $0.new })
    let same = version(4_000) { _ in "The same text." }
    #expect(SeriesMatching(same, same).pairs.allSatisfy { $0.old == $0.new })
    let titled = old.map { item in
      var item = item
      item.title = "Claim"
      return item
    }
    #expect(SeriesMatching(titled, titled.reversed()).pairs.count == 4_000)
  }
}

extension RubricGenerator {
  /// The criteria of all groups in other words: some with a title of few, some without one.
  fileprivate mutating func retold(_ criteria: [Criterion]) -> [Criterion] {
    var result: [Criterion] = []
    var pending = criteria
    while let item = pending.popLast() {
      pending += item.criteria
      var item = item
      item.criteria = []
      let vocabulary = ["flow", "style", "tone", "facts", "length", "focus", "voice", "order"]
      // By its id, so that both versions often have the same.
      let seed = item.id.rawValue.utf8.reduce(7) { ($0 &* 31 &+ Int($1)) & 0xFFFF }
      func some(_ count: Int, _ salt: Int) -> String {
        (0..<count).map { vocabulary[(seed &* 13 &+ salt &* $0 &+ seed >> 3) & 7] }
          .joined(separator: " ")
      }
      if random.chance(60) { item.title = random.chance(70) ? some(1 + seed % 2, 5) : line() }
      item.text = some(3 + seed % 5, 3) + (random.chance(40) ? " \(words())" : "")
      result.append(item)
    }
    return result
  }
}

@Suite struct SeriesOrderTests {
  private static func ordered(_ names: [String]) -> [String] {
    SeriesOrder.byNumber(names).map { names[$0] }
  }

  @Test("numbers count by their value, names without one come first")
  func numbers() {
    #expect(
      Self.ordered(["r/iter_10.txt", "r/iter_2.txt", "r/iter_1.txt"])
        == ["r/iter_1.txt", "r/iter_2.txt", "r/iter_10.txt"])
    #expect(
      Self.ordered(["iter_1.txt", "real_iter_0.txt", "expert.txt"])
        == ["expert.txt", "real_iter_0.txt", "iter_1.txt"])
    #expect(Self.ordered(["b.txt", "a.txt"]) == ["a.txt", "b.txt"])
    #expect(
      Self.ordered(["run2_iter_1.txt", "run10_iter_0.txt", "run1_iter_1.txt"])
        == ["run10_iter_0.txt", "run1_iter_1.txt", "run2_iter_1.txt"])
    #expect(Self.ordered(["v007.txt", "v7.txt", "v06.txt"]) == ["v06.txt", "v007.txt", "v7.txt"])
    #expect(Self.ordered(["9/iter_2.v1.txt", "10/iter_1.v1.txt"]).first == "10/iter_1.v1.txt")
  }

  @Test("numbers of any size, and names of nothing")
  func odd() {
    let large = "x\(String(repeating: "9", count: 50)).txt"
    #expect(Self.ordered([large, "x1.txt"]) == ["x1.txt", large])
    #expect(Self.ordered(["", "/", "."]).count == 3)
    #expect(SeriesOrder.byNumber([]).isEmpty)
    #expect(SeriesOrder.byNumber(["a", "a"]) == [0, 1])
  }
}
