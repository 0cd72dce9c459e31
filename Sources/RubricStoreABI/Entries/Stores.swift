public import CRubricStore
internal import RubricStore

/// Stands behind `rs_store_open` of the header.
@c @implementation
public func rs_store_open(
  _ path: UnsafePointer<CChar>?, _ options: UnsafePointer<CChar>?,
  _ store: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(store) {
    let options: OpenOptions = try Argument.options(options, "options")
    return StoreObject(
      try Store.open(
        try Argument.text(path, "path"), discovering: options.discover, cache: options.cache))
  }
}

/// Stands behind `rs_store_create` of the header.
@c @implementation
public func rs_store_create(
  _ path: UnsafePointer<CChar>?, _ options: UnsafePointer<CChar>?,
  _ store: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(store) {
    let options: CreateOptions = try Argument.options(options, "options")
    return StoreObject(
      try Store.create(
        try Argument.text(path, "path"), bare: options.bare, initialBranch: options.branch,
        cache: options.cache
      ).store)
  }
}

/// Stands behind `rs_store_clone` of the header.
@c @implementation
public func rs_store_clone(
  _ url: UnsafePointer<CChar>?, _ path: UnsafePointer<CChar>?, _ options: UnsafePointer<CChar>?,
  _ store: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(store) {
    let options: CloneOptions = try Argument.options(options, "options")
    return StoreObject(
      try Store.clone(
        from: try Argument.text(url, "url"), to: try Argument.text(path, "path"),
        bare: options.bare, branch: options.branch, cache: options.cache))
  }
}

/// Stands behind `rs_store_describe` of the header.
@c @implementation
public func rs_store_describe(
  _ store: OpaquePointer?, _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) {
    let store = try Handles.object(store, as: StoreObject.self).store
    let head = try store.head()
    return [
      "path": .string(store.workTree ?? store.gitFolder), "gitFolder": .string(store.gitFolder),
      "workTree": store.workTree.map { .string($0) } ?? .null, "bare": .bool(store.isBare),
      "head": [
        "name": .string(head.name), "branch": .bool(head.isBranch),
        "commit": head.commit.map { .string($0.hex) } ?? .null,
      ],
    ]
  }
}

/// Stands behind `rs_store_free` of the header.
@c @implementation
public func rs_store_free(_ store: OpaquePointer?) -> rs_status {
  call { _ = try Handles.free(store, as: StoreObject.self) }
}
