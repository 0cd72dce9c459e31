internal import CLibGit2

/// The full name of a reference: `HEAD`, or one that starts with `refs/`.
///
/// Names are compared by their bytes, as git does; Swift's strings would take `é` in its two
/// spellings for one name.
package struct ReferenceName: Sendable {
  package let text: String

  /// The name of what is checked out.
  package static let head = ReferenceName(unchecked: "HEAD")

  private init(unchecked text: String) { self.text = text }

  /// Checks a full name.
  ///
  /// Besides git's rules: no control character, no component that starts with `-`, nothing too long
  /// for a lock file.
  package init(_ text: String) throws(GitError) {
    if text == "HEAD" {
      self = .head
      return
    }
    func refuse(_ reason: String) -> GitError {
      .invalid("ReferenceName", "\(quoted(text)) is not a valid reference name: \(reason)")
    }
    guard text.utf8.starts(with: "refs/".utf8) else { throw refuse("it must start with refs/") }
    guard !["refs/heads", "refs/tags", "refs/notes", "refs/remotes"].contains(text) else {
      throw refuse("it would be in the way of all that it should hold")
    }
    guard text.utf8.count <= GitLimits.nameBytes else {
      throw refuse("it is longer than \(GitLimits.nameBytes) bytes")
    }
    guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      throw refuse("it holds a control character")
    }
    for component in text.utf8.split(separator: UInt8(ascii: "/")) {
      guard component.first != UInt8(ascii: "-") else { throw refuse("a part of it starts with -") }
      guard component.count <= GitLimits.componentBytes else {
        throw refuse("a part of it is longer than \(GitLimits.componentBytes) bytes")
      }
    }
    var valid: CInt = 0
    try GitLibrary.start()
    try git("git_reference_name_is_valid") { git_reference_name_is_valid(&valid, text) }
    guard valid == 1 else { throw refuse("git does not allow it") }
    self.text = text
  }

  /// The name of a branch: `main` gives `refs/heads/main`.
  ///
  /// `HEAD` and what reads as a full object id are refused, since they would hide what they look like.
  package static func branch(_ short: String) throws(GitError) -> ReferenceName {
    guard short != "HEAD", ObjectID(hex: short) == nil else {
      throw .invalid("ReferenceName", "a branch cannot be called \(quoted(short))")
    }
    return try ReferenceName("refs/heads/" + short)
  }

  /// The name of a tag: `v1` gives `refs/tags/v1`.
  package static func tag(_ short: String) throws(GitError) -> ReferenceName {
    guard short != "HEAD", ObjectID(hex: short) == nil else {
      throw .invalid("ReferenceName", "a tag cannot be called \(quoted(short))")
    }
    return try ReferenceName("refs/tags/" + short)
  }

  package var isBranch: Bool { text.utf8.starts(with: "refs/heads/".utf8) }
  package var isTag: Bool { text.utf8.starts(with: "refs/tags/".utf8) }

  /// The name as people say it: `main` for `refs/heads/main`.
  package var short: String {
    for prefix in ["refs/heads/", "refs/tags/"] where text.utf8.starts(with: prefix.utf8) {
      return String(decoding: text.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }
    return text
  }
}

extension ReferenceName: Hashable {
  package static func == (left: ReferenceName, right: ReferenceName) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
    hasher.combine(UInt8(0xFF))
  }
}

extension ReferenceName: CustomStringConvertible {
  package var description: String { text }
}

/// A text that was refused, as it is shown in an error: cut, and without control characters.
func quoted(_ text: String) -> String {
  let shown = text.unicodeScalars.prefix(80).map { scalar -> String in
    scalar.properties.generalCategory == .control
      ? "\\u{" + String(scalar.value, radix: 16) + "}" : String(scalar)
  }
  let cut = text.unicodeScalars.count > 80 ? "…" : ""
  return "`" + shown.joined() + cut + "`"
}
