public import CRubricStore
internal import RubricStore

/// Stands behind `rs_branch_merge` of the header.
@c @implementation
public func rs_branch_merge(
  _ store: OpaquePointer?, _ request: UnsafePointer<CChar>?,
  _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) {
    let store = try Handles.object(store, as: StoreObject.self).store
    let request: MergeRequest = try Argument.request(request)
    let options = try request.options
    let report = try namingAuthor { () throws(StoreError) in
      try store.merge(request.revision, into: request.into, options)
    }
    var object = report.json(isDryRun: request.dryRun).object ?? JSONObject()
    object["warning"] = report.workTreeNote.map { .string($0) } ?? .null
    return .object(object)
  }
}
