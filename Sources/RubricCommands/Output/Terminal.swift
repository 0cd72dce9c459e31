import ArgumentParser
internal import Glibc
import RubricStore

/// When output is coloured.
enum ColorChoice: String, CaseIterable, ExpressibleByArgument {
  case auto, always, never
  /// Shows the labels that colours stand for.
  case debug

  /// Whether a stream is coloured: this choice, then `NO_COLOR`, then `CLICOLOR_FORCE`, then
  /// whether it is a terminal.
  func isColored(on stream: Int32) -> Bool {
    switch self {
    case .always: return true
    case .never, .debug: return false
    case .auto:
      if let value = Environment["NO_COLOR"], !value.isEmpty { return false }
      if let value = Environment["CLICOLOR_FORCE"], !value.isEmpty, value != "0" { return true }
      return isatty(stream) == 1 && Environment["TERM"] != "dumb"
    }
  }
}

enum Environment {
  static subscript(name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// All variables as the process was started with them, `NAME=VALUE`.
  static var all: [[UInt8]] {
    let bytes = (try? FileInput.whole("/proc/self/environ")) ?? []
    return bytes.split(separator: 0).map(Array.init)
  }

  /// The names that start so.
  static func names(startingWith prefix: String) -> [String] {
    all.filter { $0.starts(with: prefix.utf8) }.compactMap { variable in
      String(validating: variable.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)
    }
  }
}

/// Standard output, through a pager where a person reads it.
final class Terminal {
  let theme: Theme
  /// Whether a person reads the output as it comes.
  let isInteractive: Bool
  private var buffer: [UInt8] = []
  private var pager: UnsafeMutablePointer<FILE>?
  private let usesPager: Bool

  init(color: ColorChoice, usesPager: Bool) {
    isInteractive = isatty(STDOUT_FILENO) == 1
    theme = Theme(
      isColored: color.isColored(on: STDOUT_FILENO), showsLabels: color == .debug)
    self.usesPager = usesPager && isInteractive
  }

  deinit { close() }

  /// Writes text as it is.
  func write(_ text: String) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count > 1 << 15 { flush() }
  }

  /// What comes before each line, such as the lines of a graph; nil for nothing.
  var margin: (() -> String)?

  /// Writes bytes as they are.
  func write(_ bytes: [UInt8]) {
    buffer.append(contentsOf: bytes)
    if buffer.count > 1 << 15 { flush() }
  }

  /// Writes text and a line break.
  func line(_ text: String = "") {
    guard let margin else { return write(text + "\n") }
    for part in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let row = margin()
      write((part.isEmpty ? row.withoutTrailingSpaces : row + part) + "\n")
    }
  }

  /// Writes a value as JSON on one line.
  func json(_ value: JSONValue) { line(value.jsonText) }

  /// Writes text, painted by its meaning.
  func paint(_ text: String, _ label: Label) -> String { theme.paint(text, label) }

  func flush() {
    guard !buffer.isEmpty else { return }
    if usesPager, pager == nil { openPager() }
    if let pager {
      // A pager that was left early takes no more; that is no failure.
      fwrite(buffer, 1, buffer.count, pager)
    } else if !Self.write(buffer, to: STDOUT_FILENO) {
      // Neither is a reader that went away: `rubricctl log | head`.
      if errno == EPIPE { exit(141) }
      Terminal.writeError("error: cannot write: \(String(cString: strerror(errno)))\n")
      exit(2)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Writes what is left and waits for the pager.
  func close() {
    flush()
    if let pager { pclose(pager) }
    pager = nil
  }

  private func openPager() {
    let command =
      Environment["RUBRICCTL_PAGER"] ?? Environment["PAGER"]
      ?? "less -FRX"
    guard !command.isEmpty, command != "cat" else { return }
    setenv("LESSCHARSET", "utf-8", 0)
    pager = popen(command, "w")
  }

  /// Writes to standard error at once.
  static func writeError(_ text: String) {
    _ = write(Array(text.utf8), to: STDERR_FILENO)
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
        if count < 0, errno != EINTR { return false }
        done += max(0, count)
      }
      return true
    }
  }
}

extension String {
  /// The text without spaces at its end.
  var withoutTrailingSpaces: String {
    var text = Substring(self)
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  /// The text in lines of at most `width` characters, broken at spaces; a longer word stays whole.
  func wrapped(to width: Int) -> [String] {
    var lines: [String] = []
    for paragraph in split(separator: "\n") {
      var line = ""
      for word in paragraph.split(separator: " ") {
        if !line.isEmpty, line.count + 1 + word.count > width {
          lines.append(line)
          line = ""
        }
        line += (line.isEmpty ? "" : " ") + word
      }
      if !line.isEmpty { lines.append(line) }
    }
    return lines
  }
}
