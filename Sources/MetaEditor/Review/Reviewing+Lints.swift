internal import RubricStore

extension Reviewing {
  /// Decay that the edits bring: what lints find in the result and did not find before.
  func checkLints(_ result: Rubric) -> (check: ReviewCheck, warnings: [LintFinding]) {
    let lints = Lint.all.filter { policy.level(of: $0) != .off }
    let new = RubricLint.findings(in: result, phrases: phrases, only: lints)
      .filter { !oldFindings.contains($0.key) }
    let refused = new.filter { policy.level(of: $0.lint) == .refuse }
    let warnings = new.filter { policy.level(of: $0.lint) == .warn }
    guard let first = refused.first else {
      let noted = warnings.isEmpty ? "" : ", \(Self.count(warnings.count, "warning"))"
      return (
        ReviewCheck(
          "lints", .passed, measured: 0, bound: 0,
          sentence: "\(Self.count(lints.count, "lint")) find no decay that was not there before"
            + noted), warnings
      )
    }
    let more = refused.dropFirst().prefix(2).map { "; \($0.sentence)" }.joined()
    let rest = refused.count > 3 ? "; and \(refused.count - 3) more" : ""
    return (
      ReviewCheck(
        "lints", .failed, measured: Double(refused.count), bound: 0,
        sentence: first.sentence + more + rest, hint: first.hint), warnings
    )
  }
}
