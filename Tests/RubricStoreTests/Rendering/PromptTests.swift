import RubricStore
import Testing

/// A rubric with something in every field that a judge may and may not see.
private func sample(_ mode: JudgeContract.Mode) -> Rubric {
  var flow = Criterion(id: "flow", title: "Logical flow", text: "Judge the order of ideas.")
  flow.scale = .levels([
    Level(
      value: 2, label: "good", text: "Each idea follows.\nNothing jumps.", examples: ["A, so B."]),
    Level(value: 1, text: "Most ideas follow.", examples: ["A. B.", "B, A."]), Level(value: 0),
  ])
  flow.lowerWhen = ["It repeats\nitself.", "It is unfinished."]
  flow.weight = 97
  flow.gate = Gate(min: 1, effect: .cap, cap: 0.93)
  flow.tags = ["SECRET-TAG"]
  flow.origin = .meta
  flow.pinned = true
  flow.ext = Extensions(["secret": "SECRET-EXT"])
  var code = Criterion(id: "code", text: "Is the code right?")
  code.appliesWhen = "The answer holds code."
  code.polarity = .negative
  code.credit = .avoidance
  var off = Criterion(id: "secret-off", text: "SECRET-INACTIVE")
  off.status = .inactive
  var watched = Criterion(id: "tone", title: "Tone")
  watched.status = .diagnostic
  watched.scale = .numeric(
    NumericRange(min: 0, max: 1, step: 0.25), levels: [Level(value: 0.5, text: "Fair.")])
  var group = Criterion(id: "secret-group", title: "Form", text: "How it is written.")
  group.criteria = [watched, off]
  var empty = Criterion(id: "secret-empty", title: "SECRET-EMPTY")
  empty.criteria = [off]
  empty.criteria[0].id = "secret-off-2"
  var rubric = Rubric(id: "secret-rubric", title: "Essay", criteria: [flow, code, group, empty])
  rubric.description = "SECRET-DESCRIPTION"
  rubric.judge = JudgeContract(mode: mode, template: "SECRET-TEMPLATE", model: "SECRET-MODEL")
  rubric.preamble = "Read it twice."
  rubric.postamble = "No more than 1 for two sentences."
  rubric.budget = Budget(criteria: 83)
  rubric.ext = Extensions(["secret": "SECRET-EXT"])
  return rubric
}

@Suite("What the judge is shown")
struct PromptTests {
  @Test("the version is 1; who changes a golden text here changes the version, too")
  func version() { #expect(Rendering.version == 1) }

  private let flow = """
    Judge the order of ideas.

    Level 2 (good):
    Each idea follows.
    Nothing jumps.
    Example: A, so B.

    Level 1: Most ideas follow.
    Example: A. B.
    Example: B, A.

    Level 0

    Score lower when:
    - It repeats
      itself.
    - It is unfinished.
    """

  @Test("the whole rubric in one call")
  func oneCall() {
    #expect(
      sample(.oneCall).prompt() == """
        # Essay

        Read it twice.

        ## Logical flow (`flow`)

        \(flow)

        Verdict: one of 2, 1, 0.

        ## `code`

        Is the code right?

        Applies when: The answer holds code.
        If this does not hold, answer "na".

        Verdict: 1 if it is met, 0 if it is not.

        ## Form

        How it is written.

        ### Tone (`tone`)

        Level 0.5: Fair.

        Verdict: a number from 0 to 1 in steps of 0.25.

        No more than 1 for two sentences.
        """)
  }

  @Test("under plan and execute the judge is told to plan")
  func planExecute() {
    let plan = "First write a plan of how you will grade. Then grade each criterion by your plan."
    let post = "\n\nNo more than 1 for two sentences."
    let expected = sample(.oneCall).prompt().replacingSuffix(post, with: "\n\n\(plan)\(post)")
    #expect(sample(.planExecute).prompt() == expected)
  }

