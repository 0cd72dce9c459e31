internal import RubricStore

/// Two versions, and how much is told of what became of rewards between them.
struct ReplayRequest: Record {
  var from = ""
  var to = ""
  var top = 10
  var assumeHeld = false
  var each = false

  init(blank: ()) {}
  static let recordName = "replay request"
  static let fields: [RecordField<ReplayRequest>] = [
    .required("from", \.from, "The older version: RUBRIC@REV."),
    .required("to", \.to, "The newer version: RUBRIC@REV, or REV of the same rubric."),
    .optional("top", \.top, default: 10, "How many of those that moved most are told."),
    .optional(
      "assumeHeld", \.assumeHeld, default: false, "Whether old verdicts are taken to hold."),
    .optional("each", \.each, default: false, "Whether each rollout is told."),
  ]
}
