import Foundation
import Testing

@Suite struct NoteTests {
  @Test func note() throws {
    let session = try CommandLineSession.withEssay()
    for weight in 2...5 { try session.quietly("rubricctl reweight flow \(weight) --because x") }
    try session.run("rubricctl log --metrics")
    try session.run("rubricctl note main")
    try session.run("rubricctl note main~4 --metric gold=0.5 --metric reward=1e-4 --step 10")
    try session.run("rubricctl note main~3 --metric gold=0.625 --step 20 -m 'first run'")
    try session.run("rubricctl note essay@main~3 --metric gold=0.7 --metric len=1200 --json")
    try session.quietly("rubricctl note main --metric gold=-0.25")
    try session.run("rubricctl note main~3")
    try session.run("git notes --ref=rubric-metrics show main~3")
    try session.run("git log -2 --format='%an <%ae> %s' refs/notes/rubric-metrics")
    try session.run("rubricctl log --metrics")
    try session.run("rubricctl log --metric gold -n 2", environment: ["LC_ALL": "C"])
    try session.run("rubricctl log --metric nothing -n 1")
    try session.run("rubricctl log --metrics --json -n 1")
    session.note("what git appends is read")
    try session.quietly("git notes --ref=rubric-metrics append -m 'looks fine' main")
    try session.run("rubricctl note main")
    try session.run("rubricctl note main --json")
    session.note("removing")
    try session.run("rubricctl note essay@main~3 --remove gold")
    try session.run("rubricctl note main~3 --remove gold --remove len")
    try session.run("rubricctl note main~3 --remove gold")
    try session.run("rubricctl note main --remove gald")
    session.note("a commit that changes no rubric")
    try session.quietly("git commit --allow-empty -qm readme")
    try session.run("rubricctl note HEAD --metric gold=1")
    session.note("wrong uses")
    for command in [
      "main --metric Gold=1", "main --metric gold=nan", "main --metric gold=0x10",
      "main --metric gold", "main --step 3", "main --metric a=1 --remove a",
      "main --metric a=1 --step -1", "nowhere --metric a=1", "",
    ] {
      try session.run("rubricctl note \(command)")
    }
    try session.run("rubricctl log --metrics --graph")
    #expect(try session.quietly("git fsck --strict --no-dangling").output.isEmpty)
    try session.snapshot("note")
  }

  /// Processes that note at once lose nothing.
  @Test func processesAtOnce() throws {
    let session = try CommandLineSession.withEssay()
    // The shell's own `wait` would wait for a signal that the tests block.
    let both =
      "rubricctl note HEAD --metric m{}=1 --step 1 && rubricctl note HEAD --metric m{}=2 --step 2"
    try session.quietly("seq 12 | xargs -P 12 -I{} sh -c '\(both)'")
    let lines = try session.quietly("git notes --ref=rubric-metrics show HEAD").lines
    #expect(lines.count == 24 && Set(lines).count == 24)
    #expect(try session.quietly("git fsck --strict --no-dangling").output.isEmpty)
  }

  /// Notes go to another clone and back by git's own means.
  @Test func pushedAndFetched() throws {
    let session = try CommandLineSession.withEssay()
    try session.quietly("git init -q --bare -b main ../origin && git remote add origin ../origin")
    try session.quietly("rubricctl note main --metric gold=1")
    try session.quietly("git push -q origin main refs/notes/rubric-metrics")
    try session.quietly("git clone -q ../origin ../other")
    let reference = "refs/notes/rubric-metrics"
    session.directory = session.folder + "/other"
    try session.quietly("git fetch -q origin \(reference):\(reference)")
    try session.quietly("rubricctl note HEAD --metric gold=2 && git push -q origin \(reference)")
    session.directory = session.folder + "/work"
    try session.quietly("rubricctl note main --metric loss=3")
    try session.quietly("git fetch -q origin \(reference):refs/notes/origin/rubric-metrics")
    try session.quietly(
      "git notes --ref=rubric-metrics merge -q -s cat_sort_uniq origin/rubric-metrics")
    let table = try session.quietly("rubricctl log --metrics").lines
    #expect(table.last?.contains("   2     3  ") == true, "\(table)")
  }
}
