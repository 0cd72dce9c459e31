public import CRubricStore
internal import RubricStore

/// Stands behind `rs_pin_score_batch` of the header.
@c @implementation
public func rs_pin_score_batch(
  _ pin: OpaquePointer?, _ rollouts: Int, _ criteria: Int, _ verdicts: UnsafePointer<Double>?,
  _ row: Int, _ column: Int, _ mask: UnsafePointer<UInt8>?,
  _ rewards: UnsafeMutablePointer<Double>?, _ reasons: UnsafeMutablePointer<UInt8>?,
  _ contributions: UnsafeMutablePointer<Double>?
) -> rs_status {
  call {
    let pin = try Handles.object(pin, as: PinObject.self)
    guard criteria == pin.columns.count else {
      throw CallError.argument(
        "the batch has \(UInt(bitPattern: criteria)) criteria, the rubric \(pin.columns.count)",
        hint: "rs_pin_describe() lists the columns of a batch")
    }
    guard rollouts != 0 else { return }
    guard let rewards else { throw CallError.argument("`rewards` is NULL") }
    guard verdicts != nil || criteria == 0 else { throw CallError.argument("`verdicts` is NULL") }
    // Nothing is read as a Double here: the pointers need not be aligned.
    let table = VerdictTable(
      rollouts: rollouts, criteria: criteria, verdicts: UnsafeRawPointer(verdicts), row: row,
      column: column, mask: mask)
    guard let table else {
      throw CallError.argument(
        "\(UInt(bitPattern: rollouts)) rollouts of \(criteria) criteria, \(row) and \(column) bytes"
          + " apart, do not fit into memory")
    }
    if let cell = table.firstUnknownMask {
      throw CallError.argument(
        "the mask of rollout \(cell.rollout), criterion \(cell.criterion) is \(cell.mask)",
        hint: "it is one of RS_VERDICT_*, 0 to 3")
    }
    pin.batches.score(
      table,
      into: ScoreTable(
        rewards: UnsafeMutableRawPointer(rewards), reasons: reasons,
        contributions: contributions.map { UnsafeMutableRawPointer($0) }))
  }
}
