/// The file of a proof: a line that says of what, and the four objects as git hashes them, `commit 243`
/// and a NUL and the bytes, so that any SHA-1 can check them.
extension PinProof {
  static let schema = "rubric-pin/1"

  /// The most bytes of a file.
  static let fileBytes = Limits.textBytes + 64 * 1024 * 1024

  private static func head(_ commit: ObjectID, _ rubric: RubricID) -> [UInt8] {
    Array("\(schema) \(commit.hex) \(rubric)\n".utf8)
  }

  /// The file.
  var fileText: [UInt8] {
    var bytes = Self.head(commit, rubric)
    for (kind, object) in [
      (GitObjectKind.commit, commitBytes), (.tree, rootBytes), (.tree, folderBytes), (.blob, text),
    ] {
      bytes += Array("\(kind.rawValue) \(object.count)\0".utf8) + object
    }
    return bytes
  }

  /// Reads the file of a proof; nil where it is not one of that rubric and commit.
  ///
  /// What it says is not checked yet: see ``holds()``.
  init?(_ file: [UInt8], of rubric: RubricID, at commit: ObjectID) {
    let head = Self.head(commit, rubric)
    guard file.starts(with: head) else { return nil }
    var rest = file[head.count...]
    guard let commitBytes = Self.object(.commit, &rest), let root = Self.object(.tree, &rest),
      let folder = Self.object(.tree, &rest), let text = Self.object(.blob, &rest), rest.isEmpty
    else { return nil }
    self.init(
      commit: commit, rubric: rubric, commitBytes: commitBytes, rootBytes: root,
      folderBytes: folder, text: text)
  }

  private static func object(_ kind: GitObjectKind, _ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    let name = Array("\(kind.rawValue) ".utf8)
    guard rest.starts(with: name), let end = rest.prefix(32).firstIndex(of: 0) else { return nil }
    let digits = rest[(rest.startIndex + name.count)..<end]
    // As they are written, and no other way: a number has many forms.
    guard let count = Int(String(decoding: digits, as: UTF8.self)), count >= 0,
      digits.elementsEqual("\(count)".utf8), count <= rest.endIndex - end - 1
    else { return nil }
    let bytes = Array(rest[(end + 1)..<(end + 1 + count)])
    rest = rest[(end + 1 + count)...]
    return bytes
  }
}
