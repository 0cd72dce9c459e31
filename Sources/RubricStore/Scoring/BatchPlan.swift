/// A rubric laid out for scoring many rollouts at once.
///
/// Each reward is, to the last bit, the one of ``CompiledRubric/score(_:)`` for the same verdicts, and
/// each contribution that of ``CompiledRubric/explain(_:)``.
public struct BatchPlan: Sendable {
  let rubric: CompiledRubric
  /// The node of each column.
  private let nodes: [Int]
  /// The column of each node; -1 for what has none.
  private let columns: [Int]
  /// What scores the rollouts that have all their verdicts, several at a time; nil for a rubric with
  /// groups.
  private let lanes: LanePlan?

  /// Lays `rubric` out.
  ///
  /// - Complexity: O(*n*) in the number of criteria and levels.
  public init(_ rubric: CompiledRubric) {
    self.rubric = rubric
    nodes = rubric.nodes.indices.filter(rubric.isColumn)
    var columns = Array(repeating: -1, count: rubric.nodes.count)
    for (column, node) in nodes.enumerated() { columns[node] = column }
    self.columns = columns
    lanes = LanePlan(rubric, nodes: nodes)
  }

  /// Scores rollouts whose verdicts lie one after the other.
  ///
  /// - Parameters:
  ///   - verdicts: Of each rollout a verdict for each of ``CompiledRubric/columns``; NaN where there is
  ///     none.
  ///   - rewards: The reward of each rollout is written here; NaN for one that has none.
  /// - Complexity: As ``CompiledRubric/score(_:)`` for each rollout, and much faster where the rubric
  ///   has no groups.
  public func score(_ verdicts: [Double], into rewards: inout [Double]) {
    let count = nodes.isEmpty ? 0 : verdicts.count / nodes.count
    rewards.removeAll(keepingCapacity: true)
    rewards.append(contentsOf: repeatElement(.nan, count: count))
    let stride = MemoryLayout<Double>.stride
    verdicts.withUnsafeBytes { verdicts in
      rewards.withUnsafeMutableBytes { rewards in
        let table = VerdictTable(
          rollouts: count, criteria: nodes.count, verdicts: verdicts.baseAddress,
          row: stride * nodes.count, column: stride)
        guard let table, let place = rewards.baseAddress else { return }
        score(table, into: ScoreTable(rewards: place))
      }
    }
  }

  /// Scores every rollout of `table`, whose columns must be those of the rubric.
  ///
  /// - Parameters:
  ///   - table: The verdicts.
  ///   - scores: Where the scores go.
  ///   - plainly: Whether only the vectors are used that every processor has, for tests.
  /// - Complexity: O(*n*·*m*) in the number of rollouts and criteria; what is allocated does not grow
  ///   with the rollouts.
  package func score(_ table: VerdictTable, into scores: ScoreTable, plainly: Bool = false) {
    guard table.criteria == nodes.count else { return }
    var places = Places(rubric.nodes.count)
    guard let lanes else {
      for rollout in 0..<table.rollouts { score(rollout, table, scores, &places) }
      return
    }
    lanes.score(table, scores, rubric, plainly: plainly) { rollout in
      score(rollout, table, scores, &places)
    }
  }

  /// What scoring one rollout needs, made once for the batch.
  private struct Places {
    var board: CompiledRubric.Board
    var shares: [Double?]

    init(_ count: Int) {
      board = CompiledRubric.Board(count)
      shares = Array(repeating: nil, count: count)
    }
  }

  /// Scores one rollout, whatever the rubric and the verdicts.
  private func score(
    _ rollout: Int, _ table: VerdictTable, _ scores: ScoreTable, _ places: inout Places
  ) {
    var fault: CompiledRubric.Fault?
    let raw = rubric.fill(&places.board) { index in
      columns[index] < 0 ? .missing : table.cell(rollout, columns[index])
    } refuse: { found, _ in
      if fault == nil { fault = found }
    }
    fault = rubric.defect ?? fault ?? rubric.fault(of: raw)
    var reward = Double.nan
    if fault == nil, let raw {
      reward = rubric.reward(raw) { places.board.slots[$0].verdict }
    }
    scores.rewards.storeBytes(
      of: reward, toByteOffset: rollout &* MemoryLayout<Double>.stride, as: Double.self)
    scores.reasons?[rollout] = fault?.rawValue ?? 0
    guard let contributions = scores.contributions else { return }
    let row = contributions + rollout &* nodes.count &* MemoryLayout<Double>.stride
    explain(isScored: fault == nil, row, &places)
  }

  /// Writes what each verdict of a rollout added to the raw reward.
  private func explain(isScored: Bool, _ row: UnsafeMutableRawPointer, _ places: inout Places) {
    places.shares[0] = isScored ? 1 : nil
    for index in rubric.nodes.indices {
      let parent = rubric.nodes[index].parent
      if parent >= 0 {
        places.shares[index] = rubric.share(
          of: index, under: places.shares[parent], places.board)
      }
      guard columns[index] >= 0 else { continue }
      let part = rubric.product(places.shares[index], places.board.slots[index].value)
      row.storeBytes(
        of: part ?? .nan, toByteOffset: columns[index] &* MemoryLayout<Double>.stride,
        as: Double.self)
    }
  }
}

extension CompiledRubric {
  /// Why no judgement has a reward; nil for a rubric that can be scored with.
  var defect: Fault? {
    guard let first = defects.first else { return nil }
    let faults: [Fault] = [.zeroDenominator, .notFinite]
    return faults.first { $0.code == first.code } ?? .invalidRubric
  }
}
