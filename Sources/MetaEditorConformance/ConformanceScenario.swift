public import MetaEditor
public import RubricStore

/// A request that a proposer must cope with: a rubric and what a policy did under it.
///
/// The scenarios are made from fixed seeds, so that they are the same on every run.
public struct ConformanceScenario: Sendable {
  /// The scenario's name, for messages.
  public var name: String
  /// The rubric that edits are asked for.
  public var rubric: Rubric
  /// The records, in the order in which they are gathered.
  public var records: [GradedRollout]
  /// What a proposal is held to.
  public var policy: Policy
  /// What the last meta-updates did, the latest first.
  public var history: [String]
  /// Texts that stand in rollouts and must not get into the rubric.
  public var injections: [String]

  /// Creates a scenario.
  public init(
    name: String, rubric: Rubric, records: [GradedRollout], policy: Policy = Policy(),
    history: [String] = [], injections: [String] = []
  ) {
    self.name = name
    self.rubric = rubric
    self.records = records
    self.policy = policy
    self.history = history
    self.injections = injections
  }

  /// The request with the records as they are, or from the last to the first.
  ///
  /// - Parameter reversed: Whether they are gathered from the last to the first.
  /// - Returns: The request; records that name ``version`` as their rubric are its evidence.
  public func request(reversed: Bool = false) -> ProposalRequest {
    var gatherer = EvidenceGatherer(rubric: rubric) { $0 == Self.version }
    for record in reversed ? records.reversed() : records { gatherer.add(record) }
    return ProposalRequest(
      rubric: rubric, commit: Self.commit, evidence: gatherer.gathered, policy: policy,
      history: history)
  }

  /// What records name as their rubric.
  public static let version = commit.hex

  private static let commit =
    ObjectID(hex: "5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e") ?? .zero
}
