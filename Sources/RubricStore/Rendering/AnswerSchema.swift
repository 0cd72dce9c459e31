extension Rubric {
  /// Returns the JSON Schema (2020-12) of what a judge answers that is shown the whole rubric.
  ///
  /// It has the form that structured output asks for: every property required, no others allowed, a
  /// reason (where the judge gives reasons) before the verdict and of bounded length. Under `holistic`
  /// it is `{reason, overall}`; otherwise an object of `{reason, verdict}` keyed by criterion id in the
  /// order of the document, under `plan_execute` behind a `plan`.
  ///
  /// - Complexity: O(*n*) in the number of criteria and levels.
  public func answerSchema() -> JSONValue {
    guard judge.mode != .holistic else {
      let unit = AnswerSchema.number(NumericRange(min: 0, max: 1))
      return AnswerSchema.object(reasonIfAny + [("overall", unit)])
    }
    var properties: [(String, JSONValue)] = []
    if judge.mode == .planExecute { properties.append(("plan", AnswerSchema.prose)) }
    // A criterion may have the id `plan`; the verdicts are kept apart from it.
    let verdicts = judgedCriteria.map { ($0.id.rawValue, answerSchema(of: $0)) }
    guard judge.mode == .planExecute else { return AnswerSchema.object(verdicts) }
    properties.append(("verdicts", AnswerSchema.object(verdicts)))
    return AnswerSchema.object(properties)
  }

  /// Returns the JSON Schema (2020-12) of what a judge answers that is shown one criterion:
  /// `{reason, verdict}`.
  ///
  /// - Parameter id: A criterion that is judged.
  /// - Returns: The schema; nil for a group, for a criterion that is inactive, and for an id that the
  ///   rubric does not have.
  public func answerSchema(for id: CriterionID) -> JSONValue? {
    judgedCriteria.first { $0.id == id }.map(answerSchema)
  }

  private var reasonIfAny: [(String, JSONValue)] {
    judge.output == .reasoned ? [("reason", AnswerSchema.prose)] : []
  }

  private func answerSchema(of criterion: Criterion) -> JSONValue {
    let verdict = AnswerSchema.verdict(criterion.scale)
    let notApplicable: JSONValue = ["type": "string", "enum": ["na"]]
    return AnswerSchema.object(
      reasonIfAny + [
        ("verdict", criterion.appliesWhen.isEmpty ? verdict : ["anyOf": [verdict, notApplicable]])
      ])
  }
}

/// The parts that schemas of answers are made of.
private enum AnswerSchema {
  /// The most characters of a reason: an unbounded text runs until the model's tokens end.
  static let proseLength = 2_000
  /// The most values that are listed one by one.
  static let listedValues = 1_000

  static let prose: JSONValue = ["type": "string", "maxLength": .integer(proseLength)]

  /// An object with all of the properties and no others.
  static func object(_ properties: [(String, JSONValue)]) -> JSONValue {
    // The keys are distinct in a valid rubric; appending keeps a large one linear.
    var members = JSONObject()
    for (key, schema) in properties { members.append(key, schema) }
    return [
      "type": "object", "properties": .object(members),
      "required": .array(properties.map { .string($0.0) }), "additionalProperties": false,
    ]
  }

  static func verdict(_ scale: Scale) -> JSONValue {
    switch scale {
    case .binary: listed([0, 1])
    case .levels(let levels): listed(levels.map(\.value))
    case .numeric(let range, _): number(range)
    }
  }

  static func listed(_ values: [Double]) -> JSONValue {
    [
      "type": values.allSatisfy(isWhole) ? "integer" : "number",
      "enum": .array(values.map { .decimal($0) }),
    ]
  }

  /// A number in a range; where steps cannot be said exactly, every value is listed.
  static func number(_ range: NumericRange) -> JSONValue {
    var type: JSONValue = "number"
    var multiple: JSONValue?
    if let step = range.step {
      if isWhole(step), isWhole(range.min) {
        type = "integer"
        if step != 1 {
          if range.min.remainder(dividingBy: step) == 0 {
            multiple = .decimal(step)
          } else if let values = range.listedValues {
            return listed(values)
          }
        }
      } else if let values = range.listedValues {
        // `multipleOf` of a fraction is refused by exact readers: 0.3 is no multiple of 0.1.
        return listed(values)
      }
    }
    var schema = JSONObject([
      ("type", type), ("minimum", .decimal(range.min)), ("maximum", .decimal(range.max)),
    ])
    if let multiple { schema.append("multipleOf", multiple) }
    return .object(schema)
  }

  static func isWhole(_ value: Double) -> Bool { value == value.rounded() }
}

extension NumericRange {
  /// All values on a step, as decimals write them, or nil where there are too many.
  fileprivate var listedValues: [Double]? {
    guard let step, step > 0, min < max else { return nil }
    let steps = ((max - min) / step).rounded()
    guard steps.isFinite, steps < Double(AnswerSchema.listedValues) else { return nil }
    let values: [Double]
    if let decimal = decimalParts(step) {
      // 3 · 0.1 is 0.30000000000000004; 3 / 10 is what a reader means.
      values = (0...Int(steps)).map { (decimal.min + Double($0) * decimal.step) / decimal.unit }
    } else {
      values = (0...Int(steps)).map { min + Double($0) * step }
    }
    return values.dropLast() + [max]
  }

  /// The least value and the step in whole decimal units, if they have few decimals.
  private func decimalParts(_ step: Double) -> (min: Double, step: Double, unit: Double)? {
    var unit = 1.0
    while unit <= 1e9 {
      let parts = (min * unit, step * unit)
      let whole = (parts.0.rounded(), parts.1.rounded())
      if whole.0 / unit == min, whole.1 / unit == step { return (whole.0, whole.1, unit) }
      unit *= 10
    }
    return nil
  }
}
