import MetaEditor
import ModelEndpoint
import RubricStore
import Testing

@Suite struct RejudgingTests {
  private static let old = String(repeating: "cd", count: 20)

  private func judge(_ rubric: Rubric) throws -> Judge {
    try Judge(
      rubric, commit: try #require(JudgeSample.commit),
      model: ScriptedModel { _, _ in #"{"reason": "new", "verdict": 1}"# },
      templates: PromptTemplates(), engine: MustacheEngine())
  }

  private func pairs(_ lines: String...) throws -> RejudgingPairs {
    var pairs = RejudgingPairs()
    for (index, line) in lines.enumerated() {
      try pairs.add(line: Array(line.utf8), number: index + 1)
    }
    return pairs
  }

  /// Two versions of a rubric; the words of `flow` and the weight of `style` differ.
  private func versions(_ mode: String) throws -> (old: Rubric, new: Rubric) {
    let old = try JudgeSample.rubric(mode)
    var new = old
    new.criteria[0].text = "Does it really flow?"
    new.criteria[1].weight = 7
    return (old, new)
  }

  private func record(_ judge: JudgeStamp?, _ verdicts: [CriterionID: Verdict]) -> GradedRollout {
    GradedRollout(
      JudgeSample.rollout, rubric: Self.old, verdicts: verdicts, reward: 0.1, judge: judge)
  }

  @Test func whatHasNotChangedIsTakenOver() async throws {
    let (old, new) = try versions("per_criterion")
    let judge = try judge(new)
    var rejudging = try Rejudging(
      judge,
      pairs: try pairs(#"{"rollout": "r1", "criterion": "flow", "rubric": "\#(judge.commit)"}"#)
    ) { $0 == Self.old ? old : nil }
    let record = record(
      judge.stamp,
      [
        "flow": .value(5), "style": Verdict(.value(2), reason: "fine"), "facts": .error("timeout"),
        "gone": .value(1),
      ])
    let task = try rejudging.task(for: record)
    #expect(task.criteria == ["flow"])
    #expect(
      task.carried == ["style": Verdict(.value(2), reason: "fine"), "facts": .error("timeout")])
    #expect(rejudging.carried == 2 && rejudging.left == 0 && rejudging.waiting.isEmpty)
    #expect(judge.requests(for: task).count == 1)
    var graded: JudgedRollout?
    let source = Once(task)
    try await judge.judge(next: { await source.next() }, write: { graded = $0 })
    let result = try #require(graded)
    #expect(result.asked == ["flow"] && result.calls == 1)
    #expect(result.record.verdicts["flow"] == Verdict(.value(1), reason: "new"))
    #expect(result.record.verdicts["style"] == Verdict(.value(2), reason: "fine"))
    #expect(result.record.verdicts.count == 3)
    #expect(result.record.rubric == "essay@\(judge.commit.hex)")
  }

  @Test func whatIsNeitherNamedNorComparableIsLeftOut() throws {
    let (old, new) = try versions("per_criterion")
    let judge = try judge(new)
    var rejudging = try Rejudging(
      judge, pairs: try pairs(#"{"rollout": "r9", "criterion": "style"}"#)
    ) {
      $0 == Self.old ? old : nil
    }
    let task = try rejudging.task(for: record(nil, ["flow": .value(5), "style": .value(2)]))
    #expect(task.criteria == [] && task.carried == ["style": .value(2)])
    // The words of `flow` are others, and there never was a verdict on `facts`.
    #expect(rejudging.left == 2)
    #expect(rejudging.unstamped == 1)
    #expect(rejudging.waiting == ["r9"])
    #expect(judge.requests(for: task).isEmpty)
  }

  @Test func nothingIsTakenOverFromAVersionThatNobodyHas() throws {
    let (_, new) = try versions("per_criterion")
    let judge = try judge(new)
    var rejudging = try Rejudging(judge, pairs: RejudgingPairs()) { _ in nil }
    let task = try rejudging.task(for: record(judge.stamp, ["style": .value(2)]))
    #expect(task.carried.isEmpty && rejudging.left == 3)
    #expect(rejudging.unknownVersions == [Self.old])
  }

  @Test func aRubricThatIsShownWholeIsJudgedWhole() throws {
    for mode in ["one_call", "plan_execute", "holistic"] {
      let (old, new) = try versions(mode)
      let judge = try judge(new)
      var rejudging = try Rejudging(
        judge, pairs: try pairs(#"{"rollout": "r1", "criterion": "flow"}"#)
      ) {
        $0 == Self.old ? old : nil
      }
      let verdicts: [CriterionID: Verdict] = ["style": .value(2), "essay": .value(1)]
      let task = try rejudging.task(for: record(judge.stamp, verdicts))
      #expect(task.criteria == nil && task.carried.isEmpty, "\(mode)")
      #expect(judge.requests(for: task).count == 1)
      var others = record(judge.stamp, verdicts)
      others.rollout.name = "r2"
      let other = try rejudging.task(for: others)
      #expect(other.criteria == [] && other.carried.isEmpty, "\(mode)")
    }
  }

  @Test func anOverallVerdictStandsWhereOnlyTheRewardChanged() throws {
    let old = try JudgeSample.rubric("holistic")
    var new = old
    new.aggregation.clip = nil
    let judge = try judge(new)
    var rejudging = try Rejudging(judge, pairs: RejudgingPairs()) { _ in old }
    let task = try rejudging.task(for: record(judge.stamp, ["essay": .value(1)]))
    #expect(task.carried == ["essay": .value(1)])
  }

  @Test func verdictsOfTwoJudgesAreNotMixed() throws {
    let (old, new) = try versions("per_criterion")
    var rejudging = try Rejudging(try judge(new), pairs: RejudgingPairs()) { _ in old }
    let other = JudgeStamp(model: "another", prompt: "0123456789ab")
    let error = #expect(throws: ProposerError.self) {
      try rejudging.task(for: record(other, ["style": .value(2)]))
    }
    #expect(error?.code == .invalidInput)
    #expect(error?.message.contains("`another` (prompt 0123456789ab)") == true)
  }

  @Test func pairsMustFitTheRubric() throws {
    let (old, new) = try versions("per_criterion")
    let judge = try judge(new)
    for id in ["styel", "old", "essay"] {
      let error = #expect(throws: ProposerError.self, "\(id)") {
        try Rejudging(judge, pairs: try pairs(#"{"rollout": "r1", "criterion": "\#(id)"}"#)) { _ in
          nil
        }
      }
      #expect(error?.message.contains("`\(id)`") == true)
    }
    let line = #"{"rollout": "r1", "criterion": "flow", "rubric": "\#(Self.old)"}"#
    #expect(throws: ProposerError.self) {
      try Rejudging(judge, pairs: try pairs(line)) { _ in old }
    }
    // Another version in which the judge is asked the same will do.
    var changed = new
    changed.criteria[1].weight = 1
    let same = changed
    _ = try Rejudging(judge, pairs: try pairs(line)) { _ in same }
  }

  @Test(arguments: [
    "{}", "[]", "x", #"{"rollout": "r1"}"#, #"{"rollout": 1, "criterion": "flow"}"#,
    #"{"rollout": "r1", "criterion": "Not An Id"}"#,
  ])
  func whatIsNoPairIsSaid(line: String) {
    var pairs = RejudgingPairs()
    let error = #expect(throws: SyntaxError.self) {
      try pairs.add(line: Array(line.utf8), number: 7)
    }
    #expect(error?.findings.first?.mark?.line == 7)
    #expect(pairs.count == 0)
  }
}

private actor Once {
  private var task: JudgingTask?

  init(_ task: JudgingTask) { self.task = task }

  func next() -> JudgingTask? {
    defer { task = nil }
    return task
  }
}
