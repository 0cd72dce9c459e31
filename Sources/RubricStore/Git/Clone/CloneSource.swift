internal import Glibc

/// Where a clone comes from.
enum CloneSource {
  /// A repository on this machine.
  case folder(String)
  /// A server, by the URL that libgit2 takes.
  case server(String)

  /// Reads what `git clone` takes: a path, a URL, or `user@host:path`.
  init(_ text: String) throws(GitError) {
    guard !text.isEmpty, text.utf8.count <= 8 * GitLimits.nameBytes,
      !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { throw .invalid("git_clone", "\(quoted(text)) is no path and no URL") }
    if let end = text.firstRange(of: "://") {
      let scheme = text[..<end.lowerBound].lowercased()
      switch scheme {
      case "file": self = .folder(try Self.path(ofFileURL: text[end.upperBound...]))
      case "https", "http", "git": self = .server(text)
      case "ssh", "ssh+git", "git+ssh": self = .server(text)
      default:
        throw .invalid(
          "git_clone",
          "there is no way to clone from \(quoted(scheme + "://…")); a clone comes from a path, "
            + "file://, https:// or ssh://")
      }
      return
    }
    // As git reads it: a colon before any slash stands for another machine, unless there is such a
    // folder.
    let colon = text.utf8.firstIndex(of: UInt8(ascii: ":"))
    let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) ?? text.endIndex
    if let colon, colon < slash, access(text, F_OK) != 0 {
      self = .server(text)
    } else {
      self = .folder(text)
    }
  }

  /// The path in `file://HOST/PATH` from behind the slashes on; HOST is empty or this machine.
  private static func path(ofFileURL rest: Substring) throws(GitError) -> String {
    var bytes: [UInt8] = []
    var input = rest.utf8[...]
    if input.starts(with: "localhost/".utf8) { input = input.dropFirst("localhost".utf8.count) }
    guard input.first == UInt8(ascii: "/") else {
      throw .invalid(
        "git_clone", "\(quoted("file://" + rest)) names another machine; expected file:///PATH")
    }
    while let byte = input.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = input.popFirst().flatMap({ ObjectID.nibble($0) }),
        let low = input.popFirst().flatMap({ ObjectID.nibble($0) }), high | low != 0
      else {
        throw .invalid(
          "git_clone", "\(quoted("file://" + rest)) holds a % that no two digits follow")
      }
      bytes.append(high << 4 | low)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A URL as it may be shown: without the name and the password in it.
  static func shown(_ url: String) -> String {
    quoted(user(in: url).map { url.replacing($0, with: "…", maxReplacements: 1) } ?? url)
  }

  /// What libgit2 says about a URL, as it may be shown.
  static func hidingSecrets(of url: String, in message: String) -> String {
    user(in: url).map { message.replacing($0 + "@", with: "…@") } ?? message
  }

  /// The name and the password in a URL, or the token that stands in their place; nil over ssh, where
  /// the name is no secret, unless a password follows it.
  private static func user(in url: String) -> String? {
    guard let start = url.firstRange(of: "://")?.upperBound else { return nil }
    let rest = url[start...]
    guard let at = rest[..<(rest.firstIndex(of: "/") ?? rest.endIndex)].lastIndex(of: "@")
    else { return nil }
    let user = rest[..<at]
    let isSSH = url.lowercased().prefix { $0 != ":" }.contains("ssh")
    return user.isEmpty || isSSH && !user.contains(":") ? nil : String(user)
  }
}
