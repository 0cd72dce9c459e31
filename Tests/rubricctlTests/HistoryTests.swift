import Foundation
import Testing

/// The commands that ask history.
@Suite struct HistoryTests {
  /// A store with two branches that were merged, a split, a move, and a commit made with git.
  static func history() throws -> CommandLineSession {
    let session = try CommandLineSession.withEssay()
    try session.quietly(
      """
      rubricctl tighten flow --add-reason 'It is a title only.' --as meta --by 'qwen-72b, run 12' \
        --because 'Titles score high: of 4,096 outputs 3,900 were titles, and the judge gave them \
      four of five points, since nothing in the text said otherwise.' --evidence r12
      """)
    try session.quietly("git switch -qc exp")
    try session.quietly("rubricctl reweight flow 0.5 --because 'it follows length'")
    try session.quietly("rubricctl remove padding --because 'it is noise'")
    try session.quietly("git switch -q main")
    try session.quietly(
      "rubricctl set-description 'For the course.' --because 'say where it is used'")
    try session.quietly("git merge -q -m 'Merge exp' exp")
    try session.quietly(
      """
      rubricctl split focus --into 'idea=Does it have one idea?' --into 'thread=Does it keep to it?' \
        --because 'two things in one'
      """)
    try session.quietly("rubricctl move facts --first --in content --because 'facts come first'")
    try session.edit("rubrics/essay.yaml", "weight: 3", "weight: 4")
    try session.quietly("git commit -qam 'Weigh facts more'")
    try session.quietly("rubricctl retag flow form --because 'for the report'")
    return session
  }

  @Test func blame() throws {
    let session = try Self.history()
    try session.run("rubricctl blame")
    try session.run("rubricctl blame --criterion flow")
    try session.run("rubricctl blame essay@exp --criterion content")
    try session.run("rubricctl blame --criterion idea --all")
    try session.run("rubricctl blame --criterion facts --json")
    try session.run("rubricctl blame --criterion flow --color debug")
    let lines = try session.quietly("rubricctl blame").lines
    #expect(lines.allSatisfy { $0.count <= 80 })
    for line in try session.quietly("rubricctl blame --json --all").lines {
      let part = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(
        Set(part.keys) == ["rubric", "commit", "criterion", "title", "created", "fields"])
    }
    session.note("a version that is not valid, a shallow clone, a bare repository")
    try session.quietly("echo 'schema: [' > rubrics/essay.yaml && git commit -qam 'Broken'")
    try session.quietly("git checkout -q HEAD~1 rubrics && git commit -qam 'Mended'")
    try session.run("rubricctl blame --criterion idea")
    try session.run("rubricctl blame essay@HEAD~1")
    try session.quietly("git clone -q --bare --depth 2 file://$PWD ../shallow.git")
    try session.run("rubricctl -C ../shallow.git blame --criterion idea")
    session.note("wrong uses")
    try session.run("rubricctl blame --criterion flaw")
    try session.run("rubricctl blame esay")
    try session.run("rubricctl blame essay@nowhere")
    try session.snapshot("blame")
  }

  @Test func graph() throws {
    let session = try Self.history()
    try session.run("rubricctl log --graph --oneline")
    try session.run("rubricctl log --graph -n 5")
    try session.run("rubricctl log --graph --oneline -n 3")
    try session.run("rubricctl log --graph --oneline --first-parent")
    try session.run("rubricctl log --graph --oneline --criterion flow")
    try session.run("rubricctl log --graph --json")
    session.note("a merge that took all from one side")
    try session.quietly("git switch -qc side && rubricctl pin flow --because 'done'")
    try session.quietly("git switch -q main && git merge -q --no-ff -m 'Merge side' side")
    try session.run("rubricctl log --graph --oneline -n 3")
    try session.run("rubricctl log --graph -n 1")
    try session.run("rubricctl log essay@ --graph --oneline -n 2")
    session.note("filters and merges")
    try session.run("rubricctl log --op remove --oneline")
    try session.run("rubricctl log --op remove --oneline --first-parent")
    try session.run("rubricctl log --criterion idea --oneline")
    session.note("what can be compared")
    try session.run("rubricctl log --since-comparable")
    try session.run("rubricctl log --since-comparable --oneline exp")
    try session.run("rubricctl log --since-comparable --oneline main~3")
    try session.run("rubricctl log --since-comparable --graph --oneline")
    try session.run("rubricctl log --since-comparable --json")
    try session.run("rubricctl log essay@exp~2 --since-comparable")
    try session.run("rubricctl log exp~3 --since-comparable --oneline")
    try session.snapshot("graph")
  }

