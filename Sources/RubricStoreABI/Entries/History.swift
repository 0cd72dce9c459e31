public import CRubricStore
internal import RubricStore

/// Stands behind `rs_log_read` of the header.
@c @implementation
public func rs_log_read(
  _ store: OpaquePointer?, _ request: UnsafePointer<CChar>?,
  _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) {
    let store = try Handles.object(store, as: StoreObject.self).store
    let request: LogRequest = try Argument.options(request, "request")
    let start = try store.logStart(request.from)
    var entries: [LogEntry] = []
    try store.log(
      from: start.revision, request.filter(of: start.rubric), firstParent: request.firstParent
    ) {
      entries.append($0)
      return true
    }
    if entries.isEmpty { try request.checkCriterion(start, in: store) }
    guard request.metrics else { return .array(entries.map(\.json)) }
    let notes = try store.notes(of: entries.map(\.commit))
    return .array(
      entries.map { entry in
        var object = entry.json.object ?? JSONObject()
        let latest = notes[entry.commit]?.latest(of: entry.rubric) ?? [:]
        object["metrics"] = latest.json(of: latest.keys.sorted())
        return .object(object)
      })
  }
}

/// Stands behind `rs_diff_read` of the header.
@c @implementation
public func rs_diff_read(
  _ store: OpaquePointer?, _ from: UnsafePointer<CChar>?, _ to: UnsafePointer<CChar>?,
  _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) {
    let store = try Handles.object(store, as: StoreObject.self).store
    let first = try store.revision(try Argument.text(from, "from"))
    let second = try store.revision(try Argument.text(to, "to"))
    // `essay@main` and `exp-b` mean the same rubric.
    let old = try store.pull(first.rubric ?? second.rubric, at: first.revision)
    let new = try store.pull(second.rubric ?? old.rubric.id, at: second.revision)
    let difference = try RubricDifference(
      old.rubric, new.rubric, from: old.commit.hex, to: new.commit.hex)
    var object = difference.json.object ?? JSONObject()
    object["sentence"] = .string(difference.comparability.sentence)
    return .object(object)
  }
}
