import CRubricStore
import Foundation
import RubricStore
import RubricStoreABI
import Testing

@Suite("Stamps behind the header")
struct StampTests {
  /// The stamp of the rubric at the tip.
  private func stamp(_ folder: TestFolder) throws -> JSONObject {
    var pin: OpaquePointer?
    try #require(rs_pin_pull(folder.handle, "essay", &pin) == RS_OK)
    defer { #expect(rs_pin_free(pin) == RS_OK) }
    return try #require(try json { rs_pin_stamp(pin, $0) }.object)
  }

  private func verify(_ folder: TestFolder, _ value: JSONObject) throws -> JSONValue {
    try json { rs_stamp_verify(folder.handle, JSONValue.object(value).jsonText, $0) }
  }

  @Test func aStampIsMadeAndHolds() throws {
    let folder = try TestFolder.withEssay()
    var made = try stamp(folder)
    #expect(
      made.members.map(\.key) == ["stamp", "rubric", "commit", "judge", "scoring", "library"])
    #expect(made["library"]?.string == String(cString: rs_library_version()))
    let commit = try folder.git("rev-parse", "main")
    #expect(made["commit"] == .string(commit))
    try folder.reweight(from: 3, to: 4)
    let answer = try verify(folder, made)
    #expect(answer["valid"] == true)
    #expect(answer["problems"] == [])
    #expect(answer["commit"] == .string(commit))
    made["commit"] = .string(try folder.git("rev-parse", "main"))
    let moved = try verify(folder, made)
    #expect(moved["valid"] == false)
    #expect(moved["problems"]?.array?.first?["field"] == "scoring")
  }

  @Test func aRewardIsScoredAgain() throws {
    let folder = try TestFolder.withEssay()
    var pin: OpaquePointer?
    try #require(rs_pin_pull(folder.handle, "essay", &pin) == RS_OK)
    defer { #expect(rs_pin_free(pin) == RS_OK) }
    let verdicts: JSONValue = ["flow": 4, "facts": 1, "padding": 1]
    let score = try json {
      rs_pin_score(pin, JSONValue.object(JSONObject([("verdicts", verdicts)])).jsonText, 0, $0)
    }
    var record = JSONObject([
      ("rollout", "r1"), ("verdicts", verdicts), ("stamp", .object(try stamp(folder))),
    ])
    record["reward"] = score["reward"]
    let right = try verify(folder, record)
    #expect(right["valid"] == true)
    #expect(right["rescored"] == true)
    record["reward"] = .decimal(0.123)
    let near = try verify(folder, record)
    #expect(near["valid"] == false)
    #expect(near["problems"]?.array?.first?["expected"] == score["reward"])
  }

  @Test func whatIsNone() throws {
    let folder = try TestFolder.withEssay()
    var made = try stamp(folder)
    failure(RS_ERR_ARGUMENT) { rs_stamp_verify(folder.handle, nil, $0) }
    failure(RS_ERR_ARGUMENT, ofCall: { rs_stamp_verify(folder.handle, "{}", nil) })
    failure(RS_ERR_ARGUMENT) { rs_stamp_verify(folder.handle, HostileTexts.notUTF8, $0) }
    failure(RS_ERR_HANDLE) { rs_stamp_verify(nil, "{}", $0) }
    failure(RS_ERR_HANDLE) { rs_pin_stamp(folder.handle, $0) }
    failure(RS_ERR_SYNTAX) { rs_stamp_verify(folder.handle, "{}", $0) }
    made["stamp"] = "rubric-stamp/9"
    let other = failure(RS_ERR_SYNTAX) {
      rs_stamp_verify(folder.handle, JSONValue.object(made).jsonText, $0)
    }
    #expect(other?.findings.first?["path"] == "stamp")
    HostileTexts.tryAll { rs_stamp_verify(folder.handle, $0, $1) }
  }
}
