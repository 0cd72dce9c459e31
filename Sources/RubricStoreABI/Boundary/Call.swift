internal import CRubricStore
internal import RubricStore

/// Runs what stands behind an entry of the header: passes the gate, and turns what is thrown into a
/// status and the thread's last error.
func call(_ body: () throws -> Void) -> rs_status {
  ForkGate.pass {
    do {
      try body()
      return rs_status(RS_OK)
    } catch {
      let error = CallError(error)
      LastError.keep(error)
      return error.status
    }
  }
}

/// Runs a call that stores its answer through `place`: nil where it fails.
func answer(
  _ place: UnsafeMutablePointer<OpaquePointer?>?, _ body: () throws -> (any HandleObject)?
) -> rs_status {
  place?.pointee = nil
  return call {
    guard let place else { throw CallError.argument("the place for the answer is NULL") }
    place.pointee = try body().flatMap { Handles.make($0) }
  }
}

/// Runs a call that answers in JSON.
func answer(
  json place: UnsafeMutablePointer<OpaquePointer?>?, _ body: () throws -> JSONValue
) -> rs_status {
  answer(place) { AnswerText(try body().jsonText) }
}

/// Runs a call that answers in a text.
func answer(
  text place: UnsafeMutablePointer<OpaquePointer?>?, _ body: () throws -> String
) -> rs_status {
  answer(place) { AnswerText(try body()) }
}
