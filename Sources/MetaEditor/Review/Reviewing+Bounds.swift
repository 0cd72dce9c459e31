internal import RubricStore

extension Reviewing {
  /// The budget: what is over a bound must at least not have grown.
  func checkBudget(_ result: Rubric) -> [ReviewCheck] {
    let use = result.budgetUse
    let budget = policy.budget
    return [
      bounded("budget.criteria", use.criteria, oldUse.criteria, budget.criteria, "judged criteria"),
      bounded("budget.depth", use.depth, oldUse.depth, budget.depth, "levels of nesting"),
      bounded(
        "budget.characters", use.characters, oldUse.characters, budget.characters,
        "characters for the judge"),
      budget.judgeTokens.flatMap { bound in
        bounded(
          "budget.judge_tokens", JudgeTokens.estimate(for: result), oldTokens, bound,
          "tokens for the judge, as estimated,")
      },
    ].compactMap(\.self)
  }

  private func bounded(
    _ name: String, _ found: Int, _ before: Int, _ bound: Int?, _ noun: String
  ) -> ReviewCheck? {
    guard let bound else { return nil }
    let isOver = found > bound
    var sentence = "\(found) \(noun) after and \(before) before, at most \(bound) allowed"
    if isOver, found <= before { sentence += "; it was over before and has not grown" }
    return ReviewCheck(
      name, isOver && found > before ? .failed : .passed, measured: Double(found),
      before: Double(before), bound: Double(bound), sentence: sentence)
  }

  /// How far the weight of a criterion or group goes that both versions have.
  func checkWeights(_ result: Rubric) -> ReviewCheck? {
    guard let bound = policy.trustRegion.weightRatio else { return nil }
    var old: [CriterionID: Double] = [:]
    rubric.criteria.visit { old[$0.id] = $0.weight }
    var worst: (id: CriterionID, before: Double, after: Double, ratio: Double)?
    result.criteria.visit { item in
      guard let before = old[item.id] else { return }
      let ratio = Self.ratio(before, item.weight)
      if ratio > worst?.ratio ?? 1 { worst = (item.id, before, item.weight, ratio) }
    }
    guard let worst else {
      return ReviewCheck(
        "trust_region.weight_ratio", .passed, measured: 1, bound: bound,
        sentence: "no weight changes")
    }
    return ReviewCheck(
      "trust_region.weight_ratio", Self.exceeds(worst.ratio, bound) ? .failed : .passed,
      measured: worst.ratio, bound: bound,
      sentence: "the weight of `\(worst.id)` goes from \(CanonicalNumber.text(worst.before)) to "
        + "\(CanonicalNumber.text(worst.after)), a ratio of \(Self.show(worst.ratio)), "
        + "at most \(Self.show(bound)) allowed",
      hint: worst.ratio.isInfinite && Self.exceeds(worst.ratio, bound)
        ? "a criterion that shall not count is deactivated" : nil)
  }

  /// How far the width of a scale goes that both versions have.
  func checkScales(_ result: Rubric) -> ReviewCheck? {
    guard let bound = policy.trustRegion.scaleRatio else { return nil }
    var old: [CriterionID: Double] = [:]
    rubric.criteria.visit { item in
      if !item.isGroup { old[item.id] = item.scale.bounds.map { $0.max - $0.min } }
    }
    var worst: (id: CriterionID, before: Double, after: Double, ratio: Double)?
    result.criteria.visit { item in
      guard !item.isGroup, let before = old[item.id], let bounds = item.scale.bounds else { return }
      let after = bounds.max - bounds.min
      let ratio = Self.ratio(before, after)
      if ratio > worst?.ratio ?? 1 { worst = (item.id, before, after, ratio) }
    }
    guard let worst else {
      return ReviewCheck(
        "trust_region.scale_ratio", .passed, measured: 1, bound: bound,
        sentence: "no scale changes its width")
    }
    return ReviewCheck(
      "trust_region.scale_ratio", Self.exceeds(worst.ratio, bound) ? .failed : .passed,
      measured: worst.ratio, bound: bound,
      sentence: "the width of the scale of `\(worst.id)` goes from "
        + "\(CanonicalNumber.text(worst.before)) to \(CanonicalNumber.text(worst.after)), "
        + "a ratio of \(Self.show(worst.ratio)), at most \(Self.show(bound)) allowed")
  }

  /// The ratio of the larger to the smaller, 1 or more; infinite to or from 0.
  private static func ratio(_ before: Double, _ after: Double) -> Double {
    if before == after { return 1 }
    let (low, high) = (min(before, after), max(before, after))
    return low > 0 ? high / low : .infinity
  }

  /// Whether a figure is over its bound; a billionth is allowed for, since 0.3 / 0.1 is above 3.
  static func exceeds(_ value: Double, _ bound: Double) -> Bool {
    !(value <= bound + 1e-9 * max(1, bound.magnitude))
  }
}

extension [Criterion] {
  /// Calls `body` with every criterion and group, parents first.
  func visit(_ body: (Criterion) -> Void) {
    for item in self {
      body(item)
      item.criteria.visit(body)
    }
  }
}
