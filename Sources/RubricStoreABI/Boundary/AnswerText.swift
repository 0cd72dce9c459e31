/// The bytes of an answer, with a NUL behind them.
///
/// `@unchecked Sendable`: the memory is written before anybody else sees it, and only read from then
/// on; it goes with the object.
final class AnswerText: HandleObject, @unchecked Sendable {
  static let handleName = "rs_text"

  /// Without the NUL.
  let count: Int
  let bytes: UnsafePointer<CChar>

  convenience init(_ text: String) { self.init(text.utf8) }

  init(_ source: some Collection<UInt8>) {
    count = source.count
    let place = UnsafeMutableBufferPointer<CChar>.allocate(capacity: source.count + 1)
    for (index, byte) in source.enumerated() { place[index] = CChar(bitPattern: byte) }
    place[source.count] = 0
    // A buffer of one element or more has an address.
    bytes = UnsafePointer(place.baseAddress ?? UnsafeMutablePointer<CChar>.allocate(capacity: 1))
  }

  deinit { bytes.deallocate() }
}
