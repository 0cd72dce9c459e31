internal import Glibc

/// Lets `fork` happen only while no call is under way.
///
/// A child of `fork` has one thread, and whatever lock another thread held stays locked in it for
/// ever: those of the runtime, of libgit2 and our own. So every call passes this gate as a reader, and
/// `fork` as the writer: it waits for the calls to end, and the child finds every lock free.
enum ForkGate {
  // Set once, before anything else of the library runs, and never freed.
  nonisolated(unsafe) private static let lock = UnsafeMutablePointer<pthread_rwlock_t>.allocate(
    capacity: 1)

  private static let isSet: Bool = {
    prepareLock()
    // What is made once is made now: a child of a fork would wait for ever for the one that makes it.
    LastError.prepare()
    Constant.prepare()
    return pthread_atfork(
      { ForkGate.close() }, { ForkGate.open() },
      // The lock knows its writer by thread, and the child's thread is another one.
      { ForkGate.prepareLock() }) == 0
  }()

  /// Runs a call.
  ///
  /// Calls do not call one another through the gate: a `fork` that waits between the two
  /// would wait for ever.
  static func pass<Result>(_ body: () -> Result) -> Result {
    guard isSet else { return body() }
    pthread_rwlock_rdlock(lock)
    defer { pthread_rwlock_unlock(lock) }
    return body()
  }

  private static func prepareLock() {
    var attributes = pthread_rwlockattr_t()
    pthread_rwlockattr_init(&attributes)
    // Otherwise calls that follow one another closely would keep `fork` waiting for ever.
    pthread_rwlockattr_setkind_np(
      &attributes, Int32(PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP))
    pthread_rwlock_init(lock, &attributes)
    pthread_rwlockattr_destroy(&attributes)
  }

  private static func close() { pthread_rwlock_wrlock(lock) }

  private static func open() { pthread_rwlock_unlock(lock) }
}
