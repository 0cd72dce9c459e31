import Foundation
import RubricStore
import Testing

@Suite struct GitSwitchTests {
  private let essay = "rubrics/essay.yaml"

  /// `main` and `side` differ in the essay's rubric, and agree in `same.txt`.
  private func twoBranches() throws -> GitSandbox {
    let sandbox = try GitSandbox()
    try sandbox.gitCommit("same", file: "same.txt", content: "same\n")
    try sandbox.gitCommit("main", content: "main\n")
    try sandbox.git("checkout", "--quiet", "-b", "side")
    try sandbox.gitCommit("side", content: "side\n")
    try sandbox.gitCommit("new", file: "new.txt", content: "new\n")
    try sandbox.git("checkout", "--quiet", "main")
    return sandbox
  }

  @Test func theFilesAndHeadChange() throws {
    let sandbox = try twoBranches()
    let repository = try sandbox.open()
    try repository.switchBranch(to: .branch("side"), by: GitSandbox.person)
    #expect(try sandbox.git("symbolic-ref", "HEAD") == "refs/heads/side")
    #expect(try sandbox.status().isEmpty)
    #expect(sandbox.read(essay) == "side\n")
    #expect(sandbox.read("new.txt") == "new\n")
    #expect(try sandbox.git("rev-parse", "--abbrev-ref", "@{-1}") == "main")
    try repository.switchBranch(to: .branch("main"), by: GitSandbox.person)
    #expect(try sandbox.status().isEmpty)
    #expect(sandbox.read("new.txt") == nil)
  }

  @Test func changesThatWouldBeOverwrittenAreNamed() throws {
    let sandbox = try twoBranches()
    let repository = try sandbox.open()
    func refused(_ paths: [String], status: String) throws {
      let error = expectGitError(.conflict) {
        try repository.switchBranch(to: .branch("side"), by: GitSandbox.person)
      }
      #expect(error?.paths == paths)
      #expect(try sandbox.status() == status)
      #expect(try sandbox.git("symbolic-ref", "HEAD") == "refs/heads/main")
    }
    try sandbox.write(essay, "mine\n")
    try refused([essay], status: " M rubrics/essay.yaml")
    #expect(sandbox.read(essay) == "mine\n")
    try sandbox.git("add", essay)
    try refused([essay], status: "M  rubrics/essay.yaml")
    // Staged only: the work tree is as in HEAD again.
    try sandbox.write(essay, "main\n")
    try refused([essay], status: "MM rubrics/essay.yaml")
    try sandbox.git("reset", "--quiet", "--hard")
    try sandbox.write("new.txt", "untracked\n")
    try refused(["new.txt"], status: "?? new.txt")
    #expect(sandbox.read("new.txt") == "untracked\n")
  }

  @Test func otherChangesStay() throws {
    let sandbox = try twoBranches()
    try sandbox.write("same.txt", "changed\n")
    try sandbox.write("staged.txt", "staged\n")
    try sandbox.git("add", "staged.txt")
    try sandbox.write("untracked.txt", "untracked\n")
    let repository = try sandbox.open()
    try repository.switchBranch(to: .branch("side"), by: GitSandbox.person)
    #expect(try sandbox.status() == " M same.txt\nA  staged.txt\n?? untracked.txt")
    #expect(sandbox.read(essay) == "side\n")
  }

  @Test func aMergeInProgressIsNotLeft() throws {
    let sandbox = try twoBranches()
    try sandbox.gitCommit("main again", content: "main again\n")
    _ = try? sandbox.git("merge", "--quiet", "side")
    let repository = try sandbox.open()
    expectGitError(.conflict) {
      try repository.switchBranch(to: .branch("side"), by: GitSandbox.person)
    }
  }

  @Test func aBranchThatIsNotThereIsNotSwitchedTo() throws {
    let sandbox = try twoBranches()
    let repository = try sandbox.open()
    expectGitError(.notFound) {
      try repository.switchBranch(to: .branch("absent"), by: GitSandbox.person)
    }
    expectGitError(.invalid) {
      try repository.switchBranch(to: .tag("v1"), by: GitSandbox.person)
    }
  }

  @Test func fromADetachedHeadAndFromNoCommit() throws {
    let sandbox = try twoBranches()
    try sandbox.git("checkout", "--quiet", "--detach")
    let repository = try sandbox.open()
    try repository.switchBranch(to: .branch("side"), by: GitSandbox.person)
    #expect(try sandbox.status().isEmpty)
    #expect(try sandbox.git("symbolic-ref", "HEAD") == "refs/heads/side")
    try sandbox.git("symbolic-ref", "HEAD", "refs/heads/unborn")
    // Everything is staged now, and in the way.
    expectGitError(.conflict) {
      try repository.switchBranch(to: .branch("main"), by: GitSandbox.person)
    }
    try sandbox.git("rm", "--quiet", "-r", "--force", ".")
    try repository.switchBranch(to: .branch("main"), by: GitSandbox.person)
    #expect(try sandbox.status().isEmpty)
    #expect(sandbox.read(essay) == "main\n")
  }

  @Test func aBareRepositoryHasItsHeadMoved() throws {
    let sandbox = try GitSandbox(bare: true)
    let repository = try sandbox.open()
    let id = try repository.testCommit("one")
    try repository.move("side", to: id, expecting: nil)
    try repository.switchBranch(to: .branch("side"), by: GitSandbox.person)
    let head = try repository.head()
    #expect(head == .branch(try .branch("side"), tip: id))
    // HEAD is no longer what this caller saw.
    expectGitError(.modified) {
      try repository.setHead(
        to: .branch("other"), expecting: .branch(.branch("main"), tip: nil), by: GitSandbox.person)
    }
  }
}
