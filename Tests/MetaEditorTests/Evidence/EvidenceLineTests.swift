import MetaEditor
import RubricStore
import Testing

@Suite struct EvidenceLineTests {
  private func read(_ line: String) throws(SyntaxError) -> GradedRollout {
    try GradedRollout(parsing: Array(line.utf8), lineNumber: 7)
  }

  private func findings(_ line: String) -> [String] {
    do throws(SyntaxError) {
      _ = try read(line)
      return []
    } catch {
      return error.findings.map(\.description)
    }
  }

  @Test func aLineIsReadAndWrittenAlike() throws {
    let line =
      #"{"rollout":"r1","prompt":"p","response":"a","rubric":"abc","#
      + #""verdicts":{"flow":{"value":1,"reason":"it does"},"tone":"na","x":{"error":"timeout"}},"#
      + #""reward":0.5,"gold":-2.25,"step":640,"policy":"ckpt-3","#
      + #""judge":{"model":"qwen","prompt":"9f"},"ext":{"a":[1,null]}}"#
    let record = try read(line)
    #expect(record.json.jsonText == line)
    #expect(record.rollout.gold == -2.25)
    #expect(record.judge == JudgeStamp(model: "qwen", prompt: "9f"))
    #expect(record.verdicts["x"]?.answer == .error("timeout"))
  }

  @Test func messagesAreJoined() throws {
    let record = try read(
      #"{"rollout":"r","rubric":"c","verdicts":{},"prompt":[{"role":"system","content":"Be kind."},"#
        + #"{"role":"user","content":"Write.","name":"x"}],"#
        + #""response":[{"role":"assistant","content":"I wrote."}]}"#)
    #expect(record.rollout.prompt == "system: Be kind.\n\nuser: Write.")
    #expect(record.rollout.response == "I wrote.")
  }

  @Test func aMessageThatCallsAToolHasNoText() throws {
    let record = try read(
      #"{"rollout":"r","rubric":"c","verdicts":{},"prompt":"p","response":["#
        + #"{"role":"assistant","content":null,"tool_calls":[]},{"role":"tool","content":"4"}]}"#)
    #expect(record.rollout.response == "assistant: \n\ntool: 4")
  }

  @Test(arguments: [
    (#"{"rollout":"r","prompt":"p","response":"a","rubric":"c"}"#, "has no `verdicts`"),
    (#"{"rollout":"r","prompt":"p","response":"a","verdicts":{}}"#, "has no `rubric`"),
    (#"{"rollout":"r","response":"a","rubric":"c","verdicts":{}}"#, "has no `prompt`"),
    (#"{"rollout":"","prompt":"p","response":"a","rubric":"c","verdicts":{}}"#, "has no name"),
    (
      #"{"rollout":"r","prompt":"p","response":"a","rubric":"c","verdicts":{},"golden":1}"#,
      "did you mean `gold`?"
    ),
    (
      #"{"rollout":"r","prompt":"p","response":"a","rubric":"c","verdicts":{},"step":-1}"#,
      "expected a step of 0 or more"
    ),
    (
      #"{"rollout":"r","prompt":"p","response":"a","rubric":"c","verdicts":{},"gold":NaN}"#, "7:"
    ),
    (
      #"{"rollout":"r","prompt":"p","response":"a","rubric":"c","verdicts":{"flow":null}}"#,
      "found null"
    ),
    (#"{"rollout":"r","prompt":{"a":1},"response":"a","rubric":"c","verdicts":{}}"#, "text"),
    (#"[1]"#, "expected a mapping"),
    (#"{"rollout":"r""#, "7:"),
    ("", "7:"),
  ])
  func whatIsNoEvidenceIsTold(_ line: String, _ words: String) {
    let found = findings(line)
    #expect(!found.isEmpty)
    #expect(found.contains { $0.contains(words) }, "\(found)")
  }

  @Test func everyLineIsBelow() throws {
    // The schema names each key that is read.
    let properties = GradedRollout.schema["properties"]?.object?.members.map(\.key) ?? []
    #expect(
      properties == [
        "rollout", "prompt", "response", "rubric", "verdicts", "reward", "gold", "step", "policy",
        "judge", "ext",
      ])
  }

  @Test func aGradedLineIsARolloutToo() throws {
    let line = #"{"rollout":"r","prompt":"p","response":"a","rubric":"c","verdicts":{"f":1}}"#
    let rollout = try Rollout(parsing: Array(line.utf8))
    #expect(rollout == Rollout(name: "r", prompt: "p", response: "a"))
    #expect(rollout.json.jsonText == #"{"rollout":"r","prompt":"p","response":"a"}"#)
  }
}
