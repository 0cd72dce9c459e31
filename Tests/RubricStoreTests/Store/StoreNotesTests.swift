import Foundation
import RubricStore
import Synchronization
import Testing

/// Metrics as git notes, with git as the judge of them.
@Suite struct StoreNotesTests {
  private let gold = Metric("gold", 0.71, step: 640, seconds: 1_700_000_000)

  private func essay(_ count: Int = 1, bare: Bool = true) throws -> (GitSandbox, Store, [ObjectID])
  {
    let (sandbox, store) = try GitSandbox.withEssay(bare: bare)
    for step in 1..<max(1, count) {
      try store.commit(
        sample: Sample.reweight("flow", from: Double(2 + step), to: Double(3 + step)))
    }
    return (sandbox, store, try store.log().map(\.commit))
  }

  private func show(_ sandbox: GitSandbox, _ id: ObjectID) throws -> [String] {
    try sandbox.lines("notes", "--ref=rubric-metrics", "show", id.hex)
  }

  @Test func gitShowsWhatIsNoted() throws {
    let (sandbox, store, commits) = try essay(2)
    let first = try store.note([gold], on: commits[0], author: Sample.author)
    #expect(first.count == 1 && first.note.metrics == [gold])
    let more = Metric(
      "reward", 1e-3, rubric: "essay", seconds: 1_700_000_060, message: "two\nlines “é”")
    try store.note([more, gold], on: commits[0], author: Sample.author)
    let lines = [
      #"{"metric":"gold","value":0.71,"step":640,"at":"2023-11-14T22:13:20Z"}"#,
      #"{"metric":"reward","value":0.001,"at":"2023-11-14T22:14:20Z","rubric":"essay","message":"two\nlines “é”"}"#,
    ]
    #expect(try show(sandbox, commits[0]) == lines)
    #expect(
      try sandbox.git("log", "-1", "--format=%an %s", "refs/notes/rubric-metrics")
        == "Ada Löwe Note reward=0.001 gold=0.71 on \(commits[0].prefix(12))")
    #expect(try sandbox.fsck() == "")
    let notes = try store.notes(of: commits)
    #expect(notes.keys.sorted() == [commits[0]])
    #expect(notes[commits[0]]?.metrics == [gold, more])
    // Nothing new is no commit.
    let again = try store.note([gold], on: commits[0], author: Sample.author)
    #expect(again.notes == nil && again.count == 0)
    #expect(try sandbox.git("rev-list", "--count", Store.metricsReference) == "2")
    // The commits themselves are as they were.
    #expect(try store.log().map(\.commit) == commits)
  }

  @Test func whatGitAppendsIsRead() throws {
    let (sandbox, store, commits) = try essay()
    let id = commits[0]
    #expect(try store.notes(of: commits).isEmpty)
    try sandbox.git(
      "notes", "--ref=rubric-metrics", "append", "-m",
      #"{"step": 3.0, "value": 5, "metric": "loss", "who": "me"}"#, id.hex)
    try store.note([gold], on: id, author: Sample.author)
    try sandbox.git("notes", "--ref=rubric-metrics", "append", "-m", "looks fine", id.hex)
    try sandbox.git(
      "notes", "--ref=rubric-metrics", "append", "-m", #"{"metric":"gold","value":0.8}"#, id.hex)
    let note = try #require(try store.notes(of: [id])[id])
    #expect(
      note.metrics == [Metric("loss", 5, step: 3), gold, Metric("gold", 0.8)])
    #expect(note.remarks == ["looks fine"])
    // What does not say when came first.
    #expect(note.latest()["gold"] == gold)
    // Others' lines stay as they are, byte by byte, and what is removed is gone.
    let removed = try store.removeMetrics(["gold"], from: id, author: Sample.author)
    #expect(removed.count == 2)
    #expect(
      try show(sandbox, id) == [
        #"{"step": 3.0, "value": 5, "metric": "loss", "who": "me"}"#, "looks fine",
      ])
    try store.removeMetrics(["loss"], from: id, author: Sample.author)
    #expect(try show(sandbox, id) == ["looks fine"])
    #expect(try store.removeMetrics(["loss"], from: id, author: Sample.author).notes == nil)
    #expect(try sandbox.fsck() == "")
  }

  /// The last line takes the note with it.
  @Test func anEmptyNoteGoes() throws {
    let (sandbox, store, commits) = try essay(2)
    for commit in commits { try store.note([gold], on: commit, author: Sample.author) }
    try store.removeMetrics(["gold"], from: commits[0], author: Sample.author)
    #expect(
      try sandbox.lines("notes", "--ref=rubric-metrics", "list").map { $0.suffix(40) }
        == [commits[1].hex[...]])
    try store.removeMetrics(["gold"], from: commits[1], author: Sample.author)
    #expect(try sandbox.git("notes", "--ref=rubric-metrics", "list") == "")
    #expect(try store.notes(of: commits).isEmpty)
    #expect(try sandbox.fsck() == "")
    try store.note([gold], on: commits[0], author: Sample.author)
    #expect(try store.notes(of: commits).count == 1)
  }

  @Test func onlyOneRubricsMetricsAreRemoved() throws {
    let (sandbox, store, commits) = try essay()
    let own = Metric("gold", 1, rubric: "essay", seconds: 5)
    let other = Metric("gold", 2, rubric: "other", seconds: 6)
    try store.note([own, other, gold], on: commits[0], author: Sample.author)
    let note = try #require(try store.notes(of: commits)[commits[0]])
    #expect(note.latest(of: "essay")["gold"] == gold)
    #expect(CommitNoteSample.latest([own, other], of: "essay") == 1)
    #expect(CommitNoteSample.latest([own, other], of: "third") == nil)
    #expect(
      try store.removeMetrics(["gold"], from: commits[0], of: "essay", author: Sample.author).note
        .metrics == [other, gold])
    #expect(try show(sandbox, commits[0]).count == 2)
  }

  /// Two clones that note apart are merged by git, line by line, in any order.
  @Test(arguments: ["union", "cat_sort_uniq"]) func clonesAreMerged(_ strategy: String) throws {
    let (sandbox, store, commits) = try essay(3)
    try store.note([gold], on: commits[0], author: Sample.author)
    let ref = Store.metricsReference
    let clone = sandbox.folder + "/clone"
    try sandbox.git("clone", "--quiet", "--bare", sandbox.path, clone)
    try sandbox.git("-C", clone, "fetch", "--quiet", sandbox.path, "\(ref):\(ref)")
    let other = try Store.open(clone)
    for (index, commit) in commits.enumerated() {
      let value = Double(index)
      try store.note(
        [Metric("ours", value, step: 5, seconds: 10), Metric("both", 1, seconds: 20)], on: commit,
        author: Sample.author)
      try other.note(
        [Metric("theirs", value, seconds: 11), Metric("both", 2, seconds: 19)], on: commit,
        author: Sample.author)
    }
    try sandbox.git("fetch", "--quiet", clone, "\(ref):refs/notes/origin/rubric-metrics")
    try sandbox.git(
      "notes", "--ref=rubric-metrics", "merge", "--quiet", "-s", strategy,
      "refs/notes/origin/rubric-metrics")
    let notes = try store.notes(of: commits)
    for (index, commit) in commits.enumerated() {
      let note = try #require(notes[commit])
      #expect(note.remarks.isEmpty)
      let latest = note.latest().mapValues(\.value)
      var expected: [MetricName: Double] = [
        "ours": Double(index), "theirs": Double(index), "both": 1,
      ]
      if index == 0 { expected["gold"] = 0.71 }
      #expect(latest == expected, "\(note)")
    }
    #expect(try sandbox.fsck() == "")
    try store.note([gold], on: commits[2], author: Sample.author)
    #expect(try store.notes(of: commits)[commits[2]]?.latest()["gold"] == gold)
  }

  /// Many notes lie in folders; git and this library read one another's, at any depth.
  @Test func foldersAreReadBothWays() throws {
    let (sandbox, store, commits) = try essay(3)
    let commit = commits[0]
    let repository = try sandbox.open()
    let blob = try repository.writeBlob(Array((gold.json.jsonText + "\n").utf8))
    var random = RandomSource(seed: 7)
    let ids = (0..<600).map { _ in
      ObjectID(bytes: (0..<20).map { _ in UInt8(truncatingIfNeeded: random.next()) }) ?? .zero
    }
    func path(_ id: ObjectID, depth: Int) throws -> RepositoryPath {
      var text = id.hex
      for level in 0..<depth {
        text.insert("/", at: text.index(text.startIndex, offsetBy: 3 * level + 2))
      }
      return try RepositoryPath(text)
    }
    for depth in 0...2 {
      // What is no note is kept as it is.
      var edits = [TreeEdit(path: try RepositoryPath("README"), blob: blob)]
      for id in ids { edits.append(TreeEdit(path: try path(id, depth: depth), blob: blob)) }
      let tree = try repository.writeTree(from: nil, edits: edits).root
      let root = try repository.writeCommit(
        tree: tree, parents: [], author: GitSandbox.person, committer: GitSandbox.person,
        message: "notes\n")
      try sandbox.git("update-ref", Store.metricsReference, root.hex)
      let expected = Set(ids)
      #expect(try Set(store.notes(of: ids).keys) == expected)
      try store.note([gold], on: commit, author: Sample.author)
      try store.note([Metric("more", 1)], on: commit, author: Sample.author)
      let listed = try sandbox.lines("notes", "--ref=rubric-metrics", "list").map {
        String($0.suffix(40))
      }
      #expect(listed.count == 601 && Set(listed) == Set((ids + [commit]).map(\.hex)))
      #expect(try show(sandbox, commit).count == 2)
      let names = try sandbox.lines(
        "ls-tree", "-r", "--name-only", Store.metricsReference)
      #expect(names.contains("README"))
      let places = try [max(1, depth), 1].map { try path(commit, depth: $0).text }
      #expect(places.contains(where: names.contains), "in a folder, as the others")
      // git lays all of them out anew.
      try sandbox.git(
        "notes", "--ref=rubric-metrics", "append", "-m", "by git", commits[1].hex)
      #expect(try store.notes(of: ids + commits).count == 602)
      #expect(try store.notes(of: [commit])[commit]?.metrics.count == 2)
      #expect(try sandbox.fsck() == "")
    }
  }

  /// A note at two depths is one, and is written at one.
  @Test func aNoteAtTwoDepths() throws {
    let (sandbox, store, commits) = try essay()
    let repository = try sandbox.open()
    let hex = commits[0].hex
    let lines = [gold, Metric("more", 2)].map { $0.json.jsonText }
    let tree = try repository.writeTree(
      from: nil,
      edits: [
        TreeEdit(
          path: try RepositoryPath(hex), blob: try repository.writeBlob(Array(lines[0].utf8))),
        TreeEdit(
          path: try RepositoryPath("\(hex.prefix(2))/\(hex.dropFirst(2))"),
          blob: try repository.writeBlob(Array(lines[1].utf8))),
      ]
    ).root
    let root = try repository.writeCommit(
      tree: tree, parents: [], author: GitSandbox.person, committer: GitSandbox.person,
      message: "notes\n")
    try sandbox.git("update-ref", Store.metricsReference, root.hex)
    #expect(try store.notes(of: commits)[commits[0]]?.metrics == [gold, Metric("more", 2)])
    try store.note([Metric("third", 3, seconds: 1)], on: commits[0], author: Sample.author)
    #expect(try store.notes(of: commits)[commits[0]]?.metrics.count == 3)
    #expect(
      try sandbox.lines("ls-tree", "-r", "--name-only", Store.metricsReference) == [hex])
  }

  /// Eight writers at once: each of their lines is there in the end, on the same commit and on others.
  @Test(arguments: [true, false]) func noLineIsLost(_ sharesStore: Bool) throws {
    let (sandbox, shared, commits) = try essay(3)
    let errors = Mutex<[any Error]>([])
    let group = DispatchGroup()
    for writer in 0..<8 {
      group.enter()
      Thread.detachNewThread {
        do {
          let store = sharesStore ? shared : try sandbox.store()
          let name = try #require(MetricName(rawValue: "m\(writer)"))
          for step in 0..<12 {
            try store.note(
              [Metric(name, Double(step), step: step)],
              on: step.isMultiple(of: 2) ? commits[0] : commits[1 + writer % 2],
              author: Sample.author)
          }
        } catch { errors.withLock { $0.append(error) } }
        group.leave()
      }
    }
    group.wait()
    let thrown = errors.withLock { $0 }
    #expect(thrown.isEmpty, "\(thrown)")
    let metrics = try shared.notes(of: commits).values.flatMap(\.metrics)
    #expect(metrics.count == 96)
    #expect(Set(metrics.map { "\($0.name) \($0.step ?? -1)" }).count == 96)
    #expect(try sandbox.git("rev-list", "--count", Store.metricsReference) == "96")
    #expect(try sandbox.fsck() == "")
  }

  @Test func whatCannotBeNoted() throws {
    let (sandbox, store, commits) = try essay()
    for value in [Double.nan, .infinity, -.infinity] {
      expectStoreError(.invalidName) {
        try store.note([Metric("gold", value)], on: commits[0], author: Sample.author)
      }
    }
    for name in ["", "Gold", "a=b"] as [MetricName] {
      expectStoreError(.invalidName) {
        try store.note([Metric(name, 1)], on: commits[0], author: Sample.author)
      }
    }
    expectStoreError(.invalidName) {
      try store.note([Metric("gold", 1, step: -1)], on: commits[0], author: Sample.author)
    }
    let absent = try #require(ObjectID(hex: String(repeating: "ab", count: 20)))
    expectStoreError(.notFound) {
      try store.note([gold], on: absent, author: Sample.author)
    }
    let blob = try sandbox.id("HEAD:rubrics/essay.yaml")
    expectStoreError(.git) { try store.note([gold], on: blob, author: Sample.author) }
    #expect(try store.notes(of: commits).isEmpty)
  }

  @Test func names() {
    for name in ["a", "gold.mean", "a_b-c.1", String(repeating: "x", count: 128)] {
      #expect(MetricName(rawValue: name)?.rawValue == name)
    }
    for name in ["", "A", "a b", "é", "a=b", "-a", String(repeating: "x", count: 129)] {
      #expect(MetricName(rawValue: name) == nil, "\(name)")
    }
  }

  /// Every text is a note, and what is no metric is kept apart.
  @Test func hostileLines() throws {
    let (sandbox, store, commits) = try essay()
    let wrong = [
      "{", "[]", "{}", #"{"metric":"gold"}"#, #"{"metric":"Gold","value":1}"#,
      #"{"metric":"gold","value":"1"}"#, #"{"metric":"gold","value":1e999}"#,
      #"{"metric":"gold","value":NaN}"#, #"{"metric":"gold","value":1,"value":2}"#,
      #"{"metric":3,"value":1}"#, String(repeating: "[", count: 10_000), "\u{7}\u{1B}[31m",
    ]
    let odd = [
      #"{"metric":"a","value":1,"step":-4,"at":"yesterday","rubric":"X!","message":7}"#,
      #"{"metric":"a","value":2,"step":1.5,"at":"2023-02-29T00:00:00Z"}"#,
    ]
    let text = (wrong + odd).joined(separator: "\r\n\n")
    let blob = try sandbox.open().writeBlob(Array(text.utf8) + [0xFF, 0x0A])
    try sandbox.git("notes", "--ref=rubric-metrics", "add", "-C", blob.hex, commits[0].hex)
    let note = try #require(try store.notes(of: commits)[commits[0]])
    #expect(note.remarks.dropLast() == wrong[...])
    #expect(note.metrics == [Metric("a", 1)])
    #expect(note.remarks.last?.hasPrefix(#"{"metric":"a","value":2"#) == true, "it is not UTF-8")
    try store.note([gold], on: commits[0], author: Sample.author)
    #expect(try store.notes(of: commits)[commits[0]]?.metrics == [Metric("a", 1), gold])
  }

  @Test func timestamps() throws {
    #expect(Timestamp.text(0) == "1970-01-01T00:00:00Z")
    #expect(Timestamp.text(951_782_400, offsetMinutes: -90) == "2000-02-28T22:30:00-01:30")
    #expect(Timestamp.seconds("2000-02-28T22:30:00.25-01:30") == 951_782_400)
    try forAll(cases: 500) { make in
      let seconds = Int64(make.random.next() % 253_402_300_800)
      let offset = make.random.below(2_879) - 1_439
      let text = Timestamp.text(seconds, offsetMinutes: offset)
      // Years that an offset moves out of four digits are not read.
      guard (86_400..<253_402_214_400).contains(seconds) else { return }
      try #require(Timestamp.seconds(text) == seconds, "\(text)")
    }
    for text in [
      "", "2023", "2023-13-01T00:00:00Z", "2023-02-29T00:00:00Z", "2023-01-01 00:00:00Z",
      "2023-01-01T00:00:00", "2023-01-01T24:00:00Z", "2023-01-01T00:00:00Zx",
      "2023-01-01T00:00:00.Z", "1969-12-31T23:59:59Z", "2023-01-01T00:00:00+1",
      "２023-01-01T00:00:00Z",
    ] { #expect(Timestamp.seconds(text) == nil, "\(text)") }
  }
}

private enum CommitNoteSample {
  static func latest(_ metrics: [Metric], of rubric: RubricID) -> Double? {
    var note = CommitNote()
    note.metrics = metrics
    return note.latest(of: rubric)["gold"]?.value
  }
}
