internal import RubricStore

/// Where a language model is asked, under which name, and with which key.
///
/// The key is never shown: neither by `description` and `dump`, nor in messages and transcripts.
public struct ChatEndpoint: Sendable {
  /// The address that requests go to, in full.
  public let url: String
  /// The server's name with its port, for messages.
  public let host: String
  /// The model's name, as the server knows it.
  public let model: String
  /// What must not be shown.
  let secrets: Secrets
  private let apiKey: String?
  private let extraHeaders: [(name: String, value: String)]

  /// Creates an endpoint.
  ///
  /// - Parameters:
  ///   - url: The address of an OpenAI-compatible server, `http` or `https`: `http://host:8000`,
  ///     `https://host/v1` or `https://host/v1/chat/completions`. What is missing is added: `/v1`
  ///     where no part of the path is a version such as `v1` or `v1beta`, and `/chat/completions`.
  ///   - model: The model's name, not empty.
  ///   - apiKey: What is sent as a bearer token; spaces and line breaks around it are dropped, and
  ///     none is sent where nothing is left.
  ///   - extraHeaders: Further header fields. Their values are kept as secret as the key.
  /// - Throws: ``ProposerError`` with code ``ProposerError/Code/invalidInput`` for an address that is
  ///   none or that carries a password, a model without a name, and a key or a header field that
  ///   cannot stand in a request.
  public init(
    url: String, model: String, apiKey: String? = nil,
    extraHeaders: [(name: String, value: String)] = []
  ) throws(ProposerError) {
    let address = try ChatAddress(url)
    self.url = address.url
    host = address.host
    self.model = String(model.trimmed)
    guard !self.model.isEmpty else {
      throw ProposerError(.invalidInput, "the model has no name", hint: "name it with `--model`")
    }
    let key = apiKey.map { String($0.trimmed) }.flatMap { $0.isEmpty ? nil : $0 }
    guard key?.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) ?? true else {
      throw ProposerError(
        .invalidInput,
        "the key holds a character that no key has: a space, a line break, or none "
          + "of ASCII", hint: "look at the variable that it comes from")
    }
    for header in extraHeaders {
      let isName = !header.name.isEmpty && header.name.utf8.allSatisfy(Self.isNameByte)
      guard isName, header.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
        throw ProposerError(
          .invalidInput, "the header field \(NodeReader.quote(header.name)) cannot be sent",
          hint: "a name has letters, digits and `-`; a value has no line breaks")
      }
    }
    self.apiKey = key
    self.extraHeaders = extraHeaders
    secrets = Secrets([key].compactMap(\.self) + extraHeaders.map(\.value))
  }

  /// The header fields of a request, the key among them.
  var headers: [(name: String, value: String)] {
    var headers = [
      (name: "Content-Type", value: "application/json"),
      (name: "Accept", value: "application/json"),
      (name: "User-Agent", value: "rubric-store"),
    ]
    if let apiKey { headers.append((name: "Authorization", value: "Bearer \(apiKey)")) }
    return headers + extraHeaders
  }

  /// The address without what comes after `?`, which may hold a key.
  var shownURL: String { String(url.prefix { $0 != "?" }) }

  /// Whether a key is sent.
  public var hasKey: Bool { apiKey != nil }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

extension ChatEndpoint: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The model and the address, without the key.
  public var description: String { "\(model) at \(shownURL)" }

  /// The model and the address, without the key.
  public var debugDescription: String { description }

  /// What may be shown of it.
  public var customMirror: Mirror {
    Mirror(
      self,
      children: [
        "url": shownURL, "model": model, "key": apiKey == nil ? "none" : Secrets.mask,
        "extraHeaders": extraHeaders.map(\.name),
      ], displayStyle: .struct)
  }
}

extension TransportRequest: CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  /// Where to and how much, without the header's values.
  public var description: String { "\(body.count) bytes to \(url.prefix { $0 != "?" })" }

  /// Where to and how much, without the header's values.
  public var debugDescription: String { description }

  /// What may be shown of it: of the header only the names.
  public var customMirror: Mirror {
    Mirror(
      self,
      children: [
        "url": url.prefix { $0 != "?" }, "headers": headers.map(\.name), "body": body.count,
        "deadline": deadline, "bodyLimit": bodyLimit,
      ], displayStyle: .struct)
  }
}
