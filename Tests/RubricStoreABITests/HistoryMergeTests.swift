import CRubricStore
import RubricStore
import Testing

@Suite("Merges behind the header")
struct HistoryMergeTests {
  /// `main` and `exp` change the weight of `flow` differently, and one criterion each alone.
  private func clashing(bare: Bool = true) throws -> TestFolder {
    let folder = try TestFolder.withEssay(bare: bare)
    try folder.store.createBranch("exp")
    try folder.reweight("padding", from: 0.5, to: 0.75)
    try folder.reweight(from: 3, to: 4)
    try folder.reweight(from: 3, to: 8, branch: "exp")
    try folder.reweight("facts", from: 1, to: 2, branch: "exp")
    return folder
  }

  private func merge(_ folder: TestFolder, _ request: String) throws -> JSONValue {
    try json { rs_branch_merge(folder.handle, request, $0) }
  }

  @Test func conflictsAreNoError() throws {
    let folder = try clashing()
    let tip = try folder.store.resolve("main")
    let answer = try merge(folder, #"{"revision": "exp"}"#)
    #expect(answer["kind"] == "conflicts" && answer["commit"] == .some(.null))
    #expect(try folder.store.resolve("main") == tip)
    var options = MergeOptions()
    options.isDryRun = true
    var oracle = try #require(
      try folder.store.merge("exp", into: nil, options).json(isDryRun: false).object)
    oracle["warning"] = .null
    #expect(answer == .object(oracle))
    let conflict = answer["rubrics"]?.array?.first?["conflicts"]?.array?.first
    #expect(conflict?["path"] == "essay/flow.weight")
  }

