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
    let revision = try Argument.optionalText(revision, "revision") ?? ""
    // A repository without commits holds no rubrics; to name its HEAD is no error.
    let commit = ["", "HEAD"].contains(revision) ? "HEAD" : try store.gitRevision(revision)
    return .array(try store.rubrics(at: commit).map { .string($0.rawValue) })
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
    // What is not there is told as a pull tells it.
    if try !store.holds(rubric, at: commit) { _ = try store.pull(rubric, commit: commit) }
    let isBranch = try store.isBranch(revision.revision, at: commit)
    return [
      "rubric": .string(rubric.rawValue), "commit": .string(commit.hex),
      "branch": isBranch ? .string(revision.revision) : .null,
    ]
  }
}

extension Store {
  /// What git calls a commit that is named `REV` or `RUBRIC@REV`; HEAD for nil.
  func gitRevision(_ text: String?) throws(StoreError) -> String {
    guard let text else { return "HEAD" }
    do throws(StoreError) {
      _ = try resolve(text)
      return text
    } catch {
      guard [.notFound, .invalidName].contains(error.code) else { throw error }
      return try revision(text).revision
    }
  }

  /// Whether a revision that stands for `commit` is the name of a branch, and not of a tag beside it.
  fileprivate func isBranch(_ revision: String, at commit: ObjectID) throws(StoreError) -> Bool {
    do throws(StoreError) {
      return try tip(of: revision) == commit
    } catch {
      // `main~3` is no name.
      guard error.code == .invalidName else { throw error }
      return false
    }
  }
}
