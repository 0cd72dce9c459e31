import Foundation
import Testing

extension CommandLineSession {
  /// Compares the record with the one that is kept in `Snapshots/NAME.txt`.
  ///
  /// `RECORD_SNAPSHOTS=1` keeps the record that was made; read the difference before you commit it.
  func snapshot(
    _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Snapshots/\(name).txt")
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try Data(transcript.utf8).write(to: url)
      return
    }
    guard let kept = FileManager.default.contents(atPath: url.path) else {
      Issue.record(
        "there is no \(name).txt; RECORD_SNAPSHOTS=1 makes it", sourceLocation: sourceLocation)
      return
    }
    let expected = String(decoding: kept, as: UTF8.self)
    guard expected != transcript else { return }
    Issue.record(
      "\(name).txt differs\n\(Self.difference(expected, transcript))",
      sourceLocation: sourceLocation)
  }

  /// The command around the first line that differs, and both versions of what follows.
  private static func difference(_ expected: String, _ found: String) -> String {
    let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let new = found.split(separator: "\n", omittingEmptySubsequences: false)
    let first = zip(old, new).prefix { $0 == $1 }.count
    let command = new[..<min(first + 1, new.count)].last { $0.hasPrefix("$ ") } ?? ""
    let lines =
      old[min(first, old.count)...].prefix(6).map { "- \($0)" }
      + new[min(first, new.count)...].prefix(6).map { "+ \($0)" }
    return "line \(first + 1), in \(command)\n" + lines.joined(separator: "\n")
  }
}