  @Test(arguments: ["flow.weight=mean", "essay/flow.weight=6", "*.weight=mean"])
  func conflictsAreSettled(by settlement: String) throws {
    let folder = try clashing()
    let ours = try folder.git("rev-parse", "main")
    let theirs = try folder.git("rev-parse", "exp")
    let request = """
      {"revision": "exp", "into": "main", "settle": ["\(settlement)"], "rationale": "both",
       "proposer": {"author": "human", "name": "run 7"},
       "author": {"name": "Ben Ito", "email": "ben@example.org"}}
      """
    let answer = try merge(folder, request)
    #expect(answer["kind"] == "merged")
    #expect(try folder.git("rev-parse", "main") == answer["commit"]?.string)
    #expect(
      try folder.git("log", "-1", "--format=%P %ae", "main") == "\(ours) \(theirs) ben@example.org")
    let rubric = try folder.store.pull("essay").rubric
    #expect(rubric.criteria.map(\.weight) == [6, 2, 0.75])
    #expect(try merge(folder, #"{"revision": "exp"}"#)["kind"] == "up_to_date")
  }

  @Test func dryRunsAndFastForwards() throws {
    let folder = try clashing()
    let tip = try folder.git("rev-parse", "main")
    let dry = try merge(folder, #"{"revision": "exp", "settleAll": ["theirs"], "dryRun": true}"#)
    #expect(dry["kind"] == "merged" && dry["dry_run"] == true && dry["commit"] == .some(.null))
    #expect(try folder.git("rev-parse", "main") == tip)
    failure(RS_ERR_REFUSED) {
      rs_branch_merge(folder.handle, #"{"revision": "exp", "fastForward": "only"}"#, $0)
    }
    try folder.store.createBranch("behind", at: "main~1")
    let request = #"{"revision": "main", "into": "behind", "fastForward": "#
    let moved = try merge(folder, request + #""only"}"#)
    #expect(moved["kind"] == "fast_forward" && moved["commit"] == .string(tip))
    try folder.store.createBranch("never", at: "main~1")
    let never = try merge(folder, #"{"revision": "main", "into": "never", "fastForward": "never"}"#)
    #expect(never["kind"] == "merged")
  }

  @Test func aMergeIsKept() throws {
    let folder = try clashing()
    let answer = try merge(folder, #"{"revision": "exp", "keep": true}"#)
    #expect(answer["kept"] == true)
    #expect(try folder.store.keptMerge()?.conflicts.count == 1)
    let second = failure(RS_ERR_MERGE) {
      rs_branch_merge(folder.handle, #"{"revision": "exp", "settleAll": ["ours"]}"#, $0)
    }
    #expect(second?.code == "unfinished_merge")
  }

  @Test func workTrees() throws {
    let folder = try clashing(bare: false)
    try folder.write("rubrics/essay.yaml", "mine")
    failure(RS_ERR_DIRTY) {
      rs_branch_merge(folder.handle, #"{"revision": "exp", "settleAll": ["ours"]}"#, $0)
    }
    #expect(folder.read("rubrics/essay.yaml") == "mine")
    try folder.git("checkout", "-q", "--", "rubrics/essay.yaml")
    _ = try merge(folder, #"{"revision": "exp", "settleAll": ["ours"]}"#)
    #expect(try folder.git("status", "--porcelain") == "")
    // A branch that another work tree has checked out moves, and the caller is told.
    try folder.git("worktree", "add", "-q", folder.path + "/other", "exp")
    let answer = try merge(folder, #"{"revision": "main", "into": "exp"}"#)
    #expect(answer["kind"] == "fast_forward")
    #expect(answer["warning"]?.string?.contains("another work tree") == true)
  }

  @Test func requestsThatAreNone() throws {
    let folder = try clashing()
    let store = folder.handle
    for (settle, code) in [
      ("flow.weight", "invalid_settlement"), ("flow.weight=union", "unfit_settlement"),
      ("flwo.weight=ours", "nothing_to_settle"),
      ("=ours", "invalid_settlement"),
      ("", "invalid_settlement"),
    ] {
      let refused = failure(RS_ERR_MERGE) {
        rs_branch_merge(store, #"{"revision": "exp", "settle": ["\#(settle)"]}"#, $0)
      }
      #expect(refused?.code == code)
    }
    let rule = failure(RS_ERR_MERGE) {
      rs_branch_merge(store, #"{"revision": "exp", "settleAll": ["meen"]}"#, $0)
    }
    #expect(rule?.hint.contains("mean") == true)
    failure(RS_ERR_ARGUMENT) {
      rs_branch_merge(store, #"{"revision": "exp", "keep": true, "dryRun": true}"#, $0)
    }
    for request in [
      "{}", #"{"revision": "exp", "fastForward": true}"#, #"{"revision": "exp", "settle": "x"}"#,
      #"{"revision": "exp", "strategy": "ours"}"#, #"{"revision": {}}"#, "", "[]",
    ] {
      failure(RS_ERR_SYNTAX) { rs_branch_merge(store, request, $0) }
    }
    failure(RS_ERR_NOT_FOUND) { rs_branch_merge(store, #"{"revision": "nowhere"}"#, $0) }
    failure(RS_ERR_NAME) { rs_branch_merge(store, #"{"revision": ""}"#, $0) }
    failure(RS_ERR_NOT_FOUND) {
      rs_branch_merge(store, #"{"revision": "exp", "into": "nowhere"}"#, $0)
    }
    failure(RS_ERR_ARGUMENT) { rs_branch_merge(store, nil, $0) }
    failure(RS_ERR_ARGUMENT) { rs_branch_merge(store, HostileTexts.notUTF8, $0) }
    failure(RS_ERR_HANDLE) { rs_branch_merge(nil, #"{"revision": "exp"}"#, $0) }
    HostileTexts.tryAll { rs_branch_merge(store, $0, $1) }
  }

  @Test func theMetaEditorMayNotMergeOverWhatIsPinned() throws {
    let folder = try clashing()
    let refused = failure(RS_ERR_EDIT) {
      rs_branch_merge(
        folder.handle,
        #"{"revision": "exp", "settleAll": ["ours"], "proposer": {"author": "meta"}}"#, $0)
    }
    #expect(refused?.code == "pinned")
  }
}
