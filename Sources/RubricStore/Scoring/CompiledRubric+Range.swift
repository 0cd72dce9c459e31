extension CompiledRubric {
  /// The rewards that the rubric can give where every criterion is judged: from that of the verdicts
  /// that earn least to that of those that earn most, after gates and clip.
  ///
  /// Nil where the rubric cannot be scored with. Verdicts `na` and missing ones may leave the range,
  /// since they take weights out of the formula.
  ///
  /// - Complexity: O(*n*) in the number of criteria and groups.
  public var rewardRange: ClosedRange<Double>? {
    var worst: [CriterionID: Verdict] = [:]
    var best: [CriterionID: Verdict] = [:]
    for (id, index) in leaves {
      let node = nodes[index]
      worst[id] = .value(node.worst)
      best[id] = .value(node.polarity == .positive ? node.high : node.low)
    }
    guard let low = score(of: evaluate(worst)).reward, let high = score(of: evaluate(best)).reward,
      low <= high
    else { return nil }
    return low...high
  }
}
