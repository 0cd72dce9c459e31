public import CRubricStore
internal import RubricStore

/// Stands behind `rs_note_add` of the header.
@c @implementation
public func rs_note_add(
  _ store: OpaquePointer?, _ request: UnsafePointer<CChar>?,
  _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) {
    let store = try Handles.object(store, as: StoreObject.self).store
    let request: NoteRequest = try Argument.request(request)
    let target = try store.noteTarget(request.revision)
    let metrics = try request.metrics(of: target.rubric)
    return try namingAuthor { () throws(StoreError) in
      try store.note(metrics, on: target.commit, author: request.author?.identity)
    }.note.json(of: target.commit)
  }
}

/// Stands behind `rs_note_list` of the header.
@c @implementation
public func rs_note_list(
  _ store: OpaquePointer?, _ revision: UnsafePointer<CChar>?,
  _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) {
    let store = try Handles.object(store, as: StoreObject.self).store
    let commit = try store.noteTarget(try Argument.text(revision, "revision")).commit
    return (try store.notes(of: [commit])[commit] ?? CommitNote()).json(of: commit)
  }
}

extension Store {
  /// The commit that a note is about, and the rubric where one was named.
  fileprivate func noteTarget(
    _ name: String
  ) throws(StoreError) -> (rubric: RubricID?, commit: ObjectID) {
    let revision = try revision(name)
    if let rubric = revision.rubric {
      return (rubric, try pull(rubric, at: revision.revision).commit)
    }
    return (nil, try resolve(revision.revision))
  }
}
