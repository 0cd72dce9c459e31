import Foundation
import Testing

/// What the program writes and reads, against the schemas that it prints, by the Python module
/// `jsonschema`.
@Suite(.enabled(if: Python.hasJSONSchema, "the Python module jsonschema is not installed"))
struct SchemaTests {
  private static let checker = """
    import json, sys
    from jsonschema import Draft202012Validator
    schema = json.load(open(sys.argv[1]))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    count = bad = 0
    for number, line in enumerate(open(sys.argv[2], encoding="utf-8"), 1):
        value = json.loads(line)
        for item in (value[sys.argv[3]] if len(sys.argv) > 3 else [value]):
            count += 1
            for error in validator.iter_errors([item] if len(sys.argv) > 3 else item):
                bad += 1
                print(number, list(error.absolute_path), error.message[:300])
    print(count, "checked")
    sys.exit(1 if bad else 0)
    """

  private func session() throws -> CommandLineSession {
    let session = try CommandLineSession.withEssay()
    try session.write("check.py", Self.checker)
    for name in ["rubric", "edits", "verdicts", "evidence", "policy"] {
      try session.quietly("rubricctl schema \(name) > \(name).schema")
    }
    return session
  }

  @Test func schemasAreSchemas() throws {
    let session = try session()
    for name in ["rubric", "edits", "verdicts", "evidence", "policy"] {
      try session.quietly("python3 check.py \(name).schema /dev/null")
      let text = try session.quietly("rubricctl schema \(name) --json").output
      #expect(text.split(separator: "\n").count == 1)
    }
  }

  @Test func rubricsKeepTheirs() throws {
    let session = try session()
    try session.quietly("rubricctl import '\(Fixture.path("summary.txt"))'")
    try session.quietly("rubricctl import '\(Fixture.path("replication.json"))'")
    for name in ["essay", "summary", "replication"] {
      try session.quietly(
        "rubricctl pull \(name)@ --format json | python3 -c 'import json,sys;"
          + " print(json.dumps(json.load(sys.stdin)))' >> rubrics.jsonl")
    }
    let result = try session.quietly("python3 check.py rubric.schema rubrics.jsonl")
    #expect(result.output == "3 checked\n")
    // And the schema refuses what is none.
    for wrong in [
      #"{"schema": "rubric/1", "id": "x"}"#, #"{"schema": "rubric/2", "id": "x", "criteria": []}"#,
      #"{"schema": "rubric/1", "id": "X!", "criteria": [{"id": "a", "text": "b"}]}"#,
      #"{"schema": "rubric/1", "id": "x", "criteria": [{"id": "a", "wieght": 1}]}"#,
      #"{"schema": "rubric/1", "id": "x", "criteria": [{"id": "a", "weight": -1}]}"#,
    ] {
      try session.write("wrong.jsonl", wrong)
      #expect(
        try session.execute("python3 check.py rubric.schema wrong.jsonl").status == 1, "\(wrong)")
    }
  }

  /// The edits of every command, as `log --json`, `diff --json` and the commits' trailers have them.
  @Test func editsKeepTheirs() throws {
    let session = try session()
    for command in ChangeTests.commands { _ = try session.execute("rubricctl \(command)") }
    try session.quietly("rubricctl log --json > log.jsonl")
    let operations = try session.quietly(
      "python3 -c \"import json; print(len({e['op'] for l in open('log.jsonl') for e in"
        + " json.loads(l)['edits']}))\"")
    // All kinds but `set_ext`, which no command makes.
    #expect(operations.output == "36\n")
    try session.quietly("python3 check.py edits.schema log.jsonl edits")
    _ = try session.execute("rubricctl diff main~60 main --json > diff.jsonl")
    try session.quietly("python3 check.py edits.schema diff.jsonl edits")
    try session.write("wrong.jsonl", #"{"edits": [{"op": "reweight", "id": "a", "after": "b"}]}"#)
    #expect(
      try session.execute("python3 check.py edits.schema wrong.jsonl edits").status == 1)
  }

  @Test func verdictsKeepTheirs() throws {
    let session = try session()
    try session.write(
      "good.jsonl",
      """
      {"rollout": "r1", "verdicts": {"focus": 5, "facts": "na", "flow": {"error": "timeout"}}}
      {"rollout": "r2", "rubric": "\(String(repeating: "a", count: 40))", "verdicts": {}}
      {"rollout": "r3", "prompt": "?", "response": "!", "rubric": "c", "verdicts": {}, "gold": 1, "ext": {"a": 1}}
      """)
    try session.quietly("python3 check.py verdicts.schema good.jsonl")
    for wrong in [
      #"{"rollout": "r", "verdicts": {}, "promt": ""}"#, #"{"verdicts": [1]}"#,
      #"{"rollout": "r", "verdicts": {"a": "yes"}}"#, "[]",
    ] {
      try session.write("wrong.jsonl", wrong)
      #expect(
        try session.execute("python3 check.py verdicts.schema wrong.jsonl").status == 1, "\(wrong)")
    }
  }

  @Test func evidenceKeepsIts() throws {
    let session = try session()
    try session.write(
      "good.jsonl",
      """
      {"rollout": "r1", "prompt": "p", "response": "a", "rubric": "abc", "verdicts": {"flow": 1}, "gold": 0.5}
      {"rollout": "r2", "prompt": [{"role": "user", "content": "p"}], "response": "a", "rubric": "abc", "verdicts": {"flow": {"error": "timeout"}}, "judge": {"model": "m"}}
      """)
    try session.quietly("python3 check.py evidence.schema good.jsonl")
    for wrong in [
      #"{"rollout": "r", "prompt": "p", "response": "a", "rubric": "abc"}"#,
      #"{"rollout": "r", "prompt": 1, "response": "a", "rubric": "abc", "verdicts": {}}"#, "[]",
    ] {
      try session.write("wrong.jsonl", wrong)
      #expect(
        try session.execute("python3 check.py evidence.schema wrong.jsonl").status == 1, "\(wrong)")
    }
  }

  @Test func policiesKeepTheirs() throws {
    let session = try session()
    try session.quietly("rubricctl policy init --print --json > good.jsonl")
    try session.quietly("echo '{\"schema\": \"rubric-policy/1\"}' >> good.jsonl")
    try session.quietly("python3 check.py policy.schema good.jsonl")
    for wrong in [
      "{}", #"{"schema": "rubric-policy/1", "suport": {}}"#,
      #"{"schema": "rubric-policy/1", "trust_region": {"weight_ratio": 0.5}}"#,
      #"{"schema": "rubric-policy/1", "lints": {"leaked_label": "never"}}"#,
      #"{"schema": "rubric-policy/1", "lints": {"nolint": "off"}}"#,
      #"{"schema": "rubric-policy/1", "agreement": {"holdout": 1}}"#,
    ] {
      try session.write("wrong.jsonl", wrong)
      #expect(
        try session.execute("python3 check.py policy.schema wrong.jsonl").status == 1, "\(wrong)")
      #expect(try session.execute("rubricctl policy check wrong.jsonl").status == 1, "\(wrong)")
    }
  }
}

private enum Python {
  static let hasJSONSchema =
    (try? CommandLineSession().execute("python3 -c 'import jsonschema'").status) == 0
}
