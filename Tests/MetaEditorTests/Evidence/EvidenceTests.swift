import MetaEditor
import RubricStore
import Testing

@Suite struct EvidenceTests {
  private static var rubric: Rubric {
    var flow = Criterion(id: "flow", text: "Does it flow?")
    flow.scale = .numeric(NumericRange(min: 0, max: 4, step: 1), levels: [])
    flow.gate = Gate(min: 2)
    var lies = Criterion(id: "lies", text: "Does it lie?")
    lies.polarity = .negative
    lies.scale = .numeric(NumericRange(min: 0, max: 10), levels: [])
    lies.gate = Gate(min: 8, effect: .cap, cap: 0.1)
    return Rubric(id: "essay", criteria: [flow, lies, Criterion(id: "tone", text: "Is it kind?")])
  }

  private func record(
    _ name: String, _ verdicts: [CriterionID: Verdict], rubric: String = "now",
    response: String = "words", reward: Double? = nil
  ) -> GradedRollout {
    GradedRollout(
      Rollout(name: name, prompt: "p", response: response), rubric: rubric, verdicts: verdicts,
      reward: reward)
  }

  private func gathered(
    _ records: [GradedRollout], _ settings: Evidence.Settings = Evidence.Settings()
  ) -> Evidence {
    var gatherer = EvidenceGatherer(rubric: Self.rubric, settings: settings) { $0 == "now" }
    for record in records { gatherer.add(record) }
    return gatherer.gathered
  }

  @Test func everyAnswerIsCounted() {
    let evidence = gathered([
      record("a", ["flow": .value(4), "lies": .value(0), "tone": .value(1)]),
      record("b", ["flow": .value(1), "lies": .value(3), "tone": .notApplicable]),
      record("c", ["flow": .value(2), "lies": .value(2), "tone": .error("timeout")]),
      record("d", ["flow": .value(7), "lies": .value(0)]),
    ])
    #expect(evidence.count == 4)
    let flow = evidence.tallies["flow"]
    #expect(flow?.values == 3 && flow?.invalid == 1 && flow?.atTop == 1 && flow?.atBottom == 0)
    #expect(flow?.belowGate == 1)
    let lies = evidence.tallies["lies"]
    // A negative criterion's verdict is mirrored before its gate: 10 - 3 is below 8, 10 - 2 is not.
    #expect(lies?.belowGate == 1 && lies?.atBottom == 2)
    let tone = evidence.tallies["tone"]
    #expect(tone?.notApplicable == 1 && tone?.errors == 1 && tone?.missing == 1)
    #expect(tone?.total == 4)
  }

  @Test func otherVersionsAreToldApart() {
    let evidence = gathered([
      record("a", ["flow": .value(4)]), record("b", ["flow": .value(0)], rubric: "then"),
      record("c", ["flow": .value(0)], rubric: "then"), record("d", [:], rubric: "never"),
    ])
    #expect(evidence.count == 1 && evidence.otherCount == 3)
    #expect(evidence.otherVersions == ["then": 2, "never": 1])
    #expect(evidence.tallies["flow"]?.values == 1)
    #expect(evidence.sample.map(\.record.rollout.name) == ["a"])
  }

  @Test func aTrainersOtherRewardIsNoticed() {
    let verdicts: [CriterionID: Verdict] = [
      "flow": .value(4), "lies": .value(0), "tone": .value(1),
    ]
    let same = CompiledRubric(Self.rubric).score(Judgement(rollout: "a", verdicts: verdicts)).reward
    let evidence = gathered([
      record("a", verdicts, reward: same), record("b", verdicts, reward: -3),
      record("c", verdicts),
    ])
    #expect(same != nil)
    #expect(evidence.otherRewards == 1 && evidence.scored == 3)
  }

  @Test(arguments: [0, 1, 2, 7, 64, 500])
  func theSampleDependsOnNamesAndNotOnOrder(_ count: Int) {
    let records = (0..<count).map { record("rollout-\($0)", ["flow": .value(Double($0 % 5))]) }
    let settings = Evidence.Settings(sample: 50)
    let forward = gathered(records, settings).sample.map(\.record.rollout.name)
    let backward = gathered(records.reversed(), settings).sample.map(\.record.rollout.name)
    #expect(forward == backward)
    #expect(forward.count == min(count, 50))
    #expect(Set(forward).count == forward.count)
  }

  @Test func theSampleIsSpreadEvenly() {
    // Names in a row must not fall into the sample in a row.
    let records = (0..<4_000).map { record("r\($0)", [:]) }
    let kept = gathered(records, Evidence.Settings(sample: 400)).sample
    let early = kept.count { Int($0.record.rollout.name.dropFirst()).map { $0 < 2_000 } ?? false }
    // Binomial with n = 400, p = 0.5: five standard deviations are 50.
    #expect((150...250).contains(early))
    let low = gathered(records).sample.count { $0.position < 0.25 }
    #expect((860...1_140).contains(low))
  }

