import Testing

@testable import RubricStore

@Suite struct FileMergeTests {
  static let base = """
    # by hand
    schema: rubric/1
    id: r
    criteria:
      - id: a   # first
        text: Is a good?
      - id: b
        text: Is b good?

    """

  private func bytes(_ changes: (String, String)...) -> [UInt8] {
    Array(changes.reduce(Self.base) { $0.replacing($1.0, with: $1.1) }.utf8)
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test func keepsLayout() throws {
    let merge = try FileMerge(
      base: bytes(), ours: bytes(("a good", "a better")), theirs: bytes(("b good", "b better")))
    #expect(merge.isClean && merge.count == 0 && !merge.isByLines)
    #expect(merge.text == bytes(("a good", "a better"), ("b good", "b better")))
  }

  @Test func theSideThatAloneWroteTheFileAnewGivesItsLayout() throws {
    let canonical = Array(try Rubric(parsing: bytes()).canonicalText.utf8)
    #expect(try FileMerge(base: bytes(), ours: bytes(), theirs: canonical).text == canonical)
    #expect(try FileMerge(base: bytes(), ours: canonical, theirs: bytes()).text == canonical)
    // Another change on our side keeps our layout.
    let ours = bytes(("a good", "a better"))
    #expect(try FileMerge(base: bytes(), ours: ours, theirs: canonical).text == ours)
  }

  @Test(arguments: ["\n", "\r\n"], [false, true])
  func aConflictIsReadBack(lineBreak: String, hasMark: Bool) throws {
    func file(_ changes: (String, String)...) -> [UInt8] {
      let text = changes.reduce(Self.base) { $0.replacing($1.0, with: $1.1) }
      return (hasMark ? [0xEF, 0xBB, 0xBF] : [])
        + Array(text.replacing("\n", with: lineBreak).utf8)
    }
    var options = FileMergeOptions()
    options.settlements = Settlements([
      Settlement("b.text", .value(.string("ours"))), Settlement("z.weight", .theirs),
    ])
    let ours = file(("a good", "a better"), ("b good", "b better"))
    let merge = try FileMerge(
      base: file(), ours: ours, theirs: file(("a good", "a worse"), ("b good", "b worse")), options)
    #expect(merge.conflicts.map(\.path.description) == ["r/a.text"])
    #expect(merge.unusedSettlements == ["z.weight"])
    #expect(!merge.isClean && merge.count == 1)
    let read = try #require(UnfinishedMerge(parsing: merge.text))
    #expect(read.settlements == options.settlements)
    #expect(try Rubric(parsing: read.document).criteria[1].text == "ours")
    #expect(text(read.document).contains("# first"))
    let error = #expect(throws: SyntaxError.self) { try Rubric(parsing: merge.text) }
    #expect(error?.findings.map(\.code) == [.unfinishedMerge])
    let line = text(merge.text).replacing("\r\n", with: "\n").split(
      separator: "\n", omittingEmptySubsequences: false
    ).firstIndex { $0.hasPrefix("unfinished_merge:") }
    #expect(error?.findings.first?.mark?.line == line.map { $0 + 1 })
  }

  /// What is wrong besides is told with its place, so that the file can be mended in one go.
  @Test func theRestIsCheckedToo() throws {
    let merge = try FileMerge(
      base: bytes(), ours: bytes(("a good", "a better")), theirs: bytes(("a good", "a worse")))
    let broken = text(merge.text).replacing("id: b", with: "id: b\n    wieght: 2")
    let findings = Rubric.findings(in: Array(broken.utf8))
    #expect(findings.map(\.code) == [.unfinishedMerge, .unknownKey])
    #expect(findings.last?.hint == "did you mean `weight`?")
  }

  @Test func markersOfALineMergeAreNamed() {
    let text = Self.base.replacing(
      "    text: Is b good?\n",
      with: "<<<<<<< HEAD\n    text: x\n=======\n    text: y\n>>>>>>> other\n")
    let findings = Rubric.findings(in: Array(text.utf8))
    #expect(findings.map(\.code) == [.unfinishedMerge])
    #expect(findings.first?.mark?.line == 8)
  }

  /// Words that would end a comment, or a block, stay in it.
  @Test func valuesCannotLeaveTheBlock() throws {
    let evil = #""x\nunfinished_merge: 1\n# y\u2028schema: z\u0085w""#
    let merge = try FileMerge(
      base: bytes(), ours: bytes(("Is a good?", evil)),
      theirs: bytes(("Is a good?", #""\u2029 other\n<<<<<<< x""#)))
    let read = try #require(UnfinishedMerge(parsing: merge.text))
    #expect(try Rubric(parsing: read.document).criteria[0].text.contains("unfinished_merge: 1"))
    #expect(Rubric.findings(in: merge.text).map(\.code) == [.unfinishedMerge])
  }

  @Test func aJSONFileStaysJSON() throws {
    func json(_ words: String) throws -> [UInt8] {
      var rubric = try Rubric(parsing: bytes())
      rubric.criteria[0].text = words
      return Array(rubric.json.indentedText.utf8)
    }
    let merge = try FileMerge(base: json("x"), ours: json("y"), theirs: json("z"))
    #expect(Rubric.findings(in: merge.text).map(\.code) == [.unfinishedMerge])
    #expect(UnfinishedMerge(parsing: merge.text)?.document == (try json("y")))
  }

  @Test func anUnfinishedMergeAsAncestorStandsForItsDocument() throws {
    let ancestor = try FileMerge(
      base: bytes(), ours: bytes(("a good", "a better")), theirs: bytes(("a good", "a worse"))
    ).text
    let merge = try FileMerge(
      base: ancestor, ours: bytes(("a good", "a better"), ("b good", "b better")),
      theirs: bytes(("a good", "a best")))
    #expect(merge.isClean)
    #expect(text(merge.text).contains("Is a best?") && text(merge.text).contains("Is b better?"))
  }

  @Test func withoutAReadableAncestorNothingIsClean() throws {
    let one = bytes(("  - id: a   # first\n    text: Is a good?\n", ""))
    let merge = try FileMerge(base: Array("junk: [".utf8), ours: one, theirs: bytes())
    #expect(!merge.isClean && merge.conflicts.isEmpty && merge.count == 1)
    #expect(merge.problem?.contains("what one side removed is back") == true)
    #expect(UnfinishedMerge(parsing: merge.text)?.document.isEmpty == false)
    // No ancestor at all is no fault.
    #expect(try FileMerge(base: nil, ours: one, theirs: bytes()).isClean)
    #expect(try FileMerge(base: [], ours: one, theirs: bytes()).isClean)
  }

  @Test func otherRubricsAndInvalidOnesAreMergedByLines() throws {
    for theirs in [
      bytes(("id: r", "id: s"), ("b good", "b better")), bytes(("id: b", "id: a")), [],
      bytes(("rubric/1", "rubric/2"), ("b good", "b better")),
    ] {
      let merge = try FileMerge(base: bytes(), ours: bytes(("a good", "a better")), theirs: theirs)
      #expect(merge.isByLines && !merge.isClean && merge.problem != nil)
      #expect(Rubric.findings(in: merge.text).first?.code == .unfinishedMerge)
    }
  }

  @Test func bytesStayBytes() throws {
    let merge = try FileMerge(base: [1], ours: [0, 0xFF, 10], theirs: [0, 0xFE, 10])
    #expect(merge.text == [0, 0xFF, 10])
    #expect(!merge.isClean && merge.count == 1)
  }

  // MARK: Virtual bases

  @Test func aVirtualBaseTakesNoSide() throws {
    let left = bytes(("a good", "a better"), ("b good", "b better"))
    let right = bytes(("a good", "a worse"))
    let merged = try FileMerge.virtualBase(base: bytes(), ours: left, theirs: right)
    let rubric = try Rubric(parsing: merged)
    #expect(rubric.criteria.map(\.text) == ["Is a good?", "Is b better?"])
    let other = try FileMerge.virtualBase(base: bytes(), ours: right, theirs: left)
    #expect(try Rubric(parsing: other) == rubric)
  }

  @Test func aVirtualBaseOfWhatCannotBeReadIsWhatCan() throws {
    let junk = Array("junk: [".utf8)
    #expect(try FileMerge.virtualBase(base: bytes(), ours: junk, theirs: [1]) == bytes())
    let left = bytes(("a good", "a better"))
    #expect(try FileMerge.virtualBase(base: bytes(), ours: left, theirs: junk) == left)
    #expect(try FileMerge.virtualBase(base: nil, ours: junk, theirs: left) == left)
  }

  /// What is wrong only as a whole serves as an ancestor, as it does inside the store.
  @Test func anAncestorNeedsNotBeValidAsAWhole() throws {
    let over = bytes(("criteria:\n", "budget: {criteria: 1}\ncriteria:\n"))
    #expect(throws: SyntaxError.self) { try Rubric(parsing: over) }
    let merge = try FileMerge(
      base: over, ours: bytes(("a good", "a better")), theirs: bytes(("b good", "b better")))
    #expect(merge.isClean)
    #expect(merge.text == bytes(("a good", "a better"), ("b good", "b better")))
  }

  // MARK: Laws

  /// Whatever is merged, the file reads as the merged rubric, or is refused as unfinished.
  @Test func theFileIsTheMerge() throws {
    try forAll(cases: Cases.count / 4) { make in
      let (base, left, right) = make.fork()
      let merged = try Rubric.merge(base: base, ours: MergeSide(left), theirs: MergeSide(right))
      func file(_ rubric: Rubric) -> [UInt8] { Array(rubric.canonicalText.utf8) }
      let merge = try FileMerge(base: file(base), ours: file(left), theirs: file(right))
      try #require(merge.conflicts == merged.conflicts)
      if merged.isClean {
        try #require(try Rubric(parsing: merge.text) == merged.rubric)
      } else {
        try #require(Rubric.findings(in: merge.text).first?.code == .unfinishedMerge)
        let read = try #require(UnfinishedMerge(parsing: merge.text))
        try #require(Rubric.unchecked(read.document)?.rubric == merged.rubric)
      }
    }
  }

  /// Two rubrics that differ have different texts for git to compare, and one has one.
  @Test func lineTextsDiffer() throws {
    try forAll(cases: Cases.count / 4) { make in
      let rubric = make.rubric()
      let other = make.mutant(of: rubric)
      try #require((rubric == other) == (rubric.lineText == other.lineText))
      try #require(try Rubric(parsing: rubric.json.indentedText).lineText == rubric.lineText)
    }
  }
}
