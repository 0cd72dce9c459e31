import CRubricStore
import RubricStore
import Testing

/// What a call of the header failed of, as its thread tells it.
struct CallFailure: Error, CustomStringConvertible {
  var status: rs_status
  var message: String
  var json: JSONValue

  /// The last failure of this thread, held against what the header says of it.
  init(_ status: rs_status, sourceLocation: SourceLocation = #_sourceLocation) {
    self.status = status
    message = String(cString: rs_error_message())
    let text = String(cString: rs_error_json())
    do throws(SyntaxError) {
      json = try JSONValue(parsing: text)
    } catch {
      json = .null
      Issue.record("\(text) is no JSON: \(error)", sourceLocation: sourceLocation)
    }
    #expect(rs_error_status() == status, sourceLocation: sourceLocation)
    #expect(json["status"] == .integer(Int(status)), sourceLocation: sourceLocation)
    #expect(
      json["name"] == .string(String(cString: rs_status_name(status))),
      sourceLocation: sourceLocation)
    #expect(json["code"]?.string?.isEmpty == false, sourceLocation: sourceLocation)
    #expect(json["findings"]?.array != nil, sourceLocation: sourceLocation)
    // A sentence, and not a word.
    #expect(message.split(separator: " ").count > 2, sourceLocation: sourceLocation)
  }

  var code: String { json["code"]?.string ?? "" }
  var hint: String { json["hint"]?.string ?? "" }
  var findings: [JSONValue] { json["findings"]?.array ?? [] }
  var description: String { "\(String(cString: rs_status_name(status))): \(message)" }
}

/// A place for an answer.
typealias AnswerPlace = UnsafeMutablePointer<OpaquePointer?>

/// Calls what answers in a text, and frees the text.
func text(
  sourceLocation: SourceLocation = #_sourceLocation, _ call: (AnswerPlace) -> rs_status
) throws -> String {
  // Not nil, so that it shows where a failure leaves it as it is.
  var place = OpaquePointer(bitPattern: 0x10)
  let status = call(&place)
  guard status == RS_OK else {
    #expect(place == nil, "a failure leaves its place as it was", sourceLocation: sourceLocation)
    throw CallFailure(status, sourceLocation: sourceLocation)
  }
  defer { #expect(rs_text_free(place) == RS_OK, sourceLocation: sourceLocation) }
  var bytes: UnsafePointer<CChar>?
  var length = 0
  try #require(rs_text_bytes(place, &bytes, &length) == RS_OK, sourceLocation: sourceLocation)
  let start = try #require(bytes, sourceLocation: sourceLocation)
  #expect(start[length] == 0, sourceLocation: sourceLocation)
  let text = String(
    validating: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
  return try #require(text, "an answer is UTF-8", sourceLocation: sourceLocation)
}

/// Calls what answers in JSON.
func json(
  sourceLocation: SourceLocation = #_sourceLocation, _ call: (AnswerPlace) -> rs_status
) throws -> JSONValue {
  try JSONValue(parsing: try text(sourceLocation: sourceLocation, call))
}

/// Records an issue unless a call that answers fails with a status, and returns the failure.
@discardableResult
func failure(
  _ status: Int, sourceLocation: SourceLocation = #_sourceLocation,
  _ call: (AnswerPlace) -> rs_status
) -> CallFailure? {
  rs_error_clear()
  do {
    let answer = try text(sourceLocation: sourceLocation, call)
    Issue.record("no error, but \(answer.prefix(200))", sourceLocation: sourceLocation)
  } catch let failure as CallFailure {
    if failure.status != status {
      Issue.record("\(failure), expected the status \(status)", sourceLocation: sourceLocation)
    }
    return failure
  } catch {
    Issue.record(error, sourceLocation: sourceLocation)
  }
  return nil
}

/// Records an issue unless a call without an answer fails with a status, and returns the failure.
@discardableResult
func failure(
  _ status: Int, sourceLocation: SourceLocation = #_sourceLocation,
  ofCall call: () -> rs_status
) -> CallFailure {
  rs_error_clear()
  let failure = CallFailure(call(), sourceLocation: sourceLocation)
  if failure.status != status {
    Issue.record("\(failure), expected the status \(status)", sourceLocation: sourceLocation)
  }
  return failure
}
