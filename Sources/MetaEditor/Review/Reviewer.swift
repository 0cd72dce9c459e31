public import RubricStore

/// Holds proposals to a policy.
///
/// The edits are first checked together; if nothing fails, all are accepted. Otherwise they are taken
/// one by one in their order, and each is accepted that leaves every check unfailed together with those
/// accepted so far. An edit that builds on a refused one then fails too, since it does not find what it
/// was made for.
///
/// A review is a pure function of policy, retired ids, proposal, rubric and evidence.
///
/// - SeeAlso: SPEC.md §15.
public struct Reviewer: Sendable {
  /// What proposals are held to.
  public var policy: Policy
  /// Ids that the rubric once had: no new criterion may have one.
  public var retiredIDs: Set<CriterionID>

  /// The most edits that are looked at one by one; those after them are refused.
  public static let editLimit = 1_000

  /// Creates a reviewer.
  ///
  /// - Parameters:
  ///   - policy: What proposals are held to, valid.
  ///   - retiredIDs: Ids that the rubric once had, as `Store.retiredIDs(of:at:)` finds them.
  public init(policy: Policy = Policy(), retiredIDs: Set<CriterionID> = []) {
    self.policy = policy
    self.retiredIDs = retiredIDs
  }

  /// Reviews a proposal.
  ///
  /// - Parameters:
  ///   - proposal: What is proposed.
  ///   - rubric: The rubric that it is for, valid.
  ///   - evidence: What was graded under that rubric: all of it, the held-out share too.
  /// - Returns: What may be committed, what may not, and why.
  /// - Complexity: O(*e* · (*n* + *s*)) for *e* edits of a rubric of size *n* and a sample of size *s*.
  public func review(
    _ proposal: Proposal, of rubric: Rubric, on evidence: Evidence
  ) -> Review {
    let work = Reviewing(self, rubric, evidence, of: proposal.edits)
    let whole = work.trial(of: proposal.edits, isThorough: true)
    var review = Review(
      accepted: [], refused: [], checks: [], proposed: whole.checks, result: rubric, warnings: [])
    if let result = whole.result, whole.failures.isEmpty {
      review.accepted = proposal.edits
      review.checks = whole.checks
      review.result = result
      review.warnings = whole.warnings
      return review
    }
    for (index, edit) in proposal.edits.enumerated() {
      guard index < Self.editLimit else {
        let reason = ReviewCheck(
          "budget.edits", .failed, measured: Double(proposal.edits.count),
          bound: Double(Self.editLimit),
          sentence: "the proposal has \(proposal.edits.count) edits, and only the first "
            + "\(Self.editLimit) are looked at")
        review.refused.append(.init(index: index, edit: edit, reasons: [reason]))
        continue
      }
      let trial =
        proposal.edits.count == 1
        ? whole : work.trial(of: review.accepted + [edit], isThorough: false)
      if let result = trial.result, trial.failures.isEmpty {
        review.accepted.append(edit)
        review.checks = trial.checks
        review.result = result
        review.warnings = trial.warnings
      } else {
        review.refused.append(.init(index: index, edit: edit, reasons: trial.failures))
      }
    }
    return review
  }
}

/// The work of one review: what is the same for every set of edits that is tried.
struct Reviewing {
  let policy: Policy
  let retiredIDs: Set<CriterionID>
  let rubric: Rubric
  let evidence: Evidence
  let phrases: EvidencePhrases
  /// What lints say of the rubric as it is.
  let oldFindings: Set<LintFinding.Key>
  let oldUse: BudgetUse
  let oldTokens: Int
  /// The rollouts that agreement is measured on, by their index in the sample.
  let heldOut: Set<Int>

  init(_ reviewer: Reviewer, _ rubric: Rubric, _ evidence: Evidence, of edits: [ProposedEdit]) {
    policy = reviewer.policy
    retiredIDs = reviewer.retiredIDs
    self.rubric = rubric
    self.evidence = evidence
    phrases = EvidencePhrases(evidence)
    // All words that any trial may bring are looked up at once.
    if reviewer.policy.level(of: .frozenSample) != .off {
      phrases.prepare(rubric, edits.prefix(Reviewer.editLimit).map(\.edit))
    }
    let lints = Lint.all.filter { reviewer.policy.level(of: $0) != .off }
    oldFindings = Set(
      RubricLint.findings(in: rubric, phrases: phrases, only: lints).map(\.key))
    oldUse = rubric.budgetUse
    oldTokens = JudgeTokens.estimate(for: rubric)
    let held = evidence.split(holdout: reviewer.policy.agreement.holdout).heldOut
    let names = Set(held.map { Verbatim(wrappedValue: $0.record.rollout.name) })
    heldOut = Set(
      evidence.sample.indices.filter { index in
        let rollout = evidence.sample[index].record.rollout
        return rollout.gold != nil && names.contains(Verbatim(wrappedValue: rollout.name))
      })
  }

