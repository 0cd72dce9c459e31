import MetaEditor
import RubricStore
import Testing

/// What is one sample's own, with evidence and without.
@Suite struct FrozenSampleTests {
  private func rubric(_ reason: String, _ more: String = "") throws -> Rubric {
    try Rubric(
      parsing: """
        schema: rubric/1
        id: r
        \(more)
        criteria:
          - {id: a, text: Does it argue well?, lower_when: ["\(reason)"]}
        """)
  }

  /// Rollouts with `prompts` prompts, each answered `each` times; `change` may alter one.
  private func evidence(
    _ prompts: Int, each: Int = 1, _ change: (Int, inout Rollout) -> Void = { _, _ in }
  ) throws -> Evidence {
    let rubric = try rubric("It is short.")
    var gatherer = EvidenceGatherer(rubric: rubric) { _ in true }
    for prompt in 0..<prompts {
      for number in 0..<each {
        var rollout = Rollout(
          name: "r\(prompt)-\(number)", prompt: "Write an essay on subject \(prompt) for a reader.",
          response: "My essay on subject \(prompt) says what Aristotle said of reasons and causes.")
        change(prompt, &rollout)
        gatherer.add(GradedRollout(rollout, rubric: "x", verdicts: ["a": .value(1)]))
      }
    }
    return gatherer.gathered
  }

  private func found(_ rubric: Rubric, _ evidence: Evidence? = nil) -> [LintFinding] {
    RubricLint.findings(in: rubric, evidence: evidence, only: [.frozenSample])
  }

  @Test func aNameOfOneSample() throws {
    let evidence = try evidence(40) { number, rollout in
      if number == 7 { rollout.prompt += " Then discuss how Cemex grew in Mexico." }
    }
    let named = found(try rubric("It does not say how Cemex prices cement."), evidence)
    #expect(named.map(\.path) == ["a.lower_when[1]"])
    #expect(named.first?.rollouts == ["r7-0"])
    #expect(named.first?.excerpt == "Cemex")
    // A name that all have is general, and one that nobody has is unknown.
    #expect(found(try rubric("It does not say what Aristotle meant."), evidence) == [])
    #expect(found(try rubric("It does not say what Plato meant."), evidence) == [])
    // A rubric for one prompt may name what the prompt is about.
    #expect(
      found(
        try rubric(
          "It does not say how Cemex prices cement.", "subject: {granularity: instance, key: p7}"),
        evidence) == [])
  }

  @Test func aNameOfOnePromptWithManyRollouts() throws {
    let evidence = try evidence(12, each: 20) { number, rollout in
      if number == 3 { rollout.prompt += " Mention the shrimp of Iran." }
    }
    #expect(found(try rubric("It leaves out what Iran did."), evidence).count == 1)
    // With few prompts each rollout is a sample of its own, and this is in half of them.
    let two = try self.evidence(2, each: 30) { number, rollout in
      if number == 1 { rollout.prompt += " Mention the shrimp of Iran." }
    }
    #expect(found(try rubric("It leaves out what Iran did."), two) == [])
  }

  @Test func aPassageOfOneSample() throws {
    let passage = "higher education costs students more than their later wages repay"
    let evidence = try evidence(40) { number, rollout in
      if number == 5 { rollout.response += " I hold that " + passage.uppercased() + "." }
    }
    let copied = found(
      try rubric("Such as: “\(passage.replacing(" more", with: ", more"))”, a bare claim."),
      evidence)
    #expect(copied.map(\.path) == ["a.lower_when[1]"])
    #expect(
      copied.first?.excerpt == "higher education costs students, more than their later wages repay")
    // Five words in a row are chance.
    #expect(found(try rubric("Education costs students more than money."), evidence) == [])
    // What every prompt says is the task.
    #expect(
      found(try rubric("Its subject is not the essay on subject for a reader."), evidence) == [])
  }

  @Test func withoutEvidence() throws {
    let two = found(try rubric("It does not compare Cemex with its rivals in Mexico."))
    #expect(two.map(\.path) == ["a.lower_when[1]"])
    #expect(found(try rubric("It does not name the treaty of Utrecht of 1713.")).count == 1)
    #expect(found(try rubric("It does not cite https://example.org/essay.html.")).count == 1)
    for fine in [
      "It ignores the Academic Standards.", "It is not Standard English.",
      "It is written in French.",
      "It uses LaTeX or Markdown.", "It has fewer than 250 words.", "I cannot follow it.",
      "The Essay Is Written In Title Case Like This.", "It mixes British and American spelling.",
    ] {
      #expect(found(try rubric(fine)) == [], "\(fine)")
    }
    // Fewer than ten samples tell as little as none.
    let few = try evidence(9)
    #expect(
      found(try rubric("It does not compare Cemex with its rivals in Mexico."), few).count == 1)
  }
}
