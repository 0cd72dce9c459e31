import RubricStore
import Testing

/// A run of an essay rubric as Meta Policy Optimization evolves one: ids nowhere, titles that gain
/// points, scales that grow, texts that gain a sentence.
enum SeriesSample {
  static func text(_ items: [String], head: String = "", tail: String = "") -> String {
    "<rubric>\n\(head)" + items.map { "<item>\n\($0)\n</item>" }.joined(separator: "\n\n")
      + "\n\(tail)</rubric>\n"
  }

  static let first = text([
    """
    ### Flow
    Do the ideas follow from one another?
    - 0: They stand in no order.
    - 5: Each leads to the next.
    """,
    """
    ### Evidence
    Are the claims backed by sources?
    - 0: No claim has a source.
    - 5: Every claim has one.
    """,
    """
    ### Style
    Are the words exact?
    - 0: They are vague.
    - 5: They are exact throughout.
    """,
  ])

  /// Scales doubled, a sentence more in each level, points in the titles.
  static let second = text([
    """
    ### Flow (10 points)
    Do the ideas follow from one another?
    - 0: They stand in no order. A list of headings counts as no order.
    - 10: Each leads to the next. The last one answers the first.
    """,
    """
    ### Evidence (10 points)
    Are the claims backed by sources?
    - 0: No claim has a source. A source that is only named counts as none.
    - 10: Every claim has one. The reader can check each.
    """,
    """
    ### Style (10 points)
    Are the words exact?
    - 0: They are vague. Empty praise is vague.
    - 10: They are exact throughout. No sentence could be left out.
    """,
  ])

  /// Another order, one gone, one under another title, one new.
  static let tenth = text([
    """
    ### Sources and Evidence (10 points)
    Are the claims backed by sources?
    - 0: No claim has a source. A source that is only named counts as none.
    - 10: Every claim has one. The reader can check each.
    """,
    """
    ### Flow (10 points)
    Do the ideas follow from one another?
    - 0: They stand in no order. A list of headings counts as no order.
    - 10: Each leads to the next. The last one answers the first.
    """,
    """
    ### Length (10 points)
    Is the essay between two and three pages?
    - 0: It is a title.
    - 10: It is.
    """,
  ])

  /// The first one comes back.
  static let eleventh = first

  static let files = [
    ("run/iter_0.txt", first), ("run/iter_1.txt", second), ("run/iter_10.txt", tenth),
    ("run/iter_11.txt", eleventh),
  ].map { Series.File(name: $0.0, text: Array($0.1.utf8)) }
}

