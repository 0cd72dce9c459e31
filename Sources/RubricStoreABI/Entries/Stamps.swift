public import CRubricStore
internal import RubricStore

/// Stands behind `rs_pin_stamp` of the header.
@c @implementation
public func rs_pin_stamp(
  _ pin: OpaquePointer?, _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) { Stamp(try Handles.object(pin, as: PinObject.self).pin).json }
}

/// Stands behind `rs_stamp_verify` of the header.
@c @implementation
public func rs_stamp_verify(
  _ store: OpaquePointer?, _ stamp: UnsafePointer<CChar>?,
  _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) {
    let store = try Handles.object(store, as: StoreObject.self).store
    let text = try Argument.text(stamp, "stamp", limit: Limits.textBytes)
    return try store.verify(try StampedReward(parsing: Array(text.utf8))).json
  }
}
