import CRubricStore
import Glibc
import RubricStore
import Testing

@Suite("Evidence, through the header")
struct EvidenceTests {
  /// Graded rollouts of the essay rubric, every one padded and praised for its flow.
  private static func lines(_ count: Int, commit: String, flow: Int = 4) -> String {
    (0..<count).map { number in
      """
      {"rollout": "r\(number)", "prompt": "p", "response": "\(String(repeating: "a ", count: number % 9))", \
      "rubric": "\(commit)", "verdicts": {"flow": \(number % 2 == 0 ? flow : 2), "facts": \(number % 3 == 0 ? 1 : 0), \
      "padding": \(number % 5 == 0 ? 1 : 0)}, "gold": \(number % 3 == 0 ? 0.75 : 0.25), "step": \(number)}
      """
    }.joined(separator: "\n") + "\n"
  }

  private func update(_ folder: TestFolder, _ request: String, _ lines: String) throws -> JSONValue
  {
    try json { rs_evidence_update(folder.handle, request, lines, lines.utf8.count, $0) }
  }

  private let author = #""author": {"name": "Ada", "email": "ada@example.org"}"#

  @Test func statisticsProposeAndNothingIsCommittedUnasked() throws {
    let folder = try TestFolder.withEssay()
    let before = try folder.store.resolve("main")
    let lines = Self.lines(80, commit: before.hex)
    let answer = try update(folder, "{}", lines)
    #expect(answer["proposal"]?["proposer"] == "stats/1")
    #expect(answer["proposal"]?["base"] == .string(before.hex))
    #expect(answer["proposal"]?["evidence"]?["rollouts"] == 80)
    #expect(answer["outcome"] == .null)
    #expect(try folder.store.resolve("main") == before)
  }

  @Test func whatPassesIsCommittedWithWhatItRestsOn() throws {
    let folder = try TestFolder.withEssay()
    let lines = Self.lines(80, commit: try folder.store.resolve("main").hex)
    let answer = try update(folder, #"{"commit": true, \#(author)}"#, lines)
    let commit = try #require(answer["outcome"]?["commit"]?.string)
    #expect(try folder.store.resolve("main").hex == commit)
    let entry = try #require(try folder.store.log().first)
    #expect(entry.proposer.author == .meta)
    #expect(entry.provenance["evidence"]?["rollouts"] == 80)
  }

  @Test func aCallersProposalIsReviewedLikeAnyOther() throws {
    let folder = try TestFolder.withEssay()
    let lines = Self.lines(80, commit: try folder.store.resolve("main").hex)
    let proposal = """
      {"commit": true, \(author), "proposal": {"name": "mine/1", "rationale": "Flow is overrated", "edits": [
        {"edit": {"op": "reweight", "id": "flow", "after": 2.5, "because": "it is gamed"}, "support": 40},
        {"edit": {"op": "reweight", "id": "facts", "after": 2, "because": "it is pinned"}, "support": 40},
        {"edit": {"op": "reweight", "id": "nobody", "after": 2, "because": "it is not there"}, "support": 40}]}}
      """
    let answer = try update(folder, proposal, lines)
    #expect(answer["proposal"]?["proposer"] == "mine/1")
    let edits = try #require(answer["outcome"]?["edits"]?.array)
    #expect(edits.compactMap { $0["id"]?.string } == ["flow"])
    #expect(edits.first?["before"] == 3)
    #expect(answer["proposal"]?["refused"]?.array?.count == 1)
    let notMade = try #require(answer["proposal"]?["notProposed"]?.array?.first?.string)
    #expect(notMade.contains("nobody"))
    let rubric = try folder.store.pull().rubric
    #expect(rubric.criteria.map(\.weight) == [2.5, 1, 0.5])
  }

  @Test func aLineThatIsNoEvidenceIsNamedAndNothingIsCommitted() throws {
    let folder = try TestFolder.withEssay()
    let before = try folder.store.resolve("main")
    let lines = Self.lines(40, commit: before.hex) + "\n{\"rollout\": 3}\n"
    let request = #"{"commit": true, \#(author)}"#
    let told = try #require(
      failure(Int(RS_ERR_SYNTAX)) {
        rs_evidence_update(folder.handle, request, lines, lines.utf8.count, $0)
      })
    #expect(told.findings.first?["line"] == 42)
    #expect(try folder.store.resolve("main") == before)
  }

