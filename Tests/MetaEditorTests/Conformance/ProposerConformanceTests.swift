import MetaEditor
import MetaEditorConformance
import RubricStore
import Testing

/// A proposer that proposes what it is made of, to see that the suite sees through it.
private struct Faulty: Proposer {
  var name = "faulty/1"
  var isDeterministic = false
  var heedsCancellation = true
  var body: @Sendable (ProposalRequest) async throws -> Proposal

  func propose(_ request: ProposalRequest) async throws -> Proposal {
    if heedsCancellation { try Task.checkCancellation() }
    return try await body(request)
  }
}

extension ProposalRequest {
  /// A change of the first criterion that is judged and a plausible edit with it.
  fileprivate func reweight(_ index: Int = 0, by factor: Double = 0.5) -> Edit? {
    let judged = rubric.judgedCriteria
    guard judged.indices.contains(index) else { return nil }
    let (id, weight) = (judged[index].id, judged[index].weight)
    return Edit(
      .reweight(id, Delta(before: weight, after: weight * factor)), rationale: "It counts less.",
      evidence: evidence.sample.first.map { [$0.record.rollout.name] } ?? [])
  }

  fileprivate var isEnough: Bool { evidence.count >= policy.evidence.rollouts }
}

@Suite struct ProposerConformanceTests {
  /// The checks that find fault with a proposer.
  private func checks(_ proposer: Faulty) async -> Set<String> {
    let scenarios: [ConformanceScenario] = [.ordinary, .tooFew, .allPinned, .injected, .oneEdit]
    let found = await ProposerConformance.violations(
      of: proposer, in: scenarios, patience: .seconds(5))
    return Set(found.compactMap { $0.split(separator: ":").first.map(String.init) })
  }

  @Test func theStatisticalProposerConforms() async {
    #expect(await ProposerConformance.violations(of: StatisticalProposer()) == [])
  }

