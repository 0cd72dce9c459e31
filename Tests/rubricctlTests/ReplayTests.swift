import Foundation
import Testing

@Suite struct ReplayTests {
  /// A store with three versions: the first, one that is reweighted, one that is reworded too.
  private func session() throws -> CommandLineSession {
    let session = try CommandLineSession.withEssay()
    try session.quietly("rubricctl reweight flow 3 --because x")
    try session.quietly("rubricctl reword flow --text 'Does it read well?' --because x")
    let commits = try session.quietly("git rev-list --reverse HEAD").lines
    var lines: [String] = []
    for index in 0..<12 {
      let verdicts =
        "{\"focus\": \(index % 6), \"facts\": \(index % 2), \"flow\": \(index % 3), \"padding\": \(index % 5 == 0)}"
      lines.append(
        "{\"rollout\": \"r\(index)\", \"prompt\": \"p\", \"response\": \"a\", \"rubric\": \"essay@\(commits[0])\","
          + " \"verdicts\": \(verdicts), \"gold\": 0.5}")
    }
    try session.write("graded.jsonl", lines.joined(separator: "\n") + "\n")
    try session.write(
      "again.jsonl",
      (0..<6).map {
        "{\"rollout\": \"r\($0)\", \"rubric\": \"\(commits[2])\", \"verdicts\": {\"flow\": 2}}\n"
      }.joined())
    return session
  }

  @Test func replay() throws {
    let session = try session()
    try session.run("rubricctl replay main~2..main~1 --verdicts graded.jsonl --top 3")
    try session.run("rubricctl replay essay@main~2..main~2 --verdicts graded.jsonl")
    try session.run("rubricctl replay main~2.. --verdicts graded.jsonl --pairs pairs.jsonl")
    try session.run("head -2 pairs.jsonl; wc -l < pairs.jsonl")
    try session.run(
      "rubricctl replay main~2 --verdicts graded.jsonl --rejudged again.jsonl --top 1")
    try session.run(
      "rubricctl replay @main~2..main --verdicts - --assume-held --top 1 < graded.jsonl")
    try session.run("rubricctl replay ..main~2 --verdicts graded.jsonl --each | head -2")
    try session.run(
      "cat graded.jsonl again.jsonl | rubricctl replay main~2.. --verdicts - --json")
    session.note("other versions, and lines that are none")
    try session.write(
      "mixed.jsonl",
      """
      {"rollout": "a", "verdicts": {"focus": 5, "facts": 1, "flow": 2, "padding": 0}}
      {"rollout": "b", "rubric": "gone", "verdicts": {"focus": 5}}

      {"rollout": "c", "verdicts": {"focus": 9, "facts": {"error": "timeout"}, "flow": 2}}
      {"rollout": "d", "promt": "x", "verdicts": {}}
      not json
      """)
    try session.run("rubricctl replay main~2..main~1 --verdicts mixed.jsonl")
    try session.run("rubricctl replay main~2..main~1 --verdicts /dev/null")
    session.note("another judge")
    try session.quietly("rubricctl set-judge --model other --because x")
    try session.run("rubricctl replay main~3.. --verdicts graded.jsonl --assume-held")
    session.note("wrong uses")
    for command in [
      "main~2...main --verdicts graded.jsonl", "main~9.. --verdicts graded.jsonl",
      "nowhere --verdicts graded.jsonl", "main~2.. --verdicts nowhere",
      "main~2.. --verdicts graded.jsonl --pairs ./graded.jsonl",
      "main~3.. --verdicts graded.jsonl --rejudged graded.jsonl",
      "main~2.. --verdicts graded.jsonl --pairs nowhere/pairs", "main~2..",
      "main~2.. --verdicts graded.jsonl --top -1",
    ] {
      try session.run("rubricctl replay \(command)")
    }
    #expect(session.read("graded.jsonl")?.split(separator: "\n").count == 12)
    try session.snapshot("replay")
  }

  /// The bars are blocks only where the locale says UTF-8.
  @Test func barsFollowTheLocale() throws {
    let session = try session()
    let command = "rubricctl replay main~2..main~1 --verdicts graded.jsonl"
    for (environment, isUnicode) in [
      (["LC_ALL": "C"], false), (["LC_ALL": "", "LANG": "de_DE.utf8"], true),
      (["LC_ALL": "", "LANG": ""], false),
      (["LC_ALL": "", "LC_CTYPE": "C", "LANG": "C.UTF-8"], false),
      (["LC_ALL": "C.UTF-8"], true),
    ] {
      let output = try session.execute(command, environment: environment).output
      #expect(output.contains("█") == isUnicode, "\(environment)")
      #expect(output.contains("##") != isUnicode, "\(environment)")
    }
  }

  /// What is to be judged again, judged again, leaves nothing open; the rewards are those of `score`.
  @Test func theLoopCloses() throws {
    let session = try session()
    try session.quietly(
      "rubricctl replay main~2.. --verdicts graded.jsonl --pairs pairs.jsonl")
    try session.quietly(
      #"sed -E 's/.*"rollout":"([^"]*)","criterion":"([^"]*)","rubric":"([^"]*)".*/{"rollout":"\1","rubric":"\3","verdicts":{"\2":1}}/' pairs.jsonl > answers.jsonl"#
    )
    let after = try session.quietly(
      "rubricctl replay main~2.. --verdicts graded.jsonl --rejudged answers.jsonl --each"
    ).lines
    try session.quietly(
      #"sed -E 's/"flow": [0-9]/"flow": 1/; s/"rubric": "[^"]*",//' graded.jsonl > whole.jsonl"#)
    let scores = try session.quietly("rubricctl score --verdicts whole.jsonl").lines
    #expect(after.count == 12 && scores.count == 12)
    for (line, score) in zip(after, scores) {
      let replayed = try object(line)
      #expect(replayed["after"] as? Double == (try object(score)["reward"] as? Double))
      #expect((replayed["rejudge"] as? [String])?.isEmpty == true)
    }
  }

  private func object(_ line: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }
}
