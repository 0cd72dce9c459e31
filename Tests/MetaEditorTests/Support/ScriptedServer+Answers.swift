import RubricStore

extension [ScriptedServer.Step] {
  /// A whole answer with its length.
  static func answer(
    _ status: Int = 200, _ body: String, type: String = "application/json",
    headers: [String: String] = [:]
  ) -> Self {
    [.send(head(status, length: body.utf8.count, type: type, headers: headers) + body.utf8)]
  }

  /// An answer of a chat model.
  static func chat(
    _ text: String, finish: String = "stop", promptTokens: Int? = 7, completionTokens: Int = 3
  ) -> Self {
    answer(200, chatBody(text, finish, promptTokens, completionTokens))
  }

  /// The start of an answer that is longer, and then something else.
  static func cut(
    _ body: String, missing: Int = 100, then step: ScriptedServer.Step = .close
  )
    -> Self
  {
    [.send(head(200, length: body.utf8.count + missing) + body.utf8), step]
  }

  /// An answer in chunks; without an end where it is not whole.
  static func chunked(
    _ parts: [String], isWhole: Bool = true, then step: ScriptedServer.Step? = nil
  ) -> Self {
    var bytes = [UInt8]("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n".utf8)
    bytes += "Transfer-Encoding: chunked\r\n\r\n".utf8
    for part in parts {
      bytes += (String(part.utf8.count, radix: 16) + "\r\n" + part + "\r\n").utf8
    }
    if isWhole { bytes += "0\r\n\r\n".utf8 }
    return [.send(bytes)] + (step.map { [$0] } ?? [])
  }

  /// The JSON of a chat model's answer.
  static func chatBody(
    _ text: String, _ finish: String = "stop", _ promptTokens: Int? = 7,
    _ completionTokens: Int = 3
  ) -> String {
    var body = JSONObject([
      ("id", "c1"), ("object", "chat.completion"), ("model", "served"),
      (
        "choices",
        [
          [
            "index": 0, "finish_reason": .string(finish),
            "message": ["role": "assistant", "content": .string(text)],
          ]
        ]
      ),
    ])
    if let promptTokens {
      body["usage"] = [
        "prompt_tokens": .integer(promptTokens), "completion_tokens": .integer(completionTokens),
      ]
    }
    return JSONValue.object(body).jsonText
  }

  static func head(
    _ status: Int, length: Int, type: String = "application/json", headers: [String: String] = [:]
  ) -> [UInt8] {
    var text = "HTTP/1.1 \(status) Word\r\nContent-Type: \(type)\r\nContent-Length: \(length)\r\n"
    for (name, value) in headers.sorted(by: { $0.key < $1.key }) { text += "\(name): \(value)\r\n" }
    return [UInt8]((text + "\r\n").utf8)
  }
}
