internal import CBatchKernel

/// A rubric without groups, laid out so that several rollouts are scored in step.
///
/// Where every verdict is there and admitted, the denominator is the same for each rollout, and so is
/// the order of the sum: each lane of a vector can add up one rollout.
struct LanePlan: Sendable {
  private var columns: [batchkernel_column] = []
  private var levels: [Double] = []
  /// What the sum is divided by.
  private let total: Double
  /// By column: the node, and what its value is multiplied with for its contribution; nil where the
  /// value does not count.
  private var shares: [(node: Int, share: Double?)] = []
  /// The nodes whose gate holds, and their columns.
  private var gates: [(node: Int, column: Int)] = []

  /// Lays `rubric` out, whose columns are `nodes`; nil where it has groups or one verdict for all of
  /// it, and where it cannot be scored with.
  init?(_ rubric: CompiledRubric, nodes: [Int]) {
    guard rubric.defects.isEmpty, rubric.mode != .holistic,
      let combination = rubric.nodes.first?.combination,
      rubric.nodes.dropFirst().allSatisfy({ $0.combination == nil })
    else { return nil }
    var sum = CompiledRubric.Sum()
    for node in nodes where rubric.nodes[node].joins {
      sum.add(0, rubric.nodes[node], at: node, to: combination)
    }
    guard sum.count > 0, sum.weight.isFinite, sum.value(combination) != nil else { return nil }
    total = combination == .sum ? 1 : sum.weight
    for (column, index) in nodes.enumerated() {
      let node = rubric.nodes[index]
      let share = combination == .sum ? node.weight : node.weight / sum.weight
      shares.append((index, node.joins ? share : nil))
      if node.gate != nil { gates.append((index, column)) }
      // What nobody looks at is left unread.
      guard node.joins || node.matters else { continue }
      columns.append(Self.column(column, node, levels: &levels, rubric))
    }
    markRuns()
  }

  private static func column(
    _ number: Int, _ node: CompiledRubric.Node, levels: inout [Double], _ rubric: CompiledRubric
  ) -> batchkernel_column {
    var column = batchkernel_column()
    column.column = number
    column.run = 1
    (column.low, column.high) = (node.low, node.high)
    switch node.admitted {
    case .binary: column.admits = Int32(BATCHKERNEL_BINARY)
    case .numeric(let range):
      (column.low, column.high) = (range.min, range.max)
      column.admits = Int32(BATCHKERNEL_RANGE)
      if let step = range.step, step > 0 {
        column.admits = Int32(BATCHKERNEL_STEPS)
        column.step = step
      }
    case .levels(let values):
      column.admits = Int32(BATCHKERNEL_LEVELS)
      (column.level, column.levels) = (levels.count, values.count)
      levels.append(contentsOf: rubric.levelValues[values])
    }
    column.factor = 1
    column.mirror = node.low + node.high
    if !node.isRaw {
      column.mirror = 1
      column.shift = node.low
      let range = node.high - node.low
      // The reciprocal of a power of two is exact, and the product with it is the quotient.
      if range.significand == 1, (1 / range).isNormal {
        column.factor = 1 / range
      } else {
        column.divisor = range
      }
    }
    column.weight = node.joins ? node.weight : 0
    if node.polarity == .negative {
      switch node.credit {
      // w·(-x) is (-w)·x.
      case .penalty: column.weight = -column.weight
      case .avoidance: column.mirrored = 1
      }
    }
    return column
  }

  /// Says of each column how many like it follow.
  private mutating func markRuns() {
    for index in columns.indices.reversed().dropFirst() {
      let (column, next) = (columns[index], columns[index + 1])
      if column.isPlain, next.isPlain, next.column == column.column + 1 {
        columns[index].run = next.run + 1
      }
    }
  }

  /// How many rollouts are handed over at once.
  private static let portion = 64 * Int(BATCHKERNEL_ROWS)

