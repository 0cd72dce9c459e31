import MetaEditor
import Testing

@Suite struct ChatEndpointTests {
  @Test(arguments: [
    ("http://localhost:8000", "http://localhost:8000/v1/chat/completions"),
    ("http://localhost:8000/", "http://localhost:8000/v1/chat/completions"),
    (" HTTP://LocalHost:8000/v1\n", "http://localhost:8000/v1/chat/completions"),
    ("https://host/v1/", "https://host/v1/chat/completions"),
    ("https://host/v1/chat/completions", "https://host/v1/chat/completions"),
    ("https://host/v1/chat/completions//", "https://host/v1/chat/completions"),
    ("https://host/api", "https://host/api/v1/chat/completions"),
    ("https://host/api/v1", "https://host/api/v1/chat/completions"),
    ("https://host/v1beta/openai/", "https://host/v1beta/openai/chat/completions"),
    ("https://host/vllm", "https://host/vllm/v1/chat/completions"),
    ("https://host?a=b", "https://host/v1/chat/completions?a=b"),
    ("https://host/v1#part", "https://host/v1/chat/completions"),
    (
      "https://x.host/deployments/d/chat/completions?api-version=1",
      "https://x.host/deployments/d/chat/completions?api-version=1"
    ), ("http://[::1]:80", "http://[::1]:80/v1/chat/completions"),
    ("http://10.0.0.1:65535", "http://10.0.0.1:65535/v1/chat/completions"),
  ]) func completesAddresses(_ given: String, _ full: String) throws {
    #expect(try ChatEndpoint(url: given, model: "m").url == full)
  }

  @Test(arguments: [
    "", " ", "localhost:8000", "ftp://host", "http://", "http:///v1", "http://:80", "http://a b",
    "http://host:0", "http://host:65536", "http://host:x", "http://host:", "http://[::1",
    "http://[::1]x", "http://ho\u{301}st", "http://host/a b", "http://host/ü", "http://host/\u{0}",
    "http://host\r\nX: y", "https://joe:s3same@host/v1", "https://joe@host", "://host",
    "http//host",
  ]) func refusesWhatIsNoAddress(_ url: String) throws {
    let error = #expect(throws: ProposerError(.invalidInput, "")) {
      try ChatEndpoint(url: url, model: "m")
    }
    #expect(error?.description.contains("s3same") == false)
    #expect(error?.hint != nil)
  }

  @Test func namesTheServerWithItsPort() throws {
    let endpoint = try ChatEndpoint(url: "http://Host:81/v1?key=1", model: " m ")
    #expect(endpoint.host == "host:81")
    #expect(endpoint.model == "m")
    #expect("\(endpoint)" == "m at http://host:81/v1/chat/completions")
  }

  @Test(arguments: ["", "  ", "\n"]) func aModelHasAName(_ model: String) {
    #expect(throws: ProposerError(.invalidInput, "")) {
      try ChatEndpoint(url: "http://host", model: model)
    }
  }

  @Test(arguments: ["a b", "a\nb", "ü", "a\u{0}"]) func refusesWhatIsNoKey(_ key: String) {
    let error = #expect(throws: ProposerError(.invalidInput, "")) {
      try ChatEndpoint(url: "http://host", model: "m", apiKey: key)
    }
    #expect(error?.message.contains(key) == false)
  }

  @Test func aKeyMayComeWithALineBreak() throws {
    #expect(try ChatEndpoint(url: "http://host", model: "m", apiKey: "abcdef\n").hasKey)
    #expect(try !ChatEndpoint(url: "http://host", model: "m", apiKey: " \n").hasKey)
  }

  @Test(arguments: [("", "v"), ("a b", "v"), ("a:", "v"), ("a", "v\r\nb: c"), ("a\n", "v")])
  func refusesWhatIsNoHeader(_ name: String, _ value: String) {
    #expect(throws: ProposerError(.invalidInput, "")) {
      try ChatEndpoint(
        url: "http://host", model: "m", extraHeaders: [(name: name, value: value)])
    }
  }

  @Test(arguments: [
    ("https://host", true), ("http://localhost:1", true), ("http://127.0.0.1", true),
    ("http://[::1]:2", true), ("http://host", false), ("http://localhost.evil.test", false),
    ("http://10.0.0.1", false),
  ]) func knowsWhatKeepsSecrets(_ url: String, _ isPrivate: Bool) throws {
    #expect(try ChatEndpoint.keepsSecrets(url: url) == isPrivate)
  }
}
