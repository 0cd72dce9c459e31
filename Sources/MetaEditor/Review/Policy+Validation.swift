public import RubricStore

extension Policy {
  /// All that is wrong with the policy as a value; nothing where it is valid.
  public var findings: [Finding] {
    var check = RangeCheck()
    check.atLeast(1, evidence.rollouts, "evidence.rollouts")
    check.between(0, 1, evidence.confidence, "evidence.confidence", isOpenBelow: true)
    check.atLeast(1, budget.criteria, "budget.criteria")
    check.atLeast(1, budget.depth, "budget.depth")
    check.atLeast(1, budget.characters, "budget.characters")
    check.atLeast(1, budget.judgeTokens, "budget.judge_tokens")
    check.atLeast(1, budget.edits, "budget.edits")
    check.atLeast(1, trustRegion.weightRatio, "trust_region.weight_ratio")
    check.atLeast(1, trustRegion.scaleRatio, "trust_region.scale_ratio")
    check.atLeast(0, trustRegion.meanReward, "trust_region.mean_reward")
    check.atLeast(0, trustRegion.worstReward, "trust_region.worst_reward")
    if let least = trustRegion.rankCorrelation, !(-1...1).contains(least) {
      check.report("trust_region.rank_correlation", least, "a number from -1 to 1")
    }
    check.atLeast(0, support.rollouts, "support.rollouts")
    check.between(0, 1, agreement.holdout, "agreement.holdout", isOpenBelow: false)
    check.atLeast(
      3, agreement.rollouts, "agreement.rollouts", why: "ranks of fewer say nothing")
    if !(0...2).contains(agreement.tolerance) {
      check.report("agreement.tolerance", agreement.tolerance, "a number from 0 to 2")
    }
    for name in lints.keys.sorted() where !Lint.all.contains(where: { $0.name == name }) {
      check.findings.append(
        Finding(
          code: .unknownKey, path: "lints.\(name)",
          message: "there is no lint \(NodeReader.quote(name))",
          hint: Suggestion.didYouMean(name, among: Lint.all.map(\.name))))
    }
    return check.findings
  }

  /// What is done about a lint's findings.
  ///
  /// - Parameter lint: The lint.
  /// - Returns: What the policy says, or the lint's own level.
  public func level(of lint: Lint) -> LintLevel { lints[lint.name] ?? lint.standard }
}

/// Collects numbers that are out of their range.
private struct RangeCheck {
  var findings: [Finding] = []

  mutating func report(_ path: String, _ found: Double, _ expected: String, hint: String? = nil) {
    let shown = found.isFinite ? CanonicalNumber.text(found) : "\(found)"
    findings.append(
      Finding(
        code: .invalidValue, path: path, message: "found \(shown), expected \(expected)",
        hint: hint))
  }

  mutating func atLeast(_ least: Int, _ found: Int?, _ path: String, why: String? = nil) {
    guard let found, found < least else { return }
    report(path, Double(found), "\(least) or more", hint: why)
  }

  mutating func atLeast(_ least: Double, _ found: Double?, _ path: String) {
    // Written so that what is no number is out of range, too.
    guard let found, !(found >= least && found.isFinite) else { return }
    report(
      path, found, "\(CanonicalNumber.text(least)) or more",
      hint: found.isFinite ? nil : "null sets no bound")
  }

  mutating func between(
    _ low: Double, _ high: Double, _ found: Double, _ path: String, isOpenBelow: Bool
  ) {
    guard !((isOpenBelow ? found > low : found >= low) && found < high) else { return }
    let (low, high) = (CanonicalNumber.text(low), CanonicalNumber.text(high))
    report(
      path, found,
      isOpenBelow
        ? "more than \(low) and less than \(high)" : "\(low) or more and less than \(high)")
  }
}
