internal import RubricStore

/// Proposes edits from what the evidence shows, without asking a model.
///
/// It finds criteria that are saturated or tell nothing apart, say the same as others, follow the
/// surface of a response rather than the trusted score, are gamed, disagree with the trusted score, or
/// that the judge cannot use, and gates that stop nearly every rollout. It lowers weights, sets
/// criteria aside, widens scales, opens gates and adds fixed reasons to score lower; what needs words
/// about a criterion it only tells. Each rationale names the statistic with its interval; intervals
/// that are looked at together hold together. Rollouts that are held out for agreement are not looked
/// at, and the text of rollouts not at all.
///
/// - Complexity: O(*n* · *m*²) in rollouts of the sample and criteria side by side.
/// - SeeAlso: SPEC.md §14.3.
public struct StatisticalProposer: Proposer {
  /// What it calls much and little.
  public var settings: StatisticalSettings

  /// Creates a proposer.
  public init(settings: StatisticalSettings = StatisticalSettings()) { self.settings = settings }

  /// `stats/1`.
  public var name: String { "stats/1" }

  /// True: the same request always gets the same proposal, in whatever order the records came.
  public var isDeterministic: Bool { true }

  /// Proposes edits.
  ///
  /// - Parameter request: The rubric, the evidence, and the bounds that the proposal will be held to.
  /// - Returns: The proposal; without edits where there are too few rollouts or nothing is found.
  /// - Throws: `CancellationError`.
  public func propose(_ request: ProposalRequest) async throws -> Proposal {
    try proposal(for: request)
  }

  /// Proposes edits, for a caller that is not asynchronous: nothing in it waits.
  ///
  /// - Parameter request: As for ``propose(_:)``.
  /// - Returns: The same proposal as ``propose(_:)``.
  /// - Throws: `CancellationError`, within a task that was cancelled.
  public func proposal(for request: ProposalRequest) throws -> Proposal {
    try Task.checkCancellation()
    let study = Study(request, settings: settings)
    var observations = try MixtureDetector().diagnose(study).observations
    // A rollout that was graded twice is one; what did not fit into the sample is counted as it came.
    let evidence = request.evidence
    let count =
      evidence.count > evidence.sample.count
      ? evidence.count : VerdictTable.distinctCount(evidence.sample)
    let least = max(1, request.policy.evidence.rollouts)
    guard count >= least else {
      return proposal(
        study, count: count, observations: observations,
        subject: "Nothing is proposed: \(StatisticText.count(count, "rollout")) graded under this "
          + "rubric, \(least - count) short of the \(least) that the policy asks for")
    }
    var found = Diagnoses()
    for detector in Self.detectors { found.add(try detector.diagnose(study)) }
    let plan = EditPlan(found.items, study)
    observations += found.observations + plan.observations
    var check = PlanCheck(study)
    try check.take(plan.edits)
    let edits = check.taken.flatMap { item in item.changes.map { edit($0, item.planned, study) } }
    let subject =
      edits.isEmpty
      ? nothing(
        findings: found.items.count + found.observations.count, refused: check.refused.count, count)
      : ProposalSubject.text(check.taken.flatMap(\.changes))
    return proposal(
      study, count: count, edits: edits, observations: observations, refused: check.refused,
      subject: subject)
  }

  private static let detectors: [any Detector] = [
    FailureDetector(), TrendDetector(), DisagreementDetector(), SurfaceDetector(), GateDetector(),
    RedundancyDetector(), SpreadDetector(), RecoveryDetector(),
  ]

  private func nothing(findings: Int, refused: Int, _ count: Int) -> String {
    if refused > 0 {
      return "Nothing is proposed: \(StatisticText.count(refused, "edit")) that would help "
        + "\(refused == 1 ? "goes" : "go") beyond the policy"
    }
    return findings == 0
      ? "Nothing is proposed: nothing stands out in \(StatisticText.count(count, "rollout"))"
      : "Nothing is proposed: \(StatisticText.count(findings, "finding")) in "
        + "\(StatisticText.count(count, "rollout")), none that leads to an edit"
  }