  /// What became of a set of edits.
  struct Trial {
    var checks: [ReviewCheck] = []
    /// The rubric with the edits made; nil where they cannot be made.
    var result: Rubric?
    var warnings: [LintFinding] = []

    var failures: [ReviewCheck] { checks.filter(\.isFailed) }
  }

  /// Holds edits to the policy together; `isThorough` also measures what costs much where something
  /// failed already.
  func trial(of edits: [ProposedEdit], isThorough: Bool) -> Trial {
    var trial = Trial()
    trial.checks += [checkEvidence(edits), checkSupport(edits)]
    if let check = checkCount(edits) { trial.checks.append(check) }
    let (laws, result) = checkLaws(edits.map(\.edit))
    trial.checks.append(laws)
    guard let result else { return trial }
    trial.result = result
    trial.checks +=
      checkBudget(result)
      + [
        checkWeights(result), checkNewcomers(result), checkScales(result), checkGates(result),
      ].compactMap(\.self)
    guard isThorough || trial.failures.isEmpty else { return trial }
    let (lints, warnings) = checkLints(result)
    trial.checks.append(lints)
    trial.warnings = warnings
    trial.checks += checkRewards(result, edits.map(\.edit))
    return trial
  }

  private func checkEvidence(_ edits: [ProposedEdit]) -> ReviewCheck {
    let least = policy.evidence.rollouts
    // One rollout that was graded often is one; what is beyond the sample cannot be told apart.
    let found =
      evidence.count > evidence.sample.count
      ? evidence.count : Set(evidence.sample.map(\.record.rollout.name)).count
    let isFailed = found < least && edits.contains { !$0.isNoChange }
    return ReviewCheck(
      "evidence.rollouts", isFailed ? .failed : .passed, measured: Double(found),
      bound: Double(least),
      sentence:
        "\(Self.count(found, "rollout")) graded under this rubric, expected \(least) or more",
      hint: isFailed ? "grade more rollouts under it first" : nil)
  }

  private func checkSupport(_ edits: [ProposedEdit]) -> ReviewCheck {
    let least = policy.support.rollouts
    let judged = edits.filter { !$0.isNoChange }
    guard let weakest = judged.min(by: { $0.support < $1.support }) else {
      return ReviewCheck(
        "support.rollouts", .passed, bound: Double(least), sentence: "no edit needs support")
    }
    // More rollouts than there are cannot back anything.
    if let boast = judged.first(where: { $0.support > evidence.count }) {
      return ReviewCheck(
        "support.rollouts", .failed, measured: Double(boast.support),
        bound: Double(evidence.count),
        sentence: "\(boast.edit.words) claims to be backed by "
          + "\(Self.count(boast.support, "rollout")), and the evidence has \(evidence.count)")
    }
    return ReviewCheck(
      "support.rollouts", weakest.support < least ? .failed : .passed,
      measured: Double(weakest.support), bound: Double(least),
      sentence: "\(weakest.edit.words) is backed by \(Self.count(weakest.support, "rollout")), "
        + "expected \(least) or more")
  }

  private func checkCount(_ edits: [ProposedEdit]) -> ReviewCheck? {
    guard let most = policy.budget.edits else { return nil }
    let found = edits.count { !$0.isNoChange }
    return ReviewCheck(
      "budget.edits", found > most ? .failed : .passed, measured: Double(found),
      bound: Double(most),
      sentence: "\(Self.count(found, "edit")) in the update, at most \(most) allowed")
  }

  /// A count with its noun.
  static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// A figure as it stands in a sentence: three decimals, fewer for large ones.
  static func show(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "no number" : "infinite" }
    guard value.magnitude < 1e12 else { return CanonicalNumber.text(value) }
    let unit = value.magnitude >= 100 ? 10.0 : 1_000.0
    return CanonicalNumber.text((value * unit).rounded() / unit)
  }

  /// A share in percent.
  static func percent(_ share: Double) -> String { show((share * 1_000).rounded() / 10) + " %" }
}

extension ProposedEdit {
  var isNoChange: Bool { edit.operation == .noChange }
}

extension Edit {
  /// The edit in a few words: "reweight of `flow`".
  var words: String { operation.rawValue + (target.map { " of `\($0)`" } ?? "") }
}
