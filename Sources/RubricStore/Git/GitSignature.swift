internal import CLibGit2

/// Who did something, and when.
package struct GitSignature: Hashable, Sendable {
  package var name: String
  /// The address, without angle brackets.
  package var email: String
  /// Seconds since 1970-01-01 00:00 UTC.
  package var seconds: Int64
  /// Minutes east of UTC.
  package var offsetMinutes: Int

  package init(name: String, email: String, seconds: Int64, offsetMinutes: Int) {
    self.name = name
    self.email = email
    self.seconds = seconds
    self.offsetMinutes = offsetMinutes
  }

  /// Reads libgit2's form; bytes that are not UTF-8 become U+FFFD.
  init(_ signature: UnsafePointer<git_signature>?) {
    guard let signature else {
      self.init(name: "", email: "", seconds: 0, offsetMinutes: 0)
      return
    }
    self.init(
      name: signature.pointee.name.map { String(cString: $0) } ?? "",
      email: signature.pointee.email.map { String(cString: $0) } ?? "",
      seconds: signature.pointee.when.time, offsetMinutes: Int(signature.pointee.when.offset))
  }

  /// Throws unless git can store the signature and read the same one back.
  package func validate() throws(GitError) {
    for (what, text) in [("name", name), ("email", email)] {
      guard text.utf8.count <= GitLimits.nameBytes else {
        throw .invalid("GitSignature", "the \(what) is longer than \(GitLimits.nameBytes) bytes")
      }
      let forbidden = text.unicodeScalars.contains {
        $0 == "<" || $0 == ">" || $0.properties.generalCategory == .control
      }
      guard !forbidden else {
        throw .invalid(
          "GitSignature",
          "the \(what) \(quoted(text)) holds an angle bracket or a control character")
      }
    }
    guard seconds >= 0, seconds < 1 << 40 else {
      throw .invalid("GitSignature", "the time \(seconds) is outside 0..<2^40 seconds since 1970")
    }
    guard (-1439...1439).contains(offsetMinutes) else {
      throw .invalid("GitSignature", "the offset of \(offsetMinutes) minutes is over a day")
    }
  }

  /// The signature as libgit2 holds it, which trims blanks and punctuation around the names.
  func handle() throws(GitError) -> SignatureHandle { try SignatureHandle(self) }
}

/// The one owner of a `git_signature`.
struct SignatureHandle: ~Copyable {
  let pointer: UnsafeMutablePointer<git_signature>

  init(_ signature: GitSignature) throws(GitError) {
    try signature.validate()
    var created: UnsafeMutablePointer<git_signature>?
    do throws(GitError) {
      try git("git_signature_new") {
        git_signature_new(
          &created, signature.name, signature.email, signature.seconds,
          CInt(signature.offsetMinutes))
      }
    } catch {
      throw GitError(
        .invalid, operation: error.operation,
        message: "\(quoted(signature.name)) <\(signature.email)> is not an identity that git "
          + "stores: \(error.message)", category: error.category)
    }
    guard let created else {
      throw GitError(.other, operation: "git_signature_new", message: "libgit2 returned no object")
    }
    pointer = created
  }

  deinit { git_signature_free(pointer) }
}
