/// How a file stands in HEAD, in the index and in the work tree.
package struct WorkTreeStatus: Hashable, Sendable {
  package enum State: String, Hashable, Sendable {
    /// It is nowhere.
    case absent
    /// HEAD, index and work tree agree.
    case clean
    /// The work tree differs from the index, which agrees with HEAD.
    case modified
    /// The index has it, and the work tree does not.
    case missing
    /// It is in the work tree only.
    case untracked
    /// The index differs from HEAD.
    case staged
    /// A merge has left it in the index in several versions.
    case conflicted
  }

  /// The blob in HEAD's tree.
  package var head: ObjectID?
  /// The blob in the index.
  package var index: ObjectID?
  /// The blob that the file in the work tree would become.
  package var file: ObjectID?
  package var isConflicted: Bool

  package var state: State {
    if isConflicted { return .conflicted }
    guard index == head else { return .staged }
    guard let index else { return file == nil ? .absent : .untracked }
    guard let file else { return .missing }
    return file == index ? .clean : .modified
  }
}
