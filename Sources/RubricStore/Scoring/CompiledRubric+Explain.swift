extension CompiledRubric {
  /// Scores `judgement` and says where the score comes from.
  ///
  /// The score is the one of ``score(_:)``: both come from the same arithmetic.
  ///
  /// - Complexity: O(*n*) in the number of criteria, groups and verdicts.
  public func explain(_ judgement: Judgement) -> Explanation {
    let evaluation = evaluate(judgement.verdicts)
    let score = score(of: evaluation)
    let judged = nodes.indices.filter { nodes[$0].combination == nil }
    return Explanation(
      rollout: judgement.rollout, rubric: judgement.rubric, score: score,
      contributions: contributions(of: judgement, evaluation),
      gates: gated.compactMap { gateResult($0, evaluation) },
      missing: judged.compactMap { index in
        evaluation.board.slots[index].cause.map { cause in
          MissingVerdict(
            id: ids[index], cause: cause, treatment: evaluation.board.slots[index].treatment)
        }
      },
      ignored: judged.filter {
        nodes[$0].status == .inactive && judgement.verdicts[ids[$0]] != nil
      }.map { ids[$0] })
  }

  private func gateResult(_ index: Int, _ evaluation: Evaluation) -> GateResult? {
    guard let gate = nodes[index].gate else { return nil }
    let value = evaluation.board.slots[index].verdict.map(nodes[index].gated)
    return GateResult(
      id: ids[index], value: value, gate: gate,
      limit: evaluation.raw == nil ? nil : limit(index),
      fired: fired(index, evaluation.board.slots[index].verdict))
  }

  private func contributions(
    of judgement: Judgement, _ evaluation: Evaluation
  ) -> [Contribution] {
    guard mode != .holistic else { return [] }
    var shares: [Double?] = Array(repeating: nil, count: nodes.count)
    shares[0] = evaluation.raw == nil ? nil : 1
    var contributions: [Contribution] = []
    contributions.reserveCapacity(nodes.count - 1)
    for index in nodes.indices.dropFirst() {
      let node = nodes[index]
      let slot = evaluation.board.slots[index]
      shares[index] = share(of: index, under: shares[node.parent], evaluation.board)
      let verdict = node.combination == nil ? judgement.verdicts[ids[index]] : nil
      contributions.append(
        Contribution(
          id: ids[index], group: node.parent == 0 ? nil : ids[node.parent],
          isGroup: node.combination != nil, treatment: slot.treatment, verdict: verdict,
          normalized: node.combination == nil ? slot.verdict.map(node.normalized) : nil,
          weight: node.weight, value: evaluation.raw == nil ? nil : slot.value,
          share: shares[index], contribution: product(shares[index], slot.value)))
    }
    return contributions
  }

  /// How much of the raw reward a node's value makes; nil where it does not count.
  func share(of index: Int, under parentShare: Double?, _ board: Board) -> Double? {
    let node = nodes[index]
    guard let parentShare, node.joins, board.slots[index].value != nil,
      let combination = nodes[node.parent].combination
    else { return nil }
    let sum = board.sums[node.parent]
    switch combination {
    case .weightedMean, .pointsOverPositive: return parentShare * (node.weight / sum.weight)
    case .sum: return parentShare * node.weight
    case .min, .max: return sum.pick == index ? parentShare : 0
    }
  }

  func product(_ share: Double?, _ value: Double?) -> Double? {
    guard let share, let value else { return nil }
    return share * value
  }
}
