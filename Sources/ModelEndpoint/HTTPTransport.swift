#if Networking
  internal import Glibc
  public import MetaEditor
  internal import Synchronization

  /// Carries requests over HTTP, with libcurl.
  ///
  /// Copies share their connections, which end with the last of them. Redirects are returned and not
  /// followed, so that a key goes nowhere else; there are no cookies and no cache. A proxy that the
  /// environment names (`https_proxy`, `no_proxy`) is used, but not for this machine.
  /// libcurl 7.68 or later is loaded with the first request.
  public struct HTTPTransport: ChatTransport {
    private let session = HTTPSession()
    private let certificates: String?

    /// Creates a transport.
    ///
    /// - Parameter certificates: A file of the certificates, in PEM, that servers over TLS are trusted
    ///   by; what the environment variable `SSL_CERT_FILE` names if nil, as OpenSSL, Python and Go have
    ///   it, and the system's if it names none.
    public init(certificates: String? = nil) {
      let named = getenv("SSL_CERT_FILE").map { String(cString: $0) }
      self.certificates = certificates ?? named.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Posts a JSON body and returns what came back, whatever its status.
    ///
    /// - Parameter request: Where to, with what, until when.
    /// - Returns: The answer, its body whole and decompressed, the names of its header in lower case.
    /// - Throws: ``TransportError``, or `CancellationError` promptly after the task is cancelled;
    ///   ``ProposerError`` with code ``ProposerError/Code/denied`` where there is no libcurl.
    public func post(_ request: TransportRequest) async throws -> TransportAnswer {
      guard Self.isAddress(request.url), request.headers.allSatisfy(Self.isField) else {
        throw TransportError.invalidAddress(request.url)
      }
      try Task.checkCancellation()
      guard request.deadline > .zero else { throw TransportError.deadline(request.deadline) }
      let exchange = HTTPExchange(
        request, certificates: certificates, driver: try session.driver())
      return try await withThrowingTaskGroup(of: TransportAnswer.self) { group in
        group.addTask { try await exchange.answer() }
        group.addTask {
          // Sums of times must not overflow.
          try await Task.sleep(for: min(request.deadline, .seconds(1_000_000_000)))
          throw TransportError.deadline(request.deadline)
        }
        // The exchange ends at once when it is cancelled, whatever libcurl is at.
        defer { group.cancelAll() }
        guard let answer = try await group.next() else { throw CancellationError() }
        return answer
      }
    }

    /// Whether a text is an address with a server; what is after that, libcurl looks at.
    private static func isAddress(_ url: String) -> Bool {
      let lower = url.prefix(8).lowercased()
      guard let scheme = ["http://", "https://"].first(where: { lower.hasPrefix($0) }) else {
        return false
      }
      let rest = url.dropFirst(scheme.count)
      return rest.first.map { !"/?#:".contains($0) } ?? false
        && rest.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }

    /// Whether a field of a header is one line.
    private static func isField(_ field: (name: String, value: String)) -> Bool {
      !field.name.isEmpty && (field.name + field.value).utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
  }

  /// The connections of a transport and its copies, which end with this object.
  private final class HTTPSession: Sendable {
    private let started = Mutex<CurlDriver?>(nil)

    deinit { started.withLock { $0?.end() } }

    /// What runs the exchanges.
    func driver() throws -> CurlDriver {
      try started.withLock { started in
        if let started { return started }
        guard let curl = Curl.loaded else {
          throw ProposerError(
            .denied, "libcurl, which speaks HTTP, cannot be loaded",
            hint: "install libcurl 7.68 or later: `apt install libcurl4` on Debian")
        }
        guard let driver = CurlDriver.started(curl) else {
          throw TransportError.connection("there can be no more threads")
        }
        started = driver
        return driver
      }
    }
  }
#endif
