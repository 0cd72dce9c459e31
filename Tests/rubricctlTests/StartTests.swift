import Foundation
import Testing

@Suite struct StartTests {
  @Test func initialise() throws {
    let session = try CommandLineSession()
    try session.run("rubricctl init runs")
    try session.run("rubricctl init runs")
    try session.run("rubricctl init deep/er --json")
    try session.run("rubricctl init server.git --bare -b trunk && cat server.git/HEAD")
    try session.run("rubricctl init runs --bare")
    try session.quietly("git init -q -b dev old && echo text > old/README && echo x > old/other")
    try session.quietly("cd old && git add README && git commit -qm first")
    try session.run("cd old && rubricctl init && git status --porcelain && git log --oneline")
    try session.run("cd old && ls -A")
    session.note("wrong uses")
    try session.run("rubricctl init -b 'a b' x; ls x")
    try session.run("rubricctl init -b refs..x x")
    try session.run("touch file && rubricctl init file")
    try session.run("rubricctl init a b")
    try session.run("rubricctl -C nowhere init")
    try session.run("rubricctl init -C nowhere")
    try session.snapshot("init")
  }

  @Test func importing() throws {
    let session = try CommandLineSession()
    try session.quietly("rubricctl init . && cp '\(Fixture.folder)'/* .")
    try session.run("rubricctl import summary.txt --dry-run && git log")
    try session.run("rubricctl import summary.txt -m 'Where the run starts'")
    try session.run("git log -1 --format=%B && cat rubrics/summary.yaml")
    try session.run("rubricctl import replication.json --json")
    try session.run("rubricctl import essay.yaml && diff essay.yaml rubrics/essay.yaml")
    try session.run("rubricctl import essay.yaml --id report && rubricctl show report")
    try session.run("rubricctl show essay --json | rubricctl import - --id from-json")
    try session.run("rubricctl import - --format mpo --id piped < summary.txt")
    session.note("one that is there")
    try session.run("rubricctl import essay.yaml")
    try session.run("rubricctl import essay.yaml --update")
    try session.quietly("sed -i 's/weight: 3/weight: 4/; s/to one idea/to an idea/' essay.yaml")
    try session.run("rubricctl import essay.yaml --update --dry-run")
    try session.run("rubricctl import essay.yaml --update -m 'A new draft' && git status --short")
    try session.run("rubricctl import essay.yaml --branch other")
    session.note("repeated ids")
    try session.run("rubricctl import repeated-ids.json --id twice")
    try session.run("rubricctl import repeated-ids.json --id twice --repair-ids")
    session.note("wrong uses")
    try session.run("rubricctl import broken.yaml")
    try session.run("rubricctl import nowhere.txt")
    try session.run("rubricctl import .")
    try session.run("echo hello | rubricctl import -")
    try session.run("printf '' | rubricctl import -")
    try session.run("printf 'schema: rubric/1\\nid: a\\377' | rubricctl import -")
    try session.run("rubricctl import essay.yaml --format docx")
    try session.run("rubricctl import essay.yaml --format paperbench --id x")
    try session.run("rubricctl import essay.yaml --id 'Not An Id'")
    try session.run("rubricctl import")
    try session.run("git log --oneline && git fsck --strict")
    try session.snapshot("import")
  }

  @Test func validate() throws {
    let session = try CommandLineSession()
    try session.quietly("cp '\(Fixture.folder)'/* .")
    try session.run("rubricctl validate essay.yaml")
    try session.run("rubricctl validate broken.yaml")
    try session.run("rubricctl validate essay.yaml broken.yaml --json")
    try session.run("rubricctl validate - < broken.yaml")
    try session.run("printf 'a: &x 1\\nb: *x\\n' | rubricctl validate -")
    try session.run("printf 'a: [1,\\n' | rubricctl validate -")
    try session.run("printf '' | rubricctl validate -")
    try session.run("rubricctl validate summary.txt")
    try session.run("rubricctl validate essay.yaml --color debug")
    try session.run("rubricctl validate broken.yaml nowhere.yaml")
    try session.run("rubricctl validate")
    try session.snapshot("validate")
  }

  @Test func noRepository() throws {
    let session = try CommandLineSession()
    try session.run("rubricctl show")
    try session.run("rubricctl log --json")
    try session.quietly("rubricctl init .")
    session.note("a repository without rubrics")
    for command in [
      "show", "show essay", "list", "list --json", "status", "status --json", "log", "diff",
      "pull", "pull essay@main", "branch", "tag", "branch b", "tag t", "switch b",
      "reweight flow 2 --because x", "commit -m x",
    ] {
      try session.run("rubricctl \(command)")
    }
    try session.quietly("git commit -q --allow-empty -m empty")
    for command in ["show", "list", "status", "log", "diff", "pull essay", "remove x --because y"] {
      try session.run("rubricctl \(command)")
    }
    session.note("several, and none named")
    try session.quietly("rubricctl import '\(Fixture.path("essay.yaml"))'")
    try session.quietly("rubricctl import '\(Fixture.path("summary.txt"))'")
    for command in [
      "show", "pull", "reweight flow 2 --because x", "reweight flow 2 --because x --rubric esay",
      "log --oneline", "diff HEAD~1", "list", "diff",
    ] {
      try session.run("rubricctl \(command)")
    }
    try session.snapshot("no-repository")
  }

  @Test func noIdentity() throws {
    let nobody = [
      "GIT_AUTHOR_NAME": "", "GIT_AUTHOR_EMAIL": "", "GIT_COMMITTER_NAME": "",
      "GIT_COMMITTER_EMAIL": "", "HOME": "/nowhere", "XDG_CONFIG_HOME": "/nowhere",
    ]
    let session = try CommandLineSession.withEssay()
    try session.run("rubricctl reweight flow 2 --because x", environment: nobody)
    try session.run("rubricctl branch b && rubricctl switch b", environment: nobody)
    try session.run("rubricctl tag t; rubricctl tag t2 -m why", environment: nobody)
    try session.run("git config user.name Local && git config user.email l@example.org")
    try session.run(
      "rubricctl reweight flow 2 --because x && git log -1 --format='%an %ae %cn %ce'",
      environment: nobody)
    try session.run(
      "rubricctl reweight flow 3 --because x", environment: ["GIT_AUTHOR_DATE": "yesterday"])
    try session.snapshot("no-identity")
  }
}
