import CRubricStore
import RubricStore
import Testing

@testable import RubricStoreABI

@Suite("Documents behind the header")
struct DocumentsTests {
  @Test func validation() throws {
    for text in [TestFolder.essay, try Rubric(parsing: TestFolder.essay).json.jsonText] {
      #expect(
        try json { rs_rubric_validate(text, text.utf8.count, $0) }
          == ["valid": true, "findings": []])
    }
    let wrong = try TestFolder.essay("weight: 3", "wieght: 3")
    let answer = try json { rs_rubric_validate(wrong, wrong.utf8.count, $0) }
    let finding = try #require(Rubric.findings(in: Array(wrong.utf8)).first)
    #expect(answer["valid"] == false)
    #expect(answer["findings"]?.array?.count == 1)
    var object = try #require(answer["findings"]?.array?.first?.object)
    #expect(object["file"] == "")
    object["file"] = nil
    #expect(.object(object) == finding.json)
    #expect(finding.json["line"] == 9)
  }

  /// Whatever the bytes are, validation is an answer and no failure.
  @Test func validationOfAnything() throws {
    for bytes: [UInt8] in [
      [], [0], [0xFF, 0xFE], Array("{".utf8), Array(repeating: UInt8(ascii: "["), count: 100_000),
      Array(repeating: UInt8(ascii: "{"), count: 100_000), Array("a: &a [*a]".utf8),
      Array((String(repeating: "- ", count: 50_000)).utf8), [0xEF, 0xBB, 0xBF],
    ] {
      let answer = try bytes.withUnsafeBytes { buffer in
        try json {
          rs_rubric_validate(
            buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count, $0)
        }
      }
      #expect(answer["valid"] == false)
      #expect(answer["findings"]?.array?.isEmpty == false)
    }
    #expect(try json { rs_rubric_validate(nil, 0, $0) }["valid"] == false)
    failure(RS_ERR_ARGUMENT) { rs_rubric_validate(nil, 1, $0) }
    failure(RS_ERR_ARGUMENT) { rs_rubric_validate("id", -1, $0) }
    failure(RS_ERR_ARGUMENT) { rs_rubric_validate("id", .max, $0) }
    failure(RS_ERR_ARGUMENT, ofCall: { rs_rubric_validate("id", 2, nil) })
  }

  @Test func conversion() throws {
    let tree = """
      {"id": "Root!", "requirements": "It replicates.", "weight": 1, "sub_tasks": [
        {"id": "a", "requirements": "It trains.", "weight": 2, "sub_tasks": []},
        {"id": "b", "requirements": "It tests.", "weight": 1, "sub_tasks": []}]}
      """
    let options = #"{"id": "paper", "name": "x/rubric.json"}"#
    let answer = try json { rs_rubric_convert(tree, tree.utf8.count, options, $0) }
    let oracle = try Importer.rubric(from: Array(tree.utf8), name: "x/rubric.json", id: "paper")
    #expect(answer["yaml"] == .string(oracle.rubric.canonicalText))
    #expect(answer["notes"] == .array(oracle.notes.map { .string("\($0)") }))
    let yaml = try #require(answer["yaml"]?.string)
    #expect(try Rubric(parsing: yaml).id == "paper")
    let named = try json {
      rs_rubric_convert(tree, tree.utf8.count, #"{"format": "paperbench"}"#, $0)
    }
    #expect(named["yaml"]?.string?.contains("id: imported") == true)

    let twice = tree.replacing(#""id": "b""#, with: #""id": "a""#)
    let repeated = failure(RS_ERR_SYNTAX) { rs_rubric_convert(twice, twice.utf8.count, nil, $0) }
    #expect(repeated?.code == "duplicate_id")
    let repaired = try json {
      rs_rubric_convert(twice, twice.utf8.count, #"{"repairIDs": true}"#, $0)
    }
    #expect(repaired["notes"]?.array?.isEmpty == false)
    let text = try #require(repaired["yaml"]?.string)
    #expect(Rubric.findings(in: Array(text.utf8)).isEmpty)
  }

  @Test func conversionOfWhatIsNone() throws {
    failure(RS_ERR_SYNTAX) { rs_rubric_convert("words", 5, nil, $0) }
    failure(RS_ERR_SYNTAX) { rs_rubric_convert(nil, 0, nil, $0) }
    failure(RS_ERR_ARGUMENT) { rs_rubric_convert(nil, 7, nil, $0) }
    for options in [
      #"{"format": "excel"}"#, #"{"form": "mpo"}"#, #"{"id": "A B"}"#, #"{"name": {}}"#, "[]", "",
    ] {
      let refused = failure(RS_ERR_SYNTAX) { rs_rubric_convert("words", 5, options, $0) }
      #expect(refused?.findings.first?["file"] == "options")
    }
    failure(RS_ERR_ARGUMENT) { rs_rubric_convert("words", 5, HostileTexts.notUTF8, $0) }
    HostileTexts.tryAll { rs_rubric_convert("words", 5, $0, $1) }
    HostileTexts.tryAll { rs_rubric_convert($0, 1, #"{"format": "mpo"}"#, $1) }
    HostileTexts.tryAll { rs_rubric_convert($0, 1, #"{"format": "paperbench"}"#, $1) }
  }

  @Test func aRubricIsCommitted() throws {
    let folder = try TestFolder(bare: false)
    let options = """
      {"rationale": "Where it starts", "proposer": {"author": "import", "name": "course"},
       "author": {"name": "Ben Ito", "email": "ben@example.org"}}
      """
    // The first commit of a fresh store.
    let essay = TestFolder.essay
    let created = try json {
      rs_rubric_commit(folder.handle, essay, essay.utf8.count, options, $0)
    }
    let first = try folder.git("rev-parse", "HEAD")
    #expect(
      created == [
        "commit": .string(first), "parent": .null, "branch": "main", "rubric": "essay",
        "kind": "created", "edits": [], "comparability": .null, "rejudge": [], "retries": 0,
        "warning": .null,
      ])
    #expect(
      try folder.git("log", "-1", "--format=%an <%ae> %s")
        == "Ben Ito <ben@example.org> essay: Where it starts")
    #expect(try folder.git("show", "HEAD:rubrics/essay.yaml") + "\n" == essay)
    #expect(try folder.git("status", "--porcelain") == "")

    // The next one as the edits that lead to it.
    let text = try TestFolder.essay("weight: 3", "weight: 4")
    let edited = try json { rs_rubric_commit(folder.handle, text, text.utf8.count, nil, $0) }
    let entry = try #require(try folder.store.log(LogFilter(limit: 1)).first)
    #expect(edited["kind"] == "edited" && edited["comparability"] == "recompute")
    #expect(edited["edits"] == .array(entry.edits.map(\.json)))
    #expect(edited["edits"]?.array?.first?["op"] == "reweight")
    #expect(edited["parent"] == .string(first))
    #expect(try folder.git("show", "HEAD:rubrics/essay.yaml") + "\n" == text)

    failure(RS_ERR_NOTHING) { rs_rubric_commit(folder.handle, text, text.utf8.count, nil, $0) }
  }

  @Test func jsonIsCommittedToo() throws {
    let folder = try TestFolder.withEssay()
    var rubric = try Rubric(parsing: TestFolder.essay)
    rubric.title = "An essay 💥"
    // An escape that readers of YAML refuse.
    let text = rubric.json.indentedText.replacing("💥", with: #"\ud83d\udca5"#)
    let answer = try json { rs_rubric_commit(folder.handle, text, text.utf8.count, nil, $0) }
    #expect(answer["edits"]?.array?.map { $0["op"] } == ["rename"])
    #expect(try folder.store.pull("essay").rubric == rubric)
    // And edited after that.
    _ = try json {
      rs_edits_commit(folder.handle, #"{"edits": [{"op": "rename", "after": "Essay"}]}"#, $0)
    }
    #expect(try folder.store.pull("essay").rubric.title == "Essay")
  }

  @Test func onBranches() throws {
    let folder = try TestFolder.withEssay()
    try folder.store.createBranch("exp")
    // A tag of the branch's name is not the branch.
    try folder.git("tag", "exp", try folder.reweight(from: 3, to: 5).hex)
    let text = try TestFolder.essay("weight: 3", "weight: 4")
    let answer = try json {
      rs_rubric_commit(folder.handle, text, text.utf8.count, #"{"branch": "exp"}"#, $0)
    }
    #expect(answer["branch"] == "exp")
    #expect(answer["edits"]?.array?.first?["before"] == 3)
    failure(RS_ERR_NOT_FOUND) {
      rs_rubric_commit(folder.handle, text, text.utf8.count, #"{"branch": "nowhere"}"#, $0)
    }
    for branch in ["", "HEAD", "a..b"] {
      failure(RS_ERR_NAME) {
        rs_rubric_commit(folder.handle, text, text.utf8.count, #"{"branch": "\#(branch)"}"#, $0)
      }
    }
    try folder.git("update-ref", "--no-deref", "HEAD", "main")
    failure(RS_ERR_NOT_FOUND) {
      rs_rubric_commit(folder.handle, text, text.utf8.count, nil, $0)
    }
  }

  @Test func whatCannotBeCommitted() throws {
    let folder = try TestFolder.withEssay(bare: false)
    let store = folder.handle
    let wrong = try TestFolder.essay("weight: 3", "weight: -3")
    let refused = failure(RS_ERR_SYNTAX) {
      rs_rubric_commit(store, wrong, wrong.utf8.count, nil, $0)
    }
    #expect(refused?.findings.first?["line"] == 9)
    #expect(refused?.message.contains("weight") == true)
    // The meta-editor may not touch what is pinned.
    let pinned = try TestFolder.essay("claims backed by sources", "sources good")
    let touched = failure(RS_ERR_EDIT) {
      rs_rubric_commit(
        store, pinned, pinned.utf8.count, #"{"proposer": {"author": "meta"}}"#, $0)
    }
    #expect(touched?.code == "pinned" && touched?.json["criterion"] == "facts")
    for options in [
      #"{"rational": "x"}"#, #"{"proposer": "meta"}"#, #"{"proposer": {"author": "model"}}"#,
      #"{"author": {"name": "A"}}"#, #"{"branch": [3]}"#, "null", "",
    ] {
      failure(RS_ERR_SYNTAX) { rs_rubric_commit(store, pinned, pinned.utf8.count, options, $0) }
    }
    for author in [#"{"name": "A<b>", "email": "a@b"}"#, #"{"name": "", "email": ""}"#] {
      failure(RS_ERR_NAME) {
        rs_rubric_commit(store, pinned, pinned.utf8.count, #"{"author": \#(author)}"#, $0)
      }
    }
    failure(RS_ERR_ARGUMENT) { rs_rubric_commit(store, nil, 10, nil, $0) }
    failure(RS_ERR_ARGUMENT) {
      rs_rubric_commit(store, pinned, pinned.utf8.count, HostileTexts.notUTF8, $0)
    }
    failure(RS_ERR_HANDLE) { rs_rubric_commit(nil, pinned, pinned.utf8.count, nil, $0) }
    HostileTexts.tryAll { rs_rubric_commit(store, $0, 1, nil, $1) }
    HostileTexts.tryAll { rs_rubric_commit(store, "x", 1, $0, $1) }
    #expect(try folder.git("rev-list", "--count", "HEAD") == "1")
    try folder.write("rubrics/essay.yaml", TestFolder.essay + "# mine\n")
    failure(RS_ERR_DIRTY) { rs_rubric_commit(store, pinned, pinned.utf8.count, nil, $0) }
    #expect(folder.read("rubrics/essay.yaml") == TestFolder.essay + "# mine\n")
  }

  @Test func aRubricIsRemoved() throws {
    let folder = try TestFolder.withEssay()
    let store = folder.handle
    let pinned = failure(RS_ERR_EDIT) {
      rs_rubric_remove(store, "essay", #"{"proposer": {"author": "meta", "name": "run 7"}}"#, $0)
    }
    #expect(pinned?.json["criterion"] == "facts")
    failure(RS_ERR_NOT_FOUND) { rs_rubric_remove(store, "maths", nil, $0) }
    failure(RS_ERR_NAME) { rs_rubric_remove(store, "Essay!", nil, $0) }
    failure(RS_ERR_ARGUMENT) { rs_rubric_remove(store, nil, nil, $0) }
    failure(RS_ERR_HANDLE) { rs_rubric_remove(nil, "essay", nil, $0) }
    HostileTexts.tryAll { rs_rubric_remove(store, $0, nil, $1) }
    HostileTexts.tryAll { rs_rubric_remove(store, "maths", $0, $1) }
    let options = #"{"rationale": "it is over", "proposer": {"author": "import", "name": "sync"}}"#
    let answer = try json { rs_rubric_remove(store, "essay", options, $0) }
    #expect(answer["kind"] == "removed" && answer["comparability"] == "incomparable")
    #expect(try folder.store.rubrics().isEmpty)
    let entry = try #require(try folder.store.log(LogFilter(limit: 1)).first)
    #expect(entry.subject == "essay: it is over")
    #expect(entry.proposer == MetaUpdate.Proposer(.import, name: "sync"))
  }
}
