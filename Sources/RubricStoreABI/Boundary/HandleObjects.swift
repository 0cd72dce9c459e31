internal import RubricStore
internal import Synchronization

/// An open store.
final class StoreObject: HandleObject {
  static let handleName = "rs_store"
  let store: Store

  init(_ store: Store) { self.store = store }
}

/// A pinned rubric with what is made of it once.
final class PinObject: HandleObject {
  static let handleName = "rs_pin"
  let pin: Pin
  let compiled: CompiledRubric
  let columns: [CompiledRubric.Column]
  let batches: BatchPlan
  /// The description, once it was asked for: hashing takes longer than all else.
  private let described = Mutex<String?>(nil)

  init(_ pin: Pin) {
    self.pin = pin
    compiled = CompiledRubric(pin.rubric)
    columns = compiled.columns
    batches = BatchPlan(compiled)
  }

  /// The answer of `rs_pin_describe`.
  var describedText: String {
    described.withLock { text in
      let made = text ?? description.jsonText
      text = made
      return made
    }
  }
}

/// A follower, which one call at a time asks.
final class FollowerObject: HandleObject {
  static let handleName = "rs_follower"
  let follower: Mutex<Follower>

  init(_ follower: Follower) { self.follower = Mutex(follower) }
}