  /// Which rollouts are kept must not decide which are held out.
  @Test func theHoldOutIsSpreadOverASmallSample() {
    let records = (0..<4_000).map { number in
      var record = record("r\(number)", [:])
      record.rollout.gold = 1
      return record
    }
    let evidence = gathered(records, Evidence.Settings(sample: 400))
    let (training, heldOut) = evidence.split(holdout: 0.3)
    // Binomial with n = 400, p = 0.3: five standard deviations are 46.
    #expect((74...166).contains(heldOut.count))
    let given = evidence.withoutHeldOut(0.3)
    #expect(given.sample.count == training.count && given.heldOut == heldOut.count)
    #expect(given.withoutHeldOut(0.3).heldOut == heldOut.count)
    #expect(given.split(holdout: 0.3).heldOut.isEmpty && given.count == 4_000)
  }

  @Test func recordsOfAnotherRubricOfTheSameCommitAreToldApart() {
    let evidence = gathered([
      record("a", ["flow": .value(4)]), record("b", ["sum": .value(1)]), record("c", [:]),
    ])
    #expect(evidence.count == 2 && evidence.otherCount == 1)
  }

  @Test func whatNothingReadsIsNotKept() {
    var one = record(
      "a", ["flow": Verdict(.value(4), reason: String(repeating: "x", count: 9_000))])
    one.rollout.ext = Extensions(["logprobs": "…"])
    one.verdicts["nobody"] = .value(1)
    let kept = gathered([one], Evidence.Settings(sample: 0)).sample.first?.record
    #expect(kept?.rollout.ext.members.isEmpty == true)
    #expect(kept?.verdicts.keys.sorted() == ["flow"])
    #expect(kept?.verdicts["flow"]?.reason.map { $0.utf8.count < 2_100 } == true)
  }

  @Test func longTextsAreCutBetweenScalars() {
    let text = String(repeating: "é", count: 100)
    let evidence = gathered(
      [record("a", [:], response: text)], Evidence.Settings(sample: 1, textBytes: 33))
    let kept = evidence.sample.first?.record.rollout.response
    #expect(kept == String(repeating: "é", count: 16) + " […]")
    // What it looks like from outside is that of the whole.
    #expect(evidence.sample.first?.surface[.length] == 100)
  }

  @Test func theDigestIsThatOfTheLines() throws {
    var gatherer = EvidenceGatherer(rubric: Self.rubric) { _ in true }
    let lines = (0..<300).map {
      #"{"rollout":"r\#($0)","prompt":"p","response":"a","rubric":"c","verdicts":{}}"#
    }
    for (index, line) in lines.enumerated() {
      try gatherer.add(line: Array(line.utf8), number: index + 1)
      try gatherer.add(line: [0x20, 0x0A], number: index + 1)
    }
    #expect(gatherer.gathered.count == 300)
    #expect(
      gatherer.gathered.digest
        == SHA256.hex(Array((lines.joined(separator: "\n") + "\n").utf8)))
    #expect(throws: SyntaxError.self) { try gatherer.add(line: Array("{".utf8), number: 9) }
    #expect(gatherer.gathered.count == 300)
  }

  @Test func aStreamOfManyVersionsIsBounded() {
    let records = (0..<1_000).map { record("r\($0)", [:], rubric: "v\($0)") }
    let evidence = gathered(records)
    #expect(evidence.otherCount == 1_000)
    #expect(evidence.otherVersions.count == Evidence.versionLimit)
  }
}

@Suite struct SurfaceFeatureTests {
  private func features(_ response: String, prompt: String = "") -> SurfaceFeatures {
    SurfaceFeatures(of: Rollout(name: "r", prompt: prompt, response: response))
  }

  @Test func nothingHasNoFeatures() {
    let features = features("", prompt: "Write about the sea and the wind.")
    for name in SurfaceFeatures.Name.allCases { #expect(features[name] == 0) }
  }

  @Test func linesAndMarkupAreCounted() {
    let features = features("# Title\n\n  - one\n2. two\n3 pigs\n*bold*\n")
    #expect(features[.lines] == 5)
    #expect(features[.markup] == 4)
  }

  @Test func repeatedWordsAreTheShareThatCameBefore() {
    #expect(features("the sea, The SEA")[.repetition] == 0.5)
    #expect(features("the sea")[.repetition] == 0)
  }

  @Test func copiesOfThePromptAreRunsOfFourWords() {
    let prompt = "Write an essay about the old harbour town."
    #expect(features("about the old", prompt: prompt)[.copied] == 0)
    #expect(features("Write an ESSAY about", prompt: prompt)[.copied] == 1)
    #expect(features("My town: an essay about the sea is mine", prompt: prompt)[.copied] == 4.0 / 9)
  }
}
