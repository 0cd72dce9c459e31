import CRubricStore
import Foundation
import RubricStore
import RubricStoreABI
import Synchronization
import Testing

@Suite("Followers behind the header")
struct FollowerTests {
  /// Opens a follower and frees it after `body`.
  private func following(
    _ folder: TestFolder, _ revision: String, since: String? = nil,
    _ body: (OpaquePointer?) throws -> Void
  ) throws {
    var follower: OpaquePointer?
    let status = rs_follower_open(folder.handle, revision, since, &follower)
    guard status == RS_OK else { throw CallFailure(status) }
    try body(follower)
    _ = rs_follower_free(follower)
  }

  /// The commit of the next pin; nil where the time is over.
  private func next(_ follower: OpaquePointer?, _ timeout: Int64) throws -> String? {
    var pin = OpaquePointer(bitPattern: 0x10)
    let status = rs_follower_next(follower, timeout, &pin)
    guard status == RS_OK else { throw CallFailure(status) }
    guard let pin else { return nil }
    defer { #expect(rs_pin_free(pin) == RS_OK) }
    return try json { rs_pin_describe(pin, $0) }["commit"]?.string
  }

  @Test func newVersionsAreTold() throws {
    let folder = try TestFolder.withEssay()
    let first = try folder.git("rev-parse", "main")
    try following(folder, "essay@main") { follower in
      #expect(try next(follower, 0) == first)
      #expect(try next(follower, 0) == nil)
      let second = try folder.reweight(from: 3, to: 4).hex
      #expect(try next(follower, -1) == second)
      let start = ContinuousClock.now
      #expect(try next(follower, 150) == nil)
      #expect(ContinuousClock.now - start >= .milliseconds(150))
      // It outlives the store.
      try folder.git("branch", "-f", "main", first)
      #expect(try next(follower, Int64.max) == first)
    }
    try following(folder, "", since: first) { follower in
      let told = try next(follower, 0)
      #expect(told == nil)
    }
  }

  @Test func aWaitEndsWithTheCommitOfAnother() throws {
    let folder = try TestFolder.withEssay()
    try following(folder, "essay@main") { follower in
      _ = try next(follower, 0)
      let store = try Store.open(folder.repository)
      let thread = Thread {
        Thread.sleep(forTimeInterval: 0.2)
        let edit = Edit(.reweight("flow", Delta(before: 3, after: 4)), rationale: "why")
        _ = try? store.commit(MetaUpdate(rubric: "essay", edits: [edit]))
      }
      thread.start()
      let told = try next(follower, 20_000)
      #expect(try told == folder.git("rev-parse", "main"))
    }
  }

  @Test func aWaitEndsWhenTheFollowerIsFreed() throws {
    let folder = try TestFolder.withEssay()
    try following(folder, "essay@main") { follower in
      _ = try next(follower, 0)
      let number = UInt(bitPattern: follower)
      let freed = Atomic<Int>(-1)
      withExtendedLifetime(folder) {
        let group = DispatchGroup()
        DispatchQueue.global().async(group: group) {
          Thread.sleep(forTimeInterval: 0.2)
          freed.store(
            Int(rs_follower_free(OpaquePointer(bitPattern: number))), ordering: .relaxed)
        }
        let start = ContinuousClock.now
        failure(RS_ERR_HANDLE) { rs_follower_next(follower, -1, $0) }
        #expect(ContinuousClock.now - start < .seconds(10))
        group.wait()
      }
      #expect(freed.load(ordering: .relaxed) == Int(RS_OK))
      failure(RS_ERR_HANDLE, ofCall: { rs_follower_free(follower) })
    }
  }

  @Test func whatIsGone() throws {
    let folder = try TestFolder.withEssay()
    try folder.store.createBranch("exp", at: "main")
    try following(folder, "essay@exp") { follower in
      _ = try next(follower, 0)
      try folder.git("branch", "-D", "exp")
      let start = ContinuousClock.now
      let gone = failure(RS_ERR_NOT_FOUND) { rs_follower_next(follower, -1, $0) }
      #expect(gone?.message.contains("branch `exp`") == true)
      #expect(ContinuousClock.now - start < .seconds(10))
    }
    try following(folder, "essay") { follower in
      _ = try next(follower, 0)
      let tree = try folder.git("hash-object", "-t", "tree", "-w", "/dev/null")
      let empty = try folder.git("commit-tree", "-m", "gone", "-p", "main", tree)
      try folder.git("update-ref", "refs/heads/main", empty)
      let gone = failure(RS_ERR_NOT_FOUND) { rs_follower_next(follower, 1_000, $0) }
      #expect(gone?.message.contains("no rubric `essay` on the branch `main`") == true)
    }
  }

  @Test func whatCannotBeFollowed() throws {
    let folder = try TestFolder.withEssay()
    let first = try folder.git("rev-parse", "main")
    failure(RS_ERR_NOT_FOUND) { rs_follower_open(folder.handle, "essay@nowhere", nil, $0) }
    failure(RS_ERR_NOT_FOUND) { rs_follower_open(folder.handle, "maths@main", nil, $0) }
    failure(RS_ERR_NAME) { rs_follower_open(folder.handle, "essay@\(first)", nil, $0) }
    failure(RS_ERR_ARGUMENT) { rs_follower_open(folder.handle, "essay", "main", $0) }
    let zeroes = String(repeating: "0", count: 40)
    failure(RS_ERR_NOT_FOUND) { rs_follower_open(folder.handle, "essay", zeroes, $0) }
    failure(RS_ERR_ARGUMENT) { rs_follower_open(folder.handle, nil, nil, $0) }
    failure(RS_ERR_ARGUMENT, ofCall: { rs_follower_open(folder.handle, "essay", nil, nil) })
    failure(RS_ERR_HANDLE) { rs_follower_open(nil, "essay", nil, $0) }
    failure(RS_ERR_HANDLE) { rs_follower_next(nil, 0, $0) }
    failure(RS_ERR_HANDLE) { rs_follower_next(folder.handle, -1, $0) }
    failure(RS_ERR_HANDLE, ofCall: { rs_follower_free(folder.handle) })
    try following(folder, "essay") { follower in
      failure(RS_ERR_ARGUMENT, ofCall: { rs_follower_next(follower, -1, nil) })
      failure(RS_ERR_HANDLE, ofCall: { rs_pin_free(follower) })
      // What could not be stored was not taken.
      let told = try next(follower, Int64.min)
      #expect(told == first)
    }
    HostileTexts.tryAll { text, place in
      var follower: OpaquePointer?
      let status = rs_follower_open(folder.handle, text, text, &follower)
      if status == RS_OK { _ = rs_follower_free(follower) }
      place.pointee = nil
      return status == RS_OK ? rs_pin_free(nil) : status
    }
  }
}
