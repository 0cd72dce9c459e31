public import CRubricStore
internal import RubricStore

/// Stands behind `rs_rubric_list` of the header.
@c @implementation
public func rs_rubric_list(
  _ store: OpaquePointer?, _ revision: UnsafePointer<CChar>?,
  _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) {
    let store = try Handles.object(store, as: StoreObject.self).store
    let revision = try Argument.optionalText(revision, "revision") ?? "HEAD"
    return .array(try store.rubrics(at: revision).map { .string($0.rawValue) })
  }
}

/// Stands behind `rs_revision_resolve` of the header.
@c @implementation
public func rs_revision_resolve(
  _ store: OpaquePointer?, _ revision: UnsafePointer<CChar>?,
  _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) {
    let store = try Handles.object(store, as: StoreObject.self).store
    let revision = try store.revision(try Argument.text(revision, "revision"))
    let commit = try store.resolve(revision.revision)
    let rubric = try revision.rubric ?? store.onlyRubric(at: commit.hex)
    let branch = try store.branches().first { $0.name == revision.revision }
    return [
      "rubric": .string(rubric.rawValue), "commit": .string(commit.hex),
      "branch": branch.map { .string($0.name) } ?? .null,
    ]
  }
}
