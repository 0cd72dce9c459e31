import Foundation
import Testing

/// Plain `git` in a repository with our drivers.
@Suite struct GitDriverTests {
  // MARK: Clean merges

  @Test(arguments: LineMergeCase.all)
  func mergesAsTheStoreDoes(_ wanted: LineMergeCase) throws {
    let session = try CommandLineSession.forked(wanted)
    // The store's own merge, in a copy.
    try session.quietly("cp -r . ../copy")
    let own = try session.execute("rubricctl -C ../copy merge theirs")
    let plain = try session.execute("cp -r . ../plain && cd ../plain && git merge -q theirs")
    try session.quietly("rubricctl install-git-drivers")
    let merged = try session.execute("git merge theirs")
    #expect(merged.status == (wanted.isClean ? 0 : 1), "\(merged.output)\(merged.errors)")
    #expect(own.status == merged.status, "\(own.output)")
    if wanted.isClean {
      let expected = try session.quietly("rubricctl -C ../copy show r --json").output
      #expect(try session.quietly("rubricctl show r --json").output == expected)
      #expect(session.read("rubrics/r.yaml")?.contains("# kept comment") == true)
      let isNoted = merged.errors.contains("neither has seen the shares that they make")
      #expect(isNoted == wanted.isNoted, "\(merged.errors)")
      try session.quietly("git diff --quiet HEAD && rubricctl status")
    } else {
      #expect(try session.quietly("git ls-files -u").lines.count == 3)
      let validation = try session.execute("rubricctl validate rubrics/r.yaml")
      #expect(validation.status == 1)
      #expect(validation.output.contains("the file is an unfinished merge"))
      #expect(session.read("rubrics/r.yaml")?.contains(wanted.code) == true)
      #expect(own.output.contains("conflict"), "\(own.output)")
    }
    // What git alone makes of it, which is why the drivers are there.
    let text = try session.execute("cat ../plain/rubrics/r.yaml").output
    switch wanted.withoutDrivers {
    case .conflict: #expect(plain.status == 1)
    case .right: #expect(plain.status == 0)
    case .wrong: #expect(plain.status == 0)
    case .invalid:
      #expect(plain.status == 0)
      #expect(
        try session.execute("rubricctl validate ../plain/rubrics/r.yaml").status == 1, "\(text)")
    }
  }

  @Test func conflictIsFinishedByHand() throws {
    let session = try CommandLineSession.conflicted()
    let file = try #require(session.read("rubrics/r.yaml"))
    for words in [
      "UNFINISHED MERGE: 1 conflict is open", "r/b.weight (both_changed)",
      "reweight `b` 1 → 3: b tells essays apart", "settle  r/b.weight=ours|theirs|base|mean|",
      "git add rubrics/r.yaml", "unfinished_merge:", "(theirs)",
    ] { #expect(file.contains(words), "\(words) in \(file)") }
    // Every command that reads the file tells of the merge.
    for command in [
      "rubricctl status", "rubricctl commit -m x", "rubricctl diff", "rubricctl validate rubrics/*",
    ] {
      let result = try session.execute(command)
      #expect(result.status != 0, "\(command)")
      #expect((result.output + result.errors).contains("unfinished merge"), "\(command)")
    }
    // Committed all the same, a pull tells of it.
    try session.quietly("cp -r . ../careless && cd ../careless && git commit -qam careless")
    let pull = try session.execute("rubricctl -C ../careless pull r")
    #expect(pull.status == 2)
    #expect(pull.errors.contains("the file is an unfinished merge"), "\(pull.errors)")
    // The key alone is what stands in the way.
    let end = try #require(file.range(of: "unfinished_merge: .*\n", options: .regularExpression))
    let document = String(file[end.upperBound...])
    #expect(document.hasPrefix("# kept comment\nschema: rubric/1\n"))
    try session.write(
      "rubrics/r.yaml", document.replacingOccurrences(of: "weight: 2", with: "weight: 2.5"))
    try session.quietly(
      "rubricctl validate rubrics/r.yaml && git add rubrics && git commit -qm done")
    #expect(try session.quietly("git log -1 --format=%P").output.split(separator: " ").count == 2)
    #expect(try session.quietly("rubricctl pull r --json").output.contains("2.5"))
  }

  @Test func conflictIsSettledByRule() throws {
    let session = try CommandLineSession.conflicted()
    let listed = try session.execute("rubricctl conflicts")
    #expect(listed.status == 1)
    #expect(listed.output.contains("conflict r/b.weight"))
    #expect(
      try session.execute("rubricctl settle z.weight=mean").errors.contains("nothing to settle"))
    #expect(try session.execute("rubricctl settle b.weight=union").status == 2)
    #expect(try session.execute("rubricctl validate rubrics/r.yaml").status == 1)
    let settled = try session.quietly("rubricctl settle b.weight=mean")
    #expect(settled.output.contains("No conflict is open; `git add rubrics/r.yaml` tells git."))
    try session.quietly("git commit -qam merged")
    #expect(session.read("rubrics/r.yaml")?.contains("weight: 2.5") == true)
    #expect(session.read("rubrics/r.yaml")?.hasPrefix("# kept comment\n") == true)
    #expect(try session.execute("rubricctl settle b.weight=mean").status == 2)
  }

  @Test func settlementsAddUpAndHandsAreRespected() throws {
    let session = try CommandLineSession.conflicted(alsoTitles: true)
    #expect(try session.execute("rubricctl conflicts").output.contains("2 conflicts are open"))
    try session.quietly("rubricctl settle b.weight=theirs")
    #expect(session.read("rubrics/r.yaml")?.contains("1 conflict is open") == true)
    #expect(session.read("rubrics/r.yaml")?.contains("\"settled\":[\"b.weight=theirs\"]") == true)
    try session.quietly("cp rubrics/r.yaml ../half")
    try session.edit("rubrics/r.yaml", "weight: 3", "weight: 7")
    let refused = try session.execute("rubricctl settle a.title=ours")
    #expect(refused.status == 2)
    #expect(refused.errors.contains("changed by hand"))
    try session.quietly("cp ../half rubrics/r.yaml && rubricctl settle 'a.title=\"ours\"'")
    let file = try #require(session.read("rubrics/r.yaml"))
    #expect(file.contains("title: ours"))
    #expect(file.contains("weight: 3"))
    try session.quietly("rubricctl validate rubrics/r.yaml")
  }

  // MARK: Other commands of git

  @Test(arguments: ["git rebase theirs", "git cherry-pick theirs", "git stash pop"])
  func otherCommands(_ command: String) throws {
    // Line merge has a conflict here, and ours has none.
    let wanted = LineMergeCase.all[7]
    let session = try CommandLineSession.forked(wanted)
    try session.quietly("rubricctl install-git-drivers")
    if command.contains("stash") {
      try session.quietly(
        "git checkout -q main~1 && git checkout -q theirs -- rubrics && git stash -q "
          + "&& git checkout -q main")
    }
    try session.quietly(command)
    let file = try #require(session.read("rubrics/r.yaml"))
    #expect(file.contains("weight: 4") && file.contains("Is b well made?"), "\(file)")
    // And conflicts.
    let other = try CommandLineSession.conflicted(starting: false)
    if command.contains("stash") {
      try other.quietly(
        "git checkout -q main~1 && git checkout -q theirs -- rubrics && git stash -q "
          + "&& git checkout -q main")
    }
    #expect(try other.execute(command).status == 1)
    let unfinished = try #require(other.read("rubrics/r.yaml"))
    #expect(unfinished.contains("unfinished_merge:"), "\(unfinished)")
    #expect(!unfinished.contains("b tells essays apart"), "only a merge knows both histories")
    try other.quietly("rubricctl settle b.weight=mean && git add rubrics")
    if command.contains("rebase") { try other.quietly("GIT_EDITOR=true git rebase --continue") }
    if command.contains("pick") { try other.quietly("GIT_EDITOR=true git cherry-pick --continue") }
    #expect(other.read("rubrics/r.yaml")?.contains("weight: 2.5") == true)
  }

  @Test func crissCross() throws {
    // Each side merges the other's first commit and settles it in its own way; then they meet again.
    let session = try CommandLineSession.conflicted(starting: false)
    try session.quietly(
      """
      git branch one main && git branch two theirs
      git merge two; rubricctl settle b.weight=ours && git commit -qam 'ours first'
      git checkout -q theirs && git merge one; rubricctl settle b.weight=ours && git commit -qam other
      git checkout -q main
      """)
    #expect(try session.quietly("git merge-base --all main theirs").lines.count == 2)
    try session.quietly("cp -r . ../copy")
    let own = try session.execute("rubricctl -C ../copy merge theirs --json").output
    let merged = try session.execute("git merge theirs")
    #expect(merged.status == 1)
    // The bases do not agree, so that the base stays as it was before them: 1, and not 2 or 3.
    let listed = try session.execute("rubricctl conflicts --json").output
    for output in [own, listed] {
      #expect(output.contains("\"path\":\"r/b.weight\""), "\(output)")
      #expect(output.contains("\"base\":1"), "\(output)")
    }
    // A change that only one of them made since is clean.
    try session.quietly("git merge --abort && git checkout -q theirs")
    try session.edit("rubrics/r.yaml", "Is c good?", "Is c very good?")
    try session.quietly(
      "git commit -qam more && git checkout -q main && git merge -X ours theirs; :")
    try session.quietly("rubricctl settle b.weight=5")
    let file = try #require(session.read("rubrics/r.yaml"))
    #expect(file.contains("Is c very good?") && file.contains("weight: 5"), "\(file)")
  }

  @Test func noCommonAncestor() throws {
    let session = try CommandLineSession.forked(LineMergeCase.all[0])
    try session.quietly(
      """
      rubricctl install-git-drivers && git checkout -q --orphan alone theirs && git commit -qm alone
      git checkout -q main && git merge --allow-unrelated-histories alone
      """)
    let file = try #require(session.read("rubrics/r.yaml"))
    #expect(file.contains("id: ours") && file.contains("id: theirs"), "\(file)")
    try session.quietly("rubricctl validate rubrics/r.yaml")
  }

  /// Attributes travel with a clone, settings do not: without them git does what it always did.
  @Test func clonesAndOtherWorkTrees() throws {
    let session = try CommandLineSession.forked(LineMergeCase.all[7])
    try session.quietly("rubricctl install-git-drivers && git add . && git commit -qm attributes")
    try session.quietly("git clone -q . \"../it's a clone\" && cd \"../it's a clone\"")
    session.directory = session.folder + "/it's a clone"
    #expect(try session.execute("git merge -q origin/theirs").status == 1)
    #expect(session.read("rubrics/r.yaml")?.contains("<<<<<<<") == true)
    let refused = try session.execute("rubricctl validate rubrics/r.yaml").output
    #expect(refused.contains("git's conflict markers stand here"), "\(refused)")
    try session.quietly("git merge --abort && git worktree add -q '../a tree' -b tree")
    session.directory = session.folder + "/a tree"
    try session.quietly("rubricctl install-git-drivers && git merge -q origin/theirs")
    #expect(try session.quietly("git status --short").output.isEmpty)
    #expect(session.read("rubrics/r.yaml")?.contains("Is b well made?") == true)
    // The settings are the repository's.
    session.directory = session.folder + "/it's a clone"
    try session.quietly("git merge -q origin/theirs")
  }

  @Test func whatIsNoRubric() throws {
    let session = try CommandLineSession()
    try session.quietly("rubricctl init . && rubricctl install-git-drivers")
    try session.write("rubrics/notes.yaml", "a: 1\nb: 2\nc: 3\nd: 4\ne: 5\n")
    try session.write("rubrics/broken.yaml", "schema: rubric/1\nid: broken\ncriteria: []\nx: 1\n")
    try session.quietly("git add . && git commit -qm one && git branch theirs")
    try session.edit("rubrics/notes.yaml", "a: 1", "a: 2")
    try session.edit("rubrics/broken.yaml", "schema", "# ours\nschema")
    try session.quietly("git commit -qam ours && git checkout -q theirs")
    try session.edit("rubrics/notes.yaml", "e: 5", "e: 6")
    try session.edit("rubrics/broken.yaml", "x: 1", "x: 1\n# theirs")
    try session.quietly("git commit -qam theirs && git checkout -q main")
    let merged = try session.execute("git merge theirs")
    #expect(merged.status == 1)
    // As git alone would have it.
    #expect(session.read("rubrics/notes.yaml") == "a: 2\nb: 2\nc: 3\nd: 4\ne: 6\n")
    // A rubric that is not valid is never merged silently.
    let broken = try #require(session.read("rubrics/broken.yaml"))
    #expect(broken.contains("Lines were merged, as git does it, and not criteria"), "\(broken)")
    #expect(broken.contains("# ours\nschema") && broken.contains("# theirs"))
    #expect(try session.quietly("git ls-files -u").lines.allSatisfy { $0.contains("broken") })
    let textconv = try session.quietly(
      "printf 'a\\000b\\377' > x && rubricctl git-textconv x | od -c")
    #expect(textconv.output.contains("a  \\0   b 377"), "\(textconv.output)")
  }

  @Test func programThatIsGone() throws {
    let session = try CommandLineSession.forked(LineMergeCase.all[7])
    try session.quietly(
      """
      mkdir '../a b' && cp "$(command -v rubricctl)" "../a b/it's 100% mine"
      "../a b/it's 100% mine" install-git-drivers 2> ../hint
      """)
    #expect(try session.execute("cat ../hint").output.contains("it's 100% mine; run this command"))
    try session.quietly("git merge theirs")
    #expect(try session.quietly("git show HEAD --stat && git log -p -1").status == 0)
    try session.quietly("git reset -q --hard HEAD~1 && rm -r '../a b'")
    // Without the program nothing is taken for a merge, and a diff shows the file.
    #expect(try session.execute("git merge theirs").status == 1)
    #expect(try session.execute("rubricctl validate rubrics/r.yaml").output.contains("unfinished"))
    let diff = try session.execute("git diff main~1 main")
    #expect(diff.output.contains("+    weight: 4"), "\(diff.output)\(diff.errors)")
  }

  // MARK: Showing

  @Test func shows() throws {
    let session = try CommandLineSession.withEssay()
    try session.quietly("rubricctl install-git-drivers && rubricctl reweight flow 2 --because x")
    try session.quietly(
      "rubricctl reword flow --text 'Does one sentence lead to the next? Is the order plain?' "
        + "--because y")
    try session.run("git log -p -2 --format=%s")
    try session.run("git diff --stat HEAD~2 && git show --stat --format=%s")
    try session.run("git blame --abbrev=6 -s rubrics/essay.yaml | head -12")
    session.note("only layout")
    try session.quietly("sed -i 's/weight: 2/weight: 2.0/' rubrics/essay.yaml")
    try session.run("git diff --exit-code; git diff --no-textconv")
    try session.quietly("git checkout -q rubrics")
    session.note("a part of it")
    try session.quietly("sed -i 's/weight: 0.5/weight: 0.6/' rubrics/essay.yaml")
    try session.quietly("printf 'y\\n' | git add -p")
    try session.run("git diff --cached")
    session.note("typed edits")
    try session.quietly("rubricctl install-git-drivers --typed-diff")
    try session.run("git diff HEAD~1")
    try session.run("git log -p -1 --format=%s && git log -p -1 --format=%s --ext-diff")
    try session.quietly("echo 'x: 1' >> rubrics/essay.yaml")
    try session.run("git diff --stat && git diff | sed 's,/tmp/git-blob-[^/]*,TEMPORARY,'")
    try session.snapshot("git-diff")
  }

  // MARK: Installing

  @Test func installs() throws {
    let session = try CommandLineSession()
    try session.quietly("git init -q -b main . && printf '*.bin binary' > .gitattributes")
    try session.quietly("printf '# mine\\n[alias]\\n\\tst = status\\n' >> .git/config")
    try session.quietly("cp .git/config ../config")
    try session.run("rubricctl install-git-drivers --dry-run && diff .git/config ../config")
    try session.run("rubricctl install-git-drivers")
    try session.run("cat .gitattributes && diff ../config .git/config")
    try session.run("rubricctl install-git-drivers")
    try session.run("mkdir sub && rubricctl -C sub install-git-drivers --json")
    session.note("overruled")
    try session.run(
      "echo '*.yaml merge=union' > .git/info/attributes && rubricctl install-git-drivers --typed-diff"
    )
    try session.run("rubricctl install-git-drivers --uninstall --dry-run")
    try session.run("rubricctl install-git-drivers --uninstall && cat .gitattributes")
    try session.run("diff .git/config ../config && rubricctl install-git-drivers --uninstall")
    session.note("attributes of others")
    try session.write(
      ".gitattributes", "rubrics/*.yaml text merge=rubric diff=rubric eol=lf\nx y\n")
    try session.run("rubricctl install-git-drivers --json | grep -o '\"attributes.*'")
    try session.run("rubricctl install-git-drivers --uninstall --json && cat .gitattributes")
    session.note("a file that is only ours goes")
    try session.quietly("rm .gitattributes && rubricctl install-git-drivers")
    try session.run("rubricctl install-git-drivers --uninstall && ls -A")
    session.note("bare")
    try session.quietly("git init -q --bare ../bare.git")
    try session.run(
      "rubricctl -C ../bare.git install-git-drivers && cat ../bare.git/info/attributes")
    session.note("for the user")
    try session.run("rubricctl install-git-drivers --global && cat ~/.config/git/attributes")
    try session.run("cat ~/.gitconfig")
    try session.run("rubricctl install-git-drivers --global --uninstall && ls -A ~/.config/git")
    session.note("wrong uses")
    try session.run("cd .. && rubricctl install-git-drivers")
    try session.run("rubricctl install-git-drivers --uninstall --typed-diff")
    try session.run("ln -s /nowhere .gitattributes; rubricctl install-git-drivers")
    let path = "\(CommandLineSession.programs)/rubricctl"
    let without = try session.execute(
      "'\(path)' install-git-drivers", environment: ["PATH": "/nowhere"])
    #expect(without.status == 2)
    #expect(without.errors.contains("git cannot be run"), "\(without.errors)")
    try session.snapshot("git-drivers")
  }

  @Test func mergeFile() throws {
    let session = try CommandLineSession()
    let base = LineMergeCase.base
    try session.write("base.yaml", base)
    try session.write("a.yaml", base.replacingOccurrences(of: "Is a good?", with: "Is a better?"))
    try session.write("b.yaml", base.replacingOccurrences(of: "Is b good?", with: "Is b better?"))
    try session.write("c.yaml", base.replacingOccurrences(of: "Is a good?", with: "Is a best?"))
    try session.run("rubricctl merge-file -p base.yaml a.yaml b.yaml | diff a.yaml -")
    try session.run("rubricctl merge-file -p base.yaml a.yaml c.yaml")
    try session.run("rubricctl merge-file --json base.yaml a.yaml c.yaml --settle a.text=theirs")
    try session.run("diff a.yaml c.yaml")
    try session.run("rubricctl merge-file -q /dev/null b.yaml c.yaml; grep -c both_added b.yaml")
    session.note("what is no rubric")
    try session.run(
      "echo x > x; echo y > y; echo z > z; rubricctl merge-file -p x y z; rubricctl merge-file x y x"
    )
    try session.run("rubricctl merge-file base.yaml nowhere.yaml c.yaml")
    try session.run("rubricctl merge-file base.yaml a.yaml c.yaml --settle z.text=ours")
    try session.run("rubricctl merge-file base.yaml a.yaml")
    try session.snapshot("merge-file")
  }
}

