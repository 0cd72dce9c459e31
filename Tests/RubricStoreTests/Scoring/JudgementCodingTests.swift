import RubricStore
import Testing

@Suite("Judgements as JSON lines")
struct JudgementCodingTests {
  private func parse(_ text: String, line: Int = 1) throws -> Judgement {
    try Judgement(parsing: Array(text.utf8), lineNumber: line)
  }

  private func problem(_ text: String, line: Int = 1) -> String {
    do throws(SyntaxError) {
      return "\(try Judgement(parsing: Array(text.utf8), lineNumber: line))"
    } catch {
      return error.description
    }
  }

  @Test("every form of a verdict")
  func forms() throws {
    let judgement = try parse(
      """
      {"rollout": "r1", "rubric": "c0ffee", "verdicts": {"flow": 4, "x": "na", "half": 2.5e-1, \
      "y": {"value": 3, "reason": "because"}, "z": {"error": "timeout"}, "b": true, "c": false, \
      "n": {"na": true, "reason": "no code"}, "v": {"value": true}, "e": {"error": "e", "reason": null}}}
      """)
    #expect(judgement.rollout == "r1")
    #expect(judgement.rubric == "c0ffee")
    #expect(
      judgement.verdicts == [
        "flow": .value(4), "x": .notApplicable, "half": .value(0.25),
        "y": Verdict(.value(3), reason: "because"), "z": .error("timeout"), "b": .value(1),
        "c": .value(0), "n": Verdict(.notApplicable, reason: "no code"), "v": .value(1),
        "e": .error("e"),
      ])
    #expect(try parse(judgement.json.jsonText) == judgement)
    #expect(try parse(#"{"rollout": "r", "rubric": null, "verdicts": {}}"#).rubric == nil)
  }

  @Test(
    "what is wrong is named with its line, its column, its criterion and its rollout",
    arguments: [
      (
        #"{"rollout": "r1", "verdicts": {"x": null}}"#,
        #"7:37: verdicts.x: found null, expected a number, true, false, "na", or an object with one of them, in rollout `r1` (write "na" if the criterion does not apply, {"error": "…"} if the judge failed)"#
      ),
      (
        #"{"rollout": "r1", "verdict": {}, "verdicts": {}}"#,
        "7:19: unknown key `verdict` in a judgement, in rollout `r1` (did you mean `verdicts`?)"
      ),
      (
        #"{"rollout": "r1", "verdicts": {"x": {"valeu": 1}}}"#,
        "7:38: verdicts.x: unknown key `valeu` in a verdict, in rollout `r1` (did you mean `value`?)\n"
          + "7:37: verdicts.x: expected exactly one of `value`, `na: true` and `error`, in rollout `r1` (a judge that failed gave no value)"
      ),
      (
        #"{"rollout": "r1", "verdicts": {"x": {"value": 1, "error": "e"}}}"#,
        "7:37: verdicts.x: expected exactly one of `value`, `na: true` and `error`, in rollout `r1` (a judge that failed gave no value)"
      ),
      (
        #"{"rollout": "r1", "verdicts": {"x": "5"}}"#,
        #"7:37: verdicts.x: found the text `5`, expected a number, true, false, "na", or an object with one of them, in rollout `r1` (write the number without quotes)"#
      ),
      (
        #"{"verdicts": {"x": 5}}"#,
        "7:1: the judgement has no `rollout` (add `rollout: …`)"
      ),
      (
        #"{"rollout": "r1", "verdicts": {"X y": 5}}"#,
        "7:32: verdicts.X y: found `X y`, which is no criterion id, in rollout `r1` (an id is 1 to 128 of a-z, 0-9, `-`, `_` and `.`, with a letter or a digit first and last)"
      ),
      (
        #"{"rollout": "r1", "verdicts": {"x": 1, "x": 2}}"#,
        "7:40: the key `x` stands twice in one object, first on line 1, in rollout `r1`"
      ),
      (
        #"{"rollout": "r1", "verdicts": {"x": 1e400}}"#,
        "7:37: the number `1e400` is too large, in rollout `r1`\n"
          + "7:37: verdicts.x: found `1e400`, expected a finite number, in rollout `r1`"
      ),
      (
        #"{"rollout": "r1", "verdicts": [1]}"#,
        "7:31: verdicts: found a list, expected a mapping (of criterion ids to verdicts), in rollout `r1`"
      ),
    ])
  func refused(_ text: String, _ expected: String) {
    #expect(problem(text, line: 7) == expected)
  }

  @Test("a line of evidence is a judgement; what it has besides is passed over")
  func evidence() throws {
    let line = #"""
      {"rollout": "r1", "prompt": [{"role": "user", "content": "?"}], "response": "a", "rubric": "c0", \
      "verdicts": {"flow": 4}, "reward": null, "gold": 0.5, "step": 3, "policy": "p", \
      "judge": {"model": "m"}, "ext": {"a": [1, {"b": 2}]}}
      """#
    let judgement = try parse(line.replacing("\\\n", with: ""))
    #expect(judgement == Judgement(rollout: "r1", rubric: "c0", verdicts: ["flow": .value(4)]))
    #expect(
      judgement.json.jsonText == #"{"rollout":"r1","rubric":"c0","verdicts":{"flow":4}}"#)
    #expect(
      problem(#"{"rollout": "r", "verdicts": {}, "promt": "x"}"#)
        == "1:34: unknown key `promt` in a judgement, in rollout `r` (did you mean `prompt`?)")
    #expect(
      problem(#"{"rollout": "r", "verdicts": {}, "gold": 1, "gold": 2}"#)
        == "1:45: the key `gold` stands twice in one object, first on line 1, in rollout `r`")
  }

  @Test(
    "hostile lines end in an error",
    arguments: [
      "", " ", "[]", "1", "\u{0}", "{", #"{"rollout": "r", "verdicts": {"x": [[[[[[]]]]]]}}"#,
      #"{"rollout": [], "verdicts": {}}"#, #"{"rollout": "", "verdicts": {}}"#,
      #"{"rollout": "r", "verdicts": {"x": {"na": false}}}"#,
      #"{"rollout": "r", "verdicts": {"x": NaN}}"#,
      #"{"rollout": "r", "verdicts": {}} {"rollout": "r", "verdicts": {}}"#,
      String(repeating: "[", count: 200_000),
      "{\"rollout\": \"r\", \"verdicts\": {\"x\": "
        + String(repeating: "{\"value\":", count: 100_000),
    ])
  func hostile(_ text: String) {
    #expect(throws: SyntaxError.self) { try parse(text) }
  }

  @Test("bytes that are not UTF-8 are refused")
  func encoding() {
    #expect(throws: SyntaxError.self) {
      try Judgement(
        parsing: Array(#"{"rollout": ""#.utf8) + [0xFF] + Array(#"", "verdicts": {}}"#.utf8))
    }
  }

  @Test("a score explains itself in JSON, every key there")
  func explanation() throws {
    var gated = Criterion(id: "a", text: "?")
    gated.gate = Gate(min: 1, effect: .cap, cap: 0.5)
    var off = Criterion(id: "c", text: "?")
    off.status = .inactive
    let compiled = CompiledRubric(
      Rubric(id: "r", criteria: [gated, Criterion(id: "b", text: "?"), off]))
    let judgement = try parse(
      #"{"rollout": "r1", "verdicts": {"a": {"value": 0, "reason": "no"}, "b": true, "c": 1}}"#)
    #expect(
      compiled.explain(judgement).json.jsonText
        == #"{"rollout":"r1","rubric":null,"reward":0.5,"raw":0.5,"unscorable":[],"contributions":["#
        + #"{"id":"a","group":null,"isGroup":false,"treatment":"counted","verdict":{"value":0,"reason":"no"},"normalized":0,"weight":1,"value":0,"share":0.5,"contribution":0},"#
        + #"{"id":"b","group":null,"isGroup":false,"treatment":"counted","verdict":1,"normalized":1,"weight":1,"value":1,"share":0.5,"contribution":0.5},"#
        + #"{"id":"c","group":null,"isGroup":false,"treatment":"inactive","verdict":1,"normalized":null,"weight":1,"value":null,"share":null,"contribution":null}],"#
        + #""gates":[{"id":"a","value":0,"min":1,"effect":"cap","cap":0.5,"limit":0.5,"fired":true}],"missing":[],"ignored":["c"]}"#
    )
    let failed = try parse(#"{"rollout": "r1", "verdicts": {"a": {"error": "x"}, "b": "na"}}"#)
    #expect(
      compiled.score(failed).json.jsonText
        == #"{"reward":null,"raw":null,"unscorable":[{"code":"judge_error","criterion":"a","message":"the judge failed (x), and the rubric's missing policy is error"}]}"#
    )
  }

  @Test("the schema names the dialect and closes its objects")
  func schema() {
    let schema = Judgement.schema
    #expect(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema")
    #expect(schema["required"] == ["rollout", "verdicts"])
    #expect(schema["additionalProperties"] == false)
    #expect(schema["properties"]?["gold"] == ["description": "Not read here."])
    #expect(schema["properties"]?["verdicts"]?["additionalProperties"]?["anyOf"]?.array?.count == 6)
  }

  /// An answer under the schema that the judge was given scores as it is.
  @Test func aJudgesAnswerIsAVerdict() throws {
    let line = #"""
      {"rollout": "r1", "verdicts": {"a": {"reason": "x", "verdict": 3}, "b": {"verdict": "na"}}}
      """#
    let judgement = try Judgement(parsing: Array(line.utf8))
    #expect(judgement.verdicts["a"] == Verdict(.value(3), reason: "x"))
    #expect(judgement.verdicts["b"]?.answer == .notApplicable)
    #expect(throws: SyntaxError.self) {
      try Judgement(
        parsing: Array(#"{"rollout": "r", "verdicts": {"a": {"verdict": 3, "value": 3}}}"#.utf8))
    }
  }
}
