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
  /// Words that announce a reason, a case or a finding.
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
    let asked = Sentence.parts(of: question).sentences.flatMap(\.words)
    let known = Set(asked)
    let parts = Sentence.parts(of: response)
    lines = parts.lines
    sentences = parts.sentences.count
    var content: Set<Word> = []
    var held: Set<Word> = []
    var seen: Set<UInt64> = []
    var (again, hollow) = (0, 0)
    for sentence in parts.sentences {
      if sentence.isHeading { headings += 1 }
      if !seen.insert(sentence.hash).inserted { again += 1 }
      commas = max(commas, sentence.commas)
      var isTelling = false
      for word in sentence.words {
        let isKnown = known.contains(word)
        if isKnown { held.insert(word) }
        if Self.isTelling(word), !isKnown {
          content.insert(word)
          isTelling = true
        }
        if Self.praise.contains(word) { praise += 1 }
        if Self.markers.contains(word) { markers += 1 }
      }
      if !isTelling, !sentence.isHeading { hollow += 1 }
    }
    informative = content.count
    if sentences > 0 { repeated = Double(again) / Double(sentences) }
    if sentences > headings { empty = Double(hollow) / Double(sentences - headings) }
    let telling = known.filter { Self.isTelling($0) }
    if !telling.isEmpty {
      coverage = Double(held.intersection(telling).count) / Double(telling.count)
    }
    let all = parts.sentences.flatMap(\.words)
    words = all.count
    copied = Self.share(of: all, from: asked)
  }

  private static let common = Set(Phrases.common.map { Word($0) })
  private static let praise = Set(Phrases.praise.map { Word($0) })
  private static let markers = Set(Phrases.markers.map { Word($0) })

  private static func isTelling(_ word: Word) -> Bool {
    word.length > 4 && !common.contains(word)
  }

  private static func share(of words: [Word], from asked: [Word]) -> Double {
    let run = 5
    guard words.count >= run, asked.count >= run else { return 0 }
    func hash(_ words: ArraySlice<Word>) -> UInt64 {
      words.reduce(0) { ($0 ^ $1.hash) &* 0x9e37_79b9_7f4a_7c15 }
    }
    let known = Set((0...asked.count - run).map { hash(asked[$0..<$0 + run]) })
    var copied = Array(repeating: false, count: words.count)
    for start in 0...words.count - run where known.contains(hash(words[start..<start + run])) {
      for index in start..<start + run { copied[index] = true }
    }
    return Double(copied.count { $0 }) / Double(words.count)
  }
}
