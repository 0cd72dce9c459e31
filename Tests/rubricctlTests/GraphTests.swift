import Foundation
import Testing

/// The drawings of `log --graph`, with git as the oracle.
@Suite struct GraphTests {
  /// Makes a history whose commits are named by their numbers, each changing the rubric, by the
  /// parents of each.
  private static func session(_ parents: [[Int]]) throws -> CommandLineSession {
    let session = try CommandLineSession()
    try session.quietly("git init -q --bare -b main .")
    let rubric = try #require(
      FileManager.default.contents(atPath: Fixture.path("essay.yaml")).map {
        String(decoding: $0, as: UTF8.self)
      })
    var stream = ""
    for (index, parents) in parents.enumerated() {
      let text = rubric.replacingOccurrences(of: "weight: 2", with: "weight: \(index + 10)")
      try #require(text != rubric)
      let person = "Ada <ada@example.org> \(1_700_000_000 + index * 60) +0000"
      stream += "commit refs/heads/b\(index)\nmark :\(index + 1)\n"
      stream += "author \(person)\ncommitter \(person)\n"
      stream += "data \("\(index)\n".utf8.count)\n\(index)\n"
      for (number, parent) in parents.enumerated() {
        stream += "\(number == 0 ? "from" : "merge") :\(parent + 1)\n"
      }
      stream += "M 100644 inline rubrics/essay.yaml\ndata \(text.utf8.count)\n\(text)\n"
    }
    stream += "reset refs/heads/main\nfrom :\(parents.count)\n\n"
    try session.write("stream", stream)
    try session.quietly("git fast-import --quiet < stream")
    return session
  }

  /// A drawing with the hash of each commit and nothing after it, and no spaces at the ends of lines.
  private static func bare(_ lines: [String]) -> [String] {
    lines.map { line in
      var end = line.endIndex
      if let hash = line.range(of: "[0-9a-f]{12}", options: .regularExpression) {
        end = hash.upperBound
      }
      var text = line[..<end]
      while text.last == " " { text.removeLast() }
      return String(text)
    }
  }

  /// Histories that git draws the same, to the character.
  @Test(arguments: [
    [[], [0], [1], [2]],
    // A branch and its merge, also one that could have been a fast-forward.
    [[], [0], [0], [1, 2]], [[], [0], [0, 1]],
    // Two branches, one after the other, and one in the other.
    [[], [0], [0], [1, 2], [3], [3], [4, 5]], [[], [0], [0], [2], [2], [3, 4], [1, 5]],
    // An octopus, of three and of four.
    [[], [0], [0], [0], [1, 2, 3]], [[], [0], [0], [0], [0], [1, 2, 3, 4]],
    // Two histories without a common root.
    [[], [], [0, 1]],
  ])
  func drawingsThatAreGits(_ parents: [[Int]]) throws {
    let session = try Self.session(parents)
    let ours = Self.bare(try session.quietly("rubricctl log --graph --oneline").lines)
    let gits = Self.bare(try session.quietly("git log --graph --abbrev=12 --format=%h").lines)
    // Git bends a line beside a commit where the next row goes on with the slant.
    #expect(
      ours == gits.map { $0.contains("*") ? $0.replacingOccurrences(of: "/", with: "|") : $0 })
  }

  /// Whatever the history, the drawing tells it: read back, it has git's commits and parents.
  @Test func drawingsOfAnyHistory() throws {
    var random = Random(state: 20_260_301)
    for round in 0..<30 {
      let count = 4 + random.below(26)
      var parents: [[Int]] = [[]]
      for index in 1..<count {
        var own = [random.below(100) < 40 ? index - 1 : random.below(index)]
        while random.below(100) < 35, own.count < 5 {
          let other = random.below(index)
          if !own.contains(other) { own.append(other) }
        }
        parents.append(random.below(100) < 4 ? [] : own)
      }
      // All lines come together at the end, two of them at a time and then the rest.
      var heads = parents.indices.filter { head in !parents.contains { $0.contains(head) } }
      while heads.count > 8 {
        parents.append(Array(heads.prefix(2)))
        heads = Array(heads.dropFirst(2)) + [parents.count - 1]
      }
      parents.append(heads)
      let session = try Self.session(parents)
      let drawing = try session.quietly("rubricctl log --graph --oneline").output
      let reader: GraphReader
      do {
        reader = try GraphReader(drawing)
      } catch {
        Issue.record("round \(round): \(error)\n\(drawing)")
        return
      }
      var expected: Set<GraphReader.Edge> = []
      var commits: Set<String> = []
      for line in try session.quietly("git rev-list --parents main").lines {
        let ids = line.split(separator: " ").map { String($0.prefix(12)) }
        commits.insert(ids[0])
        for parent in ids.dropFirst() {
          expected.insert(GraphReader.Edge(child: ids[0], parent: parent))
        }
      }
      try #require(Set(reader.commits) == commits, "round \(round)\n\(drawing)")
      try #require(reader.commits.count == commits.count)
      try #require(
        reader.edges == expected,
        "round \(round): \(reader.edges.symmetricDifference(expected))\n\(drawing)")
    }
  }

  /// SplitMix64.
  private struct Random {
    var state: UInt64

    mutating func below(_ count: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((mixed ^ (mixed >> 31)) % UInt64(count))
    }
  }
}
