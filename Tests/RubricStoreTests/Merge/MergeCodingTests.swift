import RubricStore
import Testing

/// The JSON of conflicts and settlements, which a merge commit keeps.
@Suite struct MergeCodingTests {
  static let values: [JSONValue?] = [
    nil, .null, true, 0, 2, .number(2), .number(0.1), "", "ours", "é\u{301} \"q\"\n", [],
    ["a", .null], ["b": 1, "a": ["c": .number(1e-7)]],
  ]

  private func read(_ value: JSONValue) -> (SettledConflict?, [Finding]) {
    let (root, findings) = JSONReader.read(Array(value.jsonText.utf8))
    guard let root, findings.isEmpty else { return (nil, findings) }
    var reader = NodeReader()
    let settled = SettledConflict.read(root, &reader)
    return (settled, reader.findings)
  }

  @Test func settledConflictsReadBack() throws {
    let paths = [
      MergePath("essay"), MergePath("essay", nil, "title"), MergePath("es.say", nil, "judge.model"),
      MergePath("essay", "flow"), MergePath("essay", "flow.weight"),
      MergePath("essay", "flow", "weight"), MergePath("e", "a.b-c_d", "scale.3.5.text"),
      MergePath("essay", nil, "ext.a/b.c d.é"), MergePath("es.say", "x", "ext.a/b"),
    ]
    let rules = Settlement.Rule.named + Self.values.compactMap { $0.map { .value($0) } }
    var random = RandomSource(seed: 7)
    for path in paths {
      for rule in rules {
        for code in [nil, MergeConflict.Code.bothChanged, MergeConflict.Code(rawValue: "newer")] {
          let settled = SettledConflict(
            path, code: code, rule: rule, base: random.pick(Self.values),
            ours: random.pick(Self.values), theirs: random.pick(Self.values),
            result: random.pick(Self.values))
          let (found, findings) = read(settled.json)
          try #require(found == settled, "\(settled.json.jsonText): \(findings)")
        }
      }
    }
  }

  /// A value of `ext` may be as deep as documents go.
  @Test func aDeepValueReadsBack() throws {
    var deep: JSONValue = 1
    for _ in 0..<Limits.ext { deep = ["a": deep] }
    let criterion: JSONValue = ["id": "x", "text": "T", "ext": deep]
    let settled = SettledConflict(
      MergePath("essay", "x"), code: .changedAndRemoved, rule: .ours, base: criterion,
      ours: criterion, theirs: nil, result: criterion)
    #expect(read(settled.json).0 == settled)
  }

  @Test(arguments: [
    "[]", "{}", "3", #"{"path":"essay/flow.weight"}"#, #"{"rule":"ours"}"#,
    #"{"path":"essay/flow.weight","rule":"ours"}"#,
    #"{"path":"essay/flow.weight","criterion":"flow","field":"title","rule":"ours"}"#,
    #"{"path":"Essay","rule":"ours"}"#, #"{"path":"essay","rule":"our"}"#,
    #"{"path":"essay","rule":"value"}"#, #"{"path":"essay","rule":{"value":1,"b":2}}"#,
    #"{"path":"essay","rule":{}}"#, #"{"path":"essay","rule":[1]}"#,
    #"{"path":"essay","rule":"ours","code":[3]}"#, #"{"path":"essay","rule":"ours","cod":"x"}"#,
    #"{"path":"essay/A","criterion":"A","rule":"ours"}"#,
    #"{"path":"essay","field":3,"rule":"ours"}"#,
  ])
  func whatIsNoSettlementIsReported(_ text: String) throws {
    let (_, findings) = read(try JSONValue(parsing: text))
    #expect(!findings.isEmpty)
  }

  @Test func conflictsTellAbsenceFromNull() throws {
    let gated = try Rubric(
      parsing: """
        schema: rubric/1
        id: essay
        criteria:
          - id: flow
            text: Does it flow?
            gate: {min: 1, effect: veto}
        """)
    var (cleared, raised) = (gated, gated)
    cleared.criteria[0].gate = nil
    raised.criteria[0].gate = Gate(min: 0)
    let edit = Edit(.clearGate("flow", before: Gate(min: 1)), rationale: "R")
    let merge = try Rubric.merge(
      base: gated, ours: MergeSide(cleared, history: [.init(commit: "c0ffee", edit: edit)]),
      theirs: MergeSide(raised))
    var conflict = try #require(merge.conflicts.first)
    conflict.message = "M"
    #expect(
      conflict.json.jsonText
        == #"{"code":"both_changed","path":"essay/flow.gate","criterion":"flow","field":"gate","#
        + #""base":{"min":1,"effect":"veto"},"ours":null,"theirs":{"min":0,"effect":"veto"},"#
        + #""our_causes":[{"commit":"c0ffee","edit":{"op":"clear_gate","id":"flow","#
        + #""before":{"min":1,"effect":"veto"},"rationale":"R"}}],"their_causes":[],"message":"M","#
        + #""rules":["ours","theirs","base","strictest"],"takes_value":true}"#)
    // There is nothing where one side removed the criterion.
    var removed = gated
    removed.criteria = [Criterion(id: "other", text: "O")]
    let gone = try Rubric.merge(
      base: gated, ours: MergeSide(cleared), theirs: MergeSide(removed))
    let json = try #require(gone.conflicts.first).json
    #expect(json["ours"] != nil && json["theirs"] == nil && json["field"] == nil)
  }
}
