internal import Glibc
import RubricStore

/// Reads a file line by line; `-` is standard input.
///
/// At most one line and a block are in memory.
final class LineReader {
  /// A line of the file.
  struct Line {
    /// The bytes, without the line break.
    var bytes: [UInt8]
    /// The line's number, counted from 1.
    var number: Int
    /// Where the line begins, in bytes from where reading began.
    var offset: Int
    /// Whether a line break ends it; only the last line may be without.
    var isEnded: Bool
  }

  private let path: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  /// The bytes of `buffer` that were handed out.
  private var start = 0
  /// The bytes of `buffer` that are known to hold no line break.
  private var searched = 0
  private var offset = 0
  private var number = 0
  private var isAtEnd = false

  /// Opens a file.
  init(_ path: String) throws {
    self.path = path
    descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileInput.failure(path) }
  }

  deinit { if descriptor > STDIN_FILENO { close(descriptor) } }

  /// Returns the next line, or nil at the end; waits for it.
  func next() throws -> Line? {
    while true {
      if let line = try buffered() { return line }
      if isAtEnd { return nil }
      try fill()
    }
  }

  /// Returns the next line, or nil at the end; other tasks go on meanwhile.
  ///
  /// - Throws: `CancellationError` while it waits, and as ``next()`` does.
  nonisolated(nonsending) func nextAwaiting() async throws -> Line? {
    while true {
      if let line = try buffered() { return line }
      if isAtEnd { return nil }
      var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      // A pipe may say nothing for hours, and a thread that waits for it does nothing else.
      while poll(&state, 1, 0) == 0 { try await Task.sleep(for: .milliseconds(10)) }
      try Task.checkCancellation()
      try fill()
    }
  }

  private func fill() throws {
    if start > 0 {
      buffer.removeFirst(start)
      searched -= start
      start = 0
    }
    let size = 1 << 16
    let held = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: size))
    var count = 0
    repeat {
      count = buffer.withUnsafeMutableBytes { bytes in
        read(descriptor, bytes.baseAddress.map { $0 + held }, size)
      }
    } while count < 0 && errno == EINTR
    let failure = errno
    buffer.removeLast(size - max(0, count))
    guard count >= 0 else {
      errno = failure
      throw FileInput.failure(path)
    }
    if count == 0 { isAtEnd = true }
  }

  private func buffered() throws -> Line? {
    let end = buffer[searched...].firstIndex(of: 0x0A)
    guard (end ?? buffer.count) - start <= Limits.textBytes else {
      throw InputError(
        "line \(number + 1) of `\(path)` is larger than \(Limits.textBytes) bytes")
    }
    searched = buffer.count
    guard let last = end ?? (isAtEnd && start < buffer.count ? buffer.count : nil) else {
      return nil
    }
    number += 1
    var bytes = buffer[start..<last]
    while bytes.last == 0x0D { bytes.removeLast() }
    let line = Line(
      bytes: Array(bytes), number: number, offset: offset, isEnded: end != nil)
    let next = end.map { $0 + 1 } ?? last
    offset += next - start
    start = next
    searched = next
    return line
  }
}
