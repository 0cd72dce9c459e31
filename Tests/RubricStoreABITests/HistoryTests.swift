import CRubricStore
import RubricStore
import Testing

@Suite("History behind the header")
struct HistoryTests {
  /// Two branches that differ: `exp` has a heavier `flow` and a title.
  private func branched() throws -> TestFolder {
    let folder = try TestFolder.withEssay()
    try folder.store.createBranch("exp")
    try folder.reweight("padding", from: 0.5, to: 0.75)
    try folder.reweight(from: 3, to: 4)
    try folder.reweight(from: 3, to: 8, branch: "exp")
    return folder
  }

  @Test func theLog() throws {
    let folder = try branched()
    func log(_ request: String?) throws -> JSONValue {
      try json { rs_log_read(folder.handle, request, $0) }
    }
    func oracle(
      _ revision: String = "HEAD", _ filter: LogFilter = LogFilter()
    ) throws -> JSONValue { .array(try folder.store.log(from: revision, filter).map(\.json)) }
    let all = try oracle()
    #expect(all.array?.count == 3)
    for request in [nil, "{}", #"{"from": "essay"}"#, #"{"from": ""}"#, #"{"limit": 100000}"#] {
      #expect(try log(request) == all)
    }
    #expect(try log(#"{"from": "essay@exp", "limit": 1}"#) == oracle("exp", LogFilter(limit: 1)))
    #expect(try log(#"{"limit": 0}"#) == [])
    #expect(
      try log(#"{"criterion": "padding"}"#) == oracle("HEAD", LogFilter(criterion: "padding")))
    // The criterion begins with its rubric; the weight of another does not count.
    let kinds = try log(#"{"criterion": "padding"}"#).array?.map { $0["kind"] }
    #expect(kinds == ["edited", "created"])
    #expect(try log(#"{"operations": ["rename", "reweight"]}"#).array?.count == 2)
    #expect(try log(#"{"operations": []}"#) == all)
    // A rubric that is gone is still in the log.
    try folder.store.remove("essay", rationale: "over")
    #expect(try log(#"{"from": "essay"}"#).array?.first?["kind"] == "removed")
    #expect(try log(#"{"from": "essay@main"}"#).array?.count == 4)
  }

  @Test func firstParents() throws {
    let folder = try branched()
    _ = try json {
      rs_branch_merge(folder.handle, #"{"revision": "exp", "settleAll": ["ours"]}"#, $0)
    }
    let all = try json { rs_log_read(folder.handle, nil, $0) }
    let first = try json { rs_log_read(folder.handle, #"{"firstParent": true}"#, $0) }
    let subjects = { (log: JSONValue) in log.array?.compactMap { $0["commit"]?.string } ?? [] }
    let git = try folder.git("log", "--first-parent", "--format=%H").split(separator: "\n")
    #expect(subjects(first) == git.map(String.init))
    #expect(subjects(all).count == subjects(first).count + 1)
  }

  @Test func theLogWithMetrics() throws {
    let folder = try branched()
    let tip = try folder.store.resolve("main")
    try folder.store.note(
      [
        Metric("gold", 0.5, step: 10, rubric: "essay", seconds: 1_700_000_000, message: "late"),
        Metric("loss", 1e20, seconds: 1_700_000_000),
        Metric("other", 1, rubric: "maths", seconds: 1_700_000_000),
      ], on: tip)
    let log = try json { rs_log_read(folder.handle, #"{"metrics": true, "limit": 2}"#, $0) }
    #expect(
      log.array?.map { $0["metrics"] ?? .null } == [
        [
          "gold": [
            "value": 0.5, "step": 10, "at": "2023-11-14T22:13:20Z", "rubric": "essay",
            "message": "late",
          ],
          "loss": [
            "value": 1e20, "step": .null, "at": "2023-11-14T22:13:20Z", "rubric": .null,
            "message": .null,
          ],
        ], [:],
      ])
  }

  @Test func whatTheLogCannotTell() throws {
    let folder = try branched()
    let store = folder.handle
    for limit in ["9e99", "1.5", "\"1\"", "1e999", "true", "99999999999999999999"] {
      failure(RS_ERR_SYNTAX) { rs_log_read(store, #"{"limit": \#(limit)}"#, $0) }
    }
    failure(RS_ERR_ARGUMENT) { rs_log_read(store, #"{"limit": -1}"#, $0) }
    let unknown = failure(RS_ERR_NOT_FOUND) { rs_log_read(store, #"{"criterion": "flwo"}"#, $0) }
    #expect(unknown?.hint.contains("flow") == true)
    failure(RS_ERR_NOT_FOUND) { rs_log_read(store, #"{"from": "esay@main"}"#, $0) }
    failure(RS_ERR_NOT_FOUND) { rs_log_read(store, #"{"from": "nowhere"}"#, $0) }
    failure(RS_ERR_SYNTAX) { rs_log_read(store, #"{"operations": ["fly"]}"#, $0) }
    failure(RS_ERR_SYNTAX) { rs_log_read(store, #"{"since": "main"}"#, $0) }
    failure(RS_ERR_SYNTAX) { rs_log_read(store, "", $0) }
    failure(RS_ERR_ARGUMENT) { rs_log_read(store, HostileTexts.notUTF8, $0) }
    failure(RS_ERR_ARGUMENT, ofCall: { rs_log_read(store, nil, nil) })
    failure(RS_ERR_HANDLE) { rs_log_read(nil, nil, $0) }
    HostileTexts.tryAll { rs_log_read(store, $0, $1) }
    let empty = try TestFolder()
    let unborn = failure(RS_ERR_NOT_FOUND) { rs_log_read(empty.handle, nil, $0) }
    #expect(unborn?.code == "unborn")
  }

  @Test func differences() throws {
    let folder = try branched()
    let old = try folder.store.pull("essay@main~2")
    let new = try folder.store.pull("essay@exp")
    for (from, to) in [
      ("essay@main~2", "essay@exp"), ("@main~2", "exp"), ("main~2", "essay@exp"),
      ("essay@\(old.commit.hex)", new.commit.hex),
    ] {
      let answer = try json { rs_diff_read(folder.handle, from, to, $0) }
      #expect(
        answer == [
          "rubric": "essay", "from": .string(old.commit.hex), "to": .string(new.commit.hex),
          "comparability": "recompute", "rejudge": [],
          "edits": .array(try old.rubric.edits(to: new.rubric).map(\.json)),
          "sentence": .string(old.rubric.comparability(to: new.rubric).sentence),
        ])
      #expect(answer["edits"]?.array?.map { $0["after"] } == [8])
    }
    let same = try json { rs_diff_read(folder.handle, "essay", "", $0) }
    #expect(same["comparability"] == "identical" && same["edits"] == [])
    failure(RS_ERR_ARGUMENT) { rs_diff_read(folder.handle, nil, "essay", $0) }
    failure(RS_ERR_ARGUMENT) { rs_diff_read(folder.handle, "essay", nil, $0) }
    failure(RS_ERR_NOT_FOUND) { rs_diff_read(folder.handle, "essay", "nowhere", $0) }
    failure(RS_ERR_HANDLE) { rs_diff_read(nil, "essay", "essay", $0) }
    try folder.store.create(Array(try TestFolder.essay("id: essay", "id: maths").utf8))
    let others = failure(RS_ERR_EDIT) { rs_diff_read(folder.handle, "essay@", "maths@", $0) }
    #expect(others?.code == "different_rubrics")
    HostileTexts.tryAll { rs_diff_read(folder.handle, $0, "essay@main", $1) }
    HostileTexts.tryAll { rs_diff_read(folder.handle, "essay@main", $0, $1) }
  }

  @Test func notes() throws {
    let folder = try TestFolder.withEssay()
    let tip = try folder.store.resolve("main")
    #expect(
      try json { rs_note_list(folder.handle, "main", $0) }
        == ["commit": .string(tip.hex), "metrics": [], "remarks": []])
    let request = """
      {"revision": "essay@main", "metrics": {"gold": 0.71, "tokens": 1e15, "loss": -0.0},
       "step": 640, "message": "after the fix"}
      """
    let answer = try json { rs_note_add(folder.handle, request, $0) }
    let note = try #require(try folder.store.notes(of: [tip])[tip])
    #expect(answer == note.json(of: tip))
    #expect(note.metrics.map(\.name) == ["gold", "tokens", "loss"])
    #expect(note.metrics.map(\.value) == [0.71, 1e15, 0])
    #expect(note.metrics.allSatisfy { $0.step == 640 && $0.rubric == "essay" })
    #expect(note.metrics.allSatisfy { $0.message == "after the fix" && $0.seconds != nil })
    try folder.git("notes", "--ref=rubric-metrics", "append", "-m", "looks fine", "main")
    let listed = try json { rs_note_list(folder.handle, tip.hex, $0) }
    #expect(listed["remarks"] == ["looks fine"])
    #expect(listed["metrics"] == answer["metrics"])
    // About the whole commit where no rubric is named.
    let whole = try json {
      rs_note_add(
        folder.handle,
        #"{"revision": "\#(tip.hex)", "metrics": {"gold": 1}, "author": {"name": "B", "email": "b@c"}}"#,
        $0)
    }
    #expect(whole["metrics"]?.array?.last?["rubric"] == .some(.null))
    #expect(try folder.git("log", "-1", "--format=%ae", "refs/notes/rubric-metrics") == "b@c")
  }

  @Test func whatCannotBeNoted() throws {
    let folder = try TestFolder.withEssay()
    let store = folder.handle
    for request in [
      #"{"metrics": {"gold": 1}}"#, #"{"revision": "main"}"#,
      #"{"revision": "main", "metrics": []}"#, #"{"revision": "main", "metrics": {"Gold": 1}}"#,
      #"{"revision": "main", "metrics": {"gold": "1"}}"#,
      #"{"revision": "main", "metrics": {"gold": null}}"#,
      #"{"revision": "main", "metrics": {"gold": true}}"#,
      #"{"revision": "main", "metrics": {"gold": 1e999}}"#,
      #"{"revision": "main", "metrics": {"gold": NaN}}"#,
      #"{"revision": "main", "metrics": {"gold": 1, "gold": 2}}"#,
      #"{"revision": "main", "metrics": {"gold": 1}, "step": 0.5}"#,
      #"{"revision": "main", "metrics": {"gold": 1}, "step": 9e99}"#,
      #"{"revision": "main", "metrics": {"gold": 1}, "steps": 1}"#, "",
    ] {
      failure(RS_ERR_SYNTAX) { rs_note_add(store, request, $0) }
    }
    for request in [
      #"{"revision": "main", "metrics": {}}"#,
      #"{"revision": "main", "metrics": {"gold": 1}, "step": -1}"#,
    ] {
      failure(RS_ERR_ARGUMENT) { rs_note_add(store, request, $0) }
    }
    failure(RS_ERR_NOT_FOUND) {
      rs_note_add(store, #"{"revision": "maths@main", "metrics": {"gold": 1}}"#, $0)
    }
    failure(RS_ERR_ARGUMENT) { rs_note_add(store, nil, $0) }
    failure(RS_ERR_ARGUMENT) { rs_note_add(store, HostileTexts.notUTF8, $0) }
    failure(RS_ERR_HANDLE) { rs_note_add(nil, "{}", $0) }
    failure(RS_ERR_ARGUMENT) { rs_note_list(store, nil, $0) }
    failure(RS_ERR_NOT_FOUND) { rs_note_list(store, "nowhere", $0) }
    failure(RS_ERR_ARGUMENT) { rs_note_list(store, HostileTexts.notUTF8, $0) }
    failure(RS_ERR_HANDLE) { rs_note_list(try? deadStore(), "main", $0) }
    HostileTexts.tryAll { rs_note_add(store, $0, $1) }
    HostileTexts.tryAll { rs_note_list(store, $0, $1) }
    #expect(throws: TestFolder.GitFailure.self) {
      try folder.git("rev-parse", "--verify", "refs/notes/rubric-metrics")
    }
  }

  /// Whatever a commit that was made elsewhere holds, the log tells of it.
  @Test func commitsOfOthers() throws {
    let folder = try TestFolder.withEssay()
    let tree = try folder.git("rev-parse", "HEAD^{tree}")
    let head = try folder.git("rev-parse", "HEAD")
    for date in ["9223372036854775807 +2359", "18446744073709551615 -9999", "0 +0000", "-5 -0100"] {
      try folder.write(
        "commit",
        "tree \(tree)\nparent \(head)\nauthor A <a> \(date)\ncommitter C <c> \(date)\n\nessay: x\n\n"
          + "Rubric: essay\nRubric-Change: edited\nRubric-Edit: {\"op\": \"no_change\"}\n")
      let commit = try folder.git(
        "hash-object", "-t", "commit", "-w", "--literally", "--path=commit",
        folder.repository + "/commit")
      do {
        let log = try json { rs_log_read(folder.handle, #"{"from": "\#(commit)"}"#, $0) }
        #expect(log.array?.count == 2)
      } catch let failure as CallFailure {
        #expect(failure.status != RS_ERR_INTERNAL, "\(failure)")
      }
      do {
        _ = try json {
          rs_note_add(folder.handle, #"{"revision": "\#(commit)", "metrics": {"a": 1}}"#, $0)
        }
      } catch let failure as CallFailure {
        #expect(failure.status != RS_ERR_INTERNAL, "\(failure)")
      }
    }
  }
}
