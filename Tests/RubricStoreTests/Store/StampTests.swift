import RubricStore
import Testing

@Suite struct StampTests {
  private static func stamped() throws -> (GitSandbox, Store, Stamp) {
    let (sandbox, store) = try GitSandbox.withEssay(bare: true)
    return (sandbox, store, Stamp(try store.pull("essay")))
  }

  /// The JSON of a stamp with some members changed; nil takes one out.
  private static func line(
    _ stamp: Stamp, _ changes: [String: JSONValue?] = [:]
  ) -> [UInt8] {
    var object = stamp.json.object ?? JSONObject()
    for (key, value) in changes.sorted(by: { $0.key < $1.key }) { object[key] = value }
    return Array(JSONValue.object(object).jsonText.utf8)
  }

  private static func verify(
    _ store: Store, _ stamp: Stamp, _ changes: [String: JSONValue?]
  ) throws -> StampReport {
    try store.verify(try StampedReward(parsing: line(stamp, changes)))
  }

  @Test func aStampOfAPinIsValid() throws {
    let (sandbox, store, stamp) = try Self.stamped()
    let hashes = try store.pull("essay").rubric.hashes
    #expect(
      stamp.json == [
        "stamp": "rubric-stamp/1", "rubric": "essay", "commit": .string(try sandbox.id("main").hex),
        "judge": .string(hashes.judge), "scoring": .string(hashes.scoring),
        "library": .string(LibraryVersion.current),
      ])
    let read = try StampedReward(parsing: Self.line(stamp))
    #expect(read.stamp == stamp)
    let report = try store.verify(stamp)
    #expect(report.isValid && !report.isRescored)
    #expect(
      report.json == [
        "valid": true, "rubric": "essay", "commit": .string(stamp.commit), "rollout": .null,
        "rescored": false, "problems": [],
      ])
    // It stays so when the branch moves on, and when the branch is gone.
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4))
    try sandbox.git("update-ref", "-d", "refs/heads/main")
    #expect(try sandbox.store().verify(stamp).isValid)
  }

  @Test func whatIsNotAsItSays() throws {
    let (sandbox, store, stamp) = try Self.stamped()
    try store.commit(sample: Sample.reweight("flow", from: 3, to: 4))
    let later = try sandbox.id("main").hex
    let blob = try sandbox.id("main:rubrics/essay.yaml").hex
    let zeroes = String(repeating: "0", count: 64)
    let cases: [([String: JSONValue?], [String])] = [
      (["commit": .string(later)], ["scoring"]),
      (["commit": .string(String(repeating: "1", count: 40))], ["commit"]),
      (["commit": .string(blob)], ["commit"]),
      (["commit": "main"], ["commit"]),
      (["commit": .string(stamp.commit.prefix(12).description)], ["commit"]),
      (["rubric": "maths"], ["rubric"]), (["rubric": "Not an id"], ["rubric"]),
      (["judge": .string(zeroes)], ["judge"]), (["scoring": .string(zeroes)], ["scoring"]),
      (["judge": .string(stamp.judge.uppercased())], ["judge"]),
      (["judge": .string(stamp.judge + "0")], ["judge"]), (["scoring": ""], ["scoring"]),
      (["judge": .string(stamp.scoring), "scoring": .string(stamp.judge)], ["judge", "scoring"]),
      (
        ["rubric": "", "commit": "", "judge": "", "scoring": ""],
        ["rubric", "commit", "judge", "scoring"]
      ),
    ]
    for (changes, fields) in cases {
      let report = try Self.verify(store, stamp, changes)
      #expect(report.problems.map(\.field) == fields, "\(changes)")
      #expect(!report.isValid)
      #expect(report.problems.allSatisfy { !$0.message.isEmpty && !$0.message.hasSuffix(".") })
    }
    let moved = try Self.verify(store, stamp, ["scoring": .string(zeroes), "library": "9.9.9"])
    #expect(moved.problems.first?.expected == .string(stamp.scoring))
    #expect(moved.problems.first?.found == .string(zeroes))
    #expect(moved.problems.first?.message.contains("it was made by library `9.9.9`") == true)
    // The version alone says nothing against a stamp.
    #expect(try Self.verify(store, stamp, ["library": "9.9.9"]).isValid)
  }

  @Test func theRewardIsWorkedOutAgain() throws {
    let (sandbox, store, stamp) = try Self.stamped()
    defer { withExtendedLifetime(sandbox) {} }
    let verdicts: JSONValue = ["flow": 4, "facts": 1, "depth": 0]
    let score = CompiledRubric(try store.pull("essay").rubric).score(
      Judgement(
        rollout: "r", verdicts: ["flow": .value(4), "facts": .value(1), "depth": .value(0)]))
    let reward = try #require(score.reward)
    let right = try Self.verify(store, stamp, ["verdicts": verdicts, "reward": .decimal(reward)])
    #expect(right.isValid && right.isRescored)
    // To the last bit, and not nearly.
    let near = try Self.verify(
      store, stamp, ["verdicts": verdicts, "reward": .decimal(reward.nextUp)])
    #expect(near.problems.map(\.field) == ["reward"])
    #expect(near.problems.first?.expected == .decimal(reward))
    let single = try Self.verify(
      store, stamp,
      ["verdicts": ["flow": 4, "facts": 1, "depth": 1], "reward": .decimal(Double(Float(0.9)))])
    #expect(single.problems.map(\.field) == ["reward"])
    // No reward is an answer too.
    let failed: JSONValue = ["flow": ["error": "timeout"], "facts": 1, "depth": 0]
    #expect(try Self.verify(store, stamp, ["verdicts": failed, "reward": .some(.null)]).isValid)
    let invented = try Self.verify(store, stamp, ["verdicts": failed, "reward": 0])
    #expect(invented.problems.first?.expected == .null)
    #expect(invented.problems.first?.message.contains("timeout") == true)
    let lost = try Self.verify(store, stamp, ["verdicts": verdicts, "reward": .some(.null)])
    #expect(lost.problems.map(\.field) == ["reward"])
    // With the one and without the other there is nothing to hold it against.
    for alone: [String: JSONValue?] in [["verdicts": verdicts], ["reward": 0.123]] {
      let report = try Self.verify(store, stamp, alone)
      #expect(report.isValid && !report.isRescored)
    }
  }

  @Test func aRecordWithAStamp() throws {
    let (sandbox, store, stamp) = try Self.stamped()
    defer { withExtendedLifetime(sandbox) {} }
    let record: JSONValue = [
      "rollout": "r1", "prompt": "Write.", "step": 3,
      "verdicts": ["flow": 5, "facts": 1, "depth": 1],
      "reward": 1, "stamp": stamp.json, "mine": [1, 2],
    ]
    let read = try StampedReward(parsing: Array(record.jsonText.utf8))
    #expect(read.rollout == "r1")
    #expect(read.stamp == stamp)
    #expect(read.reward == 1)
    let report = try store.verify(read)
    #expect(report.isValid && report.isRescored)
    #expect(report.json["rollout"] == "r1")
  }

  @Test func whatIsNoStamp() throws {
    let (sandbox, _, stamp) = try Self.stamped()
    defer { withExtendedLifetime(sandbox) {} }
    let texts =
      [
        "", "null", "[]", "1", "\"rubric-stamp/1\"", "{}", "{", "not json", "{\"stamp\": {}}",
        "{\"stamp\": null}", "{\"stamp\": [1]}", "{\"stamp\": {\"stamp\": \"rubric-stamp/1\"}}",
        "\u{FEFF}{\"a\": 1}",
      ]
      + [
        ["stamp": "rubric-stamp/2"], ["stamp": 1], ["stamp": nil], ["commit": nil],
        ["scoring": .some(.null)], ["library": nil], ["extra": 1], ["verdicts": 3],
        ["verdicts": ["flow": "good"]],
        ["reward": "1"], ["rollout": ["a"]],
      ].map { String(decoding: Self.line(stamp, $0), as: UTF8.self) }
    for text in texts {
      let error = #expect(throws: SyntaxError.self, "\(text)") {
        try StampedReward(parsing: Array(text.utf8), lineNumber: 7)
      }
      #expect(error?.findings.allSatisfy { $0.mark?.line ?? 7 == 7 } == true, "\(text)")
    }
    // A stamp in a record has its own keys only.
    var inner = stamp.json.object ?? JSONObject()
    inner["reward"] = 1
    #expect(throws: SyntaxError.self) {
      try StampedReward(
        parsing: Array(JSONValue.object(JSONObject([("stamp", .object(inner))])).jsonText.utf8))
    }
  }

  /// What keeps the store from knowing is no answer about the stamp.
  @Test func damageIsToldAndNoVerdict() throws {
    let (sandbox, _, stamp) = try Self.stamped()
    for name in ["main:rubrics/essay.yaml", "main:rubrics"] {
      try sandbox.removeObject(try sandbox.id(name))
      expectStoreError(.notFound) { _ = try sandbox.store().verify(stamp) }
    }
  }
}