  /// Scores a batch, and calls `other` for each rollout that has to be scored alone.
  func score(
    _ table: VerdictTable, _ scores: ScoreTable, _ rubric: CompiledRubric, plainly: Bool,
    other: (Int) -> Void
  ) {
    columns.withUnsafeBufferPointer { columns in
      levels.withUnsafeBufferPointer { levels in
        var plan = batchkernel_plan(
          columns: columns.baseAddress, count: columns.count, levels: levels.baseAddress,
          total: total, lower: rubric.aggregation.clip?.lower ?? -.infinity,
          upper: rubric.aggregation.clip?.upper ?? .infinity)
        let kernel = plainly ? batchkernel_score_plainly : batchkernel_score
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.portion) { left in
          let whole = table.rollouts - table.rollouts % Int(BATCHKERNEL_ROWS)
          for start in stride(from: 0, to: whole, by: Self.portion) {
            let count = Swift.min(Self.portion, whole - start)
            kernel(
              &plan, count / Int(BATCHKERNEL_ROWS), table.verdicts + start &* table.row, table.row,
              table.column, scores.rewards + start &* MemoryLayout<Double>.stride,
              left.baseAddress)
            finish(start..<start + count, UnsafeBufferPointer(left), table, scores, rubric, other)
          }
          // The rest one by one, the same rollout in every lane.
          withUnsafeTemporaryAllocation(of: Double.self, capacity: Int(BATCHKERNEL_ROWS)) { lanes in
            for rollout in whole..<table.rollouts {
              kernel(
                &plan, 1, table.verdicts + rollout &* table.row, 0, table.column,
                lanes.baseAddress, left.baseAddress)
              scores.rewards.storeBytes(
                of: lanes[0], toByteOffset: rollout &* MemoryLayout<Double>.stride,
                as: Double.self)
              finish(
                rollout..<rollout + 1, UnsafeBufferPointer(left), table, scores, rubric, other)
            }
          }
        }
      }
    }
  }

  /// Does what is left to do of rollouts: scores those alone that `left` names, and for the others
  /// sees to gates, reasons and contributions.
  private func finish(
    _ rollouts: Range<Int>, _ left: UnsafeBufferPointer<UInt8>, _ table: VerdictTable,
    _ scores: ScoreTable, _ rubric: CompiledRubric, _ other: (Int) -> Void
  ) {
    scores.reasons?.advanced(by: rollouts.lowerBound).update(repeating: 0, count: rollouts.count)
    let isMore = table.mask != nil || scores.contributions != nil || !gates.isEmpty
    for block in 0..<(rollouts.count + 7) / 8 where isMore || left[block] != 0 {
      for lane in 0..<Swift.min(8, rollouts.count - block * 8) {
        let rollout = rollouts.lowerBound + block * 8 + lane
        guard left[block] & 1 << UInt8(lane) == 0, table.isAllValues(rollout) else {
          other(rollout)
          continue
        }
        if !gates.isEmpty { lower(rollout, table, scores, rubric) }
        if let contributions = scores.contributions {
          explain(rollout, table, contributions, rubric)
        }
      }
    }
  }

  /// Lowers a reward where a gate fires.
  private func lower(
    _ rollout: Int, _ table: VerdictTable, _ scores: ScoreTable, _ rubric: CompiledRubric
  ) {
    let offset = rollout &* MemoryLayout<Double>.stride
    var reward = scores.rewards.loadUnaligned(fromByteOffset: offset, as: Double.self)
    for (index, column) in gates {
      guard rubric.fired(index, table.verdict(rollout, column)), let limit = rubric.limit(index)
      else { continue }
      reward = Swift.min(reward, limit)
    }
    scores.rewards.storeBytes(of: reward, toByteOffset: offset, as: Double.self)
  }

  private func explain(
    _ rollout: Int, _ table: VerdictTable, _ contributions: UnsafeMutableRawPointer,
    _ rubric: CompiledRubric
  ) {
    let row = contributions + rollout &* shares.count &* MemoryLayout<Double>.stride
    for (column, (index, share)) in shares.enumerated() {
      let part = share.map { $0 * rubric.nodes[index].oriented(table.verdict(rollout, column)) }
      row.storeBytes(
        of: part ?? .nan, toByteOffset: column &* MemoryLayout<Double>.stride, as: Double.self)
    }
  }
}

extension batchkernel_column {
  /// Whether the column is binary, and its verdicts are worth what they are.
  fileprivate var isPlain: Bool {
    admits == Int32(BATCHKERNEL_BINARY) && mirrored == 0 && shift == 0 && divisor == 0
      && factor == 1
  }
}
