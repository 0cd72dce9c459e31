internal import RubricStore

/// A judgement whose rollout need not have a name.
struct JudgementRequest: Record {
  var rollout = ""
  var rubric: String?
  var verdicts: [CriterionID: Verdict] = [:]

  init(blank: ()) {}
  static let recordName = "judgement"
  static let passedOver = Judgement.passedOver
  static let fields: [RecordField<JudgementRequest>] = [
    .optional("rollout", \.rollout, default: "", "The name of the rollout."),
    .optional("rubric", \.rubric, default: nil, "The commit hash of the rubric that asked."),
    .required("verdicts", \.verdicts, "One verdict a criterion at most, by its id."),
  ]

  var judgement: Judgement { Judgement(rollout: rollout, rubric: rubric, verdicts: verdicts) }
}
