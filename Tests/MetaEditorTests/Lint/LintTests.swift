import MetaEditor
import RubricStore
import Testing

/// Decay that must be caught, beside rubrics that are nearly the same and must not be.
@Suite struct LintTests {
  /// The names of the lints that find something, with the place.
  private func found(
    _ yaml: String, _ evidence: Evidence? = nil
  ) throws -> [String] {
    let rubric = try Rubric(parsing: "schema: rubric/1\nid: r\n" + yaml)
    return RubricLint.findings(in: rubric, evidence: evidence).map { "\($0.lint.name) \($0.path)" }
  }

  /// A criterion with levels from 0 up.
  private func levels(_ texts: String..., more: String = "") -> String {
    var yaml =
      "criteria:\n  - id: a\n    text: Does it argue well?\n\(more)    scale:\n      levels:\n"
    for (value, text) in texts.enumerated() {
      yaml += "        - {value: \(value), text: \"\(text)\"}\n"
    }
    return yaml
  }

  @Test func catalogue() {
    #expect(Set(Lint.all.map(\.name)).count == Lint.all.count)
    for lint in Lint.all {
      #expect(lint.name.allSatisfy { $0.isLowercase || $0 == "_" }, "\(lint.name)")
      #expect(lint.about.hasSuffix("."))
    }
  }

