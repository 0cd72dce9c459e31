import CRubricStore
import Foundation
import Testing

/// Texts that nobody means well with.
enum HostileTexts {
  /// Texts as C has them, each with a NUL at its end.
  static let all: [[CChar]] = {
    var texts = [
      "", " ", "\n", "{", "}", "[", "\"", "null", "true", "1", "{}", "[]", "[{}]", "{\"\": 1}",
      "@", "@{", "@{-1}", "@{999999999999999999999}", "@@", "essay@", "@main", "essay@@main", "..",
      "essay@{", "HEAD^{/x}", ":/x", "HEAD~999999999999", "HEAD^999999999999999999999",
      "refs/heads/",
      "-x", "a b", "a\tb", "../../etc/passwd", "\u{1}", "\u{7F}", "é", "e\u{301}", "\u{2028}", "💥",
      "{\"limit\": 9e99}", "{\"limit\": -1}", "{\"limit\": 1e999}", "{\"limit\": 0.5}",
      "{\"limit\": 99999999999999999999999}", "{\"a\": 1, \"a\": 2}", "{\"revision\": \"\\ud800\"}",
      "{\"revision\": \"\\u0000\"}", "{\"nope\": 1}", "{\"edits\": []}", "{\"edits\": null}",
      "{\"revision\": null, \"metrics\": {}}", "{\"from\": [[[]]]}",
    ]
    texts.append(String(repeating: "[", count: 100_000))
    texts.append(String(repeating: "{\"edits\":", count: 100_000))
    texts.append(
      "{\"edits\": " + String(repeating: "[", count: 150) + String(repeating: "]", count: 150) + "}"
    )
    texts.append("{\"provenance\": " + String(repeating: "[", count: 100_000))
    texts.append(String(repeating: "a", count: 70_000))
    texts.append(String(repeating: "a/", count: 20_000))
    var all = texts.map { Array($0.utf8CString) }
    // Not UTF-8: a lone byte, one cut short, a surrogate, one that is too long.
    for bytes: [UInt8] in [[0xFF], [0x61, 0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80]] {
      all.append(bytes.map { CChar(bitPattern: $0) } + [0])
    }
    return all
  }()

  /// Calls with each text; what fails must say why, and nothing may end the process.
  static func tryAll(
    sourceLocation: SourceLocation = #_sourceLocation,
    _ call: (UnsafePointer<CChar>, AnswerPlace) -> rs_status
  ) {
    for hostile in all {
      hostile.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return }
        do {
          _ = try text(sourceLocation: sourceLocation) { call(start, $0) }
        } catch let failure as CallFailure {
          if failure.status == RS_ERR_INTERNAL || failure.status == RS_ERR_GIT {
            let shown = String(
              decoding: hostile.map { UInt8(bitPattern: $0) }.prefix(60), as: UTF8.self)
            Issue.record("\(shown): \(failure)", sourceLocation: sourceLocation)
          }
        } catch {
          Issue.record(error, sourceLocation: sourceLocation)
        }
      }
    }
  }

  /// Bytes that are no UTF-8, with a NUL at their end.
  static let notUTF8: [CChar] = [0x61, CChar(bitPattern: 0xFF), 0x62, 0]
}