  private func edit(_ change: Edit.Change, _ planned: PlannedEdit, _ study: Study) -> ProposedEdit {
    let names = planned.diagnosis.rows.map { study.table.names[$0] }
    var shown: [String] = []
    for name in names where shown.count < settings.examples && !shown.contains(name) {
      if Self.canBeCited(name) { shown.append(name) }
    }
    return ProposedEdit(
      Edit(change, rationale: StatisticText.sentence(planned.reason), evidence: shown),
      support: Set(names).count)
  }

  /// Whether a name can stand in a commit's message.
  private static func canBeCited(_ name: String) -> Bool {
    name.utf8.count <= 256
      && name.unicodeScalars.allSatisfy { scalar in
        scalar.properties.generalCategory != .control && scalar.value & 0xFFFE != 0xFFFE
      }
  }

  private func proposal(
    _ study: Study, count: Int, edits: [ProposedEdit] = [], observations: [String],
    refused: [String] = [], subject: String
  ) -> Proposal {
    let confidence = study.request.policy.evidence.confidence
    var body =
      "Learnt from \(StatisticText.count(study.table.count, "rollout")) of the sample, "
      + "\(study.goldRows.count) of them with a trusted score; \(study.heldOut) more with one are "
      + "held out."
    if !edits.isEmpty {
      body +=
        " Correlations are Spearman's with the interval of Bonett and Wright, shares have Wilson's; "
        + "intervals that are looked at together hold together at "
        + "\(StatisticText.percent(confidence))."
      if study.counted.contains(where: { $0.criterion.polarity == .negative }) {
        body += " Of a negative criterion they are of how well it is avoided."
      }
    }
    var provenance = JSONObject()
    provenance["rollouts"] = .integer(count)
    provenance["sample"] = .integer(study.table.count)
    provenance["gold"] = .integer(study.goldRows.count)
    provenance["heldOut"] = .integer(study.heldOut)
    provenance["confidence"] = .number(confidence)
    provenance["settings"] = .object(settings.json)
    return Proposal(
      edits: edits, rationale: "\(subject)\n\n\(body)",
      observations: observations.map(StatisticText.sentence),
      refused: refused.map(StatisticText.sentence), provenance: provenance)
  }
}

extension StatisticalSettings {
  /// The settings that are not at their default.
  var json: JSONObject {
    let plain = StatisticalSettings()
    var json = JSONObject()
    for (name, path) in Self.shares where self[keyPath: path] != plain[keyPath: path] {
      let value = self[keyPath: path]
      json[name] = value.isFinite ? .number(value) : .string("\(value)")
    }
    for (name, path) in Self.counts where self[keyPath: path] != plain[keyPath: path] {
      json[name] = .integer(self[keyPath: path])
    }
    return json
  }

  private static var shares: [(String, KeyPath<StatisticalSettings, Double>)] {
    [
      ("saturation", \.saturation), ("noSpread", \.noSpread), ("redundancy", \.redundancy),
      ("sameness", \.sameness), ("rewardSurface", \.rewardSurface), ("surface", \.surface),
      ("trend", \.trend),
      ("disagreement", \.disagreement), ("agreement", \.agreement), ("failures", \.failures),
      ("notableFailures", \.notableFailures), ("notApplicable", \.notApplicable),
      ("gateAlways", \.gateAlways), ("gateNever", \.gateNever), ("gatePass", \.gatePass),
      ("weightStep", \.weightStep), ("weightFloor", \.weightFloor),
    ]
  }

  private static var counts: [(String, KeyPath<StatisticalSettings, Int>)] {
    [
      ("rollouts", \.rollouts), ("minority", \.minority), ("scaleSteps", \.scaleSteps),
      ("examples", \.examples),
    ]
  }
}
