internal import RubricStore

/// Sets the texts of others apart from what a prompt itself says.
///
/// Each text stands between two lines, `<<response 3f9c2ab1d0e47c55>>` and
/// `<</response 3f9c2ab1d0e47c55>>`. The mark comes from a hash of all texts of the request, so the
/// same request has the same mark, and no text can hold it: one that did would have another.
///
/// Words that servers of models read as the end of a message, such as `<|im_end|>` or `[INST]`, get
/// a zero-width space (U+200B) behind their first character. Nothing else of a text is changed.
///
/// - SeeAlso: SPEC.md §17.2.
public struct DataFence: Hashable, Sendable {
  /// The version of how texts are fenced, which is part of every stamp.
  public static let version = 1

  /// What tells the fences of this request from any others: 16 hexadecimal digits.
  public let mark: String

  /// Creates the fence of a request.
  ///
  /// - Parameter texts: All texts that it will be put around, in a fixed order.
  /// - Complexity: O(*n*) in their length.
  public init(around texts: [String]) {
    var round = 0
    while true {
      var hash = SHA256()
      hash.update(Array("fence \(round)".utf8))
      for text in texts {
        hash.update(Array(" \(text.utf8.count) ".utf8))
        hash.update(Array(text.utf8))
      }
      let mark = String(hash.finished.prefix(16))
      // By then it takes luck and not skill.
      if !texts.contains(where: { $0.contains(bytesOf: mark) }) {
        self.mark = mark
        return
      }
      round += 1
    }
  }

  /// Returns a text between its lines.
  ///
  /// - Parameters:
  ///   - text: One of those that the fence was made around.
  ///   - label: What it is, a word: `response`.
  /// - Returns: The text with the lines around it, without a line break at its end.
  public func fenced(_ text: String, as label: String) -> String {
    "<<\(label) \(mark)>>\n\(ControlWords.broken(text))\n<</\(label) \(mark)>>"
  }
}

extension String {
  /// Whether the bytes of `other`, which is not empty, stand anywhere in the text.
  fileprivate func contains(bytesOf other: String) -> Bool {
    guard let first = other.utf8.first else { return true }
    let bytes = utf8
    var start = bytes.startIndex
    while let at = bytes[start...].firstIndex(of: first) {
      if bytes[at...].starts(with: other.utf8) { return true }
      start = bytes.index(after: at)
    }
    return false
  }
}

/// The words by which chat formats part messages.
enum ControlWords {
  /// Those of the formats of Llama, Mistral, Gemma and their kin that have no form in common.
  static let words = [
    "<s>", "</s>", "<bos>", "<eos>", "<pad>", "<unk>", "<start_of_turn>", "<end_of_turn>", "[INST]",
    "[/INST]", "<<SYS>>", "<</SYS>>", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[TOOL_CALLS]",
    "[AVAILABLE_TOOLS]", "[TOOL_RESULTS]",
  ].map { Array($0.utf8) }

  /// The longest name between `<|` and `|>`, in bytes.
  static let nameBytes = 64

  /// The text with each such word broken behind its first character.
  ///
  /// - Complexity: O(*n*).
  static func broken(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var start = 0
    for index in bytes.indices where bytes[index] == 0x3C || bytes[index] == 0x5B {
      let rest = bytes[index...]
      guard words.contains(where: { rest.starts(with: $0) }) || isBarred(rest) else { continue }
      result += bytes[start...index]
      result += [0xE2, 0x80, 0x8B]
      start = index + 1
    }
    guard start > 0 else { return text }
    result += bytes[start...]
    return String(decoding: result, as: UTF8.self)
  }

  /// Whether the bytes begin with `<|name|>`; the bars may be full-width ones.
  private static func isBarred(_ bytes: ArraySlice<UInt8>) -> Bool {
    let bars: [[UInt8]] = [[0x7C], [0xEF, 0xBD, 0x9C]]
    let inner = bytes.dropFirst()
    guard let bar = bars.first(where: { inner.starts(with: $0) }) else { return false }
    let name = inner.dropFirst(bar.count).prefix(nameBytes + bar.count + 1)
    var isEmpty = true
    for index in name.indices {
      if name[index...].starts(with: bar) {
        return !isEmpty && name[index...].dropFirst(bar.count).first == 0x3E
      }
      // Names have no spaces, where operators of languages mostly do.
      guard name[index] > 0x20, name[index] != 0x3C else { return false }
      isEmpty = false
    }
    return false
  }
}
