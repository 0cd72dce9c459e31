import Foundation
import Testing

/// Merges as people type them.
@Suite struct MergeTests {
  /// A store with `main` and `exp`, which agree on some things and not on others.
  private func forked() throws -> CommandLineSession {
    let session = try CommandLineSession.withEssay()
    for command in [
      "rubricctl branch exp",
      "rubricctl reweight flow 2 --because 'it tells essays apart'",
      "rubricctl tighten flow --add-reason 'The text is a title.' --because 'titles win'",
      "rubricctl reword focus --text 'Does the essay keep to one claim?' --because 'clearer'",
      "rubricctl reweight flow 4 --because 'the gold scores follow it' --branch exp",
      "rubricctl tighten flow --add-reason 'There are no paragraphs.' --because 'one block'"
        + " --branch exp",
      "rubricctl remove padding --because 'it only follows length' --branch exp",
      "rubricctl remove focus --because 'nobody agrees on it' --branch exp",
    ] {
      try session.quietly(command)
    }
    return session
  }

  @Test func merge() throws {
    let session = try forked()
    try session.run("rubricctl merge exp")
    try session.run("git status --short && git log --oneline -n 1")
    try session.run("rubricctl merge exp --settle flow.weight=mean --dry-run")
    try session.run("rubricctl merge exp --settle flow.weight=union")
    try session.run("rubricctl merge exp --settle flow.wieght=mean")
    try session.run("rubricctl merge exp --settle flow.weight")
    try session.run("rubricctl merge exp --settle-all meen")
    try session.run("rubricctl merge exp --settle '*.weight=mean' --settle focus=ours")
    try session.run("git log -1 --format=%B && git status --short && git fsck --strict")
    try session.run("cat rubrics/essay.yaml")
    try session.run("rubricctl log -n 2")
    try session.run("rubricctl log -n 1 --first-parent --oneline && rubricctl merge exp")
    try session.run("rubricctl merge")
    try session.run("rubricctl merge nowhere")
    try session.run("rubricctl merge exp --into nowhere")
    session.note("another branch takes all of it, and is moved")
    try session.run("rubricctl merge main --into exp && rubricctl diff main exp")
    try session.snapshot("merge")
  }

  @Test func kept() throws {
    let session = try forked()
    try session.run("rubricctl conflicts && rubricctl merge --continue")
    try session.run("rubricctl merge exp --keep > kept.txt; tail -n 1 kept.txt; rubricctl status")
    try session.run("rubricctl conflicts")
    try session.run("rubricctl merge exp")
    try session.run("rubricctl pull essay@refs/rubric-merges/main")
    try session.run("rubricctl settle flow.weight=3 && rubricctl merge --continue | tail -n 1")
    try session.run("rubricctl settle focus=mean")
    try session.run("rubricctl settle focus=theirs && rubricctl status")
    try session.run("rubricctl conflicts --json")
    try session.run("rubricctl merge --continue -m 'The best of both' --json")
    try session.run("git log -1 --format=%s && rubricctl conflicts && git for-each-ref")
    try session.quietly("git reset -q --hard HEAD~1 && rm kept.txt")
    try session.quietly("rubricctl merge exp --keep || true")
    try session.run("rubricctl merge --abort && git for-each-ref && git status --short")
    try session.run("rubricctl merge --abort")
    try session.run("rubricctl settle")
    try session.snapshot("merge-kept")
  }

  /// The same without a work tree, in JSON.
  @Test func bare() throws {
    let session = try forked()
    try session.quietly("git clone -q --bare . ../bare.git")
    session.directory = session.folder + "/bare.git"
    try session.run("rubricctl merge exp --json")
    try session.run("rubricctl merge exp --settle-all theirs --json")
    try session.run("rubricctl show main")
    try session.run("git fsck --strict && git log --oneline --graph main")
    try session.snapshot("merge-bare")
  }

  /// Killed at any moment, a merge has happened or it has not, and the next one works.
  @Test func interrupted() throws {
    let session = try forked()
    try session.quietly("git clone -q --bare . ../origin.git")
    session.directory = session.folder
    var outcomes: Set<String> = []
    for step in 0..<16 {
      let name = "round-\(step).git"
      try session.quietly("cp -r origin.git \(name)")
      let before = try session.quietly("git -C \(name) rev-parse main").output
      // From before the program has started to after it is done.
      let result = try session.execute(
        "rubricctl -C \(name) merge exp --settle-all ours > /dev/null & pid=$!;"
          + " sleep 0.0\(step < 8 ? "0" : "")\(step % 8 + 1); kill -9 $pid; wait $pid")
      outcomes.insert(result.status == 137 ? "killed" : "done")
      let parents = try session.quietly("git -C \(name) rev-list --parents -n 1 main").output
      if parents.split(separator: " ").count != 3 {
        #expect(try session.quietly("git -C \(name) rev-parse main").output == before)
      }
      try session.quietly("git -C \(name) fsck --strict --no-dangling")
      // A lock of the one that was killed is named by the error, and removed by hand.
      try session.quietly("find \(name)/refs \(name)/HEAD* -name '*.lock' -delete")
      let again = try session.execute("rubricctl -C \(name) merge exp --settle-all ours")
      #expect(again.status == 0, "\(again.errors)")
      let merged = try session.quietly("git -C \(name) rev-list --parents -n 1 main").output
      #expect(merged.split(separator: " ").count == 3)
      try session.quietly("rubricctl -C \(name) show && git -C \(name) fsck --strict")
    }
    #expect(outcomes.contains("killed"))
  }
}
