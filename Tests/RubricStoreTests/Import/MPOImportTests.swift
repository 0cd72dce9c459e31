import RubricStore
import Testing

private func imported(_ text: String, name: String = "essay.txt") throws -> ImportResult {
  try Importer.rubric(from: Array(text.utf8), format: .mpo, name: name)
}

private func problems(_ text: String) -> [String] {
  do throws(SyntaxError) {
    _ = try Importer.rubric(from: Array(text.utf8), format: .mpo)
    return []
  } catch {
    return error.findings.map(\.description)
  }
}

/// The ten files of MPO; the tests are skipped where they are not there.
@Suite("Rubrics of Meta Policy Optimization, as published", .enabled(if: SharedData.isThere))
struct MPOPublishedTests {
  @Test("all ten are valid, round-trip byte by byte, and keep every word")
  func all() throws {
    let files = try SharedData.files(in: "mpo", ending: ".txt")
    #expect(files.count == 10)
    for file in files {
      let bytes = try SharedData.bytes(file)
      #expect(Importer.detect(bytes) == .mpo)
      let result = try Importer.rubric(from: bytes, name: file)
      let rubric = result.rubric
      #expect(rubric.findings == [], "\(file)")
      #expect(Array(MPOExport.text(rubric).utf8) == bytes, "\(file)")
      #expect(rubric.aggregation == Aggregation(method: .sum, clip: nil))
      #expect(rubric.judge.mode == .oneCall)
      #expect(rubric.ext["mpo"]?["file"] == nil, "\(file)")
      // The fields alone give the items: nothing had to be kept twice.
      #expect(rubric.criteria.allSatisfy { $0.ext["mpo"]?["raw"] == nil }, "\(file)")
      #expect(try Rubric(parsing: rubric.canonicalText) == rubric, "\(file)")
      for criterion in rubric.criteria {
        #expect(criterion.scale.bounds != nil)
        #expect(criterion.origin == .import)
      }
    }
  }

  @Test("the expert's essay rubric: five criteria, their levels, and the closing note")
  func expert() throws {
    let file = "mpo/essay_writing/evaluation_rubric_expert.txt"
    let rubric = try Importer.rubric(from: SharedData.bytes(file), name: file).rubric
    #expect(rubric.id == "evaluation_rubric_expert" || rubric.id == "evaluation-rubric-expert")
    #expect(
      rubric.criteria.map(\.title) == [
        "Ideas and Content", "Organization", "Style", "Voice", "Language Conventions",
      ])
    #expect(rubric.criteria.map(\.id).map(\.rawValue).last == "language-conventions")
    for criterion in rubric.criteria.dropLast() {
      #expect(criterion.scale.levels.map(\.value) == [6, 5, 4, 3, 2, 1])
      guard case .levels = criterion.scale else {
        Issue.record("\(criterion.id) is not a scale of levels")
        continue
      }
    }
    #expect(rubric.criteria[4].scale.levels.map(\.value) == [4, 3, 2, 1])
    #expect(
      rubric.criteria[0].scale.levels[5].text.hasSuffix(
        "- Is it unsuccessful in attempts to explore any facets of the prompt?"))
    #expect(rubric.criteria[0].scale.levels[0].text.hasPrefix("Does the writing sample fully"))
    #expect(rubric.postamble.hasPrefix("NOTE: The elements of this rubric"))
    #expect(rubric.postamble.hasSuffix("no more than 2 score points."))
  }

  @Test("the oracle's essay rubric: ids from slugs, reasons to score lower")
  func oracle() throws {
    let file = "mpo/essay_writing/evaluation_rubric_oracle.txt"
    let rubric = try Importer.rubric(from: SharedData.bytes(file), name: file).rubric
    #expect(rubric.criteria.map(\.id) == ["flow", "organization", "balance"])
    #expect(rubric.criteria[0].title == "Logical Flow and Structure")
    #expect(rubric.criteria[0].text.hasPrefix("Assess the logical progression"))
    #expect(rubric.criteria[0].text.hasSuffix("relate to the aspect."))
    #expect(rubric.criteria.map(\.lowerWhen.count) == [4, 4, 4])
    #expect(
      rubric.criteria[1].scale == .numeric(NumericRange(min: 0, max: 5, step: 1), levels: []))
  }

  @Test("scales in words, and the standard with a note where there are none")
  func wording() throws {
    for (file, hasNote) in [
      ("essay_writing/evaluation_rubric_real_iter_0", false),
      ("essay_writing/evaluation_rubric_autoprompt", false),
      ("ethical_reasoning/evaluation_rubric_real_iter_0", false),
      ("ethical_reasoning/evaluation_rubric_autoprompt", false),
      ("summarization/evaluation_rubric_autoprompt", false),
      ("math_reasoning/evaluation_rubric_autoprompt", false),
      ("math_reasoning/evaluation_rubric_real_iter_0", true),
    ] {
      let path = "mpo/\(file).txt"
      let result = try Importer.rubric(from: SharedData.bytes(path), name: path)
      #expect(
        result.rubric.criteria.map(\.scale) == [
          .numeric(NumericRange(min: 0, max: 5, step: 1), levels: [])
        ], "\(file)")
      #expect(result.notes.contains { $0.message.hasPrefix("no scale is named") } == hasNote)
    }
  }
}

