internal import RubricStore

/// The address of an OpenAI-compatible server, completed.
struct ChatAddress {
  /// The address of its chat completions.
  let url: String
  /// The server's name with its port.
  let host: String
  /// Whether what is sent cannot be read on the way: over TLS, or to this machine.
  let isPrivate: Bool

  init(_ text: String) throws(ProposerError) {
    let text = text.trimmed
    let hint = "an address is like `http://localhost:8000` or `https://host/v1`"
    guard !text.isEmpty else {
      throw ProposerError(.invalidInput, "there is no address", hint: hint)
    }
    guard let separator = text.firstRange(of: "://") else {
      throw ProposerError(
        .invalidInput, "the address begins with neither `http://` nor `https://`", hint: hint)
    }
    let scheme = text[..<separator.lowerBound].lowercased()
    guard scheme == "http" || scheme == "https" else {
      throw ProposerError(
        .invalidInput,
        "the address begins with \(NodeReader.quote(scheme)); `http` or `https` is expected",
        hint: hint)
    }
    var rest = text[separator.upperBound...]
    // A browser would keep what comes after `#` to itself.
    rest = rest.prefix { $0 != "#" }
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    // Not shown: what is before the @ is a password.
    guard !authority.contains("@") else {
      throw ProposerError(
        .invalidInput, "the address holds a name or a password",
        hint: "keys come from an environment variable")
    }
    guard let host = Self.checked(authority.lowercased()) else {
      throw ProposerError(
        .invalidInput, "the address names the server \(NodeReader.quote(String(authority)))",
        hint: hint)
    }
    guard rest.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw ProposerError(
        .invalidInput, "the address holds a space or a character that is not ASCII", hint: hint)
    }
    let tail = rest.dropFirst(authority.count)
    let path = tail.prefix { $0 != "?" }
    self.host = host
    url = "\(scheme)://\(host)\(Self.completed(path))\(tail.dropFirst(path.count))"
    isPrivate = scheme == "https" || Self.isThisMachine(host)
  }

  /// `host` or `host:port`, where it is one.
  private static func checked(_ authority: String) -> String? {
    var name = Substring(authority)
    if name.hasPrefix("[") {
      guard let end = name.firstIndex(of: "]"),
        name[..<end].dropFirst().allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." })
      else { return nil }
      name = name[name.index(after: end)...]
      guard name.isEmpty || name.hasPrefix(":") else { return nil }
    } else {
      let host = name.prefix { $0 != ":" }
      guard !host.isEmpty, host.utf8.allSatisfy(isHostByte) else { return nil }
      name = name.dropFirst(host.count)
    }
    if name.hasPrefix(":") {
      guard name.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        let port = Int(name.dropFirst()), (1...65_535).contains(port)
      else { return nil }
    }
    return authority
  }

  private static func isHostByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static func completed(_ path: Substring) -> String {
    var path = path
    while path.hasSuffix("/") { path.removeLast() }
    if path.hasSuffix("/chat/completions") { return String(path) }
    let hasVersion = path.split(separator: "/").contains { part in
      part.count >= 2 && part.first == "v" && part.dropFirst().first?.isNumber == true
    }
    return path + (hasVersion ? "" : "/v1") + "/chat/completions"
  }

  private static func isThisMachine(_ host: String) -> Bool {
    let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
    return name == "localhost" || name == "[::1]" || name.hasPrefix("127.")
  }
}

extension ChatEndpoint {
  /// Whether an address keeps a key to itself and the server: `https`, or a server on this machine.
  ///
  /// - Throws: ``ProposerError`` with code ``ProposerError/Code/invalidInput`` for what is no address.
  public static func keepsSecrets(url: String) throws(ProposerError) -> Bool {
    try ChatAddress(url).isPrivate
  }
}

extension StringProtocol {
  /// The text without white space at its ends.
  var trimmed: SubSequence {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
