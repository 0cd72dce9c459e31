public import CRubricStore
internal import RubricStore

/// Stands behind `rs_edits_commit` of the header.
@c @implementation
public func rs_edits_commit(
  _ store: OpaquePointer?, _ request: UnsafePointer<CChar>?,
  _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) {
    let store = try Handles.object(store, as: StoreObject.self).store
    let (request, edits) = try EditsRequest.read(request)
    guard let tip = try store.commitTip(of: request.branch) else {
      throw try store.noBranch(request.branch)
    }
    let pin = try store.pull(request.rubric ?? ProposalHead(peekingAt: edits).rubric, commit: tip)
    let list = try EditList(parsing: edits, for: pin.rubric, file: "edits")
    let update = MetaUpdate(
      rubric: pin.rubric.id, edits: list.edits, rationale: request.rationale ?? list.rationale,
      proposer: request.proposer(of: list.head),
      provenance: request.provenance?.members ?? list.head.provenance(of: list.edits))
    if request.dryRun {
      return try store.preview(update, on: request.branch).answer(
        branch: request.branch ?? store.head().name)
    }
    return try namingAuthor { () throws(StoreError) in
      try store.commit(update, to: request.branch, author: request.author?.identity)
    }.answer
  }
}

extension Store {
  /// The commit that a branch's next one is built on; of nil, of the branch that is checked out.
  ///
  /// - Returns: Nil for a branch that is not there, or has no commits.
  func commitTip(of branch: String?) throws(StoreError) -> ObjectID? {
    if let branch { return try tip(of: branch) }
    return try head().commit
  }

  /// The error for a branch that has no commit.
  func noBranch(_ branch: String?) throws(StoreError) -> StoreError {
    let head = try head()
    guard let branch, branch != head.name else {
      return StoreError(
        .unborn, "the branch `\(head.name)` has no commits yet",
        hint: "commit a rubric first")
    }
    return StoreError(
      .notFound, "there is no branch \(NodeReader.quote(branch))",
      hint: Suggestion.didYouMean(branch, among: try branches().map(\.name)))
  }
}

extension CommitPreview {
  /// The answer of a dry run, with the keys of a commit's.
  fileprivate func answer(branch: String) -> JSONValue {
    var object = json.object ?? JSONObject()
    object["branch"] = .string(branch)
    object["kind"] = .string(RecordedChange.Kind.edited.rawValue)
    object["retries"] = 0
    object["warning"] = .null
    return .object(object)
  }
}