@Suite("Rubrics of Meta Policy Optimization, by hand")
struct MPOImportTests {
  private let evolved = """
    <rubric>
    Read the essay twice.

    <item>
    ### Clarity (10 points)
    Judge how clear it is.
    - **10 points**: Clear throughout. (Example: "Higher education pays.")
    - **5 points**: Clear in parts.
      - Example: "Some say so."
    - **0 points**: Not clear.
    </item>

    <item>
    ### Structure (0-4)
    - (4): Well built.
    - (2): Half built
      and half not.
    - (0): Not built.
    </item>
    Between them.
    <item>
    ### Deductions (0-3)
    - 3: Many errors.
    - 0: None.
    </item>

    <item>
    ### Clarity
    Is it clear? Give an integer score from 1 (bad) to 7 (good).
    </item></rubric>
    """

  @Test("levels in lines, examples, ranges in titles, deductions, text between items")
  func evolvedRubric() throws {
    let result = try imported(evolved)
    let rubric = result.rubric
    #expect(rubric.findings == [])
    #expect(rubric.id == "essay")
    #expect(rubric.preamble == "Read the essay twice.")
    #expect(rubric.criteria.map(\.id) == ["clarity", "structure", "deductions", "clarity-2"])
    #expect(rubric.criteria.map(\.title) == ["Clarity", "Structure", "Deductions", "Clarity"])
    #expect(
      rubric.criteria[0].scale
        == .levels([
          Level(value: 10, text: "Clear throughout.", examples: [#""Higher education pays.""#]),
          Level(value: 5, text: "Clear in parts.", examples: [#""Some say so.""#]),
          Level(value: 0, text: "Not clear."),
        ]))
    #expect(rubric.criteria[0].text == "Judge how clear it is.")
    #expect(rubric.criteria[1].scale.levels.map(\.value) == [4, 2, 0])
    #expect(rubric.criteria[1].scale.levels[1].text == "Half built\n  and half not.")
    #expect(rubric.criteria[2].polarity == .negative)
    #expect(rubric.criteria[2].credit == .penalty)
    #expect(rubric.criteria[3].scale == .numeric(NumericRange(min: 1, max: 7, step: 1), levels: []))
    #expect(MPOExport.text(rubric) == evolved)
    #expect(
      result.notes.map(\.description) == [
        "1: the text before the items became the preamble, which the judge reads",
        "21: deductions: read as negative, so that it costs points; MPO itself adds them",
        "21: deductions: text between the items is not shown to the judge; it is kept in ext.mpo.gaps",
      ])
  }

  @Test("an edited rubric is written with its new words, the rest as it was")
  func edited() throws {
    var rubric = try imported(evolved).rubric
    rubric.criteria[3].text = "Is it clear? Give an integer score from 1 (bad) to 9 (good)."
    rubric.preamble = "Read the essay three times."
    let text = MPOExport.text(rubric)
    #expect(text.contains("to 9 (good)") && !text.contains("to 7 (good)"))
    #expect(
      text.hasPrefix("<rubric>\nRead the essay three times.\n\n<item>\n### Clarity (10 points)"))
    #expect(text.contains("- **10 points**: Clear throughout."))
    rubric.criteria[0].title = "Lucidity"
    #expect(MPOExport.text(rubric).contains("### Lucidity\n"))
    rubric.criteria.removeLast(3)
    #expect(try imported(MPOExport.text(rubric)).rubric.criteria.map(\.title) == ["Lucidity"])
  }

  @Test("deductions whose scores are negative already stay positive")
  func negativeScores() throws {
    let rubric = try imported(
      "<rubric>\n<item>\n### Deductions\n- 0: None.\n- -5: Many.\n</item>\n</rubric>"
    ).rubric
    #expect(rubric.criteria[0].polarity == .positive)
    #expect(rubric.criteria[0].scale.levels.map(\.value) == [0, -5])
  }

  @Test("a title's range that is wider than the levels")
  func wideRange() throws {
    let result = try imported(
      "<rubric>\n<item>\n### A (10 points)\n- 8: Good.\n- 2: Bad.\n</item>\n</rubric>")
    #expect(
      result.rubric.criteria[0].scale
        == .numeric(
          NumericRange(min: 0, max: 10, step: 1),
          levels: [Level(value: 8, text: "Good."), Level(value: 2, text: "Bad.")]))
    #expect(result.rubric.findings == [])
    #expect(result.notes.count == 1)
  }

