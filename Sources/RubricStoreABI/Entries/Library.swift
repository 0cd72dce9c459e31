public import CRubricStore
internal import Glibc
internal import RubricStore

/// Stands behind `rs_abi_version` of the header.
@c @implementation
public func rs_abi_version() -> Int32 { Int32(RS_ABI_VERSION) }

/// Stands behind `rs_abi_check` of the header.
@c @implementation
public func rs_abi_check(_ version: Int32) -> rs_status {
  call {
    guard version == RS_ABI_VERSION else {
      throw CallError(
        Int(RS_ERR_ABI), "abi",
        "the program was made for version \(version) of the interface, and this is "
          + "\(RS_ABI_VERSION)",
        hint: "use a library and a header of the same release")
    }
  }
}

/// Texts that live as long as the process.
enum Constant {
  /// Makes them.
  static func prepare() { _ = (version, statuses, unknown) }

  nonisolated(unsafe) static let version: UnsafePointer<CChar>? = UnsafePointer(
    strdup(LibraryVersion.current))
  nonisolated(unsafe) static let statuses: [UnsafePointer<CChar>?] = (0...Int32(RS_ERR_INTERNAL))
    .map { UnsafePointer(strdup(StatusName.text($0))) }
  nonisolated(unsafe) static let unknown: UnsafePointer<CChar>? = UnsafePointer(
    strdup(StatusName.text(-1)))
}

/// Stands behind `rs_library_version` of the header.
@c @implementation
public func rs_library_version() -> UnsafePointer<CChar>? { Constant.version }

/// Stands behind `rs_status_name` of the header.
@c @implementation
public func rs_status_name(_ status: rs_status) -> UnsafePointer<CChar>? {
  let index = Int(status)
  return Constant.statuses.indices.contains(index) ? Constant.statuses[index] : Constant.unknown
}

/// Stands behind `rs_error_status` of the header.
@c @implementation
public func rs_error_status() -> rs_status { LastError.status }

/// Stands behind `rs_error_message` of the header.
@c @implementation
public func rs_error_message() -> UnsafePointer<CChar>? { LastError.message }

/// Stands behind `rs_error_json` of the header.
@c @implementation
public func rs_error_json() -> UnsafePointer<CChar>? { LastError.json }

/// Stands behind `rs_error_clear` of the header.
@c @implementation
public func rs_error_clear() { LastError.clear() }

/// Stands behind `rs_text_bytes` of the header.
@c @implementation
public func rs_text_bytes(
  _ text: OpaquePointer?, _ bytes: UnsafeMutablePointer<UnsafePointer<CChar>?>?,
  _ length: UnsafeMutablePointer<Int>?
) -> rs_status {
  bytes?.pointee = nil
  length?.pointee = 0
  return call {
    let text: AnswerText = try Handles.object(text)
    guard let bytes else { throw CallError.argument("the place for the bytes is NULL") }
    bytes.pointee = text.bytes
    length?.pointee = text.count
  }
}

/// Stands behind `rs_text_free` of the header.
@c @implementation
public func rs_text_free(_ text: OpaquePointer?) -> rs_status {
  call { _ = try Handles.free(text, as: AnswerText.self) }
}
