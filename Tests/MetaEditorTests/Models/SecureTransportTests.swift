#if Networking
  import Foundation
  import MetaEditor
  import ModelEndpoint
  import RubricStore
  import Testing

  private func hasPrograms() -> Bool {
    ["openssl", "python3"].allSatisfy { SecureServer.path(of: $0) != nil }
  }

  /// TLS, against a server with a certificate of its own making.
  @Suite(.enabled(if: hasPrograms(), "openssl and python3 are not both there"))
  struct SecureTransportTests {
    private func post(
      _ url: String, trusting certificates: String? = nil
    ) async throws
      -> TransportAnswer
    {
      try await HTTPTransport(certificates: certificates).post(
        TransportRequest(
          url: url + "/v1", headers: [(name: "Authorization", value: "Bearer k")],
          body: Array("{}".utf8), deadline: .seconds(60)))
    }

    @Test func refusesAServerThatNobodyVouchesFor() async throws {
      let server = try SecureServer()
      let error = await #expect(throws: TransportError.self) { try await post(server.url) }
      guard case .connection(let words)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(words.hasPrefix("there is no secure connection"), "\(words)")
      #expect(server.answered == 0)
    }

    @Test func trustsTheFileThatItIsGiven() async throws {
      let server = try SecureServer()
      let answer = try await post(server.url, trusting: server.certificate)
      #expect(answer.status == 200)
      #expect(String(decoding: answer.body, as: UTF8.self) == "Bearer k")
      // The certificate is for this name only.
      let other = server.url.replacingOccurrences(of: "localhost", with: "127.0.0.1")
      await #expect(throws: TransportError.self) {
        try await post(other, trusting: server.certificate)
      }
      #expect(server.answered == 1)
    }
  }

  /// Python's server over TLS.
  private final class SecureServer {
    let url: String
    let certificate: String
    private let folder: URL
    private let process = Process()

    static func path(of program: String) -> String? {
      (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { "\($0)/\(program)" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    init() throws {
      folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      certificate = folder.appending(path: "cert.pem").path
      let key = folder.appending(path: "key.pem").path
      let maker = Process()
      maker.executableURL = URL(filePath: try #require(Self.path(of: "openssl")))
      maker.arguments = [
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
        "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
      ]
      maker.standardError = FileHandle.nullDevice
      try maker.run()
      maker.waitUntilExit()
      try #require(maker.terminationStatus == 0)
      let script = """
        import http.server, ssl, sys
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["content-length"]))
                open("\(folder.path)/answered", "a").write("x")
                body = self.headers["authorization"].encode()
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def log_message(self, *_): pass
        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("\(certificate)", "\(key)")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print(server.server_port, flush=True)
        server.serve_forever()
        """
      process.executableURL = URL(filePath: try #require(Self.path(of: "python3")))
      process.arguments = ["-c", script]
      process.standardError = FileHandle.nullDevice
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
      url = "https://localhost:\(try #require(Int(line.trimmingCharacters(in: .newlines))))"
    }

    deinit {
      process.terminate()
      try? FileManager.default.removeItem(at: folder)
    }

    /// The requests that it has answered.
    var answered: Int {
      (try? Data(contentsOf: folder.appending(path: "answered")).count) ?? 0
    }
  }
#endif
