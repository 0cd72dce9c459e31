/// What a response looks like from outside: what a policy can raise without being any better.
///
/// Each is worked out over the bytes of the text and knows no language.
public struct SurfaceFeatures: Hashable, Sendable {
  /// The name of a feature, as it stands in rationales.
  public enum Name: String, CaseIterable, Hashable, Sendable {
    /// Unicode scalars of the response.
    case length
    /// Lines that are not empty.
    case lines
    /// Lines that begin as an item of a list or as a heading.
    case markup
    /// The share of words that stood in the response before, 0 to 1.
    case repetition
    /// The share of words that are the prompt's, in runs of at least four, 0 to 1.
    case copied
  }

  private var values: [Double]

  /// The value of a feature.
  public subscript(name: Name) -> Double {
    get { values[Name.allCases.firstIndex(of: name) ?? 0] }
    set { values[Name.allCases.firstIndex(of: name) ?? 0] = newValue }
  }
}

extension SurfaceFeatures {
  /// Works out the features of a rollout's response.
  ///
  /// - Complexity: O(*n*) in the length of prompt and response.
  public init(of rollout: Rollout) {
    values = Array(repeating: 0, count: Name.allCases.count)
    self[.length] = Double(rollout.response.unicodeScalars.count)
    let lines = rollout.response.utf8.split(separator: UInt8(ascii: "\n"))
      .map { $0.drop { $0 == 0x20 || $0 == 0x09 } }.filter { !$0.isEmpty }
    self[.lines] = Double(lines.count)
    self[.markup] = Double(lines.count(where: Self.isMarkup))
    let words = Self.words(of: rollout.response)
    guard !words.isEmpty else { return }
    self[.repetition] = 1 - Double(Set(words).count) / Double(words.count)
    self[.copied] = Self.shareCopied(words, from: Self.words(of: rollout.prompt))
  }

  private static func isMarkup(_ line: Substring.UTF8View.SubSequence) -> Bool {
    switch line.first {
    case UInt8(ascii: "#"), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "+"): true
    default:
      if case let digits = line.prefix(while: { $0 >= 0x30 && $0 <= 0x39 }), !digits.isEmpty {
        line.dropFirst(digits.count).first == UInt8(ascii: ".")
      } else {
        false
      }
    }
  }

  /// The words, by their hashes, letters of ASCII in lower case.
  private static func words(of text: String) -> [UInt64] {
    var words: [UInt64] = []
    var hash = FNV1a()
    var isInside = false
    for byte in text.utf8 {
      let isLetter: Bool
      var byte = byte
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"):
        byte |= 0x20
        isLetter = true
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
        isLetter = true
      default: isLetter = false
      }
      if isLetter {
        hash.update(byte)
        isInside = true
      } else if isInside {
        words.append(hash.value)
        (hash, isInside) = (FNV1a(), false)
      }
    }
    if isInside { words.append(hash.value) }
    return words
  }

  private static func shareCopied(_ words: [UInt64], from prompt: [UInt64]) -> Double {
    let run = 4
    guard words.count >= run, prompt.count >= run else { return 0 }
    func runs(_ words: [UInt64]) -> [UInt64] {
      (0...words.count - run).map { at in
        words[at..<at + run].reduce(0) { ($0 ^ $1) &* 0x9e37_79b9_7f4a_7c15 }
      }
    }
    let known = Set(runs(prompt))
    var copied = Array(repeating: false, count: words.count)
    for (at, hash) in runs(words).enumerated() where known.contains(hash) {
      for index in at..<at + run { copied[index] = true }
    }
    return Double(copied.count { $0 }) / Double(words.count)
  }
}
