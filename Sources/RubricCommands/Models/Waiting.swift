import ArgumentParser
internal import Glibc
import Synchronization

/// Waits for asynchronous work, from a command that is none.
///
/// An interrupt (Ctrl-C) or a request to end cancels the work, which may then end in its own time and
/// return what it has; a second one ends the program at once. One call at a time: signals are the
/// whole program's.
///
/// - Returns: What the work returns, also after a signal.
/// - Throws: What the work throws; `ExitCode` 130 or 143 where it throws after a signal.
func waiting<Value: Sendable>(
  _ body: @escaping @Sendable () async throws -> Value
) throws -> Value {
  var pipe: [Int32] = [-1, -1]
  guard Glibc.pipe(&pipe) == 0 else {
    throw InputError("cannot make a pipe: \(String(cString: strerror(errno)))")
  }
  let (reading, writing) = (pipe[0], pipe[1])
  for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  defer {
    close(reading)
    close(writing)
  }
  let watch = SignalWatch(writingTo: writing)
  defer { watch.end() }
  let outcome = Outcome<Value>()
  let task = Task.detached {
    do { outcome.settle(.success(try await body())) } catch { outcome.settle(.failure(error)) }
    SignalWatch.tell(0, to: writing)
  }
  var signal: UInt8 = 0
  while true {
    var byte: UInt8 = 0
    let count = read(reading, &byte, 1)
    if count < 0, errno == EINTR { continue }
    if count == 1, byte != 0 {
      signal = byte
      watch.end()
      task.cancel()
      continue
    }
    switch outcome.result {
    case .success(let value)?: return value
    case .failure(let error)?: throw signal == 0 ? error : ExitCode(128 + Int32(signal))
    // Only where the pipe itself fails.
    case nil: throw InputError("lost the work: \(String(cString: strerror(errno)))")
    }
  }
}

/// What work came to, once it has.
private final class Outcome<Value: Sendable>: Sendable {
  private let state = Mutex<Result<Value, any Error>?>(nil)

  var result: Result<Value, any Error>? { state.withLock { $0 } }

  func settle(_ result: Result<Value, any Error>) { state.withLock { $0 = result } }
}

/// Turns the signals that ask a program to end into bytes of a pipe, while it lasts.
private struct SignalWatch {
  /// Where the handler writes; a handler may do little else than `write`.
  private static let descriptor = Atomic<Int32>(-1)
  /// Those that were not ignored before, as `nohup` and shells do it for what runs behind.
  private let signals: [Int32]

  init(writingTo descriptor: Int32) {
    Self.descriptor.store(descriptor, ordering: .sequentiallyConsistent)
    signals = [SIGINT, SIGTERM].filter { number in
      var old = sigaction()
      sigaction(number, nil, &old)
      return unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self)
        != unsafeBitCast(SIG_IGN, to: Int.self)
    }
    // A program that was started from a thread of a pool inherits that the signals are kept from it.
    var mask = sigset_t()
    sigemptyset(&mask)
    for number in signals { sigaddset(&mask, number) }
    pthread_sigmask(SIG_UNBLOCK, &mask, nil)
    for number in signals {
      signal(number) { number in
        let error = errno
        SignalWatch.tell(
          UInt8(truncatingIfNeeded: number),
          to: SignalWatch.descriptor.load(ordering: .sequentiallyConsistent))
        errno = error
      }
    }
  }

  /// Leaves the signals to the system again.
  func end() {
    for number in signals { signal(number, SIG_DFL) }
    Self.descriptor.store(-1, ordering: .sequentiallyConsistent)
  }

  static func tell(_ byte: UInt8, to descriptor: Int32) {
    var byte = byte
    while descriptor >= 0, write(descriptor, &byte, 1) < 0, errno == EINTR {}
  }
}
