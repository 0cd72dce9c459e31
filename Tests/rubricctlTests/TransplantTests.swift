import Foundation
import Testing

/// Edits from elsewhere: other branches, earlier commits, a run's numbered files.
@Suite struct TransplantTests {
  /// A store with the essay rubric, and a branch `exp` with a commit of three edits and one of one.
  private static func session() throws -> CommandLineSession {
    let session = try CommandLineSession.withEssay()
    try session.write(
      "edits.yaml",
      """
      rationale: |
        Titles scored high

        Four in five rollouts were titles.
      edits:
        - op: tighten
          id: flow
          after: {lower_when: [The text is only a title.]}
          because: four in five rollouts are titles
          evidence: [r17]
        - op: add
          after: {criterion: {id: voice, text: Has it a voice?}, place: {follows: flow}}
          because: nobody asks for it
        - op: reweight
          id: padding
          after: 0.25
          because: it follows length

      """)
    try session.quietly(
      "rubricctl switch -c exp && rubricctl apply edits.yaml --as meta --by model-7"
        + " && rubricctl reweight voice 2 --because 'it matters' && rubricctl switch main")
    return session
  }

  @Test func cherryPick() throws {
    let session = try Self.session()
    try session.run(
      "rubricctl cherry-pick exp~1:1 exp~1:voice,3 exp --dry-run && git log --oneline")
    try session.run("rubricctl cherry-pick exp~1:1")
    try session.run("git log -1 --format=%B")
    try session.run("rubricctl cherry-pick exp~1 --json")
    try session.run("rubricctl log -n 2")
    try session.run(
      "rubricctl log -n 1 --json | python3 -c 'import json, sys; print(json.loads(sys.stdin.read())[\"source\"])'"
    )
    try session.run("rubricctl cherry-pick exp -m 'Voices matter' --as human --by Ada")
    try session.run("rubricctl diff main exp && git status --short")
    session.note("there already")
    try session.run("rubricctl cherry-pick exp~1")
    session.note("what it was to follow is gone")
    try session.quietly("rubricctl switch -c gone main~3")
    try session.quietly("rubricctl remove flow --because 'not asked for'")
    try session.run("rubricctl cherry-pick exp~1:2")
    session.note("another value")
    try session.quietly("rubricctl reweight padding 3 --because 'it is worse'")
    try session.run("rubricctl cherry-pick exp~1:3")
    try session.run("rubricctl cherry-pick exp~1:3 --dry-run")
    try session.run("rubricctl cherry-pick exp~1:1")
    session.note("the first of two stays uncommitted where the second cannot be made")
    try session.run("rubricctl cherry-pick exp exp~1:3; git log --oneline -1")
    session.note("an edit that needs another")
    try session.quietly("rubricctl switch -c bare-voice main~3")
    try session.run("rubricctl cherry-pick exp")
    session.note("pinned")
    try session.quietly("rubricctl pin flow --because 'people decide'")
    try session.run("rubricctl cherry-pick exp~1:1")
    try session.run("rubricctl cherry-pick exp~1:1 --as human")
    session.note("wrong uses")
    for arguments in [
      "", "nowhere", "exp~1:4", "exp~1:0", "exp~1:flaw", "exp~1: -n", "exp --branch nowhere",
      "exp -m ' '", "exp --mainline 1", "exp --rubric other", "exp --as nobody", "main~9",
    ] {
      try session.run("rubricctl cherry-pick \(arguments)")
    }
    try session.run("git fsck --strict")
    try session.snapshot("cherry-pick")
  }

  @Test func revert() throws {
    let session = try Self.session()
    try session.quietly("git switch -q exp")
    try session.run("rubricctl revert HEAD~1:padding --dry-run")
    try session.run("rubricctl revert HEAD~1:padding")
    try session.run("git log -1 --format=%B")
    try session.run("rubricctl revert HEAD && rubricctl log -n 1")
    try session.run("rubricctl revert HEAD~3:1 -m 'Titles score low without it' --json")
    try session.run("rubricctl log -n 1 && cat rubrics/essay.yaml")
    session.note("a later commit changed it")
    try session.run("rubricctl revert HEAD~4")
    session.note("undone already")
    try session.run("rubricctl revert HEAD~4:1")
    session.note("several, the newest first")
    try session.run("rubricctl revert HEAD~3 HEAD~4 && rubricctl log --oneline")
    session.note("a merge")
    try session.quietly("git switch -q main && rubricctl reweight focus 2 --because x")
    try session.quietly("git merge -q --no-edit exp~6")
    try session.quietly("git merge -q --no-ff --no-edit -X theirs exp")
    try session.run("rubricctl revert HEAD")
    try session.run("rubricctl revert HEAD --mainline 1")
    try session.run("rubricctl revert HEAD~1 --mainline 7")
    session.note("a merge that records its edits")
    try session.quietly("rubricctl switch -c left main~1 && rubricctl reweight flow 3 --because l")
    try session.quietly(
      "rubricctl switch -c right main~1 && rubricctl reweight facts 1 --because r")
    try session.quietly("rubricctl merge left")
    try session.run("rubricctl revert HEAD")
    try session.run("rubricctl revert HEAD --mainline 1 && rubricctl log -n 1")
    try session.run("rubricctl revert HEAD~ --mainline 2 --dry-run")
    try session.quietly("rubricctl switch main")
    session.note("where the rubric begins")
    try session.quietly("rubricctl import '\(Fixture.path("summary.txt"))'")
    try session.run("rubricctl revert HEAD && ls rubrics && rubricctl revert HEAD && ls rubrics")
    try session.run("git log --oneline -3 && git status --short && git fsck --strict")
    try session.snapshot("revert")
  }

