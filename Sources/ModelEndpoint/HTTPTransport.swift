#if Networking
  public import MetaEditor

  /// Carries requests over HTTP.
  public struct HTTPTransport: ChatTransport {
    /// Creates a transport.
    public init() {}

    /// Posts a JSON body and returns what came back, whatever its status.
    public func post(_ request: TransportRequest) async throws -> TransportAnswer {
      throw TransportError.connection("not there yet")
    }
  }
#endif
