internal import CRubricStore
internal import Foundation
internal import RubricStore
internal import RubricStoreABI
import Testing

@Suite("rs_pin_score_batch")
struct BatchTests {
  @Test func aBatchIsScored() throws {
    try withPin { pin in
      var criteria = 0
      #expect(rs_pin_columns(pin, &criteria) == RS_OK)
      #expect(criteria == 3)
      let verdicts: [Double] = [1, 4, 0.5, 0, 0, 1, 1, .nan, 0, 1, 9, 0]
      let mask: [UInt8] = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
      var rewards = [Double](repeating: -1, count: 4)
      var reasons = [UInt8](repeating: 99, count: 4)
      var parts = [Double](repeating: -1, count: 12)
      #expect(
        rs_pin_score_batch(pin, 4, 3, verdicts, 24, 8, mask, &rewards, &reasons, &parts) == RS_OK)
      #expect(rewards[0] == 0.625)
      #expect(rewards[1] == 0)
      #expect(rewards[2].isNaN && rewards[3].isNaN)
      #expect(
        reasons == [
          UInt8(RS_SCORED), UInt8(RS_SCORED), UInt8(RS_UNSCORABLE_MISSING),
          UInt8(RS_UNSCORABLE_INVALID_VALUE),
        ])
      #expect(parts[..<3] == [0.25, 0.5, -0.125])
      #expect(parts[5].isNaN && parts[6...].allSatisfy(\.isNaN))
    }
  }

  /// The numbers of the header are those that are written.
  @Test func reasonsAreThoseOfTheHeader() {
    let reasons: [Int] = [
      RS_UNSCORABLE_MISSING, RS_UNSCORABLE_JUDGE_ERROR, RS_UNSCORABLE_NOT_APPLICABLE,
      RS_UNSCORABLE_INVALID_VALUE, RS_UNSCORABLE_ZERO_DENOMINATOR, RS_UNSCORABLE_NOT_FINITE,
      RS_UNSCORABLE_INVALID_RUBRIC,
    ]
    #expect(reasons == Array(1...7))
    let masks: [Int] = [
      RS_VERDICT_VALUE, RS_VERDICT_NA, RS_VERDICT_ERROR, RS_VERDICT_MISSING,
    ]
    #expect(masks == Array(0...3))
  }

  @Test func whatCannotBeIsRefusedAndNothingWritten() throws {
    try withPin { pin in
      let verdicts = [Double](repeating: 0, count: 6)
      var rewards: [Double] = [-1, -1]
      func status(
        _ rollouts: Int, _ criteria: Int, row: Int = 24, column: Int = 8, mask: [UInt8]? = nil
      ) -> rs_status {
        rs_pin_score_batch(
          pin, rollouts, criteria, verdicts, row, column, mask, &rewards, nil, nil)
      }
      #expect(status(2, 2) == RS_ERR_ARGUMENT)
      #expect(String(cString: rs_error_message()).contains("2 criteria, the rubric 3"))
      #expect(status(-1, 3) == RS_ERR_ARGUMENT)
      #expect(status(.max, 3) == RS_ERR_ARGUMENT)
      #expect(status(2, 3, row: .max) == RS_ERR_ARGUMENT)
      #expect(status(2, 3, row: .min, column: .min) == RS_ERR_ARGUMENT)
      #expect(status(2, 3, mask: [0, 1, 2, 3, 7, 0]) == RS_ERR_ARGUMENT)
      #expect(String(cString: rs_error_message()).contains("rollout 1, criterion 1 is 7"))
      #expect(rs_pin_score_batch(pin, 2, 3, nil, 24, 8, nil, &rewards, nil, nil) == RS_ERR_ARGUMENT)
      #expect(
        rs_pin_score_batch(pin, 2, 3, verdicts, 24, 8, nil, nil, nil, nil) == RS_ERR_ARGUMENT)
      #expect(rewards == [-1, -1])
      #expect(rs_pin_score_batch(pin, 0, 3, nil, 0, 0, nil, nil, nil, nil) == RS_OK)
      #expect(
        rs_pin_score_batch(nil, 2, 3, verdicts, 24, 8, nil, &rewards, nil, nil) == RS_ERR_HANDLE)
      #expect(status(2, 3) == RS_OK)
      #expect(rewards == [0, 0])
    }
  }

  /// Calls `body` with a pin of three criteria, weighing 1, 2 and -1.
  private func withPin(_ body: (OpaquePointer?) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "rubric-batch-\(UUID().uuidString)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var rubric = Rubric(id: "essay")
    rubric.criteria = ["a", "b", "c"].map { Criterion(id: $0, text: "Judge it.") }
    rubric.criteria[1].weight = 2
    rubric.criteria[1].scale = .numeric(NumericRange(min: 0, max: 4, step: 1), levels: [])
    rubric.criteria[2].polarity = .negative
    rubric.criteria[2].scale = .numeric(NumericRange(min: 0, max: 1), levels: [])
    let made = try Store.create(folder, bare: true).store
    let outcome = try made.create(
      Array(rubric.canonicalText.utf8), author: Identity(name: "a", email: "a@example.org"))
    var store: OpaquePointer?
    var pin: OpaquePointer?
    #expect(rs_store_open(folder, nil, &store) == RS_OK)
    #expect(rs_pin_pull(store, "essay@\(outcome.commit.hex)", &pin) == RS_OK)
    defer {
      #expect(rs_pin_free(pin) == RS_OK)
      #expect(rs_store_free(store) == RS_OK)
    }
    try body(pin)
  }
}
