import CRubricStore
import RubricStore
import Testing

@testable import RubricStoreABI

@Suite("Names behind the header")
struct NamesTests {
  @Test func rubricsOfACommit() throws {
    let folder = try TestFolder()
    for revision in [nil, "", "HEAD"] {
      #expect(try json { rs_rubric_list(folder.handle, revision, $0) } == [])
    }
    let first = try folder.store.create(Array(TestFolder.essay.utf8)).commit
    try folder.store.create(Array(try TestFolder.essay("id: essay", "id: maths").utf8))
    #expect(try json { rs_rubric_list(folder.handle, nil, $0) } == ["essay", "maths"])
    for revision in ["main~1", first.hex, "essay@\(first.prefix(7))", "@main~1"] {
      #expect(try json { rs_rubric_list(folder.handle, revision, $0) } == ["essay"])
    }
    failure(RS_ERR_NOT_FOUND) { rs_rubric_list(folder.handle, "nowhere", $0) }
    failure(RS_ERR_NAME) { rs_rubric_list(folder.handle, "main~x", $0) }
  }

  @Test func whatARevisionStandsFor() throws {
    let folder = try TestFolder.withEssay()
    let first = try folder.git("rev-parse", "HEAD")
    let tip = try folder.reweight(from: 3, to: 4).hex
    try folder.store.createBranch("exp-b", at: first)
    func resolve(_ revision: String) throws -> JSONValue {
      try json { rs_revision_resolve(folder.handle, revision, $0) }
    }
    func answer(_ commit: String, _ branch: JSONValue) -> JSONValue {
      ["rubric": "essay", "commit": .string(commit), "branch": branch]
    }
    #expect(try resolve("essay@main") == answer(tip, "main"))
    #expect(try resolve("@exp-b") == answer(first, "exp-b"))
    #expect(try resolve("exp-b") == answer(first, "exp-b"))
    for revision in ["essay@\(tip)", "essay@\(tip.prefix(8))", "", "essay", "essay@HEAD"] {
      #expect(try resolve(revision) == answer(tip, .null), "\(revision)")
    }
    #expect(try resolve("essay@main~1") == answer(first, .null))
    // A tag goes before a branch of the same name, as it does for git.
    try folder.git("tag", "main", first)
    #expect(try resolve("essay@main") == answer(first, .null))
    #expect(try resolve("essay@refs/heads/main")["commit"] == .string(tip))
  }

  @Test func whatARevisionDoesNotStandFor() throws {
    let folder = try TestFolder.withEssay()
    let unknown = failure(RS_ERR_NOT_FOUND) { rs_revision_resolve(folder.handle, "esay@main", $0) }
    #expect(unknown?.hint.contains("essay") == true)
    failure(RS_ERR_NOT_FOUND) { rs_revision_resolve(folder.handle, "essay@nowhere", $0) }
    failure(RS_ERR_NAME) { rs_revision_resolve(folder.handle, "Essay!@main", $0) }
    failure(RS_ERR_ARGUMENT) { rs_revision_resolve(folder.handle, nil, $0) }
    try folder.store.create(Array(try TestFolder.essay("id: essay", "id: maths").utf8))
    let several = failure(RS_ERR_NAME) { rs_revision_resolve(folder.handle, "@main", $0) }
    #expect(several?.code == "ambiguous")
    let empty = try TestFolder()
    failure(RS_ERR_NOT_FOUND) { rs_revision_resolve(empty.handle, "", $0) }
  }

  @Test func branches() throws {
    let folder = try TestFolder()
    // HEAD's branch is told also before it has a commit.
    #expect(
      try json { rs_branch_list(folder.handle, $0) } == [
        ["name": "main", "commit": .null, "head": true]
      ])
    failure(RS_ERR_NOT_FOUND) { rs_branch_create(folder.handle, "exp", nil, $0) }

