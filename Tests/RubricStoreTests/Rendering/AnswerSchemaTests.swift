import RubricStore
import Testing

@Suite("The schema of the judge's answer")
struct AnswerSchemaTests {
  private func rubric(
    _ mode: JudgeContract.Mode, _ output: JudgeContract.Output = .reasoned
  ) -> Rubric {
    var flow = Criterion(id: "flow", text: "?")
    flow.scale = .levels([Level(value: 2), Level(value: 0.5), Level(value: 0)])
    var code = Criterion(id: "plan", text: "?")
    code.appliesWhen = "There is code."
    var off = Criterion(id: "off", text: "?")
    off.status = .inactive
    var group = Criterion(id: "group")
    group.criteria = [code, off]
    var rubric = Rubric(id: "r", criteria: [flow, group])
    rubric.judge = JudgeContract(mode: mode, output: output)
    return rubric
  }

  private let reason = #""reason":{"type":"string","maxLength":2000}"#
  private let closed = #""additionalProperties":false}"#
  private var flow: String {
    #"{"type":"object","properties":{\#(reason),"verdict":{"type":"number","enum":[2,0.5,0]}},"#
      + #""required":["reason","verdict"],\#(closed)"#
  }
  private var plan: String {
    #"{"type":"object","properties":{\#(reason),"verdict":{"anyOf":[{"type":"integer","enum":[0,1]},"#
      + #"{"type":"string","enum":["na"]}]}},"required":["reason","verdict"],\#(closed)"#
  }

  @Test("one call: keyed by id, the reason first")
  func oneCall() {
    let whole =
      #"{"type":"object","properties":{"flow":\#(flow),"plan":\#(plan)},"required":["flow","plan"],\#(closed)"#
    #expect(rubric(.oneCall).answerSchema().jsonText == whole)
    #expect(rubric(.perCriterion).answerSchema().jsonText == whole)
    #expect(
      rubric(.planExecute).answerSchema().jsonText
        == #"{"type":"object","properties":{"plan":{"type":"string","maxLength":2000},"verdicts":\#(whole)},"#
        + #""required":["plan","verdicts"],\#(closed)"#)
  }

  @Test("one criterion, and the verdict alone")
  func perCriterion() {
    #expect(rubric(.perCriterion).answerSchema(for: "flow")?.jsonText == flow)
    #expect(
      rubric(.perCriterion, .value).answerSchema(for: "flow")?.jsonText
        == #"{"type":"object","properties":{"verdict":{"type":"number","enum":[2,0.5,0]}},"required":["verdict"],\#(closed)"#
    )
  }

  @Test("one overall verdict")
  func holistic() {
    #expect(
      rubric(.holistic).answerSchema().jsonText
        == #"{"type":"object","properties":{\#(reason),"overall":{"type":"number","minimum":0,"maximum":1}},"#
        + #""required":["reason","overall"],\#(closed)"#)
  }

  @Test(
    "numbers: whole steps, multiples where they are exact, otherwise the values",
    arguments: [
      (NumericRange(min: 0, max: 5, step: 1), #"{"type":"integer","minimum":0,"maximum":5}"#),
      (NumericRange(min: -1.5, max: 5), #"{"type":"number","minimum":-1.5,"maximum":5}"#),
      (
        NumericRange(min: 0, max: 30, step: 5),
        #"{"type":"integer","minimum":0,"maximum":30,"multipleOf":5}"#
      ),
      (NumericRange(min: 1, max: 10, step: 3), #"{"type":"integer","enum":[1,4,7,10]}"#),
      (
        NumericRange(min: 0, max: 1, step: 0.1),
        #"{"type":"number","enum":[0,0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,1]}"#
      ),
      (
        NumericRange(min: 0.1, max: 0.7, step: 0.2), #"{"type":"number","enum":[0.1,0.3,0.5,0.7]}"#
      ),
      (
        NumericRange(min: 0.5, max: 2, step: 0.75), #"{"type":"number","enum":[0.5,1.25,2]}"#
      ),
      (
        NumericRange(min: 0, max: 1, step: 0.0001), #"{"type":"number","minimum":0,"maximum":1}"#
      ),
      (
        NumericRange(min: 1, max: 30_001, step: 3),
        #"{"type":"integer","minimum":1,"maximum":30001}"#
      ),
    ])
  func numbers(_ range: NumericRange, _ expected: String) {
    var criterion = Criterion(id: "a", text: "?")
    criterion.scale = .numeric(range, levels: [])
    var rubric = Rubric(id: "r", criteria: [criterion])
    rubric.judge.output = .value
    #expect(rubric.answerSchema(for: "a")?["properties"]?["verdict"]?.jsonText == expected)
  }

  /// Every value that a schema lists is a verdict that scoring takes.
  @Test func listedValuesCanBeScored() throws {
    var listed = 0
    try forAll { make in
      var criterion = Criterion(id: "a", text: "?")
      criterion.scale = make.scale()
      let rubric = Rubric(id: "r", criteria: [criterion])
      guard rubric.findings.isEmpty else { return }
      let compiled = CompiledRubric(rubric)
      let schema = rubric.answerSchema(for: "a")?["properties"]?["verdict"]
      for value in schema?["enum"]?.array ?? [] {
        let line = #"{"rollout": "x", "verdicts": {"a": \#(value.jsonText)}}"#
        let judgement = try Judgement(parsing: Array(line.utf8))
        try #require(compiled.score(judgement).reward != nil, "\(criterion.scale): \(line)")
        listed += 1
      }
    }
    #expect(listed > 0)
  }
}
