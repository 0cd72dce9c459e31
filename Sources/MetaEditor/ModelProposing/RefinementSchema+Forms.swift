internal import RubricStore

/// Makes the forms for one rubric.
struct FormMaker {
  private typealias Bounds = RefinementSchema.Bounds
  private var made: [RefinementSchema.Form] = []
  private let evidence: JSONValue

  /// The most kinds of scale that are told apart; more share a form without levels.
  private static let scales = 12

  var forms: [RefinementSchema.Form] { made }

  init(_ rubric: Rubric, rollouts: [String]) {
    evidence =
      rollouts.isEmpty
      ? RefinementSchema.list(["type": "string"], to: 0)
      : RefinementSchema.list(RefinementSchema.words(rollouts), to: rollouts.count)
    let editable = EditableCriteria(rubric)
    let shown = Set(rubric.judgedCriteria.map(\.id))
    let judged = editable.leaves.filter { shown.contains($0.id) }
    addGrading(judged)
    addScoring(rubric, editable, judged)
    addStructure(editable, judged)
    make(.noChange, [], "leaves the rubric as it is; say why")
  }

  private mutating func make(
    _ operation: Edit.Operation, _ properties: [(key: String, schema: JSONValue)], _ help: String
  ) {
    var all: [(key: String, schema: JSONValue)] = [
      ("op", RefinementSchema.words([operation.rawValue]))
    ]
    // What it is about, then why and on what evidence, then what changes: a model that has said why
    // writes better.
    all += properties.filter { $0.key == "id" || $0.key == "ids" }
    all.append(("rationale", RefinementSchema.text(Bounds.rationale)))
    if operation != .noChange { all.append(("evidence", evidence)) }
    all += properties.filter { $0.key != "id" && $0.key != "ids" }
    made.append(RefinementSchema.Form(operation: operation, properties: all, help: help))
  }

  private func ids(_ criteria: [Criterion]) -> JSONValue {
    RefinementSchema.words(criteria.map(\.id.rawValue))
  }

  private mutating func addGrading(_ judged: [Criterion]) {
    let reason = RefinementSchema.text(Bounds.reason)
    var byScale: [(values: [Double], criteria: [Criterion])] = []
    for criterion in judged {
      let values = criterion.scale.levels.map(\.value)
      if let index = byScale.firstIndex(where: { $0.values == values }) {
        byScale[index].criteria.append(criterion)
      } else {
        byScale.append((values, [criterion]))
      }
    }
    if byScale.count > Self.scales { byScale = [([], judged)] }
    for (values, criteria) in byScale {
      let help = "makes a criterion stricter: adds reasons to score lower"
      guard !values.isEmpty else {
        make(
          .tighten,
          [
            ("id", ids(criteria)),
            ("lower_when", RefinementSchema.list(reason, from: 1, to: Bounds.reasons)),
          ], help)
        continue
      }
      let levels = RefinementSchema.object([
        ("value", RefinementSchema.numbers(values)),
        ("text", RefinementSchema.text(Bounds.levelText)),
      ])
      make(
        .tighten,
        [
          ("id", ids(criteria)),
          ("lower_when", RefinementSchema.list(reason, to: Bounds.reasons)),
          ("levels", RefinementSchema.list(levels, to: min(values.count, Bounds.levels))),
        ], help + ", or says more strictly what earns a level")
      make(
        .editLevel,
        [
          ("id", ids(criteria)), ("level", RefinementSchema.numbers(values)),
          ("text", RefinementSchema.text(Bounds.levelText)),
        ], "says more clearly what earns one level")
      make(
        .addExample,
        [
          ("id", ids(criteria)), ("level", RefinementSchema.numbers(values)),
          ("text", RefinementSchema.text(Bounds.levelText)),
        ], "adds an example to a level")
    }
    let withReasons = judged.filter { !$0.lowerWhen.isEmpty }
    if let most = withReasons.map(\.lowerWhen.count).max() {
      let number: JSONValue = [
        "type": "integer", "minimum": 1, "maximum": .integer(most),
      ]
      make(
        .relax,
        [
          ("id", ids(withReasons)),
          ("reasons", RefinementSchema.list(number, from: 1, to: Bounds.reasons)),
        ], "takes reasons to score lower away, by their numbers, counted from 1")
    }
    let scaled = judged.filter { $0.scale != .binary }
    if !scaled.isEmpty {
      make(
        .addLevel,
        [
          ("id", ids(scaled)), ("value", ["type": "number"]),
          ("text", RefinementSchema.text(Bounds.levelText)),
        ], "adds a level to a scale, at a value that has none")
    }
  }

