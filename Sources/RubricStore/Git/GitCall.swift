internal import CLibGit2
internal import Glibc

/// Runs one libgit2 call and turns a negative status into an error.
///
/// libgit2 keeps its error by thread, so it is read and cleared here, before anything else runs. A
/// message left over from a call that recovered is cleared first: it is not this call's.
@discardableResult
func git(_ operation: StaticString, _ call: () -> CInt) throws(GitError) -> CInt {
  git_error_clear()
  let status = call()
  if status < 0 { throw GitError(status: status, operation: "\(operation)") }
  return status
}

/// The one owner of a libgit2 object; it frees the object when it goes out of scope.
struct GitHandle: ~Copyable {
  typealias Free = @convention(c) (OpaquePointer?) -> Void

  let pointer: OpaquePointer
  private let free: Free

  /// Takes over what `create` stores.
  init(
    _ operation: StaticString, free: @escaping Free, create: (inout OpaquePointer?) -> CInt
  ) throws(GitError) {
    var created: OpaquePointer?
    try git(operation) { create(&created) }
    guard let created else {
      throw GitError(.other, operation: "\(operation)", message: "libgit2 returned no object")
    }
    self.pointer = created
    self.free = free
  }

  deinit { free(pointer) }
}

extension GitError {
  /// Reads libgit2's error of this thread, and clears it.
  fileprivate init(status: CInt, operation: String) {
    var category = 0
    var message = "libgit2 gave no reason (status \(status))"
    if let last = git_error_last() {
      category = Int(last.pointee.klass)
      if let text = last.pointee.message { message = Self.plain(String(cString: text)) }
    }
    git_error_clear()
    self.init(
      Self.code(status: status, category: category), operation: operation, message: message,
      category: category)
  }

  /// A message without control characters: it may quote what a user or another machine sent.
  private static func plain(_ text: String) -> String {
    var plain = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isControl = scalar.properties.generalCategory == .control && scalar != "\n"
      plain.append(isControl ? "\u{FFFD}" : scalar)
    }
    return String(plain)
  }

  private static func code(status: CInt, category: Int) -> Code {
    switch git_error_code(status) {
    case GIT_ENOTFOUND: return .notFound
    case GIT_EEXISTS: return .exists
    case GIT_EAMBIGUOUS: return .ambiguous
    case GIT_EMODIFIED: return .modified
    case GIT_ELOCKED: return .locked
    case GIT_EINVALIDSPEC, GIT_EINVALID: return .invalid
    case GIT_EOWNER: return .owner
    case GIT_EUNBORNBRANCH: return .unborn
    case GIT_EBAREREPO: return .bare
    case GIT_ECONFLICT, GIT_EUNMERGED, GIT_EUNCOMMITTED, GIT_EINDEXDIRTY, GIT_EMERGECONFLICT:
      return .conflict
    case GIT_EAUTH, GIT_ECERTIFICATE: return .auth
    case GIT_EMISMATCH: return .corrupt
    case GIT_EPEEL, GIT_EDIRECTORY: return .wrongKind
    default: break
    }
    switch UInt32(truncatingIfNeeded: category) {
    case GIT_ERROR_NOMEMORY.rawValue: return .outOfMemory
    case GIT_ERROR_OS.rawValue, GIT_ERROR_FILESYSTEM.rawValue: return .io
    case GIT_ERROR_ZLIB.rawValue: return .corrupt
    default: return .other
    }
  }

  /// The error that `errno` stands for, read before anything else can change it.
  static func system(_ operation: StaticString, _ subject: String) -> GitError {
    system(errno, operation, subject)
  }

  static func system(_ number: CInt, _ operation: StaticString, _ subject: String) -> GitError {
    let reason = strerror(number).map { String(cString: $0) } ?? "error \(number)"
    let code: Code =
      switch number {
      case ENOENT: .notFound
      case ELOOP, ENOTDIR, EISDIR: .wrongKind
      case EEXIST: .exists
      default: .io
      }
    return GitError(code, operation: "\(operation)", message: "\(subject): \(reason)")
  }

  /// The error of an argument that C would read differently, or not at all.
  static func invalid(_ operation: String, _ message: String) -> GitError {
    GitError(.invalid, operation: operation, message: message)
  }
}

extension StringProtocol {
  /// Whether a NUL would cut the text short in C.
  var holdsNUL: Bool { utf8.contains(0) }
}
