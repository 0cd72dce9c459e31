import Foundation
import Testing

@Suite struct ScoreTests {
  @Test func score() throws {
    let session = try CommandLineSession.withEssay()
    let first = try session.quietly("git rev-parse HEAD").output.trimmingCharacters(
      in: .whitespacesAndNewlines)
    try session.write(
      "good.jsonl",
      """
      {"rollout": "r1", "verdicts": {"focus": 5, "facts": 1, "flow": 2, "padding": 0}}
      {"rollout": "r2", "rubric": "\(first)", "verdicts": {"focus": 3, "facts": "na", "flow": 1, "padding": 1}}

      """)
    try session.write(
      "mixed.jsonl",
      """
      {"rollout": "good", "verdicts": {"focus": 5, "facts": 1, "flow": 2, "padding": 0}}
      {"rollout": "error", "verdicts": {"focus": 5, "facts": {"error": "timeout"}, "flow": 2, "padding": 0}}
      {"rollout": "missing", "verdicts": {"focus": 5, "facts": 1, "flow": 2}}
      {"rollout": "outside", "verdicts": {"focus": 7, "facts": 1, "flow": 2, "padding": 0}}
      {"rollout": "unknown", "verdicts": {"focus": 5, "facts": 1, "flow": 2, "padding": 0, "flaw": 1}}
      not json

      {"rollout": "nan", "verdicts": {"focus": NaN}}
      {"rollout": 3, "verdicts": [1]}
      {"rollout": "gone", "rubric": "0123456789abcdef0123456789abcdef01234567", "verdicts": {"focus": 5}}
      {"rollout": "last", "verdicts": {"focus": 0, "facts": 0, "flow": 0, "padding": 1}}

      """)
    try session.run("rubricctl score --verdicts good.jsonl")
    try session.run("rubricctl score --verdicts - essay@main < good.jsonl")
    try session.run("rubricctl score --verdicts good.jsonl --explain | head -1")
    try session.run("rubricctl score --verdicts mixed.jsonl")
    try session.run("rubricctl score --verdicts /dev/null")
    session.note("made under a commit whose words differ")
    try session.quietly("rubricctl reweight flow 3 --because x")
    try session.run("rubricctl score --verdicts good.jsonl")
    try session.quietly("rubricctl reword flow --text 'Does it read well?' --because x")
    try session.run("rubricctl score --verdicts good.jsonl")
    try session.run("rubricctl score @\(first) --verdicts good.jsonl")
    session.note("wrong uses")
    try session.run("rubricctl score")
    try session.run("rubricctl score --verdicts nowhere")
    try session.run("rubricctl score --verdicts .")
    try session.run("rubricctl score nowhere --verdicts good.jsonl")
    try session.snapshot("score")
  }
}
