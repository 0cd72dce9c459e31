internal import RubricStore

/// Finds the JSON in what a model said.
enum AnswerText {
  /// The most bytes of an answer that are looked at.
  static let limit = 1 << 20
  /// The most places that are looked at where JSON may begin.
  private static let candidateLimit = 16

  /// A value that can be used, or why there is none.
  enum Found {
    case value(JSONValue)
    case problems([String])
  }

  /// Reads a reply.
  ///
  /// - Complexity: O(*n*) in the length of the text, for each place where JSON may begin.
  static func value(
    of reply: ChatReply, schema: JSONValue?, check: (JSONValue) -> [String]
  ) -> Found {
    let bytes = Array(reply.text.utf8)
    guard bytes.count <= limit else {
      return .problems(["it has \(bytes.count) bytes; at most \(limit) are read"])
    }
    let text = withoutThoughts(reply.text).trimmed
    guard !text.isEmpty else {
      return .problems([
        reply.isCut ? "it was cut before it began" : "it is empty; JSON is expected"
      ])
    }
    if ErrorText.isHTML(Array(text.utf8.prefix(256)), type: nil) {
      return .problems(["it is a web page; JSON is expected"])
    }
    func problems(_ value: JSONValue) -> [String] {
      let found = schema.map { SchemaCheck.problems(of: value, against: $0) } ?? []
      return found.isEmpty ? check(value) : found
    }
    let whole = MendedJSON.read(Array(text.utf8))
    if case .success(let value) = whole {
      let found = problems(value)
      return found.isEmpty ? .value(value) : .problems(cut(found, reply))
    }
    let values = candidates(Array(text.utf8))
    let judged = values.map { ($0, problems($0)) }
    let fitting = judged.filter { $0.1.isEmpty }
    // Which one is meant must not be guessed: one may be quoted from what was to be judged.
    if let first = fitting.first, fitting.allSatisfy({ $0.0 == first.0 }) {
      return .value(first.0)
    }
    if fitting.count > 1 {
      return .problems(["it holds \(fitting.count) different JSON values; one is expected"])
    }
    if judged.count == 1, let only = judged.first { return .problems(cut(only.1, reply)) }
    if judged.count > 1, reply.isCut {
      return .problems(["it was cut at the most tokens before its JSON ended"])
    }
    if judged.count > 1 {
      return .problems(["it holds \(judged.count) JSON values, and none is as it must be"])
    }
    if reply.isCut { return .problems(["it was cut before its JSON ended"]) }
    guard case .failure(let error) = whole, text.contains("{") || text.contains("[") else {
      return .problems([
        "it is no JSON: \(NodeReader.quote(String(text)))"
      ])
    }
    return .problems(["it is no JSON: \(error.findings.first.map { "\($0)" } ?? "unreadable")"])
  }

  /// The text, cut to a number of bytes at the boundary of a character.
  static func cut(_ text: String, to limit: Int) -> String {
    guard text.utf8.count > limit else { return text }
    var end = text.utf8.index(text.utf8.startIndex, offsetBy: limit)
    while end > text.startIndex, end.samePosition(in: text) == nil {
      end = text.utf8.index(before: end)
    }
    return text[..<end] + " […]"
  }

  private static func cut(_ problems: [String], _ reply: ChatReply) -> [String] {
    reply.isCut ? problems + ["it was cut at the most tokens"] : problems
  }

  /// The text after a byte order mark and after what a reasoning model thinks aloud.
  private static func withoutThoughts(_ text: String) -> Substring {
    var rest = text.trimmed
    if rest.unicodeScalars.first == "\u{FEFF}" {
      rest = Substring(rest.unicodeScalars.dropFirst()).trimmed
    }
    guard rest.hasPrefix("<think>"), let end = rest.firstRange(of: "</think>") else { return rest }
    return rest[end.upperBound...]
  }

  /// The objects and lists in a text, those inside others left out.
  private static func candidates(_ bytes: [UInt8]) -> [JSONValue] {
    var values: [JSONValue] = []
    var index = 0
    var tries = 0
    while index < bytes.count, tries < candidateLimit {
      let byte = bytes[index]
      guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") else {
        index += 1
        continue
      }
      tries += 1
      guard let end = end(of: bytes, from: index),
        let value = MendedJSON.value(of: Array(bytes[index..<end]))
      else {
        index += 1
        continue
      }
      values.append(value)
      index = end
    }
    // `[1]` in words is a reference; where there are objects, they are what is meant.
    let objects = values.filter { $0.object != nil }
    return objects.isEmpty ? values : objects
  }

  /// Where the brackets that open at `start` are all closed; nil where they are not.
  private static func end(of bytes: [UInt8], from start: Int) -> Int? {
    var depth = 0
    var isQuoted = false
    var index = start
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\\") where isQuoted: index += 1
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: "{") where !isQuoted, UInt8(ascii: "[") where !isQuoted: depth += 1
      case UInt8(ascii: "}") where !isQuoted, UInt8(ascii: "]") where !isQuoted:
        depth -= 1
        if depth == 0 { return index + 1 }
      default: break
      }
      index += 1
    }
    return nil
  }
}
