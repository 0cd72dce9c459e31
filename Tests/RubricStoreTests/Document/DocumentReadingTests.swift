import RubricStore
import Testing

/// Valid documents as people write them.
@Suite struct DocumentReadingTests {
  @Test func defaults() throws {
    let rubric = try Rubric(
      parsing: """
        schema: rubric/1
        id: essay
        criteria:
          - id: flow
            text: Does it flow?
        """)
    #expect(rubric == Rubric(id: "essay", criteria: [Criterion(id: "flow", text: "Does it flow?")]))
  }

  @Test func writtenOutDefaultsAreLeftOut() throws {
    let rubric = try Rubric(
      parsing: """
        {"id": "essay", "schema": "rubric/1", "title": "", "description": "",
         "subject": {"granularity": "global", "key": null}, "judge": {"mode": "per_criterion",
         "template": "", "model": "", "output": "reasoned"}, "preamble": "", "postamble": '',
         "aggregation": {"method": weighted_mean, "clip": [0, 1.0], "missing": "error",
         "na": "exclude"}, "budget": {criteria: null, depth: ~, characters: }, "ext": {},
         "criteria": [{"id": "flow", "title": "", "text": "Does it flow?", "weight": 1.0,
         "polarity": "positive", "credit": "penalty", "scale": "binary", "lower_when": [],
         "gate": null, "status": "active", "pinned": false, "origin": "human", "applies_when": "",
         "tags": [], "rollup": "weighted_mean", "ext": {}, "criteria": []}]}
        """)
    #expect(
      rubric.canonicalText == """
        schema: rubric/1
        id: essay
        criteria:
          - id: flow
            text: Does it flow?

        """)
    #expect(
      rubric.json.jsonText == #"""
        {"schema":"rubric/1","id":"essay","criteria":[{"id":"flow","text":"Does it flow?"}]}
        """#)
  }

  @Test(arguments: [
    ("1", 1), ("1.0", 1), ("+3", 3), (".5", 0.5), ("1.", 1), ("1e3", 1_000), ("-0", 0),
    ("2.5e-3", 0.0025), ("1E2", 100),
  ]) func numbers(_ text: String, _ weight: Double) throws {
    let rubric = try Rubric(
      parsing: "schema: rubric/1\nid: e\ncriteria:\n- {id: a, text: x, weight: \(text)}\n"
        + "- {id: b, text: x}\n")
    #expect(rubric.criteria[0].weight == weight)
  }

  @Test func textIsNeverResolved() throws {
    let rubric = try Rubric(
      parsing: """
        schema: rubric/1
        id: no
        title: 12:30
        criteria:
          - id: 012
            text: no
            tags: [1_000, true, 2001-01-01, 0x1F]
        """)
    #expect(rubric.id == "no" && rubric.title == "12:30")
    #expect(rubric.criteria[0].id == "012" && rubric.criteria[0].text == "no")
    #expect(rubric.criteria[0].tags == ["1_000", "true", "2001-01-01", "0x1F"])
    #expect(rubric.canonicalText.contains("text: 'no'\n"))
    #expect(rubric.canonicalText.contains("id: '012'\n"))
  }

  @Test func lineEndsAndMarksDoNotMatter() throws {
    let text = "schema: rubric/1\nid: e\ncriteria:\n- id: a\n  text: |\n    one\n    two\n"
    let crlf = text.split(separator: "\n").joined(separator: "\r\n") + "\r\n"
    let rubric = try Rubric(parsing: text)
    #expect(rubric.criteria[0].text == "one\ntwo\n")
    #expect(try Rubric(parsing: crlf) == rubric)
    #expect(try Rubric(parsing: "\u{FEFF}" + text) == rubric)
  }

  @Test func orderOfKeysInExtensionsDoesNotMatter() throws {
    func rubric(_ ext: String) throws -> Rubric {
      try Rubric(
        parsing: "schema: rubric/1\nid: e\next: \(ext)\ncriteria: [{id: a, text: x}]\n")
    }
    let one = try rubric("{b: {d: 1, c: 2.0}, a: [{z: 1, y: null}]}")
    let other = try rubric("{a: [{y: ~, z: 1}], b: {c: 2.0, d: 1}}")
    #expect(one == other)
    #expect(one.canonicalText.isVerbatim(other.canonicalText))
    #expect(try rubric("{b: {d: 1, c: 2}, a: [{z: 1, y: null}]}") != one)
  }
}