/// What the line merge makes of a case.
enum LineMergeResult: Sendable { case conflict, right, wrong, invalid }

/// Two changes of one rubric.
struct LineMergeCase: Sendable, CustomTestStringConvertible {
  var name: String
  /// What is replaced by what.
  var ours: [(String, String)]
  var theirs: [(String, String)]
  var isClean = true
  /// The conflict's code, where it is not clean.
  var code = ""
  var withoutDrivers: LineMergeResult
  /// Whether shares of the reward come out that neither side has seen.
  var isNoted = false

  var testDescription: String { name }

  static func criterion(_ id: String, weight: Int = 1, text: String? = nil) -> String {
    """
      - id: \(id)
        weight: \(weight)
        text: \(text ?? "Is \(id) good?")

    """
  }

  static let base =
    "# kept comment\nschema: rubric/1\nid: r\ncriteria:\n"
    + ["a", "b", "c", "d", "e", "f"].map { criterion($0, weight: 2) }.joined()

  static let all: [LineMergeCase] = {
    let (a, b, f) = (
      criterion("a", weight: 2), criterion("b", weight: 2), criterion("f", weight: 2)
    )
    return [
      LineMergeCase(
        name: "both append", ours: [(f, f + criterion("ours"))],
        theirs: [(f, f + criterion("theirs"))], withoutDrivers: .conflict, isNoted: true),
      LineMergeCase(
        name: "reorder against weight", ours: [(b, ""), (f, f + b)],
        theirs: [(b, criterion("b", weight: 5))], withoutDrivers: .conflict),
      LineMergeCase(
        name: "one id at two places", ours: [(a, a + criterion("new"))],
        theirs: [(f, criterion("new", text: "Something else?") + f)], isClean: false,
        code: "both_added", withoutDrivers: .invalid),
      LineMergeCase(
        name: "move against removal", ours: [(b, ""), (f, f + b)], theirs: [(b, "")],
        isClean: false, code: "changed_and_removed", withoutDrivers: .wrong),
      LineMergeCase(
        name: "reweight all against add", ours: [("weight: 2", "weight: 3")],
        theirs: [("criteria:\n", "criteria:\n" + criterion("new", weight: 9))],
        withoutDrivers: .wrong, isNoted: true),
      LineMergeCase(
        name: "new id against text", ours: [("id: b\n", "id: renamed\n")],
        theirs: [("Is b good?", "Is b well made?")], isClean: false, code: "changed_and_removed",
        withoutDrivers: .wrong),
      LineMergeCase(
        name: "neighbours", ours: [("Is a good?", "Is a well made?")],
        theirs: [(criterion("c", weight: 2), criterion("c", weight: 4))], withoutDrivers: .right),
      LineMergeCase(
        name: "weight and text of one", ours: [(b, criterion("b", weight: 4))],
        theirs: [("Is b good?", "Is b well made?")], withoutDrivers: .conflict),
    ]
  }()

