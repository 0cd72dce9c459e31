import CRubricStore
import Foundation
import RubricStore
import Testing

@testable import RubricStoreABI

@Suite("Edits behind the header")
struct DocumentsEditsTests {
  @Test func editsAreCommitted() throws {
    let folder = try TestFolder.withEssay()
    let parent = try folder.git("rev-parse", "HEAD")
    let request = """
      {"rubric": "essay", "rationale": "Titles alone scored 5", "branch": "main",
       "proposer": {"author": "meta", "name": "run 7"},
       "author": {"name": "Ben Ito", "email": "ben@example.org"},
       "provenance": {"run": {"step": 640}},
       "edits": [{"op": "tighten", "id": "flow", "after": {"lower_when": ["It is a title."]},
                  "because": "four in five are titles"},
                 {"op": "reweight", "id": "padding", "after": 1, "evidence": ["r1"]}]}
      """
    let dryRun = try json {
      rs_edits_commit(
        folder.handle, request.replacing(#"{"rubric""#, with: #"{"dryRun": true, "rubric""#), $0)
    }
    #expect(try folder.git("rev-parse", "HEAD") == parent)
    let answer = try json { rs_edits_commit(folder.handle, request, $0) }
    let entry = try #require(try folder.store.log(LogFilter(limit: 1)).first)
    #expect(answer["commit"] == .string(entry.commit.hex))
    #expect(answer["edits"] == .array(entry.edits.map(\.json)))
    #expect(answer["comparability"] == "rejudge" && answer["rejudge"] == ["flow"])
    #expect(answer["parent"] == .string(parent) && answer["retries"] == 0)
    #expect(entry.proposer == MetaUpdate.Proposer(.meta, name: "run 7"))
    #expect(entry.provenance["run"]?["step"] == 640)
    #expect(entry.edits.map(\.rationale) == ["four in five are titles", ""])
    #expect(
      try folder.git("log", "-1", "--format=%ae %s")
        == "ben@example.org essay: Titles alone scored 5")
    // A dry run tells the same but for the commit.
    var told = try #require(dryRun.object)
    var done = try #require(answer.object)
    #expect(told["commit"] == .some(.null))
    (told["commit"], done["commit"]) = (nil, nil)
    #expect(JSONValue.object(told).canonicallyOrdered == JSONValue.object(done).canonicallyOrdered)
  }

  /// What `propose` writes is taken with its head; the request goes before it.
  @Test func aProposalIsCommitted() throws {
    let folder = try TestFolder.withEssay()
    let base = try folder.git("rev-parse", "HEAD")
    let proposal = """
      {"schema": "rubric-proposal/1", "rubric": "essay", "base": "\(base)", "rationale": "of the file",
       "proposer": {"author": "meta", "name": "statistics"}, "provenance": {"evidence": {"rollouts": 3}},
       "edits": [{"op": "reweight", "id": "flow", "after": 2}]}
      """
    _ = try json { rs_edits_commit(folder.handle, #"{"edits": \#(proposal)}"#, $0) }
    var entry = try #require(try folder.store.log(LogFilter(limit: 1)).first)
    #expect(entry.proposer == MetaUpdate.Proposer(.meta, name: "statistics"))
    #expect(entry.subject == "essay: of the file")
    #expect(entry.provenance["evidence"]?["rollouts"] == 3)
    let again = proposal.replacing(#""after": 2"#, with: #""after": 1"#)
    _ = try json {
      rs_edits_commit(
        folder.handle,
        #"{"edits": \#(again), "rationale": "mine", "proposer": {"name": "ben"}, "provenance": {}}"#,
        $0)
    }
    entry = try #require(try folder.store.log(LogFilter(limit: 1)).first)
    #expect(entry.proposer == MetaUpdate.Proposer(.human, name: "ben"))
    #expect(entry.subject == "essay: mine" && entry.provenance.isEmpty)
    failure(RS_ERR_EDIT) {
      rs_edits_commit(
        folder.handle,
        #"{"rubric": "essay", "edits": \#(proposal.replacing("\"essay\"", with: "\"maths\""))}"#, $0
      )
    }
  }

  @Test func whatEditsMeanIsHeldAgainstTheTip() throws {
    let folder = try TestFolder.withEssay()
    let store = folder.handle
    func edits(_ edits: String, _ more: String = "") -> String {
      #"{"edits": [\#(edits)]\#(more)}"#
    }
    let clash = failure(RS_ERR_EDIT) {
      rs_edits_commit(
        store, edits(#"{"op": "reweight", "id": "flow", "before": 2, "after": 1}"#), $0)
    }
    #expect(clash?.code == "before_mismatch" && clash?.json["criterion"] == "flow")
    #expect(clash?.json["field"] == "weight" && clash?.json["edit"] == 0)
    let second = failure(RS_ERR_EDIT) {
      rs_edits_commit(
        store, edits(#"{"op": "rename", "after": "E"}, {"op": "remove", "id": "flwo"}"#), $0)
    }
    #expect(second?.json["edit"] == 1 && second?.hint.contains("flow") == true)
    let pinned = failure(RS_ERR_EDIT) {
      rs_edits_commit(
        store,
        edits(
          #"{"op": "reweight", "id": "facts", "after": 9}"#, #", "proposer": {"author": "meta"}"#),
        $0)
    }
    #expect(pinned?.code == "pinned")
    for dryRun in ["", #", "dryRun": true"#] {
      failure(RS_ERR_NOTHING) {
        rs_edits_commit(
          store, edits(#"{"op": "reweight", "id": "flow", "after": 3}"#, dryRun), $0)
      }
      failure(RS_ERR_NOTHING) { rs_edits_commit(store, edits("", dryRun), $0) }
    }
    #expect(
      try json { rs_edits_commit(store, edits(#"{"op": "no_change", "because": "fine"}"#), $0) }[
        "comparability"] == "identical")
    failure(RS_ERR_NOT_FOUND) {
      rs_edits_commit(store, edits("", #", "rubric": "esay"}"#.replacing("}", with: "")), $0)
    }
    let nowhere = failure(RS_ERR_NOT_FOUND) {
      rs_edits_commit(store, edits("", #", "branch": "mian""#), $0)
    }
    #expect(nowhere?.hint.contains("main") == true)
    failure(RS_ERR_NAME) { rs_edits_commit(store, edits("", #", "branch": "main~1""#), $0) }
    let empty = try TestFolder()
    let unborn = failure(RS_ERR_NOT_FOUND) { rs_edits_commit(empty.handle, edits(""), $0) }
    #expect(unborn?.code == "unborn")
  }

  @Test func requestsThatAreNone() throws {
    let folder = try TestFolder.withEssay()
    let store = folder.handle
    let unknown = failure(RS_ERR_SYNTAX) {
      rs_edits_commit(store, #"{"edits": [], "dryrun": true}"#, $0)
    }
    #expect(unknown?.code == "unknown_key" && unknown?.findings.first?["file"] == "request")
    #expect(unknown?.findings.first?["hint"]?.string?.contains("dryRun") == true)
    let missing = failure(RS_ERR_SYNTAX) { rs_edits_commit(store, "{}", $0) }
    #expect(missing?.code == "missing_key")
    let inside = failure(RS_ERR_SYNTAX) {
      rs_edits_commit(store, "{\"rationale\": \"x\",\n \"edits\": [\n{\"op\": \"fly\"}]}", $0)
    }
    #expect(inside?.findings.first?["file"] == "edits")
    #expect(inside?.findings.first?["path"] == "edits[1].op")
    // Lines are those of the edits' own text.
    #expect(inside?.findings.first?["line"] == 2)
    for request in [
      #"{"edits": {}}"#, #"{"edits": 1}"#, #"{"edits": null}"#, #"{"edits": "x"}"#,
      #"{"edits": [1]}"#, #"{"edits": [{}]}"#, #"{"edits": [], "provenance": []}"#,
      #"{"edits": [], "dryRun": 1}"#, #"{"edits": [], "dryRun": "true"}"#,
      #"{"edits": [], "author": {}}"#, #"{"edits": [], "rubric": "A"}"#, "[]", "null", "", "{",
      #"{"edits": [], "edits": []}"#,
      #"{"edits": [], "rationale": "\u0000"}"#,
      #"{"edits": [{"op": "reweight", "id": "flow", "after": 9e99}]}"#,
      #"{"edits": [{"op": "reweight", "id": "flow", "after": -1}]}"#,
    ] {
      do {
        let answer = try json { rs_edits_commit(store, request, $0) }
        Issue.record("\(request): \(answer)")
      } catch let failure as CallFailure {
        #expect(
          [RS_ERR_SYNTAX, RS_ERR_EDIT].contains(Int(failure.status)), "\(request): \(failure)")
      }
    }
    failure(RS_ERR_ARGUMENT) { rs_edits_commit(store, nil, $0) }
    failure(RS_ERR_ARGUMENT) { rs_edits_commit(store, HostileTexts.notUTF8, $0) }
    failure(RS_ERR_HANDLE) { rs_edits_commit(nil, #"{"edits": []}"#, $0) }
    failure(RS_ERR_HANDLE) { rs_edits_commit(OpaquePointer(bitPattern: 8), #"{"edits": []}"#, $0) }
    HostileTexts.tryAll { rs_edits_commit(store, $0, $1) }
    #expect(try folder.git("rev-list", "--count", "HEAD") == "1")
  }

  /// A byte order mark, and characters of several bytes before the edits: they are found all the same.
  @Test func editsAreFoundInTheirRequest() throws {
    let folder = try TestFolder.withEssay()
    let request =
      "\u{FEFF}{\"rationale\": \"größer 💥\",\r\n\t\"edits\" :  [ {\"op\":\"rename\",\"after\":\"é💥\"} ] }\n"
    _ = try json { rs_edits_commit(folder.handle, request, $0) }
    #expect(try folder.store.pull("essay").rubric.title == "é💥")
    #expect(try folder.git("log", "-1", "--format=%s") == "essay: größer 💥")
  }

  /// Two threads, each with handles of its own, lose no edit.
  @Test func writersAtOnce() async throws {
    let folder = try TestFolder.withEssay()
    let path = folder.repository
    let count = 12
    let failures = await withTaskGroup(of: [String].self) { group in
      for criterion in ["flow", "padding"] {
        group.addTask {
          var failures: [String] = []
          var handle: OpaquePointer?
          guard rs_store_open(path, nil, &handle) == RS_OK else { return ["open"] }
          defer { rs_store_free(handle) }
          for weight in 1...count {
            let request =
              #"{"edits": [{"op": "reweight", "id": "\#(criterion)", "after": \#(10 + weight)}]}"#
            do { _ = try json { rs_edits_commit(handle, request, $0) } } catch {
              failures.append("\(error)")
            }
          }
          return failures
        }
      }
      return await group.reduce([]) { $0 + $1 }
    }
    #expect(failures == [])
    #expect(try folder.git("rev-list", "--count", "main") == "\(1 + 2 * count)")
    #expect(try folder.git("fsck", "--strict", "--no-dangling", "--no-progress") == "")
  }

  @Test func whoCommitsIsAskedFor() throws {
    let error = #expect(throws: StoreError.self) {
      try namingAuthor { () throws(StoreError) in
        throw StoreError(.noIdentity, "git does not know you", hint: "set GIT_AUTHOR_NAME")
      }
    }
    #expect(error?.code == .noIdentity)
    #expect(error?.hint?.contains("\"author\"") == true)
    #expect(error?.hint?.contains("set GIT_AUTHOR_NAME") == true)
  }

  @Test(.enabled("git knows who runs the tests") { Self.isNobody })
  func withoutAnIdentity() throws {
    let folder = try TestFolder(hasIdentity: false)
    let essay = TestFolder.essay
    let nobody = failure(RS_ERR_ARGUMENT) {
      rs_rubric_commit(folder.handle, essay, essay.utf8.count, nil, $0)
    }
    #expect(nobody?.code == "no_identity" && nobody?.hint.contains("\"author\"") == true)
    let author = #""author": {"name": "Ben Ito", "email": "ben@example.org"}"#
    _ = try json { rs_rubric_commit(folder.handle, essay, essay.utf8.count, "{\(author)}", $0) }
    failure(RS_ERR_ARGUMENT) {
      rs_edits_commit(folder.handle, #"{"edits": [{"op": "rename", "after": "E"}]}"#, $0)
    }
    _ = try json {
      rs_edits_commit(
        folder.handle, #"{"edits": [{"op": "rename", "after": "E"}], \#(author)}"#, $0)
    }
    failure(RS_ERR_ARGUMENT) {
      rs_note_add(folder.handle, #"{"revision": "main", "metrics": {"gold": 1}}"#, $0)
    }
    _ = try json {
      rs_note_add(folder.handle, #"{"revision": "main", "metrics": {"gold": 1}, \#(author)}"#, $0)
    }
    #expect(try folder.git("log", "-1", "--format=%ae %ce") == "ben@example.org ben@example.org")
  }

  /// Whether git has no name for whoever runs the tests.
  static let isNobody: Bool = {
    let environment = ProcessInfo.processInfo.environment
    if environment["GIT_AUTHOR_NAME"] ?? environment["EMAIL"] != nil { return false }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "config", "user.name"]
    process.currentDirectoryURL = FileManager.default.temporaryDirectory
    process.standardOutput = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 1
  }()
}
