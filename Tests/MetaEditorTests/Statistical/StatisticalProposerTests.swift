import MetaEditor
import RubricStore
import Testing

/// What the statistical proposer proposes for planted evidence.
func proposal(
  _ planted: PlantedEvidence, policy: Policy = Policy(), history: [String] = []
) async throws -> Proposal {
  try await StatisticalProposer().propose(planted.request(policy: policy, history: history))
}

extension Proposal {
  /// The changes, by criterion and kind.
  var changes: [String] {
    edits.map { "\($0.edit.operation.rawValue) \($0.edit.target?.rawValue ?? "")" }
  }

  func edit(_ operation: Edit.Operation, _ id: CriterionID) -> ProposedEdit? {
    edits.first { $0.edit.operation == operation && $0.edit.target == id }
  }

  func observes(_ words: String...) -> Bool {
    observations.contains { line in words.allSatisfy(line.contains) }
  }

  func refuses(_ words: String...) -> Bool {
    refused.contains { line in words.allSatisfy(line.contains) }
  }
}

/// `style` follows length, the others follow quality, each with noise.
func lengthGame(_ noise: Double = 0.15) -> PlantedEvidence {
  let rubric = TestRubrics.numeric(["style", "truth", "depth", "order"])
  return PlantedEvidence(rubric: rubric) { latent, id in
    switch id {
    case "style": latent.length + latent.noise(id, noise)
    case "truth": latent.quality + latent.noise(id, 3 * noise)
    case "depth": latent.quality + latent.noise(id, 3 * noise)
    default: latent.quality + latent.noise(id, 3 * noise)
    }
  }
}

@Suite struct StatisticalProposerTests {
  @Test func proposesNothingFromTooFewRollouts() async throws {
    var planted = lengthGame(0)
    planted.count = 29
    let few = try await proposal(planted)
    #expect(few.edits.isEmpty)
    #expect(few.rationale.hasPrefix("Nothing is proposed: 29 rollouts graded under this rubric"))
    #expect(few.rationale.contains("1 short of the 30"))
    planted.count = 0
    #expect(try await proposal(planted).edits.isEmpty)
    planted.count = 240
    var policy = Policy()
    policy.evidence.rollouts = 241
    #expect(try await proposal(planted, policy: policy).edits.isEmpty)
  }

  @Test func aRolloutThatIsJudgedOftenIsOne() async throws {
    var planted = lengthGame()
    planted.count = 15
    let records = planted.records
    let evidence = PlantedEvidence.gathered(records + records + records, planted.rubric)
    let request = ProposalRequest(rubric: planted.rubric, commit: .zero, evidence: evidence)
    let found = try await StatisticalProposer().propose(request)
    #expect(found.edits.isEmpty && found.rationale.contains("15 rollouts"))
    planted.count = 240
    let once = try await proposal(planted)
    let often = PlantedEvidence.gathered(planted.records + planted.records, planted.rubric)
    let twice = try await StatisticalProposer().propose(
      ProposalRequest(rubric: planted.rubric, commit: .zero, evidence: often))
    #expect(!once.edits.isEmpty && once.edits == twice.edits)
  }

  @Test func ordersOfRecordsDoNotMatter() async throws {
    var planted = lengthGame()
    planted.hasSteps = true
    let first = try await proposal(planted)
    #expect(!first.edits.isEmpty)
    for seed in 1...5 {
      var random = SplitMix64(seed: UInt64(seed))
      let evidence = PlantedEvidence.gathered(
        planted.records.shuffled(using: &random), planted.rubric)
      let other = try await StatisticalProposer().propose(
        ProposalRequest(rubric: planted.rubric, commit: .zero, evidence: evidence))
      #expect(other.edits == first.edits, "seed \(seed)")
      #expect(other.observations == first.observations, "seed \(seed)")
      #expect(other.rationale == first.rationale, "seed \(seed)")
    }
  }