  @Test func levelsOutOfOrder() throws {
    let place = ["levels_out_of_order a.scale.levels[2].text"]
    // The worst level is better than the one above it.
    #expect(
      try found(
        levels(
          "The essay addresses counterarguments but fails to refute them.",
          "The essay does not address any counterarguments.",
          "The essay addresses counterarguments and refutes them.")) == place)
    #expect(
      try found(
        levels(
          "It cites sources for its claims.", "It fails to cite sources for its claims.",
          "It cites a good source for each claim.")) == place)
    let fine = [
      levels(
        "The essay does not address any counterarguments.",
        "The essay addresses counterarguments but fails to refute them.",
        "The essay addresses counterarguments and refutes them."),
      // What is denied is a fault.
      levels(
        "It includes many errors of spelling.", "It does not include errors of spelling.",
        "It reads like print."),
      // Part of it is denied.
      levels(
        "It mentions the main events.", "It explains the causes but does not mention all events.",
        "It explains causes and events."),
      // Something else is denied.
      levels(
        "It provides a list of facts.", "It tells a story but does not provide a moral.",
        "It tells a story with a moral."),
      // Neither is said of the same deed.
      levels("Does it try to answer?", "Is the answer right?", "Is the answer right and complete?"),
    ]
    for yaml in fine { #expect(try found(yaml) == [], "\(yaml)") }
    // On a criterion for a fault a high verdict is bad.
    #expect(
      try found(
        levels(
          "It cites sources for its claims.", "It fails to cite sources for its claims.",
          more: "    polarity: negative\n")) == [])
  }

  @Test func levelsListedUpAndDown() throws {
    func scale(_ values: [Int]) -> String {
      "criteria:\n  - id: a\n    text: t\n    scale:\n      levels:\n"
        + values.map { "        - {value: \($0), text: Text \(["zero", "one", "two"][$0])}\n" }
        .joined()
    }
    #expect(try found(scale([0, 2, 1])) == ["levels_out_of_order a.scale.levels"])
    #expect(try found(scale([0, 1, 2])) == [])
    #expect(try found(scale([2, 1, 0])) == [])
  }

  @Test func labelsOutOfOrder() throws {
    func labels(_ words: [String], _ more: String = "") -> String {
      "criteria:\n  - id: a\n    text: t\n\(more)    scale:\n      levels:\n"
        + words.enumerated().map {
          "        - {value: \($0.offset), label: \($0.element), text: Text \($0.element)}\n"
        }.joined()
    }
    #expect(
      try found(labels(["good", "poor", "excellent"]))
        == ["levels_out_of_order a.scale.levels[2].label"])
    #expect(try found(labels(["poor", "good", "excellent"])) == [])
    #expect(try found(labels(["red", "poor", "blue"])) == [])
    #expect(try found(labels(["good", "poor"], "    polarity: negative\n")) == [])
  }

  @Test func sameLevels() throws {
    #expect(
      try found(levels("No flow.", "Some  flow, at times", "Some flow; at times!"))
        == ["same_levels a.scale.levels[3].text"])
    let examples = """
      criteria:
        - id: a
          text: t
          scale:
            levels:
              - {value: 0, text: None}
              - {value: 1, text: Some, examples: [I came. I saw.]}
              - {value: 2, text: Much, examples: ["I came, I saw."]}
      """
    #expect(try found(examples) == ["same_levels a.scale.levels[3].examples[1]"])
    #expect(try found(levels("No flow.", "Some flow.", "Flow.")) == [])
  }

  @Test func leakedLabel() throws {
    let tag = levels(
      "No reasons. <verdict>RIGHT</verdict>", "Thin reasons. <verdict>RIGHT</verdict>",
      "Good reasons. <verdict>RIGHT</verdict>")
    #expect(try found(tag) == ["leaked_label a.scale.levels[1].text"])
    // In capitals, and in an example of one of the levels.
    let capitals = """
      criteria:
        - id: a
          text: Is the moral judgement argued?
          scale:
            levels:
              - {value: 0, text: It is not argued., examples: ["It is RIGHT."]}
              - {value: 1, text: The verdict RIGHT is argued in part.}
              - {value: 2, text: The verdict RIGHT is argued in full.}
      """
    #expect(try found(capitals) == ["leaked_label a.scale.levels[1].examples[1]"])
    let quoted = levels(
      "No mention of “petty theft”.", "Says “petty theft” once.", "Weighs “petty theft” well.")
    #expect(try found(quoted) == ["leaked_label a.scale.levels[1].text"])
    let fine = [
      // Not in all levels.
      levels("No reasons.", "Reasons for RIGHT.", "Reasons for RIGHT and more."),
      // Each level has its own.
      levels("Says WRONG.", "Says nothing.", "Says RIGHT."),
      // A short word in capitals is a subject.
      levels("Invalid JSON.", "Valid JSON with other keys.", "Valid JSON with the right keys."),
      // The criterion is about it.
      "criteria:\n  - id: a\n    text: Is the answer inside <answer> tags?\n    scale:\n      levels:\n"
        + "        - {value: 0, text: No <answer> at all.}\n        - {value: 1, text: An <answer>.}\n",
    ]
    for yaml in fine { #expect(try found(yaml) == [], "\(yaml)") }
  }

  @Test func unseenReference() throws {
    func one(_ text: String, _ more: String = "") -> String {
      "\(more)criteria:\n  - {id: a, text: \"\(text)\"}\n  - {id: flow, text: Does it flow nicely?}\n"
    }
    let bad = [
      "As in [Evaluation Case #1], mark the sum.", "Compare it with Rollout 12.",
      "Be stricter than the previous rubric.", "Correct the previous underestimation of scores.",
      "Is it better than the other responses?", "It counts for 30% of the total score.",
      "Consider the weight of this criterion.", "Does it match the reference answer?",
      "Use the gold label.", "See the other criteria for style.",
      "As said under criterion 2, be brief.",
      "Judge what `flow` leaves open.", "Leave this to the flow criterion.",
    ]
    for text in bad {
      #expect(try found(one(text)) == ["unseen_reference a.text"], "\(text)")
    }
    let good = [
      "Do the paragraphs follow from previous ones?", "Does it weigh both sides?",
      "Is evidence given more weight than opinion?", "Does it answer the question in the prompt?",
      "Does it refer to other works?", "Are references cited?",
      "Is the case for it made in 3 steps?",
      "Does it meet the first requirement of the prompt?", "Is at least 30% of the text dialogue?",
      "Does it name the `for` loop?", "Is the flow of ideas clear?",
      "Are earlier errors corrected?",
      "Does it correct its previous answer?", "Is the ground truth of the story kept?",
    ]
    for text in good { #expect(try found(one(text)) == [], "\(text)") }
    // A judge that sees everything may be told of the other criteria, and a template may show more.
    for text in ["See the other criteria for style.", "Judge what `flow` leaves open."] {
      #expect(try found(one(text, "judge: {mode: one_call}\n")) == [], "\(text)")
    }
    #expect(
      try found(one("Does it match the reference answer?", "judge: {template: with-answer}\n"))
        == [])
    #expect(
      try found("preamble: Be stricter than the old rubric.\n" + one("Is it good?"))
        == ["unseen_reference preamble"])
  }

  @Test func duplicatedSentence() throws {
    #expect(
      try found(
        levels(
          "It is a list of claims.",
          "It gives reasons for each. Some hold up. It gives reasons, for each!",
          "It gives reasons that hold up."))
        == ["duplicated_sentence a.scale.levels[2].text"])
    // What was smeared over every level.
    #expect(
      try found(
        levels(
          "No reasons. The verdict stands within tags.",
          "Thin ones. The verdict stands within tags.",
          "Good ones. The verdict stands within tags."))
        == ["duplicated_sentence a.scale.levels[1].text"])
    let reason = """
      criteria:
        - id: a
          text: Is it more than a title? A title alone earns nothing.
          lower_when: [a title alone earns nothing]
      """
    #expect(try found(reason) == ["duplicated_sentence a.lower_when[1]"])
    // Neighbouring levels may well share one, and short ones come again.
    #expect(
      try found(
        levels(
          "It has no idea. It does stray.", "It has an idea. Does it explore a few facets of it?",
          "It has a good idea. Does it explore a few facets of it?")) == [])
    #expect(try found(levels("No. Not so.", "Well. Not so.", "Yes. Not so.")) == [])
    let across = """
      criteria:
        - {id: a, text: Is it clear? Every claim must be backed by a source that can be found.}
        - {id: b, text: Is it true? Every claim must be backed by a source that can be found.}
        - {id: c, text: Is it short?}
        - {id: d, text: Is it polite?}
      """
    #expect(try found("judge: {mode: one_call}\n" + across) == ["duplicated_sentence b.text"])
    // Each alone must say it, and what most say is an instruction.
    #expect(try found(across) == [])
    #expect(
      try found(
        "judge: {mode: one_call}\n"
          + across.replacing(
            "Is it short?", with: "Short? Every claim must be backed by a source that can be found."
          ))
        == [])
  }

  @Test func nearDuplicate() throws {
    let evolved = """
      criteria:
        - id: a
          title: Structure and Coherence
          text: The essay is well structured, its ideas connect smoothly and its paragraphs follow a logical order.
        - id: b
          title: Clarity and Coherence
          text: The ideas of the essay are connected smoothly and the paragraphs follow in a clear, logical order.
        - {id: c, title: Evidence, text: Claims are backed by facts and examples.}
      """
    #expect(try found(evolved) == ["near_duplicate b"])
    #expect(
      try found(
        "criteria:\n  - {id: a, title: Style, text: Is it vivid?}\n  - {id: b, title: style, text: Is it short?}\n"
      )
        == ["near_duplicate b"])
    let same = "The summary keeps every number of the article as the article has it."
    #expect(
      try found("criteria:\n  - {id: a, text: \"\(same)\"}\n  - {id: b, text: \"\(same)\"}\n")
        == ["near_duplicate b"])
    let fine = [
      // The same instructions, and other questions.
      """
      criteria:
        - id: a
          title: Logical flow
          text: |
            Assess how ideas progress from one to the next.
            When assigning the score, consider which parts of the text relate to the aspect.
            Lower the score where the text holds special tokens or programming code.
        - id: b
          title: Balance
          text: |
            Assess whether important points get the room that they deserve.
            When assigning the score, consider which parts of the text relate to the aspect.
            Lower the score where the text holds special tokens or programming code.
      """,
      // One thing asked of two.
      """
      criteria:
        - {id: a, text: The accuracy of the model on the training split is reported in the text.}
        - {id: b, text: The accuracy of the model on the validation split is reported in the text.}
      """,
      "criteria:\n  - {id: a, text: The answer names the capital of France by its full name.}\n"
        + "  - {id: b, text: The answer names the capital of Spain by its full name.}\n",
      "criteria:\n  - {id: a, text: The reply is polite towards the customer who complains.}\n"
        + "  - {id: b, text: The reply is not polite towards the customer who complains., polarity: negative}\n",
      // Not side by side.
      "criteria:\n  - {id: g, title: One, criteria: [{id: a, text: \"\(same)\"}]}\n"
        + "  - {id: h, title: Two, criteria: [{id: b, text: \"\(same)\"}]}\n",
    ]
    for yaml in fine { #expect(try found(yaml) == [], "\(yaml)") }
  }

  @Test func scaleMismatch() throws {
    func one(_ fields: String, max: Int = 5) -> String {
      "criteria:\n  - {id: a, \(fields), scale: {numeric: {min: 0, max: \(max), step: 1}}}\n"
    }
    let title = ["scale_mismatch a.title"]
    #expect(try found(one("title: Flow (10 points), text: t")) == title)
    #expect(try found(one("title: Flow (0-10), text: t")) == title)
    #expect(try found(one("title: Flow out of 10, text: t")) == title)
    #expect(try found(one("title: Flow (10 points), text: t", max: 10)) == [])
    #expect(try found(one("title: The war of 1939-1945 (1939-1945), text: t")) == [])
    #expect(try found(one("title: Three act plays in 2 parts, text: t")) == [])
    #expect(try found(one("title: Flow (10 points), text: t, weight: 2")) == [])
    let text = ["scale_mismatch a.text"]
    let long = "Output your score as an integer from 0 (worst quality) to 10 (best quality)."
    #expect(try found(one("text: \"\(long)\"")) == text)
    #expect(try found(one("text: \"\(long)\"", max: 10)) == [])
    #expect(try found(one("text: \"Rate it on a scale of 1 to 10.\"")) == text)
    #expect(try found(one("text: \"Rate it on a 1–10 scale.\"")) == text)
    // Part of the scale, and what is no scale.
    for fine in [
      "Scores from 0 to 2 are for drafts; the scale goes from 0 to 5.",
      "Deduct from 1 to 2 points of the score.", "Do the events go from 1914 to 1918?",
      "It should have between 100 and 200 words; score what it has.",
    ] {
      #expect(try found(one("text: \"\(fine)\"")) == [], "\(fine)")
    }
    #expect(
      try found(levels("Score 0: nothing.", "Score 2: a little.", "Score 2: much."))
        == ["scale_mismatch a.scale.levels[2].text"])
    #expect(
      try found(levels("Score 0: nothing.", "Score 1: a little.", "Level 2 of 3, a lot.")) == [])
  }

  @Test func wrongTotal() throws {
    func rubric(_ preamble: String) -> String {
      "preamble: \(preamble)\naggregation: {method: sum, clip: null}\ncriteria:\n"
        + "  - {id: a, text: t, scale: {numeric: {min: 0, max: 30}}}\n"
        + "  - {id: b, text: u, weight: 2, scale: {numeric: {min: 0, max: 10}}}\n"
    }
    #expect(try found(rubric("\"The total score is out of 100.\"")) == ["wrong_total preamble"])
    #expect(try found(rubric("The criteria add up to 100 points.")) == ["wrong_total preamble"])
    for fine in [
      "The total is out of 40 points.", "The maximum score is 50.", "Four out of 5 dentists agree.",
      "Give no more than 2 score points to a title.", "Mark each criterion out of 30.",
    ] {
      #expect(try found(rubric("\"\(fine)\"")) == [], "\(fine)")
    }
  }

  @Test func blanksAndWeights() throws {
    #expect(try found("criteria:\n  - {id: a, title: Flow}\n") == ["missing_text a.text"])
    let gap = """
      criteria:
        - id: a
          text: t
          scale: {levels: [{value: 0, text: none}, {value: 1}, {value: 2, label: all}]}
      """
    #expect(try found(gap) == ["missing_text a.scale.levels[2].text"])
    #expect(
      try found("criteria:\n  - {id: a, text: t, scale: {levels: [{value: 0}, {value: 1}]}}\n")
        == [])
    let marks = """
      criteria:
        - id: a
          text: "1."
          lower_when: ["…", 句子太短。]
          scale: {levels: [{value: 0, text: "—"}, {value: 1, text: all}]}
      """
    #expect(
      try found(marks).filter { $0.hasPrefix("placeholder") } == [
        "placeholder a.text", "placeholder a.scale.levels[1].text", "placeholder a.lower_when[1]",
      ])
    let zero = "criteria:\n  - {id: a, text: t}\n  - {id: b, text: u, weight: 0"
    #expect(try found(zero + "}\n") == ["zero_weight b.weight"])
    #expect(try found(zero + ", gate: {min: 1, effect: veto}}\n") == [])
    #expect(try found(zero + ", status: diagnostic}\n") == [])
    #expect(try found("judge: {mode: holistic}\n" + zero + "}\n") == [])
    #expect(
      try found(
        "criteria:\n  - {id: g, title: G, rollup: min, criteria: [{id: a, text: t, weight: 0}, {id: b, text: u}]}\n"
      )
        == [])
  }

  @Test func repeatedReason() throws {
    func reasons(_ left: String, _ right: String) -> String {
      "criteria:\n  - {id: a, text: t, lower_when: [\"\(left)\", \"\(right)\"]}\n"
    }
    #expect(
      try found(
        reasons(
          "The ideas repeat the prompt word by word",
          "It repeats ideas of the prompt, word by word."))
        == ["repeated_reason a.lower_when[2]"])
    for (left, right) in [
      ("The text holds words that are not English", "The text holds words that are not sensible"),
      (
        "It ends before the question is answered", "It does not end before the question is answered"
      ),
      ("It has fewer than 100 words in all parts", "It has fewer than 200 words in all parts"),
    ] {
      #expect(try found(reasons(left, right)) == [], "\(left)")
    }
  }

  @Test func inactiveIsNotRead() throws {
    #expect(
      try found(
        "criteria:\n  - {id: a, text: Is it good?}\n"
          + "  - {id: b, text: Be stricter than the previous rubric., status: inactive}\n") == [])
  }

  /// Whatever stands in a rubric, a lint ends and says where it found something.
  @Test func hostileTexts() throws {
    let texts = [
      "<", "<<<>>>", "\"", "“", "`", "((((", "1-", "-1 - 2 - 3", "from 1 to", "# # #", "…",
      "\u{FEFF}", "'",
      "n't n't", "e.g. i.e. U.S.", String(repeating: "a ", count: 5_000), "[Case #", "🧪🧪",
      "score from 5 to 1", "score from 1 (", String(repeating: "(", count: 500), "١٢٣", "ﬁ",
      "\u{301}",
    ]
    for left in texts {
      for right in texts.prefix(8) {
        var criterion = Criterion(id: "a", title: "T", text: left)
        criterion.lowerWhen = [right, left]
        criterion.scale = .levels([
          Level(value: 0, label: right, text: left, examples: [right]),
          Level(value: .nan, text: right),
          Level(value: 2, text: left),
        ])
        for finding in RubricLint.findings(in: Rubric(id: "r", criteria: [criterion])) {
          #expect(!finding.message.isEmpty && !finding.path.isEmpty)
        }
      }
    }
    #expect(RubricLint.findings(in: Rubric(id: "r")) == [])
  }
}
