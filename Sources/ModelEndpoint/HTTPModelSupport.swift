#if Networking
  public import MetaEditor

  /// What it takes to ask models over HTTP, with mustache templates.
  public struct HTTPModelSupport: ModelSupport {
    /// Carries requests.
    public let transport: any ChatTransport
    /// Fills templates.
    public let templates: any TemplateEngine

    /// Creates it.
    public init() {
      transport = HTTPTransport()
      templates = MustacheEngine()
    }
  }
#endif
