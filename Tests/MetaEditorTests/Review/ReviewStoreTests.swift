import Foundation
import MetaEditor
import RubricStore
import Testing

/// What a review takes from a store: the committed policy, and ids that were used before.
@Suite struct ReviewStoreTests {
  /// A repository in a temporary folder, which goes with it.
  private final class Folder {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("rubric-review-\(UUID().uuidString)").path
    deinit { try? FileManager.default.removeItem(atPath: path) }

    func git(_ arguments: String...) throws {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["git", "-C", path] + arguments
      process.environment = [
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": path,
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org",
      ]
      try process.run()
      process.waitUntilExit()
      try #require(process.terminationStatus == 0, "\(arguments)")
    }

    func write(_ text: String, to file: String) throws {
      let url = URL(fileURLWithPath: path + "/" + file)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
  }

  private static let author = Identity(
    name: "Ada", email: "ada@example.org", seconds: 1_700_000_000, offsetMinutes: 0)

  private func store() throws -> (folder: Folder, store: Store) {
    let folder = Folder()
    let store = try Store.create(folder.path).store
    try store.create(Array(ReviewSample.essay.utf8), rationale: "Start", author: Self.author)
    return (folder, store)
  }

  private func commit(_ store: Store, _ yaml: String) throws {
    let rubric = try store.pull("essay").rubric
    let edits = try EditList(parsing: Array(yaml.utf8), for: rubric).edits
    _ = try store.commit(
      MetaUpdate(rubric: "essay", edits: edits, rationale: "why"), author: Self.author)
  }

  @Test func theCommittedPolicyCounts() throws {
    let (folder, store) = try store()
    let first = try store.resolve("HEAD")
    #expect(try store.policy(at: first).policy == Policy())
    #expect(try store.policy(at: first).digest == nil)
    let text = "schema: rubric-policy/1\nsupport: {rollouts: 9}\n"
    try folder.write(text, to: Policy.path)
    // Not yet.
    #expect(try store.policy(at: first).policy == Policy())
    try folder.git("add", ".rubric")
    try folder.git("commit", "-qm", "A policy")
    let second = try store.resolve("HEAD")
    let held = try store.policy(at: second)
    #expect(held.policy.support.rollouts == 9 && held.commit == second)
    #expect(held.digest?.count == 64)
    // An older commit has what it had, and a policy is no rubric.
    #expect(try store.policy(at: first).digest == nil)
    #expect(try store.rubrics() == ["essay"])
  }

  @Test func aBadPolicyIsToldWithItsPlace() throws {
    let (folder, store) = try store()
    try folder.write("schema: rubric-policy/1\nsuport: {rollouts: 9}\n", to: Policy.path)
    try folder.git("add", ".rubric")
    try folder.git("commit", "-qm", "A policy")
    let head = try store.resolve("HEAD")
    do throws(StoreError) {
      _ = try store.policy(at: head)
      Issue.record("it was read")
    } catch {
      #expect(error.code == .invalidDocument)
      #expect(error.message.contains(".rubric/policy.yaml"))
      #expect(error.findings.map(\.mark?.line) == [2])
      #expect(error.findings.first?.hint == "did you mean `support`?")
    }
  }

  @Test func idsThatWereUsedBefore() throws {
    let (folder, store) = try store()
    defer { withExtendedLifetime(folder) {} }
    func retired() throws -> Set<CriterionID> {
      try store.retiredIDs(of: "essay", at: store.resolve("HEAD"))
    }
    #expect(try retired() == [])
    try commit(store, "[{op: remove, id: length}, {op: reweight, id: flow, after: 3}]")
    #expect(try retired() == ["length"])
    // With all that was in it.
    try commit(store, "[{op: remove, id: style}]")
    #expect(try retired() == ["length", "style", "words", "rhythm"])
    try commit(
      store,
      "[{op: add, after: {criterion: {id: depth, text: Is it deep?}, place: {follows: flow}}}]")
    try commit(store, "[{op: remove, id: depth}]")
    #expect(try retired() == ["length", "style", "words", "rhythm", "depth"])
    // One that came back has its name.
    try commit(
      store,
      "[{op: add, after: {criterion: {id: length, text: Is it long?}, place: {follows: flow}}}]")
    #expect(try retired() == ["style", "words", "rhythm", "depth"])
    #expect(try store.retiredIDs(of: "other", at: store.resolve("HEAD")) == [])
    #expect(try store.retiredIDs(of: "essay", at: store.resolve("HEAD~5")) == [])
  }
}
