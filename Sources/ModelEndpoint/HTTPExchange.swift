#if Networking
  internal import MetaEditor
  internal import Synchronization

  /// One request and its answer, as it comes in.
  final class HTTPExchange: Sendable, Identifiable {
    private struct State {
      var status = 0
      var headers: [String: String] = [:]
      /// Whether the header has come to its end.
      var hasHeader = false
      var body: [UInt8] = []
      var continuation: CheckedContinuation<TransportAnswer, any Error>?
      var result: Result<TransportAnswer, any Error>?
    }

    let request: TransportRequest
    /// The file of certificates that are trusted; nil for the system's.
    let certificates: String?
    private let driver: CurlDriver
    private let state = Mutex(State())

    init(_ request: TransportRequest, certificates: String?, driver: CurlDriver) {
      self.request = request
      self.certificates = certificates
      self.driver = driver
    }

    /// Sends the request and waits for the answer.
    ///
    /// - Throws: `CancellationError` at once when the task that waits is cancelled.
    func answer() async throws -> TransportAnswer {
      try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
          let result = state.withLock { state in
            if state.result == nil { state.continuation = continuation }
            return state.result
          }
          if let result { continuation.resume(with: result) } else { driver.begin(self) }
        }
      } onCancel: {
        settle(.failure(CancellationError()))
        driver.abandon(id)
      }
    }

    /// Takes a line of a header.
    ///
    /// - Returns: Whether more is wanted.
    func receiveHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
      let line = String(decoding: bytes, as: UTF8.self)
      let isTooLarge = state.withLock { state in
        if line.hasPrefix("HTTP/") {
          // The one before was of an interim answer.
          state.headers = [:]
          state.hasHeader = false
          state.status = Int(line.split(separator: " ").dropFirst().first?.prefix(3) ?? "") ?? 0
          return false
        }
        // Not what follows a body in chunks.
        guard !state.hasHeader else { return false }
        guard let colon = line.firstIndex(of: ":") else {
          state.hasHeader = line.allSatisfy(\.isWhitespace)
          return false
        }
        let name = line[..<colon].lowercased()
        let value = Self.trimmed(line[line.index(after: colon)...])
        state.headers[name] = state.headers[name].map { "\($0), \(value)" } ?? value
        return name == "content-length" && Int(value) ?? 0 > request.bodyLimit
      }
      if isTooLarge { fail(.tooLarge(limit: request.bodyLimit)) }
      return !isTooLarge
    }

    /// Takes a part of the body.
    ///
    /// - Returns: Whether more is wanted.
    func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
      let isTooLarge: Bool? = state.withLock { state in
        guard state.result == nil else { return nil }
        guard bytes.count <= request.bodyLimit - state.body.count else { return true }
        state.body.append(contentsOf: bytes)
        return false
      }
      if isTooLarge == true { fail(.tooLarge(limit: request.bodyLimit)) }
      return isTooLarge == false
    }

    /// Ends the exchange with what came in.
    func complete() {
      let answer = state.withLock { state in
        state.hasHeader && state.status >= 200
          ? TransportAnswer(status: state.status, headers: state.headers, body: state.body) : nil
      }
      settle(
        answer.map { .success($0) }
          ?? .failure(TransportError.connection("the connection was lost")))
    }

    /// Ends the exchange with an error.
    func fail(_ error: TransportError) { settle(.failure(error)) }

    /// Ends the exchange, once.
    private func settle(_ result: Result<TransportAnswer, any Error>) {
      let continuation = state.withLock { state in
        guard state.result == nil else {
          return nil as CheckedContinuation<TransportAnswer, any Error>?
        }
        state.result = result
        state.body = []
        defer { state.continuation = nil }
        return state.continuation
      }
      continuation?.resume(with: result)
    }

    private static func trimmed(_ text: Substring) -> String {
      var text = text.drop(while: \.isWhitespace)
      while text.last?.isWhitespace == true { text.removeLast() }
      return String(text)
    }
  }
#endif