  @Test func series() throws {
    let session = try CommandLineSession()
    try session.quietly("rubricctl init .")
    for (number, text) in SeriesFiles.texts { try session.write("run/iter_\(number).txt", text) }
    try session.run("rubricctl import --series run/*.txt --id essay --dry-run; git log")
    try session.run("rubricctl import --series run/*.txt --id essay --write-map map.yaml")
    try session.run("cat map.yaml")
    try session.run("rubricctl log --oneline && git log -1 --format=%B")
    try session.run("git status --short rubrics && git fsck --strict")
    session.note("again, and on")
    try session.run("rubricctl import --series run/*.txt --id essay")
    try session.run("rubricctl import --series run/*.txt --id essay --update")
    try session.quietly("sed 's/vague\\./vague at best./' run/iter_2.txt > run/iter_11.txt")
    try session.quietly("rubricctl reweight flow 3 --because 'it tells them apart'")
    try session.run("rubricctl import --series run/*.txt --id essay --update -m 'The run went on'")
    try session.run("rubricctl show")
    session.note("corrected by a map, on a branch of its own")
    try session.quietly(
      "sed -i '/iter_10/,$ { s/length: Length/style: Length/; /style: null/d }' map.yaml")
    try session.run(
      "rubricctl import --series run/iter_?.txt run/iter_10.txt --id other --map map.yaml"
        + " --branch runs/b --json")
    try session.run("rubricctl log other@runs/b --oneline && rubricctl branch")
    session.note("as given")
    try session.run(
      "rubricctl import --series run/iter_10.txt run/iter_2.txt --as-given --id back -n")
    session.note("wrong uses")
    try session.write("bad.yaml", "iter_3.txt: {flow: 1}\niter_2.txt: {flow: 9}\n")
    try session.write("bad.txt", "<rubric>\n<item>\n</rubric>\n")
    for arguments in [
      "run/iter_1.txt run/iter_2.txt", "run/iter_1.txt --as-given", "--series",
      "--series run/iter_2.txt --id x --map bad.yaml",
      "--series run/iter_2.txt --id x --map no.yaml",
      "--series run/iter_2.txt bad.txt --id x", "--series run/iter_2.txt no.txt --id x",
      "--series - - --id x",
    ] {
      try session.run("rubricctl import \(arguments)")
    }
    try session.run("rubricctl list && git log --oneline -1")
    try session.snapshot("series")
  }
}

/// The numbered files of a run: titles gain points, scales grow, texts gain a sentence; then the order
/// changes, one goes and one comes.
private enum SeriesFiles {
  static let texts = [(1, first), (2, second), (10, tenth)]

  private static let first = """
    <rubric>
    <item>
    ### Flow
    Do the ideas follow from one another?
    - 0: They stand in no order.
    - 5: Each leads to the next.
    </item>

    <item>
    ### Evidence
    Are the claims backed by sources?
    - 0: No claim has a source.
    - 5: Every claim has one.
    </item>

    <item>
    ### Style
    Are the words exact?
    - 0: They are vague.
    - 5: They are exact throughout.
    </item>
    </rubric>

    """

  private static let second = """
    <rubric>
    <item>
    ### Flow (10 points)
    Do the ideas follow from one another?
    - 0: They stand in no order. A list of headings counts as no order.
    - 10: Each leads to the next. The last one answers the first.
    </item>

    <item>
    ### Evidence (10 points)
    Are the claims backed by sources?
    - 0: No claim has a source. A source that is only named counts as none.
    - 10: Every claim has one. The reader can check each.
    </item>

    <item>
    ### Style (10 points)
    Are the words exact?
    - 0: They are vague. Empty praise is vague.
    - 10: They are exact throughout. No sentence could be left out.
    </item>
    </rubric>

    """

  private static let tenth = """
    <rubric>
    <item>
    ### Sources and Evidence (10 points)
    Are the claims backed by sources?
    - 0: No claim has a source. A source that is only named counts as none.
    - 10: Every claim has one. The reader can check each.
    </item>

    <item>
    ### Flow (10 points)
    Do the ideas follow from one another?
    - 0: They stand in no order. A list of headings counts as no order.
    - 10: Each leads to the next. The last one answers the first.
    </item>

    <item>
    ### Length (10 points)
    Is the essay between two and three pages?
    - 0: It is a title.
    - 10: It is.
    </item>
    </rubric>

    """
}
