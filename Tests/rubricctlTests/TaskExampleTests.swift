import Foundation
import Testing

/// The rubrics of `examples/tasks`, which people start from.
@Suite struct TaskExampleTests {
  static let tasks = [
    "essay", "summary", "ethics", "maths/arithmetic", "maths/equations", "maths/counting",
  ]
  static let gaming = ["padded", "title", "headings", "copied", "hedge", "sermon", "injection"]
  static let folder =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path + "/examples/tasks"

  /// The canonical text, but for lines of comments, which an import keeps.
  @Test(arguments: tasks) func rubricsAreCanonical(_ task: String) throws {
    let session = try CommandLineSession()
    let file = "\(Self.folder)/\(task)/rubric.yaml"
    try session.quietly("rubricctl validate '\(file)'")
    try session.quietly("rubricctl init . && rubricctl import '\(file)'")
    let source = try String(contentsOfFile: file, encoding: .utf8)
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    let bare = lines.filter { !$0.drop { $0 == " " }.hasPrefix("#") }.joined(separator: "\n")
    #expect(bare != source, "a rubric without a comment explains nothing")
    #expect(try session.quietly("rubricctl pull").output == bare)
    let id = task.replacingOccurrences(of: "/", with: "-")
    #expect(session.read("rubrics/\(id).yaml") == source)
  }

  /// `examples/tasks/run` joins them line by line, and expects a reward for each.
  @Test(arguments: tasks) func verdictsFitTheRollouts(_ task: String) throws {
    let session = try CommandLineSession()
    let folder = "\(Self.folder)/\(task)"
    let rollouts = try Self.objects("\(folder)/rollouts.jsonl")
    let verdicts = try Self.objects("\(folder)/verdicts.jsonl")
    let names = rollouts.compactMap { $0["rollout"] as? String }
    #expect(names.count == rollouts.count && Set(names).count == names.count)
    #expect(names == verdicts.compactMap { $0["rollout"] as? String })
    #expect(rollouts.allSatisfy { $0["prompt"] is String && $0["response"] is String })
    try session.quietly("rubricctl init . && rubricctl import '\(folder)/rubric.yaml'")
    let scores = try session.quietly("rubricctl score --verdicts '\(folder)/verdicts.jsonl'").lines
    #expect(scores.count == names.count)
    let rewards = try zip(names, scores).reduce(into: [String: Double]()) { rewards, score in
      let json = try JSONSerialization.jsonObject(with: Data(score.1.utf8)) as? [String: Any]
      rewards[score.0] = try #require(json?["reward"] as? Double, "\(score.0)")
    }
    // Nothing earns nothing, and the best that people wrote earns more than what games the rubric.
    #expect(rewards["empty-1"] == 0)
    let honest = try #require(names.first.flatMap { rewards[$0] })
    for (name, reward) in rewards where Self.gaming.contains(where: name.hasPrefix) {
      #expect(reward < honest, "\(name)")
    }
  }

  private static func objects(_ file: String) throws -> [[String: Any]] {
    let text = try String(contentsOfFile: file, encoding: .utf8)
    return try text.split(separator: "\n").map { line in
      let json = try JSONSerialization.jsonObject(with: Data(line.utf8))
      return try #require(json as? [String: Any], "\(line)")
    }
  }
}
