import RubricStore
import Testing

@Suite struct GitNameTests {
  @Test func anObjectIDHasFortyDigits() throws {
    let digits = "0123456789abcdef0123456789abcdeffedcba98"
    let id = try #require(ObjectID(hex: digits))
    #expect(id.hex == digits)
    #expect(id.description == digits)
    #expect(id.prefix(8) == "01234567")
    #expect(id.prefix(-1) == "")
    #expect(id.prefix(99) == digits)
    #expect(ObjectID(hex: digits.uppercased()) == id)
    #expect(ObjectID(bytes: id.bytes) == id)
    #expect(id.bytes.count == 20)
    #expect(ObjectID.zero.hex == String(repeating: "0", count: 40))
  }

  @Test(arguments: [
    "", "0123", "0123456789abcdef0123456789abcdeffedcba9",
    "0123456789abcdef0123456789abcdeffedcba988",
    "g123456789abcdef0123456789abcdeffedcba98", "é23456789abcdef0123456789abcdeffedcba98",
    " 123456789abcdef0123456789abcdeffedcba98",
  ]) func anythingElseIsNoObjectID(_ text: String) {
    #expect(ObjectID(hex: text) == nil)
    #expect(ObjectID(bytes: Array(text.utf8.prefix(19))) == nil)
  }

  @Test func objectIDsAreOrderedByTheirDigits() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<1000 {
      let bytes = [0, 1].map { _ in (0..<20).map { _ in UInt8.random(in: 0...3, using: &generator) }
      }
      let left = try #require(ObjectID(bytes: bytes[0]))
      let right = try #require(ObjectID(bytes: bytes[1]))
      #expect((left < right) == (left.hex < right.hex), "\(left) \(right)")
    }
  }

  @Test(arguments: [
    "HEAD", "refs/heads/main", "refs/heads/feature/long-name", "refs/tags/v1.0", "refs/heads/größe",
    "refs/notes/rubric-metrics",
  ]) func referenceNames(_ text: String) throws {
    #expect(try ReferenceName(text).text == text)
  }

  @Test(arguments: [
    "", "main", "refs", "refs/", "refs/heads", "refs/heads/", "/refs/heads/a", "refs/heads//a",
    "refs/heads/a/", "refs/heads/.a", "refs/heads/a..b", "refs/heads/a.lock", "refs/heads/a.",
    "refs/heads/a b", "refs/heads/a~1", "refs/heads/a^", "refs/heads/a:b", "refs/heads/a?b",
    "refs/heads/a*", "refs/heads/a[b", "refs/heads/a\\b", "refs/heads/a@{1}", "refs/heads/@{",
    "refs/heads/\u{7F}", "refs/heads/a\u{0}b", "refs/heads/a\nb", "refs/heads/a\u{85}b",
    "refs/heads/-x", "refs/heads/a/-x", "refs/heads/../../config", "FETCH_HEAD", "config",
    "refs/heads/" + String(repeating: "x", count: 241),
    "refs/" + String(repeating: "x/", count: 600) + "x",
  ]) func otherReferenceNamesAreRefused(_ text: String) {
    #expect(throws: GitError(.invalid, operation: "", message: "")) { try ReferenceName(text) }
  }

  @Test func branchesAreNotCalledLikeWhatTheyWouldHide() throws {
    #expect(throws: GitError.self) { try ReferenceName.branch("HEAD") }
    #expect(throws: GitError.self) {
      try ReferenceName.branch("0123456789abcdef0123456789abcdeffedcba98")
    }
    #expect(throws: GitError.self) { try ReferenceName.tag("HEAD") }
    #expect(try ReferenceName.branch("main").text == "refs/heads/main")
    #expect(try ReferenceName.branch("a/b").short == "a/b")
    #expect(try ReferenceName.tag("v1").short == "v1")
  }

  @Test func namesAreComparedByTheirBytes() throws {
    let composed = "refs/heads/\u{E9}"
    let decomposed = "refs/heads/e\u{301}"
    #expect(composed == decomposed)
    #expect(try ReferenceName(composed) != ReferenceName(decomposed))
    #expect(try RepositoryPath(composed) != RepositoryPath(decomposed))
    #expect(try Set([RepositoryPath(composed), RepositoryPath(decomposed)]).count == 2)
  }

  @Test(arguments: ["a", "rubrics/essay.yaml", "rubrics/größe.yaml", "a/b/c/d", ".github/x", "git"])
  func paths(_ text: String) throws {
    let path = try RepositoryPath(text)
    #expect(path.components.joined(separator: "/") == text)
  }

  @Test(arguments: [
    "", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "./a", ".git/config", "a/.GIT/x", ".git.",
    ".git ", "GIT~1/x", "a\\b", "c:x", "a\u{0}b", "a\nb", "a\u{7F}",
    String(repeating: "x", count: 241), String(repeating: "a/", count: 16) + "a",
  ]) func otherPathsAreRefused(_ text: String) {
    #expect(throws: GitError(.invalid, operation: "", message: "")) { try RepositoryPath(text) }
  }

  @Test func anErrorShowsARefusedNameWithoutItsControlCharacters() {
    let error = expectGitError(.invalid) { _ = try ReferenceName("refs/heads/a\u{1B}[31m") }
    #expect(error?.message.contains("\u{1B}") == false)
    #expect(error?.message.contains("\\u{1b}") == true)
  }
}