  /// Merges that this program made, with a conflict that was settled.
  @Test func merges() throws {
    let session = try CommandLineSession.withEssay()
    try session.quietly("git switch -qc exp")
    try session.quietly("rubricctl reweight flow 5 --because 'it tells essays apart'")
    try session.quietly("rubricctl rename flow Flowing --because 'clearer'")
    try session.quietly("git switch -q main")
    try session.quietly("rubricctl reweight flow 3 --because 'but not so much'")
    try session.quietly("rubricctl pin flow --because 'done'")
    try session.quietly("rubricctl merge exp --settle essay/flow.weight=mean")
    try session.run("rubricctl blame --criterion flow")
    try session.run("rubricctl log --graph --oneline")
    try session.run("rubricctl log --graph -n 1")
    try session.run("rubricctl log --criterion flow --oneline")
    try session.run("rubricctl log --op rename --oneline")
    try session.run("rubricctl log --op reweight --oneline")
    try session.run("rubricctl log --criterion flow --op reweight --oneline --first-parent")
    try session.run("rubricctl bisect --good main~3 --bad main --run '! grep -q \"weight: 4\"'")
    try session.snapshot("history-merges")
  }

  @Test func bisect() throws {
    let session = try Self.history()
    try session.quietly(
      "git clone -q --bare . ../bare.git && cd ../bare.git && git branch exp origin/exp 2>/dev/null; true"
    )
    session.directory = session.folder + "/bare.git"
    let first = "main~6"
    try session.run("rubricctl bisect --good \(first) --bad main --run '! grep -q \"weight: 4\"'")
    try session.run(
      """
      rubricctl bisect --good \(first) --bad main --json --run \
        'cmp -s - "$RUBRIC_FILE" && echo "$RUBRIC_ID" && rubricctl pull "essay@$RUBRIC_COMMIT" | \
      cmp -s - "$RUBRIC_FILE" || exit 200; grep -q noise; ! grep -q "weight: 0.5" "$RUBRIC_FILE"'
      """)
    session.note("what cannot be told")
    try session.run(
      "rubricctl bisect --good \(first) --bad main --run 'grep -q padding && exit 0; exit 125'")
    try session.run(
      "rubricctl bisect --good \(first) --bad main --run 'exit 125' --json 2>&1 | tail -3")
    try session.run("rubricctl bisect --good \(first) --bad main --run 'kill -TERM $$'")
    try session.run(
      "rubricctl bisect --good \(first) --bad main --run 'exec 2>/dev/null; no-such-command'")
    session.note("good that is no ancestor")
    try session.quietly("git branch other \(first)")
    try session.quietly("rubricctl reweight flow 9 --branch other --because 'try'")
    try session.run("rubricctl bisect --good other --bad main --run 'grep -q padding'")
    try session.run("rubricctl bisect --good other --bad main --run false")
    session.note("wrong uses")
    try session.run("rubricctl bisect --good main --bad \(first) --run true")
    try session.run("rubricctl bisect --good main --bad main --run true")
    try session.run("rubricctl bisect --good nowhere --bad main --run true")
    try session.run("rubricctl bisect esay --good \(first) --bad main --run true")
    try session.run("rubricctl bisect --good main~1 --run true")
    try session.run("rubricctl bisect --good main~1 --bad main --run ' '")
    let left = try FileManager.default.contentsOfDirectory(atPath: session.folder)
    #expect(!left.contains { $0.hasPrefix("rubricctl-") })
    try session.snapshot("bisect")
  }
}