@Suite struct SeriesTests {
  @Test("criteria keep their ids through titles, scales and order; ids that went stay gone")
  func evolution() throws {
    let series = try Series(SeriesSample.files, id: "essay")
    let ids = series.steps.map { $0.rubric.criteria.map(\.id.rawValue) }
    #expect(
      ids == [
        ["flow", "evidence", "style"], ["flow", "evidence", "style"],
        ["evidence", "flow", "length"], ["flow", "evidence", "style-2"],
      ])
    #expect(series.steps[0].edits == nil)
    #expect(
      series.steps[1].edits?.map(\.summary) == [
        "rescale `flow` 2 levels 0–5 → 2 levels 0–10", "set ext of `flow`",
        "rescale `evidence` 2 levels 0–5 → 2 levels 0–10", "set ext of `evidence`",
        "rescale `style` 2 levels 0–5 → 2 levels 0–10", "set ext of `style`",
      ])
    #expect(series.steps[1].members.map(\.basis) == [.title, .title, .title])
    let third = series.steps[2]
    #expect(third.members.map(\.basis) == [.words, .title, nil])
    #expect(third.members[0].score > 0.7)
    #expect(third.removed.map(\.id) == ["style"])
    #expect(
      third.edits?.map(\.operation) == [.add, .remove, .move, .rename, .setExt])
    // Length has other words than the first version's style, so that style is new again.
    #expect(series.steps[3].removed.map(\.id) == ["length"])
    for (before, after) in zip(series.steps, series.steps.dropFirst()) {
      let edits = try #require(after.edits)
      #expect(try before.rubric.applying(edits, by: .import) == after.rubric)
    }
  }

  @Test("every version still exports as its file, byte by byte")
  func exports() throws {
    var files = SeriesSample.files
    // Text between items is kept by the id of the later one.
    files[2].text = Array(
      String(decoding: files[2].text, as: UTF8.self)
        .replacing("</item>\n\n<item>\n### Flow", with: "</item>\nAnd:\n<item>\n### Flow").utf8)
    let series = try Series(files, id: "essay")
    for (file, step) in zip(files, series.steps) {
      #expect(Array(MPOExport.text(step.rubric).utf8) == file.text, "\(file.name)")
    }
    #expect(series.steps[2].rubric.ext["mpo"]?["gaps"]?["flow"] != nil)
  }

  @Test("the map that is written gives the same series again")
  func mapRoundTrip() throws {
    let series = try Series(SeriesSample.files, id: "essay")
    let text = series.map.text
    let map = try SeriesMap(parsing: Array(text.utf8), name: "map.yaml")
    let again = try Series(SeriesSample.files, id: "essay", map: map)
    #expect(again.steps.map(\.rubric) == series.steps.map(\.rubric))
    #expect(again.map.text == text)
    #expect(text.contains("iter_10.txt:\n  evidence: Sources and Evidence\n"), "\(text)")
    #expect(text.contains("  style: null\n"))
  }

  @Test("a map corrects: other ids, another criterion, by title and by position")
  func map() throws {
    let map = try SeriesMap(
      parsing: Array(
        """
        iter_0.txt: {ideas: Flow}
        run/iter_10.txt: {style: 3, pages: null}
        """.replacing(", pages: null", with: "").utf8), name: "map.yaml")
    let series = try Series(SeriesSample.files, id: "essay", map: map)
    let ids = series.steps.map { $0.rubric.criteria.map(\.id.rawValue) }
    #expect(
      ids == [
        ["ideas", "evidence", "style"], ["ideas", "evidence", "style"],
        ["evidence", "ideas", "style"], ["ideas", "evidence", "style-2"],
      ])
    #expect(series.steps[2].members[2].basis == .map)
  }

  @Test(
    "a map that cannot be is refused with its place",
    arguments: [
      ("iter_2.txt: {flow: 1}", "1:1: iter_2.txt: no file of that name is imported"),
      ("iter_1.txt: {flow: 4}", "1:14: iter_1.txt.flow: the file has no criterion 4 (it has 3)"),
      ("iter_1.txt: {flow: Fluw}", "the title `Fluw` (did you mean `Flow`?)"),
      ("iter_1.txt: {flow: 0}", "a position is counted from 1"),
      ("iter_1.txt: {nobody: null}", "the version before has no `nobody` that could be gone"),
      ("iter_1.txt: {flow: 1, style: 1}", "criterion 1 has the id `flow` already"),
      ("iter_11.txt: {style: 3}", "`style` was another criterion earlier"),
      ("iter_1.txt: {Flow!: 1}", "`Flow!` is no id"),
      ("iter_1.txt: {flow: [1]}", "found a list, expected a position, a title or null"),
      ("iter_1.txt: [flow]", "expected a mapping of ids to a position"),
      ("- flow", "expected a mapping of files to ids"),
      ("iter_1.txt: {flow: 1", "1:"),
    ])
  func badMaps(_ text: String, _ message: String) throws {
    do throws(SyntaxError) {
      let map = try SeriesMap(parsing: Array(text.utf8), name: "map.yaml")
      _ = try Series(SeriesSample.files, id: "essay", map: map)
      Issue.record("no error")
    } catch {
      #expect(error.file == "map.yaml")
      #expect(error.description.contains(message), "\(error)")
    }
  }

  @Test("what is wrong with a file is told with its name, and nothing comes of it")
  func badFiles() {
    var files = SeriesSample.files
    files[1].text = Array("<rubric>\n<item>\n".utf8)
    do throws(SyntaxError) {
      _ = try Series(files, id: "essay")
      Issue.record("no error")
    } catch {
      #expect(error.file == "run/iter_1.txt")
    }
  }

  @Test("without an id it is what the names have in common")
  func commonName() throws {
    #expect(try Series(SeriesSample.files).id == "iter")
    let two = [("a/rubric_v1.txt", 0), ("b/rubric_v12.txt", 1)].map {
      Series.File(name: $0.0, text: SeriesSample.files[$0.1].text)
    }
    #expect(try Series(two).id == "rubric-v")
    let none = [("1.txt", 0), ("2.txt", 1)].map {
      Series.File(name: $0.0, text: SeriesSample.files[$0.1].text)
    }
    #expect(try Series(none).id == "imported")
  }

  @Test("formats may change on the way; a document's own ids count")
  func mixed() throws {
    let series = try Series(Array(SeriesSample.files.prefix(2)), id: "essay")
    var own = series.steps[1].rubric
    own.criteria[0].title = "Coherence"
    own.criteria[0].text = "Nothing like before."
    own.criteria.swapAt(1, 2)
    own.criteria.append(Criterion(id: "pages", text: "Is it long enough?"))
    let files =
      Array(SeriesSample.files.prefix(2)) + [
        Series.File(name: "iter_2.yaml", text: Array(own.canonicalText.utf8))
      ]
    let mixed = try Series(files, id: "essay")
    #expect(mixed.steps.map(\.format) == [.mpo, .mpo, nil])
    #expect(mixed.steps[2].rubric == own)
    #expect(mixed.steps[2].members.map(\.basis) == [.id, .id, .id, nil])
  }

  @Test("a series goes on from a rubric, keeps what files cannot say, and skips what it is already")
  func continuing() throws {
    let first = try Series(Array(SeriesSample.files.prefix(2)), id: "essay")
    var tip = try #require(first.steps.last).rubric
    let same = try Series(SeriesSample.files, id: "essay", continuing: tip)
    #expect(same.skipped == ["run/iter_0.txt", "run/iter_1.txt"])
    #expect(same.steps.map(\.name) == ["run/iter_10.txt", "run/iter_11.txt"])
    tip.criteria[0].weight = 3
    tip.criteria[0].pinned = true
    tip.criteria[1].gate = Gate(min: 2)
    tip.description = "Ours."
    let series = try Series(
      [SeriesSample.files[2]], continuing: tip, usedIDs: ["length", "length-2"])
    let rubric = series.steps[0].rubric
    #expect(series.id == "essay")
    #expect(rubric.description == "Ours.")
    #expect(rubric.criteria.map(\.id) == ["evidence", "flow", "length-3"])
    #expect(rubric.criteria[0].gate == Gate(min: 2))
    #expect(rubric.criteria[1].weight == 3)
    #expect(rubric.criteria[1].pinned)
    // The rubric as it was, edited by hand, is what the second file says.
    #expect(try Series(SeriesSample.files, continuing: tip).skipped.count == 2)
  }

  @Test("committed, one commit a version; one that is as before is recorded as looked at")
  func committed() throws {
    let sandbox = try GitSandbox()
    let store = try sandbox.store()
    var files = SeriesSample.files
    files.insert(Series.File(name: "run/iter_2.txt", text: files[1].text), at: 2)
    let series = try Series(files, id: "essay")
    for step in series.steps {
      try store.commit(
        step, rationale: "import \(step.name)",
        proposer: MetaUpdate.Proposer(.import, name: step.name), author: Sample.author)
    }
    let log = try store.log()
    #expect(log.count == 5)
    #expect(log.map(\.proposer.author) == Array(repeating: .import, count: 5))
    #expect(log[2].edits.map(\.operation) == [.noChange])
    #expect(log[4].kind == .created)
    for (entry, step) in zip(log.reversed(), series.steps) {
      #expect(try store.pull("essay", commit: entry.commit).rubric == step.rubric)
      #expect(entry.subject == "essay: import \(step.name)")
    }
    #expect(
      try store.criterionIDs(everIn: "essay")
        == ["flow", "evidence", "style", "style-2", "length"])
    #expect(try sandbox.fsck() == "" && sandbox.status() == "")
  }
}

