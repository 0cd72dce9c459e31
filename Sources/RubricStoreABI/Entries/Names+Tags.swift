public import CRubricStore
internal import RubricStore

/// Stands behind `rs_tag_list` of the header.
@c @implementation
public func rs_tag_list(
  _ store: OpaquePointer?, _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) {
    let store = try Handles.object(store, as: StoreObject.self).store
    return .array(
      try store.tags().map { tag in
        [
          "name": .string(tag.name), "commit": tag.commit.map { .string($0.hex) } ?? .null,
          "message": tag.message.map { .string($0) } ?? .null,
        ]
      })
  }
}

/// Stands behind `rs_tag_create` of the header.
@c @implementation
public func rs_tag_create(
  _ store: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ revision: UnsafePointer<CChar>?,
  _ message: UnsafePointer<CChar>?, _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) {
    let store = try Handles.object(store, as: StoreObject.self).store
    let name = try Argument.text(name, "name")
    let message = try Argument.optionalText(message, "message", limit: Limits.textBytes)
    if let message, message.allSatisfy(\.isWhitespace) {
      throw CallError.argument(
        "`message` is empty", hint: "say why, or pass NULL for a tag without a message")
    }
    let revision = try store.gitRevision(try Argument.optionalText(revision, "revision"))
    let tag = try store.createTag(name, at: revision, message: message)
    return ["name": .string(tag.name), "commit": tag.commit.map { .string($0.hex) } ?? .null]
  }
}

/// Stands behind `rs_tag_delete` of the header.
@c @implementation
public func rs_tag_delete(
  _ store: OpaquePointer?, _ name: UnsafePointer<CChar>?
) -> rs_status {
  call {
    let store = try Handles.object(store, as: StoreObject.self).store
    try store.deleteTag(try Argument.text(name, "name"))
  }
}
