internal import CLibGit2

extension ObjectID {
  init(_ oid: git_oid) {
    let bytes = withUnsafeBytes(of: oid.id) { Array($0) }
    self = ObjectID(bytes: bytes) ?? .zero
  }

  init(_ oid: UnsafePointer<git_oid>) { self.init(oid.pointee) }

  /// The same id as libgit2 holds it.
  var oid: git_oid {
    var oid = git_oid()
    withUnsafeMutableBytes(of: &oid.id) { $0.copyBytes(from: bytes) }
    return oid
  }
}