  @Test func evidenceOfOtherVersionsOnlyIsAnError() throws {
    let folder = try TestFolder.withEssay()
    let lines = Self.lines(40, commit: String(repeating: "a", count: 40))
    let told = try #require(
      failure(Int(RS_ERR_PROPOSAL)) {
        rs_evidence_update(folder.handle, "{}", lines, lines.utf8.count, $0)
      })
    #expect(told.message.contains("none of the 40 records"))
    failure(Int(RS_ERR_PROPOSAL)) { rs_evidence_update(folder.handle, "{}", nil, 0, $0) }
  }

  /// Each edit that cannot be made costs a reading of the others.
  @Test func aProposalOfNothingButWhatCannotBeMadeIsRefusedWhole() throws {
    let folder = try TestFolder.withEssay()
    let lines = Self.lines(40, commit: try folder.store.resolve("main").hex)
    for (count, status) in [(100, RS_OK), (5_000, RS_ERR_EDIT)] {
      let edits = (0..<count).map { _ in
        #"{"edit": {"op": "remove", "id": "nobody", "because": "b"}}"#
      }.joined(separator: ",")
      let request =
        #"{"proposal": {"name": "n", "rationale": "r", "edits": [\#(edits)]}}"#
      if status == RS_OK {
        let answer = try update(folder, request, lines)
        #expect(answer["proposal"]?["notProposed"]?.array?.count == count)
      } else {
        failure(Int(status)) {
          rs_evidence_update(folder.handle, request, lines, lines.utf8.count, $0)
        }
      }
    }
  }

  @Test func replaySaysWhatTheSameVerdictsEarn() throws {
    let folder = try TestFolder.withEssay()
    let before = try folder.store.resolve("main")
    let edit =
      #"{"edits": [{"op": "reweight", "id": "flow", "after": 1, "because": "x"}], \#(author)}"#
    _ = try json { rs_edits_commit(folder.handle, edit, $0) }
    let lines = Self.lines(30, commit: before.hex)
    let request = #"{"from": "essay@main~1", "to": "main", "each": true}"#
    let report = try json { rs_replay_read(folder.handle, request, lines, lines.utf8.count, $0) }
    #expect(report["count"] == 30)
    #expect(report["comparability"] == "recompute")
    #expect(report["rollouts"]?.array?.count == 30)
    let old = CompiledRubric(try folder.store.pull("essay@main~1").rubric)
    let first = try Judgement(parsing: Array(lines.prefix { $0 != "\n" }.utf8))
    let reward = try #require(old.score(first).reward)
    #expect(report["rollouts"]?.array?.first?["before"] == .number(reward))
  }

  @Test func badArgumentsAreErrors() throws {
    let folder = try TestFolder.withEssay()
    failure(Int(RS_ERR_HANDLE)) { rs_evidence_update(nil, "{}", "", 0, $0) }
    failure(Int(RS_ERR_HANDLE)) { rs_replay_read(nil, "{}", "", 0, $0) }
    failure(Int(RS_ERR_ARGUMENT)) { rs_evidence_update(folder.handle, nil, "", 0, $0) }
    failure(Int(RS_ERR_ARGUMENT)) { rs_evidence_update(folder.handle, "{}", nil, 5, $0) }
    failure(Int(RS_ERR_ARGUMENT)) { rs_evidence_update(folder.handle, "{}", "", -1, $0) }
    failure(Int(RS_ERR_ARGUMENT)) { rs_evidence_update(folder.handle, "{}", "", Int.max, $0) }
    failure(Int(RS_ERR_SYNTAX)) {
      rs_evidence_update(folder.handle, #"{"policy": "a: 1"}"#, "", 0, $0)
    }
    failure(Int(RS_ERR_ARGUMENT)) {
      rs_replay_read(folder.handle, #"{"from": "main", "to": "main", "top": -1}"#, "", 0, $0)
    }
    failure(Int(RS_ERR_NOT_FOUND)) {
      rs_replay_read(folder.handle, #"{"from": "nowhere", "to": "main"}"#, "", 0, $0)
    }
    HostileTexts.tryAll { rs_evidence_update(folder.handle, $0, "", 0, $1) }
    HostileTexts.tryAll { rs_replay_read(folder.handle, $0, "", 0, $1) }
    HostileTexts.tryAll { text, place in
      rs_replay_read(
        folder.handle, #"{"from": "main", "to": "main"}"#, text, strlen(text), place)
    }
  }
}
