/// The verdicts of many rollouts, as they lie in somebody's memory: a row a rollout.
package struct VerdictTable {
  /// What a cell holds, by its mask; the numbers are those of the C ABI.
  package enum Mask: UInt8 {
    case value, notApplicable, error, missing
  }

  let rollouts: Int
  let criteria: Int
  let verdicts: UnsafeRawPointer
  /// The distance of two rollouts, in bytes.
  let row: Int
  /// The distance of two criteria, in bytes.
  let column: Int
  /// A byte for each cell, without gaps; nil where all are values.
  let mask: UnsafePointer<UInt8>?

  /// Describes verdicts, which must outlive the table; nil where they cannot all lie in memory.
  ///
  /// - Parameters:
  ///   - rollouts: How many rows there are.
  ///   - criteria: How many verdicts a row has.
  ///   - verdicts: The first criterion of the first rollout; nil only where there are no verdicts.
  ///   - row: The distance of two rollouts in bytes, of any sign and alignment.
  ///   - column: The distance of two criteria in bytes.
  ///   - mask: What each cell holds; a number that is no ``Mask`` is read as ``Mask/missing``.
  package init?(
    rollouts: Int, criteria: Int, verdicts: UnsafeRawPointer?, row: Int, column: Int,
    mask: UnsafePointer<UInt8>? = nil
  ) {
    guard rollouts >= 0, criteria >= 0 else { return nil }
    let cells = rollouts.multipliedReportingOverflow(by: criteria)
    let bytes = cells.partialValue.multipliedReportingOverflow(by: MemoryLayout<Double>.stride)
    let outer = Self.reach(rollouts, row)
    let inner = Self.reach(criteria, column)
    guard !cells.overflow, !bytes.overflow, let outer, let inner else { return nil }
    if cells.partialValue > 0 {
      // Whatever lies between the lowest and the highest cell has an address.
      let lowest = Swift.min(outer, 0).addingReportingOverflow(Swift.min(inner, 0))
      let highest = Swift.max(outer, 0).addingReportingOverflow(Swift.max(inner, 0))
      guard let verdicts, !lowest.overflow, !highest.overflow, lowest.partialValue > Int.min,
        highest.partialValue <= Int.max - MemoryLayout<Double>.size
      else { return nil }
      let address = UInt(bitPattern: verdicts)
      let below = lowest.partialValue.magnitude
      let above = UInt(highest.partialValue + MemoryLayout<Double>.size)
      guard address >= below, !address.addingReportingOverflow(above).overflow else { return nil }
    }
    guard let verdicts = verdicts ?? UnsafeRawPointer(bitPattern: 8) else { return nil }
    self.rollouts = rollouts
    self.criteria = criteria
    self.verdicts = verdicts
    self.row = row
    self.column = column
    self.mask = mask
  }

  /// How far the last of `count` places lies from the first; nil where that is no number.
  private static func reach(_ count: Int, _ stride: Int) -> Int? {
    guard count > 1 else { return 0 }
    let reach = (count - 1).multipliedReportingOverflow(by: stride)
    return reach.overflow ? nil : reach.partialValue
  }

  /// The first cell whose mask is no ``Mask``.
  package var firstUnknownMask: (rollout: Int, criterion: Int, mask: UInt8)? {
    guard let mask else { return nil }
    let cells = rollouts &* criteria
    var worst: UInt8 = 0
    for cell in 0..<cells { worst |= mask[cell] }
    guard worst > Mask.missing.rawValue else { return nil }
    for cell in 0..<cells where mask[cell] > Mask.missing.rawValue {
      return (cell / criteria, cell % criteria, mask[cell])
    }
    return nil
  }

  func verdict(_ rollout: Int, _ criterion: Int) -> Double {
    verdicts.loadUnaligned(
      fromByteOffset: rollout &* row &+ criterion &* column, as: Double.self)
  }

  func cell(_ rollout: Int, _ criterion: Int) -> CompiledRubric.Cell {
    switch mask.map({ Mask(rawValue: $0[rollout &* criteria &+ criterion]) }) ?? .value {
    case .value:
      let verdict = verdict(rollout, criterion)
      return verdict.isNaN ? .missing : .value(verdict)
    case .notApplicable: return .notApplicable
    case .error: return .error
    case .missing, nil: return .missing
    }
  }

  /// Whether every cell of a rollout is a value, as far as the mask says.
  func isAllValues(_ rollout: Int) -> Bool {
    guard let mask else { return true }
    let row = mask + rollout &* criteria
    var index = 0
    var all: UInt64 = 0
    while index &+ 8 <= criteria {
      all |= UnsafeRawPointer(row + index).loadUnaligned(as: UInt64.self)
      index &+= 8
    }
    while index < criteria {
      all |= UInt64(row[index])
      index &+= 1
    }
    return all == 0
  }
}

/// Where the scores of a batch go; nothing of it need be aligned.
package struct ScoreTable {
  /// The reward of each rollout; NaN where it has none.
  let rewards: UnsafeMutableRawPointer
  /// Why it has none, 0 where it has one; nil where nobody asks.
  let reasons: UnsafeMutablePointer<UInt8>?
  /// What each verdict added to the raw reward, row by row, NaN where it does not count.
  let contributions: UnsafeMutableRawPointer?

  package init(
    rewards: UnsafeMutableRawPointer, reasons: UnsafeMutablePointer<UInt8>? = nil,
    contributions: UnsafeMutableRawPointer? = nil
  ) {
    self.rewards = rewards
    self.reasons = reasons
    self.contributions = contributions
  }
}
