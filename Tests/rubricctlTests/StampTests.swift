import Foundation
import Testing

@Suite struct StampTests {
  @Test func verifyStamp() throws {
    let session = try CommandLineSession.withEssay()
    let first = try session.quietly("git rev-parse HEAD").output.trimmingCharacters(
      in: .whitespacesAndNewlines)
    try session.quietly("rubricctl reweight flow 3 --because x")
    let second = try session.quietly("git rev-parse HEAD").output.trimmingCharacters(
      in: .whitespacesAndNewlines)
    func stamp(_ commit: String, judge: String, scoring: String) -> String {
      #"{"stamp": "rubric-stamp/1", "rubric": "essay", "commit": "\#(commit)", "judge": "\#(judge)", "scoring": "\#(scoring)", "library": "0.1.0"}"#
    }
    // What a stamp should have said is told of one that says something else.
    let zeroes = String(repeating: "0", count: 64)
    try session.write("zeroes.jsonl", stamp(first, judge: zeroes, scoring: zeroes) + "\n")
    let told = try session.execute("rubricctl verify-stamp --json zeroes.jsonl")
    let report = try JSONSerialization.jsonObject(with: Data(told.output.utf8)) as? [String: Any]
    let problems = try #require(report?["problems"] as? [[String: Any]])
    let hashes = problems.compactMap { $0["expected"] as? String }
    try #require(hashes.count == 2)
    let (judge, scoring) = (hashes[0], hashes[1])
    func stamp(_ commit: String) -> String { stamp(commit, judge: judge, scoring: scoring) }
    let verdicts = #"{"focus": 5, "facts": 1, "flow": 2, "padding": 0}"#
    let scored = try session.quietly(
      "echo '{\"rollout\": \"r1\", \"verdicts\": \(verdicts)}' "
        + "| rubricctl score essay@\(first) --verdicts -"
    ).output
    let object = try JSONSerialization.jsonObject(with: Data(scored.utf8)) as? [String: Any]
    let reward = try #require(object?["reward"] as? Double)
    func record(_ name: String, _ reward: String, _ commit: String) -> String {
      #"{"rollout": "\#(name)", "verdicts": \#(verdicts), "reward": \#(reward), "stamp": \#(stamp(commit)), "step": 3}"#
    }
    try session.write("good.jsonl", stamp(first) + "\n\n" + record("r1", "\(reward)", first) + "\n")
    try session.write(
      "mixed.jsonl",
      [
        stamp(first), stamp(second), stamp(String(repeating: "1", count: 40)), stamp("main"),
        record("r1", "\(reward)", first), record("r2", "0.25", first), record("r3", "null", first),
        stamp(first).replacingOccurrences(of: "essay", with: "maths"),
        stamp(first).replacingOccurrences(of: judge, with: "\u{1B}[31mred"), "not json", "{}",
        stamp(first).replacingOccurrences(of: "stamp/1", with: "stamp/2"),
      ].joined(separator: "\n") + "\n")
    try session.run("rubricctl verify-stamp good.jsonl")
    try session.run("rubricctl verify-stamp --json < good.jsonl")
    try session.run("rubricctl verify-stamp mixed.jsonl")
    try session.run("rubricctl verify-stamp - --json < mixed.jsonl")
    try session.run("rubricctl verify-stamp /dev/null")
    session.note("wrong uses")
    try session.run("rubricctl verify-stamp nowhere")
    try session.run("rubricctl verify-stamp a b")
    try session.run("cd / && rubricctl verify-stamp -C \"$OLDPWD\" good.jsonl")
    session.note("damage is no answer")
    try session.quietly(
      "f=.git/objects/$(git rev-parse \(first):rubrics | sed 's,..,&/,'); rm -f $f; echo x > $f")
    try session.run("rubricctl verify-stamp good.jsonl")
    try session.snapshot("verify-stamp")
  }
}