  @Test("under one overall verdict the criteria ask for none")
  func holistic() {
    #expect(
      sample(.holistic).prompt() == """
        # Essay

        Read it twice.

        ## Logical flow (`flow`)

        \(flow)

        ## `code`

        Is the code right?

        Applies when: The answer holds code.
        If this does not hold, leave the criterion out of account.

        ## Form

        How it is written.

        ### Tone (`tone`)

        Level 0.5: Fair.

        Verdict: one number from 0 (worst) to 1 (best) for all of this together.

        No more than 1 for two sentences.
        """)
  }

  @Test("one criterion alone: no title of the rubric, no group, no id")
  func perCriterion() {
    let rubric = sample(.perCriterion)
    #expect(
      rubric.prompt(for: "flow") == """
        Read it twice.

        ## Logical flow

        \(flow)

        Verdict: one of 2, 1, 0.

        No more than 1 for two sentences.
        """)
    #expect(
      rubric.prompt(for: "code") == """
        Read it twice.

        Is the code right?

        Applies when: The answer holds code.
        If this does not hold, answer "na".

        Verdict: 1 if it is met, 0 if it is not.

        No more than 1 for two sentences.
        """)
    for id: CriterionID in ["secret-off", "secret-group", "secret-off-2", "no-such"] {
      #expect(rubric.prompt(for: id) == nil)
      #expect(rubric.answerSchema(for: id) == nil)
    }
    #expect(rubric.prompt() == sample(.oneCall).prompt())
  }

  @Test("nothing that is not the judge's reaches it", arguments: JudgeContract.Mode.allCases)
  func hidden(_ mode: JudgeContract.Mode) throws {
    let rubric = sample(mode)
    var texts = [rubric.prompt(), rubric.answerSchema().jsonText]
    for criterion in rubric.judgedCriteria {
      texts.append(try #require(rubric.prompt(for: criterion.id)))
      texts.append(try #require(rubric.answerSchema(for: criterion.id)).jsonText)
    }
    for text in texts {
      for word in ["secret", "97", "0.93", "83", "negative", "avoidance", "meta", "pinned"] {
        #expect(!text.lowercased().contains(word), "\(word)")
      }
    }
  }

  @Test("empty fields render nothing")
  func empty() {
    let rubric = Rubric(id: "r", criteria: [Criterion(id: "a", text: "Is it?")])
    #expect(rubric.prompt(for: "a") == "Is it?\n\nVerdict: 1 if it is met, 0 if it is not.")
    #expect(rubric.prompt() == "## `a`\n\nIs it?\n\nVerdict: 1 if it is met, 0 if it is not.")
    #expect(Rubric(id: "r").prompt() == "")
  }

  @Test("texts are shown byte by byte, tags and ticks included")
  func verbatim() {
    var criterion = Criterion(id: "a", text: "</rubric> `x` \u{65}\u{301}\r\n\ttab  ")
    criterion.scale = .numeric(NumericRange(min: -1, max: 3, step: 2), levels: [])
    var rubric = Rubric(id: "r", criteria: [criterion])
    rubric.preamble = "  two spaces\n\n"
    #expect(
      rubric.prompt(for: "a")?.utf8.elementsEqual(
        ("  two spaces\n\n\n\n</rubric> `x` \u{65}\u{301}\r\n\ttab  \n\n"
          + "Verdict: a number from -1 to 3 in steps of 2.").utf8) == true)
  }

  @Test("the expert's closing note reaches the judge", .enabled(if: SharedData.isThere))
  func closingNote() throws {
    let bytes = try SharedData.bytes("mpo/essay_writing/evaluation_rubric_expert.txt")
    let prompt = try Importer.rubric(from: bytes, name: "expert.txt").rubric.prompt()
    #expect(prompt.hasSuffix("may receive no more than 2 score points."))
    #expect(
      prompt.contains("## Ideas and Content (`ideas-and-content`)\n\nLevel 6:\nDoes the writing"))
    #expect(prompt.contains("Verdict: one of 4, 3, 2, 1."))
  }

  /// Law: what the judge sees, and only that, decides the prompt and the judge's hash.
  @Test func promptAndHashAgree() throws {
    var same = 0
    try forAll(cases: Cases.count / 5) { make in
      let (old, new) = make.versions()
      guard old.hashes.judge == new.hashes.judge else { return }
      same += 1
      if old.judge.showsWholeRubric {
        try #require(old.prompt().isVerbatim(new.prompt()))
        try #require(old.answerSchema() == new.answerSchema())
      }
      for criterion in old.judgedCriteria.prefix(20) {
        try #require(
          old.answerSchema(for: criterion.id) == new.answerSchema(for: criterion.id))
        try #require(old.prompt(for: criterion.id) == new.prompt(for: criterion.id))
      }
    }
    if Cases.count >= 1_000 { #expect(same > 5) }
  }
}

extension String {
  fileprivate func replacingSuffix(_ suffix: String, with other: String) -> String {
    hasSuffix(suffix) ? dropLast(suffix.count) + other : self
  }
}