  @Test func scenariosAreSoundAndTheSameEachTime() {
    let scenarios = ConformanceScenario.all
    #expect(Set(scenarios.map(\.name)).count == scenarios.count)
    for scenario in scenarios {
      #expect(scenario.rubric.findings == [], "\(scenario.name)")
      for record in scenario.records.prefix(3) { #expect(!record.rollout.name.isEmpty) }
    }
    #expect(ConformanceScenario.ordinary.records == ConformanceScenario.ordinary.records)
    #expect(ConformanceScenario.many.rubric.judgedCriteria.count == 300)
    #expect(ConformanceScenario.tooFew.request().evidence.count == 29)
    #expect(ConformanceScenario.otherVersions.request().evidence.otherCount == 240)
  }

  @Test func oneThatProposesNothingConforms() async {
    let quiet = Faulty(isDeterministic: true) { _ in Proposal(rationale: "Nothing to say") }
    #expect(await ProposerConformance.violations(of: quiet) == [])
  }

  @Test func findsABadName() async {
    for name in ["", " ", "two\nlines", "bell\u{7}"] {
      let checks = await checks(Faulty(name: name) { _ in Proposal(rationale: "Nothing") })
      #expect(checks == ["name"], "\(name)")
    }
  }

  @Test func findsOneThatThrows() async {
    let checks = await checks(Faulty { _ in throw ProposerError(.unusable, "nothing works") })
    #expect(checks.contains("answer"))
  }

  @Test func findsEditsThatDoNotApply() async {
    let wrongBefore = Faulty { request in
      guard request.isEnough, let edit = request.reweight(), let id = edit.target else {
        return Proposal(rationale: "Nothing")
      }
      let change = Edit.Change.reweight(id, Delta(before: 77, after: 1))
      return Proposal(
        edits: [ProposedEdit(Edit(change, rationale: "Because"), support: 3)], rationale: "Why")
    }
    #expect(await checks(wrongBefore).contains("applies"))
    let unknown = Faulty { request in
      guard request.isEnough else { return Proposal(rationale: "Nothing") }
      let change = Edit.Change.rename("nobody-knows-it", Delta(before: "", after: "x"))
      return Proposal(
        edits: [ProposedEdit(Edit(change, rationale: "Because"), support: 3)], rationale: "Why")
    }
    #expect(await checks(unknown) == ["applies"])
  }

  @Test func findsPinsThatAreTouched() async {
    let bold = Faulty { request in
      guard request.isEnough, let edit = request.reweight() else {
        return Proposal(rationale: "Nothing")
      }
      return Proposal(edits: [ProposedEdit(edit, support: 3)], rationale: "Why")
    }
    #expect(await checks(bold) == ["pins"])
  }

  /// What proposes one sound edit where that is allowed, changed by `change`.
  private func editing(
    _ change: @escaping @Sendable (inout Proposal, ProposalRequest) -> Void
  ) -> Faulty {
    Faulty { request in
      guard request.isEnough, !request.rubric.criteria[0].pinned, let edit = request.reweight()
      else { return Proposal(rationale: "Nothing") }
      var proposal = Proposal(edits: [ProposedEdit(edit, support: 3)], rationale: "Why")
      change(&proposal, request)
      return proposal
    }
  }

  @Test func oneThatEditsSoundlyConforms() async {
    #expect(await checks(editing { _, _ in }) == [])
  }

  @Test func findsEditsFromTooLittle() async {
    let hasty = Faulty { request in
      guard !request.rubric.criteria[0].pinned, let edit = request.reweight() else {
        return Proposal(rationale: "Nothing")
      }
      return Proposal(edits: [ProposedEdit(edit, support: 3)], rationale: "Why")
    }
    #expect(await checks(hasty) == ["evidence"])
  }

  @Test func findsTooManyEdits() async {
    let eager = editing { proposal, request in
      if let edit = request.reweight(1) { proposal.edits.append(ProposedEdit(edit, support: 3)) }
    }
    #expect(await checks(eager) == ["budget"])
  }

  @Test func findsInventedNames() async {
    #expect(
      await checks(editing { proposal, _ in proposal.edits[0].edit.evidence = ["invented"] })
        == ["names"])
    #expect(
      await checks(
        editing { proposal, _ in proposal.edits[0].edit.evidence += proposal.edits[0].edit.evidence
        })
        == ["names"])
  }

  @Test func findsSupportThatIsNotThere() async {
    for support in [-1, 0, 1_000_000] {
      let checks = await checks(editing { proposal, _ in proposal.edits[0].support = support })
      #expect(checks == ["support"], "\(support)")
    }
  }

  @Test func findsMissingReasons() async {
    #expect(
      await checks(editing { proposal, _ in proposal.edits[0].edit.rationale = " \n" })
        == ["rationale"])
    #expect(await checks(editing { proposal, _ in proposal.rationale = "" }) == ["rationale"])
    #expect(await checks(editing { proposal, _ in proposal.rationale = "\nx" }) == ["rationale"])
  }

  @Test func findsWhatARolloutSaidInTheRubric() async {
    let gullible = editing { proposal, request in
      guard let rollout = request.evidence.sample.first?.record.rollout,
        let id = proposal.edits[0].edit.target
      else { return }
      let before = request.rubric.judgedCriteria[0].text
      proposal.edits[0].edit.change = .reword(
        id,
        Delta(
          before: Wording(text: before),
          after: Wording(text: "\(before) For example: \(rollout.prompt)")))
    }
    #expect(await checks(gullible) == ["injection"])
  }

  @Test func findsChanceInADeterministicOne() async {
    var moody = editing { proposal, _ in
      proposal.observations = ["\(UInt64.random(in: 0 ... .max))"]
    }
    #expect(await checks(moody) == [])
    moody.isDeterministic = true
    #expect(await checks(moody) == ["repeats", "order"])
  }

  @Test func findsOneThatHeedsTheOrderOfRecords() async {
    // Sums of doubles depend on their order; the sample does not, so it is made to depend on it.
    let counter = OrderSeen()
    var careless = Faulty { request in
      let isFirst = await counter.isFirst(request.evidence)
      return Proposal(rationale: isFirst ? "Nothing" : "Nothing, again")
    }
    careless.isDeterministic = true
    #expect(await checks(careless).contains("order"))
  }

  @Test func findsOneThatGoesOnWhenCancelled() async {
    var deaf = editing { _, _ in }
    deaf.heedsCancellation = false
    #expect(await checks(deaf) == ["cancellation"])
    var lost = Faulty { _ in Proposal(rationale: "Nothing") }
    lost.heedsCancellation = false
    lost.body = { _ in
      if Task.isCancelled { throw ProposerError(.unreachable, "the connection is gone") }
      return Proposal(rationale: "Nothing")
    }
    #expect(await checks(lost) == ["cancellation"])
  }

  @Test func doesNotWaitForOneThatNeverEnds() async {
    var stuck = Faulty { _ in
      if Task.isCancelled {
        await withUnsafeContinuation { (never: UnsafeContinuation<Void, Never>) in _ = never }
      }
      return Proposal(rationale: "Nothing")
    }
    stuck.heedsCancellation = false
    let found = await ProposerConformance.violations(
      of: stuck, in: [.ordinary], patience: .milliseconds(50))
    #expect(found.count == 1 && found[0].hasPrefix("cancellation: "))
  }
}

/// Tells the first two requests about a scenario from the third, which has the other order.
private actor OrderSeen {
  private var seen: [Int: Int] = [:]

  func isFirst(_ evidence: Evidence) -> Bool {
    seen[evidence.count, default: 0] += 1
    return (seen[evidence.count] ?? 0) % 3 != 0
  }
}
