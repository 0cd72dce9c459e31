import Foundation
import RubricStore
import Testing

@Suite struct StoreWorkTreeTests {
  private static let file = GitSandbox.file
  private static let onFlow = Sample.reweight("flow", from: 3, to: 4)

  @Test func aCleanFileIsBroughtUp() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    #expect(sandbox.read(Self.file) == Sample.essay)
    #expect(try sandbox.status() == "")
    let outcome = try store.commit(sample: Self.onFlow)
    #expect(outcome.workTreeNote == nil)
    #expect(sandbox.read(Self.file)?.contains("weight:   4  # of ten") == true)
    #expect(try sandbox.status() == "")
    #expect(try sandbox.git("diff", "HEAD", "--stat") == "")
    #expect(try store.workTreeChanges() == [])
    try store.remove("essay", rationale: "gone", author: Sample.author)
    #expect(sandbox.read(Self.file) == nil)
    #expect(try sandbox.status() == "")
  }

  @Test func aCommitToAnotherBranchTouchesNoFile() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try store.createBranch("exp")
    try sandbox.write(Self.file, "half written")
    let outcome = try store.commit(sample: Self.onFlow, to: "exp")
    #expect(outcome.branch == "exp")
    #expect(sandbox.read(Self.file) == "half written")
    #expect(try sandbox.status() == " M \(Self.file)")
    #expect(try store.pull("essay", at: "main").rubric.criterion("flow")?.weight == 3)
    #expect(try store.pull("essay", at: "exp").rubric.criterion("flow")?.weight == 4)
  }

  @Test(arguments: ["changed", "staged", "deleted", "staged deletion", "half staged"])
  func aFileWithChangesIsRefused(_ state: String) throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    let tip = try sandbox.id("HEAD")
    let other = Sample.essay.replacing("Flow", with: "The flow")
    switch state {
    case "changed": try sandbox.write(Self.file, other)
    case "staged":
      try sandbox.write(Self.file, other)
      try sandbox.git("add", Self.file)
    case "deleted": try FileManager.default.removeItem(atPath: sandbox.path + "/" + Self.file)
    case "staged deletion": try sandbox.git("rm", "-q", Self.file)
    default:
      try sandbox.write(Self.file, other)
      try sandbox.git("add", Self.file)
      try sandbox.write(Self.file, Sample.essay)
    }
    let status = try sandbox.status()
    let content = sandbox.read(Self.file)
    let error = expectStoreError(.dirty, state) { try store.commit(sample: Self.onFlow) }
    #expect(error?.hint != nil)
    expectStoreError(.dirty, state) {
      try store.remove("essay", rationale: "x", author: Sample.author)
    }
    expectStoreError(.dirty, state) {
      try store.replace(
        with: Array(other.replacing("of ten", with: "of 9").utf8), rationale: "x",
        author: Sample.author)
    }
    #expect(try sandbox.id("HEAD") == tip)
    #expect(try sandbox.status() == status)
    #expect(sandbox.read(Self.file) == content)
  }

  @Test func anUntrackedFileIsNotOverwritten() throws {
    let sandbox = try GitSandbox()
    let store = try sandbox.store()
    try sandbox.write(Self.file, "mine\n")
    expectStoreError(.dirty) { try store.create(Sample.essayBytes, author: Sample.author) }
    #expect(sandbox.read(Self.file) == "mine\n")
    #expect(try store.head().commit == nil)
    // An ignored one is a file all the same.
    try sandbox.gitCommit("ignore", file: ".gitignore", content: "rubrics/\n")
    expectStoreError(.dirty) { try store.create(Sample.essayBytes, author: Sample.author) }
    #expect(sandbox.read(Self.file) == "mine\n")
  }

  @Test func aHandEditedFileIsStoredAsItIs() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    let text = Sample.essay.replacing("weight:   3  # of ten", with: "weight: 4.50   # of ten?")
      .replacing("# the end", with: "# the very end")
    try sandbox.write(Self.file, text)
    #expect(try store.changeWords() == ["essay modified"])
    let outcome = try store.replace(
      with: Array(text.utf8), rationale: "More", author: Sample.author, isFromWorkTree: true)
    #expect(
      outcome.edits.map(\.change) == [.reweight("flow", Delta(before: 3, after: 4.5))])
    #expect(outcome.edits.map(\.rationale) == ["More"])
    #expect(sandbox.read(Self.file) == text)
    #expect(try store.pull().text == Array(text.utf8))
    #expect(try sandbox.git("show", "HEAD:\(Self.file)") + "\n" == text)
    #expect(try sandbox.status() == "")
    #expect(try store.workTreeChanges() == [])
  }

  /// Layout alone is a commit without edits, whose rubric is the same.
  @Test func layoutAloneIsACommitWithoutEdits() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    let text = Sample.essay.replacing("# the end", with: "# fin")
    try sandbox.write(Self.file, text)
    let outcome = try store.replace(
      with: Array(text.utf8), rationale: "Say it in French", author: Sample.author,
      isFromWorkTree: true)
    #expect(outcome.edits == [])
    #expect(outcome.comparability == .identical)
    #expect(try store.pull().text == Array(text.utf8))
    #expect(try store.pull().rubric == Sample.rubric())
    let entry = try #require(try store.log(LogFilter(limit: 1)).first)
    #expect(entry.isRecorded)
    #expect(entry.edits == [])
    #expect(entry.kind == .edited)
    #expect(entry.comparability == .identical)
    #expect(try sandbox.status() == "")
  }

  @Test func newAndDeletedFiles() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    let copy = Sample.essay.replacing("id: essay", with: "id: copy")
    try sandbox.write("rubrics/copy.yaml", copy)
    try sandbox.write("rubrics/Not An Id.yaml", copy)
    try sandbox.write("rubrics/notes.txt", "x")
    #expect(try store.changeWords() == ["copy added"])
    let created = try store.create(
      Array(copy.utf8), rationale: "x", author: Sample.author, isFromWorkTree: true)
    #expect(created.kind == .created)
    #expect(try store.workTreeText(of: "copy") == Array(copy.utf8))
    #expect(try store.workTreeText(of: "nowhere") == nil)
    try FileManager.default.removeItem(atPath: sandbox.path + "/rubrics/copy.yaml")
    #expect(try store.changeWords() == ["copy deleted"])
    let removed = try store.remove(
      "copy", rationale: "x", author: Sample.author, isFromWorkTree: true)
    #expect(removed.kind == .removed)
    #expect(removed.comparability == .incomparable)
    #expect(
      try sandbox.status() == "?? \"rubrics/Not An Id.yaml\"\n?? rubrics/notes.txt")
    #expect(try store.rubrics() == ["essay"])
    // The last rubric's folder goes with it, in the commit.
    try store.remove("essay", rationale: "x", author: Sample.author)
    #expect(try sandbox.git("ls-tree", "HEAD") == "")
    #expect(try sandbox.fsck() == "")
  }

  @Test func detachedHead() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try sandbox.git("checkout", "-q", "--detach")
    let tip = try sandbox.id("HEAD")
    #expect(try store.headWords() == "commit \(tip.hex) at \(tip.hex)")
    let error = expectStoreError(.notFound) { try store.commit(sample: Self.onFlow) }
    #expect(error?.hint?.contains("switch") == true)
    #expect(try store.branches().map(\.isCheckedOut) == [false])
    try store.commit(sample: Self.onFlow, to: "main")
    #expect(try sandbox.id("HEAD") == tip)
    #expect(sandbox.read(Self.file) == Sample.essay)
    #expect(try sandbox.status() == "")
    try store.switchTo("main")
    #expect(sandbox.read(Self.file)?.contains("weight:   4") == true)
  }

  /// What stands in the place of a file and is none is never followed or overwritten.
  @Test(arguments: ["link", "link to a rubric", "folder", "linked folder", "pipe"])
  func whatIsNoFileIsRefused(_ kind: String) throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    let tip = try sandbox.id("HEAD")
    let place = sandbox.path + "/" + Self.file
    let target = sandbox.folder + "/target.yaml"
    try Data(Sample.essayBytes).write(to: URL(fileURLWithPath: target))
    let files = FileManager.default
    switch kind {
    case "link":
      try files.removeItem(atPath: place)
      try files.createSymbolicLink(atPath: place, withDestinationPath: "/etc/passwd")
    case "link to a rubric":
      try files.removeItem(atPath: place)
      try files.createSymbolicLink(atPath: place, withDestinationPath: target)
    case "folder":
      try files.removeItem(atPath: place)
      try sandbox.write(Self.file + "/x", "x")
    case "linked folder":
      try files.moveItem(atPath: sandbox.path + "/rubrics", toPath: sandbox.folder + "/elsewhere")
      try files.createSymbolicLink(
        atPath: sandbox.path + "/rubrics", withDestinationPath: sandbox.folder + "/elsewhere")
    default:
      try files.removeItem(atPath: place)
      try #require(mkfifo(place, 0o644) == 0)
    }
    #expect(throws: StoreError.self) { try store.commit(sample: Self.onFlow) }
    #expect(throws: StoreError.self) { try store.workTreeText(of: "essay") }
    #expect(throws: StoreError.self) { try store.workTreeChanges() }
    #expect(try sandbox.id("HEAD") == tip)
    #expect(files.contents(atPath: target) == Data(Sample.essayBytes))
    // Another branch can be written all the same.
    try store.createBranch("exp")
    try store.commit(sample: Self.onFlow, to: "exp")
  }

  @Test func aBareStoreHasNoFiles() throws {
    let (_, store) = try GitSandbox.withEssay(bare: true)
    expectStoreError(.bare) { _ = try store.workTreeChanges() }
    expectStoreError(.bare) { _ = try store.workTreeChange(of: "essay") }
    expectStoreError(.bare) { _ = try store.workTreeText(of: "essay") }
  }

  /// A file in the middle of git's merge is not committed over.
  @Test func aConflictIsLeftToGit() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    try sandbox.git("branch", "side")
    try store.commit(sample: Self.onFlow)
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 9), to: "side")
    #expect(throws: (any Error).self) { try sandbox.git("merge", "-q", "side") }
    let tip = try sandbox.id("HEAD")
    expectStoreError(.dirty) { try store.commit(sample: Sample.reweight("flow", from: 4, to: 5)) }
    expectStoreError(.dirty) {
      try store.replace(
        with: Array(Sample.essay.replacing("of ten", with: "of 9").utf8), rationale: "x",
        author: Sample.author, isFromWorkTree: true)
    }
    #expect(try sandbox.id("HEAD") == tip)
  }

  /// A branch that another work tree has checked out is moved; neither work tree's files are.
  @Test func aBranchOfAnotherWorkTree() throws {
    let (sandbox, store) = try GitSandbox.withEssay()
    let place = sandbox.folder + "/side"
    try sandbox.git("worktree", "add", "-q", "-b", "side", place)
    let outcome = try store.commit(sample: Self.onFlow, to: "side")
    #expect(outcome.workTreeNote?.contains("another work tree") == true)
    #expect(sandbox.read(Self.file) == Sample.essay)
    #expect(try sandbox.status() == "")
    #expect(try store.pull("essay", at: "side").rubric.criterion("flow")?.weight == 4)
  }
}
