internal import RubricStore

/// What a server understands of the chat completions API, as far as it has told.
struct ChatDialect: Equatable, Sendable {
  /// Whether a JSON Schema can be sent as `response_format`.
  var hasSchemas = true
  /// Whether the most tokens are called `max_tokens`; newer hosted models want another name.
  var hasMaxTokens = true
  /// Whether a temperature can be chosen.
  var hasTemperature = true
  /// Whether a seed can be chosen.
  var hasSeed = true

  /// Keeps what both have.
  mutating func narrow(to other: ChatDialect) {
    hasSchemas = hasSchemas && other.hasSchemas
    hasMaxTokens = hasMaxTokens && other.hasMaxTokens
    hasTemperature = hasTemperature && other.hasTemperature
    hasSeed = hasSeed && other.hasSeed
  }
}

extension ChatFailure {
  /// What to try instead after this failure; nil where the request is not at fault.
  ///
  /// - Parameters:
  ///   - dialect: What the request was written in.
  ///   - hasSchema: Whether it had a schema.
  /// - Returns: The dialect, and whether the server said that it was this.
  func adapted(_ dialect: ChatDialect, hasSchema: Bool) -> (dialect: ChatDialect, isSure: Bool)? {
    guard let status, status >= 400, ![401, 402, 403, 404, 429].contains(status) else { return nil }
    var other = dialect
    let text = detail.lowercased()
    func names(_ words: String...) -> Bool {
      words.contains { parameter?.hasPrefix($0) ?? false || text.contains($0) }
    }
    if dialect.hasMaxTokens, names("max_completion_tokens") {
      other.hasMaxTokens = false
    } else if hasSchema, dialect.hasSchemas,
      names("response_format", "json_schema", "json schema", "grammar", "guided", "structured out")
    {
      other.hasSchemas = false
    } else if dialect.hasTemperature, parameter == "temperature" {
      other.hasTemperature = false
    } else if dialect.hasSeed, parameter == "seed" {
      other.hasSeed = false
    } else if hasSchema, dialect.hasSchemas, [400, 422, 501].contains(status) {
      other.hasSchemas = false
      return (other, false)
    } else {
      return nil
    }
    return (other, true)
  }
}
