internal import RubricStore

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

  init(_ pin: Pin) {
    self.pin = pin
    compiled = CompiledRubric(pin.rubric)
    columns = compiled.columns
    batches = BatchPlan(compiled)
  }
}
