extension Edit {
  /// The form of one operation in JSON: what stands under `id`, `before` and `after`.
  struct Form: Sendable {
    /// What `id` names.
    enum Target: Sendable {
      case criterion, criterionOrRubric, rubric, inside
    }

    var target: Target
    var before: (@Sendable () -> JSONValue)?
    var after: (@Sendable () -> JSONValue)?
    var read: @Sendable (CriterionID?, Node?, Node?, inout NodeReader) -> Change?
  }

  static let forms: [Operation: Form] = [
    .add: .after(target: .inside) { Change.add($1) },
    .remove: .before(target: .inside) { Change.remove($1) },
    .move: .delta { Change.move($0, $1) },
    .reorder: .delta(orRubric: { Change.reorder($0, $1) }),
    .rename: .delta(orRubric: { Change.rename($0, $1) }),
    .reweight: .delta { Change.reweight($0, $1) },
    .rescale: .delta { Change.rescale($0, $1) },
    .setGate: .delta { (id, delta: Delta<Gate?>) in
      delta.after.map { Change.setGate(id, before: delta.before, after: $0) }
    },
    .clearGate: .before { id, gate in id.map { Change.clearGate($0, before: gate) } },
    .setPolarity: .delta { Change.setPolarity($0, $1) },
    .setRollup: .delta { Change.setRollup($0, $1) },
    .setAggregation: .rubric { Change.setAggregation($0) },
    .tighten: .delta { Change.tighten($0, $1) },
    .relax: .delta { Change.relax($0, $1) },
    .reword: .delta { Change.reword($0, $1) },
    .addLevel: .after { id, placed in id.map { Change.addLevel($0, placed) } },
    .removeLevel: .before { id, placed in id.map { Change.removeLevel($0, placed) } },
    .editLevel: .delta { Change.editLevel($0, $1) },
    .addExample: .after { id, placed in id.map { Change.addExample($0, placed) } },
    .removeExample: .before { id, placed in id.map { Change.removeExample($0, placed) } },
    .split: .replacement { Change.split(before: $0, after: $1) },
    .mergeCriteria: .replacement { Change.mergeCriteria(before: $0, after: $1) },
    .activate: .delta { Change.activate($0, $1) },
    .deactivate: .delta { Change.deactivate($0, $1) },
    .pin: .bare { Change.pin($0) },
    .unpin: .bare { Change.unpin($0) },
    .retag: .delta { Change.retag($0, $1) },
    .setApplicability: .delta { Change.setApplicability($0, $1) },
    .setOrigin: .delta { Change.setOrigin($0, $1) },
    .setExt: .delta(orRubric: { Change.setExt($0, $1) }),
    .setJudge: .rubric { Change.setJudge($0) },
    .setPreamble: .rubric { Change.setPreamble($0) },
    .setPostamble: .rubric { Change.setPostamble($0) },
    .setDescription: .rubric { Change.setDescription($0) },
    .setSubject: .rubric { Change.setSubject($0) },
    .setBudget: .rubric { Change.setBudget($0) },
    .noChange: Form(target: .rubric) { _, _, _, _ in .noChange },
  ]
}

extension Edit.Form {
  typealias Change = Edit.Change

  static func bare(_ make: @escaping @Sendable (CriterionID) -> Change) -> Self {
    Self(target: .criterion) { id, _, _, _ in id.map(make) }
  }

  static func delta<Value: NodeCodable>(
    _ make: @escaping @Sendable (CriterionID, Delta<Value>) -> Change?
  ) -> Self {
    Self(target: .criterion, before: { Value.schema }, after: { Value.schema }) {
      id, before, after, reader in
      guard let delta = readDelta(Value.self, before, after, &reader) else { return nil }
      return id.flatMap { make($0, delta) }
    }
  }

  static func delta<Value: NodeCodable>(
    orRubric make: @escaping @Sendable (CriterionID?, Delta<Value>) -> Change
  ) -> Self {
    Self(target: .criterionOrRubric, before: { Value.schema }, after: { Value.schema }) {
      id, before, after, reader in
      readDelta(Value.self, before, after, &reader).map { make(id, $0) }
    }
  }

  static func rubric<Value: NodeCodable>(
    _ make: @escaping @Sendable (Delta<Value>) -> Change
  ) -> Self {
    Self(target: .rubric, before: { Value.schema }, after: { Value.schema }) {
      _, before, after, reader in
      readDelta(Value.self, before, after, &reader).map(make)
    }
  }

  static func after<Value: NodeCodable>(
    target: Target = .criterion,
    _ make: @escaping @Sendable (CriterionID?, Value) -> Change?
  ) -> Self {
    Self(target: target, after: { Value.schema }) { id, _, after, reader in
      guard let after else { return nil }
      return reader.inField("after") { Value.read(after, &$0) }.flatMap { make(id, $0) }
    }
  }

  static func before<Value: NodeCodable>(
    target: Target = .criterion,
    _ make: @escaping @Sendable (CriterionID?, Value) -> Change?
  ) -> Self {
    Self(target: target, before: { Value.schema }) { id, before, _, reader in
      guard let before else { return nil }
      return reader.inField("before") { Value.read(before, &$0) }.flatMap { make(id, $0) }
    }
  }

  static func replacement(
    _ make: @escaping @Sendable ([PlacedCriterion], [PlacedCriterion]) -> Change
  ) -> Self {
    typealias List = [PlacedCriterion]
    return Self(target: .inside, before: { List.schema }, after: { List.schema }) {
      _, before, after, reader in
      readDelta(List.self, before, after, &reader).map { make($0.before, $0.after) }
    }
  }

  private static func readDelta<Value: NodeCodable>(
    _: Value.Type, _ before: Node?, _ after: Node?, _ reader: inout NodeReader
  ) -> Delta<Value>? {
    guard let before, let after else { return nil }
    let found = reader.inField("before") { Value.read(before, &$0) }
    let left = reader.inField("after") { Value.read(after, &$0) }
    guard let found, let left else { return nil }
    return Delta(before: found, after: left)
  }
}

extension Edit: NodeCodable {
  package static func read(_ node: Node, _ reader: inout NodeReader) -> Edit? {
    guard let draft = EditDraft.read(node, &reader) else { return nil }
    return draft.edit(&reader)
  }

  package var written: JSONValue {
    let parts = change.parts
    var object = JSONObject([("op", parts.operation.written)])
    if let target = parts.target, Edit.forms[parts.operation]?.target != .inside {
      object.append("id", target.written)
    }
    if let before = parts.before { object.append("before", before) }
    if let after = parts.after { object.append("after", after) }
    object.append("rationale", .string(rationale))
    if !evidence.isEmpty { object.append("evidence", evidence.written) }
    return .object(object)
  }

  package static var schema: JSONValue { ["$ref": "#/$defs/edit"] }

  /// The edit as JSON.
  public var json: JSONValue { written }
}

extension Edit.Operation: NodeWord {}
