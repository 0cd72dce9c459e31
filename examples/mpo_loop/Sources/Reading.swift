/// What can be seen of a response without knowing the answer.
struct Reading {
  /// All words.
  private(set) var words = 0
  /// Lines that begin as a heading.
  private(set) var headings = 0
  /// Lines that are not empty.
  private(set) var lines = 0
  /// Sentences and headings.
  private(set) var sentences = 0
  /// The share of them that stood in the response before.
  private(set) var repeated = 0.0
  /// The share of them, but for headings, without a word of content.
  private(set) var empty = 0.0
  /// Words that announce a reason, a case or a finding, and numbers.
  private(set) var markers = 0
  /// Words with which the text praises itself.
  private(set) var praise = 0
  /// The share of the question's words that the response holds.
  private(set) var coverage = 0.0
  /// The share of words that stand in a run of five or more that is the question's.
  private(set) var copied = 0.0
  /// Different words of content that are not the question's.
  private(set) var informative = 0
  /// The most commas in one sentence.
  private(set) var commas = 0

  init(question: String, response: String) {
    let asked = Self.words(of: question)
    let known = Set(asked)
    var content: Set<String> = []
    var held: Set<String> = []
    var seen: Set<[String]> = []
    var (again, hollow, all) = (0, 0, [String]())
    for line in response.split(separator: "\n") {
      lines += 1
      let isHeading = line.utf8.first == UInt8(ascii: "#")
      if isHeading { headings += 1 }
      for sentence in line.split(whereSeparator: { ".!?".contains($0) }) {
        let words = Self.words(of: sentence)
        guard !words.isEmpty else { continue }
        sentences += 1
        if !seen.insert(words).inserted { again += 1 }
        commas = max(commas, sentence.utf8.count { $0 == UInt8(ascii: ",") })
        let telling = words.filter { Self.isTelling($0) }
        if !isHeading, telling.allSatisfy({ known.contains($0) }) { hollow += 1 }
        content.formUnion(telling)
        for word in words {
          if known.contains(word) { held.insert(word) }
          if Phrases.praise.contains(word) { praise += 1 }
          if Phrases.markers.contains(word) || word.utf8.first.map({ $0 < 0x3A }) == true {
            markers += 1
          }
        }
        all += words
      }
    }
    words = all.count
    informative = content.subtracting(known).count
    if sentences > 0 { repeated = Double(again) / Double(sentences) }
    if sentences > headings { empty = Double(hollow) / Double(sentences - headings) }
    let telling = known.filter { Self.isTelling($0) }
    if !telling.isEmpty {
      coverage = Double(held.intersection(telling).count) / Double(telling.count)
    }
    copied = Self.share(of: all, from: asked)
  }

  /// Letters and digits, the letters of ASCII in lower case.
  private static func words(of text: some StringProtocol) -> [String] {
    var words: [String] = []
    var word: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): word.append(byte | 0x20)
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        word.append(byte)
      default:
        if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
        word.removeAll(keepingCapacity: true)
      }
    }
    if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
    return words
  }

  private static func isTelling(_ word: String) -> Bool {
    word.utf8.count > 4 && !Phrases.common.contains(word)
  }

  private static func share(of words: [String], from asked: [String]) -> Double {
    let run = 5
    guard words.count >= run, asked.count >= run else { return 0 }
    let known = Set((0...asked.count - run).map { asked[$0..<$0 + run] })
    var copied = Array(repeating: false, count: words.count)
    for start in 0...words.count - run where known.contains(words[start..<start + run]) {
      for index in start..<start + run { copied[index] = true }
    }
    return Double(copied.count { $0 }) / Double(words.count)
  }
}
