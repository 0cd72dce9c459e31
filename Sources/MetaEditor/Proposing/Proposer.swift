public import RubricStore

/// Proposes edits of a rubric from what a policy did under it.
///
/// A proposer only proposes: pins, bounds and the trust region are the engine's to check, and ids,
/// sums and order are the engine's to keep. It must not change anything outside itself, must return
/// the same proposal for the same request where ``isDeterministic`` says so, and must heed
/// cancellation. `MetaEditorConformance` checks all of this for a proposer of your own.
///
/// - SeeAlso: SPEC.md §14.
public protocol Proposer: Sendable {
  /// The proposer's name and version, a short line: `stats/1`, `model/1 qwen2.5-72b`. It stands in
  /// the commit's `Rubric-Proposer` trailer.
  var name: String { get }

  /// Whether the same request always gets the same proposal.
  var isDeterministic: Bool { get }

  /// Proposes edits.
  ///
  /// - Parameter request: The rubric, the evidence, and the bounds that the proposal will be held to.
  /// - Returns: The proposal; without edits where nothing should change, with the reasons.
  /// - Throws: ``ProposerError`` where nothing could be proposed, or `CancellationError`.
  func propose(_ request: ProposalRequest) async throws -> Proposal
}

extension Proposer {
  /// Whether the same request always gets the same proposal; false if not said otherwise.
  public var isDeterministic: Bool { false }
}

/// What a proposer is asked.
public struct ProposalRequest: Sendable {
  /// The rubric that edits are proposed for, valid.
  public var rubric: Rubric
  /// The commit that it was pulled from.
  public var commit: ObjectID
  /// What the policy did under this very rubric, and how it was graded.
  public var evidence: Evidence
  /// What a proposal will be held to.
  public var policy: Policy
  /// What the last meta-updates did and why, the latest first, a line each; for those who should not
  /// undo and redo.
  public var history: [String]

  /// Creates a request.
  public init(
    rubric: Rubric, commit: ObjectID, evidence: Evidence, policy: Policy = Policy(),
    history: [String] = []
  ) {
    self.rubric = rubric
    self.commit = commit
    self.evidence = evidence
    self.policy = policy
    self.history = history
  }
}

/// An edit with how much stands behind it.
public struct ProposedEdit: Hashable, Sendable {
  /// The edit, complete, with rationale; its evidence names some of the rollouts behind it.
  public var edit: Edit
  /// How many distinct rollouts back it, 0 or more.
  public var support: Int

  /// Creates a proposed edit.
  public init(_ edit: Edit, support: Int) {
    self.edit = edit
    self.support = support
  }
}

/// What a proposer proposes.
public struct Proposal: Sendable {
  /// The edits, in the order in which they are made; none where nothing should change.
  public var edits: [ProposedEdit]
  /// Why, as a whole: a first line that sums it up, and more after a blank line.
  ///
  /// Without edits it says why nothing should change.
  public var rationale: String
  /// What was found, also what no edit follows from, a sentence each.
  public var observations: [String]
  /// What was meant to be proposed and could not be, with the reason, a sentence each.
  public var refused: [String]
  /// What the proposal rests on besides the evidence: model, templates, calls; any JSON.
  public var provenance: JSONObject

  /// Creates a proposal.
  public init(
    edits: [ProposedEdit] = [], rationale: String, observations: [String] = [],
    refused: [String] = [], provenance: JSONObject = JSONObject()
  ) {
    self.edits = edits
    self.rationale = rationale
    self.observations = observations
    self.refused = refused
    self.provenance = provenance
  }
}