  @Test func heldOutScoresAreNotLookedAt() async throws {
    var planted = lengthGame()
    let first = try await proposal(planted)
    let heldOut = Set(planted.evidence.split(holdout: 0.3).heldOut.map(\.record.rollout.name))
    #expect((40..<110).contains(heldOut.count))
    planted.change = { record, _ in
      guard heldOut.contains(record.rollout.name) else { return }
      record.rollout.gold = 1 - (record.rollout.gold ?? 0)
      for id in record.verdicts.keys { record.verdicts[id] = .value(3) }
    }
    let second = try await proposal(planted)
    #expect(first.edits == second.edits)
    for edit in first.edits { #expect(heldOut.isDisjoint(with: edit.edit.evidence)) }
    // Were they looked at, there would be more to learn from.
    var policy = Policy()
    policy.agreement.holdout = 0
    #expect(try await proposal(planted, policy: policy).edits != first.edits)
  }

  @Test func splitsByNameAndOnlyWhatHasGold() {
    var planted = lengthGame()
    let half = planted.evidence.split(holdout: 0.5)
    #expect(half.training.count + half.heldOut.count == 240)
    #expect(half.heldOut.allSatisfy { $0.position < 0.5 })
    let quarter = planted.evidence.split(holdout: 0.25).heldOut.map(\.record.rollout.name)
    #expect(Set(quarter).isSubset(of: half.heldOut.map(\.record.rollout.name)))
    #expect(planted.evidence.split(holdout: 1).training.isEmpty)
    #expect(planted.evidence.split(holdout: 0).heldOut.isEmpty)
    planted.hasGold = false
    #expect(planted.evidence.split(holdout: 1).heldOut.isEmpty)
  }

  @Test func cancellationIsHeeded() async {
    let request = lengthGame().request()
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await StatisticalProposer().propose(request)
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func pinsAreKeptAndSaid() async throws {
    var planted = lengthGame()
    planted.rubric.criteria[0].pinned = true
    let found = try await proposal(planted)
    #expect(found.edits.isEmpty)
    #expect(found.observes("`style` follows length rather than gold", "it is pinned"))
  }

  @Test func boundsOfThePolicyAreKept() async throws {
    var policy = Policy()
    policy.trustRegion.weightRatio = 1.25
    let mild = try await proposal(lengthGame(), policy: policy)
    guard case .reweight(_, let delta) = mild.edit(.reweight, "style")?.edit.change else {
      Issue.record("no reweight in \(mild.changes)")
      return
    }
    #expect(delta.after == 0.8)
    policy.trustRegion.weightRatio = 1
    let none = try await proposal(lengthGame(), policy: policy)
    #expect(none.edit(.reweight, "style") == nil)
    #expect(none.observes("`style`", "the trust region lets no weight move"))
    policy = Policy()
    policy.budget.edits = 1
    let one = try await proposal(lengthGame(), policy: policy)
    #expect(one.edits.count == 1 && one.refuses("one update make 1 at most"))
    policy.budget.edits = 0
    #expect(try await proposal(lengthGame(), policy: policy).edits.isEmpty)
    policy = Policy()
    policy.support.rollouts = 200
    let unbacked = try await proposal(lengthGame(), policy: policy)
    #expect(unbacked.edits.isEmpty && unbacked.refuses("the policy asks for 200"))
    policy = Policy()
    policy.trustRegion.meanReward = 0.0001
    #expect(try await proposal(lengthGame(), policy: policy).refuses("the mean reward would move"))
    policy.trustRegion.meanReward = nil
    policy.trustRegion.worstReward = 0.001
    #expect(try await proposal(lengthGame(), policy: policy).refuses("a reward would move"))
    policy.trustRegion.worstReward = nil
    policy.trustRegion.rankCorrelation = 0.9999
    #expect(try await proposal(lengthGame(), policy: policy).refuses("rank correlation"))
    policy = Policy()
    policy.budget.characters = 80
    #expect(try await proposal(lengthGame(), policy: policy).edit(.tighten, "style") == nil)
  }

  @Test func mixturesAreSaid() async throws {
    var planted = lengthGame()
    planted.change = { record, latent in
      record.judge = JudgeStamp(model: latent.number % 3 == 0 ? "a" : "b")
      if latent.number < 7 { record.reward = 5 }
      if latent.number >= 230 { record.rubric = "another" }
      if latent.number == 8 { record.verdicts["truth"] = .error("timeout") }
    }
    let found = try await proposal(planted)
    #expect(found.observes("2 judges graded (153, 77 records)"))
    #expect(found.observes("7 records of 229 carry a reward that is not this rubric's"))
    #expect(found.observes("1 record of 230 has no reward"))
    #expect(found.observes("10 records under other versions of the rubric were left out"))
  }

  @Test func aHolisticJudgeIsOnlyToldOf() async throws {
    var planted = lengthGame()
    planted.rubric.judge.mode = .holistic
    planted.change = { record, latent in record.verdicts = ["essay": .value(latent.length)] }
    let found = try await proposal(planted)
    #expect(found.edits.isEmpty)
    #expect(found.observes("one overall verdict"))
    #expect(found.observes("the reward follows length beyond the trusted score".capitalizedFirst))
  }

  /// Verdicts that follow nothing: whatever is proposed is a false alarm.
  @Test func staysSilentWhereThereIsNothing() async throws {
    var alarms: [UInt64] = []
    let rubric = TestRubrics.numeric(["a", "b", "c", "d", "e"], max: 4)
    for seed in UInt64(1)...200 {
      var planted = PlantedEvidence(rubric: rubric, seed: seed) { latent, id in
        0.5 + latent.noise(id, 0.3)
      }
      planted.count = 100
      planted.hasSteps = seed % 2 == 0
      if try await !proposal(planted).edits.isEmpty { alarms.append(seed) }
    }
    // Intervals at 0.95 that are asked to lie beyond a bound: far fewer than 10 are expected.
    #expect(alarms.count <= 4, "seeds \(alarms)")
  }

  /// Verdicts that follow quality, as does the trusted score, with a length that goes with quality a
  /// little: a sound rubric is left alone.
  @Test func staysSilentWhereAllIsWell() async throws {
    var alarms: [UInt64] = []
    let rubric = TestRubrics.numeric(["a", "b", "c"], max: 4)
    for seed in UInt64(1)...100 {
      var planted = PlantedEvidence(rubric: rubric, seed: seed) { latent, id in
        latent.quality + latent.noise(id, 0.25)
      }
      planted.count = 150
      planted.gold = { $0.quality + 0.1 * $0.length }
      if try await !proposal(planted).edits.isEmpty { alarms.append(seed) }
    }
    #expect(alarms.count <= 3, "seeds \(alarms)")
  }

  /// The same evidence again and again comes to an end, and no weight goes to nothing.
  @Test func comesToAnEnd() async throws {
    for seed in UInt64(1)...5 {
      var rubric = TestRubrics.numeric(["style", "truth", "depth", "echo", "fine", "bad"])
      rubric.criteria.append(TestRubrics.binary("never"))
      rubric.criteria.append(TestRubrics.levels("always"))
      var history: [String] = []
      var updates = 0
      while updates < 20 {
        var planted = PlantedEvidence(rubric: rubric, seed: seed) { latent, id in
          switch id {
          case "style": latent.length + latent.noise(id, 0.1)
          case "truth", "echo": latent.quality + latent.noise(id, 0.08)
          case "depth": latent.quality + latent.noise(id, 0.5)
          case "bad": 1 - latent.quality + latent.noise(id, 0.3)
          case "never": 0
          case "always": 1
          default: 0.5 + latent.noise(id, 0.3)
          }
        }
        planted.count = 300
        let found = try await proposal(planted, history: history)
        if found.edits.isEmpty { break }
        rubric = try rubric.applying(found.edits.map(\.edit), by: .meta)
        history.insert(String(found.rationale.split(separator: "\n")[0]), at: 0)
        updates += 1
      }
      #expect((1..<10).contains(updates), "seed \(seed): \(updates) updates")
      for criterion in rubric.criteria where criterion.status == .active {
        #expect(criterion.weight >= 0.125, "seed \(seed): \(criterion.id) \(criterion.weight)")
      }
      let status = Dictionary(uniqueKeysWithValues: rubric.criteria.map { ($0.id, $0.status) })
      #expect(status["bad"] == .diagnostic, "seed \(seed)")
      // It counts until the reward no longer follows length.
      let style = rubric.criteria[0]
      #expect(style.status == .diagnostic || style.weight <= 0.5, "seed \(seed): \(style.weight)")
      #expect(status["truth"] == .active && status["depth"] == .active, "seed \(seed)")
    }
  }

  /// Whatever the rubric and the verdicts, the engine makes what is proposed.
  @Test func editsApplyToAnyRubric() async throws {
    for seed in UInt64(1)...120 {
      var random = SplitMix64(seed: seed)
      let planted = Anything.evidence(&random, seed: seed)
      var policy = Policy()
      if random.chance(30) { policy.trustRegion.meanReward = nil }
      let request = planted.request(policy: policy, history: ["`c0` and `c1` and `c2`"])
      let found = try await StatisticalProposer().propose(request)
      #expect(throws: Never.self, "seed \(seed): \(found.changes)") {
        try planted.rubric.applying(found.edits.map(\.edit), by: .meta)
      }
      let fields = found.edits.flatMap { $0.edit.change.extent.fields }
      #expect(Set(fields).count == fields.count, "seed \(seed): \(found.changes)")
      #expect(found.edits.count <= 12, "seed \(seed)")
      for edit in found.edits {
        #expect(edit.support >= 3 && edit.edit.evidence.count <= 8, "seed \(seed)")
      }
    }
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// Rubrics and verdicts of any kind.
enum Anything {
  static func evidence(_ random: inout SplitMix64, seed: UInt64) -> PlantedEvidence {
    var rubric = Rubric(id: "any")
    while true {
      var number = 0
      rubric.criteria = (0..<1 + random.below(5)).map { _ in criterion(&random, &number, depth: 0) }
      rubric.aggregation = Aggregation(
        method: random.pick([.weightedMean, .pointsOverPositive, .sum]),
        clip: random.chance(70) ? .unit : nil, missing: random.pick([.error, .exclude, .worst]),
        na: random.pick([.exclude, .zero, .fail]))
      if rubric.findings.isEmpty { break }
    }
    let kinds = rubric.judgedCriteria.reduce(into: [CriterionID: Int]()) { kinds, criterion in
      kinds[criterion.id] = random.below(9)
    }
    var planted = PlantedEvidence(rubric: rubric, seed: seed) { latent, id in
      switch kinds[id] {
      case 0: 1
      case 1: 0
      case 2: latent.length
      case 3, 4: latent.quality
      case 5: 1 - latent.quality
      case 6: latent.time + latent.noise(id, 0.1)
      default: 0.5 + latent.noise(id, 0.4)
      }
    }
    planted.count = 60 + random.below(120)
    planted.hasGold = random.chance(80)
    planted.hasSteps = random.chance(50)
    let falls = random.chance(30)
    planted.gold = { falls ? 0.3 * $0.quality - $0.time : $0.quality }
    let bad = random.pick(Array(kinds.keys.sorted()))
    let fails = random.below(3)
    planted.change = { record, latent in
      guard latent.number % 2 == 0 else { return }
      switch fails {
      case 0: record.verdicts[bad] = .error("timeout")
      case 1: record.verdicts[bad] = .notApplicable
      default: record.verdicts[bad] = .value(1e9)
      }
    }
    return planted
  }

  private static func criterion(
    _ random: inout SplitMix64, _ number: inout Int, depth: Int
  ) -> Criterion {
    let id = CriterionID(rawValue: "c\(number)") ?? "c"
    number += 1
    var criterion: Criterion
    switch random.below(4) {
    case 0: criterion = TestRubrics.binary(id)
    case 1: criterion = TestRubrics.levels(id, random.pick([[0, 1], [3, 2, 1], [0, 5, 10, 20]]))
    case 2: criterion = TestRubrics.numeric(id, max: random.pick([1, 4, 10, 100]))
    default:
      criterion = Criterion(id: id)
      guard depth < 3 else { return TestRubrics.binary(id) }
      criterion.rollup = random.pick([.weightedMean, .sum, .min, .max])
      criterion.criteria = (0..<1 + random.below(4)).map { _ in
        Anything.criterion(&random, &number, depth: depth + 1)
      }
    }
    criterion.weight = random.pick([0, 0.1, 1, 1, 2, 7, 1_000_000])
    criterion.pinned = random.chance(10)
    if random.chance(10) { criterion.status = .inactive }
    guard !criterion.isGroup else { return criterion }
    if random.chance(10), criterion.status == .active { criterion.status = .diagnostic }
    if random.chance(25) {
      criterion.polarity = .negative
      criterion.credit = random.pick([.penalty, .avoidance])
    }
    if random.chance(20), criterion.status != .inactive, let bounds = criterion.scale.bounds {
      criterion.gate =
        random.chance(50)
        ? Gate(min: bounds.max) : Gate(min: bounds.max, effect: .cap, cap: 0.5)
    }
    return criterion
  }
}
