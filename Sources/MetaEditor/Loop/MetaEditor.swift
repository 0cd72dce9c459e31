public import RubricStore

/// The loop from graded rollouts to a committed, explained change of a rubric: propose, review,
/// commit.
///
/// ```swift
/// let editor = MetaEditor(store: store, proposer: StatisticalProposer())
/// var evidence = try editor.gatherer(of: store.pull("essay@main"))
/// for record in records { evidence.add(record) }
/// let update = try await editor.update(evidence.gathered, on: store.pull("essay@main"))
/// ```
///
/// - SeeAlso: SPEC.md §16.
public struct MetaEditor: Sendable {
  /// Where rubrics are kept.
  public let store: Store
  /// Who proposes edits.
  public var proposer: any Proposer
  /// What proposals must pass; nil for what the repository says at the commit that is edited.
  public var policy: Policy?

  /// Creates a meta-editor.
  public init(store: Store, proposer: any Proposer, policy: Policy? = nil) {
    self.store = store
    self.proposer = proposer
    self.policy = policy
  }

  /// Returns what gathers evidence about a rubric, as its store tells versions apart.
  ///
  /// A record belongs to the rubric if what it names (`RUBRIC@COMMIT` or a commit) holds the rubric
  /// with nothing changed that a judge sees or that makes the reward.
  ///
  /// - Parameters:
  ///   - pin: The rubric.
  ///   - settings: How much is kept.
  /// - Returns: A gatherer without records.
  public func gatherer(
    of pin: Pin, settings: Evidence.Settings = Evidence.Settings()
  ) -> EvidenceGatherer {
    store.evidenceGatherer(of: pin, settings: settings)
  }

  /// Proposes edits and reviews them; nothing is committed.
  ///
  /// - Parameters:
  ///   - evidence: Gathered for the rubric of `pin`.
  ///   - pin: The rubric that edits are proposed for.
  /// - Returns: The proposal, with what became of each edit in the review.
  /// - Throws: What the proposer throws (``ProposerError``, `CancellationError`), ``StoreError`` or
  ///   `SyntaxError` for a policy that cannot be read.
  public func propose(_ evidence: Evidence, on pin: Pin) async throws -> ReviewedProposal {
    let request = try request(for: evidence, on: pin)
    let proposal = try await proposer.propose(request)
    try Task.checkCancellation()
    return try review(proposal, by: proposer.name, on: evidence, of: pin)
  }

  /// Returns what a proposer is asked about a rubric.
  ///
  /// - Parameters:
  ///   - evidence: Gathered for the rubric of `pin`.
  ///   - pin: The rubric that edits are proposed for.
  /// - Returns: The request, without the marks that are held out for the review.
  /// - Throws: ``StoreError``, or `SyntaxError` for a policy that cannot be read.
  public func request(for evidence: Evidence, on pin: Pin) throws -> ProposalRequest {
    let held = try policy(for: pin)
    return ProposalRequest(
      rubric: pin.rubric, commit: pin.commit,
      evidence: evidence.withoutHeldOut(held.policy.agreement.holdout), policy: held.policy,
      history: try store.metaUpdateHistory(of: pin))
  }

  /// Reviews a proposal; nothing is committed.
  ///
  /// - Parameters:
  ///   - proposal: What was proposed, by whomever.
  ///   - name: The name of who proposed it.
  ///   - evidence: Gathered for the rubric of `pin`.
  ///   - pin: The rubric that edits are proposed for.
  /// - Returns: The proposal, with what became of each edit.
  /// - Throws: ``StoreError``, or `SyntaxError` for a policy that cannot be read.
  public func review(
    _ proposal: Proposal, by name: String, on evidence: Evidence, of pin: Pin
  ) throws -> ReviewedProposal {
    let held = try policy(for: pin)
    let reviewer = Reviewer(
      policy: held.policy, retiredIDs: try store.retiredIDs(of: pin.rubric.id, at: pin.commit))
    let review = reviewer.review(proposal, of: pin.rubric, on: evidence)
    return ReviewedProposal(
      rubric: pin.rubric.id, base: pin.commit, proposerName: name, proposal: proposal,
      review: review, policyDigest: held.digest, evidence: EvidenceSummary(evidence))
  }

  private func policy(for pin: Pin) throws -> CommittedPolicy {
    if let policy { return CommittedPolicy(commit: pin.commit, policy: policy) }
    return try store.policy(at: pin.commit)
  }

  /// Commits what a review let through, or a `no_change` with the reasons where it let nothing
  /// through.
  ///
  /// If the branch has moved on since, the edits are made anew on its tip; they clash if what they
  /// found has changed.
  ///
  /// - Parameters:
  ///   - reviewed: A proposal and its review.
  ///   - branch: The branch's short name; nil for the one that is checked out.
  ///   - author: Who makes the commit; nil for git's own answer.
  /// - Returns: The commit.
  /// - Throws: ``StoreError``.
  @discardableResult
  public func commit(
    _ reviewed: ReviewedProposal, to branch: String? = nil, author: Identity? = nil
  ) throws(StoreError) -> CommitOutcome {
    try store.commit(reviewed.metaUpdate, to: branch, author: author)
  }

  /// Proposes, reviews and commits.
  ///
  /// - Parameters:
  ///   - evidence: Gathered for the rubric of `pin`.
  ///   - pin: The rubric that edits are proposed for: the tip of `branch`.
  ///   - branch: The branch's short name; nil for the one that is checked out.
  ///   - author: Who makes the commit; nil for git's own answer.
  /// - Returns: The proposal with its review, and the commit.
  /// - Throws: As ``propose(_:on:)`` and ``commit(_:to:author:)``.
  public func update(
    _ evidence: Evidence, on pin: Pin, to branch: String? = nil, author: Identity? = nil
  ) async throws -> (reviewed: ReviewedProposal, commit: CommitOutcome) {
    let reviewed = try await propose(evidence, on: pin)
    return (reviewed, try commit(reviewed, to: branch, author: author))
  }
}
