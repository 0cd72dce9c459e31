import Foundation
import Testing

/// The rubrics that others published, through every command; they are kept beside the project, in
/// `shared/data` or where `RUBRIC_DATA` says.
@Suite(.enabled(if: RealData.folder != nil, "there is no shared/data beside the project"))
struct RealDataTests {
  @Test func metaPolicyOptimization() throws {
    let files = try RealData.files("mpo", ending: ".txt")
    #expect(files.count == 10)
    let session = try CommandLineSession()
    try session.quietly("rubricctl init .")
    for (index, file) in files.enumerated() {
      let id = "mpo-\(index)"
      try session.quietly("rubricctl import '\(file)' --id \(id) -m 'Where it starts'")
      let tree = try session.quietly("rubricctl show \(id)@").output
      #expect(tree.hasPrefix("\(id)@"), "\(file)")
      #expect(tree.contains("%"), "\(file)")
      let prompt = try session.quietly("rubricctl pull \(id)@ --format prompt").output
      let source = try String(contentsOfFile: file, encoding: .utf8)
      #expect(prompt.count > source.count / 2, "\(file): \(prompt.count) of \(source.count)")
      try session.quietly("rubricctl validate rubrics/\(id).yaml")
    }
    #expect(try session.quietly("rubricctl list").lines.count == 10)
    #expect(try session.quietly("git status --porcelain && git fsck --strict").output == "")
  }

