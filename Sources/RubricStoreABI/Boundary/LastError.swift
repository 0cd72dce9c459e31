internal import CRubricStore
internal import Glibc
internal import RubricStore

/// The last failure of each thread, in texts that C can hold on to.
enum LastError {
  private struct Kept {
    var status: rs_status
    var message: UnsafeMutablePointer<CChar>?
    var json: UnsafeMutablePointer<CChar>?

    func release() {
      free(message)
      free(json)
    }
  }

  private static let key: pthread_key_t? = {
    var key = pthread_key_t()
    let created = pthread_key_create(&key) { kept in
      guard let kept else { return }
      let typed = kept.assumingMemoryBound(to: Kept.self)
      typed.pointee.release()
      typed.deallocate()
    }
    return created == 0 ? key : nil
  }()

  /// What a text is where nothing failed; it lives as long as the process.
  nonisolated(unsafe) private static let empty: UnsafePointer<CChar>? = UnsafePointer(strdup(""))

  /// Makes what is made once.
  static func prepare() { _ = (key, empty) }

  private static var kept: UnsafeMutablePointer<Kept>? {
    key.flatMap { pthread_getspecific($0) }?.assumingMemoryBound(to: Kept.self)
  }

  static var status: rs_status { kept?.pointee.status ?? 0 }
  static var message: UnsafePointer<CChar>? {
    kept.map { UnsafePointer($0.pointee.message) } ?? empty
  }
  static var json: UnsafePointer<CChar>? { kept.map { UnsafePointer($0.pointee.json) } ?? empty }

  static func keep(_ error: CallError) {
    guard let key else { return }
    let place: UnsafeMutablePointer<Kept>
    if let kept {
      kept.pointee.release()
      place = kept
    } else {
      place = UnsafeMutablePointer<Kept>.allocate(capacity: 1)
      pthread_setspecific(key, place)
    }
    place.initialize(
      to: Kept(
        status: error.status, message: strdup(error.text), json: strdup(error.json.jsonText)))
  }

  static func clear() {
    guard let key, let kept else { return }
    kept.pointee.release()
    kept.deallocate()
    pthread_setspecific(key, nil)
  }
}
