internal import RubricStore

/// How many samples have a run of words, for all runs that lints ask about.
///
/// Runs are looked up together: what was not asked for before costs one pass over the sample.
final class EvidencePhrases {
  /// Who has a run of words.
  struct Hit {
    /// In how many samples it stands: prompts, or rollouts where there are few prompts.
    var samples = 0
    /// Some of the rollouts, by their index in the sample.
    fileprivate var rollouts: [Int] = []
    fileprivate var last = -1
  }

  private let sample: [SampledRollout]
  /// The rollouts of each prompt; each alone where there are few prompts.
  private let groups: [[Int]]
  private var known: [UInt64: Hit] = [:]

  /// The fewest samples that tell what is general from what is one's own.
  static let fewestSamples = 10

  init(_ evidence: Evidence) {
    sample = evidence.sample
    var byPrompt: [Verbatim<String>: [Int]] = [:]
    for (index, rollout) in sample.enumerated() {
      byPrompt[Verbatim(wrappedValue: rollout.record.rollout.prompt), default: []].append(index)
    }
    groups =
      byPrompt.count >= Self.fewestSamples
      ? byPrompt.values.sorted { $0[0] < $1[0] } : sample.indices.map { [$0] }
  }

  /// Whether there are enough samples to tell.
  var canTell: Bool { groups.count >= Self.fewestSamples }

  /// In how many samples a run may stand to be theirs: one in fifty, from one to three.
  var few: Int { min(3, max(1, groups.count / 50)) }

  /// The names of rollouts that have a run.
  func names(of hit: Hit) -> [String] { hit.rollouts.map { sample[$0].record.rollout.name } }

  /// Whether a rollout that has a run writes it as a name: with its capitals, after a word or a comma.
  func isName(_ words: String, in hit: Hit) -> Bool {
    hit.rollouts.contains { index in
      let rollout = sample[index].record.rollout
      return [rollout.prompt, rollout.response].contains { text in
        text.ranges(of: " " + words).contains { range in
          guard let before = text[..<range.lowerBound].last else { return false }
          return before.isLowercase || before.isNumber || before == ","
        }
      }
    }
  }

  /// Looks up all runs of words in a rubric and in what edits put there.
  func prepare(_ rubric: Rubric, _ edits: [Edit]) {
    guard canTell else { return }
    var runs: Set<UInt64> = []
    func collect(_ value: JSONValue) {
      switch value {
      case .string(let text):
        for run in SampleRun.all(in: LintText(text, "")) { runs.insert(run.hash) }
      case .array(let items): items.forEach(collect)
      case .object(let object): object.members.forEach { collect($0.value) }
      default: break
      }
    }
    collect(rubric.json)
    for edit in edits { edit.json["after"].map(collect) }
    lookUp(runs)
  }

  /// Who has each of some runs; those that nobody has are left out.
  func hits(_ runs: [SampleRun]) -> [UInt64: Hit] {
    lookUp(Set(runs.map(\.hash)))
    return runs.reduce(into: [:]) { found, run in
      if let hit = known[run.hash], hit.samples > 0 { found[run.hash] = hit }
    }
  }

  private func lookUp(_ runs: Set<UInt64>) {
    let new = runs.filter { known[$0] == nil }
    guard !new.isEmpty, canTell else { return }
    for run in new { known[run] = Hit() }
    // Most runs of a sample are nobody's; a bit for some of the hash tells without a look.
    let mask: UInt64 = (1 << 20) - 1
    var filter = [UInt64](repeating: 0, count: 1 << 14)
    for run in new { filter[Int((run & mask) >> 6)] |= 1 << (run & 63) }
    for (number, group) in groups.enumerated() {
      for index in group {
        let rollout = sample[index].record.rollout
        for text in [rollout.prompt, rollout.response] {
          let words = PlainWords(text).hashes
          for start in words.indices {
            var run = SampleRun.seed
            for end in start..<min(start + SampleRun.longest, words.count) {
              run = SampleRun.extend(run, by: words[end])
              guard filter[Int((run & mask) >> 6)] & (1 << (run & 63)) != 0, new.contains(run)
              else {
                continue
              }
              var hit = known[run] ?? Hit()
              if hit.last != number { (hit.last, hit.samples) = (number, hit.samples + 1) }
              if hit.rollouts.count < 3, hit.rollouts.last != index { hit.rollouts.append(index) }
              known[run] = hit
            }
          }
        }
      }
    }
  }
}

/// A run of words that may be one sample's own.
struct SampleRun {
  /// The hash of its words.
  var hash: UInt64
  /// How it stands in the text.
  var words: String
  /// Where its words are, by their number in the text; empty for a name.
  var range: Range<Int>

  /// The words of a run that is no name.
  static let length = 6
  static let longest = 6
  static let seed: UInt64 = 0x9e37_79b9_7f4a_7c15

  static func extend(_ run: UInt64, by word: UInt64) -> UInt64 {
    let mixed = (run ^ word) &* 0xbf58_476d_1ce4_e5b9
    return mixed ^ (mixed >> 29)
  }

  /// The runs of a text that are worth looking up: six words with three that say something, and names.
  static func all(in text: LintText) -> [SampleRun] {
    var runs: [SampleRun] = []
    let plain = PlainWords(text.raw)
    if plain.hashes.count >= length {
      let says = plain.words.map(LintWords.isContent)
      for start in 0...plain.hashes.count - length {
        let range = start..<start + length
        guard says[range].count(where: \.self) >= 3 else { continue }
        let hash = plain.hashes[range].reduce(seed, extend)
        runs.append(SampleRun(hash: hash, words: plain.text(range), range: range))
      }
    }
    for name in ProperNames.all(in: text) {
      let words = PlainWords(name).hashes
      guard !words.isEmpty, words.count <= longest else { continue }
      runs.append(SampleRun(hash: words.reduce(seed, extend), words: name, range: 0..<0))
    }
    return runs
  }
}

/// The words of a text by their hashes: runs of ASCII letters in lower case, digits, and all that is
/// not ASCII but quotes, dashes and their like (U+0080 to U+00BF, U+2000 to U+207F).
struct PlainWords {
  private(set) var hashes: [UInt64] = []
  private var ranges: [Range<Int>] = []
  private let bytes: [UInt8]

  init(_ text: String) {
    bytes = Array(text.utf8)
    var hash = FNV1a()
    var start: Int?
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let low = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
      let next = index + 1 < bytes.count ? bytes[index + 1] : 0
      let isMark = byte == 0xC2 || byte == 0xE2 && (next == 0x80 || next == 0x81)
      let isLetter = low >= 0x61 && low <= 0x7A || low >= 0x30 && low <= 0x39 || byte >= 0x80
      if isLetter, !isMark {
        if start == nil { (start, hash) = (index, FNV1a()) }
        hash.update(low)
        index += 1
      } else {
        end(start, index, hash.value)
        start = nil
        index += isMark ? (byte == 0xC2 ? 2 : 3) : 1
      }
    }
    end(start, bytes.count, hash.value)
  }

  private mutating func end(_ start: Int?, _ end: Int, _ hash: UInt64) {
    guard let start else { return }
    hashes.append(hash)
    ranges.append(start..<end)
  }

  /// The words, in lower case.
  var words: [String] { ranges.map { String(decoding: bytes[$0], as: UTF8.self).lowercased() } }

  /// The text from the first to the last of some words.
  func text(_ range: Range<Int>) -> String {
    guard let first = ranges[range].first, let last = ranges[range].last else { return "" }
    return String(decoding: bytes[first.lowerBound..<last.upperBound], as: UTF8.self)
  }
}
