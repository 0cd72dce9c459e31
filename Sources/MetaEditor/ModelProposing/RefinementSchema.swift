public import RubricStore

/// The form in which a model proposes edits of one rubric: a JSON Schema (2020-12) whose `enum`s are
/// the rubric's own ids, and no way to write down a rubric.
///
/// An answer is `{summary, edits: […]}`. Each edit is an object of one of the ``forms``, told apart by
/// `op`; it leaves out whatever the engine knows better: `before`, new ids, places, sums. Ids of
/// criteria that are pinned, or lie in a pinned group, stand nowhere in it. Every text and list is
/// bounded, and every property is required, as structured output asks for.
///
/// - SeeAlso: SPEC.md §14.4.
public struct RefinementSchema: Sendable {
  /// One form that an edit may have.
  struct Form: Sendable {
    let operation: Edit.Operation
    /// The properties, `op` first.
    let properties: [(key: String, schema: JSONValue)]
    /// What it does, for the prompt.
    let help: String

    var schema: JSONValue { RefinementSchema.object(properties) }
    /// The ids that it may be about; empty for an edit about none.
    var ids: [String] {
      let own = properties.first { $0.key == "id" || $0.key == "ids" }?.schema
      return (own?["enum"] ?? own?["items"]?["enum"])?.array?.compactMap(\.string) ?? []
    }
  }

  /// The kinds of edit that a model can be offered.
  public static let operations: Set<Edit.Operation> = [
    .tighten, .relax, .reword, .reweight, .addLevel, .editLevel, .addExample, .add, .remove,
    .activate, .deactivate, .setGate, .clearGate, .mergeCriteria, .split, .noChange,
  ]

  /// The kinds that it is offered if nothing else is said: all but `add_example`, since an example from
  /// one rollout in a rubric for all is how rubrics decay.
  public static let defaultOperations = operations.subtracting([.addExample])

  let forms: [Form]
  /// The names of the rollouts that may be given as evidence.
  let rollouts: [String]
  /// The most edits of one answer.
  let edits: Int

  /// Makes the form for a rubric.
  ///
  /// - Parameters:
  ///   - rubric: The rubric that edits are proposed for, valid.
  ///   - rollouts: The names of the rollouts that are shown, distinct; they are the evidence that may
  ///     be given.
  ///   - edits: The most edits of one answer, 1 or more.
  ///   - operations: The kinds that are offered, as far as the rubric has something for them.
  /// - Complexity: O(*n*) in the number of criteria and levels.
  public init(
    rubric: Rubric, rollouts: [String], edits: Int = 6,
    operations: Set<Edit.Operation> = defaultOperations
  ) {
    self.rollouts = rollouts
    self.edits = max(1, edits)
    forms = FormMaker(rubric, rollouts: rollouts).forms.filter {
      operations.contains($0.operation)
    }
  }

  /// The schema.
  public var json: JSONValue {
    Self.object([
      ("summary", Self.text(Bounds.summary, isRequired: false)),
      (
        "edits",
        [
          "type": "array", "maxItems": .integer(edits),
          "items": ["anyOf": .array(forms.map(\.schema))],
        ]
      ),
    ])
  }

  /// The most Unicode scalars and items that an answer may have.
  enum Bounds {
    static let summary = 400
    static let rationale = 300
    static let reason = 240
    static let text = 800
    static let levelText = 400
    static let title = 80
    static let reasons = 3
    static let levels = 6
    static let merged = 4
    static let parts = 4
  }
}

extension RefinementSchema {
  static func object(_ properties: [(key: String, schema: JSONValue)]) -> JSONValue {
    var members = JSONObject()
    for (key, schema) in properties { members[key] = schema }
    return [
      "type": "object", "properties": .object(members),
      "required": .array(properties.map { .string($0.key) }), "additionalProperties": false,
    ]
  }

  static func text(_ limit: Int, isRequired: Bool = true) -> JSONValue {
    var members = JSONObject([("type", "string")])
    if isRequired { members["minLength"] = 1 }
    members["maxLength"] = .integer(limit)
    return .object(members)
  }

  static func words(_ words: [String]) -> JSONValue {
    ["type": "string", "enum": .array(words.map { .string($0) })]
  }

  static func list(_ items: JSONValue, from least: Int = 0, to most: Int) -> JSONValue {
    [
      "type": "array", "items": items, "minItems": .integer(least), "maxItems": .integer(most),
    ]
  }

  static func numbers(_ values: [Double]) -> JSONValue {
    [
      "type": values.allSatisfy { $0 == $0.rounded() } ? "integer" : "number",
      "enum": .array(values.map { .decimal($0) }),
    ]
  }
}
