internal import RubricStore

/// Requests and answers as they travel: OpenAI's chat completions.
enum ChatWire {
  /// The body of a request.
  static func body(of request: ChatRequest, model: String, in dialect: ChatDialect) -> JSONValue {
    var messages = request.messages
    var body = JSONObject([("model", .string(model))])
    if let schema = request.schema, !dialect.hasSchemas {
      let words =
        "Answer with JSON and nothing else. It keeps this JSON Schema:\n" + schema.jsonText
      if let last = messages.indices.last, messages[last].role == .user {
        messages[last].content += "\n\n" + words
      } else {
        messages.append(ChatMessage(.user, words))
      }
    }
    body["messages"] = .array(
      messages.map { ["role": .string($0.role.rawValue), "content": .string($0.content)] })
    body[dialect.hasMaxTokens ? "max_tokens" : "max_completion_tokens"] = .integer(
      request.maxTokens)
    if dialect.hasTemperature, request.temperature.isFinite {
      body["temperature"] = .number(request.temperature)
    }
    if dialect.hasSeed, let seed = request.seed { body["seed"] = .integer(seed) }
    body["stream"] = false
    if let schema = request.schema, dialect.hasSchemas {
      body["response_format"] = [
        "type": "json_schema",
        "json_schema": [
          "name": .string(schemaName(request.purpose)), "strict": true, "schema": schema,
        ],
      ]
    }
    return .object(body)
  }

  /// Reads what came back.
  ///
  /// - Parameters:
  ///   - answer: The status, the header and the body.
  ///   - date: Now, in seconds since 1970.
  /// - Returns: The reply, or why there is none.
  static func read(_ answer: TransportAnswer, date: Double) -> ChatOutcome {
    let json = MendedJSON.value(of: answer.body)
    let type = answer.headers["content-type"]
    guard (200..<300).contains(answer.status) else {
      return .failure(refusal(answer, json, type, date))
    }
    guard let json else {
      var failure = ChatFailure(status: answer.status, "answered \(answer.status)")
      if ErrorText.isHTML(answer.body, type: type) {
        let (text, _, _) = ErrorText.message(of: nil, body: answer.body, type: type)
        failure.problem += " with \(text) where JSON is expected"
        failure.hint = "is this the address of an OpenAI-compatible server?"
      } else if answer.body.isEmpty {
        failure.problem += " with nothing where JSON is expected"
        failure.isTransient = true
      } else {
        // What is cut looks like this, where the server closes the connection to end an answer.
        failure.problem +=
          " with what is no JSON: \(ErrorText.bounded(String(decoding: answer.body.prefix(1 << 12), as: UTF8.self)))"
        failure.isTransient = true
        failure.mayHaveTakenTokens = true
      }
      return .failure(failure)
    }
    guard let choice = json["choices"]?.array?.first else {
      // Some gateways report the failure of the server behind them so.
      if json["error"] != nil {
        var behind = answer
        if case .integer(let code)? = json["error"]?["code"], (400..<600).contains(code) {
          behind.status = code
        } else {
          behind.status = 502
        }
        return .failure(refusal(behind, json, type, date))
      }
      var failure = ChatFailure(
        status: answer.status,
        "answered \(answer.status) without a choice: \(ErrorText.bounded(json.jsonText))")
      failure.hint = "is this the address of an OpenAI-compatible server?"
      return .failure(failure)
    }
    return .reply(
      ChatReply(
        text: text(of: choice["message"]), model: json["model"]?.string ?? "",
        isCut: choice["finish_reason"]?.string == "length",
        promptTokens: count(json["usage"]?["prompt_tokens"]),
        completionTokens: count(json["usage"]?["completion_tokens"])))
  }

  /// An answer's body for the transcript: JSON where it is, else text.
  static func shown(_ body: [UInt8]) -> JSONValue {
    guard !body.isEmpty else { return .null }
    if let json = MendedJSON.value(of: body) { return json }
    let limit = 1 << 20
    let text = String(decoding: body.prefix(limit), as: UTF8.self)
    return .string(body.count > limit ? "\(text) […]" : text)
  }

  private static func refusal(
    _ answer: TransportAnswer, _ json: JSONValue?, _ type: String?, _ date: Double
  ) -> ChatFailure {
    let status = answer.status
    let (text, parameter, code) = ErrorText.message(of: json, body: answer.body, type: type)
    let excerpt = ErrorText.bounded(text)
    var failure = ChatFailure(
      status: status, "answered \(status)" + (excerpt.isEmpty ? "" : ": \(excerpt)"))
    failure.detail = text
    failure.parameter = parameter
    failure.wait = RetryAfter.wait(answer.headers, date: date)
    switch status {
    case 300..<400:
      let place = answer.headers["location"].map { " to \(shownPlace($0))" } ?? ""
      failure.problem = "answered \(status): it sends on\(place), and redirects are not followed"
      failure.hint = "name the address that it sends on to, if you trust it"
      failure.isFinal = true
    case 401:
      failure.hint = "set the key in the environment variable that `--api-key-env` names"
      failure.isFinal = true
    case 402: failure.isFinal = true
    case 404:
      failure.hint = "are the address and the model's name right?"
      failure.isFinal = true
    case 429 where code == "insufficient_quota": failure.isFinal = true
    case 408, 409, 425, 429: failure.isTransient = true
    case 501, 505: break
    case 500...: failure.isTransient = true
    default: break
    }
    // What some servers say for certain.
    if answer.headers["x-should-retry"] == "false" { failure.isTransient = false }
    return failure
  }

  /// An address without a password and without what comes after `?`.
  private static func shownPlace(_ address: String) -> String {
    let plain = ErrorText.bounded(String(address.prefix { $0 != "?" && $0 != "#" }))
    guard let at = plain.lastIndex(of: "@") else { return plain }
    return String(plain[plain.index(after: at)...])
  }

  private static func text(of message: JSONValue?) -> String {
    switch message?["content"] {
    case .string(let text)?: return text
    case .array(let parts)?: return parts.compactMap { $0["text"]?.string }.joined()
    default: return message?["refusal"]?.string ?? ""
    }
  }

  private static func count(_ value: JSONValue?) -> Int? {
    guard case .integer(let count)? = value, count >= 0 else { return nil }
    // More than any model takes; sums must not overflow.
    return min(count, 1 << 30)
  }

  /// A name as the API allows it: letters, digits, `_` and `-`, at most 64.
  private static func schemaName(_ purpose: String) -> String {
    let name = purpose.unicodeScalars.prefix(64).map { scalar in
      scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        || scalar == "_" || scalar == "-" ? Character(scalar) : "_"
    }
    return name.isEmpty ? "answer" : String(name)
  }
}

/// Reads JSON as servers and models write it: a control character in a text is replaced, not refused.
enum MendedJSON {
  /// The value; nil where the bytes are no JSON.
  static func value(of bytes: [UInt8]) -> JSONValue? {
    guard case .success(let value) = read(bytes) else { return nil }
    return value
  }

  /// The value, or what is wrong with the text, in one sentence.
  static func read(_ bytes: [UInt8]) -> Result<JSONValue, SyntaxError> {
    var (root, findings) = JSONReader.read(bytes)
    findings.removeAll { $0.code == .controlCharacter }
    if findings.isEmpty, let value = root?.jsonValue(findings: &findings), findings.isEmpty {
      return .success(value)
    }
    return .failure(SyntaxError(findings: findings))
  }
}
