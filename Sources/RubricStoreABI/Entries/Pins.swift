public import CRubricStore
internal import RubricStore

/// Stands behind `rs_pin_pull` of the header.
@c @implementation
public func rs_pin_pull(
  _ store: OpaquePointer?, _ revision: UnsafePointer<CChar>?,
  _ pin: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(pin) {
    let store = try Handles.object(store, as: StoreObject.self).store
    return PinObject(try store.pull(try Argument.text(revision, "revision")))
  }
}

/// Stands behind `rs_pin_pull_cached` of the header.
@c @implementation
public func rs_pin_pull_cached(
  _ cache: UnsafePointer<CChar>?, _ revision: UnsafePointer<CChar>?,
  _ pin: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(pin) {
    let folder = PinFolder(try Argument.text(cache, "cache"))
    return PinObject(try folder.pull(try Argument.text(revision, "revision")))
  }
}

/// Stands behind `rs_pin_free` of the header.
@c @implementation
public func rs_pin_free(_ pin: OpaquePointer?) -> rs_status {
  call { _ = try Handles.free(pin, as: PinObject.self) }
}

/// Stands behind `rs_pin_describe` of the header.
@c @implementation
public func rs_pin_describe(
  _ pin: OpaquePointer?, _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(text: json) { try Handles.object(pin, as: PinObject.self).describedText }
}

/// Stands behind `rs_pin_document` of the header.
@c @implementation
public func rs_pin_document(
  _ pin: OpaquePointer?, _ format: UnsafePointer<CChar>?,
  _ text: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(text) {
    let pin = try Handles.object(pin, as: PinObject.self).pin
    switch try Argument.text(format, "format") {
    case "yaml": return AnswerText(pin.rubric.canonicalText)
    case "source": return AnswerText(pin.text)
    case "json": return AnswerText(pin.rubric.json.jsonText)
    case let format:
      throw CallError.argument(
        "there is no format `\(format)`", hint: "the formats are yaml, source and json")
    }
  }
}

/// Stands behind `rs_pin_prompt` of the header.
@c @implementation
public func rs_pin_prompt(
  _ pin: OpaquePointer?, _ criterion: UnsafePointer<CChar>?,
  _ text: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(text: text) {
    let rubric = try Handles.object(pin, as: PinObject.self).pin.rubric
    guard let id = try rubric.judgedCriterion(criterion) else { return rubric.prompt() }
    return rubric.prompt(for: id) ?? ""
  }
}

/// Stands behind `rs_pin_schema` of the header.
@c @implementation
public func rs_pin_schema(
  _ pin: OpaquePointer?, _ criterion: UnsafePointer<CChar>?,
  _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) {
    let rubric = try Handles.object(pin, as: PinObject.self).pin.rubric
    guard let id = try rubric.judgedCriterion(criterion) else { return rubric.answerSchema() }
    return rubric.answerSchema(for: id) ?? .null
  }
}

/// Stands behind `rs_pin_score` of the header.
@c @implementation
public func rs_pin_score(
  _ pin: OpaquePointer?, _ judgement: UnsafePointer<CChar>?, _ explain: Int32,
  _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) {
    let compiled = try Handles.object(pin, as: PinObject.self).compiled
    let request: JudgementRequest = try Argument.request(judgement, "judgement")
    return explain == 0
      ? compiled.score(request.judgement).json : compiled.explain(request.judgement).json
  }
}

/// Stands behind `rs_pin_columns` of the header.
@c @implementation
public func rs_pin_columns(
  _ pin: OpaquePointer?, _ criteria: UnsafeMutablePointer<Int>?
) -> rs_status {
  criteria?.pointee = 0
  return call {
    let pin = try Handles.object(pin, as: PinObject.self)
    guard let criteria else { throw CallError.argument("the place for the number is NULL") }
    criteria.pointee = pin.columns.count
  }
}

extension Rubric {
  /// The criterion of an argument; nil for NULL, which stands for the whole rubric.
  fileprivate func judgedCriterion(_ name: UnsafePointer<CChar>?) throws(CallError) -> CriterionID?
  {
    guard let name = try Argument.optionalText(name, "criterion") else { return nil }
    if let criterion = judgedCriteria.first(where: { $0.id.rawValue == name }) {
      return criterion.id
    }
    throw CallError(
      Int(RS_ERR_NOT_FOUND), "unknown_criterion", "the judge is not asked about `\(name)`",
      hint: Suggestion.didYouMean(name, among: judgedCriteria.map(\.id.rawValue)))
  }
}