  /// The rule that got lost once: the judge must read it.
  @Test func closingNoteReachesTheJudge() throws {
    let session = try CommandLineSession()
    let file = try #require(
      try RealData.files("mpo", ending: "evaluation_rubric_expert.txt").first)
    try session.quietly("rubricctl init . && rubricctl import '\(file)' --id essay")
    for command in ["pull --format prompt", "show --format prompt"] {
      let prompt = try session.quietly("rubricctl \(command)").output
      #expect(prompt.contains("NOTE: The elements of this rubric are applied holistically"))
      #expect(prompt.contains("may receive no more than 2 score points."))
    }
  }

  @Test func paperBench() throws {
    let session = try CommandLineSession()
    try session.quietly("rubricctl init .")
    for name in ["mechanistic-understanding", "sapg", "semantic-self-consistency", "bam"] {
      let file = try RealData.path("paperbench/\(name).json")
      try session.quietly("rubricctl import '\(file)'")
      try session.quietly("rubricctl show \(name)@")
    }
    let file = try RealData.path("paperbench/bbox.json")
    let refused = try session.execute("rubricctl import '\(file)'")
    #expect(refused.status == 2)
    for id in ["gt-acc-gsm8k", "gt-acc-scienceqa", "gt-acc-truthfulqa"] {
      #expect(refused.errors.contains(id))
    }
    #expect(refused.errors.contains("--repair-ids"))
    let repaired = try session.quietly("rubricctl import '\(file)' --repair-ids")
    #expect(repaired.errors.split(separator: "\n").filter { $0.hasPrefix("note:") }.count == 3)
    try session.quietly("rubricctl show bbox@")
    #expect(try session.quietly("rubricctl list").lines.count == 5)
    #expect(try session.quietly("git status --porcelain && git fsck --strict").output == "")
  }

  /// A rubric of a thousand criteria through every command.
  @Test func bamThroughEveryCommand() throws {
    let session = try CommandLineSession()
    let file = try RealData.path("paperbench/bam.json")
    try session.quietly("rubricctl init . && rubricctl import '\(file)'")
    let whole = try #require(
      try JSONSerialization.jsonObject(
        with: Data(session.quietly("rubricctl show --json").output.utf8)) as? [String: Any])
    var leaves: [(id: String, weight: Double)] = []
    func visit(_ items: [[String: Any]]) {
      for item in items {
        if let inner = item["criteria"] as? [[String: Any]] {
          visit(inner)
        } else if let id = item["id"] as? String {
          leaves.append((id, item["weight"] as? Double ?? 1))
        }
      }
    }
    visit(try #require(whole["criteria"] as? [[String: Any]]))
    #expect(leaves.count > 700)

    let edits = leaves.map { leaf in
      [
        "op": "reweight", "id": leaf.id, "before": leaf.weight, "after": leaf.weight + 0.5,
        "because": "all leaves count more",
      ] as [String: Any]
    }
    let list = try JSONSerialization.data(withJSONObject: edits)
    try session.write("edits.json", String(decoding: list, as: UTF8.self))
    try session.quietly("rubricctl apply edits.json -m 'Every leaf counts more' --dry-run")
    try session.quietly("rubricctl apply edits.json -m 'Every leaf counts more'")
    let stat = try session.execute("rubricctl diff HEAD~1 HEAD --stat")
    #expect(stat.status == 1)
    #expect(stat.output.contains("\(leaves.count)\treweight\n\(leaves.count)\tedits\n"))
    let trailers = try session.quietly(
      "git log -1 --format='%(trailers:key=Rubric-Edit,valueonly)' | sed '/^$/d'")
    #expect(trailers.lines.count == leaves.count)
    let log = try session.quietly("rubricctl log -n 1 --json").output
    let entry = try #require(
      try JSONSerialization.jsonObject(with: Data(log.utf8)) as? [String: Any])
    #expect((entry["edits"] as? [Any])?.count == leaves.count)
    #expect(entry["comparability"] as? String == "recompute")
    #expect(
      try session.quietly("rubricctl log --criterion \(leaves[7].id) --oneline").lines.count == 2)

    try session.quietly("rubricctl pull HEAD~1 -o old.yaml && rubricctl pull HEAD -o new.yaml")
    #expect(session.read("old.yaml") != session.read("new.yaml"))
    try session.quietly("rubricctl validate old.yaml new.yaml")
    for format in ["json", "prompt", "schema"] {
      #expect(try session.quietly("rubricctl pull --format \(format)").output.count > 10_000)
    }

    let verdicts = Dictionary(uniqueKeysWithValues: leaves.map { ($0.id, 1) })
    var lines = ""
    for (rollout, value) in [("all", 1), ("none", 0)] {
      let judgement =
        [
          "rollout": rollout, "verdicts": verdicts.mapValues { _ in value },
        ] as [String: Any]
      let line = try JSONSerialization.data(withJSONObject: judgement)
      lines += String(decoding: line, as: UTF8.self) + "\n"
    }
    try session.write("verdicts.jsonl", lines)
    let scores = try session.quietly("rubricctl score --verdicts verdicts.jsonl").lines
    let rewards = try scores.map { line in
      let score = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return score?["reward"] as? Double
    }
    #expect(rewards == [1, 0])
    try session.quietly("rubricctl score --verdicts verdicts.jsonl --explain")

    try session.quietly("sed -i '1i # The replication of BaM.' rubrics/bam.yaml")
    try session.quietly("sed -i '0,/weight: [0-9.]*/s//weight: 77/' rubrics/bam.yaml")
    #expect(try session.execute("rubricctl diff").status == 1)
    try session.quietly("rubricctl status && rubricctl commit -m 'One by hand'")
    try session.quietly("rubricctl tighten \(leaves[3].id) --add-reason 'Half.' --because why")
    try session.quietly("rubricctl move \(leaves[3].id) --first --because why")
    try session.quietly("rubricctl remove \(leaves[3].id) --because why")
    #expect(session.read("rubrics/bam.yaml")?.hasPrefix("# The replication of BaM.\n") == true)
    #expect(try session.quietly("rubricctl log --oneline").lines.count == 6)
    #expect(try session.quietly("git status --porcelain rubrics && git fsck --strict").output == "")
  }
}

enum RealData {
  static let folder: String? = {
    if let path = ProcessInfo.processInfo.environment["RUBRIC_DATA"] { return path }
    var url = URL(fileURLWithPath: #filePath)
    while url.path != "/" {
      url.deleteLastPathComponent()
      let candidate = url.appendingPathComponent("shared/data")
      if FileManager.default.fileExists(atPath: candidate.path) { return candidate.path }
    }
    return nil
  }()

  static func path(_ name: String) throws -> String { try #require(folder) + "/" + name }

  static func files(_ name: String, ending suffix: String) throws -> [String] {
    let root = try path(name)
    let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(suffix) }.sorted().map { root + "/" + $0 }
  }
}
