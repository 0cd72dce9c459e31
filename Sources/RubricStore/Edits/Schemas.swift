/// The JSON Schemas of what this library reads and writes, made from the types.
public enum DocumentSchema {
  /// The schema of a rubric.
  public static var rubric: JSONValue {
    schema(
      "rubric", "A rubric: what the judge is told, and how verdicts become a reward.",
      [
        "$ref": "#/$defs/rubric"
      ], documents)
  }

  /// The schema of a list of edits, as `rubricctl apply` reads it and a commit records each.
  public static var edits: JSONValue {
    var definitions = documents
    for (name, definition) in payloads { definitions.append((name, definition)) }
    definitions.append(("edit", ["oneOf": .array(Edit.Operation.allCases.map(editSchema))]))
    let list: JSONValue = ["type": "array", "items": ["$ref": "#/$defs/edit"]]
    return schema(
      "edits", "Edits of a rubric: a list, or a mapping with a rationale for all of them.",
      [
        "anyOf": [
          list,
          [
            "type": "object",
            "properties": .object(
              JSONObject(
                ProposalHead.schemaProperties + [
                  ("rationale", ["type": "string"]), ("because", ["type": "string"]),
                  ("edits", list),
                ])),
            "required": ["edits"], "additionalProperties": false,
          ],
        ]
      ], definitions)
  }

  private static var documents: [(String, JSONValue)] {
    [
      (Rubric.recordName, Rubric.definition), (Subject.recordName, Subject.definition),
      (JudgeContract.recordName, JudgeContract.definition),
      (Aggregation.recordName, Aggregation.definition), (Budget.recordName, Budget.definition),
      (Criterion.recordName, Criterion.definition), (Gate.recordName, Gate.definition),
      (NumericRange.recordName, NumericRange.definition), (Level.recordName, Level.definition),
    ]
  }

  private static var payloads: [(String, JSONValue)] {
    [
      (Place.recordName, Place.definition),
      (PlacedCriterion.recordName, PlacedCriterion.definition),
      (PlacedLevel.recordName, PlacedLevel.definition),
      (PlacedExample.recordName, PlacedExample.definition),
      (Wording.recordName, Wording.definition), (Strictness.recordName, Strictness.definition),
      (Strictness.LevelText.recordName, Strictness.LevelText.definition),
      (Direction.recordName, Direction.definition),
    ]
  }

  private static func editSchema(_ operation: Edit.Operation) -> JSONValue {
    var properties = JSONObject([("op", ["const": operation.written])])
    var required: [JSONValue] = ["op"]
    if let form = Edit.forms[operation] {
      switch form.target {
      case .criterion:
        properties["id"] = CriterionID.schema
        required.append("id")
      case .criterionOrRubric: properties["id"] = CriterionID.schema
      case .inside: properties["id"] = CriterionID.schema
      case .rubric: break
      }
      // `before` may be left out by whoever writes edits down; a commit always has it.
      if let before = form.before { properties["before"] = before() }
      if let after = form.after {
        properties["after"] = after()
        required.append("after")
      }
    }
    properties["rationale"] = ["type": "string"]
    properties["because"] = ["type": "string", "description": "The same as `rationale`."]
    properties["evidence"] = ["type": "array", "items": ["type": "string"]]
    return [
      "type": "object", "properties": .object(properties), "required": .array(required),
      "additionalProperties": false,
    ]
  }

  private static func schema(
    _ name: String, _ about: String, _ body: JSONObject, _ definitions: [(String, JSONValue)]
  ) -> JSONValue {
    var object = JSONObject([
      ("$schema", "https://json-schema.org/draft/2020-12/schema"),
      ("title", .string(name)), ("description", .string(about)),
    ])
    for member in body.members { object[member.key] = member.value }
    object["$defs"] = .object(JSONObject(definitions))
    return .object(object)
  }
}
