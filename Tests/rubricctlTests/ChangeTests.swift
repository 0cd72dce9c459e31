import Foundation
import Testing

@Suite struct ChangeTests {
  /// Every command that edits: once as it should be, and once as it should not.
  @Test func edits() throws {
    let session = try CommandLineSession.withEssay()
    for command in [
      "add sources --title Sources --text 'Are sources named?' --scale 0-5 --in content --weight 2 --because 'essays invent facts' --evidence r1 --evidence r2",
      "add tone --text 'Is it rude?' --negative --credit avoidance --first --level 0=polite --level 1=rude --because why",
      "add flow --text again --because why",
      "add other --because why",
      "add other --text x --in nowhere --because why",
      "add other --text x --scale 5-0 --because why",
      "add other --text x --first --after flow --because why",
      "add other --text x",
      "add other --text x --because ' '",
      "move sources --top --because 'it stands for itself'",
      "move sources --in content --first --because 'no, it does not'",
      "move content --in content --because why",
      "move flow --top --in content --because why",
      "move nowhere --because why",
      "reorder tone padding content flow --because 'hard ones last'",
      "reorder flow padding --because why",
      "reorder focus facts sources --in content --because 'as before'",
      "rename flow 'The flow' --because 'clearer'",
      "rename 'An essay' --because 'clearer'",
      "rename nowhere title --because why",
      "rename a b c --because why",
      "reword focus --text 'Does the essay keep to its idea?' --because 'one is too strict'",
      "reword focus --because why",
      "reword focus --file nowhere --because why",
      "split focus --into 'idea=Is there an idea?' --into 'thread=Is it kept to?' --because 'two things'",
      "split thread --into 'one=x' --because why",
      "split thread --into 'one' --into 'two=x' --because why",
      "merge-criteria idea thread --into focus --text 'Does it keep to one idea?' --because 'one after all'",
      "merge-criteria flow --into x --text y --because why",
      "merge-criteria flow nowhere --into x --text y --because why",
      "tighten flow --add-reason 'It is a title.' --level '2=Each leads to the next, without words for it.' --gate 1:cap=0.4 --because 'titles score high'",
      "tighten flow --add-reason 'It is a title.' --because why",
      "tighten flow --gate 0 --because why",
      "tighten flow --level 9=x --because why",
      "tighten flow --because why",
      "relax flow --remove-reason 'It is a title.' --gate 0:cap=0.4 --because 'too strict'",
      "relax flow --remove-reason 'It is the title.' --because why",
      "relax flow --gate 2 --because why",
      "relax flow --clear-gate --gate 1 --because why",
      "rescale sources 0-10:2 --because 'more room'",
      "rescale flow levels --stretch --because why",
      "rescale flow 0-4 --stretch --because 'more room'",
      "rescale flow 0..4 --because why",
      "rescale content binary --because why",
      "add-level flow 3 'Nearly all lead on.' --label good --because 'a step between'",
      "add-level flow 3 again --because why",
      "add-level facts 3 x --because why",
      "remove-level flow 3 --because 'too fine'",
      "remove-level flow 3 --because why",
      "edit-level flow 4 --text 'Each leads on.' --label best --because 'shorter'",
      "edit-level flow 4 --because why",
      "edit-level flow 7 --text x --because why",
      "add-example flow 4 'Because, so, thus.' --because 'show it'",
      "add-example flow 4 'Because, so, thus.' --because why",
      "remove-example flow 4 'Because, so, thus.' --because 'it is copied'",
      "remove-example flow 4 'Because' --because why",
      "set-gate sources 2:veto --because 'no sources, no reward'",
      "set-gate sources 99 --because why",
      "set-gate sources two --because why",
      "clear-gate sources --because 'too hard'",
      "clear-gate sources --because why",
      "set-applicability sources 'The task asks for facts.' --because 'stories have none'",
      "set-applicability nowhere x --because why",
      "reweight sources 0.25 --because 'it follows length'",
      "reweight sources -1 --because why",
      "reweight sources -- -1 --because why",
      "reweight sources nan --because why",
      "reweight sources 0.25 --because why",
      "set-polarity padding positive --because 'turn it round'",
      "set-polarity padding positive --credit penalty --because why",
      "set-polarity padding negative --credit avoidance --because 'back'",
      "set-polarity padding bad --because why",
      "set-rollup content min --because 'the weakest counts'",
      "set-rollup flow min --because why",
      "set-aggregation --method sum --clip none --missing worst --because 'raw points'",
      "set-aggregation --clip 1 --because why",
      "set-aggregation --clip 1,0 --because why",
      "set-aggregation --because why",
      "deactivate padding --diagnostic --because 'only look'",
      "deactivate padding --diagnostic --because why",
      "activate padding --because 'it counts'",
      "activate nowhere --because why",
      "pin flow --because 'people decide'",
      "pin flow --because why",
      "tighten flow --add-reason x --because why --as meta --by model-7",
      "reweight facts 1 --because why --as meta",
      "unpin flow --because why --as meta",
      "unpin flow --because 'free again'",
      "retag flow style form --because 'to filter'",
      "retag flow --because 'no more'",
      "retag flow a a --because why",
      "set-origin flow seed --because 'from the paper'",
      "set-origin flow moon --because why",
      "set-judge --mode one_call --model m-1 --answer value --because 'cheaper'",
      "set-judge --because why",
      "set-preamble 'Grade it.' --because 'shorter'",
      "set-preamble --because why",
      "set-postamble --file - --because 'from a pipe' < /dev/null",
      "set-postamble 'A title earns nothing.' --because 'titles'",
      "set-description 'For the course' --because 'people ask'",
      "set-subject instance --key prompt-3 --because 'it is for one prompt'",
      "set-subject universe --because why",
      "set-budget --criteria 9 --depth 3 --characters 4000 --because 'keep it small'",
      "set-budget --criteria 2 --because why",
      "set-budget --because why",
      "remove padding --because 'noise'",
      "remove padding --because why",
      "no-change --because 'looked at 40 rollouts' --as meta --by model-7",
      "reweight flow 9 --because 'only asking' --dry-run",
      "reweight flow 9 --because 'only asking' --dry-run --json",
      "reweight flow 9 --because 'in JSON' --json",
    ] {
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
    try session.quietly("git checkout -q rubrics && sed -i 's/id: essay/id: other/' rubrics/essay.yaml")
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
