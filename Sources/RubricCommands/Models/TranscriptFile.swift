internal import Glibc
import MetaEditor
import RubricStore
import Synchronization

/// A file that requests and answers are appended to, a line each.
final class TranscriptFile: Sendable {
  private struct State {
    var failure: Int32?
  }

  private let path: String
  private let descriptor: Int32
  private let state = Mutex(State())

  /// Opens the file, which only its owner may read if it is new; in a folder, `transcript.jsonl`.
  init(_ path: String) throws {
    var info = stat()
    let isFolder = path.hasSuffix("/") || stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    let place = isFolder ? path + (path.hasSuffix("/") ? "" : "/") + "transcript.jsonl" : path
    self.path = place
    descriptor = open(place, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure(place, errno) }
  }

  deinit { close(descriptor) }

  /// Appends entries.
  var writer: @Sendable (TranscriptEntry) -> Void { { self.append($0) } }

  /// Appends an entry.
  func append(_ entry: TranscriptEntry) {
    let line = Array((entry.json.jsonText + "\n").utf8)
    state.withLock { state in
      guard state.failure == nil else { return }
      var done = 0
      while done < line.count {
        let count = line.withUnsafeBytes { bytes in
          write(descriptor, bytes.baseAddress.map { $0 + done }, line.count - done)
        }
        if count < 0, errno != EINTR {
          state.failure = errno
          return
        }
        done += max(0, count)
      }
    }
  }

  /// Says whether everything was written.
  ///
  /// - Throws: `InputError` where it was not.
  func check() throws {
    if let error = state.withLock({ $0.failure }) { throw Self.failure(path, error) }
  }

  private static func failure(_ path: String, _ error: Int32) -> InputError {
    InputError("cannot write `\(path)`: \(String(cString: strerror(error)))")
  }
}