    try folder.store.create(Array(TestFolder.essay.utf8))
    let first = try folder.git("rev-parse", "HEAD")
    let tip = try folder.reweight(from: 3, to: 4).hex
    for (name, revision, commit) in [
      ("exp", nil, tip), ("runs/seed-3", "main~1", first), ("é", "essay@\(first)", first),
      ("of-rubric", "essay", tip),
    ] {
      let made = try json { rs_branch_create(folder.handle, name, revision, $0) }
      #expect(made == ["name": .string(name), "commit": .string(commit)])
      #expect(try folder.git("rev-parse", "refs/heads/\(name)") == commit)
    }
    let listed = try json { rs_branch_list(folder.handle, $0) }
    let expected = try folder.store.branches().map { branch -> JSONValue in
      [
        "name": .string(branch.name), "commit": .string(branch.tip.hex),
        "head": .bool(branch.name == "main"),
      ]
    }
    #expect(listed == .array(expected) && expected.count == 5)

    failure(RS_ERR_EXISTS) { rs_branch_create(folder.handle, "exp", nil, $0) }
    failure(RS_ERR_NOT_FOUND) { rs_branch_create(folder.handle, "other", "nowhere", $0) }
    for name in ["", "HEAD", "-x", "a..b", "a b", tip] {
      failure(RS_ERR_NAME) { rs_branch_create(folder.handle, name, nil, $0) }
    }
  }

  @Test func aBranchIsDeleted() throws {
    let folder = try TestFolder.withEssay()
    let store = folder.handle
    try folder.store.createBranch("kept")
    try folder.store.createBranch("alone")
    try folder.reweight(from: 3, to: 4, branch: "alone")
    #expect(rs_branch_delete(store, "kept", 0) == RS_OK)
    let refused = failure(RS_ERR_REFUSED, ofCall: { rs_branch_delete(store, "alone", 0) })
    #expect(refused.hint.contains("force"))
    #expect(rs_branch_delete(store, "alone", 1) == RS_OK)
    #expect(try folder.git("branch", "--format=%(refname:short)") == "main")
    failure(RS_ERR_NOT_FOUND, ofCall: { rs_branch_delete(store, "alone", 1) })
    failure(RS_ERR_REFUSED, ofCall: { rs_branch_delete(store, "main", 1) })
    failure(RS_ERR_ARGUMENT, ofCall: { rs_branch_delete(store, nil, 1) })
    failure(RS_ERR_ARGUMENT, ofCall: { rs_branch_delete(store, HostileTexts.notUTF8, 1) })
  }

  @Test func tags() throws {
    let folder = try TestFolder.withEssay()
    let store = folder.handle
    let first = try folder.git("rev-parse", "HEAD")
    let tip = try folder.reweight(from: 3, to: 4).hex
    #expect(try json { rs_tag_list(store, $0) } == [])
    #expect(
      try json { rs_tag_create(store, "light", nil, nil, $0) }
        == ["name": "light", "commit": .string(tip)])
    #expect(
      try json { rs_tag_create(store, "paper-v1", "essay@main~1", "As printed", $0) }
        == ["name": "paper-v1", "commit": .string(first)])
    #expect(try folder.git("cat-file", "-t", "refs/tags/paper-v1") == "tag")
    #expect(try folder.git("cat-file", "-t", "refs/tags/light") == "commit")
    // A tag of something else has no commit.
    try folder.git("tag", "tree", "HEAD^{tree}")
    #expect(
      try json { rs_tag_list(store, $0) } == [
        ["name": "light", "commit": .string(tip), "message": .null],
        ["name": "paper-v1", "commit": .string(first), "message": "As printed\n"],
        ["name": "tree", "commit": .null, "message": .null],
      ])
    failure(RS_ERR_EXISTS) { rs_tag_create(store, "light", nil, nil, $0) }
    failure(RS_ERR_NAME) { rs_tag_create(store, "", nil, nil, $0) }
    failure(RS_ERR_ARGUMENT) { rs_tag_create(store, "blank", nil, " \n", $0) }
    failure(RS_ERR_NOT_FOUND) { rs_tag_create(store, "other", "nowhere", nil, $0) }
    #expect(rs_tag_delete(store, "light") == RS_OK)
    failure(RS_ERR_NOT_FOUND, ofCall: { rs_tag_delete(store, "light") })
    #expect(try folder.git("tag") == "paper-v1\ntree")
  }

  @Test func argumentsThatAreNone() throws {
    let folder = try TestFolder.withEssay()
    let dead = try deadStore()
    var pin: OpaquePointer?
    try #require(rs_pin_pull(folder.handle, "essay", &pin) == RS_OK)
    defer { rs_pin_free(pin) }
    // NULL, a freed handle, one of another kind, and a number that never was one.
    for handle in [nil, dead, pin, OpaquePointer(bitPattern: 0x7FFF_FFFF_FFF1)] {
      failure(RS_ERR_HANDLE) { rs_rubric_list(handle, nil, $0) }
      failure(RS_ERR_HANDLE) { rs_revision_resolve(handle, "essay", $0) }
      failure(RS_ERR_HANDLE) { rs_branch_list(handle, $0) }
      failure(RS_ERR_HANDLE) { rs_branch_create(handle, "x", nil, $0) }
      failure(RS_ERR_HANDLE, ofCall: { rs_branch_delete(handle, "x", 0) })
      failure(RS_ERR_HANDLE) { rs_tag_list(handle, $0) }
      failure(RS_ERR_HANDLE) { rs_tag_create(handle, "x", nil, nil, $0) }
      failure(RS_ERR_HANDLE, ofCall: { rs_tag_delete(handle, "x") })
    }
    let store = folder.handle
    failure(RS_ERR_ARGUMENT, ofCall: { rs_rubric_list(store, nil, nil) })
    failure(RS_ERR_ARGUMENT, ofCall: { rs_revision_resolve(store, "essay", nil) })
    failure(RS_ERR_ARGUMENT, ofCall: { rs_branch_list(store, nil) })
    failure(RS_ERR_ARGUMENT, ofCall: { rs_branch_create(store, "x", nil, nil) })
    failure(RS_ERR_ARGUMENT, ofCall: { rs_tag_list(store, nil) })
    failure(RS_ERR_ARGUMENT, ofCall: { rs_tag_create(store, "x", nil, nil, nil) })
    failure(RS_ERR_ARGUMENT) { rs_branch_create(store, nil, nil, $0) }
    failure(RS_ERR_ARGUMENT) { rs_tag_create(store, nil, nil, nil, $0) }
    failure(RS_ERR_ARGUMENT, ofCall: { rs_tag_delete(store, nil) })
    // What was refused has made nothing.
    #expect(try folder.store.branches().map(\.name) == ["main"])
    #expect(try folder.store.tags().isEmpty)
    let bad = HostileTexts.notUTF8
    failure(RS_ERR_ARGUMENT) { rs_rubric_list(store, bad, $0) }
    failure(RS_ERR_ARGUMENT) { rs_revision_resolve(store, bad, $0) }
    failure(RS_ERR_ARGUMENT) { rs_branch_create(store, bad, nil, $0) }
    failure(RS_ERR_ARGUMENT) { rs_branch_create(store, "x", bad, $0) }
    failure(RS_ERR_ARGUMENT) { rs_tag_create(store, bad, nil, nil, $0) }
    failure(RS_ERR_ARGUMENT) { rs_tag_create(store, "x", bad, nil, $0) }
    failure(RS_ERR_ARGUMENT) { rs_tag_create(store, "x", nil, bad, $0) }
  }

  @Test func hostileTexts() throws {
    let folder = try TestFolder.withEssay()
    let store = folder.handle
    HostileTexts.tryAll { rs_rubric_list(store, $0, $1) }
    HostileTexts.tryAll { rs_revision_resolve(store, $0, $1) }
    HostileTexts.tryAll { rs_branch_create(store, $0, nil, $1) }
    HostileTexts.tryAll { rs_branch_create(store, "new", $0, $1) }
    HostileTexts.tryAll { rs_tag_create(store, $0, nil, nil, $1) }
    HostileTexts.tryAll { rs_tag_create(store, "tag", nil, $0, $1) }
    for text in HostileTexts.all {
      _ = rs_branch_delete(store, text, 1)
      _ = rs_tag_delete(store, text)
    }
    #expect(try folder.git("fsck", "--strict", "--no-dangling", "--no-progress") == "")
  }
}

/// A handle of a store that was freed.
func deadStore() throws -> OpaquePointer? {
  let folder = try TestFolder()
  var handle: OpaquePointer?
  try #require(rs_store_open(folder.repository, nil, &handle) == RS_OK)
  try #require(rs_store_free(handle) == RS_OK)
  return handle
}
