import MetaEditor
import RubricStore
import Testing

@Suite struct SchemaCheckTests {
  private func problems(_ value: String, _ schema: String) throws -> [String] {
    SchemaCheck.problems(
      of: try JSONValue(parsing: value), against: try JSONValue(parsing: schema))
  }

  @Test(arguments: [
    ("1", #"{"type":"integer"}"#), ("1.0", #"{"type":"integer"}"#), ("1", #"{"type":"number"}"#),
    ("null", #"{"type":["string","null"]}"#), ("1", "{}"), ("1", "true"),
    ("4.0", #"{"enum":[4]}"#), ("4", #"{"const":4.0}"#),
    (#""é""#, #"{"maxLength":1,"minLength":1}"#),
    ("[1,2]", #"{"minItems":2,"maxItems":2,"items":{"type":"integer"}}"#),
    (#"{"a":1,"b":2}"#, #"{"properties":{"a":{"type":"integer"}}}"#),
    (#"{"b":2}"#, #"{"additionalProperties":{"type":"integer"}}"#),
    ("5", #"{"minimum":5,"maximum":5}"#), ("5", #"{"exclusiveMinimum":4,"exclusiveMaximum":6}"#),
    ("1", #"{"anyOf":[{"type":"string"},{"type":"integer"}]}"#),
    ("1", #"{"oneOf":[{"type":"string"},{"type":"integer"}]}"#),
    ("1", #"{"allOf":[{"type":"integer"},{"minimum":1}]}"#),
    (#"{"a":1}"#, ##"{"properties":{"a":{"$ref":"#/$defs/n"}},"$defs":{"n":{"type":"integer"}}}"##),
    ("1", #"{"format":"email","unknown":3}"#), ("\"a\"", #"{"minimum":3,"minItems":4}"#),
  ]) func passes(_ value: String, _ schema: String) throws {
    #expect(try problems(value, schema) == [])
  }

  @Test(arguments: [
    ("1.5", #"{"type":"integer"}"#, "the answer is 1.5; a whole number is expected"),
    ("true", #"{"type":"integer"}"#, "the answer is true; a whole number is expected"),
    ("null", #"{"type":["string","array"]}"#, "the answer is null; text or a list is expected"),
    ("{}", #"{"type":"array"}"#, "the answer is an object; a list is expected"),
    ("1", "false", "the answer must not be there"),
    (
      "\"flwo\"", #"{"enum":["flow","style"]}"#,
      "the answer is `flwo`; expected is `flow` or `style` (did you mean `flow`?)"
    ),
    (
      "9007199254740993", #"{"const":9007199254740992}"#,
      "the answer is 9007199254740993; 9007199254740992 is expected"
    ),
    ("\"\"", #"{"minLength":1}"#, "the answer is empty"),
    ("\"abc\"", #"{"maxLength":2}"#, "the answer has 3 characters; at most 2 are expected"),
    ("[]", #"{"minItems":1}"#, "the answer has 0 items; at least 1 are expected"),
    ("[1,2]", #"{"maxItems":1}"#, "the answer has 2 items; at most 1 are expected"),
    ("[1,\"a\"]", #"{"items":{"type":"integer"}}"#, "`[1]` is `a`; a whole number is expected"),
    ("6", #"{"maximum":5}"#, "the answer is 6; at most 5 is expected"),
    ("-1", #"{"minimum":0}"#, "the answer is -1; at least 0 is expected"),
    ("0", #"{"exclusiveMinimum":0}"#, "the answer is 0; more than 0 is expected"),
    ("6", #"{"exclusiveMaximum":6.0}"#, "the answer is 6; less than 6.0 is expected"),
    ("{}", #"{"required":["a"]}"#, "the answer has no `a`"),
    (
      #"{"scroe":1}"#, #"{"properties":{"score":{}},"additionalProperties":false}"#,
      "the answer has `scroe`, which is not known (did you mean `score`?)"
    ),
    (
      #"{"a":{"b":[{"c":1}]}}"#,
      #"{"properties":{"a":{"properties":{"b":{"items":{"properties":{"c":{"type":"string"}}}}}}}}"#,
      "`a.b[0].c` is 1; text is expected"
    ),
    (
      #"{"x":"y"}"#, #"{"additionalProperties":{"type":"integer"}}"#,
      "`x` is `y`; a whole number is expected"
    ),
    (
      "1", #"{"oneOf":[{"type":"integer"},{"minimum":0}]}"#,
      "the answer fits 2 of the forms that it may have; one is expected"
    ),
    (
      "1", #"{"anyOf":[{"type":"string"},{"type":"null"}]}"#,
      "the answer fits none of the 2 forms that it may have: it is 1"
    ),
    ("1", #"{"anyOf":[{"type":"string"}]}"#, "the answer is 1; text is expected"),
    (
      "1", ##"{"$ref":"#/$defs/none"}"##,
      "the answer is described by `#/$defs/none`, which the schema lacks"
    ),
  ]) func tells(_ value: String, _ schema: String, _ problem: String) throws {
    #expect(try problems(value, schema) == [problem])
  }

  private let edits = ##"""
    {"type":"array","items":{"anyOf":[
      {"type":"object","properties":{"op":{"const":"tighten"},"id":{"enum":["flow","style"]}},
       "required":["op","id"],"additionalProperties":false},
      {"type":"object","properties":{"op":{"const":"reweight"},"after":{"type":"number"}},
       "required":["op","after"],"additionalProperties":false}]}}
    """##

  @Test func theFormThatIsMeantSaysWhatIsWrong() throws {
    #expect(
      try problems(#"[{"op":"tighten","id":"flwo"}]"#, edits) == [
        "`[0].id` is `flwo`; expected is `flow` or `style` (did you mean `flow`?)"
      ])
    #expect(try problems(#"[{"op":"reweight"}]"#, edits) == ["`[0]` has no `after`"])
    #expect(
      try problems(#"[{"op":"tightn"}]"#, edits) == [
        "`[0]` fits none of the 2 forms that it may have: `op` is `tightn`; expected is `tighten` or "
          + "`reweight` (did you mean `tighten`?)"
      ])
  }

  @Test func aSchemaThatRefersToItselfEnds() throws {
    let schema = ##"{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/a"}}}"##
    #expect(try problems("1", schema) == ["the answer is nested too deeply"])
    let tree = ##"""
      {"$ref":"#/$defs/t","$defs":{"t":{"type":"object","properties":
        {"kids":{"type":"array","items":{"$ref":"#/$defs/t"}}},"additionalProperties":false}}}
      """##
    #expect(try problems(#"{"kids":[{"kids":[]},{"kids":[{}]}]}"#, tree) == [])
    #expect(
      try problems(#"{"kids":[{"kids":[{"x":1}]}]}"#, tree) == [
        "`kids[0].kids[0]` has `x`, which is not known"
      ])
  }

  @Test func tellsNoMoreThanItMay() throws {
    let many = "[" + (0..<1_000).map { "\"\($0)\"" }.joined(separator: ",") + "]"
    #expect(
      try problems(many, #"{"items":{"type":"integer"}}"#).count == SchemaCheck.limit)
  }
}
