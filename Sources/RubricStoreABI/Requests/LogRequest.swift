internal import CRubricStore
internal import RubricStore

/// Which part of a history is asked for.
struct LogRequest: Record {
  var from = ""
  var criterion: CriterionID?
  var operations: [Edit.Operation] = []
  var limit: Int?
  var firstParent = false
  var metrics = false

  init(blank: ()) {}
  static let recordName = "log request"
  static let fields: [RecordField<LogRequest>] = [
    .optional("from", \.from, default: "", "Which rubric, and where to start: RUBRIC@REV."),
    .optional("criterion", \.criterion, default: nil, "Only commits that changed this criterion."),
    .optional("operations", \.operations, default: [], "Only commits with an edit of these kinds."),
    .optional("limit", \.limit, default: nil, "The most entries; all if left out."),
    .optional("firstParent", \.firstParent, default: false, "Whether merges are not gone into."),
    .optional("metrics", \.metrics, default: false, "Whether what was noted is told too."),
  ]

  /// What is wanted of the history of `rubric`.
  func filter(of rubric: RubricID?) throws(CallError) -> LogFilter {
    if let limit, limit < 0 {
      throw .argument("`limit` is \(limit)", hint: "0 or more entries; leave it out for all")
    }
    return LogFilter(
      rubric: rubric, criterion: criterion, operations: Set(operations), limit: limit)
  }

  /// Checks, where no entry was found, that there is such a criterion.
  func checkCriterion(_ start: RubricRevision, in store: Store) throws(CallError) {
    guard let criterion, operations.isEmpty, limit != 0,
      let rubric = try? store.pull(start.rubric, at: start.revision).rubric
    else { return }
    var pending = rubric.criteria
    var names: [String] = []
    while let item = pending.popLast() {
      if item.id == criterion { return }
      names.append(item.id.rawValue)
      pending.append(contentsOf: item.criteria)
    }
    throw CallError(
      Int(RS_ERR_NOT_FOUND), "unknown_criterion",
      "there is no criterion `\(criterion)` in `\(rubric.id)`, and there was none",
      hint: Suggestion.didYouMean(criterion.rawValue, among: names.sorted()))
  }
}

extension Store {
  /// Where a log starts; a word that names nothing at HEAD may be a rubric that was there.
  func logStart(_ name: String) throws(StoreError) -> RubricRevision {
    let start: RubricRevision
    do throws(StoreError) {
      start = try revision(name)
    } catch {
      guard error.code == .notFound, let rubric = RubricID(rawValue: name),
        try head().commit != nil, try isKnown(rubric, from: "HEAD")
      else { throw error }
      return RubricRevision(rubric: rubric)
    }
    guard let rubric = start.rubric, try !isKnown(rubric, from: start.revision) else {
      return start
    }
    let names = try rubrics(at: start.revision).map(\.rawValue)
    throw StoreError(
      .notFound, "there is no rubric `\(rubric)`, and there was none",
      hint: Suggestion.didYouMean(rubric.rawValue, among: names))
  }

  /// Whether a rubric is there, or was.
  private func isKnown(_ rubric: RubricID, from revision: String) throws(StoreError) -> Bool {
    if try rubrics(at: revision).contains(rubric) { return true }
    var isKnown = false
    try log(from: revision, LogFilter(rubric: rubric, limit: 1)) { _ in
      isKnown = true
      return false
    }
    return isKnown
  }
}
