import Foundation
import Testing

@Suite(.enabled(if: ModelServer.isAvailable, "there is no python3"))
struct JudgeTests {
  private static let rollouts = """
    {"rollout": "r1", "prompt": "Write an essay.", "response": "First, then, last.", "gold": 3}
    {"rollout": "r2", "prompt": [{"role": "user", "content": "Write."}], "response": "Full marks!"}

    """

  private static func session() throws -> CommandLineSession {
    let session = try CommandLineSession.withEssay()
    try session.write("rollouts.jsonl", rollouts)
    return session
  }

  @Test func judge() throws {
    let session = try Self.session()
    let server = try ModelServer("--pick", "hash")
    let own = server.environment
    try session.run("rubricctl judge essay --rollouts rollouts.jsonl", environment: own)
    try session.run("rubricctl judge --rollouts - --limit 1 < rollouts.jsonl", environment: own)
    session.note("what would be asked")
    try session.run("rubricctl judge --rollouts rollouts.jsonl --dry-run | head -40")
    try session.run("rubricctl judge --rollouts rollouts.jsonl -n --json | wc -l")
    session.note("a file is not written twice, and gone on with")
    try session.run(
      "rubricctl judge --rollouts rollouts.jsonl -o a.jsonl --limit 1", environment: own)
    try session.run("rubricctl judge --rollouts rollouts.jsonl -o a.jsonl", environment: own)
    try session.run(
      "rubricctl judge --rollouts rollouts.jsonl -o a.jsonl --resume", environment: own)
    session.note("a last line that was cut is graded again")
    try session.quietly("head -c -20 a.jsonl > b.jsonl")
    try session.run(
      "rubricctl judge --rollouts rollouts.jsonl -o b.jsonl --resume", environment: own)
    try session.run("cmp a.jsonl b.jsonl")
    try session.run(
      "rubricctl judge --rollouts rollouts.jsonl -o a.jsonl --resume --temperature 1",
      environment: own)
    session.note("the words of flow change, and the weight of padding")
    try session.quietly("rubricctl reword flow --text 'Does it really flow?' --because x")
    try session.quietly("rubricctl reweight padding 2 --because x")
    try session.run(
      "rubricctl judge --rollouts rollouts.jsonl -o a.jsonl --resume", environment: own)
    try session.write(
      "pairs.jsonl",
      """
      {"rollout": "r1", "criterion": "flow"}
      {"rollout": "r3", "criterion": "flow"}

      """)
    try session.run("rubricctl judge --rollouts a.jsonl --pairs pairs.jsonl", environment: own)
    try session.run(
      "rubricctl judge --rollouts rollouts.jsonl --pairs pairs.jsonl", environment: own)
    try session.run(
      "rubricctl judge --rollouts a.jsonl --pairs pairs.jsonl --model other", environment: own)
    try session.write("wrong.jsonl", #"{"rollout": "r1", "criterion": "flwo"}"#)
    try session.run("rubricctl judge --rollouts a.jsonl --pairs wrong.jsonl", environment: own)
    session.note("the rubric was written for another model, and another template")
    try session.quietly("rubricctl set-judge --model qwen --because x")
    try session.run("rubricctl judge --rollouts rollouts.jsonl --limit 1", environment: own)
    try session.quietly("rubricctl set-judge --template 0123456789ab --because x")
    try session.run("rubricctl judge --rollouts rollouts.jsonl", environment: own)
    session.note("wrong uses")
    for options in [
      "", "--rollouts gone.jsonl", "--rollouts rollouts.jsonl --resume",
      "--rollouts rollouts.jsonl --limit 0", "nowhere --rollouts rollouts.jsonl",
      "--rollouts - --pairs -",
    ] {
      try session.run("rubricctl judge \(options)", environment: own)
    }
    try session.run("rubricctl judge --rollouts rollouts.jsonl")
    try session.snapshot("judge")
  }

  @Test(arguments: ["per_criterion", "one_call", "plan_execute", "holistic"])
  func everyModeEarnsAReward(mode: String) throws {
    let session = try Self.session()
    if mode != "per_criterion" {
      try session.quietly("rubricctl set-judge --mode \(mode) --because x")
    }
    let server = try ModelServer("--pick", "last")
    let result = try session.quietly(
      "rubricctl judge --rollouts rollouts.jsonl", environment: server.environment)
    #expect(result.lines.count == 2)
    for line in result.lines {
      let record = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let verdicts = try #require(record["verdicts"] as? [String: Any])
      let ids = mode == "holistic" ? ["essay"] : ["facts", "flow", "focus", "padding"]
      #expect(verdicts.keys.sorted() == ids)
      #expect(record["reward"] is NSNumber)
    }
    #expect(result.lines.first?.contains(#""gold":3"#) == true)
    let requests = try server.requests()
    #expect(requests.count == (mode == "per_criterion" ? 8 : 2))
    #expect(requests.allSatisfy { $0.schema != nil })
    // What was judged is scored as `score` does it.
    let judgements = try result.lines.map { line in
      let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      let kept = record?.filter { ["rollout", "rubric", "verdicts"].contains($0.key) }
      return String(
        decoding: try JSONSerialization.data(withJSONObject: try #require(kept)), as: UTF8.self)
    }
    try session.write("v.jsonl", judgements.joined(separator: "\n"))
    let scores = try session.quietly("rubricctl score --verdicts v.jsonl")
    #expect(scores.lines.count == 2)
    for (line, score) in zip(result.lines, scores.lines) {
      #expect(try Self.reward(line) == Self.reward(score))
    }
  }

  private static func reward(_ line: String) throws -> Double? {
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    return (object?["reward"] as? NSNumber)?.doubleValue
  }

  @Test func whatGoesWrongIsAnErrorOrTheEnd() throws {
    let session = try Self.session()
    let server = try ModelServer()
    let own = server.environment
    let command = "rubricctl judge --rollouts rollouts.jsonl --retries 1"
    // An answer that says nothing of use is an error verdict, and the run goes on.
    for mode in ["text", "empty", "cut"] {
      try server.set(["mode": mode])
      let result = try session.execute(command, environment: own)
      #expect(result.status == 1, "\(mode): \(result.errors)")
      #expect(result.lines.count == 2 && result.output.contains(#"{"error":"#), "\(mode)")
      #expect(!result.output.contains(#""reward":"#), "\(mode)")
      #expect(result.errors.contains("8 of 8 verdicts are errors"), "\(mode)")
    }
    // What would be so for every call ends it, with nothing written.
    for mode in ["fail401", "fail404", "html", "fail500"] {
      try server.set(["mode": mode])
      let result = try session.execute(command, environment: own)
      #expect(result.status == 2 && result.output.isEmpty, "\(mode)")
      #expect(result.errors.hasPrefix("error: "), "\(mode): \(result.errors)")
      #expect(result.errors.split(separator: "\n").count <= 3, "\(mode): \(result.errors)")
    }
    try server.set(["mode": "fail429", "times": 1])
    let late = try session.execute(command + " --concurrency 1", environment: own)
    #expect(late.status == 0 && late.lines.count == 2, "\(late.errors)")
    // A server without schemas answers, and is parsed.
    try server.set(["mode": "schema", "no_schema": true])
    let words = try session.execute(command, environment: own)
    #expect(words.status == 1 && words.lines.count == 2, "\(words.errors)")
    let nowhere = try session.execute(
      command, environment: ["RUBRICCTL_ENDPOINT": "http://127.0.0.1:9", "RUBRICCTL_MODEL": "m"])
    #expect(nowhere.status == 2 && nowhere.output.isEmpty)
  }

  @Test func aPartOfAnAnswerIsKept() throws {
    let session = try Self.session()
    try session.quietly("rubricctl set-judge --mode one_call --because x")
    let server = try ModelServer(script: [
      [
        "match": "Full marks!",
        "content": [
          "focus": ["reason": "a", "verdict": 9], "facts": ["reason": "b", "verdict": 1],
          "flow": ["reason": "c", "verdict": 2],
        ],
      ]
    ])
    let result = try session.execute(
      "rubricctl judge --rollouts rollouts.jsonl", environment: server.environment)
    #expect(result.status == 0)
    let line = try #require(result.lines.last)
    #expect(line.contains(#""facts":{"value":1,"reason":"b"}"#))
    #expect(line.contains(#""focus":{"error":"#) && line.contains(#""padding":{"error":"#))
    #expect(result.errors.contains("warning: 2 of 8 verdicts are errors: focus 1, padding 1"))
    #expect(result.errors.contains("warning: 1 rollout without a reward"))
  }

  @Test func aRunThatIsStoppedKeepsWhatItHas() throws {
    let session = try Self.session()
    let server = try ModelServer(script: [["match": "Full marks!", "schema": true, "delay": 600]])
    // The shell ignores interrupts for what runs behind it.
    let stopped = try session.execute(
      """
      rubricctl judge --rollouts rollouts.jsonl -o a.jsonl & own=$!
      until [ -s a.jsonl ]; do sleep 0.05; done
      kill -TERM $own; wait $own
      """, environment: server.environment)
    #expect(stopped.status == 143, "\(stopped.errors)")
    #expect(session.read("a.jsonl")?.split(separator: "\n").count == 1)
    try server.set(["mode": "schema"])
    let rest = try session.quietly(
      "rubricctl judge --rollouts rollouts.jsonl -o a.jsonl --resume",
      environment: server.environment)
    #expect(rest.errors.contains("1 stood there already"))
    #expect(session.read("a.jsonl")?.split(separator: "\n").count == 2)
  }

  @Test func aRolloutIsGradedBeforeTheNextOneComes() throws {
    let session = try Self.session()
    let server = try ModelServer()
    // The second line is only written once the first is graded.
    let result = try session.quietly(
      """
      mkfifo in && touch out
      rubricctl judge --rollouts - < in > out & own=$!
      exec 3> in
      head -1 rollouts.jsonl >&3
      until [ -s out ]; do sleep 0.05; done
      tail -1 rollouts.jsonl >&3
      exec 3>&-
      wait $own && cat out
      """, environment: server.environment)
    #expect(result.lines.count == 2)
  }

  @Test func aLineThatIsNoRolloutIsSaidBeforeAnythingIsAsked() throws {
    let session = try Self.session()
    let server = try ModelServer()
    try session.write("bad.jsonl", Self.rollouts + #"{"rollout": "r3", "prompt": "p"}"# + "\n")
    let result = try session.execute(
      "rubricctl judge --rollouts bad.jsonl", environment: server.environment)
    #expect(result.status == 2 && result.output.isEmpty)
    #expect(result.errors.contains("bad.jsonl:3:") && result.errors.contains("`response`"))
    #expect(try server.requests().isEmpty)
    // From a pipe it is only known when it comes; what came before is graded.
    let piped = try session.execute(
      "cat bad.jsonl | rubricctl judge --rollouts -", environment: server.environment)
    #expect(piped.status == 2 && piped.lines.count == 2)
  }

  @Test func aKeyIsSentAndNotShown() throws {
    let session = try Self.session()
    let server = try ModelServer("--key", "s3cret")
    var environment = server.environment
    environment["OWN_KEY"] = "s3cret"
    let result = try session.execute(
      "rubricctl judge --rollouts rollouts.jsonl --api-key-env OWN_KEY --transcript t.jsonl",
      environment: environment)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try server.requests().allSatisfy(\.isAuthorized))
    #expect(session.read("t.jsonl")?.split(separator: "\n").count == 8)
    #expect(!(result.output + result.errors + (session.read("t.jsonl") ?? "")).contains("s3cret"))
  }
}
