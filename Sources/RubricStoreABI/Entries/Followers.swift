public import CRubricStore
internal import Glibc
internal import RubricStore
internal import Synchronization

/// Stands behind `rs_follower_open` of the header.
@c @implementation
public func rs_follower_open(
  _ store: OpaquePointer?, _ revision: UnsafePointer<CChar>?, _ since: UnsafePointer<CChar>?,
  _ follower: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(follower) {
    let store = try Handles.object(store, as: StoreObject.self).store
    let revision = try Argument.text(revision, "revision")
    var commit: ObjectID?
    if let since = try Argument.optionalText(since, "since") {
      commit = ObjectID(hex: since)
      if commit == nil {
        throw CallError.argument(
          "`since` is no full hash of a commit", hint: "a pin's `commit` is one")
      }
    }
    return FollowerObject(try store.follow(revision, since: commit))
  }
}

/// Stands behind `rs_follower_next` of the header.
@c @implementation
public func rs_follower_next(
  _ follower: OpaquePointer?, _ timeout: Int64, _ pin: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  let start = MonotonicTime.milliseconds
  var pause: Int64 = 1
  while true {
    var isTold = false
    // Each look passes the gate on its own, so that `fork` need not wait for the branch, and finds
    // the handle anew, so that one that is freed meanwhile ends the wait.
    let status = answer(pin) {
      let object = try Handles.object(follower, as: FollowerObject.self)
      let next = try object.follower.withLock { try $0.next() }
      isTold = next != nil
      return next.map { PinObject($0) }
    }
    guard status == RS_OK, !isTold else { return status }
    let rest = timeout < 0 ? pause : timeout - (MonotonicTime.milliseconds - start)
    guard rest > 0 else { return status }
    MonotonicTime.sleep(milliseconds: min(pause, rest))
    pause = min(pause * 2, FollowerWait.longestPause)
  }
}

/// Stands behind `rs_follower_free` of the header.
@c @implementation
public func rs_follower_free(_ follower: OpaquePointer?) -> rs_status {
  call { _ = try Handles.free(follower, as: FollowerObject.self) }
}

/// How a follower waits.
private enum FollowerWait {
  /// The longest time between two looks at the branch, in milliseconds.
  static let longestPause: Int64 = 100
}

/// A clock that nobody sets.
private enum MonotonicTime {
  static var milliseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// Sleeps, or wakes earlier for a signal.
  static func sleep(milliseconds: Int64) {
    var time = timespec(
      tv_sec: Int(milliseconds / 1_000), tv_nsec: Int(milliseconds % 1_000) * 1_000_000)
    nanosleep(&time, nil)
  }
}
