/// A path in a repository's trees and work tree: names joined by `/`, relative to the root.
///
/// Paths are compared by their bytes, as git does.
package struct RepositoryPath: Sendable {
  package let text: String
  package let components: [String]

  /// Checks a path.
  ///
  /// Refused are empty names, `.`, `..`, `.git` in any case and with trailing dots or spaces,
  /// backslashes, colons, control characters, and what is too long or too deep.
  package init(_ text: String) throws(GitError) {
    func refuse(_ reason: String) -> GitError {
      .invalid("RepositoryPath", "\(quoted(text)) is not a valid path: \(reason)")
    }
    guard text.utf8.count <= GitLimits.nameBytes else {
      throw refuse("it is longer than \(GitLimits.nameBytes) bytes")
    }
    let components = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard components.count <= GitLimits.pathDepth else {
      throw refuse("it is deeper than \(GitLimits.pathDepth) folders")
    }
    for component in components {
      guard !component.isEmpty else { throw refuse("a part of it is empty") }
      guard component.utf8.count <= GitLimits.componentBytes else {
        throw refuse("a part of it is longer than \(GitLimits.componentBytes) bytes")
      }
      guard component != ".", component != ".." else { throw refuse("it holds \(component)") }
      let forbidden = component.unicodeScalars.contains {
        $0 == "\\" || $0 == ":" || $0.properties.generalCategory == .control
      }
      guard !forbidden else { throw refuse("a character in it is not allowed") }
      var stem = component.lowercased()[...]
      while let last = stem.last, last == "." || last == " " { stem = stem.dropLast() }
      guard stem != ".git", stem != "git~1" else {
        throw refuse("it reaches into git's own folder")
      }
    }
    self.text = text
    self.components = components
  }
}

extension RepositoryPath: Hashable {
  package static func == (left: RepositoryPath, right: RepositoryPath) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
    hasher.combine(UInt8(0xFF))
  }
}

extension RepositoryPath: CustomStringConvertible {
  package var description: String { text }
}
