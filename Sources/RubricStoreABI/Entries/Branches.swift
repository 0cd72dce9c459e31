public import CRubricStore
internal import RubricStore

/// Stands behind `rs_branch_list` of the header.
@c @implementation
public func rs_branch_list(
  _ store: OpaquePointer?, _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) {
    let store = try Handles.object(store, as: StoreObject.self).store
    var branches = try store.branches().map {
      JSONValue.branch($0.name, $0.tip, isHead: $0.isCheckedOut)
    }
    let head = try store.head()
    // The branch of a repository that is new.
    if head.isBranch, head.commit == nil {
      branches.append(.branch(head.name, nil, isHead: true))
    }
    return .array(branches)
  }
}

/// Stands behind `rs_branch_create` of the header.
@c @implementation
public func rs_branch_create(
  _ store: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ revision: UnsafePointer<CChar>?,
  _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) {
    let store = try Handles.object(store, as: StoreObject.self).store
    let name = try Argument.text(name, "name")
    let revision = try store.gitRevision(try Argument.optionalText(revision, "revision"))
    let branch = try store.createBranch(name, at: revision)
    return ["name": .string(branch.name), "commit": .string(branch.tip.hex)]
  }
}

/// Stands behind `rs_branch_delete` of the header.
@c @implementation
public func rs_branch_delete(
  _ store: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ force: Int32
) -> rs_status {
  call {
    let store = try Handles.object(store, as: StoreObject.self).store
    let name = try Argument.text(name, "name")
    do throws(StoreError) {
      try store.deleteBranch(name, isForced: force != 0)
    } catch {
      var error = error
      if error.code == .refused, error.hint == nil {
        error.hint = "delete it all the same with `force`"
      }
      throw error
    }
  }
}

extension JSONValue {
  fileprivate static func branch(_ name: String, _ commit: ObjectID?, isHead: Bool) -> JSONValue {
    [
      "name": .string(name), "commit": commit.map { .string($0.hex) } ?? .null,
      "head": .bool(isHead),
    ]
  }
}