  private mutating func addScoring(
    _ rubric: Rubric, _ editable: EditableCriteria, _ judged: [Criterion]
  ) {
    let worded = editable.all.filter { $0.status != .inactive }
    if !worded.isEmpty {
      make(
        .reword, [("id", ids(worded)), ("text", RefinementSchema.text(Bounds.text))],
        "says more clearly what is judged; the text replaces the old one whole")
    }
    let counted = editable.all.filter { $0.status == .active }
    if !counted.isEmpty {
      make(
        .reweight,
        [
          ("id", ids(counted)),
          ("weight", ["type": "number", "minimum": 0, "maximum": 1_000_000]),
        ], "changes how much a criterion counts among its siblings")
    }
    let inactive = editable.leaves.filter { $0.status != .active }
    if !inactive.isEmpty {
      make(.activate, [("id", ids(inactive))], "makes a criterion judged and counted again")
    }
    guard !judged.isEmpty else { return }
    make(
      .deactivate,
      [
        ("id", ids(judged)), ("status", RefinementSchema.words(["inactive", "diagnostic"])),
      ], "takes a criterion out of the reward; `diagnostic` is still judged and reported")
    guard rubric.judge.mode != .holistic else { return }
    make(
      .setGate, [("id", ids(judged)), ("min", ["type": "number"])],
      "makes the reward the lowest there is where the verdict is below `min`")
    make(
      .setGate,
      [("id", ids(judged)), ("min", ["type": "number"]), ("cap", ["type": "number"])],
      "lets the reward be at most `cap` where the verdict is below `min`")
    let gated = judged.filter { $0.gate != nil }
    if !gated.isEmpty { make(.clearGate, [("id", ids(gated))], "takes a gate away") }
  }

  private mutating func addStructure(_ editable: EditableCriteria, _ judged: [Criterion]) {
    let title = RefinementSchema.text(Bounds.title)
    let text = RefinementSchema.text(Bounds.text)
    let level = RefinementSchema.object([
      ("value", ["type": "integer", "minimum": 0, "maximum": 100]),
      ("text", RefinementSchema.text(Bounds.levelText)),
    ])
    var properties: [(key: String, schema: JSONValue)] = [
      ("title", title), ("text", text),
      ("polarity", RefinementSchema.words(Criterion.Polarity.allCases.map(\.rawValue))),
      ("weight", ["type": "number", "minimum": 0, "maximum": 1_000_000]),
      ("levels", RefinementSchema.list(level, to: Bounds.levels)),
    ]
    if !editable.groups.isEmpty {
      properties.append(
        (
          "parent",
          RefinementSchema.words(
            [EditableCriteria.topLevel] + editable.groups.map(\.id.rawValue))
        ))
    }
    make(
      .add, properties,
      "adds a criterion; its id is made from the title. No levels for yes or no; a negative one is "
        + "something bad that costs")
    if !editable.leaves.isEmpty {
      make(.remove, [("id", ids(editable.leaves))], "removes a criterion")
    }
    if judged.count > 1 {
      make(
        .mergeCriteria,
        [
          ("ids", RefinementSchema.list(ids(judged), from: 2, to: Bounds.merged)),
          ("title", title), ("text", text),
        ], "replaces criteria that ask for the same by one, with the sum of their weights")
    }
    let plain = judged.filter { $0.scale.levels.isEmpty && $0.gate == nil }
    if !plain.isEmpty {
      let part = RefinementSchema.object([("title", title), ("text", text)])
      make(
        .split,
        [("id", ids(plain)), ("parts", RefinementSchema.list(part, from: 2, to: Bounds.parts))],
        "replaces a criterion that asks for several things by several, which share its weight")
    }
  }
}
