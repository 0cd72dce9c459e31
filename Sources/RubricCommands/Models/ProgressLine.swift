internal import Glibc
import MetaEditor
import Synchronization

/// Shows how far the questions to a model are, on standard error: one line that changes on a
/// terminal, else a line now and then.
final class ProgressLine: Sendable {
  private struct State {
    var shown = ChatProgress()
    var last: ContinuousClock.Instant?
    var isOpen = false
  }

  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  /// Shows a state, unless a later one was shown, or one a moment ago.
  func show(_ progress: ChatProgress) {
    state.withLock { state in
      guard progress.done >= state.shown.done, progress.elapsed >= state.shown.elapsed else {
        return
      }
      let now = ContinuousClock.now
      let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(10)
      guard now - (state.last ?? start) >= pause else { return }
      state.last = now
      state.shown = progress
      state.isOpen = true
      Terminal.writeError(isTerminal ? "\r\u{1B}[K\(text(progress))" : "\(text(progress))\n")
    }
  }

  /// Takes the line away, or ends the lines with what it came to.
  func end(_ progress: ChatProgress) {
    state.withLock { state in
      guard state.isOpen else { return }
      state.isOpen = false
      Terminal.writeError(isTerminal ? "\r\u{1B}[K" : "\(text(progress))\n")
    }
  }

  /// `12 of 80 answered, 2 failed, 3 tried again, 45,120 tokens, 1:12`.
  private func text(_ progress: ChatProgress) -> String {
    var parts = ["\(progress.done - progress.failed) of \(progress.total) answered"]
    if progress.failed > 0 { parts.append("\(progress.failed) failed") }
    if progress.retries > 0 { parts.append("\(progress.retries) tried again") }
    parts.append("\(grouped(progress.promptTokens + progress.completionTokens)) tokens")
    let seconds = progress.elapsed.components.seconds
    parts.append("\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)")
    return parts.joined(separator: ", ")
  }

  private func grouped(_ count: Int) -> String {
    var digits = String(count)
    var result = ""
    while digits.count > 3 {
      result = "," + digits.suffix(3) + result
      digits.removeLast(3)
    }
    return digits + result
  }
}
