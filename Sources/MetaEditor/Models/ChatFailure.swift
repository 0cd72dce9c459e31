internal import RubricStore

/// What came of one request.
enum ChatOutcome {
  case reply(ChatReply)
  case failure(ChatFailure)
}

/// Why one request came to nothing.
struct ChatFailure {
  /// The HTTP status; nil where there was no answer.
  var status: Int?
  /// What went wrong, after the server's name: `answered 500: out of memory`.
  var problem: String
  /// What the server said, uncut, for looking at.
  var detail = ""
  /// The part of the request that the server complains of.
  var parameter: String?
  /// Whether trying again may help.
  var isTransient = false
  /// Whether no other request would fare better.
  var isFinal = false
  /// Whether the server said nothing at all.
  var isSilence = false
  /// Whether the server may have worked on it all the same.
  var mayHaveTakenTokens = false
  /// How long the server asks to wait.
  var wait: Duration?
  var hint: String?

  init(status: Int?, _ problem: String) {
    self.status = status
    self.problem = problem
  }

  /// A request that was not answered.
  init(_ error: any Error, timeout: Duration) {
    isTransient = true
    isSilence = true
    switch error {
    case TransportError.deadline:
      problem = "did not answer within \(timeout.words)"
      mayHaveTakenTokens = true
      hint = "allow it more with `--timeout`"
    case TransportError.tooLarge(let limit):
      problem = "answered more than \(limit) bytes, which was not read"
      isTransient = false
      isSilence = false
      mayHaveTakenTokens = true
    case TransportError.connection(let reason):
      problem = "cannot be reached: \(ErrorText.bounded(reason))"
      hint = "is the server running, and is this its address?"
    case TransportError.invalidAddress:
      problem = "has no address that can be used"
      isTransient = false
      isFinal = true
    default:
      problem = "cannot be reached: \(ErrorText.bounded("\(error)"))"
    }
  }

  /// The failure as a sentence, of a server.
  func sentence(host: String) -> String { "the server at \(host) \(problem)" }
}

/// Takes what a person wants to know out of a server's answer.
enum ErrorText {
  /// The most characters that are shown of what a server says.
  private static let limit = 300

  /// The text on one line, without control characters, cut to a bound.
  static func bounded(_ text: String) -> String {
    var result = ""
    var hasSpace = false
    var count = 0
    for scalar in text.unicodeScalars {
      if scalar.properties.isWhitespace || scalar.properties.generalCategory == .control {
        hasSpace = !result.isEmpty
        continue
      }
      if count >= limit { return result + " […]" }
      if hasSpace { result.unicodeScalars.append(" ") }
      result.unicodeScalars.append(scalar)
      count += hasSpace ? 2 : 1
      hasSpace = false
    }
    return result
  }

  /// Whether a body is a web page.
  static func isHTML(_ body: [UInt8], type: String?) -> Bool {
    if type?.lowercased().contains("html") == true { return true }
    let start = String(decoding: body.prefix(256), as: UTF8.self).trimmed.lowercased()
    return start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
  }

  /// What a server says in an error's body.
  ///
  /// - Returns: The message, uncut, and the part of the request that it names.
  static func message(
    of json: JSONValue?, body: [UInt8], type: String?
  )
    -> (text: String, parameter: String?, code: String?)
  {
    if let json {
      let error = json["error"] ?? json
      let code = error["code"]?.string ?? error["type"]?.string
      for key in ["message", "detail", "error"] {
        switch error[key] {
        case .string(let text)?: return (text, error["param"]?.string, code)
        case .array?, .object?:
          return (error[key]?.jsonText ?? "", error["param"]?.string, code)
        default: continue
        }
      }
      return (error.string ?? json.jsonText, nil, code)
    }
    let text = String(decoding: body.prefix(1 << 16), as: UTF8.self)
    guard isHTML(body, type: type) else { return (text, nil, nil) }
    return ("a web page" + title(of: text), nil, nil)
  }

  private static func title(of page: String) -> String {
    let bytes = Array(page.utf8)
    // Of the same length, whatever the page is written in.
    let lower = bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    guard let start = lower.firstRange(of: Array("<title>".utf8)),
      let end = lower[start.upperBound...].firstRange(of: Array("</title>".utf8))
    else { return "" }
    let title = String(decoding: bytes[start.upperBound..<end.lowerBound], as: UTF8.self)
    return " titled “\(bounded(title))”"
  }
}
