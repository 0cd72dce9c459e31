#if Networking
  internal import CLibCurl
  internal import MetaEditor

  /// libcurl's side of an exchange.
  ///
  /// Only the driver's thread has it.
  struct CurlTransfer {
    let exchange: HTTPExchange
    let handle: Curl.Handle
    private let curl: Curl
    private let headers: Curl.List?
    /// Where libcurl says what went wrong.
    private let errorText: UnsafeMutablePointer<CChar>
    // CURL_ERROR_SIZE
    private static let errorSize = 256

    /// Sets a transfer up; nil where there is not enough memory.
    init?(_ exchange: HTTPExchange, _ curl: Curl) {
      guard let handle = curl.makeHandle() else { return nil }
      self.exchange = exchange
      self.handle = handle
      self.curl = curl
      errorText = .allocate(capacity: Self.errorSize)
      errorText.initialize(repeating: 0, count: Self.errorSize)
      let request = exchange.request
      var list: Curl.List?
      // An empty `Expect` keeps libcurl from asking whether it may send a large body.
      let fields = request.headers.map {
        $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)"
      }
      for field in fields + ["Expect:"] { list = curl.append(list, field) ?? list }
      headers = list
      curl.set(handle, .noSignal, 1)
      // http and https
      curl.set(handle, .protocols, 3)
      curl.set(handle, .withoutProxyHeaders, 1)
      // A long answer is a long silence.
      curl.set(handle, .keepAlive, 1)
      curl.set(handle, .errorText, errorText)
      request.url.withCString { curl.set(handle, .url, $0) }
      "".withCString { curl.set(handle, .acceptedEncodings, $0) }
      // A proxy cannot reach this machine.
      if Self.isThisMachine(request.url) {
        "*".withCString { curl.set(handle, .withoutProxy, $0) }
      }
      exchange.certificates?.withCString { curl.set(handle, .authorities, $0) }
      curl.set(handle, .headerList, headers)
      curl.set(handle, .post, 1)
      curl.set(handle, .bodySize, request.body.count)
      request.body.withUnsafeBytes { bytes in
        // Nothing at all would mean a body that is read from standard input.
        if let address = bytes.baseAddress, !bytes.isEmpty {
          curl.set(handle, .copiedBody, address)
        } else {
          "".withCString { curl.set(handle, .copiedBody, $0) }
        }
      }
      // The exchange outlives the handle: whoever has this has both, and frees the handle first.
      let context = UnsafeRawPointer(Unmanaged.passUnretained(exchange).toOpaque())
      curl.set(handle, .headerContext, context)
      curl.set(handle, .writeContext, context)
      curl.set(handle, .header) { bytes, size, count, context in
        CurlTransfer.received(bytes, size, count, context) { $0.receiveHeader($1) }
      }
      curl.set(handle, .write) { bytes, size, count, context in
        CurlTransfer.received(bytes, size, count, context) { $0.receiveBody($1) }
      }
    }

    private static func isThisMachine(_ url: String) -> Bool {
      let host = url.drop { $0 != "/" }.drop { $0 == "/" }.prefix { !"/?#".contains($0) }
      return host.hasPrefix("127.") || host.hasPrefix("[::1]")
        || host.lowercased().prefix { $0 != ":" } == "localhost"
    }

    /// Frees what libcurl has of it.
    func free() {
      curl.freeHandle(handle)
      curl.freeList(headers)
      errorText.deallocate()
    }

    /// Ends the exchange as libcurl says.
    func finish(_ code: Int32) {
      guard code != 0 else { return exchange.complete() }
      let text = String(cString: errorText)
      exchange.fail(Self.error(code, text.isEmpty ? curl.words(code) : text, exchange.request))
    }

    /// Hands bytes on.
    ///
    /// - Returns: As many as there are, or none where no more are wanted.
    private static func received(
      _ bytes: UnsafeMutablePointer<CChar>?, _ size: UInt, _ count: UInt,
      _ context: UnsafeMutableRawPointer?,
      _ take: (HTTPExchange, UnsafeRawBufferPointer) -> Bool
    ) -> UInt {
      let total = size * count
      guard let context else { return 0 }
      let exchange = Unmanaged<HTTPExchange>.fromOpaque(context).takeUnretainedValue()
      let isWanted = take(exchange, UnsafeRawBufferPointer(start: bytes, count: Int(total)))
      // A header may be of no bytes, and so may what libcurl takes for a refusal of none.
      return isWanted ? total : total &+ 1
    }

    /// What one of libcurl's errors means.
    private static func error(
      _ code: Int32, _ text: String, _ request: TransportRequest
    )
      -> TransportError
    {
      switch code {
      case 3: .invalidAddress(request.url)
      case 1, 8: .connection("what came back is no HTTP")
      case 5: .connection("no proxy of this name is known")
      case 6: .connection("no server of this name is known")
      case 7: .connection("the connection was refused")
      case 18, 52, 55, 56, 92: .connection("the connection was lost")
      case 28: .connection("connecting took too long")
      case 35, 51, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91:
        .connection("there is no secure connection: \(text)")
      default: .connection(text)
      }
    }
  }
#endif
