import Foundation
import Testing

@Suite struct ChangeTests {
  /// Every command that edits: once as it should be, and once as it should not.
  static let commands = Fixture.lines("edit-commands.txt")

  @Test func edits() throws {
    let session = try CommandLineSession.withEssay()
    for command in Self.commands {
      try session.run("rubricctl \(command)")
    }
    try session.run("cat rubrics/essay.yaml && git status --porcelain && git fsck --strict")
    try session.run("git log -1 --format=%B")
    try session.snapshot("edits")
  }

  @Test func apply() throws {
    let session = try CommandLineSession.withEssay()
    try session.write(
      "good.yaml",
      """
      rationale: Titles alone scored high
      edits:
        - op: tighten
          id: flow
          after: {lower_when: [The text is only a title.]}
          because: four in five rollouts are titles
          evidence: [r17]
        - op: reweight
          id: padding
          after: 0.25
          because: it follows length

      """)
    try session.write(
      "half.yaml",
      """
      - {op: reweight, id: flow, after: 2, because: good}
      - {op: reweight, id: flaw, after: 2, because: not there}

      """)
    try session.write("stale.json", #"[{"op":"reweight","id":"flow","before":7,"after":2}]"# + "\n")
    try session.write(
      "pinned.yaml", "- {op: reword, id: facts, after: {text: Anything?}, because: easier}\n")
    try session.write(
      "bad.yaml",
      """
      rational: misspelt
      edits:
        - op: reweigh
          id: flow
        - op: reweight
          after: 2
        - op: reweight
          id: flow
          after: two
        - {op: set_preamble, id: flow, after: x}

      """)
    try session.write("invalid.yaml", "- {op: reweight, id: flow, after: -3}\n")
    try session.write("nothing.yaml", "edits: []\n")
    try session.write("idle.yaml", "- {op: reweight, id: flow, after: 1}\n")
    try session.run("rubricctl apply good.yaml --dry-run && git log --oneline")
    try session.run("rubricctl apply good.yaml --as meta --by model-7")
    try session.run("git log -1 --format=%B && git diff HEAD~1 -- rubrics")
    try session.run("rubricctl apply half.yaml && echo not reached; git log --oneline")
    try session.run("rubricctl apply stale.json")
    try session.run("rubricctl apply pinned.yaml --as meta")
    try session.run("rubricctl apply pinned.yaml --as meta --dry-run")
    try session.run("rubricctl apply pinned.yaml -m 'A person may' --json")
    try session.run("rubricctl apply bad.yaml")
    try session.run("rubricctl apply invalid.yaml")
    try session.run("rubricctl apply nothing.yaml")
    try session.run("rubricctl apply idle.yaml")
    try session.run("echo '- {op: no_change}' | rubricctl apply - -m 'Looked, and left it'")
    try session.run("echo '- {op: no_change, id: flow}' | rubricctl apply -")
    try session.run("printf '[{' | rubricctl apply -")
    try session.run("rubricctl apply nowhere.yaml")
    try session.run("rubricctl apply good.yaml --rubric nowhere")
    try session.run("rubricctl apply good.yaml --branch nowhere")
    try session.run("rubricctl apply good.yaml --as nobody")
    try session.run("rubricctl apply")
    session.note("what a log prints can be applied again, undone by hand")
    try session.quietly("git switch -qc again HEAD~3")
    try session.run(
      "git log main -1 --skip 2 --format='%(trailers:key=Rubric-Edit,valueonly)' | sed '/^$/d'"
        + " | python3 -c 'import json,sys; print(json.dumps([json.loads(l) for l in sys.stdin]))'"
        + " | rubricctl apply -")
    try session.run("rubricctl diff again main~2")
    try session.run("rubricctl log --oneline && git fsck --strict")
    try session.snapshot("apply")
  }

  @Test func commit() throws {
    let session = try CommandLineSession.withEssay()
    try session.run("rubricctl commit -m 'Nothing'")
    try session.edit("rubrics/essay.yaml", "weight: 3", "weight: 4   # facts first")
    try session.edit("rubrics/essay.yaml", "Some lead on.", "Some of them lead on.")
    try session.run("rubricctl commit -m 'Facts count more' --dry-run && git status --short")
    try session.run("rubricctl commit -m 'Facts count more'")
    try session.run("git show --format=%B HEAD && git status --short")
    session.note("an edit by command keeps the comments")
    try session.run("rubricctl reweight facts 5 --because 'even more' && cat rubrics/essay.yaml")
    session.note("comments alone")
    try session.edit("rubrics/essay.yaml", "# facts first", "# said by all")
    try session.run("rubricctl commit -m 'A better comment' && rubricctl log -n 1")
    session.note("new and deleted files")
    try session.quietly("sed 's/id: essay/id: copy/' rubrics/essay.yaml > rubrics/copy.yaml")
    try session.run("rubricctl commit -m 'A copy' --json")
    try session.quietly("rm rubrics/copy.yaml")
    try session.run("rubricctl commit -m 'No copy' --dry-run && rubricctl commit -m 'No copy'")
    try session.run("rubricctl log copy && git status --short")
    session.note("refused")
    try session.edit("rubrics/essay.yaml", "weight: 5", "wieght: 5")
    try session.run("rubricctl commit -m 'Misspelt'")
    try session.quietly(
      "git checkout -q rubrics && sed -i 's/id: essay/id: other/' rubrics/essay.yaml")
    try session.run("rubricctl commit -m 'Another id'")
    try session.quietly("git checkout -q rubrics")
    try session.edit("rubrics/essay.yaml", "weight: 5", "weight: 6")
    try session.run("rubricctl reweight flow 7 --because 'the file has changes'")
    try session.run("rubricctl reweight flow 7 --because 'elsewhere' --branch nowhere")
    try session.run("rubricctl commit other -m 'Another'")
    try session.run("rubricctl commit")
    try session.run("rubricctl commit -m ''")
    try session.quietly("git checkout -q --detach")
    try session.run("rubricctl commit -m 'Detached'")
    try session.run("git checkout -q main && rubricctl commit essay -m 'On the branch'")
    try session.quietly("git clone -q --bare . ../bare.git")
    try session.run("rubricctl -C ../bare.git commit -m x")
    try session.quietly("rm rubrics/essay.yaml && ln -s /etc/passwd rubrics/essay.yaml")
    try session.run("rubricctl commit -m 'A link'")
    try session.run("git fsck --strict && git log --oneline")
    try session.snapshot("commit")
  }
}