  static func apply(_ changes: [(String, String)]) -> String {
    changes.reduce(base) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
  }
}

extension CommandLineSession {
  /// A repository with two branches, `main` checked out and `theirs`.
  static func forked(_ wanted: LineMergeCase) throws -> CommandLineSession {
    let session = try CommandLineSession()
    try session.quietly("git init -q -b main .")
    try session.write("rubrics/r.yaml", LineMergeCase.base)
    try session.quietly("git add . && git commit -qm base && git checkout -qb theirs")
    try session.write("rubrics/r.yaml", LineMergeCase.apply(wanted.theirs))
    try session.quietly("git commit -qam theirs && git checkout -q main")
    try session.write("rubrics/r.yaml", LineMergeCase.apply(wanted.ours))
    try session.quietly("git commit -qam ours")
    return session
  }

  /// A repository in the middle of a `git merge` with conflicts: `b` weighs 1, 2 on our side and 3 on
  /// theirs.
  static func conflicted(
    starting: Bool = true, alsoTitles: Bool = false
  ) throws -> CommandLineSession {
    let session = try CommandLineSession()
    try session.quietly("git init -q -b main . && mkdir rubrics")
    let base = LineMergeCase.base.replacingOccurrences(of: "    weight: 2\n", with: "")
    try session.write("rubrics/r.yaml", base)
    try session.quietly("rubricctl install-git-drivers && git add . && git commit -qm base")
    try session.quietly("git branch theirs && git checkout -q theirs")
    try session.quietly("rubricctl reweight b 3 --because 'b tells essays apart'")
    if alsoTitles { try session.quietly("rubricctl rename a Theirs --because x") }
    try session.quietly("git checkout -q main && rubricctl reweight b 2 --because 'b is nice'")
    if alsoTitles { try session.quietly("rubricctl rename a Ours --because y") }
    guard starting else { return session }
    let merged = try session.execute("git merge theirs")
    try #require(merged.status == 1, "\(merged.output)\(merged.errors)")
    return session
  }
}