  @Test(
    "lines that look like levels and are none stay text",
    arguments: [
      "### A\n- 5: Once.\n- 5: Twice.\n- 4: x", "### A\n- 5: Only one.", "### A (see below)\nText",
      "### A\nTo do: 1) read 2) write\n10-8: a band\n7-5: another", "#### Score 5\nno title",
    ])
  func noLevels(_ body: String) throws {
    let text = "<rubric>\n<item>\n\(body)\n</item>\n</rubric>\n"
    let result = try imported(text)
    #expect(result.rubric.findings == [])
    #expect(result.rubric.criteria[0].scale.levels.isEmpty)
    #expect(MPOExport.text(result.rubric) == text)
    #expect(result.notes.count == 1)
  }

  @Test(
    "texts that do not fit the usual layout come back byte by byte",
    arguments: [
      "<item>a</item>", "<rubric><item>a</item></rubric>",
      "\u{FEFF}<rubric>\n<item>\na\n</item>\n</rubric>",
      "intro\n<rubric>\nmore\n<item>\n  a  \n\n</item>\n\n\n<item>b</item></rubric>\nafter\n\n",
      "<rubric>\r\n<item>\r\n### A (flow): x\r\ny\r\n</item>\r\n</rubric>\r\n",
      "<rubric>\n<item>\r\na\rb\n</item>\n</rubric>",
      "<rubric>\n<item>\n### A\n- 2: x\n- 1: y\n\nA paragraph.\n\nAssign lower scores when:\n- p\n- p\n* q\n  more\nrest\n</item>\n</rubric>",
      "<rubric>\n<item>\n### A:\n### B\n#### 2 points\n\n\n#### 1 point\nAssign lower scores when:\nnothing\n</item>\n</rubric>",
      "[Start of Meta-Level Guidelines]a[End of Meta-Level Guidelines] b",
      "x [Start of Meta-Level Guidelines]\n\na\n[End of Meta-Level Guidelines]",
      "<rubric>\n<item>\n### 日本語 (à)\né e\u{301}\n</item>\n</rubric>",
      "<rubric>\n<item>\n### \(String(repeating: "long ", count: 100))\nx\n</item>\n</rubric>",
    ])
  func layouts(_ text: String) throws {
    let rubric = try imported(text).rubric
    #expect(Array(MPOExport.text(rubric).utf8) == Array(text.utf8))
    #expect(rubric.findings == [])
    #expect(try Rubric(parsing: rubric.canonicalText) == rubric)
    // What is kept comes through the file, too.
    #expect(
      Array(MPOExport.text(try Rubric(parsing: rubric.canonicalText)).utf8) == Array(text.utf8))
    #expect(!rubric.canonicalText.isEmpty)
  }

  @Test(
    "generated texts of awkward pieces come back byte by byte", arguments: 0..<40 as Range<UInt64>)
  func generated(seed: UInt64) throws {
    var random = RandomSource(seed: 900 + seed)
    let pieces = [
      "\n", "\n\n", " ", "### A", "### B (b)", "### C (0-5): ", "#### Score 3", "#### **2**",
      "- 5: five", "- (4): four (Example: x)", "* **3 points**: three", "  - Example: ex",
      "Assign lower scores when:", "- reason", "score from 0 to 9.", "text", "(", "**", ":", "–",
      "\r\n", "- ", "1", "é",
    ]
    for number in 0..<50 {
      var text = random.pick(["<rubric>\n", "", "<rubric>", "pre\n<rubric>\n"])
      let hasRubric = text.contains("<rubric>")
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let body = (0..<Int.random(in: 1...12, using: &random)).map { _ in random.pick(pieces) }
        text += "<item>\n" + body.joined(separator: random.pick(["", "\n"])) + "x</item>"
        text += random.pick(["\n\n", "", "\nmid\n"])
      }
      text += hasRubric ? random.pick(["\n</rubric>", "</rubric>\n", "\nNOTE\n</rubric>\n"]) : ""
      let rubric = try imported(text).rubric
      #expect(
        Array(MPOExport.text(rubric).utf8) == Array(text.utf8), "seed \(seed), case \(number)")
      #expect(rubric.findings == [], "seed \(seed), case \(number)")
    }
  }

  @Test(
    "what is wrong is named with its place",
    arguments: [
      ("", ["1:1: the text is empty (every criterion stands between `<item>` and `</item>`)"]),
      (
        "<rubric>\n</rubric>",
        ["1:1: the text has no `<item>` (every criterion stands between `<item>` and `</item>`)"]
      ),
      ("<rubric>\n<item>\na\n</rubric>", ["2:1: the item is not closed; expected `</item>`"]),
      (
        "<rubric>\n<item>a<item>b</item></item>\n</rubric>",
        [
          "2:8: `<item>` inside the item of line 2 (close that item first)",
          "2:22: `</item>` closes nothing (remove it, or open the item)",
        ]
      ),
      ("<rubric>\n<item>a</item>", ["1:1: the rubric is not closed; expected `</rubric>`"]),
      ("<item>a</item></rubric>", ["1:15: `</rubric>` closes nothing"]),
      ("<rubric><item> \n </item></rubric>", ["1:9: the item is empty (remove it)"]),
      (
        "<rubric><item>a</item></rubric><rubric><item>a</item></rubric>",
        ["1:32: a second `<rubric>` (import the rubrics one by one)"]
      ),
      (
        "\n[Start of Meta-Level Guidelines]\na",
        [
          "2:1: the guidelines that start here do not end; expected `[End of Meta-Level Guidelines]`"
        ]
      ),
      (
        "<rubric><item>a\u{1}</item></rubric>",
        ["1:16: the text holds the control character U+0001 (remove it)"]
      ),
    ])
  func invalid(_ text: String, _ expected: [String]) {
    #expect(problems(text) == expected)
  }

  @Test("large and repetitive texts end")
  func large() throws {
    let item = "<item>\n### A\nfrom 0 (from 0 (from 1 ( to score\n- 5: x\n</item>\n!\n"
    let many = "<rubric>\n" + String(repeating: item, count: 2_000) + "</rubric>"
    let rubric = try imported(many).rubric
    #expect(rubric.criteria.count == 2_000)
    #expect(Set(rubric.criteria.map(\.id)).count == 2_000)
    #expect(MPOExport.text(rubric) == many)
    #expect(problems(String(repeating: "<item>", count: 20_000)).count == 1)
    #expect(problems(String(repeating: "</item>", count: 20_000)).count == 1)
    let words = String(repeating: "score from 0 ( ", count: 20_000)
    #expect(try imported("<item>\(words)</item>").rubric.criteria.count == 1)
  }
}