/// Rubrics as they were published, evolved here; the run's own numbered files are not among the data.
@Suite(.enabled(if: SharedData.isThere, "there is no shared/data beside the project"))
struct SeriesPublishedTests {
  /// Doubles every number of a score and adds a sentence to every level, as the runs did.
  private static func evolved(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
      if line.hasPrefix("### "), !line.contains("):") { return "\(line) (12 points)" }
      guard line.hasPrefix("#### "), let number = line.split(separator: "*").last,
        let value = Int(number)
      else { return String(line) }
      return line.replacing("**\(value)**", with: "**\(2 * value)**")
        + "\nIt holds for this essay only if a second reader says so too."
    }.joined(separator: "\n")
  }

  @Test(
    "an evolved version keeps every criterion in its order, in any order, and one fewer",
    arguments: [
      "essay_writing/evaluation_rubric_expert.txt", "essay_writing/evaluation_rubric_oracle.txt",
      "math_reasoning/evaluation_rubric_autoprompt.txt",
      "ethical_reasoning/evaluation_rubric_real_iter_0.txt",
      "summarization/evaluation_rubric_real_iter_0.txt",
    ])
  func evolution(_ name: String) throws {
    let bytes = try SharedData.bytes("mpo/\(name)")
    let evolved = Self.evolved(String(decoding: bytes, as: UTF8.self))
    let series = try Series(
      [
        Series.File(name: "iter_0.txt", text: bytes),
        Series.File(name: "iter_1.txt", text: Array(evolved.utf8)),
      ], id: "run")
    let before = series.steps[0].rubric.criteria
    #expect(series.steps[1].rubric.criteria.map(\.id) == before.map(\.id))
    #expect(series.steps[1].removed.isEmpty)
    #expect(series.steps[1].members.allSatisfy { $0.basis != nil })
    let again = SeriesMatching(before, series.steps[1].rubric.criteria.reversed().map { $0 })
    #expect(again.pairs.count == before.count)
    #expect(again.pairs.allSatisfy { $0.old == before.count - 1 - $0.new })
    let fewer = SeriesMatching(before, Array(series.steps[1].rubric.criteria.dropFirst()))
    #expect(fewer.pairs.map(\.old) == Array(before.indices.dropFirst()))
  }

  @Test("rubrics of one task that have nothing in common share no id")
  func apart() throws {
    let files = try ["real_iter_0", "oracle", "expert", "autoprompt"].map {
      Series.File(
        name: $0, text: try SharedData.bytes("mpo/essay_writing/evaluation_rubric_\($0).txt"))
    }
    let series = try Series(files, id: "essay")
    #expect(series.steps.dropFirst().allSatisfy { $0.members.allSatisfy { $0.basis == nil } })
    let ids = series.steps.flatMap { $0.rubric.criteria.map(\.id) }
    #expect(Set(ids).count == ids.count)
  }

  @Test("a tree of a thousand requirements is matched by its ids")
  func paperBench() throws {
    let bytes = try SharedData.bytes("paperbench/bam.json")
    let text = String(decoding: bytes, as: UTF8.self)
      .replacing("\"weight\": 2", with: "\"weight\": 3")
    let series = try Series([
      Series.File(name: "bam_1.json", text: bytes),
      Series.File(name: "bam_2.json", text: Array(text.utf8)),
    ])
    #expect(series.steps[1].members.allSatisfy { $0.basis == .id })
    #expect(series.steps[1].edits?.allSatisfy { $0.operation == .reweight } == true)
    // Without ids most are found by their words, and none by those of another.
    let old = series.steps[0].rubric.criteria.everyOne
    let matching = SeriesMatching(old, old.reversed())
    #expect(matching.pairs.count == old.count)
    let wrong = matching.pairs.filter { old[$0.old].text != old[old.count - 1 - $0.new].text }
    #expect(wrong.isEmpty)
  }
}

extension [Criterion] {
  fileprivate var everyOne: [Criterion] { flatMap { [$0] + $0.criteria.everyOne } }
}
