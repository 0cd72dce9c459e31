import Foundation
import RubricStore
import Synchronization
import Testing

@Suite struct GitReferenceRaceTests {
  @Test func oneOfManyCreatesABranch() async throws {
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    let commits = try (0..<8).map { try repository.testCommit("commit \($0)") }
    for round in 0..<40 {
      let winners = try await withThrowingTaskGroup(of: ObjectID?.self) { group in
        for commit in commits {
          group.addTask {
            let own = try sandbox.open()
            do throws(GitError) {
              try own.move("round-\(round)", to: commit, expecting: nil)
              return commit
            } catch {
              guard error.code == .modified || error.code == .locked else { throw error }
              return nil
            }
          }
        }
        var winners: [ObjectID] = []
        for try await winner in group { if let winner { winners.append(winner) } }
        return winners
      }
      #expect(winners.count == 1, "round \(round)")
      let tip = try repository.follow(.branch("round-\(round)")).object
      #expect(tip == winners.first)
    }
    #expect(try sandbox.fsck().isEmpty)
  }

  /// One repository that several tasks may use, as the store holds it.
  private final class Shared: Sendable {
    let repository: Mutex<GitRepository>
    init(_ sandbox: GitSandbox) throws { repository = Mutex(try sandbox.open()) }

    /// Puts a commit on top of the branch; returns whether the branch was still there.
    func commit(_ message: String) throws -> Bool {
      try repository.withLock { repository in
        let tip = try repository.follow(.branch("main")).object
        let commit = try repository.testCommit(message, parents: tip.map { [$0] } ?? [])
        do throws(GitError) {
          try repository.move("main", to: commit, expecting: tip)
          return true
        } catch {
          guard error.code == .modified || error.code == .locked else { throw error }
          return false
        }
      }
    }
  }

  @Test(arguments: [false, true]) func noUpdateIsLost(_ sharingOneHandle: Bool) async throws {
    let sandbox = try GitSandbox(bare: true)
    let root = try sandbox.open().testCommit("root")
    try sandbox.open().move("main", to: root, expecting: nil)
    let shared = try Shared(sandbox)
    let tasks = 8
    let each = 10
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<tasks {
        group.addTask {
          let mine = sharingOneHandle ? shared : try Shared(sandbox)
          for number in 0..<each {
            while try !mine.commit("task \(task) number \(number)") { await Task.yield() }
          }
        }
      }
      try await group.waitForAll()
    }
    let subjects = try sandbox.git("log", "--format=%s", "main").split(separator: "\n")
    #expect(subjects.count == tasks * each + 1)
    #expect(Set(subjects).count == tasks * each + 1)
    #expect(try sandbox.fsck().isEmpty)
  }

  @Test func gitMayPackReferencesMeanwhile() async throws {
    let sandbox = try GitSandbox(bare: true)
    let root = try sandbox.open().testCommit("root")
    try sandbox.open().move("main", to: root, expecting: nil)
    async let packing: Void = {
      for _ in 0..<10 {
        try sandbox.git("pack-refs", "--all", "--prune")
        await Task.yield()
      }
    }()
    let repository = try sandbox.open()
    var tip = root
    for number in 0..<100 {
      let commit = try repository.testCommit("\(number)", parents: [tip])
      while true {
        do throws(GitError) {
          try repository.move("main", to: commit, expecting: tip)
          break
        } catch {
          // pack-refs holds the branch's lock while it prunes.
          guard error.code == .locked else { throw error }
        }
      }
      tip = commit
      let now = try repository.follow(.branch("main")).object
      #expect(now == tip)
    }
    try await packing
    #expect(try sandbox.id("refs/heads/main") == tip)
  }
}
